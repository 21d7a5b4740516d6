//! lvrename: another name for an LV.

use crate::name::{LvName, VgName};

/// Another name for an LV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Its VG.
    pub vg: VgName,
    /// The name it has.
    pub old: LvName,
    /// The name it gets.
    pub new: LvName,
}
