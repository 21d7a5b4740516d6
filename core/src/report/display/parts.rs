//! What displays tell of an LV's relatives.

use crate::model::lv::Lv;
use crate::model::lv_table::LvId;
use crate::model::segment::{RaidLevel, SegmentKind};
use crate::report::relations::{How, snapshot_in};
use crate::report::row::VgContext;
use crate::units::Sectors;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// The origin of a snapshot, and its chunk size.
pub(super) fn snapshot_of(vg: &VgContext<'_>, cow: LvId) -> Option<(LvId, Sectors)> {
    let (carrier, _) = vg.relations().cow_of(cow)?;
    let carrier = vg.vg().lvs.get(carrier);
    let snapshot = snapshot_in(&carrier)?;
    let origin = vg.relations().find(snapshot.origin.as_str())?;
    Some((origin, snapshot.chunk_size))
}

/// The names of an origin's snapshots.
pub(super) fn snapshots_of(vg: &VgContext<'_>, origin: LvId) -> Vec<String> {
    let carriers = vg.relations().uses(origin).iter().filter(|link| link.how == How::Origin);
    let mut names = Vec::new();
    for link in carriers {
        let carrier = vg.vg().lvs.get(link.user);
        if let Some(snapshot) = snapshot_in(&carrier) {
            names.push(snapshot.cow.to_string());
        }
    }
    names
}

/// How many copies an LV has of its data.
pub(super) fn mirrors(lv: &Lv) -> Option<usize> {
    match lv.segments.first().map(|segment| &segment.kind)? {
        SegmentKind::Mirror(mirror) => Some(mirror.areas.len()),
        SegmentKind::Raid(raid) if is_mirrored(raid.level) => Some(raid.images.len()),
        _ => None,
    }
}

const fn is_mirrored(level: RaidLevel) -> bool {
    matches!(level, RaidLevel::Raid1 | RaidLevel::Raid10 | RaidLevel::Raid10Near)
}
