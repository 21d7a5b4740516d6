//! Why an operation on PVs may not be done.

use std_alloc::string::String;

/// Why an operation on PVs may not be done.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PvRefusal {
    /// No such device, or the filters hide it.
    #[error("Failed to find device \"{name}\".")]
    NoDevice {
        /// As the user called it.
        name: String,
    },
}
