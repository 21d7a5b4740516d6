//! `pvchange`: changes attributes of physical volumes.

use crate::name::Tag;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for. Each PV is changed by itself; one that cannot be does not stop the others.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Which PVs.
    pub targets: Targets,
    /// What is changed.
    pub action: Option<Action>,
}

/// Which PVs are changed.
#[derive(Clone, Debug)]
pub enum Targets {
    /// `-a`: all.
    All,
    /// Those on these devices, as the user called them.
    Devices(Vec<String>),
}

impl Default for Targets {
    fn default() -> Self {
        Self::Devices(Vec::new())
    }
}

/// What is changed: one thing, tags aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// `-x`: whether extents may be taken from it.
    Allocatable(bool),
    /// `-u`: a new identity.
    NewId,
    /// `--addtag` and `--deltag`, in this order.
    Tags {
        /// Tags to add.
        add: Vec<Tag>,
        /// Tags to remove.
        remove: Vec<Tag>,
    },
    /// `--metadataignore`.
    MetadataIgnore(bool),
}
