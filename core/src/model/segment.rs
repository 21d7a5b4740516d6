//! A segment: a run of an LV's logical extents that are mapped in one way.
//!
//! Every segment type of LVM2's text format is here, also those that no operation makes yet:
//! otherwise free space would be wrong. Source: lvm2: lib/*/ (facts), captured texts.

use crate::id::Uuid;
use crate::model::flags::SegmentFlags;
use crate::model::pv::PvIndex;
use crate::name::{LvName, Tag};
use crate::units::{Extents, Le, Pe, Sectors};
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

/// One device of a RAID.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RaidImage {
    /// Its metadata LV; `raid0` has none.
    pub metadata: Option<LvName>,
    /// Its data LV.
    pub data: LvName,
}

/// The RAID levels and layouts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[expect(missing_docs, reason = "the names of the levels are those of the segment types")]
pub enum RaidLevel {
    Raid0,
    Raid0Meta,
    Raid1,
    Raid10,
    Raid10Near,
    Raid4,
    Raid5,
    Raid5N,
    Raid5La,
    Raid5Ls,
    Raid5Ra,
    Raid5Rs,
    Raid6,
    Raid6Nc,
    Raid6Nr,
    Raid6Zr,
    Raid6La6,
    Raid6Ls6,
    Raid6Ra6,
    Raid6Rs6,
    Raid6N6,
}

/// RAID of any level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Raid {
    /// Level and layout.
    pub level: RaidLevel,
    /// Copies of each block, raid10 only.
    pub data_copies: Option<u32>,
    /// How much one bit of the write-intent bitmap covers.
    pub region_size: Option<Sectors>,
    /// How much goes to one device before the next.
    pub stripe_size: Option<Sectors>,
    /// Outstanding writes allowed to write-mostly devices.
    pub write_behind: Option<u32>,
    /// Slowest recovery, KiB/s per device.
    pub min_recovery_rate: Option<u32>,
    /// Fastest recovery, KiB/s per device.
    pub max_recovery_rate: Option<u32>,
    /// Where data begins on the devices, during and after a reshape.
    pub data_offset: Option<Sectors>,
    /// The devices in order.
    pub images: Vec<RaidImage>,
}

/// What a thin pool does with discards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Discards {
    /// Dropped.
    Ignore,
    /// Free space in the pool, not passed to its data device.
    NoPassdown,
    /// Free space and are passed on.
    Passdown,
}

/// A message to a thin pool that the kernel has not been sent yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ThinMessage {
    /// Create the device of this thin LV.
    Create(LvName),
    /// Delete the device with this number.
    Delete(u32),
}

/// Thin pool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ThinPool {
    /// LV with the mapping.
    pub metadata: LvName,
    /// LV with the data.
    pub data: LvName,
    /// How many transactions the kernel has committed.
    pub transaction_id: u64,
    /// Allocation unit.
    pub chunk_size: Sectors,
    /// What happens to discards; absent in old text.
    pub discards: Option<Discards>,
    /// New blocks are zeroed before use.
    pub zero_new_blocks: bool,
    /// `crop_metadata`: metadata beyond the kernel's limit is not used.
    pub crop_metadata: Option<u64>,
    /// Messages pending, in order.
    pub messages: Vec<ThinMessage>,
}

/// Thin volume.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thin {
    /// Its pool.
    pub pool: LvName,
    /// The pool's transaction in which it was made.
    pub transaction_id: u64,
    /// Its number in the pool, below 2^24.
    pub device_id: u32,
    /// A read-only LV outside the pool it is a snapshot of.
    pub external_origin: Option<LvName>,
    /// The thin LV it is a snapshot of; `-name` (here without hyphen) if historical.
    pub origin: Option<ThinOrigin>,
    /// The LV it is to be merged into.
    pub merge: Option<LvName>,
}

/// What a thin snapshot was taken of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ThinOrigin {
    /// An LV that exists.
    Live(LvName),
    /// One that was removed, in the VG's history.
    Historical(LvName),
}

/// How a cache handles writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CacheMode {
    /// To cache and origin.
    WriteThrough,
    /// To the cache, to the origin later.
    WriteBack,
    /// To the origin only.
    PassThrough,
}

/// The value of a policy setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SettingValue {
    /// A number.
    Number(i64),
    /// A string.
    Text(String),
}

/// Parameters of a cache.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CacheSettings {
    /// Caching unit.
    pub chunk_size: Option<Sectors>,
    /// How writes are handled.
    pub mode: Option<CacheMode>,
    /// Name of the replacement policy.
    pub policy: Option<String>,
    /// Settings of the policy, in order; `None` if the section is absent.
    pub policy_settings: Option<Vec<(String, SettingValue)>>,
}

/// Cache pool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachePool {
    /// LV with the cached blocks.
    pub data: LvName,
    /// LV with the mapping.
    pub metadata: LvName,
    /// 1 or 2.
    pub metadata_format: Option<u32>,
    /// Parameters.
    pub settings: CacheSettings,
}

/// Where data and metadata of a cache lie in a single LV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CacheVolLayout {
    /// Start of the metadata.
    pub metadata_start: Sectors,
    /// Length of the metadata.
    pub metadata_len: Sectors,
    /// Start of the data.
    pub data_start: Sectors,
    /// Length of the data.
    pub data_len: Sectors,
    /// UUID of the metadata part's device.
    pub metadata_id: Option<Uuid>,
    /// UUID of the data part's device.
    pub data_id: Option<Uuid>,
}

/// Cached LV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cache {
    /// The pool or single LV that caches.
    pub pool: LvName,
    /// What is cached.
    pub origin: LvName,
    /// The cache is being emptied.
    pub cleaner: Option<u64>,
    /// 1 or 2.
    pub metadata_format: Option<u32>,
    /// Parameters, with a single LV only.
    pub settings: CacheSettings,
    /// Layout, with a single LV only.
    pub layout: Option<CacheVolLayout>,
}

/// LV with a write cache.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WriteCache {
    /// The LV that caches.
    pub writecache: LvName,
    /// What is cached.
    pub origin: LvName,
    /// Bytes.
    pub block_size: u64,
    /// Optional tuning keys with their values, in the format's order.
    pub settings: Vec<(String, SettingValue)>,
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

/// VDO volume.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vdo {
    /// Its pool.
    pub pool: LvName,
    /// First extent in the pool's virtual space.
    pub offset: Le,
}

/// VDO pool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VdoPool {
    /// LV with the data.
    pub data: LvName,
    /// Sectors before and behind the virtual space.
    pub header_size: Sectors,
    /// Size of the virtual space.
    pub virtual_extents: Extents,
    /// All other keys with their values, in the format's order.
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
    /// Returns the areas that name PVs or LVs with a start, in order; none for kinds that name whole
    /// LVs.
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

impl RaidLevel {
    /// All levels and layouts.
    pub const ALL: [Self; 21] = [
        Self::Raid0,
        Self::Raid0Meta,
        Self::Raid1,
        Self::Raid10,
        Self::Raid10Near,
        Self::Raid4,
        Self::Raid5,
        Self::Raid5N,
        Self::Raid5La,
        Self::Raid5Ls,
        Self::Raid5Ra,
        Self::Raid5Rs,
        Self::Raid6,
        Self::Raid6Nc,
        Self::Raid6Nr,
        Self::Raid6Zr,
        Self::Raid6La6,
        Self::Raid6Ls6,
        Self::Raid6Ra6,
        Self::Raid6Rs6,
        Self::Raid6N6,
    ];

    /// Returns the name of the segment type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Raid0 => "raid0",
            Self::Raid0Meta => "raid0_meta",
            Self::Raid1 => "raid1",
            Self::Raid10 => "raid10",
            Self::Raid10Near => "raid10_near",
            Self::Raid4 => "raid4",
            Self::Raid5 => "raid5",
            Self::Raid5N => "raid5_n",
            Self::Raid5La => "raid5_la",
            Self::Raid5Ls => "raid5_ls",
            Self::Raid5Ra => "raid5_ra",
            Self::Raid5Rs => "raid5_rs",
            Self::Raid6 => "raid6",
            Self::Raid6Nc => "raid6_nc",
            Self::Raid6Nr => "raid6_nr",
            Self::Raid6Zr => "raid6_zr",
            Self::Raid6La6 => "raid6_la_6",
            Self::Raid6Ls6 => "raid6_ls_6",
            Self::Raid6Ra6 => "raid6_ra_6",
            Self::Raid6Rs6 => "raid6_rs_6",
            Self::Raid6N6 => "raid6_n_6",
        }
    }

    /// Returns the level that has this segment type, if any.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}

impl Discards {
    /// Returns the word that metadata uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::NoPassdown => "nopassdown",
            Self::Passdown => "passdown",
        }
    }

    /// Returns what has this word, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Ignore, Self::NoPassdown, Self::Passdown]
            .into_iter()
            .find(|discards| discards.as_str() == word)
    }
}

impl CacheMode {
    /// Returns the word that metadata uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WriteThrough => "writethrough",
            Self::WriteBack => "writeback",
            Self::PassThrough => "passthrough",
        }
    }

    /// Returns what has this word, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::WriteThrough, Self::WriteBack, Self::PassThrough]
            .into_iter()
            .find(|mode| mode.as_str() == word)
    }
}
