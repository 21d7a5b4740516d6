//! `vgremove`: removes a volume group with all it holds.

use crate::ops::selector::VgSelector;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// `-f` (1) and `-ff` (2).
    pub force: u32,
}
