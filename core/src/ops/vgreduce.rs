//! `vgreduce`: takes PVs out of a volume group.

use crate::ops::selector::VgSelector;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// Which PVs.
    pub what: What,
    /// `-f`.
    pub force: u32,
}

/// Which PVs are taken out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Those on these devices, as the user called them.
    Devices(Vec<String>),
    /// `--all`: those that hold nothing.
    Unused,
    /// `--removemissing`: those that are missing; with `-f` the LVs on them are removed.
    Missing {
        /// `--mirrorsonly`: of the LVs, only mirrors are changed.
        mirrors_only: bool,
    },
}
