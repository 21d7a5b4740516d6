//! Scanning: from a list of devices to what they hold.

use crate::name::VgName;
use crate::ops::Message;
use crate::ops::system::{Device, VgView};
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// Which volume groups an observation is to contain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum VgScope {
    /// None: labels and headers of metadata areas only.
    None,
    /// Those with these names. PVs without metadata areas are found as members of these only.
    Named(BTreeSet<VgName>),
    /// All; needed wherever it matters that a PV is an orphan or a name is free.
    #[default]
    All,
}

/// How many copies of the metadata are read and verified.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Verify {
    /// One full copy of each volume group; another only if that one is bad. For reports.
    #[default]
    One,
    /// One full copy; all of them where the headers disagree. Before a change.
    Disputed,
    /// All copies, for `vgck`.
    All,
}

/// What an operation needs to know.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Needs {
    /// Which volume groups.
    pub vgs: VgScope,
    /// How thoroughly.
    pub verify: Verify,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Scanned {
    /// The devices that were given, with their labels and areas.
    pub devices: Vec<Device>,
    /// The volume groups that were asked for, ordered by name, then by identity.
    pub vgs: Vec<VgView>,
    /// Warnings, in LVM2's wording.
    pub messages: Vec<Message>,
}
