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
//! size, 8 bytes each, ended by a zero entry), extension version and flags (4 each), bootloader
//! areas (list). Little-endian. Source: lvm2: `lib/label/label.h`, `lib/format_text/layout.h`
//! (facts).

mod decode;
#[cfg(test)]
mod tests;

pub use decode::find;

use crate::crc::crc;
use crate::id::{Uuid, UuidError};
use crate::units::{Bytes, SECTOR_SIZE};
use std_alloc::vec::Vec;

/// Bytes in the sector that holds a label.
pub const LABEL_SECTOR_SIZE: usize = 512;
/// How many sectors from the start of a device are searched for a label.
pub const LABEL_SCAN_SECTORS: u8 = 4;
/// Bytes from the start of a device that are searched for a label.
pub const LABEL_SCAN_SIZE: usize = LABEL_SECTOR_SIZE * LABEL_SCAN_SECTORS as usize;

const SIGNATURE: &[u8; 8] = b"LABELONE";
const TYPE: &[u8; 8] = b"LVM2 001";
const SIGNATURE_AT: usize = 0;
const SECTOR_AT: usize = SIGNATURE_AT + SIGNATURE.len();
const CRC_AT: usize = SECTOR_AT + size_of::<u64>();
const HEADER_OFFSET_AT: usize = CRC_AT + size_of::<u32>();
const TYPE_AT: usize = HEADER_OFFSET_AT + size_of::<u32>();
const LABEL_END: usize = TYPE_AT + TYPE.len();
/// Length of the fixed part of a PV header.
const PV_HEADER_FIXED: usize = 32 + size_of::<u64>();
/// Length of an entry of a list of areas.
const AREA_SIZE: usize = 2 * size_of::<u64>();

const _: () = assert!(LABEL_SECTOR_SIZE as u64 == SECTOR_SIZE);
const _: () = assert!(CRC_AT == 16);
const _: () = assert!(HEADER_OFFSET_AT == 20);
const _: () = assert!(LABEL_END == 32);

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

/// Why a sector that begins like a label is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LabelFault {
    /// The checksum is wrong.
    #[error("label checksum is {stored:08x}, its bytes have {computed:08x}")]
    Checksum {
        /// What the label says.
        stored: u32,
        /// What its bytes have.
        computed: u32,
    },
    /// It says that it stands in another sector.
    #[error("label in sector {found} says it belongs to sector {stored}")]
    Sector {
        /// What the label says.
        stored: u64,
        /// Where it stands.
        found: u8,
    },
    /// The PV header would not lie within the sector behind the label.
    #[error("label says its PV header is at offset {0} of the sector")]
    HeaderOffset(u32),
    /// The PV's UUID is none.
    #[error("PV header has an invalid UUID: {0}")]
    Uuid(#[source] UuidError),
    /// A list of areas is not ended within the sector.
    #[error("PV header's list of {0} areas has no end")]
    Unended(&'static str),
    /// The sector was not read in full.
    #[error("label sector has only {0} bytes")]
    Short(usize),
}

/// What was found in the first sectors of a device.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The first valid label of an LVM2 PV.
    pub label: Option<Label>,
    /// Sectors with further valid labels; they are ignored.
    pub further: Vec<u8>,
    /// Sectors with intact labels of another type, and that type.
    pub foreign: Vec<(u8, [u8; 8])>,
    /// Sectors that begin like a label and are none.
    pub damaged: Vec<(u8, LabelFault)>,
}

/// A PV header that does not fit into its sector.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("label and PV header need {0} bytes, a sector has 512")]
pub struct LabelTooLong(pub usize);

impl PvHeader {
    /// Returns true if the header says that the PV belongs to a VG.
    pub fn is_used(&self) -> bool {
        let extension = self.extension.as_ref();
        extension.is_some_and(|extension| extension.flags & PV_EXTENSION_USED != 0)
    }

    fn encoded_size(&self) -> usize {
        let lists = self.data_areas.len() + self.metadata_areas.len() + 2;
        let extension = self.extension.as_ref();
        let extension =
            extension.map_or(0, |known| 8 + (known.bootloader_areas.len() + 1) * AREA_SIZE);
        PV_HEADER_FIXED + lists * AREA_SIZE + extension
    }
}

impl Label {
    /// Returns the label sector's bytes.
    ///
    /// # Errors
    /// If the lists of areas are too long for a sector.
    ///
    /// # Panics
    /// If a listed area begins at offset 0: that ends a list.
    pub fn encode(&self) -> Result<[u8; LABEL_SECTOR_SIZE], LabelTooLong> {
        assert!(self.sector < LABEL_SCAN_SECTORS, "labels stand in sectors 0 to 3");
        let size = LABEL_END + self.header.encoded_size();
        if size > LABEL_SECTOR_SIZE {
            return Err(LabelTooLong(size));
        }
        let mut bytes = Vec::with_capacity(LABEL_SECTOR_SIZE);
        bytes.extend_from_slice(SIGNATURE);
        bytes.extend_from_slice(&u64::from(self.sector).to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        let header_offset = u32::try_from(LABEL_END).expect("the label is 32 bytes long");
        bytes.extend_from_slice(&header_offset.to_le_bytes());
        bytes.extend_from_slice(TYPE);
        let header = &self.header;
        bytes.extend_from_slice(header.id.as_raw());
        bytes.extend_from_slice(&header.device_size.get().to_le_bytes());
        push_areas(&mut bytes, &header.data_areas);
        push_areas(&mut bytes, &header.metadata_areas);
        if let Some(extension) = &header.extension {
            bytes.extend_from_slice(&extension.version.to_le_bytes());
            bytes.extend_from_slice(&extension.flags.to_le_bytes());
            push_areas(&mut bytes, &extension.bootloader_areas);
        }
        assert_eq!(bytes.len(), size, "the size was computed from the same lists");
        let mut sector = [0; LABEL_SECTOR_SIZE];
        sector[..size].copy_from_slice(&bytes);
        let checksum = crc(&sector[HEADER_OFFSET_AT..]);
        sector[CRC_AT..HEADER_OFFSET_AT].copy_from_slice(&checksum.to_le_bytes());
        Ok(sector)
    }
}

fn push_areas(bytes: &mut Vec<u8>, areas: &[DiskArea]) {
    for area in areas {
        assert!(!area.offset.is_zero(), "an area at offset 0 would end the list");
        bytes.extend_from_slice(&area.offset.get().to_le_bytes());
        bytes.extend_from_slice(&area.size.get().to_le_bytes());
    }
    bytes.extend_from_slice(&[0; AREA_SIZE]);
}
