//! Invariants of an LV by itself: its segments and where they lie.

use super::Violation;
use crate::model::lv::Lv;
use crate::model::segment::{Area, Raid, RaidLevel, Segment, SegmentKind};
use crate::model::vg::Vg;
use crate::units::{Extents, Sectors};
use std_alloc::vec::Vec;

/// The smallest chunk of a thin pool, and what all are multiples of: 64 KiB.
const THIN_CHUNK_UNIT: Sectors = Sectors::new(128);

/// The smallest chunk of a snapshot: 4 KiB.
const SNAPSHOT_CHUNK_MIN: Sectors = Sectors::new(8);

/// The highest number a thin pool gives to an LV.
const THIN_DEVICE_ID_MAX: u32 = (1 << 24) - 1;

/// Checks an LV by itself.
pub(super) fn check(vg: &Vg, lv: &Lv, found: &mut Vec<Violation>) {
    let name = || lv.name.clone();
    if lv.segments.is_empty() {
        found.push(Violation::NoSegments { lv: name() });
    }
    if lv.flags.fixed_minor && lv.numbers.minor.is_none() {
        found.push(Violation::NoFixedMinor { lv: name() });
    }
    let mut next: u64 = 0;
    for segment in &lv.segments {
        if segment.extents.is_zero() {
            let start = segment.start;
            found.push(Violation::EmptySegment { lv: name(), start });
        }
        if segment.start.get() != next {
            found.push(Violation::SegmentStart {
                lv: name(),
                start: segment.start,
                expected: next,
            });
        }
        next = segment.start.get().saturating_add(segment.extents.get());
        if lv.segments.len() > 1 && is_sole(&segment.kind) {
            let kind = segment.type_name().into();
            found.push(Violation::NotSole { lv: name(), kind });
        }
        check_kind(lv, segment, found);
        check_areas(vg, lv, segment, found);
    }
    if next > u64::from(u32::MAX) {
        let count = Extents::new(next);
        found.push(Violation::LvExtents { lv: name(), count });
    }
}

/// Returns true for kinds that fill their LV.
fn is_sole(kind: &SegmentKind) -> bool {
    match kind {
        SegmentKind::Striped(_)
        | SegmentKind::Mirror(_)
        | SegmentKind::Error
        | SegmentKind::Zero
        | SegmentKind::Vdo(_)
        | SegmentKind::Unknown(_) => false,
        SegmentKind::Snapshot(_)
        | SegmentKind::Raid(_)
        | SegmentKind::ThinPool(_)
        | SegmentKind::Thin(_)
        | SegmentKind::CachePool(_)
        | SegmentKind::Cache(_)
        | SegmentKind::WriteCache(_)
        | SegmentKind::Integrity(_)
        | SegmentKind::VdoPool(_) => true,
    }
}

fn check_kind(lv: &Lv, segment: &Segment, found: &mut Vec<Violation>) {
    let name = || lv.name.clone();
    let is_power = |size: Sectors| size.get().is_power_of_two();
    match &segment.kind {
        SegmentKind::Striped(striped) => {
            let stripes = striped.areas.len();
            let extents = segment.extents;
            if stripes > 1 && !extents.get().is_multiple_of(stripes as u64) {
                found.push(Violation::UnevenStripes { lv: name(), extents, stripes });
            }
            // LVM2 makes stripes no longer than extents, which need not be a power of two.
            let size = striped.stripe_size.unwrap_or_default();
            if stripes > 1 && size.is_zero() {
                found.push(Violation::StripeSize { lv: name(), size });
            }
        }
        SegmentKind::Mirror(mirror) => {
            if let Some(size) = mirror.region_size.filter(|size| !is_power(*size)) {
                found.push(Violation::RegionSize { lv: name(), size });
            }
            let extents = segment.extents;
            if let Some(moved) = mirror.extents_moved.filter(|moved| *moved > extents) {
                found.push(Violation::MovedTooFar { lv: name(), moved, extents });
            }
        }
        SegmentKind::Raid(raid) => check_raid(lv, raid, found),
        SegmentKind::Snapshot(snapshot) => {
            let size = snapshot.chunk_size;
            if !is_power(size) || size < SNAPSHOT_CHUNK_MIN {
                found.push(Violation::ChunkSize { lv: name(), size });
            }
        }
        SegmentKind::ThinPool(pool) => {
            let size = pool.chunk_size;
            if size.is_zero() || !size.is_multiple_of(THIN_CHUNK_UNIT) {
                found.push(Violation::ChunkSize { lv: name(), size });
            }
        }
        SegmentKind::Thin(thin) => {
            let number = thin.device_id;
            if number > THIN_DEVICE_ID_MAX {
                found.push(Violation::ThinDeviceId { lv: name(), number });
            }
        }
        SegmentKind::CachePool(_)
        | SegmentKind::Cache(_)
        | SegmentKind::WriteCache(_)
        | SegmentKind::Integrity(_)
        | SegmentKind::Vdo(_)
        | SegmentKind::VdoPool(_)
        | SegmentKind::Error
        | SegmentKind::Zero
        | SegmentKind::Unknown(_) => {}
    }
}

fn check_raid(lv: &Lv, raid: &Raid, found: &mut Vec<Violation>) {
    let name = || lv.name.clone();
    let bad_size = |size: &Sectors| !size.is_zero() && !size.get().is_power_of_two();
    if let Some(size) = raid.stripe_size.filter(bad_size) {
        found.push(Violation::StripeSize { lv: name(), size });
    }
    if let Some(size) = raid.region_size.filter(bad_size) {
        found.push(Violation::RegionSize { lv: name(), size });
    }
    let wants_metadata = raid.level != RaidLevel::Raid0;
    let mut images = raid.images.iter();
    let fits = images.all(|image| image.metadata.is_some() == wants_metadata);
    if raid.data_stripes().is_none() || !fits {
        found.push(Violation::RaidDevices {
            lv: name(),
            level: raid.level.as_str(),
            count: raid.images.len(),
        });
    }
}

fn check_areas(vg: &Vg, lv: &Lv, segment: &Segment, found: &mut Vec<Violation>) {
    let needs_areas = matches!(segment.kind, SegmentKind::Striped(_) | SegmentKind::Mirror(_));
    if needs_areas && segment.areas().is_empty() {
        let lv = lv.name.clone();
        found.push(Violation::NoAreas { lv });
    }
    let length = segment.area_extents().get();
    for area in segment.areas() {
        let Area::Pv { pv: index, start } = area else {
            continue;
        };
        let lv = || lv.name.clone();
        let Some(pv) = vg.pvs.get(index.get()) else {
            let pv = index.0;
            found.push(Violation::NoSuchPv { lv: lv(), pv });
            continue;
        };
        let end = start.get().saturating_add(length);
        if end > pv.pe_count.get() {
            found.push(Violation::AreaBeyondPv { lv: lv(), pv: pv.id, end, count: pv.pe_count });
        }
    }
}

/// Calls `note` with the PV, first extent and length of each run that the segments state.
pub(super) fn stated_runs(lv: &Lv, mut note: impl FnMut(u32, u64, u64)) {
    for segment in &lv.segments {
        let length = segment.area_extents().get();
        for area in segment.areas() {
            if let Area::Pv { pv, start } = area {
                note(pv.0, start.get(), length);
            }
        }
    }
}
