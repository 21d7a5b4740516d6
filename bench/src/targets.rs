//! The numbers that must hold, each with what was measured.

use crate::measure::Cost;
use crate::rows::{Extras, Row, ratio};
use std::fmt::Write as _;

/// One number that must hold.
#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    /// What it says.
    pub what: String,
    /// What must be reached.
    pub bound: f64,
    /// What was measured; none if it could not be.
    pub measured: Option<f64>,
    /// Whether less is better.
    pub at_most: bool,
}

impl Target {
    fn least(what: String, bound: f64, measured: Option<f64>) -> Self {
        Self { what, bound, measured, at_most: false }
    }

    fn most(what: String, bound: f64, measured: Option<f64>) -> Self {
        Self { what, bound, measured, at_most: true }
    }

    /// Returns whether it holds; none if it was not measured.
    pub fn holds(&self) -> Option<bool> {
        self.measured.map(|measured| {
            if self.at_most { measured <= self.bound } else { measured >= self.bound }
        })
    }
}

/// LVs at which most targets are set, and twice as many.
const MANY: u64 = 10_000;

fn find<'a>(rows: &'a [Row], lvs: u64, pvs: u64, name: &str) -> Option<&'a Row> {
    rows.iter().find(|row| row.shape.lvs == lvs && row.shape.pvs == pvs && row.name == name)
}

/// Returns all targets with what was measured; `parse_rate` is in GB/s.
pub fn targets(rows: &[Row], extras: &[Extras], parse_rate: Option<f64>) -> Vec<Target> {
    let mut all = cpu_targets(rows);
    all.extend(growth_targets(rows));
    all.extend(small_targets(rows));
    all.extend(byte_targets(rows, extras));
    all.push(Target::least("parsing with full validation, GB/s".to_owned(), 0.3, parse_rate));
    all
}

fn cpu_targets(rows: &[Row]) -> Vec<Target> {
    let bounds = [
        ("lvs", 20.0),
        ("lvs -o+devices", 20.0),
        ("lvs json", 20.0),
        ("vgs", 60.0),
        ("pvs", 15.0),
        ("lvcreate", 20.0),
        ("lvextend", 20.0),
        ("lvremove", 20.0),
        ("vgchange --addtag", 20.0),
        ("lvs VG/LV", 12.0),
    ];
    let target = |(name, bound)| {
        let row = find(rows, MANY, 4, name);
        let measured = row.map(|row| ratio(row.lvm2.cpu, row.extant.cpu));
        let what = format!("`{name}` at {MANY} LVs: times less CPU than LVM2");
        Target::least(what, bound, measured)
    };
    bounds.into_iter().map(target).collect()
}

fn growth_targets(rows: &[Row]) -> Vec<Target> {
    let names = ["lvs", "lvs -o+devices", "lvs json", "vgs", "pvs", "vgcfgrestore"];
    let target = |name| {
        let pair = find(rows, MANY, 4, name).zip(find(rows, 2 * MANY, 4, name));
        let measured = pair.map(|(once, twice)| ratio(twice.extant.cpu, once.extant.cpu));
        let what = format!("`{name}`: CPU at {} LVs by that at {MANY}", 2 * MANY);
        Target::most(what, 2.2, measured)
    };
    names.into_iter().map(target).collect()
}

fn small_targets(rows: &[Row]) -> Vec<Target> {
    type Side = fn(&Row) -> Cost;
    let sides: [(&str, f64, Side); 2] =
        [("LVM2", 12.0, |row| row.lvm2), ("LVM2 with use_aio=0", 3.0, |row| row.lvm2_sync)];
    let mut all = Vec::new();
    for name in ["lvs", "vgs", "pvs"] {
        for (whom, bound, side) in sides {
            let row = find(rows, 10, 4, name);
            let measured = row.map(|row| ratio(side(row).wall, row.extant.wall));
            let what = format!("`{name}` at 10 LVs: times less time on the clock than {whom}");
            all.push(Target::least(what, bound, measured));
        }
    }
    all
}

fn byte_targets(rows: &[Row], extras: &[Extras]) -> Vec<Target> {
    let mut all = Vec::new();
    for name in ["lvs", "vgs", "pvs"] {
        let row = find(rows, 1000, 100, name);
        let measured = row.map(|row| as_f64(row.extant.read) / 1e6);
        let what = format!("`{name}` on 100 PVs × 1000 LVs: MB read");
        all.push(Target::most(what, 1.2, measured));
    }
    for extra in extras {
        let shape = format!("{} LVs on {} PVs", extra.shape.lvs, extra.shape.pvs);
        let pvs = as_f64(extra.shape.pvs);
        // What goes to standard output is a line; 512-byte blocks are the loop devices'.
        let blocks = 4.0 * 512.0;
        let allowed = 1.05 * as_f64(extra.text) + blocks;
        all.push(Target::most(
            format!("a commit, {shape}: bytes per PV by 1.05 × text and 4 blocks"),
            1.0,
            Some(as_f64(extra.commit.1) / pvs / allowed),
        ));
        // A program of some size has its pages in memory whatever the VG.
        if extra.shape.lvs >= MANY {
            all.push(Target::least(
                format!("`lvs`, {shape}: times less peak memory than LVM2"),
                3.0,
                Some(as_f64(extra.peak.0) / as_f64(extra.peak.1.max(1))),
            ));
        }
        if extra.shape.pvs == 4 {
            all.push(Target::most(
                format!("`lvs`, {shape}: system calls"),
                400.0,
                extra.calls.map(|(_, calls)| as_f64(calls)),
            ));
        }
    }
    all
}

#[allow(clippy::cast_precision_loss)] // shown with three digits
fn as_f64(value: u64) -> f64 {
    value as f64
}

/// Returns the table in Markdown.
pub fn table(targets: &[Target]) -> String {
    let mut out = String::from("| target | bound | measured | holds |\n|---|--:|--:|---|\n");
    for target in targets {
        let sign = if target.at_most { "≤" } else { "≥" };
        let measured = target.measured.map_or("–".to_owned(), |value| format!("{value:.2}"));
        let holds = match target.holds() {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "not measured",
        };
        let _ =
            writeln!(out, "| {} | {sign} {} | {measured} | {holds} |", target.what, target.bound);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Target, targets};

    #[test]
    fn a_bound_holds_on_its_side_only() {
        let at_most = Target::most(String::new(), 2.0, Some(2.1));
        let least = Target::least(String::new(), 2.0, Some(2.1));
        assert_eq!((at_most.holds(), least.holds()), (Some(false), Some(true)));
        assert!(targets(&[], &[], None).iter().all(|t| t.holds().is_none()));
    }
}
