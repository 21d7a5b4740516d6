//! Flags of VGs, PVs, LVs and segments. Sets of independent flags are structs of bools; those that
//! exclude one another are enums.
//!
//! Source of the names: lvm2: `lib/format_text/flags.c` (facts).

use serde::{Deserialize, Serialize};

/// Whether a VG or LV may be written. Whether the text says `WRITE_LOCKED` instead of `WRITE`, to
/// keep old tools off, follows from [`crate::model::Vg::is_write_locked`].
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default, Serialize, Deserialize,
)]
pub enum Permission {
    /// `READ` without `WRITE`.
    ReadOnly,
    /// `READ` and `WRITE`.
    #[default]
    ReadWrite,
}

/// How new extents are chosen. The order is that of liberality.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default, Serialize, Deserialize,
)]
pub enum AllocationPolicy {
    /// Each new area directly follows the one before.
    Contiguous,
    /// New areas on the PVs that the LV is on already.
    Cling,
    /// As cling, and PVs that share a tag with them.
    ClingByTags,
    /// Any PV, parallel areas on different ones.
    Normal,
    /// Any PV, parallel areas may share one.
    Anywhere,
    /// An LV's default: that of the VG.
    #[default]
    Inherit,
}

impl AllocationPolicy {
    /// Returns the word that metadata, commands and reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contiguous => "contiguous",
            Self::Cling => "cling",
            Self::ClingByTags => "cling_by_tags",
            Self::Normal => "normal",
            Self::Anywhere => "anywhere",
            Self::Inherit => "inherit",
        }
    }

    /// Returns the policy that has this word, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Contiguous,
            Self::Cling,
            Self::ClingByTags,
            Self::Normal,
            Self::Anywhere,
            Self::Inherit,
        ]
        .into_iter()
        .find(|policy| policy.as_str() == word)
    }

    /// Returns the character that stands for the policy in attribute strings.
    pub const fn attr_char(self) -> char {
        match self {
            Self::Contiguous => 'c',
            Self::Cling => 'l',
            Self::ClingByTags => 't',
            Self::Normal => 'n',
            Self::Anywhere => 'a',
            Self::Inherit => 'i',
        }
    }
}

/// Flags of a VG, its permission aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct VgFlags {
    /// `EXPORTED`: ready to move to another machine, not to be used here.
    pub exported: bool,
    /// `RESIZEABLE`: PVs may be added and removed.
    pub resizeable: bool,
    /// `PVMOVE`: a pvmove is under way.
    pub pvmove: bool,
    /// `CLUSTERED`: locked by clvmd, which no longer exists.
    pub clustered: bool,
    /// `SHARED`: locked by lvmlockd.
    pub shared: bool,
    /// `NOAUTOACTIVATE` (compatible flag): not to be activated automatically.
    pub no_auto_activate: bool,
}

/// Flags of a PV.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PvFlags {
    /// `ALLOCATABLE`: new extents may be taken from it.
    pub allocatable: bool,
    /// `EXPORTED`: part of an exported VG.
    pub exported: bool,
    /// `MISSING`: it was missing when the metadata was last written.
    pub missing: bool,
}

/// Flags of an LV, its permission aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LvFlags {
    /// `VISIBLE`: a user's LV, not a part of one.
    pub visible: bool,
    /// `FIXED_MINOR`: its device number is persistent.
    pub fixed_minor: bool,
    /// `PVMOVE`: the temporary mirror of a pvmove.
    pub pvmove: bool,
    /// `LOCKED`: not to be changed while a pvmove is under way.
    pub locked: bool,
    /// `NOTSYNCED`: a mirror or RAID made without initial synchronisation.
    pub not_synced: bool,
    /// `REBUILD`: a RAID image to be rebuilt.
    pub rebuild: bool,
    /// `WRITEMOSTLY`: a RAID image to be read only if it must.
    pub write_mostly: bool,
    /// `ACTIVATION_SKIP` (compatible flag): not activated unless asked to.
    pub activation_skip: bool,
    /// `NOAUTOACTIVATE` (compatible flag): not activated automatically.
    pub no_auto_activate: bool,
    /// `ERROR_WHEN_FULL` (compatible flag): a thin pool that fails writes when full.
    pub error_when_full: bool,
    /// `CACHE_VOL` (compatible flag): an LV that is used as a cache.
    pub cache_vol: bool,
}

/// Flags that are written behind a segment's type, `type+FLAG`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SegmentFlags {
    /// `RESHAPE`.
    pub reshape: bool,
    /// `RESHAPE_DATA_OFFSET`.
    pub reshape_data_offset: bool,
    /// `RESHAPE_DELTA_DISKS_PLUS`.
    pub reshape_delta_disks_plus: bool,
    /// `RESHAPE_DELTA_DISKS_MINUS`.
    pub reshape_delta_disks_minus: bool,
    /// `REMOVE_AFTER_RESHAPE`.
    pub remove_after_reshape: bool,
    /// `METADATA_FORMAT`.
    pub metadata_format: bool,
    /// `CROP_METADATA`.
    pub crop_metadata: bool,
    /// `CACHE_USES_CACHEVOL`.
    pub cache_uses_cachevol: bool,
}
