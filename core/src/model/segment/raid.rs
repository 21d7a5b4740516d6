//! RAID of any level.

use crate::name::LvName;
use crate::units::Sectors;
use std_alloc::vec::Vec;

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

    /// Returns how many devices hold nothing but parity.
    pub const fn parity_devices(self) -> u64 {
        match self {
            Self::Raid0 | Self::Raid0Meta | Self::Raid1 | Self::Raid10 | Self::Raid10Near => 0,
            Self::Raid4
            | Self::Raid5
            | Self::Raid5N
            | Self::Raid5La
            | Self::Raid5Ls
            | Self::Raid5Ra
            | Self::Raid5Rs => 1,
            Self::Raid6
            | Self::Raid6Nc
            | Self::Raid6Nr
            | Self::Raid6Zr
            | Self::Raid6La6
            | Self::Raid6Ls6
            | Self::Raid6Ra6
            | Self::Raid6Rs6
            | Self::Raid6N6 => 2,
        }
    }
}

impl Raid {
    /// Returns how many images the data is spread over, if there are enough of them.
    pub fn data_stripes(&self) -> Option<u64> {
        let images = self.images.len() as u64;
        let stripes = match self.level {
            RaidLevel::Raid1 => images.min(1),
            RaidLevel::Raid10 | RaidLevel::Raid10Near => {
                images / u64::from(self.data_copies.unwrap_or(2).max(1))
            }
            level => images.saturating_sub(level.parity_devices()),
        };
        (stripes > 0).then_some(stripes)
    }
}
