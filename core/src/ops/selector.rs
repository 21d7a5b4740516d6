//! Which volume group a request means.

use crate::id::Uuid;
use crate::name::VgName;
use core::fmt;

/// Which volume group a request means: its name, or, where names conflict, its identity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum VgSelector {
    /// The one of this name.
    Name(VgName),
    /// The one with this identity.
    Id(Uuid),
}

impl fmt::Display for VgSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => fmt::Display::fmt(name, f),
            Self::Id(id) => fmt::Display::fmt(id, f),
        }
    }
}

impl From<VgName> for VgSelector {
    fn from(name: VgName) -> Self {
        Self::Name(name)
    }
}
