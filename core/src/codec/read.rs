//! From metadata text, in the form on disk or in files, to the model.
//!
//! Reading is total: any bytes give a VG or an error with its place. What is well-formed but not
//! known here is noted in [`Vg::unknown`]; whether the parts fit together is for `model::check`.

mod area;
mod cursor;
mod fields;
mod lv;
mod plain;
mod pv;
mod segment;
mod settings;
mod summary;
#[cfg(test)]
mod tests;
mod vg;

pub use summary::{Summary, summary};

use crate::format::text::{Position, TextError, TextFault};
use crate::id::UuidError;
use crate::model::vg::{Provenance, Vg};
use crate::name::{NameError, TagError};
use std_alloc::string::String;
use std_alloc::sync::Arc;

/// Why a text is no VG.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{path}{}{at}: {fault}", if .path.is_empty() { "" } else { " at " })]
pub struct ReadError {
    /// The sections and the key, `vg/logical_volumes/lv/segment1/stripes`.
    pub path: String,
    /// The place in the text.
    pub at: Position,
    /// What is wrong.
    pub fault: ReadFault,
}

/// What is wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReadFault {
    /// It breaks the grammar.
    #[error("{0}")]
    Grammar(TextFault),
    /// It has no section for a VG.
    #[error("there is no volume group in it")]
    NoVg,
    /// `contents` names something else.
    #[error("its contents are no volume group")]
    Contents,
    /// `version` is not 1.
    #[error("version {0} of the format is not known")]
    Version(i64),
    /// A required key is missing.
    #[error("key is missing")]
    Missing,
    /// A key stands twice in its section.
    #[error("key is there twice")]
    Duplicate,
    /// A key has a value of the wrong type.
    #[error("{0} expected")]
    Type(&'static str),
    /// A number is too large, or negative.
    #[error("number {0} is out of range")]
    Range(i64),
    /// A size multiplied by the extent size does not fit.
    #[error("size is too large")]
    Size,
    /// A word is not among those the key may have.
    #[error("value {0:?} is not known")]
    Word(String),
    /// A UUID is none.
    #[error("{0}")]
    Uuid(UuidError),
    /// The name of a VG or LV is none.
    #[error("{0}")]
    Name(NameError),
    /// A tag is none.
    #[error("{0}")]
    Tag(TagError),
    /// The extent size is not allowed.
    #[error("extent size is not allowed")]
    ExtentSize,
    /// The number of segments, stripes or legs differs from that of the list.
    #[error("{stated} stated, {found} found")]
    Count {
        /// What the key says.
        stated: u64,
        /// How many there are.
        found: u64,
    },
    /// A segment does not begin where the one before ends.
    #[error("segment begins at extent {found}, {expected} expected")]
    Gap {
        /// Where it begins.
        found: u64,
        /// Where it should begin.
        expected: u64,
    },
}

/// Reads a whole text.
///
/// # Errors
/// Where the text is wrong first.
pub fn read(text: &Arc<[u8]>) -> Result<(Vg, Provenance), ReadError> {
    vg::read(text)
}

impl From<TextError> for ReadError {
    fn from(error: TextError) -> Self {
        Self { path: String::new(), at: error.at, fault: ReadFault::Grammar(error.fault) }
    }
}
