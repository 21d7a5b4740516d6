//! `vgsplit`: moves PVs, with the LVs on them, from one volume group into another.

use crate::model::flags::AllocationPolicy;
use crate::name::{LvName, VgName};
use crate::ops::selector::VgSelector;
use crate::ops::vgcreate::MetadataCopies;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG the PVs come from.
    pub source: VgSelector,
    /// The VG they go to; it is made if there is none of this name.
    pub destination: VgName,
    /// Which PVs.
    pub what: What,
    /// `-l`, for a new VG.
    pub max_lv: Option<u32>,
    /// `-p`, for a new VG.
    pub max_pv: Option<u32>,
    /// `--alloc`, for a new VG.
    pub policy: Option<AllocationPolicy>,
    /// `--vgmetadatacopies`, for a new VG.
    pub metadata_copies: Option<MetadataCopies>,
    /// `--poolmetadataspare`.
    pub pool_metadata_spare: Option<bool>,
}

/// Which PVs are moved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Those on these devices, as the user called them.
    Devices(Vec<String>),
    /// `-n`: those that this LV lies on.
    Lv(LvName),
}
