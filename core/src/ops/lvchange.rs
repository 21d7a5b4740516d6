//! lvchange: attributes of LVs.

use crate::model::flags::AllocationPolicy;
use crate::model::lv::{DeviceNumbers, ReadAhead};
use crate::name::Tag;
use crate::ops::resolve::VgTargets;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Attributes to change; what is `None` or empty stays.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Request {
    /// Which LVs, resolved in the system that the operation is given.
    pub targets: Vec<VgTargets>,
    /// `-p`: read-only or not.
    pub read_only: Option<bool>,
    /// `--alloc`, `-C`.
    pub policy: Option<AllocationPolicy>,
    /// `-r`.
    pub read_ahead: Option<ReadAhead>,
    /// `-M`: the numbers to keep, or `Some(None)` to keep none any more.
    pub numbers: Option<Option<DeviceNumbers>>,
    /// `-k`.
    pub activation_skip: Option<bool>,
    /// `--setautoactivation`.
    pub auto_activate: Option<bool>,
    /// `--metadataprofile`, or `Some(None)` for `--detachprofile`.
    pub profile: Option<Option<String>>,
    /// `--addtag`.
    pub tags_added: Vec<Tag>,
    /// `--deltag`.
    pub tags_removed: Vec<Tag>,
}
