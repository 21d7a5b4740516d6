//! Numbers of extents: `100`, `+50%FREE`.

use super::{Sign, Signs, split_sign};
use crate::units::Extents;

/// What a percentage is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PercentOf {
    /// All extents of the VG.
    Vg,
    /// Its free extents.
    Free,
    /// The free extents of the PVs given.
    Pvs,
    /// The extents of the origin of a snapshot.
    Origin,
    /// The extents of the LV.
    Lv,
}

impl PercentOf {
    /// Returns the word as commands write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vg => "VG",
            Self::Free => "FREE",
            Self::Pvs => "PVS",
            Self::Origin => "ORIGIN",
            Self::Lv => "LV",
        }
    }

    /// Returns what a word stands for: those that LVM2 takes, in any case.
    fn from_word(word: &str) -> Option<Self> {
        let words: [(&[&str], Self); 5] = [
            (&["V", "VG"], Self::Vg),
            (&["L", "LV"], Self::Lv),
            (&["P", "PV", "PVS"], Self::Pvs),
            (&["F", "FR", "FREE"], Self::Free),
            (&["O", "OR", "ORIGIN"], Self::Origin),
        ];
        let known = |known: &&str| known.eq_ignore_ascii_case(word);
        let found = words.iter().find(|(words, _)| words.iter().any(known));
        found.map(|(_, of)| *of)
    }
}

/// A number of extents, or a percentage, with its sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExtentsArg {
    /// Its sign.
    pub sign: Sign,
    /// How many, or how many percent; at most 2^32 - 1.
    pub count: u32,
    /// Of what, if it is a percentage.
    pub percent: Option<PercentOf>,
}

/// Why a text is no number of extents.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExtentsError {
    /// It is no number. LVM2 says nothing but that the argument is invalid.
    #[error("Number of extents requires a whole number, or a percentage.")]
    NoNumber,
    /// It has a `-` where none may be.
    #[error("Extents may not be negative.")]
    Negative,
    /// It has a `+` where none may be.
    #[error("Extents may not be positive.")]
    Positive,
    /// It is a percentage beyond all counting.
    #[error("Percentage is too big (>={}%).", u32::MAX)]
    TooBig,
    /// It is a percentage of something unknown.
    #[error("Specified %{0} is unknown.")]
    Percent(std_alloc::string::String),
}

/// Reads a number of extents, `[+|-]number[%{VG|FREE|PVS|ORIGIN|LV}]`.
///
/// # Errors
/// If it is none.
pub fn parse(text: &str, signs: Signs) -> Result<ExtentsArg, ExtentsError> {
    let (sign, number) = split_sign(text);
    match (sign, signs) {
        (Sign::Minus, Signs::Plus) => return Err(ExtentsError::Negative),
        (Sign::Plus, Signs::Minus) => return Err(ExtentsError::Positive),
        _ => {}
    }
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = number.split_at(digits);
    let count: u64 = number.parse().map_err(|_| ExtentsError::NoNumber)?;
    let percent = match rest.strip_prefix('%') {
        Some(word) => {
            Some(PercentOf::from_word(word).ok_or_else(|| ExtentsError::Percent(word.into()))?)
        }
        None if rest.is_empty() => None,
        None => return Err(ExtentsError::NoNumber),
    };
    if percent.is_some() && count >= u64::from(u32::MAX) {
        return Err(ExtentsError::TooBig);
    }
    Ok(ExtentsArg { sign, count: u32::try_from(count).unwrap_or(u32::MAX), percent })
}

impl ExtentsArg {
    /// Returns the number, if it is no percentage.
    pub fn absolute(&self) -> Option<Extents> {
        match self.percent {
            None => Some(Extents::new(u64::from(self.count))),
            Some(_) => None,
        }
    }
}
