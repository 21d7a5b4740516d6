//! Lengths and positions as types, so that sectors, bytes and extents never mix unnamed.
//!
//! A *length* ([`Bytes`], [`Sectors`], [`Extents`]) counts; a *position* ([`Pe`], [`Le`]) is an
//! index. Arithmetic that could overflow is checked: the operators panic with a reason (the values
//! they meet have been bounded when they were parsed), the `checked_` forms are for input.

use core::fmt;
use core::ops::{Add, AddAssign, Mul, Sub, SubAssign};
use serde::{Deserialize, Serialize};

/// Bytes in one sector. Always 512, also on disks with larger logical blocks.
pub const SECTOR_SIZE: u64 = 512;

macro_rules! length {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// The length zero.
            pub const ZERO: Self = Self(0);

            #[doc = concat!("Makes a length of `count` ", $unit, ".")]
            pub const fn new(count: u64) -> Self {
                Self(count)
            }

            #[doc = concat!("Returns the number of ", $unit, ".")]
            pub const fn get(self) -> u64 {
                self.0
            }

            /// Returns true for the length zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// Adds, or `None` if the sum does not fit 64 bits.
            #[must_use]
            pub const fn checked_add(self, other: Self) -> Option<Self> {
                match self.0.checked_add(other.0) {
                    Some(sum) => Some(Self(sum)),
                    None => None,
                }
            }

            /// Subtracts, or `None` if `other` is longer.
            #[must_use]
            pub const fn checked_sub(self, other: Self) -> Option<Self> {
                match self.0.checked_sub(other.0) {
                    Some(rest) => Some(Self(rest)),
                    None => None,
                }
            }

            /// Subtracts, stopping at zero.
            #[must_use]
            pub const fn saturating_sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }

            /// Rounds up to a multiple of `unit`, or `None` if that does not fit 64 bits.
            ///
            /// # Panics
            /// If `unit` is zero.
            #[must_use]
            pub const fn checked_round_up(self, unit: Self) -> Option<Self> {
                match self.0.checked_next_multiple_of(unit.0) {
                    Some(rounded) => Some(Self(rounded)),
                    None => None,
                }
            }

            /// Rounds down to a multiple of `unit`.
            ///
            /// # Panics
            /// If `unit` is zero.
            #[must_use]
            pub const fn round_down(self, unit: Self) -> Self {
                Self(self.0 - self.0 % unit.0)
            }

            /// Returns true if this is a whole number of `unit`.
            ///
            /// # Panics
            /// If `unit` is zero.
            pub const fn is_multiple_of(self, unit: Self) -> bool {
                self.0 % unit.0 == 0
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                self.checked_add(other).expect(concat!("sum of ", $unit, " fits 64 bits"))
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                self.checked_sub(other).expect(concat!("difference of ", $unit, " is not negative"))
            }
        }

        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                *self = *self - other;
            }
        }

        impl Mul<u64> for $name {
            type Output = Self;
            fn mul(self, factor: u64) -> Self {
                Self(self.0.checked_mul(factor).expect(concat!("product of ", $unit, " fits 64 bits")))
            }
        }

        impl core::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, |sum, item| sum + item)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{} ", $unit), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

length!(
    /// A length, or an offset from the start of a device, in bytes.
    Bytes,
    "bytes"
);
length!(
    /// A length, or an offset from the start of a device, in sectors of 512 bytes.
    Sectors,
    "sectors"
);
length!(
    /// A number of extents, physical or logical.
    Extents,
    "extents"
);

impl Sectors {
    /// Returns the same length in bytes, or `None` if it does not fit 64 bits.
    #[must_use]
    pub const fn checked_to_bytes(self) -> Option<Bytes> {
        match self.0.checked_mul(SECTOR_SIZE) {
            Some(bytes) => Some(Bytes(bytes)),
            None => None,
        }
    }

    /// Returns the same length in bytes.
    ///
    /// # Panics
    /// If it does not fit 64 bits; lengths that come from outside use [`Self::checked_to_bytes`].
    #[must_use]
    pub const fn to_bytes(self) -> Bytes {
        self.checked_to_bytes().expect("a length in sectors was bounded when it was read")
    }
}

impl Bytes {
    /// Returns the number of whole sectors, rounding down.
    #[must_use]
    pub const fn to_sectors_floor(self) -> Sectors {
        Sectors(self.0 / SECTOR_SIZE)
    }

    /// Returns the number of sectors that hold it, rounding up.
    #[must_use]
    pub const fn to_sectors_ceil(self) -> Sectors {
        Sectors(self.0.div_ceil(SECTOR_SIZE))
    }
}

macro_rules! position {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// The first position.
            pub const ZERO: Self = Self(0);

            #[doc = concat!("Makes the position of the ", $what, " with index `index`.")]
            pub const fn new(index: u64) -> Self {
                Self(index)
            }

            /// Returns the index, from 0.
            pub const fn get(self) -> u64 {
                self.0
            }

            /// Returns the position `count` further on.
            ///
            /// # Panics
            /// If it does not fit 64 bits.
            #[must_use]
            pub const fn after(self, count: Extents) -> Self {
                Self(self.0.checked_add(count.0).expect("an extent number was bounded when it was read"))
            }

            /// Returns how many extents lie between `start` and this position.
            ///
            /// # Panics
            /// If `start` is behind this position.
            #[must_use]
            pub const fn since(self, start: Self) -> Extents {
                Extents(self.0.checked_sub(start.0).expect("the start of a run is not behind its end"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($what, " {}"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

position!(
    /// The index of a physical extent on its PV, from 0.
    Pe,
    "PE"
);
position!(
    /// The index of a logical extent in its LV, from 0.
    Le,
    "LE"
);

/// The size of an extent: the only way from extents to sectors and back.
///
/// LVM2's rule for its own format: a power of two, or any multiple of 128 KiB.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
#[serde(try_from = "Sectors", into = "Sectors")]
pub struct ExtentSize(Sectors);

/// An extent size that the format does not allow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("extent size of {0} sectors is neither a power of two nor a multiple of 256")]
pub struct ExtentSizeError(pub Sectors);

impl ExtentSize {
    /// Checks and takes a size.
    ///
    /// # Errors
    /// If it is no power of two of sectors and no multiple of 128 KiB, or if it does
    /// not fit 32 bits of sectors.
    pub const fn new(size: Sectors) -> Result<Self, ExtentSizeError> {
        let count = size.0;
        let power = count.is_power_of_two();
        let multiple = count > 0 && count.is_multiple_of(256);
        if (power || multiple) && count <= u32::MAX as u64 {
            Ok(Self(size))
        } else {
            Err(ExtentSizeError(size))
        }
    }

    /// Returns the size in sectors; never zero.
    pub const fn sectors(self) -> Sectors {
        self.0
    }

    /// Returns the length of `extents` in sectors, or `None` if it does not fit 64 bits.
    #[must_use]
    pub const fn checked_to_sectors(self, extents: Extents) -> Option<Sectors> {
        match extents.0.checked_mul(self.0.0) {
            Some(count) => Some(Sectors(count)),
            None => None,
        }
    }

    /// Returns the length of `extents` in sectors.
    ///
    /// # Panics
    /// If it does not fit 64 bits: the number of extents was bounded to 32 bits when it was read.
    #[must_use]
    pub const fn to_sectors(self, extents: Extents) -> Sectors {
        self.checked_to_sectors(extents).expect("extents and their size fit 32 bits each")
    }

    /// Returns how many whole extents fit into `length`, rounding down.
    #[must_use]
    pub const fn extents_floor(self, length: Sectors) -> Extents {
        Extents(length.0 / self.0.0)
    }

    /// Returns how many extents hold `length`, rounding up.
    #[must_use]
    pub const fn extents_ceil(self, length: Sectors) -> Extents {
        Extents(length.0.div_ceil(self.0.0))
    }
}

impl TryFrom<Sectors> for ExtentSize {
    type Error = ExtentSizeError;
    fn try_from(size: Sectors) -> Result<Self, ExtentSizeError> {
        Self::new(size)
    }
}

impl From<ExtentSize> for Sectors {
    fn from(size: ExtentSize) -> Self {
        size.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extent_sizes_follow_the_formats_rule() {
        for good in [1, 2, 4, 128, 256, 768, 8192, 256 * 3, 1 << 31] {
            assert!(ExtentSize::new(Sectors::new(good)).is_ok(), "{good}");
        }
        for bad in [0, 3, 6, 255, 300, 8193, 1 << 32] {
            assert!(ExtentSize::new(Sectors::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn divisions_say_which_way_they_round() {
        let size = ExtentSize::new(Sectors::new(8192)).unwrap();
        assert_eq!(size.extents_floor(Sectors::new(8193)), Extents::new(1));
        assert_eq!(size.extents_ceil(Sectors::new(8193)), Extents::new(2));
        assert_eq!(Bytes::new(513).to_sectors_floor(), Sectors::new(1));
        assert_eq!(Bytes::new(513).to_sectors_ceil(), Sectors::new(2));
    }
}
