//! `pvresize`: adapts physical volumes to the size of their devices, or to a given one.

use crate::units::Sectors;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The devices, as the user called them.
    pub devices: Vec<String>,
    /// `--setphysicalvolumesize`.
    pub size: Option<Sectors>,
}
