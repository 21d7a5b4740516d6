//! `vgchange`: changes attributes of a volume group.

use crate::model::flags::AllocationPolicy;
use crate::name::Tag;
use crate::ops::selector::VgSelector;
use crate::ops::vgcreate::MetadataCopies;
use crate::units::Sectors;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for: everything that is not `None` or empty, in one commit.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// `-l`; 0 is unlimited.
    pub max_lv: Option<u32>,
    /// `-p`; 0 is unlimited.
    pub max_pv: Option<u32>,
    /// `-u`: a new identity.
    pub new_id: bool,
    /// `-s`.
    pub extent_size: Option<Sectors>,
    /// `-x`.
    pub resizeable: Option<bool>,
    /// `--addtag`.
    pub add_tags: Vec<Tag>,
    /// `--deltag`.
    pub remove_tags: Vec<Tag>,
    /// `--alloc`.
    pub policy: Option<AllocationPolicy>,
    /// `--vgmetadatacopies` (also `--pvmetadatacopies`, which LVM2 takes for the same here).
    pub metadata_copies: Option<MetadataCopies>,
    /// `--metadataprofile` (also `--profile`) and `--detachprofile`.
    pub profile: Option<ProfileChange>,
    /// `--setautoactivation`.
    pub auto_activation: Option<bool>,
    /// `--systemid`; empty is none.
    pub system_id: Option<String>,
    /// `--locktype`.
    pub lock_type: Option<String>,
}

/// What becomes of a profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProfileChange {
    /// This one is attached.
    Attach(String),
    /// There is none any more.
    Detach,
}

impl Request {
    /// Makes a request that changes nothing yet.
    pub const fn new(vg: VgSelector) -> Self {
        Self {
            vg,
            max_lv: None,
            max_pv: None,
            new_id: false,
            extent_size: None,
            resizeable: None,
            add_tags: Vec::new(),
            remove_tags: Vec::new(),
            policy: None,
            metadata_copies: None,
            profile: None,
            auto_activation: None,
            system_id: None,
            lock_type: None,
        }
    }
}
