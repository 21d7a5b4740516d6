//! Values of PVs, of their labels, and of runs of their extents.

use crate::format::label::PV_EXTENSION_USED;
use crate::model::pv::{Pv, PvIndex};
use crate::ops::system::{MdaOnDevice, MdaState};
use crate::report::cell::Cell;
use crate::report::field::Field;
use crate::report::row::{PvRow, Row, VgContext};
use crate::units::{Bytes, Extents, Pe, Sectors};

/// The header of a metadata area, and the room each of the two halves of the ring keeps free.
const AREA_HEADER: u64 = 512;

/// Writes the name of a PV, or that it is not there.
pub(super) fn write_pv_name(vg: &VgContext<'_>, pv: PvIndex, cell: &mut Cell<'_>) {
    cell.str(vg.pv_name(pv, cell.options()));
}

/// Whether a metadata area is kept empty on purpose.
pub(super) fn is_ignored(area: &MdaOnDevice) -> bool {
    match &area.state {
        MdaState::Empty { ignored } => *ignored,
        MdaState::BadText { location, .. } | MdaState::Text { location, .. } => {
            location.flags & crate::format::mda::RAW_LOCATION_IGNORED != 0
        }
        MdaState::Unreadable(_) | MdaState::BadHeader(_) => false,
    }
}

/// Returns how much longer the text in an area could be, in whole sectors.
pub(super) fn free_bytes(area: &MdaOnDevice) -> Bytes {
    let text = match &area.state {
        MdaState::BadText { location, .. } | MdaState::Text { location, .. } => location.size,
        MdaState::Unreadable(_) | MdaState::BadHeader(_) | MdaState::Empty { .. } => Bytes::ZERO,
    };
    // Two texts share the ring.
    let half = area.size.get().saturating_sub(AREA_HEADER) / 2;
    let free = half.saturating_sub(AREA_HEADER).saturating_sub(text.get());
    Bytes::new(free - free % 512)
}

/// Writes a value of the row's PV.
pub(super) fn write(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) {
    if of_label(field, row, cell) {
        return;
    }
    match (row.pv, row.vg) {
        (PvRow::InVg(index, pv), Some(vg)) => write_in_vg(field, row, vg, index, pv, cell),
        _ => write_outside(field, row, cell),
    }
}

/// Writes what the label and the device say. False for other fields.
fn of_label(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) -> bool {
    let device = row.device();
    let areas = row.areas();
    let number = device.and_then(|device| device.number);
    match field {
        Field::PvFmt => match row.pv {
            PvRow::InVg(..) | PvRow::Orphan(..) | PvRow::Duplicate(..) => cell.str("lvm2"),
            PvRow::Device(_) | PvRow::None => {}
        },
        Field::PvUuid => match row.pv {
            PvRow::InVg(_, pv) => cell.uuid(pv.id),
            PvRow::Orphan(_, on_device) | PvRow::Duplicate(_, on_device, _) => {
                cell.uuid(on_device.label.header.id);
            }
            PvRow::Device(_) | PvRow::None => {}
        },
        Field::DevSize => cell.bytes(device.map_or(Bytes::ZERO, |device| device.size)),
        Field::PvName => match device {
            Some(device) => cell.str(&device.name),
            None => cell.str(cell.options().unknown_device()),
        },
        Field::PvMajor => write_text_number(number.map_or(0, |(major, _)| major), cell),
        Field::PvMinor => write_text_number(number.map_or(0, |(_, minor)| minor), cell),
        Field::PvMdaFree => {
            // An area that is ignored has no room for a text.
            let room =
                |area: &MdaOnDevice| if is_ignored(area) { Bytes::ZERO } else { free_bytes(area) };
            cell.bytes(areas.iter().map(room).min().unwrap_or(Bytes::ZERO));
        }
        Field::PvMdaSize => {
            cell.bytes(areas.iter().map(|area| area.size).min().unwrap_or(Bytes::ZERO));
        }
        Field::PvExtVsn => {
            cell.number_or_none(row.extension().map(|found| u64::from(found.version)));
        }
        Field::PvMdaCount => cell.number(areas.len() as u64),
        Field::PvMdaUsedCount => {
            cell.number(areas.iter().filter(|area| !is_ignored(area)).count() as u64);
        }
        _ => return false,
    }
    true
}

/// Device numbers are texts to LVM2.
fn write_text_number(number: u32, cell: &mut Cell<'_>) {
    crate::size::units::write_number(cell.text, u64::from(number));
}

fn write_in_vg(
    field: Field,
    row: &Row<'_, '_>,
    vg: &VgContext<'_>,
    index: PvIndex,
    pv: &Pv,
    cell: &mut Cell<'_>,
) {
    let extent_size = vg.vg().extent_size;
    let size = |extents: Extents| {
        let size = extent_size.checked_to_sectors(extents);
        size.unwrap_or(Sectors::new(u64::MAX / 512))
    };
    let allocated = || vg.allocated(index);
    let missing = vg.is_missing(index);
    match field {
        Field::PeStart => cell.size(pv.pe_start),
        Field::PvSize => cell.size(size(pv.pe_count)),
        Field::PvFree => cell.size(size(pv.pe_count.saturating_sub(allocated()))),
        Field::PvUsed => cell.size(size(allocated())),
        Field::PvAttr => {
            let exported = pv.flags.exported || vg.vg().flags.exported;
            cell.str(if pv.flags.allocatable { "a" } else { "u" });
            cell.str(if exported { "x" } else { "-" });
            cell.str(if missing { "m" } else { "-" });
        }
        Field::PvAllocatable => cell.flag(pv.flags.allocatable, "allocatable"),
        Field::PvExported => {
            cell.flag(pv.flags.exported || vg.vg().flags.exported, "exported");
        }
        Field::PvMissing => cell.flag(missing, "missing"),
        Field::PvPeCount => cell.number(pv.pe_count.get()),
        Field::PvPeAllocCount => cell.number(allocated().get()),
        Field::PvTags => cell.sorted(pv.tags.iter().map(AsRef::as_ref)),
        Field::PvBaStart | Field::PvBaSize => {
            let (start, length) = pv.bootloader_area.unwrap_or_default();
            cell.size(if field == Field::PvBaStart { start } else { length });
        }
        Field::PvInUse => cell.flag(true, "used"),
        _ => write_rest(field, row, cell),
    }
}

fn write_rest(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) {
    let id = row.device().and_then(|device| device.device_id.as_ref());
    match field {
        Field::PvDuplicate => cell.flag(row.is_duplicate(), "duplicate"),
        Field::PvDeviceId => cell.str(id.map_or("", |(_, name)| name)),
        Field::PvDeviceIdType => cell.str(id.map_or("", |(kind, _)| kind)),
        _ => unreachable!("{field:?} is no field of PVs"),
    }
}

/// Writes a value of a PV of no VG, or of a device that is no PV.
fn write_outside(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) {
    let header = row.on_device().map(|on_device| &on_device.label.header);
    let used = row.extension().is_some_and(|found| found.flags & PV_EXTENSION_USED != 0);
    match field {
        Field::PeStart => {
            let start = header.and_then(|header| header.data_areas.first());
            cell.bytes(start.map_or(Bytes::ZERO, |area| area.offset));
        }
        // It belongs to a VG that was not found.
        Field::PvFree if used => cell.size(Sectors::ZERO),
        Field::PvSize | Field::PvFree => {
            cell.bytes(header.map_or(Bytes::ZERO, |header| header.device_size));
        }
        Field::PvUsed => cell.size(Sectors::ZERO),
        Field::PvAttr if row.is_duplicate() => cell.str("d--"),
        Field::PvAttr => cell.str(if used { "u--" } else { "---" }),
        Field::PvAllocatable | Field::PvExported | Field::PvMissing => cell.flag(false, ""),
        Field::PvPeCount | Field::PvPeAllocCount => cell.number(0),
        Field::PvTags => {}
        Field::PvBaStart | Field::PvBaSize => {
            let area = row.extension().and_then(|found| found.bootloader_areas.first());
            let part = area.map(|area| match field {
                Field::PvBaStart => area.offset,
                _ => area.size,
            });
            cell.bytes(part.unwrap_or(Bytes::ZERO));
        }
        Field::PvInUse => cell.flag(used || row.is_duplicate(), "used"),
        _ => write_rest(field, row, cell),
    }
}

/// Writes a value of the row's run of extents.
pub(super) fn write_segment(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) {
    let run = row.pv_segment;
    match field {
        Field::PvsegStart => cell.number(run.map_or(Pe::ZERO, |run| run.start).get()),
        _ => cell.number(run.map_or(Extents::ZERO, |run| run.extents).get()),
    }
}
