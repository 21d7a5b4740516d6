//! LVs that are nothing but extents on PVs: those that any operation can handle.

use crate::model::lv_table::LvId;
use crate::model::segment::{Area, Segment, SegmentKind};
use crate::model::vg::Vg;
use crate::ops::Message;
use crate::ops::refusal::vg::VgRefusal;
use std_alloc::format;

/// Checks that an LV is neither part of another nor made of others.
///
/// # Errors
/// If it is.
pub(super) fn check_plain(vg: &Vg, id: LvId) -> Result<(), VgRefusal> {
    if vg.lvs.is_source(id) && vg.lvs.is_visible(id) {
        return Ok(());
    }
    let lv = vg.lvs.get(id);
    let is_plain = |segment: &Segment| match &segment.kind {
        SegmentKind::Striped(striped) => {
            let mut areas = striped.areas.iter();
            areas.all(|area| matches!(area, Area::Pv { .. }))
        }
        SegmentKind::Error | SegmentKind::Zero => true,
        _ => false,
    };
    let strange = lv.segments.iter().find(|segment| !is_plain(segment));
    match strange {
        None if lv.flags.visible => Ok(()),
        found => Err(VgRefusal::LvKind {
            vg: vg.name.clone(),
            lv: lv.name.clone(),
            kind: found.map_or("part of another", Segment::type_name).into(),
        }),
    }
}

/// Returns what is told of an LV that has been removed.
pub(super) fn removed(lv: &str) -> Message {
    Message::print(format!("Logical volume \"{lv}\" successfully removed."))
}
