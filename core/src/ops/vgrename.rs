//! `vgrename`: gives a volume group another name.

use crate::name::VgName;
use crate::ops::selector::VgSelector;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// Its new name.
    pub name: VgName,
}
