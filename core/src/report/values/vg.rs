//! Values of VGs.

use crate::model::flags::{AllocationPolicy, Permission};
use crate::report::attr::{is_shared, write_vg_attr};
use crate::report::cell::{Cell, Key, UNDEFINED};
use crate::report::field::Field;
use crate::report::row::{LvRow, NamedVg, PvRow, Row, VgContext};
use crate::report::values::pv::{free_bytes, is_ignored};
use crate::units::{Bytes, Sectors};

/// Writes a value of the row's VG.
pub(super) fn write(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) {
    match row.vg {
        Some(vg) => write_of(field, vg, cell),
        None => match (row.pv, field) {
            (PvRow::Duplicate(_, _, Some(vg)), Field::VgName) => cell.str(vg.name),
            (PvRow::Duplicate(_, _, Some(NamedVg { id: Some(id), .. })), Field::VgUuid) => {
                cell.uuid(id);
            }
            (PvRow::Orphan(_, on_device), Field::VgName)
                if on_device.label.header.is_used() && matches!(row.lv, LvRow::None) =>
            {
                cell.str("[unknown]");
            }
            _ => write_none(field, cell),
        },
    }
}

/// Writes a value of the VG that a PV does not have.
fn write_none(field: Field, cell: &mut Cell<'_>) {
    match field {
        Field::VgFmt => cell.str("lvm2"),
        Field::VgAttr => cell.str("r-----"),
        Field::VgPermissions => cell.str("read-only"),
        Field::VgAllocationPolicy => cell.str("unknown"),
        Field::VgAutoactivation => cell.flag(true, "enabled"),
        Field::VgExtendable
        | Field::VgExported
        | Field::VgPartial
        | Field::VgClustered
        | Field::VgShared => cell.flag(false, ""),
        Field::VgMdaCopies => unmanaged(cell),
        Field::VgSize
        | Field::VgFree
        | Field::VgExtentSize
        | Field::VgMdaFree
        | Field::VgMdaSize => cell.size(Sectors::ZERO),
        _ if field.info().kind.is_numeric() => cell.number(0),
        _ => {}
    }
}

fn unmanaged(cell: &mut Cell<'_>) {
    cell.str("unmanaged");
    cell.key = Key::Number(UNDEFINED - 1);
}

fn write_of(field: Field, vg: &VgContext<'_>, cell: &mut Cell<'_>) {
    let model = vg.vg();
    match field {
        Field::VgFmt => cell.str("lvm2"),
        Field::VgUuid => cell.uuid(model.id),
        Field::VgName => cell.str(model.name.as_str()),
        Field::VgAttr => write_vg_attr(cell.text, vg),
        Field::VgPermissions => cell.str(match model.permission {
            Permission::ReadOnly => "read-only",
            Permission::ReadWrite => "writeable",
        }),
        Field::VgExtendable => cell.flag(model.flags.resizeable, "extendable"),
        Field::VgExported => cell.flag(model.flags.exported, "exported"),
        Field::VgAutoactivation => cell.flag(!model.flags.no_auto_activate, "enabled"),
        Field::VgPartial => cell.flag(vg.missing_count() > 0, "partial"),
        Field::VgAllocationPolicy => cell.str(match model.policy {
            AllocationPolicy::Inherit => "unknown",
            policy => policy.as_str(),
        }),
        Field::VgClustered => cell.flag(model.flags.clustered, "clustered"),
        Field::VgShared => {
            cell.flag(is_shared(model), "shared");
        }
        Field::VgSysid | Field::VgSystemid => cell.str(model.system_id.as_deref().unwrap_or("")),
        Field::VgLockType => cell.str(match model.lock_type.as_deref() {
            None | Some("none") => "",
            Some(kind) => kind,
        }),
        Field::VgLockArgs => cell.str(model.lock_args.as_deref().unwrap_or("")),
        Field::VgTags => cell.sorted(model.tags.iter().map(AsRef::as_ref)),
        Field::VgProfile => cell.str(model.profile.as_deref().unwrap_or("")),
        _ => write_number_of(field, vg, cell),
    }
}

fn write_number_of(field: Field, vg: &VgContext<'_>, cell: &mut Cell<'_>) {
    let model = vg.vg();
    let size = |extents| {
        let size = model.extent_size.checked_to_sectors(extents);
        size.unwrap_or(Sectors::new(u64::MAX / 512))
    };
    match field {
        Field::VgSize => cell.size(size(model.extent_count())),
        Field::VgFree => cell.size(size(model.free_count())),
        Field::VgExtentSize => cell.size(model.extent_size.sectors()),
        Field::VgExtentCount => cell.number(model.extent_count().get()),
        Field::VgFreeCount => cell.number(model.free_count().get()),
        Field::MaxLv => cell.number(u64::from(model.max_lv)),
        Field::MaxPv => cell.number(u64::from(model.max_pv)),
        Field::PvCount => cell.number(model.pvs.len() as u64),
        Field::VgMissingPvCount => cell.number(vg.missing_count() as u64),
        Field::LvCount => cell.number(vg.visible_count()),
        Field::SnapCount => cell.number(vg.snapshot_count()),
        Field::VgSeqno => cell.number(u64::from(model.seqno)),
        Field::VgMdaCount => cell.number(vg.areas().count() as u64),
        Field::VgMdaUsedCount => {
            cell.number(vg.areas().filter(|area| !is_ignored(area)).count() as u64);
        }
        Field::VgMdaFree => {
            let used = vg.areas().filter(|area| !is_ignored(area));
            cell.bytes(used.map(free_bytes).min().unwrap_or(Bytes::ZERO));
        }
        Field::VgMdaSize => {
            let used = vg.areas().filter(|area| !is_ignored(area));
            cell.bytes(used.map(|area| area.size).min().unwrap_or(Bytes::ZERO));
        }
        Field::VgMdaCopies => match model.metadata_copies {
            0 => unmanaged(cell),
            copies => cell.number(u64::from(copies)),
        },
        _ => unreachable!("{field:?} is no field of VGs"),
    }
}
