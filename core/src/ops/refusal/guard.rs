//! Why a VG may not be changed at all, whatever the operation.

use crate::name::VgName;
use std_alloc::string::String;

/// Why a VG may not be changed at all, whatever the operation. Each line of a message is a line for
/// the user.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GuardRefusal {
    /// No VG of this name or identity.
    #[error("Volume group \"{vg}\" not found\nCannot process volume group {vg}")]
    NotFound {
        /// As it was called.
        vg: String,
    },
    /// Several VGs have this name.
    #[error(
        "Multiple VGs found with the same name: skipping {vg}\n\
         Use --select vg_uuid=<uuid> in place of the VG name."
    )]
    Ambiguous {
        /// The name.
        vg: VgName,
    },
    /// It belongs to another machine.
    #[error("Cannot access VG {vg} with system ID {system_id} with {}.", local(.local_id.as_deref()))]
    Foreign {
        /// The VG.
        vg: VgName,
        /// Its owner.
        system_id: String,
        /// The identity of this machine, if it has one.
        local_id: Option<String>,
    },
    /// It is shared between machines, which needs a lock manager.
    #[error("Cannot access VG {vg} with lock type {lock_type} that requires lvmlockd.")]
    Shared {
        /// The VG.
        vg: VgName,
        /// The lock manager's type.
        lock_type: String,
    },
    /// It is locked by clvmd, which no longer exists.
    #[error("Skipping clustered volume group {vg}")]
    Clustered {
        /// The VG.
        vg: VgName,
    },
    /// It is exported.
    #[error("Volume group {vg} is exported")]
    Exported {
        /// The VG.
        vg: VgName,
    },
    /// It may only be read.
    #[error("Volume group {vg} is read-only")]
    ReadOnly {
        /// The VG.
        vg: VgName,
    },
    /// Some of its PVs are missing.
    #[error(
        "Cannot change VG {vg} while PVs are missing.\n\
         See vgreduce --removemissing and vgextend --restoremissing.\n\
         Cannot process volume group {vg}"
    )]
    MissingPvs {
        /// The VG.
        vg: VgName,
    },
    /// Some of its PVs are there more than once.
    #[error("Cannot update volume group {vg} with duplicate PV devices.")]
    DuplicatePvs {
        /// The VG.
        vg: VgName,
    },
    /// Its metadata has content that is not known here.
    #[error(
        "Cannot change VG {vg} with unknown segments in it!\nNot known here: {what}.\n\
         Cannot process volume group {vg}"
    )]
    Unknown {
        /// The VG.
        vg: VgName,
        /// The first of what is not known, with its place.
        what: String,
    },
    /// Two different texts of its metadata have the same seqno.
    #[error(
        "Volume group {vg} has {texts} different copies of its metadata with seqno {seqno}.\n\
         See vgck {vg} for what they say, and keep one of them with \
         vgck --updatemetadata --keep PV {vg}."
    )]
    Fork {
        /// The VG.
        vg: VgName,
        /// The number that they share.
        seqno: u32,
        /// How many there are.
        texts: usize,
    },
    /// The copy that is to be kept is none.
    #[error("{device} has no copy of the metadata of volume group {vg} that could be kept.")]
    NoSuchCopy {
        /// The VG.
        vg: VgName,
        /// The device.
        device: String,
    },
    /// The configuration forbids all changes.
    #[error("Operation prohibited while global/metadata_read_only is set.")]
    MetadataReadOnly,
    /// Its metadata cannot be written once more.
    #[error("Volume group {vg} has seqno {}, the highest there is", u32::MAX)]
    SeqnoExhausted {
        /// The VG.
        vg: VgName,
    },
}

fn local(id: Option<&str>) -> String {
    match id {
        Some(id) => ["local system ID ", id].concat(),
        None => "unknown local system ID".into(),
    }
}
