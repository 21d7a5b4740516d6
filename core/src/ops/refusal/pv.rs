//! Why an operation on PVs may not be done.

use crate::id::Uuid;
use crate::name::VgName;
use crate::ops::layout::LayoutError;
use crate::units::Sectors;
use std_alloc::string::String;

/// Why an operation on PVs may not be done. Each line of a message is a line for the user.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PvRefusal {
    /// No such device, or the filters hide it.
    #[error("No device found for {name}.")]
    NoDevice {
        /// As the user called it.
        name: String,
    },
    /// The same, of operations on PVs that exist.
    #[error("Cannot use {name}: device not found")]
    DeviceNotFound {
        /// As the user called it.
        name: String,
    },
    /// There is such a device, and it may not be used.
    #[error("Cannot use {name}: device {reason}")]
    Unusable {
        /// As the user called it.
        name: String,
        /// Why, in LVM2's words.
        reason: String,
    },
    /// Of several devices for one VG, some cannot be used.
    #[error("Command requires all devices to be found.")]
    AllNeeded,
    /// Nothing was asked for.
    #[error("Please enter a physical volume path.")]
    NoneGiven,
    /// No PV on the device, of operations that find PVs.
    #[error("Failed to find physical volume \"{name}\".")]
    NoPv {
        /// The device.
        name: String,
    },
    /// No PV on the device, of `pvremove`.
    #[error("No PV found on device {name}.")]
    NothingToRemove {
        /// The device.
        name: String,
    },
    /// Labels are in the first four sectors.
    #[error("labelsector must be less than 4.")]
    LabelSector,
    /// A UUID is for one PV only.
    #[error("Can only set uuid on one volume at once")]
    OneId,
    /// A UUID without the layout that belongs to it.
    #[error("--restorefile is required with --uuid")]
    RestoreFileNeeded,
    /// A layout without the UUID that it belongs to.
    #[error("--uuid is required with --restorefile")]
    IdNeeded,
    /// The alignment does not fit 32 bits of sectors.
    #[error("Physical volume data alignment is too big.")]
    AlignmentTooBig,
    /// The offset does not fit 32 bits of sectors.
    #[error("Physical volume data alignment offset is too big.")]
    AlignmentOffsetTooBig,
    /// Ignoring no metadata area.
    #[error("metadataignore only applies to metadatacopies > 0.")]
    NothingToIgnore,
    /// More metadata areas than there can be.
    #[error("Invalid argument for --pvmetadatacopies: {count}")]
    MetadataCopies {
        /// How many.
        count: u32,
    },
    /// The file does not know the PV.
    #[error("Can't find uuid {id} in backup file {path}")]
    NotInBackup {
        /// The PV.
        id: Uuid,
        /// The file.
        path: String,
    },
    /// The UUID belongs to another device.
    #[error("UUID {id} already in use on \"{device}\".")]
    IdInUse {
        /// The PV.
        id: Uuid,
        /// The other device.
        device: String,
    },
    /// The device is shorter than any PV.
    #[error("Cannot use {device}: device is too small (pv_min_size)")]
    TooSmall {
        /// The device.
        device: String,
    },
    /// The device is divided.
    #[error("Cannot use {device}: device is partitioned")]
    Partitioned {
        /// The device.
        device: String,
    },
    /// The device cannot be written.
    #[error("Cannot use {device}: device is read-only")]
    ReadOnly {
        /// The device.
        device: String,
    },
    /// The device cannot be read.
    #[error("Cannot use {device}: {reason}")]
    Unreadable {
        /// The device.
        device: String,
        /// What the system says.
        reason: String,
    },
    /// There are several devices with this PV.
    #[error("Cannot use device {device} with duplicates.")]
    Duplicate {
        /// The device.
        device: String,
    },
    /// The device belongs to a VG and is not to be made anew.
    #[error(
        "Can't initialize physical volume \"{device}\" of volume group \"{vg}\" without -ff\n\
         {device}: physical volume not initialized."
    )]
    Used {
        /// The device.
        device: String,
        /// Its VG.
        vg: VgName,
    },
    /// The device belongs to a VG that cannot be found.
    #[error(
        "PV {device} is used by a VG but its metadata is missing.\n\
         Can't initialize PV '{device}' without -ff.\n\
         {device}: physical volume not initialized."
    )]
    UsedByUnknown {
        /// The device.
        device: String,
    },
    /// The device belongs to a VG and cannot be added to one.
    #[error(
        "Physical volume '{device}' is already in volume group '{vg}'\n\
         Unable to add physical volume '{device}' to volume group '{vg}'\n\
         {device}: physical volume not initialized."
    )]
    Taken {
        /// The device.
        device: String,
        /// Its VG.
        vg: VgName,
    },
    /// A person said no.
    #[error("{device}: physical volume not initialized.")]
    NotInitialized {
        /// The device.
        device: String,
    },
    /// A person wants to keep what is on the device.
    #[error(
        "Aborted wiping of {kind}.\n{left} existing signature{} left on the device.",
        if *left == 1 { "" } else { "s" }
    )]
    SignatureKept {
        /// What would have been wiped.
        kind: String,
        /// How many signatures are left.
        left: usize,
    },
    /// The PV would be shorter than any PV.
    #[error(
        "{device}: Size must exceed minimum of {min} sectors.\n\
         Failed to setup physical volume \"{device}\"."
    )]
    SizeTooSmall {
        /// The device.
        device: String,
        /// The shortest PV.
        min: Sectors,
    },
    /// Things do not fit.
    #[error("{device}: {error}\nFailed to setup physical volume \"{device}\".")]
    Layout {
        /// The device.
        device: String,
        /// What does not fit.
        error: LayoutError,
    },
    /// The PV belongs to a VG and is not to be removed.
    #[error(
        "PV {device} is used by VG {vg} so please use vgreduce first.\n\
         (If you are certain you need pvremove, then confirm by using --force twice.)\n\
         {device}: physical volume label not removed."
    )]
    RemoveUsed {
        /// The device.
        device: String,
        /// Its VG.
        vg: VgName,
    },
    /// The PV belongs to a VG that cannot be found, and is not to be removed.
    #[error(
        "PV {device} is used by a VG but its metadata is missing.\n\
         (If you are certain you need pvremove, then confirm by using --force twice.)\n\
         {device}: physical volume label not removed."
    )]
    RemoveUsedByUnknown {
        /// The device.
        device: String,
    },
    /// A person said no.
    #[error("{device}: physical volume label not removed.")]
    NotRemoved {
        /// The device.
        device: String,
    },
    /// Its VG belongs to another machine, or is shared between several.
    #[error("Cannot use PV {device} in {kind} VG {vg}.")]
    NotOurs {
        /// The device.
        device: String,
        /// What the VG is.
        kind: &'static str,
        /// Its VG.
        vg: VgName,
    },
    /// The PV belongs to an exported VG.
    #[error("Cannot use PV {device} in exported VG {vg}.")]
    InExported {
        /// The device.
        device: String,
        /// Its VG.
        vg: VgName,
    },
    /// It belongs to no VG.
    #[error(
        "Allocatability not supported by orphan lvm2 format PV {device}\n\
         Physical volume {device} not changed"
    )]
    OrphanAllocatable {
        /// The device.
        device: String,
    },
    /// It belongs to no VG.
    #[error(
        "Can't change tag on Physical Volume {device} not in volume group\n\
         Physical volume {device} not changed"
    )]
    OrphanTag {
        /// The device.
        device: String,
    },
    /// Nothing to change.
    #[error(
        "Metadata areas on physical volume \"{device}\" already {}.\n\
         Physical volume {device} not changed",
        if *ignored { "ignored" } else { "marked as in-use" }
    )]
    AlreadyIgnored {
        /// The device.
        device: String,
        /// Whether they are ignored.
        ignored: bool,
    },
    /// The VG would have no metadata.
    #[error(
        "Cannot disable all metadata areas in volume group {vg}.\n\
         Physical volume {device} not changed"
    )]
    LastMetadataArea {
        /// The VG.
        vg: VgName,
        /// The device.
        device: String,
    },
    /// A person said no.
    #[error("Physical volume {device} not changed")]
    NotChanged {
        /// The device.
        device: String,
    },
    /// Nothing to change.
    #[error("No command with matching syntax recognised.")]
    NothingAsked,
    /// A person said no.
    #[error("Physical Volume {device} not resized.")]
    NotResized {
        /// The device.
        device: String,
    },
    /// The PV would be shorter than any PV.
    #[error("Size must exceed minimum of {min} sectors on PV {device}.")]
    ResizeBelowMinimum {
        /// The device.
        device: String,
        /// The shortest PV.
        min: Sectors,
    },
    /// The PV would have no extent.
    #[error(
        "Size must leave space for at least one physical extent of {extent_size} sectors on PV {device}."
    )]
    NoExtentLeft {
        /// The device.
        device: String,
        /// The size of an extent.
        extent_size: Sectors,
    },
    /// The only metadata of the VG would have to move.
    #[error(
        "Cannot resize PV {device}: the only metadata area of its volume group in use is at its end."
    )]
    OnlyAreaMoves {
        /// The device.
        device: String,
    },
    /// More extents than can be counted.
    #[error("Cannot resize PV {device}: extent count ({count}) exceeds limit ({}).", u32::MAX)]
    TooManyExtents {
        /// The device.
        device: String,
        /// How many there would be.
        count: u64,
    },
    /// Extents that would be cut off are allocated.
    #[error("{device}: cannot resize to {extents} extents as {used} are allocated.")]
    Allocated {
        /// The device.
        device: String,
        /// How many extents there would be.
        extents: u64,
        /// How many are allocated.
        used: u64,
    },
    /// Extents that would be cut off are allocated.
    #[error("{device}: cannot resize to {extents} extents as later ones are allocated.")]
    LaterAllocated {
        /// The device.
        device: String,
        /// How many extents there would be.
        extents: u64,
    },
    /// Less is left than what lies in front of the extents.
    #[error(
        "{device}: Device size {size} sectors is less than the {needed} sectors that the physical volume needs."
    )]
    ResizeTooSmall {
        /// The device.
        device: String,
        /// The new size.
        size: Sectors,
        /// What lies outside of the extents.
        needed: Sectors,
    },
}

impl PvRefusal {
    /// Returns true if the request makes no sense whatever the system is.
    pub const fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::LabelSector
                | Self::OneId
                | Self::RestoreFileNeeded
                | Self::IdNeeded
                | Self::AlignmentTooBig
                | Self::AlignmentOffsetTooBig
                | Self::NothingToIgnore
                | Self::MetadataCopies { .. }
                | Self::NoneGiven
                | Self::NothingAsked
        )
    }
}
