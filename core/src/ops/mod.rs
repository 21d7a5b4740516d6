//! Operations: from an observed [`system::System`] and a request to a [`Change`], or a reason why
//! not.
//!
//! Each operation is a pure function, `fn(&System, &Request) -> Result<Change, Stop>`. It may stop
//! to ask a person or to look at a range of a device; it is then run again from the start with what
//! was learned added to the system. Nothing is lost by that: an operation has no effect of its own.

pub mod access;
pub mod activation;
pub mod allocated;
mod attributes;
mod extents;
mod failures;
mod fork;
pub mod guard;
mod initialize;
#[cfg(test)]
pub(crate) mod lab;
pub mod layout;
mod lv_common;
pub mod lvchange;
pub mod lvcreate;
pub mod lvremove;
pub mod lvrename;
pub mod lvresize;
pub mod max_size;
mod membership;
mod moving;
mod plain;
pub mod pvchange;
pub mod pvcreate;
pub mod pvremove;
pub mod pvresize;
pub mod refusal;
pub mod resolve;
pub mod roles;
mod room;
#[cfg(test)]
pub(crate) mod samples;
pub mod selector;
pub mod settings;
mod signatures;
pub mod system;
#[cfg(test)]
mod tests;
pub mod vgcfgrestore;
pub mod vgchange;
pub mod vgck;
pub mod vgcreate;
pub mod vgexport;
pub mod vgextend;
pub mod vgimport;
pub mod vgmerge;
pub mod vgreduce;
pub mod vgremove;
pub mod vgrename;
pub mod vgsplit;

use crate::format::label::PvHeader;
use crate::model::vg::Vg;
use crate::units::Bytes;
use allocated::Allocated;
use refusal::Refusal;
use serde::{Deserialize, Serialize};
use std_alloc::boxed::Box;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;
use system::{DeviceId, Probe, Question, Signature};

/// What will be true.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The durable states the operation goes through, in order; most have one.
    pub stages: Vec<Stage>,
    /// What to tell: notes and warnings before anything is written.
    pub before: Vec<Message>,
    /// What to tell when all is done.
    pub after: Vec<Message>,
    /// Whether part of the request was refused while the rest is carried out; a message of level
    /// [`Level::Error`] says what. The command then ends as failed.
    pub failed: bool,
    /// What was asked of the allocator, for those who want to know where extents go and why.
    pub allocated: Vec<Allocated>,
}

/// One durable state, reached by one commit.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// The name of the state.
    pub name: &'static str,
    /// Volume groups that are written or removed.
    pub vgs: Vec<VgAfter>,
    /// Devices that become PVs, are changed as PVs, or cease to be PVs.
    pub pvs: Vec<PvAfter>,
    /// Data to initialise before the commit.
    pub init: Vec<Init>,
    /// Whether copies of the metadata that are damaged are rewritten too (`vgck --updatemetadata`),
    /// not only those that are lagging.
    pub repair: bool,
}

/// What becomes of a volume group.
#[derive(Clone, Debug)]
pub enum VgAfter {
    /// It is written; its seqno is already the new one.
    Write(Box<Vg>),
    /// It is removed: its PVs become orphans.
    Remove(crate::id::Uuid),
}

/// What becomes of a device.
#[derive(Clone, Debug)]
pub struct PvAfter {
    /// The device.
    pub device: DeviceId,
    /// Its new state.
    pub state: PvState,
}

/// The state of a device with regard to PVs.
#[derive(Clone, Debug)]
pub enum PvState {
    /// A PV. What its metadata areas hold follows from the VG it belongs to.
    Pv {
        /// The header. Its `USED` flag follows from membership and is set by the plan.
        header: PvHeader,
        /// The sector of the label, 0 to 3.
        label_sector: u8,
        /// Which of its metadata areas are ignored, by number.
        ignored: Vec<bool>,
        /// Whether its metadata areas are made new (old text is forgotten).
        fresh: bool,
        /// Whether the first 2 KiB of the device are zeroed first.
        zero_start: bool,
        /// Signatures to wipe first.
        wipe: Vec<Signature>,
    },
    /// No PV any more: its labels are wiped.
    None,
}

/// Data that is zeroed before the commit, with the reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Init {
    /// The device.
    pub device: DeviceId,
    /// First byte.
    pub offset: Bytes,
    /// Length.
    pub length: Bytes,
    /// For a person: `first 4 KiB of LV vg/lv`.
    pub why: String,
}

/// How loud a message is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Standard error, also with `-q`.
    Error,
    /// Standard error.
    Warning,
    /// Standard output.
    Print,
    /// Standard output with `-v`.
    Verbose,
    /// Standard error with `-vv`.
    VeryVerbose,
}

/// A line for the user, without prefix and newline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// How loud.
    pub level: Level,
    /// The text; warnings carry their `WARNING: `.
    pub text: String,
}

/// Why an operation did not come to a change.
#[derive(Clone, Debug)]
pub enum Stop {
    /// It may not be done.
    Refused(Box<Refused>),
    /// A person has to be asked.
    Ask(Question),
    /// A range has to be looked at.
    Probe(Probe),
}

/// A refusal with what was noted on the way.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Notes and warnings that come first.
    pub notes: Vec<Message>,
    /// The reason.
    pub refusal: Refusal,
}

impl Message {
    /// Makes a message.
    pub fn new(level: Level, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { level, text }
    }

    /// Makes an error that does not end the operation, or that comes before the one that does.
    pub fn error(text: impl Into<String>) -> Self {
        Self::new(Level::Error, text)
    }

    /// Makes a warning of a text without `WARNING: `.
    pub fn warning(text: impl AsRef<str>) -> Self {
        Self::new(Level::Warning, ["WARNING: ", text.as_ref()].concat())
    }

    /// Makes a line for standard output.
    pub fn print(text: impl Into<String>) -> Self {
        Self::new(Level::Print, text)
    }

    /// Makes the lines of a refusal that does not end the operation.
    pub fn errors(refusal: &impl ToString) -> Vec<Self> {
        refusal.to_string().lines().map(Self::error).collect()
    }
}

impl Stop {
    /// Refuses, with notes that come first.
    pub fn refuse(notes: Vec<Message>, refusal: impl Into<Refusal>) -> Self {
        let refusal = refusal.into();
        Self::Refused(Box::new(Refused { notes, refusal }))
    }
}

impl Refused {
    /// Returns all there is to tell, line by line.
    pub fn messages(&self) -> Vec<Message> {
        let mut messages = self.notes.clone();
        let text = self.refusal.to_string();
        messages.extend(text.lines().map(|line| Message::new(Level::Error, line)));
        messages
    }
}

impl<R: Into<Refusal>> From<R> for Stop {
    fn from(refusal: R) -> Self {
        Self::Refused(Box::new(Refused { notes: Vec::new(), refusal: refusal.into() }))
    }
}
