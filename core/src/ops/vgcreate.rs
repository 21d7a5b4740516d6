//! `vgcreate`: makes a volume group of devices, which are made PVs if they are none.

use crate::model::flags::AllocationPolicy;
use crate::name::{Tag, VgName};
use crate::ops::layout::Parameters;
use crate::units::Sectors;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for; `None` is the configuration's.
#[derive(Clone, Debug)]
pub struct Request {
    /// The new VG's name.
    pub name: VgName,
    /// The devices, as the user called them.
    pub devices: Vec<String>,
    /// `-f` (1) and `-ff` (2), for devices that are made PVs.
    pub force: u32,
    /// The layout of devices that are made PVs.
    pub layout: Parameters,
    /// `-s`.
    pub extent_size: Option<Sectors>,
    /// `-l`; 0 is unlimited.
    pub max_lv: Option<u32>,
    /// `-p`; 0 is unlimited.
    pub max_pv: Option<u32>,
    /// `--alloc`.
    pub policy: Option<AllocationPolicy>,
    /// `--addtag`.
    pub tags: Vec<Tag>,
    /// `-c`; `y` is refused.
    pub clustered: Option<bool>,
    /// `--vgmetadatacopies`.
    pub metadata_copies: Option<MetadataCopies>,
    /// `--metadataprofile`.
    pub profile: Option<String>,
    /// `--systemid`; empty is none.
    pub system_id: Option<String>,
    /// `--shared`, or `--locktype` other than `none`: both need lvmlockd.
    pub shared: bool,
    /// `--setautoactivation`.
    pub auto_activation: Option<bool>,
}

/// How many metadata areas of a VG are in use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MetadataCopies {
    /// `all`: all, now; none is ignored any more.
    All,
    /// `unmanaged`, or 0: those that are not ignored.
    Unmanaged,
    /// This many.
    Count(u32),
}
