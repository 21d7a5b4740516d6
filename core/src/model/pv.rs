//! A physical volume as the metadata of its VG describes it.

use crate::id::Uuid;
use crate::model::flags::PvFlags;
use crate::name::Tag;
use crate::units::{Extents, Sectors};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Which PV of a VG: its place in [`super::Vg::pvs`], and the number behind `pv` in canonical text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct PvIndex(pub u32);

impl PvIndex {
    /// Returns the index for use with a slice.
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

/// A PV in a VG.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pv {
    /// Its identity; the label on the device carries the same.
    pub id: Uuid,
    /// The path it was last seen at: a hint only, `[unknown]` if it was missing.
    pub device_hint: String,
    /// How the devices file identifies its device, `device_id_type` and `device_id`.
    pub device_id: Option<(String, String)>,
    /// Its flags.
    pub flags: PvFlags,
    /// Its tags, in order.
    pub tags: Vec<Tag>,
    /// The size of its device when last written; old metadata lacks it.
    pub device_size: Option<Sectors>,
    /// Where extent 0 begins, from the start of the device.
    pub pe_start: Sectors,
    /// How many extents it has; below 2^32.
    pub pe_count: Extents,
    /// The bootloader area: start and length.
    pub bootloader_area: Option<(Sectors, Sectors)>,
}
