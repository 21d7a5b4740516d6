//! Why an operation on VGs, or one that needs a VG, may not be done.

use crate::name::VgName;

/// Why an operation on VGs, or one that needs a VG, may not be done.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VgRefusal {
    /// No VG of this name.
    #[error("Volume group \"{name}\" not found")]
    NotFound {
        /// The name.
        name: VgName,
    },
}
