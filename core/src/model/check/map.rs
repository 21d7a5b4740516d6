//! The map of extents: what the segments say, within the PVs, each extent once.

use super::{Violation, lv};
use crate::model::lv_table::{LvId, Run};
use crate::model::vg::Vg;
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// Checks that the map of extents has what the segments of `ids` say, no more and no less.
pub(super) fn check(vg: &Vg, ids: &[LvId], found: &mut Vec<Violation>) {
    let mut stated: Vec<(LvId, u32, u64, u64)> = Vec::new();
    for id in ids {
        lv::stated_runs(&vg.lvs.get(*id), |pv, start, extents| {
            stated.push((*id, pv, start, extents));
        });
    }
    stated.sort_unstable();
    let chosen: BTreeSet<LvId> = ids.iter().copied().collect();
    let runs = vg.lvs.runs_unsorted().iter();
    let mut mapped: Vec<(LvId, u32, u64, u64)> = runs
        .filter(|run| chosen.contains(&run.lv))
        .map(|run| (run.lv, run.pv.0, run.start().get(), run.extents().get()))
        .collect();
    mapped.sort_unstable();
    if stated == mapped {
        return;
    }
    for id in ids {
        let of = |runs: &[(LvId, u32, u64, u64)]| {
            let start = runs.partition_point(|run| run.0 < *id);
            let end = runs.partition_point(|run| run.0 <= *id);
            start..end
        };
        if stated[of(&stated)] != mapped[of(&mapped)] {
            let lv = vg.lvs.get(*id).name.clone();
            found.push(Violation::MapDiffers { lv });
        }
    }
}

/// Checks that no run of the map reaches beyond its PV, for LVs whose segments are not looked at.
pub(super) fn check_bounds(vg: &Vg, changed: &[LvId], found: &mut Vec<Violation>) {
    let changed: BTreeSet<LvId> = changed.iter().copied().collect();
    let runs = vg.lvs.runs_unsorted().iter();
    for run in runs.filter(|run| !changed.contains(&run.lv)) {
        let Some(pv) = vg.pvs.get(run.pv.get()) else {
            let lv = vg.lvs.get(run.lv).name.clone();
            let pv = run.pv.0;
            found.push(Violation::NoSuchPv { lv, pv });
            continue;
        };
        let end = run.end().get();
        if end > pv.pe_count.get() {
            found.push(Violation::AreaBeyondPv {
                lv: vg.lvs.get(run.lv).name.clone(),
                pv: pv.id,
                end,
                count: pv.pe_count,
            });
        }
    }
}

/// Checks that no two runs share an extent: one pass over the sorted map.
pub(super) fn check_overlaps(vg: &Vg, found: &mut Vec<Violation>) {
    let mut reach: Option<&Run> = None;
    for run in vg.lvs.runs() {
        let before = reach.filter(|before| before.pv == run.pv);
        if let Some(before) = before.filter(|before| before.end() > run.start()) {
            let pv = vg.pvs.get(run.pv.get());
            found.extend(pv.map(|pv| Violation::Overlap {
                pv: pv.id,
                start: run.start(),
                one: vg.lvs.name(before.lv).into(),
                other: vg.lvs.name(run.lv).into(),
            }));
        }
        if before.is_none_or(|before| run.end() > before.end()) {
            reach = Some(run);
        }
    }
}
