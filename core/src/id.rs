//! UUIDs as LVM2 has them, and the source of new ones.

use core::fmt;
use core::str::FromStr;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std_alloc::string::String;

/// The 64 characters a UUID may consist of; new ones use the first 62 only.
const ALPHABET: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#";

/// The lengths of the groups in which a UUID is written: `Aox5rE-TvDX-Asm3-JZZj-NOoW-08hg-Is1AyP`.
const GROUPS: [usize; 7] = [6, 4, 4, 4, 4, 4, 6];

/// A UUID of a PV, VG or LV: 32 characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid([u8; 32]);

/// A text that is no UUID.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UuidError {
    /// It has not 32 characters (hyphens aside).
    #[error("a UUID has 32 characters, this one has {0}")]
    Length(usize),
    /// It has a character that UUIDs do not have.
    #[error("character {0:?} cannot be part of a UUID")]
    Character(char),
}

impl Uuid {
    /// Takes the 32 characters as they stand in a PV header.
    ///
    /// # Errors
    /// If one of them is not among `0-9 a-z A-Z ! #`.
    pub fn from_raw(raw: [u8; 32]) -> Result<Self, UuidError> {
        match raw.iter().find(|byte| !is_id_character(**byte)) {
            Some(byte) => Err(UuidError::Character(char::from(*byte))),
            None => Ok(Self(raw)),
        }
    }

    /// Returns the 32 characters as they stand in a PV header and in device-mapper UUIDs.
    pub const fn as_raw(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the 32 characters as text, without hyphens.
    pub fn as_raw_str(&self) -> &str {
        core::str::from_utf8(&self.0).expect("a UUID is ASCII by construction")
    }

    /// Returns the 38 characters of the hyphenated form.
    pub fn to_hyphenated(self) -> [u8; 38] {
        let mut text = [b'-'; 38];
        let (mut from, mut to) = (0, 0);
        for group in GROUPS {
            text[to..to + group].copy_from_slice(&self.0[from..from + group]);
            from += group;
            to += group + 1;
        }
        debug_assert_eq!(from, 32);
        text
    }
}

const fn is_id_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'!' || byte == b'#'
}

impl FromStr for Uuid {
    type Err = UuidError;

    /// Reads a UUID with or without hyphens.
    fn from_str(text: &str) -> Result<Self, UuidError> {
        let mut raw = [0_u8; 32];
        let mut length = 0;
        for byte in text.bytes().filter(|byte| *byte != b'-') {
            if !is_id_character(byte) {
                return Err(UuidError::Character(char::from(byte)));
            }
            if length < raw.len() {
                raw[length] = byte;
            }
            length += 1;
        }
        if length == raw.len() { Ok(Self(raw)) } else { Err(UuidError::Length(length)) }
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_hyphenated();
        f.pad(core::str::from_utf8(&text).expect("a UUID is ASCII by construction"))
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Uuid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Uuid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The only source of new identities: a seed given from outside, stretched as far as needed.
///
/// One seed gives one sequence, so a plan that was made with it can be made again to the byte.
#[derive(Clone, Debug)]
pub struct Entropy(ChaCha12Rng);

impl Entropy {
    /// Starts the sequence that belongs to `seed`.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(ChaCha12Rng::from_seed(seed))
    }

    /// Draws a new UUID, of letters and digits only.
    pub fn uuid(&mut self) -> Uuid {
        let mut raw = [0_u8; 32];
        for byte in &mut raw {
            *byte = ALPHABET[self.below(62)];
        }
        Uuid(raw)
    }

    /// Draws a number below `bound`, each equally likely.
    ///
    /// # Panics
    /// If `bound` is zero.
    pub fn below(&mut self, bound: usize) -> usize {
        assert!(bound > 0, "nothing lies below zero");
        let bound = bound as u64;
        // Numbers from the incomplete last round would favour the small results.
        let limit = u64::MAX - u64::MAX % bound;
        loop {
            let draw = self.0.next_u64();
            if draw < limit {
                return usize::try_from(draw % bound).expect("the bound was a usize");
            }
        }
    }

    /// Draws 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std_alloc::string::ToString;

    const TEXT: &str = "Aox5rE-TvDX-Asm3-JZZj-NOoW-08hg-Is1AyP";

    #[test]
    fn both_forms_are_read_and_one_is_written() {
        let id: Uuid = TEXT.parse().unwrap();
        assert_eq!(id.to_string(), TEXT);
        assert_eq!(id.as_raw_str(), "Aox5rETvDXAsm3JZZjNOoW08hgIs1AyP");
        assert_eq!(id.as_raw_str().parse(), Ok(id));
    }

    #[test]
    fn what_is_no_uuid_is_refused() {
        assert_eq!("abc".parse::<Uuid>(), Err(UuidError::Length(3)));
        assert_eq!(TEXT.replace('A', "_").parse::<Uuid>(), Err(UuidError::Character('_')));
        assert_eq!([TEXT, "x"].concat().parse::<Uuid>(), Err(UuidError::Length(33)));
    }

    #[test]
    fn one_seed_gives_one_sequence_of_letters_and_digits() {
        let (mut one, mut two) = (Entropy::from_seed([7; 32]), Entropy::from_seed([7; 32]));
        let first = one.uuid();
        assert_eq!(first, two.uuid());
        assert_ne!(first, one.uuid());
        assert!(first.as_raw().iter().all(u8::is_ascii_alphanumeric));
    }
}
