//! What is measured: every command by LVM2 as it is by default, by LVM2 without libaio, by Extant.

use crate::bed::Bed;
use crate::measure::{Cost, command, median, peak_memory, run, system_calls};
use crate::texts::{Shape, VG};
use anyhow::Context;
use extant_verify::world::program::Program;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

/// Reports: what they are called, and their words.
pub const REPORTS: [(&str, &[&str]); 7] = [
    ("lvs", &["lvs"]),
    ("lvs -o+devices", &["lvs", "-o+devices"]),
    ("lvs json", &["lvs", "--reportformat", "json"]),
    ("vgs", &["vgs"]),
    ("pvs", &["pvs"]),
    ("lvs VG/LV", &["lvs", "big/lv7"]),
    ("vgs VG", &["vgs", VG]),
];

/// Changes, in the order in which they are made; afterwards all is as it was, but for a tag.
const CHANGES: [(&str, &[&str]); 4] = [
    ("lvcreate", &["lvcreate", "-an", "-Zn", "-Wn", "-y", "-l1", "-nfresh", VG]),
    ("lvextend", &["lvextend", "-l+1", "big/fresh"]),
    ("lvremove", &["lvremove", "-y", "big/fresh"]),
    ("vgchange --addtag", &["vgchange", "--addtag", "t", VG]),
];

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// The VG.
    pub shape: Shape,
    /// The command.
    pub name: &'static str,
    /// LVM2 by default.
    pub lvm2: Cost,
    /// LVM2 with `use_aio=0`.
    pub lvm2_sync: Cost,
    /// Extant.
    pub extant: Cost,
}

/// What is measured once per VG.
#[derive(Clone, Debug)]
pub struct Extras {
    /// The VG.
    pub shape: Shape,
    /// Peak memory of `lvs` in KiB: LVM2, Extant.
    pub peak: (u64, u64),
    /// System calls of `lvs`: LVM2, Extant; none without strace.
    pub calls: Option<(u64, u64)>,
    /// Bytes written by a commit without backup and archive: LVM2, Extant.
    pub commit: (u64, u64),
    /// Length of the text.
    pub text: u64,
}

/// The three that are measured.
#[derive(Clone, Debug)]
struct Player {
    program: Program,
    system_dir: PathBuf,
}

impl Player {
    fn command(&self, args: &[&str]) -> Command {
        command(&self.program.words, &self.system_dir, args)
    }
}

fn players(bed: &Bed<Shape>, subject: &Program) -> [Player; 3] {
    let player = |program: &Program, system_dir| Player { program: program.clone(), system_dir };
    [
        player(&Program::lvm2(), bed.world.slow_dir()),
        player(&Program::lvm2(), bed.world.system_dir()),
        player(subject, bed.world.system_dir()),
    ]
}

/// Measures all commands on a VG, each `runs` times in turn.
///
/// # Errors
/// If a command fails.
pub fn measure(bed: &Bed<Shape>, subject: &Program, runs: usize) -> anyhow::Result<Vec<Row>> {
    let players = players(bed, subject);
    let mut rows = Vec::new();
    for (name, args) in REPORTS {
        let mut costs = [const { Vec::new() }; 3];
        for _ in 0..runs {
            for (player, costs) in players.iter().zip(&mut costs) {
                costs.push(run(player.command(args))?);
            }
        }
        rows.push(row(bed.shape, name, &costs));
    }
    rows.extend(measure_changes(bed, &players, runs)?);
    Ok(rows)
}

fn measure_changes(
    bed: &Bed<Shape>,
    players: &[Player; 3],
    runs: usize,
) -> anyhow::Result<Vec<Row>> {
    let saved = bed.world.dir().join("saved").display().to_string();
    bed.lvm2(&["vgcfgbackup", "-f", &saved, VG])?;
    let restore = ["vgcfgrestore", "-y", "-f", &saved, VG];
    let mut costs: Vec<[Vec<Cost>; 3]> = vec![Default::default(); CHANGES.len() + 1];
    for _ in 0..runs {
        for (index, player) in players.iter().enumerate() {
            for ((_, args), costs) in CHANGES.iter().zip(&mut costs) {
                costs[index].push(run(player.command(args))?);
            }
            let last = costs.last_mut().expect("there is one for vgcfgrestore");
            last[index].push(run(player.command(&restore))?);
        }
        bed.world.forget_files()?;
    }
    let names = CHANGES.iter().map(|(name, _)| *name);
    let named = names.chain(["vgcfgrestore"]).zip(&costs);
    Ok(named.map(|(name, costs)| row(bed.shape, name, costs)).collect())
}

fn row(shape: Shape, name: &'static str, costs: &[Vec<Cost>; 3]) -> Row {
    Row {
        shape,
        name,
        lvm2: median(&costs[0]),
        lvm2_sync: median(&costs[1]),
        extant: median(&costs[2]),
    }
}

/// Measures what is measured once.
///
/// # Errors
/// If a command fails.
pub fn measure_extras(bed: &Bed<Shape>, subject: &Program) -> anyhow::Result<Extras> {
    let [_, lvm2, extant] = players(bed, subject);
    let lvs = ["lvs"];
    let calls = system_calls(&lvm2.command(&lvs))?.zip(system_calls(&extant.command(&lvs))?);
    let commit = |player: &Player| -> anyhow::Result<u64> {
        let quiet = ["--config", "backup{backup=0 archive=0}"];
        let add = [&["vgchange", "--addtag", "w"], &quiet[..], &[VG]].concat();
        let cost = run(player.command(&add))?;
        run(player.command(&["vgchange", "--deltag", "w", VG]))?;
        Ok(cost.written)
    };
    let saved = bed.world.dir().join("text");
    let dump = saved.display().to_string();
    let device = bed.world.disks[0].device();
    bed.lvm2(&["pvck", "--dump", "metadata", "-f", &dump, device])?;
    Ok(Extras {
        shape: bed.shape,
        peak: (peak(&lvm2.command(&lvs))?, peak(&extant.command(&lvs))?),
        calls,
        commit: (commit(&lvm2)?, commit(&extant)?),
        text: std::fs::metadata(&saved).context("pvck wrote the text")?.len(),
    })
}

/// Measures peak memory in a process of its own: this program, called with `peak`.
fn peak(inner: &Command) -> anyhow::Result<u64> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("peak").arg(inner.get_program());
    command.args(inner.get_args());
    for (key, value) in inner.get_envs() {
        command.env(key, value.unwrap_or_default());
    }
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .with_context(|| format!("peak of {inner:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Carries out `peak PROGRAM ARGS…`: prints the peak of memory.
///
/// # Errors
/// If the command fails.
pub fn play_peak(words: &[String]) -> anyhow::Result<()> {
    let mut command = Command::new(words.first().context("peak of what?")?);
    command.args(&words[1..]).stdout(std::process::Stdio::null());
    println!("{}", peak_memory(command)?);
    Ok(())
}

/// Returns the table in Markdown.
pub fn table(rows: &[Row]) -> String {
    let mut out = String::from(
        "| LVs × PVs | command | LVM2 CPU ms | Extant CPU ms | times less | LVM2 wall ms \
         | LVM2 wall ms, no aio | Extant wall ms | LVM2 read KiB | Extant read KiB |\n\
         |---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let _ = writeln!(
            out,
            "| {} × {} | `{}` | {:.1} | {:.1} | {:.0} | {:.1} | {:.1} | {:.1} | {} | {} |",
            row.shape.lvs,
            row.shape.pvs,
            row.name,
            millis(row.lvm2.cpu),
            millis(row.extant.cpu),
            ratio(row.lvm2.cpu, row.extant.cpu),
            millis(row.lvm2.wall),
            millis(row.lvm2_sync.wall),
            millis(row.extant.wall),
            row.lvm2_sync.read >> 10,
            row.extant.read >> 10,
        );
    }
    out
}

pub(crate) fn millis(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Returns how many times `more` is `less`.
pub fn ratio(more: std::time::Duration, less: std::time::Duration) -> f64 {
    more.as_secs_f64() / less.as_secs_f64().max(1e-6)
}
