//! Plans as files: JSON with every byte that is to be written, the seed and the time it was made
//! with.
//!
//! Byte strings are kept once each, in base64, however many effects write parts of them. Reading is
//! total: a file that does not make sense is an error. A command that makes one plan per volume
//! group writes them one behind the other. A plan that was read writes whole blocks of the devices
//! it lists and nothing else.

mod base64;
mod form;

use crate::ops::Message;
use crate::ops::system::HostFacts;
use crate::plan::Plan;
use crate::plan::apply::is_sane;
use form::File;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// The version of the form that is written, and the only one that is read.
const VERSION: u32 = 1;

/// A plan with what it was made from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saved {
    /// The plan.
    pub plan: Plan,
    /// The command it is for.
    pub command_line: String,
    /// When it was made, seconds since 1970-01-01 UTC.
    pub time: u64,
    /// The seed of the identities in it.
    pub seed: [u8; 32],
    /// What to tell when it has been carried out.
    pub told: Vec<Message>,
}

/// Why a file is no plan.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// It is no JSON, or not of the right form.
    #[error("not a plan: {0}")]
    Form(String),
    /// There is nothing in it.
    #[error("not a plan: it is empty")]
    Empty,
    /// There are several plans where one was wanted.
    #[error("there are several plans")]
    Several,
    /// It was made by another version.
    #[error("plan has version {0}, only 1 is known")]
    Version(u32),
    /// Some of its bytes are not in base64.
    #[error("plan is damaged: byte string {0} is not in base64")]
    Base64(usize),
    /// It refers to bytes that it does not have.
    #[error("plan is damaged: it has no bytes {start}..{end} of byte string {blob}")]
    Blob {
        /// Which byte string.
        blob: usize,
        /// The first byte.
        start: usize,
        /// The byte behind the last.
        end: usize,
    },
    /// It would write beside its devices, or parts of blocks.
    #[error("plan is damaged: it does not write whole blocks of the devices it lists")]
    Range,
}

impl Saved {
    /// Takes a plan with the facts it was made from, and the messages of its change.
    pub fn new(plan: Plan, host: &HostFacts, told: Vec<Message>) -> Self {
        let command_line = host.command_line.clone();
        Self { plan, command_line, time: host.time, seed: host.seed, told }
    }

    /// Returns the file's content.
    pub fn to_json(&self) -> String {
        let file = File::of(self);
        serde_json::to_string_pretty(&file).expect("a plan has nothing that JSON has not")
    }

    /// Reads a file's content: one plan behind the other.
    ///
    /// # Errors
    /// Why it is none, or has none.
    pub fn all_from_json(text: &str) -> Result<Vec<Self>, LoadError> {
        let bad_form = |error: serde_json::Error| LoadError::Form(error.to_string());
        let files = serde_json::Deserializer::from_str(text).into_iter::<File>();
        let saved = files.map(|file| {
            let saved = file.map_err(bad_form)?.into_saved()?;
            if is_sane(&saved.plan) { Ok(saved) } else { Err(LoadError::Range) }
        });
        let saved: Vec<Self> = saved.collect::<Result<_, _>>()?;
        if saved.is_empty() { Err(LoadError::Empty) } else { Ok(saved) }
    }

    /// Reads the content of a file with one plan.
    ///
    /// # Errors
    /// Why it is none.
    pub fn from_json(text: &str) -> Result<Self, LoadError> {
        let mut all = Self::all_from_json(text)?;
        let last = all.pop().ok_or(LoadError::Empty)?;
        if all.is_empty() { Ok(last) } else { Err(LoadError::Several) }
    }
}

#[cfg(test)]
mod tests;
