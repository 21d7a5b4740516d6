//! Names of VGs and LVs, and tags: valid once constructed.
//!
//! Rules (lvm2: lib/misc/lvm-string.c, man lvm(8) "VALID NAMES"): characters `[A-Za-z0-9_.+-]`, no
//! leading hyphen, not `.` or `..`, at most 127 characters. Some names and parts of names are
//! reserved for LVs that commands make themselves.

use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std_alloc::boxed::Box;
use std_alloc::string::String;

/// The longest name, and the longest device-mapper name, in bytes.
pub const NAME_LENGTH_MAX: usize = 127;

/// Why a text is no valid name.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NameError {
    /// It has no characters.
    #[error("name is empty")]
    Empty,
    /// It begins with a hyphen.
    #[error("name begins with a hyphen")]
    Hyphen,
    /// It has a character that names do not have.
    #[error("name has the character {0:?}")]
    Character(char),
    /// It is `.` or `..`.
    #[error("names . and .. are not allowed")]
    Dots,
    /// It has more than 127 characters.
    #[error("name has {0} characters, at most 127 are allowed")]
    Long(usize),
}

/// Why a valid LV name cannot be given to an LV by a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reserved {
    /// The name begins with this prefix.
    Prefix(&'static str),
    /// The name contains this part.
    Part(&'static str),
}

/// Prefixes of LV names that commands use for LVs of their own.
pub const RESERVED_PREFIXES: [&str; 2] = ["pvmove", "snapshot"];

/// Parts of LV names that mark hidden LVs.
pub const RESERVED_PARTS: [&str; 17] = [
    "_cdata", "_cmeta", "_corig", "_cpool", "_cvol", "_wcorig", "_mimage", "_mlog", "_rimage",
    "_rmeta", "_tdata", "_tmeta", "_vdata", "_imeta", "_iorig", "_pmspare", "_vorigin",
];

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'+' | b'-')
}

fn check_name(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if text.starts_with('-') {
        return Err(NameError::Hyphen);
    }
    if let Some(bad) = text.chars().find(|c| !u8::try_from(*c).is_ok_and(is_name_byte)) {
        return Err(NameError::Character(bad));
    }
    if text == "." || text == ".." {
        return Err(NameError::Dots);
    }
    if text.len() > NAME_LENGTH_MAX {
        return Err(NameError::Long(text.len()));
    }
    Ok(())
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $error:ty, $check:path) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks and takes a text.
            ///
            /// # Errors
            /// If the text breaks one of the rules above.
            pub fn new(text: &str) -> Result<Self, $error> {
                $check(text)?;
                Ok(Self(text.into()))
            }

            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                Self::new(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl core::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

name_type!(
    /// The name of a volume group.
    VgName,
    NameError,
    check_name
);
name_type!(
    /// The name of a logical volume, visible or hidden.
    LvName,
    NameError,
    check_name
);

impl LvName {
    /// Returns why a user may not give this name to an LV, if so.
    pub fn reserved(&self) -> Option<Reserved> {
        let text = self.as_str();
        let prefix = RESERVED_PREFIXES.into_iter().find(|prefix| text.starts_with(prefix));
        let part = || RESERVED_PARTS.into_iter().find(|part| text.contains(part));
        prefix.map(Reserved::Prefix).or_else(|| part().map(Reserved::Part))
    }
}

/// Returns the length of the device-mapper name `VG-LV`, in which hyphens of the parts are doubled.
pub fn dm_name_length(vg: &VgName, lv: &LvName) -> usize {
    let escaped = |text: &str| text.len() + text.bytes().filter(|byte| *byte == b'-').count();
    escaped(vg.as_str()) + 1 + escaped(lv.as_str())
}

/// Why a text is no valid tag.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TagError {
    /// It has no characters.
    #[error("tag is empty")]
    Empty,
    /// It begins with a hyphen.
    #[error("tag begins with a hyphen")]
    Hyphen,
    /// It has a character that tags do not have.
    #[error("tag has the character {0:?}")]
    Character(char),
    /// It is longer than a tag may be.
    #[error("tag has {0} characters, at most 1024 are allowed")]
    Long(usize),
}

/// The longest tag, in bytes.
pub const TAG_LENGTH_MAX: usize = 1024;

fn check_tag(text: &str) -> Result<(), TagError> {
    let is_tag_char = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '.' | '+' | '-' | '/' | '=' | '!' | ':' | '&' | '#')
    };
    if text.is_empty() {
        return Err(TagError::Empty);
    }
    if text.starts_with('-') {
        return Err(TagError::Hyphen);
    }
    if let Some(bad) = text.chars().find(|c| !is_tag_char(*c)) {
        return Err(TagError::Character(bad));
    }
    if text.len() > TAG_LENGTH_MAX {
        return Err(TagError::Long(text.len()));
    }
    Ok(())
}

name_type!(
    /// A tag of a PV, VG, LV or segment: characters `[A-Za-z0-9_.+/=!:&#-]`, no leading hyphen.
    Tag,
    TagError,
    check_tag
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules() {
        for good in ["a", "A.b_c+d-e", "0", "...", "_"] {
            assert!(VgName::new(good).is_ok(), "{good}");
        }
        assert_eq!(VgName::new(""), Err(NameError::Empty));
        assert_eq!(VgName::new("-a"), Err(NameError::Hyphen));
        assert_eq!(VgName::new("a:b"), Err(NameError::Character(':')));
        assert_eq!(VgName::new("ä"), Err(NameError::Character('ä')));
        assert_eq!(VgName::new(".."), Err(NameError::Dots));
        assert!(VgName::new(&"x".repeat(127)).is_ok());
        assert_eq!(VgName::new(&"x".repeat(128)), Err(NameError::Long(128)));
    }

    #[test]
    fn reserved_names_are_valid_but_not_for_users() {
        let reserved = |text: &str| LvName::new(text).unwrap().reserved();
        assert_eq!(reserved("lvol0"), None);
        assert_eq!(reserved("pvmove0"), Some(Reserved::Prefix("pvmove")));
        assert_eq!(reserved("a_tdata"), Some(Reserved::Part("_tdata")));
    }

    #[test]
    fn hyphens_count_twice_in_device_mapper_names() {
        let (vg, lv) = (VgName::new("my-vg").unwrap(), LvName::new("a-b_c").unwrap());
        assert_eq!(dm_name_length(&vg, &lv), "my--vg-a--b_c".len());
    }

    #[test]
    fn tags_follow_the_rules() {
        assert!(Tag::new("a=b/c:d!&#").is_ok());
        assert_eq!(Tag::new("-a"), Err(TagError::Hyphen));
        assert_eq!(Tag::new("a b"), Err(TagError::Character(' ')));
    }
}
