//! `vgcfgrestore`: makes a volume group what it was when a backup of its metadata was made.

use crate::model::vg::{Provenance, Vg};
use crate::name::VgName;
use std_alloc::boxed::Box;
use std_alloc::string::String;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG's name, as the user gave it.
    pub name: VgName,
    /// The file, as the user called it or as it was found.
    pub path: String,
    /// What it says.
    pub vg: Box<Vg>,
    /// Who wrote it, when and why.
    pub provenance: Provenance,
    /// `--force`: although it has thin pools.
    pub force: u32,
}
