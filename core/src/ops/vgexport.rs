//! `vgexport`: makes a volume group ready to move to another machine.

use crate::ops::selector::VgSelector;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
}
