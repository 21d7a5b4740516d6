//! lvcreate: a new LV, linear or striped.

use crate::model::flags::AllocationPolicy;
use crate::model::lv::{DeviceNumbers, ReadAhead};
use crate::name::{LvName, Tag, VgName};
use crate::size::Amount;
use crate::size::ranges::PvArg;
use crate::units::Sectors;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What the extents of a new LV are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Extents of PVs, in one stripe or several.
    Striped,
    /// None: every read and write fails (`--type error`).
    Error,
    /// None: reads give zeros (`--type zero`).
    Zero,
}

/// A new LV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The VG it is in.
    pub vg: VgName,
    /// Its name; without, `lvolN` with the lowest number that is free.
    pub name: Option<LvName>,
    /// What its extents are.
    pub kind: Kind,
    /// Its length.
    pub amount: Amount,
    /// `-i`.
    pub stripes: Option<u32>,
    /// `-I`.
    pub stripe_size: Option<Sectors>,
    /// The PVs it may use, in order of preference; all if empty.
    pub pvs: Vec<PvArg>,
    /// `--alloc`, `-C`; `Inherit` is the VG's.
    pub policy: AllocationPolicy,
    /// `-p r`.
    pub read_only: bool,
    /// `--addtag`.
    pub tags: Vec<Tag>,
    /// `-r`.
    pub read_ahead: ReadAhead,
    /// `-M y` with `--major` and `--minor`.
    pub numbers: Option<DeviceNumbers>,
    /// `-k`.
    pub activation_skip: bool,
    /// `--setautoactivation n`.
    pub no_auto_activate: bool,
    /// `-Z`: whether its first 4 KiB are zeroed; by default they are.
    pub zero: Option<bool>,
    /// `-W`: whether signatures on it are looked for and wiped; by default the settings' choice.
    pub wipe_signatures: Option<bool>,
    /// `--metadataprofile`.
    pub profile: Option<String>,
}

impl Request {
    /// Makes the request for a linear LV with all else as by default.
    pub fn new(vg: VgName, amount: Amount) -> Self {
        Self {
            vg,
            name: None,
            kind: Kind::Striped,
            amount,
            stripes: None,
            stripe_size: None,
            pvs: Vec::new(),
            policy: AllocationPolicy::Inherit,
            read_only: false,
            tags: Vec::new(),
            read_ahead: ReadAhead::Auto,
            numbers: None,
            activation_skip: false,
            no_auto_activate: false,
            zero: None,
            wipe_signatures: None,
            profile: None,
        }
    }
}
