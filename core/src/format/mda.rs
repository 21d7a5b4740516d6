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
//! Location: offset from the header (8, 0 is none), size with one closing NUL (8), checksum of these
//! bytes (4), flags (4; bit 0: area ignored). Source: lvm2: `lib/format_text/layout.h` (facts).

use crate::units::Bytes;

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
