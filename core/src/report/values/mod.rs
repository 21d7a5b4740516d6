//! The values of fields: what of an object is shown, one file for each kind of object.

mod layout;
mod lv;
mod other_lv;
mod pv;
mod seg;
mod vdo;
mod vg;

use crate::report::cell::Cell;
use crate::report::field::{Field, Group};
use crate::report::row::Row;

/// Writes the value of a field.
pub(super) fn write(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) {
    match field.info().group {
        Group::Lv | Group::LvInfo | Group::LvStatus | Group::LvInfoStatus => {
            lv::write(field, row, cell);
        }
        Group::Label | Group::Pv => pv::write(field, row, cell),
        Group::Vg => vg::write(field, row, cell),
        Group::Seg => seg::write(field, row, cell),
        Group::PvSeg => pv::write_segment(field, row, cell),
        // Known only after the selection; rows that are shown at all are selected.
        Group::Special => cell.number(1),
    }
}
