//! Why an operation on VGs, or one that needs a VG, may not be done.

use crate::id::Uuid;
use crate::name::{LvName, VgName};
use crate::units::{Bytes, ExtentSize, Extents, Sectors};
use std_alloc::string::String;

/// Why an operation on VGs may not be done. Each line of a message is a line for the user.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VgRefusal {
    /// The name is taken.
    #[error("A volume group called {vg} already exists.")]
    Exists {
        /// The name.
        vg: VgName,
    },
    /// The extent size is zero.
    #[error("Physical extent size may not be zero")]
    ExtentSizeZero {
        /// Whether a new VG was to be made.
        new: bool,
    },
    /// The extent size does not fit 32 bits of sectors.
    #[error("Physical extent size must be smaller than <2.00 TiB.")]
    ExtentSizeTooBig,
    /// The extent size is none that the format has.
    #[error("Physical Extent size must be a multiple of 128.00 KiB when not a power of 2.")]
    ExtentSize {
        /// What was asked for.
        size: Sectors,
    },
    /// A VG is where inheriting ends.
    #[error("Volume Group allocation policy cannot inherit from anything")]
    PolicyInherits {
        /// Whether a new VG was to be made.
        new: bool,
    },
    /// There is no clvmd any more.
    #[error("The clustered option is deprecated, see --shared.")]
    Clustered,
    /// There is no lock manager here.
    #[error("Using a shared lock type requires lvmlockd (lvm.conf use_lvmlockd.)")]
    Shared,
    /// There is no lock manager here.
    #[error("Using lock type requires lvmlockd.")]
    LockType,
    /// As many PVs as there may be.
    #[error(
        "No space for '{device}' - volume group '{vg}' holds max {max} physical volume(s).\n\
         PV {device} cannot be added to VG {vg}."
    )]
    MaxPv {
        /// The VG.
        vg: VgName,
        /// The device that would be one too many.
        device: String,
        /// How many there may be.
        max: u32,
    },
    /// A device was named twice.
    #[error(
        "Physical volume '{device}' is already in volume group '{vg}'\n\
         PV {device} cannot be added to VG {vg}."
    )]
    NamedTwice {
        /// The VG.
        vg: VgName,
        /// The device.
        device: String,
    },
    /// A PV has more extents than can be counted.
    #[error(
        "PV {device} too large for extent size of {} sectors.\n\
         PV {device} cannot be added to VG {vg}.", extent_size.sectors()
    )]
    PvTooLarge {
        /// The VG.
        vg: VgName,
        /// The device.
        device: String,
        /// The size of an extent.
        extent_size: ExtentSize,
    },
    /// The VG would have more extents than can be counted.
    #[error(
        "Unable to add {device} to {vg}: new extent count ({count}) exceeds limit ({}).\n\
         PV {device} cannot be added to VG {vg}.",
        u32::MAX
    )]
    TooManyExtents {
        /// The VG.
        vg: VgName,
        /// The device.
        device: String,
        /// How many there would be.
        count: Extents,
    },
    /// The PV cannot be used in a VG: its header lacks a data area.
    #[error("PV {device} has no data area.\nPV {device} cannot be added to VG {vg}.")]
    NoDataArea {
        /// The VG.
        vg: VgName,
        /// The device.
        device: String,
    },
    /// Devices with different logical blocks.
    #[error("Devices have inconsistent logical block sizes ({one} and {other}).")]
    BlockSizes {
        /// One.
        one: Bytes,
        /// The other.
        other: Bytes,
    },
    /// Nowhere to write the metadata to.
    #[error("Aborting vg_write: No metadata areas to write to!")]
    NoMetadataAreas {
        /// The VG.
        vg: VgName,
    },
    /// PVs may not be added or removed.
    #[error("Volume group {vg} is not resizeable.")]
    NotResizeable {
        /// The VG.
        vg: VgName,
    },
    /// None of the devices had been missing.
    #[error("No PV has been restored.")]
    NothingRestored,
    /// Something lies on the PV.
    #[error("Physical volume \"{device}\" still in use")]
    PvInUse {
        /// The device.
        device: String,
    },
    /// A VG has at least one PV.
    #[error("Can't remove final physical volume \"{device}\" from volume group \"{vg}\"")]
    FinalPv {
        /// The VG.
        vg: VgName,
        /// The device.
        device: String,
    },
    /// There are LVs on PVs that are missing.
    #[error(
        "There are still partial LVs in VG {vg}.\n\
         To remove them unconditionally use: vgreduce --removemissing --force.\n\
         To remove them unconditionally from mirror LVs use: \
         vgreduce --removemissing --mirrorsonly --force."
    )]
    PartialLvs {
        /// The VG.
        vg: VgName,
    },
    /// An LV of a kind that this operation cannot handle is concerned.
    #[error("Logical volume {vg}/{lv} is of type {kind}, which this command cannot handle yet.")]
    LvKind {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
        /// Its segment type.
        kind: String,
    },
    /// A person said no.
    #[error("Volume group \"{vg}\" not removed")]
    NotRemoved {
        /// The VG.
        vg: VgName,
    },
    /// The new name is the old one.
    #[error("Old and new volume group names must differ")]
    SameName,
    /// The new name is taken.
    #[error("New VG name \"{vg}\" already exists")]
    NameTaken {
        /// The new name.
        vg: VgName,
    },
    /// There are more LVs already.
    #[error("MaxLogicalVolume is less than the current number {count} of LVs for {vg}")]
    MaxLvTooSmall {
        /// The VG.
        vg: VgName,
        /// How many there are.
        count: usize,
    },
    /// There are more PVs already.
    #[error("MaxPhysicalVolumes is less than the current number {count} of PVs for \"{vg}\"")]
    MaxPvTooSmall {
        /// The VG.
        vg: VgName,
        /// How many there are.
        count: usize,
    },
    /// Something is no multiple of the new extent size.
    #[error("New size {size} for {what} not an exact number of new extents.")]
    NotDivisible {
        /// What.
        what: String,
        /// Its length in sectors.
        size: Sectors,
    },
    /// Something would have more extents than can be counted.
    #[error("New extent count {count} for {what} exceeds 32 bits.")]
    ExtentsOverflow {
        /// What.
        what: String,
        /// How many.
        count: u64,
    },
    /// Only resizeable VGs change the size of their extents.
    #[error("Volume group \"{vg}\" must be resizeable to change PE size")]
    ExtentSizeFixed {
        /// The VG.
        vg: VgName,
    },
    /// Only resizeable VGs change their limits.
    #[error("Volume group \"{vg}\" must be resizeable to change {what}")]
    LimitFixed {
        /// The VG.
        vg: VgName,
        /// Which limit.
        what: &'static str,
    },
    /// Nothing to change.
    #[error("Volume group \"{vg}\" is already {}resizeable", if *resizeable { "" } else { "not " })]
    AlreadyResizeable {
        /// The VG.
        vg: VgName,
        /// Whether it is.
        resizeable: bool,
    },
    /// Nothing to change.
    #[error("Volume group allocation policy is already {policy}")]
    AlreadyPolicy {
        /// Which.
        policy: &'static str,
    },
    /// Nothing to change.
    #[error("Volume group autoactivation is already {}.", if *enabled { "yes" } else { "no" })]
    AlreadyAutoActivation {
        /// Whether it is.
        enabled: bool,
    },
    /// Nothing to change.
    #[error("Volume Group system ID is already \"{system_id}\".")]
    AlreadySystemId {
        /// Which.
        system_id: String,
    },
    /// A person said no.
    #[error("Volume group {vg} system ID not changed.")]
    SystemIdKept {
        /// The VG.
        vg: VgName,
    },
    /// Nothing to change.
    #[error("Need one or more command options.")]
    NothingAsked,
    /// It is not exported.
    #[error("Volume group \"{vg}\" is not exported")]
    NotExported {
        /// The VG.
        vg: VgName,
    },
    /// Two VGs are needed.
    #[error("Duplicate volume group name \"{vg}\"")]
    SameVg {
        /// The name.
        vg: VgName,
    },
    /// Options for a new VG, but there is one.
    #[error("Volume group \"{vg}\" exists, but new VG option specified")]
    OptionsForExisting {
        /// The VG.
        vg: VgName,
    },
    /// The device is no PV of the VG.
    #[error("Physical volume {device} not in volume group {vg}")]
    PvNotInVg {
        /// The VG.
        vg: VgName,
        /// The device.
        device: String,
    },
    /// No such LV.
    #[error("Logical volume {lv} not in volume group {vg}")]
    LvNotInVg {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
    },
    /// An LV would lie in two VGs.
    #[error("Can't split Logical Volume {lv} between two Volume Groups")]
    SplitLv {
        /// The LV.
        lv: LvName,
    },
    /// Extents of different sizes.
    #[error(
        "Extent sizes differ: {} ({destination}) and {} ({source_vg})",
        destination_size.sectors(), source_size.sectors()
    )]
    ExtentSizesDiffer {
        /// The VG that would grow.
        destination: VgName,
        /// Its extent size.
        destination_size: ExtentSize,
        /// The other.
        source_vg: VgName,
        /// Its extent size.
        source_size: ExtentSize,
    },
    /// An LV of each has the same name.
    #[error("Duplicate logical volume name \"{lv}\" in \"{destination}\" and \"{source_vg}\"")]
    SameLvName {
        /// The VG that would grow.
        destination: VgName,
        /// The other.
        source_vg: VgName,
        /// The name.
        lv: LvName,
    },
    /// Too many PVs in all.
    #[error(
        "Maximum number of physical volumes ({max}) exceeded  for \"{destination}\" and \"{source_vg}\""
    )]
    MaxPvExceeded {
        /// The VG that would grow.
        destination: VgName,
        /// The other.
        source_vg: VgName,
        /// How many there may be.
        max: u32,
    },
    /// Too many LVs in all.
    #[error(
        "Maximum number of logical volumes ({max}) exceeded  for \"{destination}\" and \"{source_vg}\""
    )]
    MaxLvExceeded {
        /// The VG that would grow.
        destination: VgName,
        /// The other.
        source_vg: VgName,
        /// How many there may be.
        max: u32,
    },
    /// There is nothing to choose from.
    #[error(
        "All copies of the metadata of volume group {vg} say the same; there is none to choose."
    )]
    NoFork {
        /// The VG.
        vg: VgName,
    },
    /// The VG is not as it should be.
    #[error("{}", problems.join("\n"))]
    Inconsistent {
        /// The VG.
        vg: VgName,
        /// What is wrong.
        problems: std_alloc::vec::Vec<String>,
    },
    /// The file describes another VG.
    #[error("'{path}' does not contain volume group '{vg}'.\nRestore failed.")]
    OtherVg {
        /// The VG asked for.
        vg: VgName,
        /// The file.
        path: String,
    },
    /// A PV of the VG is not there.
    #[error(
        "Cannot restore Volume Group {vg} with {count} PVs marked as missing.\nRestore failed."
    )]
    RestoreMissing {
        /// The VG.
        vg: VgName,
        /// How many.
        count: usize,
    },
    /// Another VG has the name, and PVs that the restored one does not have.
    #[error("Volume group {vg} with another identity is there.\nRestore failed.")]
    RestoreOver {
        /// The VG.
        vg: VgName,
    },
    /// A PV of the VG belongs to another VG now.
    #[error("PV {id} of {vg} belongs to volume group {other}.\nRestore failed.")]
    RestoreTaken {
        /// The VG.
        vg: VgName,
        /// The PV.
        id: Uuid,
        /// The VG that has it.
        other: VgName,
    },
    /// Thin pools have metadata of their own, which is not restored.
    #[error(
        "Consider using option --force to restore Volume Group {vg} with thin volumes.\n\
         Restore failed."
    )]
    RestoreThin {
        /// The VG.
        vg: VgName,
    },
    /// What the file says breaks an invariant.
    #[error("Cannot restore Volume Group {vg}: {reason}\nRestore failed.")]
    RestoreInvalid {
        /// The VG.
        vg: VgName,
        /// The first violation.
        reason: String,
    },
}

impl VgRefusal {
    /// Returns true if the request makes no sense whatever the system is.
    pub const fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::ExtentSizeZero { new: true }
                | Self::PolicyInherits { new: true }
                | Self::ExtentSizeTooBig
                | Self::Clustered
                | Self::Shared
                | Self::NothingAsked
        )
    }
}
