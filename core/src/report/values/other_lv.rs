//! Values of what is no LV: of one that was removed, and of the space that none has.

use crate::model::lv::HistoricalLv;
use crate::report::cell::{Cell, Key};
use crate::report::field::Field;
use crate::report::relations::{Family, Relative};
use crate::report::row::{LvRow, Row, VgContext};
use crate::units::Sectors;
use std_alloc::vec::Vec;

/// Doubles hyphens, as device-mapper names have them.
pub(super) fn write_escaped(name: &str, cell: &mut Cell<'_>) {
    for (index, part) in name.split('-').enumerate() {
        if index > 0 {
            cell.str("--");
        }
        cell.str(part);
    }
}

/// Writes a value of an LV that was removed.
pub(super) fn write_historical(
    field: Field,
    vg: &VgContext<'_>,
    lv: &HistoricalLv,
    cell: &mut Cell<'_>,
) {
    let group = vg.vg().name.as_str();
    let name = lv.name.as_str();
    match field {
        Field::LvUuid => cell.uuid(lv.id),
        Field::LvName => {
            cell.str("-");
            cell.str(name);
            cell.key = Key::Dashed;
        }
        Field::LvFullName => write_all(cell, [group, "/", name]),
        Field::LvPath => write_all(cell, ["/dev/", group, "/", name]),
        Field::LvDmPath => {
            cell.str("/dev/mapper/");
            write_escaped(group, cell);
            cell.str("-");
            write_escaped(name, cell);
        }
        Field::LvLayout => cell.item("none"),
        Field::LvRole => {
            cell.item("public");
            cell.item("history");
        }
        Field::LvAttr => cell.str("----h-----"),
        Field::LvTime => cell.time(lv.creation_time),
        Field::LvTimeRemoved => cell.time(lv.removal_time),
        Field::LvHistorical => cell.flag(true, "historical"),
        Field::SegCount => cell.number(1),
        Field::LvFullAncestors | Field::LvFullDescendants => {
            let family = Family { vg: vg.vg(), relations: vg.relations(), full: true };
            // The model's reference lives as long as the VG.
            let found = vg.vg().historical.iter().find(|found| found.id == lv.id);
            let Some(me) = found.map(Relative::Historical) else {
                return;
            };
            if field == Field::LvFullAncestors {
                write_ancestors(&family, &me, cell);
            } else {
                write_descendants(&family, &me, cell);
            }
        }
        _ => write_nothing(field, cell),
    }
}

/// Writes a value of the LV that free space, or a PV of no VG, does not have.
pub(super) fn write_free(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) {
    let group = match (&row.lv, row.vg) {
        (LvRow::Free, Some(vg)) => Some(vg.vg().name.as_str()),
        _ => None,
    };
    match (field, group) {
        (Field::LvFullName, Some(group)) => write_all(cell, [group, "/"]),
        (Field::LvFullName, None) => cell.str("/"),
        (Field::LvPath, Some(group)) => write_all(cell, ["/dev/", group, "/"]),
        (Field::LvDmPath, Some(group)) => {
            cell.str("/dev/mapper/");
            write_escaped(group, cell);
            cell.str("-");
        }
        (Field::LvLayout, _) => cell.item("unknown"),
        (Field::LvRole, _) => cell.item("public"),
        (Field::SegCount, _) => cell.number(0),
        (Field::LvTime | Field::LvTimeRemoved, _) => cell.time(None),
        (Field::LvHistorical, _) => cell.flag(false, ""),
        _ => write_nothing(field, cell),
    }
}

fn write_all<'t>(cell: &mut Cell<'_>, parts: impl IntoIterator<Item = &'t str>) {
    for part in parts {
        cell.str(part);
    }
}

fn write_nothing(field: Field, cell: &mut Cell<'_>) {
    match field {
        Field::LvAllocationPolicy => cell.str("unknown"),
        Field::LvAutoactivation => cell.flag(true, "enabled"),
        Field::LvInitialImageSync
        | Field::LvMerging
        | Field::LvAllocationLocked
        | Field::LvFixedMinor
        | Field::LvSkipActivation => cell.flag(false, ""),
        Field::LvMajor
        | Field::LvMinor
        | Field::Raidintegrityblocksize
        | Field::WritecacheBlockSize => cell.minus_one(),
        Field::LvReadAhead | Field::LvSize => cell.size(Sectors::ZERO),
        Field::LvMetadataSize
        | Field::OriginSize
        | Field::RaidWriteBehind
        | Field::RaidMinRecoveryRate
        | Field::RaidMaxRecoveryRate => cell.no_number(),
        _ => {}
    }
}

fn write_relative(relative: &Relative<'_>, cell: &mut Cell<'_>) {
    if matches!(relative, Relative::Historical(_)) && !cell.options().history {
        return;
    }
    cell.begin_item();
    match relative {
        Relative::Live(lv) => cell.str(lv.name.as_str()),
        Relative::Historical(lv) => {
            cell.str("-");
            cell.str(lv.name.as_str());
        }
    }
    cell.end_item();
}

/// More generations than a VG has members are a circle.
fn generations_max(family: &Family<'_, '_>) -> usize {
    family.vg.lvs.places() + family.vg.historical.len()
}

pub(super) fn write_ancestors<'a>(family: &Family<'a, '_>, me: &Relative<'a>, cell: &mut Cell<'_>) {
    let mut current = me.clone();
    for _ in 0..generations_max(family) {
        let Some(parent) = family.parent(&current) else {
            return;
        };
        write_relative(&parent, cell);
        current = parent;
    }
}

pub(super) fn write_descendants<'a>(
    family: &Family<'a, '_>,
    me: &Relative<'a>,
    cell: &mut Cell<'_>,
) {
    let mut waiting: Vec<Relative<'a>> = family.children(me);
    waiting.reverse();
    for _ in 0..generations_max(family) {
        let Some(next) = waiting.pop() else {
            return;
        };
        write_relative(&next, cell);
        let mut children = family.children(&next);
        children.reverse();
        waiting.append(&mut children);
    }
}
