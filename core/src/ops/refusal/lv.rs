//! Why an operation on LVs may not be done.

use crate::model::flags::AllocationPolicy;
use crate::name::{LvName, VgName};
use crate::size::ranges::RangeError;
use crate::units::Extents;
use std_alloc::string::String;

/// Why an operation on LVs may not be done. Each line of a message is a line for the user.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LvRefusal {
    /// No LV of this name.
    #[error("Failed to find logical volume \"{vg}/{lv}\"")]
    NotFound {
        /// Its VG.
        vg: VgName,
        /// The name.
        lv: LvName,
    },
    /// No LV of this name to resize.
    #[error("Logical volume {lv} not found in volume group {vg}.")]
    ResizeNotFound {
        /// Its VG.
        vg: VgName,
        /// The name.
        lv: LvName,
    },
    /// It would have to be active.
    #[error("Logical volume {vg}/{lv} is not active.")]
    NotActive {
        /// Its VG.
        vg: VgName,
        /// The LV.
        lv: String,
    },
    /// A file system is resized through an active LV.
    #[error("Logical volume {vg}/{lv} must be activated before resizing filesystem.")]
    FileSystemNotActive {
        /// Its VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
    },
    /// A policy says when snapshots and pools grow, which no operation can do yet.
    #[error("Policy-based resize is supported only for snapshot, thin pool and vdo pool volumes.")]
    NoPolicy,
    /// No LV of this name to rename.
    #[error("Existing logical volume \"{lv}\" not found in volume group \"{vg}\"")]
    RenameNotFound {
        /// Its VG.
        vg: VgName,
        /// The name.
        lv: LvName,
    },
    /// There is an LV of this name already.
    #[error("Logical Volume \"{lv}\" already exists in volume group \"{vg}\"")]
    Exists {
        /// Its VG.
        vg: VgName,
        /// The name.
        lv: LvName,
    },
    /// The name begins like those that commands give.
    #[error("Names starting \"{prefix}\" are reserved. Please choose a different LV name.")]
    ReservedPrefix {
        /// How it begins.
        prefix: &'static str,
    },
    /// The name has a part that marks hidden LVs.
    #[error("Names including \"{part}\" are reserved. Please choose a different LV name.")]
    ReservedPart {
        /// The part.
        part: &'static str,
    },
    /// The name is too long together with the VG's.
    #[error("Logical volume name \"{lv}\" may not exceed {max} characters in volume group {vg}.")]
    LongName {
        /// The VG.
        vg: VgName,
        /// The name.
        lv: LvName,
        /// How many characters it may have.
        max: usize,
    },
    /// The new name is too long together with the VG's.
    #[error("New logical volume name \"{lv}\" may not exceed {max} characters.")]
    LongNewName {
        /// The name.
        lv: LvName,
        /// How many characters it may have.
        max: usize,
    },
    /// It has this name already.
    #[error("Old and new logical volume names must differ")]
    SameName,
    /// The VG has as many LVs as it may have.
    #[error("Maximum number of logical volumes ({max}) reached in volume group {vg}")]
    TooMany {
        /// The VG.
        vg: VgName,
        /// How many it may have.
        max: u32,
    },
    /// A size or number of extents of zero was asked for.
    #[error("{option} may not be zero.")]
    ZeroOption {
        /// The option.
        option: &'static str,
    },
    /// A percentage came to nothing.
    #[error("Calculated size of logical volume is 0 extents. Needs to be larger.")]
    NothingLeft,
    /// The size does not fit 32 bits of extents.
    #[error(
        "Volume too large ({size}) for extent size {extent_size}. Upper limit is less than {limit}."
    )]
    TooLarge {
        /// The size, in words.
        size: String,
        /// The extent size, in words.
        extent_size: String,
        /// The limit, in words.
        limit: String,
    },
    /// With the extents added there are more than 32 bits of them.
    #[error(
        "Unable to extend {vg}/{lv} by {extents} logical extents: exceeds limit ({}).",
        u32::MAX
    )]
    ExtensionTooLarge {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
        /// How many were to be added.
        extents: Extents,
    },
    /// A percentage of something that a new LV has not.
    #[error("Please express size as %FREE, %PVS or %VG.")]
    Percentage,
    /// A percentage of the origin of an LV that has none.
    #[error("Specified LV does not have an origin LV.")]
    NoOrigin,
    /// The number of stripes is out of range.
    #[error("Number of stripes ({stripes}) must be between 1 and 128.")]
    StripeCount {
        /// The number.
        stripes: u32,
    },
    /// There are more stripes than PVs.
    #[error("Number of stripes ({stripes}) must not exceed number of physical volumes ({pvs})")]
    MoreStripesThanPvs {
        /// The number of stripes.
        stripes: u32,
        /// The number of PVs given, or of all.
        pvs: usize,
    },
    /// The stripe size is no power of two, or below 4 KiB.
    #[error("Invalid stripe size {size}.")]
    StripeSize {
        /// The size, in words.
        size: String,
    },
    /// The stripe size is more than any.
    #[error("Stripe size cannot be larger than {max}.")]
    StripeSizeMax {
        /// The largest, in words.
        max: String,
    },
    /// The same, of an extension.
    #[error("Stripe size must be power of 2.")]
    StripeSizeOfExtension,
    /// The segments of the LV have different stripes, so the user has to say which.
    #[error("Please specify number of stripes (-i) and stripesize (-I)")]
    StripesUnclear,
    /// A PV argument names no PV of the VG.
    #[error("Physical Volume \"{name}\" not found in Volume Group \"{vg}\".")]
    PvNotFound {
        /// The VG.
        vg: VgName,
        /// As it was called.
        name: String,
    },
    /// None of the PVs given can take an extent.
    #[error("No specified PVs have space available.")]
    NoSpaceOnPvs,
    /// The ranges of a PV argument make no sense.
    #[error(transparent)]
    Range(#[from] RangeError),
    /// Ranges of PV arguments overlap.
    #[error("Overlapping PE ranges specified ({}-{}, {}-{}) on {device}.", .one.0, .one.1, .two.0, .two.1)]
    Overlap {
        /// The later one: first and last extent.
        one: (u64, u64),
        /// The earlier one.
        two: (u64, u64),
        /// The device.
        device: String,
    },
    /// The VG has not as many free extents.
    #[error(
        "Volume group \"{vg}\" has insufficient free space ({free} extents): {needed} required.{room}"
    )]
    VgFull {
        /// The VG.
        vg: VgName,
        /// How many it has.
        free: Extents,
        /// How many are needed.
        needed: Extents,
        /// Lines about what would help, each behind a newline.
        room: String,
    },
    /// The PVs that may be used have not as many.
    #[error("Insufficient free space: {needed} extents needed, but only {free} available{room}")]
    PvsFull {
        /// How many are needed.
        needed: Extents,
        /// How many they have.
        free: Extents,
        /// Lines about what would help, each behind a newline.
        room: String,
    },
    /// They have, but not as the policy or the stripes need them.
    #[error(
        "Insufficient suitable {}allocatable extents for logical volume {lv}: {more} more required\
         {room}",
        contiguous(*.policy)
    )]
    Unsuitable {
        /// The LV.
        lv: LvName,
        /// The policy.
        policy: AllocationPolicy,
        /// How many were not found.
        more: Extents,
        /// Lines about why, and what would help, each behind a newline.
        room: String,
    },
    /// There is not a single row.
    #[error("Insufficient suitable allocatable extents found for logical volume {lv}.{room}")]
    NothingSuitable {
        /// The LV.
        lv: LvName,
        /// Lines about why, and what would help, each behind a newline.
        room: String,
    },
    /// A signature on a new LV is not to be wiped.
    #[error(
        "Aborted wiping of {kind}.\nFailed to wipe signatures on logical volume {vg}/{lv}.\n\
         Aborting. Failed to wipe start of new LV."
    )]
    SignatureKept {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
        /// What was found.
        kind: String,
    },
    /// A persistent minor number is out of range.
    #[error("Minor number {minor} outside range 0-1048575.")]
    Minor {
        /// The number.
        minor: u32,
    },
    /// A persistent number needs to be given.
    #[error("Please specify minor number with --minor when using -My.")]
    MinorMissing,
    /// The size is what it is already.
    #[error("New size ({extents} extents) matches existing size ({extents} extents){}", stop(*.rounded))]
    SameSize {
        /// The size.
        extents: Extents,
        /// Whether it had been rounded to stripes (LVM2 then ends without a full stop).
        rounded: bool,
    },
    /// An extension to less.
    #[error("New size given ({new} extents) not larger than existing size ({old} extents)")]
    NotLarger {
        /// The size asked for.
        new: Extents,
        /// The size it has.
        old: Extents,
    },
    /// A reduction to more.
    #[error("New size given ({new} extents) not less than existing size ({old} extents)")]
    NotLess {
        /// The size asked for.
        new: Extents,
        /// The size it has.
        old: Extents,
    },
    /// Nothing would be left.
    #[error("Unable to reduce {vg}/{lv} below 1 extent.")]
    BelowOne {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
    },
    /// The user does not want it reduced.
    #[error("Logical volume {vg}/{lv} NOT reduced.")]
    NotReduced {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
    },
    /// The user does not want it removed.
    #[error("Logical volumes of volume group \"{vg}\" not removed.")]
    NotRemoved {
        /// The VG.
        vg: VgName,
    },
    /// The LV is part of another.
    #[error("Operation not permitted on hidden LV {vg}/{lv}.")]
    Hidden {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
    },
    /// PVs that it lies on are missing.
    #[error(
        "Command on LV {vg}/{lv} uses options that are invalid with LV properties: \
         lv_is_partial .\nCommand not permitted on LV {vg}/{lv}."
    )]
    Partial {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
    },
    /// A pvmove is under way.
    #[error("Can't {verb} locked logical volume {vg}/{lv}.")]
    Locked {
        /// What was to be done: `remove`, `resize`.
        verb: &'static str,
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
    },
    /// Other LVs are made of it.
    #[error("Can't {verb} logical volume {vg}/{lv}: it is used by logical volume {user}.")]
    InUse {
        /// What was to be done.
        verb: &'static str,
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
        /// One that uses it.
        user: LvName,
    },
    /// Its segments are of a kind that cannot be treated so yet.
    #[error("Can't {verb} logical volume {vg}/{lv} of type {kind}: not supported.")]
    Kind {
        /// What was to be done.
        verb: &'static str,
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
        /// The segment type.
        kind: String,
    },
    /// The permission is what it is already.
    #[error("Logical volume \"{vg}/{lv}\" is already {}.", if *.read_only { "read only" } else { "writable" })]
    AlreadyPermission {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
        /// Which one.
        read_only: bool,
    },
    /// The policy is what it is already.
    #[error("Allocation policy of logical volume {vg}/{lv} is already {}.", .policy.as_str())]
    AlreadyPolicy {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
        /// Which one.
        policy: AllocationPolicy,
    },
    /// Read-ahead is what it is already.
    #[error("Read ahead is already {read_ahead} for {vg}/{lv}.")]
    AlreadyReadAhead {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
        /// Sectors, or `auto`.
        read_ahead: String,
    },
    /// The LV keeps no minor number.
    #[error("Minor number is already not persistent for {vg}/{lv}.")]
    AlreadyNotPersistent {
        /// The VG.
        vg: VgName,
        /// The LV.
        lv: LvName,
    },
}

fn contiguous(policy: AllocationPolicy) -> &'static str {
    match policy {
        AllocationPolicy::Contiguous => "contiguous ",
        _ => "",
    }
}

fn stop(rounded: bool) -> &'static str {
    if rounded { "" } else { "." }
}

impl LvRefusal {
    /// Returns true if the request makes no sense whatever the system is.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::ReservedPrefix { .. }
                | Self::ReservedPart { .. }
                | Self::LongNewName { .. }
                | Self::SameName
                | Self::ZeroOption { .. }
                | Self::StripeCount { .. }
                | Self::StripeSize { .. }
                | Self::StripeSizeMax { .. }
        )
    }
}
