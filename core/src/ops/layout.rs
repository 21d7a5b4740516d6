//! Where things lie on a new PV: metadata areas, bootloader area, data.

use crate::units::Sectors;

/// What a user may say about the layout of a new PV; `None` is the configuration's.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Parameters {
    /// `-Z`: whether the first 2 KiB are zeroed; by default yes, unless a UUID or a restore file is
    /// given.
    pub zero: Option<bool>,
    /// `--labelsector`; by default 1.
    pub label_sector: Option<u64>,
    /// `--pvmetadatacopies`: 0 to 2.
    pub metadata_copies: Option<u32>,
    /// `--metadatasize`.
    pub metadata_size: Option<Sectors>,
    /// `--metadataignore`.
    pub metadata_ignore: Option<bool>,
    /// `--dataalignment`; 0 is none.
    pub data_alignment: Option<Sectors>,
    /// `--dataalignmentoffset`; 0 is none.
    pub data_alignment_offset: Option<Sectors>,
    /// `--bootloaderareasize`.
    pub bootloader_size: Option<Sectors>,
    /// `--setphysicalvolumesize`.
    pub device_size: Option<Sectors>,
}
