//! From what will be true to the writes that make it true.

use crate::name::VgName;
use std_alloc::string::String;

/// Why a change cannot be turned into a plan. Nothing has been written.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LowerError {
    /// The text does not fit into a metadata area beside the one it replaces.
    #[error(
        "VG {vg} metadata on {device} ({text} bytes) exceeds maximum metadata size ({limit} bytes)"
    )]
    TextTooLarge {
        /// The VG.
        vg: VgName,
        /// The device with the area.
        device: String,
        /// The length of the text.
        text: u64,
        /// What would fit.
        limit: u64,
    },
    /// No metadata area that is in use can be written.
    #[error("No usable metadata areas in volume group {0}")]
    NoArea(VgName),
    /// A range that is to be written does not consist of whole logical blocks of its device.
    #[error("{what} on {device} at {offset} is not aligned to blocks of {block_size} bytes")]
    Unaligned {
        /// What was to be written.
        what: String,
        /// The device.
        device: String,
        /// Where.
        offset: u64,
        /// The block size.
        block_size: u64,
    },
    /// A change breaks an invariant of volume groups. A defect of ours, caught before it is written.
    #[error("Internal error: volume group {vg} would be invalid: {reason}")]
    Invalid {
        /// The VG.
        vg: VgName,
        /// The violation.
        reason: String,
    },
}
