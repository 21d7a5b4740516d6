//! How sizes, extents, PVs with ranges, and names of VGs and LVs are written on a command line, and
//! how sizes are shown ([`units`]).
//!
//! Reading is no more than that: the meaning of `50%FREE` or of an end beyond a PV is found by the
//! operation, which knows the VG. Errors read as LVM2's; where an option's argument is wrong the
//! command ends with 3.

pub mod extents;
pub mod number;
pub mod path;
pub mod ranges;
pub mod units;

use crate::units::{Bytes, Sectors};
use number::Decimal;

/// A sign in front of a size or a number of extents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sign {
    /// None: the size as a whole.
    #[default]
    None,
    /// `+`: as much more.
    Plus,
    /// `-`: as much less.
    Minus,
}

/// Which signs an option takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signs {
    /// `+` and `-` (`lvresize`).
    Both,
    /// `+` only (`lvextend`; also wherever a sign has no meaning).
    Plus,
    /// `-` only (`lvreduce`).
    Minus,
}

/// A unit of a size, 1024-based.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names of the units say it")]
pub enum Unit {
    Bytes,
    Sectors,
    KiB,
    MiB,
    GiB,
    TiB,
    PiB,
    EiB,
}

impl Unit {
    /// Returns the unit that a letter stands for; upper and lower case mean the same.
    pub const fn from_letter(letter: u8) -> Option<Self> {
        Some(match letter.to_ascii_lowercase() {
            b'b' => Self::Bytes,
            b's' => Self::Sectors,
            b'k' => Self::KiB,
            b'm' => Self::MiB,
            b'g' => Self::GiB,
            b't' => Self::TiB,
            b'p' => Self::PiB,
            b'e' => Self::EiB,
            _ => return None,
        })
    }

    /// Returns its length in sectors, 0 for bytes.
    const fn sectors(self) -> u64 {
        match self {
            Self::Bytes => 0,
            Self::Sectors => 1,
            Self::KiB => 1 << 1,
            Self::MiB => 1 << 11,
            Self::GiB => 1 << 21,
            Self::TiB => 1 << 31,
            Self::PiB => 1 << 41,
            Self::EiB => 1 << 51,
        }
    }
}

/// A size with its sign: `+5g`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// Its sign.
    pub sign: Sign,
    /// How much.
    pub sectors: Sectors,
}

/// How large an LV is to be, or by how much it changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amount {
    /// `-L`.
    Size(Size),
    /// `-l`.
    Extents(extents::ExtentsArg),
}

impl Amount {
    /// Returns its sign.
    pub const fn sign(self) -> Sign {
        match self {
            Self::Size(size) => size.sign,
            Self::Extents(extents) => extents.sign,
        }
    }
}

/// Why a text is no size.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SizeError {
    /// It does not begin with a number.
    #[error("Size requires number argument.")]
    NoNumber,
    /// Behind the number stands what is no unit.
    #[error("Can't parse size argument.")]
    Suffix,
    /// It begins with a point without digits.
    #[error("Can't parse size argument at '.'.")]
    Point,
    /// It has two signs.
    #[error("Multiple sign symbols detected.")]
    Signs,
    /// It has a `-` where none may be.
    #[error("Size may not be negative.")]
    Negative,
    /// It has a `+` where none may be.
    #[error("Size may not be positive.")]
    Positive,
    /// It is no whole number of sectors.
    #[error("Size is not a multiple of 512. Try using {below} or {above}.")]
    Bytes {
        /// The next multiple below, in bytes.
        below: u64,
        /// The next multiple above, in bytes.
        above: u64,
    },
    /// It does not fit 64 bits of bytes.
    #[error("Size is too big (>=16EiB).")]
    TooBig,
}

/// Splits the sign off an argument.
pub(crate) fn split_sign(text: &str) -> (Sign, &str) {
    match text.as_bytes().first() {
        Some(b'+') => (Sign::Plus, &text[1..]),
        Some(b'-') => (Sign::Minus, &text[1..]),
        _ => (Sign::None, text),
    }
}

/// Reads a size: `[+|-]number[unit]`; without a letter the number counts `unit`s.
///
/// Like LVM2, only the first character behind the number counts (`5mb`), fractions of a sector are
/// dropped, and the number may be written as C's `strtod` takes it (`1e3`, `0x10`).
///
/// # Errors
/// If it is none, with LVM2's words.
pub fn parse(text: &str, unit: Unit, signs: Signs) -> Result<Size, SizeError> {
    let (sign, number) = split_sign(text);
    if sign != Sign::None && split_sign(number).0 != Sign::None {
        return Err(SizeError::Signs);
    }
    match (sign, signs) {
        (Sign::Minus, Signs::Plus) => return Err(SizeError::Negative),
        (Sign::Plus, Signs::Minus) => return Err(SizeError::Positive),
        _ => {}
    }
    match number.as_bytes().first() {
        Some(b'0'..=b'9' | b'.') => {}
        _ => return Err(SizeError::NoNumber),
    }
    let (value, rest) = Decimal::split(number).ok_or(SizeError::Point)?;
    let unit = match rest.bytes().next() {
        Some(letter) => Unit::from_letter(letter).ok_or(SizeError::Suffix)?,
        None => unit,
    };
    let sectors = to_sectors(value, unit)?;
    assert!(sectors.checked_to_bytes().is_some(), "a size fits 64 bits of bytes");
    Ok(Size { sign, sectors })
}

fn to_sectors(value: Decimal, unit: Unit) -> Result<Sectors, SizeError> {
    if unit == Unit::Bytes {
        let bytes = value.times(1).ok_or(SizeError::TooBig)?;
        if !bytes.is_multiple_of(crate::units::SECTOR_SIZE) {
            let below = bytes - bytes % crate::units::SECTOR_SIZE;
            let above = below.checked_add(crate::units::SECTOR_SIZE).ok_or(SizeError::TooBig)?;
            return Err(SizeError::Bytes { below, above });
        }
        return Ok(Bytes::new(bytes).to_sectors_floor());
    }
    let sectors = Sectors::new(value.times(unit.sectors()).ok_or(SizeError::TooBig)?);
    match sectors.checked_to_bytes() {
        Some(_) => Ok(sectors),
        None => Err(SizeError::TooBig),
    }
}

#[cfg(test)]
mod tests;
