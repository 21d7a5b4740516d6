//! A segment: a run of an LV's logical extents that are mapped in one way.
//!
//! Every segment type of LVM2's text format is here, also those that no operation makes yet:
//! otherwise free space would be wrong. Source: lvm2: lib/*/ (facts), captured texts.

mod pool;
mod raid;

use crate::model::flags::SegmentFlags;
use crate::model::pv::PvIndex;
use crate::name::{LvName, Tag};
use crate::units::{Extents, Le, Pe, Sectors};
pub use pool::{
    Cache, CacheMode, CachePool, CacheSettings, CacheVolLayout, Discards, SettingValue, Thin,
    ThinMessage, ThinOrigin, ThinPool, Vdo, VdoPool, WriteCache,
};
pub use raid::{Raid, RaidImage, RaidLevel};
use std_alloc::boxed::Box;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Where one stripe or leg of a segment lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Area {
    /// On a PV, from this extent.
    Pv {
        /// The PV.
        pv: PvIndex,
        /// The first extent on it.
        start: Pe,
    },
    /// In another, hidden LV, from this extent.
    Lv {
        /// The LV.
        lv: LvName,
        /// The first extent in it.
        start: Le,
    },
}

/// A segment of an LV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Segment {
    /// The first logical extent.
    pub start: Le,
    /// How many logical extents it has; never zero.
    pub extents: Extents,
    /// RAID reshape space, in extents.
    pub reshape: Option<Extents>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Flags written behind the type.
    pub flags: SegmentFlags,
    /// What kind it is, with the fields of that kind.
    pub kind: SegmentKind,
}

impl Segment {
    /// Returns the logical extent behind its last one.
    pub fn end(&self) -> Le {
        self.start.after(self.extents)
    }
}

/// The kinds of segments. Matched without `_`, so that a new kind shows everywhere it matters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SegmentKind {
    /// Linear (one area) or striped.
    Striped(Striped),
    /// Old-style mirror, and the copying LV of a pvmove.
    Mirror(Box<Mirror>),
    /// Carrier of a snapshot: joins an origin and its COW store.
    Snapshot(Box<Snapshot>),
    /// RAID of any level, `raid0` and `raid0_meta` included.
    Raid(Box<Raid>),
    /// Thin pool.
    ThinPool(Box<ThinPool>),
    /// Thin volume.
    Thin(Box<Thin>),
    /// Cache pool.
    CachePool(Box<CachePool>),
    /// Cached LV.
    Cache(Box<Cache>),
    /// LV with a write cache.
    WriteCache(Box<WriteCache>),
    /// LV with integrity checksums.
    Integrity(Box<Integrity>),
    /// VDO volume.
    Vdo(Vdo),
    /// VDO pool.
    VdoPool(Box<VdoPool>),
    /// Every read and write fails.
    Error,
    /// Reads give zeros, writes are dropped.
    Zero,
    /// A type that is not known here; the VG is shown but not changed.
    Unknown(Box<UnknownSegment>),
}

/// Linear or striped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Striped {
    /// How much goes to one stripe before the next; `None` (not in the text) with one stripe.
    pub stripe_size: Option<Sectors>,
    /// The stripes in order; one for linear.
    pub areas: Vec<Area>,
}

/// Old-style mirror.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mirror {
    /// How many extents a pvmove has finished of this segment.
    pub extents_moved: Option<Extents>,
    /// The log LV; without it the log is in core.
    pub log: Option<LvName>,
    /// How much one bit of the log covers.
    pub region_size: Option<Sectors>,
    /// The legs.
    pub areas: Vec<Area>,
}

/// What a snapshot's exceptions are kept for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CowRole {
    /// `cow_store`: an ordinary snapshot.
    Store,
    /// `merging_store`: it is being merged into its origin.
    Merging,
}

/// Joins an origin and its COW store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snapshot {
    /// Copy-on-write unit.
    pub chunk_size: Sectors,
    /// The origin.
    pub origin: LvName,
    /// The LV that holds the exceptions; it has the snapshot's name.
    pub cow: LvName,
    /// Snapshot or merge.
    pub role: CowRole,
}

/// LV with integrity checksums.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Integrity {
    /// The data.
    pub origin: LvName,
    /// Length of the data.
    pub data_sectors: Sectors,
    /// `J`, `B`, `D` or `R`.
    pub mode: String,
    /// Bytes per checksum.
    pub tag_size: u64,
    /// Bytes per checksummed block.
    pub block_size: u64,
    /// Name of the hash.
    pub internal_hash: String,
    /// The LV with checksums and journal.
    pub metadata: Option<LvName>,
    /// Optional tuning keys with their values, in the format's order.
    pub settings: Vec<(String, SettingValue)>,
}

/// A segment of a type that is not known here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownSegment {
    /// The type with its flags, as written.
    pub type_name: String,
    /// The areas on PVs that its lists name, so that free space is not overestimated.
    pub areas: Vec<Area>,
    /// The body of the section, as written.
    pub source: String,
}

impl Segment {
    /// Returns the areas that name PVs or LVs with a start, in order; none for kinds that name
    /// whole LVs.
    pub fn areas(&self) -> &[Area] {
        match &self.kind {
            SegmentKind::Striped(striped) => &striped.areas,
            SegmentKind::Mirror(mirror) => &mirror.areas,
            SegmentKind::Unknown(unknown) => &unknown.areas,
            SegmentKind::Snapshot(_)
            | SegmentKind::Raid(_)
            | SegmentKind::ThinPool(_)
            | SegmentKind::Thin(_)
            | SegmentKind::CachePool(_)
            | SegmentKind::Cache(_)
            | SegmentKind::WriteCache(_)
            | SegmentKind::Integrity(_)
            | SegmentKind::Vdo(_)
            | SegmentKind::VdoPool(_)
            | SegmentKind::Error
            | SegmentKind::Zero => &[],
        }
    }

    /// Returns the areas of [`Self::areas`] to be changed.
    pub fn areas_mut(&mut self) -> &mut [Area] {
        match &mut self.kind {
            SegmentKind::Striped(striped) => &mut striped.areas,
            SegmentKind::Mirror(mirror) => &mut mirror.areas,
            SegmentKind::Unknown(unknown) => &mut unknown.areas,
            SegmentKind::Snapshot(_)
            | SegmentKind::Raid(_)
            | SegmentKind::ThinPool(_)
            | SegmentKind::Thin(_)
            | SegmentKind::CachePool(_)
            | SegmentKind::Cache(_)
            | SegmentKind::WriteCache(_)
            | SegmentKind::Integrity(_)
            | SegmentKind::Vdo(_)
            | SegmentKind::VdoPool(_)
            | SegmentKind::Error
            | SegmentKind::Zero => &mut [],
        }
    }

    /// Returns how many extents each of [`Self::areas`] has: the segment's length, divided by the
    /// number of stripes if it is striped.
    pub fn area_extents(&self) -> Extents {
        match &self.kind {
            SegmentKind::Striped(striped) if striped.areas.len() > 1 => {
                Extents::new(self.extents.get() / striped.areas.len() as u64)
            }
            _ => self.extents,
        }
    }

    /// Returns the name of the segment type as users see it: one stripe is linear.
    pub fn shown_type(&self) -> &str {
        match &self.kind {
            SegmentKind::Striped(striped) if striped.areas.len() == 1 => "linear",
            _ => self.type_name(),
        }
    }

    /// Returns the name of the segment type as it is written, without flags.
    pub fn type_name(&self) -> &str {
        match &self.kind {
            SegmentKind::Striped(_) => "striped",
            SegmentKind::Mirror(_) => "mirror",
            SegmentKind::Snapshot(_) => "snapshot",
            SegmentKind::Raid(raid) => raid.level.as_str(),
            SegmentKind::ThinPool(_) => "thin-pool",
            SegmentKind::Thin(_) => "thin",
            SegmentKind::CachePool(_) => "cache-pool",
            SegmentKind::Cache(_) => "cache",
            SegmentKind::WriteCache(_) => "writecache",
            SegmentKind::Integrity(_) => "integrity",
            SegmentKind::Vdo(_) => "vdo",
            SegmentKind::VdoPool(_) => "vdo-pool",
            SegmentKind::Error => "error",
            SegmentKind::Zero => "zero",
            SegmentKind::Unknown(unknown) => &unknown.type_name,
        }
    }
}
