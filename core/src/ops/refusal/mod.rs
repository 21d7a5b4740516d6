//! Why an operation may not be done, by family. Messages are LVM2's where scripts read them.

pub mod guard;
pub mod lv;
pub mod pv;
pub mod vg;

use std_alloc::string::String;

/// Why an operation may not be done, by family.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// An argument names nothing that is there.
    #[error("{reason}")]
    Unresolved {
        /// Why, in LVM2's words.
        reason: String,
    },
    /// Of every operation that changes a VG.
    #[error(transparent)]
    Guard(#[from] guard::GuardRefusal),
    /// Of operations on PVs.
    #[error(transparent)]
    Pv(#[from] pv::PvRefusal),
    /// Of operations on VGs, and of everything that needs one.
    #[error(transparent)]
    Vg(#[from] vg::VgRefusal),
    /// Of operations on LVs.
    #[error(transparent)]
    Lv(#[from] lv::LvRefusal),
}

impl Refusal {
    /// Returns true if the request makes no sense whatever the system is, so that the command ends
    /// with 3 like one with bad options; other refusals end it with 5.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Lv(refusal) => refusal.is_usage(),
            Self::Pv(refusal) => refusal.is_usage(),
            Self::Vg(refusal) => refusal.is_usage(),
            Self::Unresolved { .. } | Self::Guard(_) => false,
        }
    }
}
