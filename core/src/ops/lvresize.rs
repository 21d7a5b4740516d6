//! lvresize, and with it lvextend and lvreduce: another length for an LV.

use crate::model::flags::AllocationPolicy;
use crate::name::{LvName, VgName};
use crate::size::Amount;
use crate::size::ranges::PvArg;
use crate::units::Sectors;
use std_alloc::vec::Vec;

/// What the command allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// `lvextend`: longer only.
    Extend,
    /// `lvreduce`: shorter only.
    Reduce,
    /// `lvresize`: both.
    Either,
}

/// Another length for an LV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Its VG.
    pub vg: VgName,
    /// Its name.
    pub lv: LvName,
    /// What the command allows.
    pub direction: Direction,
    /// The length, or with a sign the difference. `None`: all that is free on the PVs given.
    pub amount: Option<Amount>,
    /// `-i`: stripes of what is added.
    pub stripes: Option<u32>,
    /// `-I`: stripe size of what is added.
    pub stripe_size: Option<Sectors>,
    /// The PVs that new extents may come from, in order of preference; all if empty.
    pub pvs: Vec<PvArg>,
    /// `--alloc`, for this time.
    pub policy: Option<AllocationPolicy>,
    /// Whether `-y` or `-f` was given: nothing is asked.
    pub force: bool,
}
