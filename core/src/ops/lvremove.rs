//! lvremove: LVs cease to be.

use crate::ops::resolve::VgTargets;
use std_alloc::vec::Vec;

/// LVs to remove.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Which, all of them resolved in the system that the operation is given.
    pub targets: Vec<VgTargets>,
    /// Whether `-y` or `-f` was given: nothing is asked.
    pub force: bool,
}
