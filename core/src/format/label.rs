//! The label sector and the PV header in it.
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 8 | `LABELONE` |
//! | 8 | 8 | number of this sector |
//! | 16 | 4 | checksum of bytes 20..512 |
//! | 20 | 4 | offset of the PV header in this sector, 32 |
//! | 24 | 8 | type, `LVM2 001` |
//! | 32 | | PV header |
//!
//! PV header: UUID (32), device size in bytes (8), data areas, metadata areas (lists of offset and
//! size, 8 bytes each, ended by a zero entry), extension version and flags (4 each), bootloader areas
//! (list). Little-endian. Source: lvm2: `lib/label/label.h`, `lib/format_text/layout.h` (facts).

use crate::id::Uuid;
use crate::units::Bytes;
use std_alloc::vec::Vec;

/// A range of bytes of a device, `disk_locn`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DiskArea {
    /// Its first byte, from the start of the device.
    pub offset: Bytes,
    /// Its length; 0 for a data area that reaches to the end of the device.
    pub size: Bytes,
}

/// The extension of a PV header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PvExtension {
    /// 1: bootloader areas known; 2: flags known.
    pub version: u32,
    /// Bit 0: the PV belongs to a VG. Others are kept as they are.
    pub flags: u32,
    /// Bootloader areas: none or one.
    pub bootloader_areas: Vec<DiskArea>,
}

/// The flag of [`PvExtension::flags`] that says the PV belongs to a VG.
pub const PV_EXTENSION_USED: u32 = 1;

/// What the label sector says of a PV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PvHeader {
    /// Its identity.
    pub id: Uuid,
    /// The size of its device when written.
    pub device_size: Bytes,
    /// Data areas: one, from `pe_start` to the end (size 0).
    pub data_areas: Vec<DiskArea>,
    /// Metadata areas, ascending: none, one or two.
    pub metadata_areas: Vec<DiskArea>,
    /// The extension; headers of very old tools lack it.
    pub extension: Option<PvExtension>,
}

/// A label found on a device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The sector it stands in: 0 to 3.
    pub sector: u8,
    /// The PV header in it.
    pub header: PvHeader,
}
