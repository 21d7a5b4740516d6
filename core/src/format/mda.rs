//! The metadata area: a header sector and a ring of text.
//!
//! Header, one sector of 512 bytes, little-endian:
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 4 | checksum of bytes 4..512 |
//! | 4 | 16 | magic |
//! | 20 | 4 | version, 1 |
//! | 24 | 8 | offset of this header from the start of the device, bytes |
//! | 32 | 8 | size of the area with this header, bytes |
//! | 40 | 24 | location of the committed text |
//! | 64 | 24 | location of the precommitted text, normally zero |
//!
//! Location: offset from the header (8, 0 is none), size with one closing NUL (8), checksum of
//! these bytes (4), flags (4; bit 0: area ignored). Source: lvm2: `lib/format_text/layout.h`
//! (facts).

pub mod ring;
#[cfg(test)]
mod tests;

use crate::crc::crc;
use crate::units::{Bytes, SECTOR_SIZE};
use std_alloc::vec::Vec;

/// Bytes of a metadata area's header; the ring of text begins behind them.
pub const MDA_HEADER_SIZE: u64 = 512;

const HEADER_LENGTH: usize = 512;
const MAGIC: &[u8; 16] = b"\x20LVM2 x[5A%r0N*>";
const VERSION: u32 = 1;
const CRC_AT: usize = 0;
const MAGIC_AT: usize = CRC_AT + size_of::<u32>();
const VERSION_AT: usize = MAGIC_AT + MAGIC.len();
const START_AT: usize = VERSION_AT + size_of::<u32>();
const SIZE_AT: usize = START_AT + size_of::<u64>();
const COMMITTED_AT: usize = SIZE_AT + size_of::<u64>();
const LOCATION_LENGTH: usize = 2 * size_of::<u64>() + 2 * size_of::<u32>();
const PRECOMMITTED_AT: usize = COMMITTED_AT + LOCATION_LENGTH;

const _: () = assert!(HEADER_LENGTH as u64 == MDA_HEADER_SIZE);
const _: () = assert!(MDA_HEADER_SIZE == SECTOR_SIZE);
const _: () = assert!(COMMITTED_AT == 40);
const _: () = assert!(PRECOMMITTED_AT == 64);

/// Where a text lies in its area, `raw_locn`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RawLocation {
    /// From the header's first byte; 0 is none.
    pub offset: Bytes,
    /// Length with one closing NUL; the text may wrap to offset 512.
    pub size: Bytes,
    /// Checksum of these bytes in logical order.
    pub checksum: u32,
    /// Bit 0: the area is ignored. Others are kept as they are.
    pub flags: u32,
}

/// The flag of [`RawLocation::flags`] that says the area is not in use.
pub const RAW_LOCATION_IGNORED: u32 = 1;

/// A metadata area's header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MdaHeader {
    /// Offset of this header from the start of the device.
    pub start: Bytes,
    /// Size of the area with this header.
    pub size: Bytes,
    /// The committed text.
    pub committed: RawLocation,
    /// The precommitted text; normally none.
    pub precommitted: RawLocation,
}

impl RawLocation {
    /// Returns true if the flags say that the area is not in use.
    pub const fn is_ignored(&self) -> bool {
        self.flags & RAW_LOCATION_IGNORED != 0
    }

    fn decode(bytes: &[u8; HEADER_LENGTH], at: usize) -> Self {
        Self {
            offset: Bytes::new(u64_at(bytes, at)),
            size: Bytes::new(u64_at(bytes, at + 8)),
            checksum: u32_at(bytes, at + 16),
            flags: u32_at(bytes, at + 20),
        }
    }

    fn encode(&self, bytes: &mut [u8; HEADER_LENGTH], at: usize) {
        put(bytes, at, &self.offset.get().to_le_bytes());
        put(bytes, at + 8, &self.size.get().to_le_bytes());
        put(bytes, at + 16, &self.checksum.to_le_bytes());
        put(bytes, at + 20, &self.flags.to_le_bytes());
    }
}

/// One thing that is wrong with a header.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HeaderFault {
    /// It was not read in full.
    #[error("metadata area header has only {0} bytes")]
    Short(usize),
    /// The checksum is wrong.
    #[error("metadata area header checksum is {stored:08x}, its bytes have {computed:08x}")]
    Checksum {
        /// What the header says.
        stored: u32,
        /// What its bytes have.
        computed: u32,
    },
    /// The magic bytes are others.
    #[error("metadata area header has the wrong magic bytes")]
    Magic,
    /// The version is another.
    #[error("metadata area header has version {0}, only 1 is known")]
    Version(u32),
    /// It says that it stands elsewhere.
    #[error("metadata area header at {expected} says it belongs to {stored}")]
    Start {
        /// What the header says.
        stored: Bytes,
        /// What the PV header says.
        expected: Bytes,
    },
    /// Its size differs from that in the PV header, or is less than that of the header.
    #[error("metadata area header says the area has {stored} bytes, the PV header {expected}")]
    Size {
        /// What the header says.
        stored: Bytes,
        /// What the PV header says.
        expected: Bytes,
    },
}

impl HeaderFault {
    /// Returns LVM2's bit for it, as its messages show them.
    pub const fn bit(&self) -> u32 {
        match self {
            Self::Short(_) => 0x002,
            Self::Checksum { .. } => 0x010,
            Self::Magic => 0x020,
            Self::Version(_) => 0x040,
            Self::Start { .. } => 0x080,
            Self::Size { .. } => 0x004,
        }
    }
}

/// Everything that is wrong with a header; never empty.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", .0.first().expect("there is a fault"))]
pub struct MdaHeaderError(pub Vec<HeaderFault>);

impl MdaHeaderError {
    /// Returns LVM2's bits of bad fields, that of the header (0x004) included.
    pub fn bits(&self) -> u32 {
        self.0.iter().fold(0x004, |bits, fault| bits | fault.bit())
    }
}

impl MdaHeader {
    /// Makes the header of an area without text.
    pub fn empty(start: Bytes, size: Bytes) -> Self {
        Self {
            start,
            size,
            committed: RawLocation::default(),
            precommitted: RawLocation::default(),
        }
    }

    /// Reads the header from the first 512 of `bytes`. `start` and `size` are those that the PV
    /// header lists.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn decode(bytes: &[u8], start: Bytes, size: Bytes) -> Result<Self, MdaHeaderError> {
        let Some(bytes) = bytes.first_chunk::<HEADER_LENGTH>() else {
            return Err(MdaHeaderError([HeaderFault::Short(bytes.len())].into()));
        };
        let header = Self {
            start: Bytes::new(u64_at(bytes, START_AT)),
            size: Bytes::new(u64_at(bytes, SIZE_AT)),
            committed: RawLocation::decode(bytes, COMMITTED_AT),
            precommitted: RawLocation::decode(bytes, PRECOMMITTED_AT),
        };
        let mut faults = Vec::new();
        let stored = u32_at(bytes, CRC_AT);
        let computed = crc(&bytes[MAGIC_AT..]);
        if stored != computed {
            faults.push(HeaderFault::Checksum { stored, computed });
        }
        if bytes[MAGIC_AT..VERSION_AT] != MAGIC[..] {
            faults.push(HeaderFault::Magic);
        }
        let version = u32_at(bytes, VERSION_AT);
        if version != VERSION {
            faults.push(HeaderFault::Version(version));
        }
        if header.start != start {
            faults.push(HeaderFault::Start { stored: header.start, expected: start });
        }
        if header.size != size || size.get() < MDA_HEADER_SIZE {
            faults.push(HeaderFault::Size { stored: header.size, expected: size });
        }
        if faults.is_empty() { Ok(header) } else { Err(MdaHeaderError(faults)) }
    }

    /// Returns the header's bytes.
    pub fn encode(&self) -> [u8; HEADER_LENGTH] {
        assert!(self.size.get() >= MDA_HEADER_SIZE, "an area holds its header");
        let mut bytes = [0; HEADER_LENGTH];
        put(&mut bytes, MAGIC_AT, MAGIC);
        put(&mut bytes, VERSION_AT, &VERSION.to_le_bytes());
        put(&mut bytes, START_AT, &self.start.get().to_le_bytes());
        put(&mut bytes, SIZE_AT, &self.size.get().to_le_bytes());
        self.committed.encode(&mut bytes, COMMITTED_AT);
        self.precommitted.encode(&mut bytes, PRECOMMITTED_AT);
        let checksum = crc(&bytes[MAGIC_AT..]);
        put(&mut bytes, CRC_AT, &checksum.to_le_bytes());
        bytes
    }
}

fn put(bytes: &mut [u8; HEADER_LENGTH], at: usize, field: &[u8]) {
    bytes[at..at + field.len()].copy_from_slice(field);
}

fn array_at<const N: usize>(bytes: &[u8; HEADER_LENGTH], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("the slice has this length")
}

fn u32_at(bytes: &[u8; HEADER_LENGTH], at: usize) -> u32 {
    u32::from_le_bytes(array_at(bytes, at))
}

fn u64_at(bytes: &[u8; HEADER_LENGTH], at: usize) -> u64 {
    u64::from_le_bytes(array_at(bytes, at))
}
