//! The numbers that must hold, each with what was measured.

use crate::hole_rows::{HoleRow, SIZES};
use crate::measure::Cost;
use crate::rows::{Extras, Row, ratio};
use std::fmt::Write as _;
use std::time::Duration;

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

/// Returns the targets on VGs full of holes.
pub fn hole_targets(rows: &[HoleRow]) -> Vec<Target> {
    const FEW: u64 = 10_000;
    const MANY: u64 = 50_000;
    const MOST: u64 = 500_000;
    let find = |runs: u64, name: &str| {
        rows.iter().find(|row| row.holes.runs == runs && row.holes.pvs == 4 && row.name == name)
    };
    let mut all = Vec::new();
    for ((name, _), bound) in SIZES.into_iter().zip([20.0, 100.0]) {
        let row = find(MANY, name);
        let measured = row.and_then(|row| Some(ratio(row.lvm2?.cpu, row.extant.cpu)));
        let what = format!("`{name}` at {MANY} free runs: times less CPU than LVM2");
        all.push(Target::least(what, bound, measured));
        let pair = find(FEW, name).zip(row);
        let measured = pair.map(|(few, many)| ratio(many.extant.cpu, few.extant.cpu));
        let what = format!("`{name}`: CPU at {MANY} free runs by that at {FEW}");
        all.push(Target::most(what, 6.0, measured));
    }
    let (name, _) = SIZES[0];
    let measured = find(MOST, name).map(|row| row.extant.cpu.as_secs_f64());
    let what = format!("`{name}` at {MOST} free runs: s of CPU");
    all.push(Target::most(what, 2.0, measured));
    all
}

/// Returns the targets of the allocator alone, with a million free runs on 16 PVs: what was
/// allocated, and the time it took.
pub fn allocator_targets(times: &[(String, Duration)]) -> Vec<Target> {
    let target = |(what, time): &(String, Duration)| {
        let what = format!("the allocator alone, a million free runs on 16 PVs: s for {what}");
        Target::most(what, 0.2, Some(time.as_secs_f64()))
    };
    times.iter().map(target).collect()
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
    use super::{Target, allocator_targets, hole_targets, targets};
    use crate::hole_rows::{ALL_FREE, HoleRow, SIZES};
    use crate::holes::Holes;
    use crate::measure::Cost;
    use std::time::Duration;

    #[test]
    fn a_bound_holds_on_its_side_only() {
        let at_most = Target::most(String::new(), 2.0, Some(2.1));
        let least = Target::least(String::new(), 2.0, Some(2.1));
        assert_eq!((at_most.holds(), least.holds()), (Some(false), Some(true)));
        assert!(targets(&[], &[], None).iter().all(|t| t.holds().is_none()));
    }

    #[test]
    fn holes_are_held_against_lvm2_and_against_fewer_holes() {
        assert!(hole_targets(&[]).iter().all(|t| t.holds().is_none()));
        let millis = |millis| Cost { cpu: Duration::from_millis(millis), ..Cost::default() };
        let row = |runs, name, lvm2: Option<u64>, extant| HoleRow {
            holes: Holes::of_two(runs, 4),
            name,
            lvm2: lvm2.map(millis),
            extant: millis(extant),
        };
        let rows = [
            row(10_000, SIZES[0].0, Some(200), 8),
            row(50_000, SIZES[0].0, Some(1000), 49),
            row(50_000, ALL_FREE, Some(14_000), 139),
            row(500_000, SIZES[0].0, None, 2001),
        ];
        let holds: Vec<Option<bool>> = hole_targets(&rows).iter().map(Target::holds).collect();
        assert_eq!(holds, [Some(true), Some(false), Some(true), None, Some(false)]);
        let slow = allocator_targets(&[(String::new(), Duration::from_millis(201))]);
        assert_eq!(slow[0].holds(), Some(false));
    }
}
