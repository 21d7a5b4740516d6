//! `pvcreate`: makes devices physical volumes.

use crate::id::Uuid;
use crate::model::vg::Vg;
use crate::ops::layout::Parameters;
use std_alloc::boxed::Box;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The devices, as the user called them.
    pub devices: Vec<String>,
    /// `-f` (1) and `-ff` (2).
    pub force: u32,
    /// `--uuid`; for one device only.
    pub id: Option<Uuid>,
    /// `--restorefile` and `--norestorefile`.
    pub restore: Restore,
    /// The layout.
    pub layout: Parameters,
}

/// Where the layout of a PV that is made again is taken from.
#[derive(Clone, Debug, Default)]
pub enum Restore {
    /// Nothing was said.
    #[default]
    Unset,
    /// `--norestorefile`: from nowhere, although a UUID is given.
    No,
    /// `--restorefile`: from a backup of the VG.
    File {
        /// The file, as the user called it.
        path: String,
        /// What it says.
        vg: Box<Vg>,
    },
}
