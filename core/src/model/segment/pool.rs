//! Pools and caches, and what lives in them.

use crate::id::Uuid;
use crate::name::LvName;
use crate::units::{Extents, Le, Sectors};
use std_alloc::string::String;
use std_alloc::vec::Vec;

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
