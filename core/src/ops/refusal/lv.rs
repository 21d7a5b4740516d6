//! Why an operation on LVs may not be done.

use crate::name::{LvName, VgName};

/// Why an operation on LVs may not be done.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LvRefusal {
    /// No LV of this name.
    #[error("Failed to find logical volume \"{vg}/{lv}\"")]
    NotFound {
        /// Its VG.
        vg: VgName,
        /// The name.
        lv: LvName,
    },
}

impl LvRefusal {
    /// Returns true if the request makes no sense whatever the system is.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::NotFound { .. } => false,
        }
    }
}
