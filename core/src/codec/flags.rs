//! The names of flags, in the order in which LVM2 writes them.
//!
//! Source: texts written by LVM2 2.03.16 from input with the flags in other orders.

use crate::model::flags::{LvFlags, PvFlags, SegmentFlags, VgFlags};

/// A flag's name and its place in the model.
pub(super) type Flag<F> = (&'static str, fn(&mut F) -> &mut bool);

/// In a VG's `status`, before `READ` and `WRITE`.
pub(super) const VG_STATUS_FIRST: [Flag<VgFlags>; 3] = [
    ("EXPORTED", |flags| &mut flags.exported),
    ("RESIZEABLE", |flags| &mut flags.resizeable),
    ("PVMOVE", |flags| &mut flags.pvmove),
];

/// In a VG's `status`, behind `READ` and `WRITE`.
pub(super) const VG_STATUS_LAST: [Flag<VgFlags>; 2] =
    [("CLUSTERED", |flags| &mut flags.clustered), ("SHARED", |flags| &mut flags.shared)];

/// In a VG's `flags`, behind `WRITE_LOCKED`.
pub(super) const VG_FLAGS: [Flag<VgFlags>; 1] =
    [("NOAUTOACTIVATE", |flags| &mut flags.no_auto_activate)];

/// In a PV's `status`.
pub(super) const PV_STATUS: [Flag<PvFlags>; 2] =
    [("ALLOCATABLE", |flags| &mut flags.allocatable), ("EXPORTED", |flags| &mut flags.exported)];

/// In a PV's `flags`; old texts have them in `status`.
pub(super) const PV_FLAGS: [Flag<PvFlags>; 1] = [("MISSING", |flags| &mut flags.missing)];

/// In an LV's `status`, behind `READ` and `WRITE`.
pub(super) const LV_STATUS: [Flag<LvFlags>; 7] = [
    ("FIXED_MINOR", |flags| &mut flags.fixed_minor),
    ("VISIBLE", |flags| &mut flags.visible),
    ("PVMOVE", |flags| &mut flags.pvmove),
    ("LOCKED", |flags| &mut flags.locked),
    ("NOTSYNCED", |flags| &mut flags.not_synced),
    ("REBUILD", |flags| &mut flags.rebuild),
    ("WRITEMOSTLY", |flags| &mut flags.write_mostly),
];

/// In an LV's `flags`, behind `WRITE_LOCKED`.
pub(super) const LV_FLAGS: [Flag<LvFlags>; 4] = [
    ("ACTIVATION_SKIP", |flags| &mut flags.activation_skip),
    ("NOAUTOACTIVATE", |flags| &mut flags.no_auto_activate),
    ("ERROR_WHEN_FULL", |flags| &mut flags.error_when_full),
    CACHE_VOL,
];

/// Old texts have it in `status`.
pub(super) const CACHE_VOL: Flag<LvFlags> = ("CACHE_VOL", |flags| &mut flags.cache_vol);

/// Behind a segment's type, each after a `+`.
pub(super) const SEGMENT_FLAGS: [Flag<SegmentFlags>; 8] = [
    ("RESHAPE", |flags| &mut flags.reshape),
    ("RESHAPE_DATA_OFFSET", |flags| &mut flags.reshape_data_offset),
    ("RESHAPE_DELTA_DISKS_PLUS", |flags| &mut flags.reshape_delta_disks_plus),
    ("RESHAPE_DELTA_DISKS_MINUS", |flags| &mut flags.reshape_delta_disks_minus),
    ("REMOVE_AFTER_RESHAPE", |flags| &mut flags.remove_after_reshape),
    ("METADATA_FORMAT", |flags| &mut flags.metadata_format),
    ("CROP_METADATA", |flags| &mut flags.crop_metadata),
    ("CACHE_USES_CACHEVOL", |flags| &mut flags.cache_uses_cachevol),
];

/// Returns the names of the flags that are set, in order.
pub(super) fn names<F: Copy>(flags: &F, table: &[Flag<F>]) -> impl Iterator<Item = &'static str> {
    let mut flags = *flags;
    table.iter().filter_map(move |(name, field)| (*field(&mut flags)).then_some(*name))
}

/// Sets the flag of this name; false if there is none.
#[must_use]
pub(super) fn set<F>(flags: &mut F, table: &[Flag<F>], name: &str) -> bool {
    match table.iter().find(|(known, _)| *known == name) {
        Some((_, field)) => {
            *field(flags) = true;
            true
        }
        None => false,
    }
}
