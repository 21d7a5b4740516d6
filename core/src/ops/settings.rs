//! The configuration, as far as operations consult it.

use crate::model::flags::AllocationPolicy;
use crate::units::Sectors;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// The configuration as far as operations consult it. Defaults are LVM2's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// `allocation/physical_extent_size`.
    pub extent_size: Sectors,
    /// `metadata/stripesize`.
    pub stripe_size: Sectors,
    /// `metadata/pvmetadatacopies`.
    pub pv_metadata_copies: u32,
    /// `metadata/pvmetadatasize`; `None` is LVM2's default of 1 MiB less 4 KiB.
    pub pv_metadata_size: Option<Sectors>,
    /// `metadata/pvmetadataignore`.
    pub pv_metadata_ignore: bool,
    /// `metadata/vgmetadatacopies`.
    pub vg_metadata_copies: u32,
    /// `devices/default_data_alignment`.
    pub default_data_alignment: Sectors,
    /// `devices/data_alignment`; 0 is unset.
    pub data_alignment: Sectors,
    /// `devices/data_alignment_detection`.
    pub data_alignment_detection: bool,
    /// `devices/data_alignment_offset_detection`.
    pub data_alignment_offset_detection: bool,
    /// `devices/pv_min_size`.
    pub pv_size_min: Sectors,
    /// `devices/require_restorefile_with_uuid`.
    pub require_restore_file_with_uuid: bool,
    /// `devices/allow_changes_with_duplicate_pvs`.
    pub allow_changes_with_duplicate_pvs: bool,
    /// `devices/allow_mixed_block_sizes`.
    pub allow_mixed_block_sizes: bool,
    /// `devices/issue_discards`.
    pub issue_discards: bool,
    /// `allocation/maximise_cling`.
    pub maximise_cling: bool,
    /// `allocation/cling_tag_list`.
    pub cling_tags: Vec<String>,
    /// `allocation/wipe_signatures_when_zeroing_new_lvs`.
    pub wipe_signatures: bool,
    /// `metadata/record_lvs_history`.
    pub record_lvs_history: bool,
    /// `activation/auto_set_activation_skip`.
    pub auto_set_activation_skip: bool,
    /// Policy of a new VG.
    pub policy: AllocationPolicy,
    /// `global/metadata_read_only`.
    pub metadata_read_only: bool,
    /// `backup/archive`, and `--autobackup`.
    pub archive: bool,
    /// `backup/backup`, and `--autobackup`.
    pub backup: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            extent_size: Sectors::new(8192),
            stripe_size: Sectors::new(128),
            pv_metadata_copies: 1,
            pv_metadata_size: None,
            pv_metadata_ignore: false,
            vg_metadata_copies: 0,
            default_data_alignment: Sectors::new(2048),
            data_alignment: Sectors::ZERO,
            data_alignment_detection: true,
            data_alignment_offset_detection: true,
            pv_size_min: Sectors::new(4096),
            require_restore_file_with_uuid: true,
            allow_changes_with_duplicate_pvs: false,
            allow_mixed_block_sizes: false,
            issue_discards: false,
            maximise_cling: true,
            cling_tags: Vec::new(),
            wipe_signatures: true,
            record_lvs_history: false,
            auto_set_activation_skip: true,
            policy: AllocationPolicy::Normal,
            metadata_read_only: false,
            archive: true,
            backup: true,
        }
    }
}
