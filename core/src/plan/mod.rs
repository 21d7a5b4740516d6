//! Steps: what a change needs, in order. Plain data that prints, compares, saves and replays.
//!
//! A plan changes the world's mind in one place per stage: the commit group. What was done before
//! it can be abandoned; what is left after it can be redone from the metadata alone.

pub mod apply;
pub mod effect;
pub mod lower;
pub mod pieces;
pub mod saved;
pub mod show;

use crate::id::Uuid;
use crate::name::VgName;
use crate::ops::system::DeviceId;
use crate::units::Bytes;
use effect::Group;
use serde::{Deserialize, Serialize};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is to be done, and under which conditions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// The devices it touches, so that they are found again when it is applied later.
    pub devices: Vec<DeviceRef>,
    /// What must still hold before the first step.
    pub guards: Vec<Guard>,
    /// Its stages in order; each ends in a durable state.
    pub stages: Vec<PlannedStage>,
}

/// A device of a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceRef {
    /// Its place in the system the plan was made from.
    pub id: DeviceId,
    /// Its name then.
    pub name: String,
    /// The PV on it then, if any.
    pub pv: Option<Uuid>,
    /// Its size then.
    pub size: Bytes,
    /// Its logical block size then.
    pub block_size: Bytes,
}

/// What must still hold when a plan is executed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Guard {
    /// This VG has this text.
    Vg {
        /// Its identity.
        id: Uuid,
        /// Its name.
        name: VgName,
        /// How often it has been written.
        seqno: u32,
        /// Checksum of its text.
        checksum: u32,
    },
    /// There is no VG of this name.
    NoVg(VgName),
    /// These bytes of a device, which the plan replaces or builds on, have this checksum.
    Bytes {
        /// The device.
        device: DeviceId,
        /// First byte.
        offset: Bytes,
        /// How many.
        length: Bytes,
        /// Their checksum.
        checksum: u32,
    },
}

/// When a stage counts as committed although a header could not be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CommitRule {
    /// One new header is enough: it carries the newest text.
    Any,
    /// All headers that can be read have to be new: text that is removed lives on in one that is
    /// not.
    All,
}

/// The way to one durable state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedStage {
    /// The name of the state.
    pub name: String,
    /// Before the commit: may be abandoned.
    pub prepare: Vec<Group>,
    /// What takes back the visible part of `prepare` if the stage is abandoned.
    pub undo: Vec<Group>,
    /// When the stage counts as committed although a header could not be written.
    pub rule: CommitRule,
    /// The commit: the headers of all areas in one group, then a flush.
    pub commit: Vec<Group>,
    /// After the commit: can be redone from the metadata.
    pub finish: Vec<Group>,
}
