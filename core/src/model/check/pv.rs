//! Invariants of PVs.

use super::Violation;
use crate::model::pv::Pv;
use crate::model::vg::Vg;
use crate::units::{Extents, Sectors};
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// Checks all PVs of a VG.
pub(super) fn check(vg: &Vg, found: &mut Vec<Violation>) {
    let mut ids = BTreeSet::new();
    let mut total: u64 = 0;
    for pv in &vg.pvs {
        if !ids.insert(pv.id) {
            found.push(Violation::DuplicatePvId { id: pv.id });
        }
        total = total.saturating_add(pv.pe_count.get());
        check_pv(vg, pv, found);
    }
    if total > u64::from(u32::MAX) {
        let count = Extents::new(total);
        found.push(Violation::TooManyExtents { count });
    }
}

fn check_pv(vg: &Vg, pv: &Pv, found: &mut Vec<Violation>) {
    if pv.pe_count.get() > u64::from(u32::MAX) {
        found.push(Violation::PvExtents { pv: pv.id, count: pv.pe_count });
    }
    // LVM2's pvresize leaves out what lies in front of the extents from the size it notes, so only
    // extents that are longer than the whole device are wrong for sure.
    let length = vg.extent_size.checked_to_sectors(pv.pe_count);
    if let Some(size) = pv.device_size
        && length.is_none_or(|length| length > size)
    {
        found.push(Violation::PvBeyondDevice { pv: pv.id, count: pv.pe_count, size });
    }
    if let Some((start, size)) = pv.bootloader_area {
        let length = length.map_or(u64::MAX, Sectors::get);
        let end = pv.pe_start.get().saturating_add(length);
        let area_end = start.get().saturating_add(size.get());
        if start.get() < end && pv.pe_start.get() < area_end {
            found.push(Violation::BootloaderOverExtents { pv: pv.id });
        }
    }
    if pv.flags.exported && !vg.flags.exported {
        found.push(Violation::PvExported { pv: pv.id });
    }
}
