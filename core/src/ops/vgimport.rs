//! `vgimport`: makes an exported volume group usable here.

use crate::ops::selector::VgSelector;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// `-f`: although PVs are missing.
    pub force: u32,
}
