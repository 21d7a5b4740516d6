//! Effects: what a host carries out.
//!
//! Effects of one group are unordered; the next group begins when all of one group have completed.
//! A write that has completed may still be lost until its device has been flushed.

use crate::name::VgName;
use crate::ops::system::{DeviceId, IoError, Probe, Signature};
use crate::units::Bytes;
use core::fmt;
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// Effects that may be carried out in any order, or at once.
pub type Group = Vec<Effect>;

/// A run of bytes that may be shared between effects.
#[derive(Clone, Eq)]
pub struct Payload {
    bytes: Arc<Vec<u8>>,
    start: usize,
    end: usize,
}

impl PartialEq for Payload {
    /// Equal if the bytes are, whatever they are a part of.
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Payload {
    /// Takes all of `bytes`.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = Arc::new(bytes.into());
        let end = bytes.len();
        Self { bytes, start: 0, end }
    }

    /// Takes all of `bytes`, which others may have too.
    pub fn shared(bytes: Arc<Vec<u8>>) -> Self {
        let end = bytes.len();
        Self { bytes, start: 0, end }
    }

    /// Returns the part `range` of these bytes without copying it.
    ///
    /// # Panics
    /// If the range does not lie within.
    #[must_use]
    pub fn part(&self, range: core::ops::Range<usize>) -> Self {
        assert!(range.start <= range.end, "a range has its start before its end");
        assert!(range.end <= self.end - self.start, "the part lies within the whole");
        let (start, end) = (self.start + range.start, self.start + range.end);
        Self { bytes: Arc::clone(&self.bytes), start, end }
    }

    /// Returns the bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Returns the bytes of which this is a part, and which part.
    pub fn whole(&self) -> (&[u8], core::ops::Range<usize>) {
        (&self.bytes, self.start..self.end)
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} bytes with checksum {:08x}",
            self.end - self.start,
            crate::crc::crc(self.as_slice())
        )
    }
}

/// A lock. Locks are taken in this order: global, then VGs by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LockName {
    /// Orphan PVs and VG names.
    Global,
    /// One volume group.
    Vg(VgName),
}

/// How a lock is held.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LockMode {
    /// With other readers.
    Shared,
    /// Alone.
    Exclusive,
}

/// A lock with the way it is held.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Lock {
    /// What is locked. The order of names is the order of taking.
    pub name: LockName,
    /// How.
    pub mode: LockMode,
}

/// One thing a host does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Reads bytes of a device. Answered by [`Completion::Bytes`], possibly fewer at its end.
    Read {
        /// The device.
        device: DeviceId,
        /// First byte.
        offset: Bytes,
        /// How many.
        length: Bytes,
    },
    /// Looks for signatures. Answered by [`Completion::Signatures`].
    Probe(Probe),
    /// Opens a device exclusively for writing as a PV; fails if it is mounted or otherwise in use.
    OpenExclusive {
        /// The device.
        device: DeviceId,
    },
    /// Writes bytes to a device, in whole logical blocks.
    Write {
        /// The device.
        device: DeviceId,
        /// First byte, a multiple of the block size.
        offset: Bytes,
        /// What is written, a multiple of the block size long.
        data: Payload,
        /// For a person: what this is.
        why: String,
    },
    /// Writes zeros to a device, in whole logical blocks.
    Zero {
        /// The device.
        device: DeviceId,
        /// First byte, a multiple of the block size.
        offset: Bytes,
        /// How many, a multiple of the block size.
        length: Bytes,
        /// For a person: what this is.
        why: String,
    },
    /// Tells a device that a range is no longer needed; it may do nothing.
    Discard {
        /// The device.
        device: DeviceId,
        /// First byte.
        offset: Bytes,
        /// How many.
        length: Bytes,
    },
    /// Makes all completed writes to a device durable.
    Flush {
        /// The device.
        device: DeviceId,
    },
    /// Keeps the state of a VG before it is changed: the next file in the archive.
    Archive {
        /// The VG.
        vg: VgName,
        /// The file's content.
        text: Payload,
    },
    /// Keeps the newest state of a VG: the backup file, replaced atomically.
    Backup {
        /// The VG.
        vg: VgName,
        /// The file's content.
        text: Payload,
    },
    /// Removes the backup file of a VG that was removed or renamed.
    RemoveBackup {
        /// The VG.
        vg: VgName,
    },
    /// Adds to, changes in or removes from the devices file, if one is in use.
    DevicesFile {
        /// The device.
        device: DeviceId,
        /// The PV that it is now, or `None` if it is none any more.
        pv: Option<crate::id::Uuid>,
    },
    /// Tells LVM2 that its hints no longer hold.
    InvalidateHints,
}

/// What became of an effect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Completion {
    /// It was carried out.
    Done,
    /// A read's bytes.
    Bytes(Arc<[u8]>),
    /// A probe's findings.
    Signatures(Vec<Signature>),
    /// It failed. Of a write, any part may have been carried out.
    Failed(IoError),
}
