//! `vgextend`: adds devices to a volume group, or takes back PVs that had been missing.

use crate::ops::layout::Parameters;
use crate::ops::selector::VgSelector;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// The devices, as the user called them.
    pub devices: Vec<String>,
    /// `--restoremissing`: the devices are PVs of the VG that had been missing.
    pub restore_missing: bool,
    /// `-f` (1) and `-ff` (2), for devices that are made PVs.
    pub force: u32,
    /// The layout of devices that are made PVs.
    pub layout: Parameters,
}
