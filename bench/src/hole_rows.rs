//! What is measured on VGs full of holes: LVs that are made there, by LVM2 and by Extant.

use crate::bed::Bed;
use crate::holes::Holes;
use crate::measure::{Cost, command, median, run};
use crate::rows::{millis, ratio};
use crate::texts::VG;
use extant_verify::world::program::Program;
use std::fmt::Write as _;
use std::path::Path;

/// How large the new LV is, and the words that say so.
pub const SIZES: [(&str, &str); 2] = [("lvcreate -l1", "-l1"), (ALL_FREE, "-l100%FREE")];
/// What making an LV of all that is free is called.
pub const ALL_FREE: &str = "lvcreate -l 100%FREE";
/// The most holes for which LVM2 is asked too, and which one LV takes.
pub const BOTH_MAX: u64 = 100_000;
/// How often LVM2 makes an LV of many thousand segments at most: that takes it a quarter of a
/// minute.
const SLOW_RUNS: usize = 3;

/// One line of the table.
#[derive(Clone, Debug)]
pub struct HoleRow {
    /// The VG.
    pub holes: Holes,
    /// The command.
    pub name: &'static str,
    /// LVM2's cost; none above [`BOTH_MAX`].
    pub lvm2: Option<Cost>,
    /// Extant's.
    pub extant: Cost,
}

/// Makes the VG and measures all commands on it, each `runs` times in turn.
///
/// # Errors
/// If there are no loop devices (this needs root) or a command fails.
pub fn measure(holes: Holes, subject: &Program, runs: usize) -> anyhow::Result<Vec<HoleRow>> {
    let with_lvm2 = holes.runs <= BOTH_MAX;
    let bed = Bed::new(holes, subject)?;
    let mut rows = Vec::new();
    for (name, size) in SIZES {
        let is_all = name == ALL_FREE;
        if is_all && !with_lvm2 {
            continue;
        }
        let args = ["lvcreate", "-an", "-Zn", "-Wn", "-y", size, "-nfresh", VG];
        let mut costs = [Vec::new(), Vec::new()];
        for round in 0..runs.max(1) {
            // As other benchmarks have it, LVM2 is as it is by default.
            if with_lvm2 && (!is_all || round < SLOW_RUNS) {
                let cost = once(&bed, &Program::lvm2(), &bed.world.slow_dir(), &args, subject)?;
                costs[0].push(cost);
            }
            costs[1].push(once(&bed, subject, &bed.world.system_dir(), &args, subject)?);
        }
        let lvm2 = with_lvm2.then(|| median(&costs[0]));
        rows.push(HoleRow { holes, name, lvm2, extant: median(&costs[1]) });
    }
    Ok(rows)
}

/// Measures one run; afterwards the LV is gone.
fn once(
    bed: &Bed<Holes>,
    program: &Program,
    system_dir: &Path,
    args: &[&str],
    remover: &Program,
) -> anyhow::Result<Cost> {
    let cost = run(command(&program.words, system_dir, args))?;
    bed.must(remover, &["lvremove", "-y", &format!("{VG}/fresh")])?;
    bed.world.forget_files()?;
    Ok(cost)
}

/// Returns the table in Markdown.
pub fn table(rows: &[HoleRow]) -> String {
    let mut out = String::from(
        "| free runs × PVs | command | LVM2 CPU ms | Extant CPU ms | times less | LVM2 wall ms \
         | Extant wall ms |\n|---|---|--:|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let Holes { runs, pvs, .. } = row.holes;
        let number = |value: Option<f64>, digits: usize| {
            value.map_or("–".to_owned(), |value| format!("{value:.digits$}"))
        };
        let _ = writeln!(
            out,
            "| {runs} × {pvs} | `{}` | {} | {:.1} | {} | {} | {:.1} |",
            row.name,
            number(row.lvm2.map(|cost| millis(cost.cpu)), 1),
            millis(row.extant.cpu),
            number(row.lvm2.map(|cost| ratio(cost.cpu, row.extant.cpu)), 0),
            number(row.lvm2.map(|cost| millis(cost.wall)), 1),
            millis(row.extant.wall),
        );
    }
    out
}
