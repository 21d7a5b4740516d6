//! A logical volume.

use crate::id::Uuid;
use crate::model::flags::{AllocationPolicy, LvFlags, Permission};
use crate::model::segment::Segment;
use crate::name::{LvName, Tag};
use crate::units::{Extents, Sectors};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// When and where an LV was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Creation {
    /// Seconds since 1970-01-01 UTC.
    pub time: u64,
    /// Node name of the machine.
    pub host: String,
}

/// How far the kernel reads ahead on an LV.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ReadAhead {
    /// Chosen by the kernel; not in the text.
    #[default]
    Auto,
    /// None; `-1` in the text.
    None,
    /// This much.
    Sectors(Sectors),
}

/// Persistent device numbers; `None` in the text's terms is -1 or absence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DeviceNumbers {
    /// Major number, if fixed.
    pub major: Option<u32>,
    /// Minor number, if fixed.
    pub minor: Option<u32>,
}

/// A logical volume, visible or hidden.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lv {
    /// Its name, unique in the VG.
    pub name: LvName,
    /// Its identity within the VG.
    pub id: Uuid,
    /// Whether it may be written.
    pub permission: Permission,
    /// Its flags.
    pub flags: LvFlags,
    /// Its tags, in order.
    pub tags: Vec<Tag>,
    /// When and where it was made; old metadata lacks it.
    pub creation: Option<Creation>,
    /// Argument of the lock manager.
    pub lock_args: Option<String>,
    /// How new extents are chosen.
    pub policy: AllocationPolicy,
    /// Name of its configuration profile.
    pub profile: Option<String>,
    /// Read-ahead.
    pub read_ahead: ReadAhead,
    /// Persistent device numbers.
    pub numbers: DeviceNumbers,
    /// Its segments: sorted, without gaps, from extent 0.
    pub segments: Vec<Segment>,
}

impl Lv {
    /// Returns its length, the sum of its segments.
    pub fn extents(&self) -> Extents {
        self.segments.iter().map(|segment| segment.extents).sum()
    }
}

/// An LV that was removed and is remembered (thin snapshots' ancestry).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HistoricalLv {
    /// The name it had.
    pub name: LvName,
    /// The identity it had.
    pub id: Uuid,
    /// When it was made, seconds since 1970-01-01 UTC.
    pub creation_time: Option<u64>,
    /// When it was removed, seconds since 1970-01-01 UTC.
    pub removal_time: Option<u64>,
    /// What it was a snapshot of.
    pub origin: Option<HistoryName>,
    /// What were snapshots of it.
    pub descendants: Vec<HistoryName>,
}

/// A name in the history: of an LV that exists or of one that was removed (`-name` in the text).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HistoryName {
    /// An LV that exists.
    Live(LvName),
    /// One that was removed.
    Historical(LvName),
}
