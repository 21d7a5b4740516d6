//! The order in which LVs are written: those that users see, then the others.

use crate::model::lv_table::{Body, LvId};
use crate::model::segment::{CowRole, SegmentKind, Snapshot};
use crate::model::vg::Vg;
use std_alloc::collections::BTreeMap;
use std_alloc::vec::Vec;

/// Returns the LVs in the order of the text.
///
/// The user sees a snapshot under the name of its COW store, an ordinary LV without `VISIBLE`; the
/// LV that carries the snapshot segment is hidden, whatever its status says.
pub(super) fn print_order(vg: &Vg) -> Vec<LvId> {
    let lvs = &vg.lvs;
    let mut carriers: Vec<(LvId, Snapshot)> = Vec::new();
    for id in lvs.ids() {
        if let Body::Loaded(lv) = lvs.body(id)
            && let Some(SegmentKind::Snapshot(snapshot)) =
                lv.segments.first().map(|segment| &segment.kind)
        {
            carriers.push((id, snapshot.as_ref().clone()));
        }
    }
    let mut shown: BTreeMap<LvId, bool> = BTreeMap::new();
    if !carriers.is_empty() {
        let names = lvs.by_name();
        for (carrier, snapshot) in &carriers {
            shown.insert(*carrier, false);
            let Some(cow) = names.get(snapshot.cow.as_str()) else {
                continue;
            };
            let origin = names.get(snapshot.origin.as_str());
            let visible = is_virtual(snapshot)
                || snapshot.role == CowRole::Store
                    && origin.is_none_or(|origin| lvs.is_visible(*origin));
            shown.insert(*cow, visible);
        }
    }
    let is_shown = |id: &LvId| match shown.get(id) {
        Some(visible) => *visible,
        None => lvs.is_visible(*id),
    };
    let (mut order, hidden): (Vec<LvId>, Vec<LvId>) = lvs.ids().partition(is_shown);
    order.extend(hidden);
    order
}

/// Whether a snapshot has no origin of its own: a sparse volume.
fn is_virtual(snapshot: &Snapshot) -> bool {
    snapshot.origin.as_str().ends_with("_vorigin")
}
