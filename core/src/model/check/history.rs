//! Invariants of the LVs that were removed and are remembered.

use super::Violation;
use crate::id::Uuid;
use crate::model::lv::{HistoricalLv, HistoryName};
use crate::model::segment::{SegmentKind, ThinOrigin};
use crate::model::vg::Vg;
use crate::name::LvName;
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// Checks the history of a VG, and what LVs say of it.
pub(super) fn check(vg: &Vg, found: &mut Vec<Violation>) {
    let live = vg.lvs.by_name();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut ids: BTreeSet<Uuid> = vg.lvs.ids().map(|id| vg.lvs.get(id).id).collect();
    for lv in &vg.historical {
        if !names.insert(lv.name.as_str()) {
            let lv = lv.name.clone();
            found.push(Violation::DuplicateHistoricalName { lv });
        }
        if !ids.insert(lv.id) {
            let (lv, id) = (lv.name.clone(), lv.id);
            found.push(Violation::DuplicateHistoricalId { lv, id });
        }
    }
    let mut missing = |lv: &LvName, relative: &LvName| {
        let (lv, relative) = (lv.clone(), relative.clone());
        found.push(Violation::NoSuchRelative { lv, relative });
    };
    for lv in &vg.historical {
        for relative in relatives(lv) {
            match relative {
                HistoryName::Live(name) if live.contains_key(name.as_str()) => {}
                HistoryName::Historical(name) if names.contains(name.as_str()) => {}
                HistoryName::Live(name) | HistoryName::Historical(name) => missing(&lv.name, name),
            }
        }
    }
    for id in vg.lvs.ids().filter(|id| !vg.lvs.is_source(*id)) {
        let lv = vg.lvs.get(id);
        for segment in &lv.segments {
            if let SegmentKind::Thin(thin) = &segment.kind
                && let Some(ThinOrigin::Historical(origin)) = &thin.origin
                && !names.contains(origin.as_str())
            {
                missing(&lv.name, origin);
            }
        }
    }
}

fn relatives(lv: &HistoricalLv) -> impl Iterator<Item = &HistoryName> {
    lv.origin.iter().chain(&lv.descendants)
}
