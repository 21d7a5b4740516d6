//! `vgmerge`: moves all that a volume group has into another.

use crate::ops::selector::VgSelector;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG that grows.
    pub destination: VgSelector,
    /// The VG that ceases to be.
    pub source: VgSelector,
    /// `--poolmetadataspare`.
    pub pool_metadata_spare: Option<bool>,
}
