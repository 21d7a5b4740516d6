//! `pvremove`: makes physical volumes plain devices again.

use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The devices, as the user called them.
    pub devices: Vec<String>,
    /// `-f` (1) and `-ff` (2).
    pub force: u32,
}
