//! `vgck`: checks a volume group, and rewrites metadata that is damaged or outdated.

use crate::ops::selector::VgSelector;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// `--updatemetadata`: all copies are written again.
    pub update: bool,
}
