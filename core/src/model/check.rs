//! Every invariant of a VG, stated independently of the code that maintains them.
//!
//! [`check`] looks at everything: in tests and for `vgck`. [`check_changed`] looks at what a
//! transition has changed against the index of names and the map of extents. Both are total: they
//! take any VG that can be parsed, walk nothing recursively and nothing twice per LV.

mod history;
mod lv;
mod map;
mod pv;
mod references;

use crate::id::Uuid;
use crate::model::flags::AllocationPolicy;
use crate::model::lv_table::LvId;
use crate::model::vg::Vg;
use crate::name::LvName;
use crate::units::{Extents, Le, Pe, Sectors};
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// An invariant that does not hold, with what breaks it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Violation {
    /// The VG has no policy of its own.
    #[error("the allocation policy of a volume group cannot be inherited")]
    PolicyInherited,
    /// There are more PVs than allowed.
    #[error("there are {count} physical volumes, at most {max} are allowed")]
    TooManyPvs {
        /// How many there are.
        count: usize,
        /// How many there may be.
        max: u32,
    },
    /// There are more visible LVs than allowed.
    #[error("there are {count} logical volumes, at most {max} are allowed")]
    TooManyLvs {
        /// How many there are.
        count: usize,
        /// How many there may be.
        max: u32,
    },
    /// The extents of all PVs cannot be counted in 32 bits.
    #[error(
        "the physical volumes have {count} extents in all, at most {} can be counted",
        u32::MAX
    )]
    TooManyExtents {
        /// How many there are.
        count: Extents,
    },
    /// Two PVs have one identity.
    #[error("two physical volumes have the UUID {id}")]
    DuplicatePvId {
        /// The identity.
        id: Uuid,
    },
    /// The extents of a PV cannot be counted in 32 bits.
    #[error("PV {pv} has {count} extents, at most {} can be counted", u32::MAX)]
    PvExtents {
        /// The PV.
        pv: Uuid,
        /// How many it has.
        count: Extents,
    },
    /// The extents of a PV are longer than its device.
    #[error("PV {pv} has {count} extents, which is more than its device of {size} sectors holds")]
    PvBeyondDevice {
        /// The PV.
        pv: Uuid,
        /// How many extents it has.
        count: Extents,
        /// The size of its device.
        size: Sectors,
    },
    /// The bootloader area of a PV lies over its extents.
    #[error("the bootloader area of PV {pv} lies over its extents")]
    BootloaderOverExtents {
        /// The PV.
        pv: Uuid,
    },
    /// A PV is exported, its VG is not.
    #[error("PV {pv} is exported, the volume group is not")]
    PvExported {
        /// The PV.
        pv: Uuid,
    },
    /// Two LVs have one name.
    #[error("two logical volumes are called {lv}")]
    DuplicateLvName {
        /// The name.
        lv: LvName,
    },
    /// Two LVs have one identity.
    #[error("LV {lv} has the UUID {id} of another one")]
    DuplicateLvId {
        /// One of them.
        lv: LvName,
        /// The identity.
        id: Uuid,
    },
    /// An LV has no segments.
    #[error("LV {lv} has no segments")]
    NoSegments {
        /// The LV.
        lv: LvName,
    },
    /// The extents of an LV cannot be counted in 32 bits.
    #[error("LV {lv} has {count} extents, at most {} can be counted", u32::MAX)]
    LvExtents {
        /// The LV.
        lv: LvName,
        /// How many it has.
        count: Extents,
    },
    /// A segment has no extents.
    #[error("LV {lv} has a segment without extents at {start}")]
    EmptySegment {
        /// The LV.
        lv: LvName,
        /// Where.
        start: Le,
    },
    /// A segment does not begin where the one before it ends.
    #[error("LV {lv} has a segment at extent {start} where {expected} is next")]
    SegmentStart {
        /// The LV.
        lv: LvName,
        /// Where it begins.
        start: Le,
        /// Where it should.
        expected: u64,
    },
    /// A kind of segment that fills its LV shares it with others.
    #[error("LV {lv} has other segments beside one of type {kind}")]
    NotSole {
        /// The LV.
        lv: LvName,
        /// The segment type.
        kind: String,
    },
    /// A segment has nothing to lie on.
    #[error("a segment of LV {lv} has no areas")]
    NoAreas {
        /// The LV.
        lv: LvName,
    },
    /// The stripes of a segment are not equally long.
    #[error("a segment of LV {lv} has {extents} extents in {stripes} stripes")]
    UnevenStripes {
        /// The LV.
        lv: LvName,
        /// How long the segment is.
        extents: Extents,
        /// How many stripes it has.
        stripes: usize,
    },
    /// A stripe size that the kernel doesn't take.
    #[error("LV {lv} has a stripe size of {size} sectors")]
    StripeSize {
        /// The LV.
        lv: LvName,
        /// The stripe size; 0 if there is none where one is needed.
        size: Sectors,
    },
    /// A region size that the kernel doesn't take.
    #[error("LV {lv} has a region size of {size} sectors")]
    RegionSize {
        /// The LV.
        lv: LvName,
        /// The region size.
        size: Sectors,
    },
    /// A chunk size that the kernel doesn't take.
    #[error("LV {lv} has a chunk size of {size} sectors")]
    ChunkSize {
        /// The LV.
        lv: LvName,
        /// The chunk size.
        size: Sectors,
    },
    /// An area names a PV that is not there.
    #[error("LV {lv} lies on PV number {pv}, which is not there")]
    NoSuchPv {
        /// The LV.
        lv: LvName,
        /// The number.
        pv: u32,
    },
    /// An area reaches beyond its PV.
    #[error("LV {lv} lies on extents up to {end} of PV {pv}, which has {count}")]
    AreaBeyondPv {
        /// The LV.
        lv: LvName,
        /// The PV.
        pv: Uuid,
        /// The extent behind the area's last.
        end: u64,
        /// How many the PV has.
        count: Extents,
    },
    /// Two areas lie on the same extents.
    #[error("LVs {one} and {other} both lie on extent {start} of PV {pv}")]
    Overlap {
        /// The PV.
        pv: Uuid,
        /// The first extent they share.
        start: Pe,
        /// One LV.
        one: String,
        /// The other; it can be the same.
        other: String,
    },
    /// The map of extents is not what the segments say.
    #[error("the map of extents of LV {lv} is not what its segments say")]
    MapDiffers {
        /// The LV.
        lv: LvName,
    },
    /// An LV names another that is not there.
    #[error("LV {lv} is made of {part}, which is not there")]
    NoSuchLv {
        /// The LV.
        lv: LvName,
        /// What it names.
        part: LvName,
    },
    /// An LV names another that is not of the type it has to be of.
    #[error("LV {lv} needs {part} to be of type {needed}")]
    WrongKind {
        /// The LV.
        lv: LvName,
        /// What it names.
        part: LvName,
        /// The type it should have.
        needed: &'static str,
    },
    /// A part is shorter than what is to lie on it.
    #[error("LV {lv} needs {needed} extents of {part}, which has {count}")]
    PartTooShort {
        /// The LV.
        lv: LvName,
        /// The part.
        part: LvName,
        /// How many extents are needed.
        needed: u64,
        /// How many there are.
        count: Extents,
    },
    /// A part serves two.
    #[error("LV {part} is a part of {one} and of {other}")]
    PartShared {
        /// The part.
        part: LvName,
        /// One that is made of it.
        one: String,
        /// Another; it can be the same.
        other: String,
    },
    /// A part is visible.
    #[error("LV {part} is a part of {lv} and visible")]
    PartVisible {
        /// The LV.
        lv: LvName,
        /// The part.
        part: LvName,
    },
    /// An LV is made of itself.
    #[error("LV {lv} is, in the end, made of itself")]
    Cycle {
        /// One of those on the circle.
        lv: LvName,
    },
    /// A RAID has too few devices, or not the metadata its level needs.
    #[error("LV {lv} of type {level} cannot have these {count} devices")]
    RaidDevices {
        /// The LV.
        lv: LvName,
        /// Its level.
        level: &'static str,
        /// How many devices it has.
        count: usize,
    },
    /// A pvmove has finished more than there is.
    #[error("LV {lv} has moved {moved} of {extents} extents")]
    MovedTooFar {
        /// The LV.
        lv: LvName,
        /// How many were moved.
        moved: Extents,
        /// How many there are.
        extents: Extents,
    },
    /// A number that thin pools don't take.
    #[error("thin LV {lv} has the device number {number}")]
    ThinDeviceId {
        /// The LV.
        lv: LvName,
        /// The number.
        number: u32,
    },
    /// Two thin LVs of a pool have one number.
    #[error("thin LVs {one} and {other} of pool {pool} have the device number {number}")]
    DuplicateThinDeviceId {
        /// The pool.
        pool: LvName,
        /// One.
        one: LvName,
        /// The other.
        other: LvName,
        /// The number.
        number: u32,
    },
    /// A fixed device number is not there.
    #[error("LV {lv} has a fixed minor number, but none is given")]
    NoFixedMinor {
        /// The LV.
        lv: LvName,
    },
    /// A name in the history belongs to two LVs that were removed.
    #[error("two logical volumes that were removed are called {lv}")]
    DuplicateHistoricalName {
        /// The name.
        lv: LvName,
    },
    /// An identity in the history belongs to an LV, or to two that were removed.
    #[error("the removed LV {lv} has the UUID {id} of another one")]
    DuplicateHistoricalId {
        /// The name.
        lv: LvName,
        /// The identity.
        id: Uuid,
    },
    /// The history names an LV that neither is nor was.
    #[error("the history of {lv} names {relative}, which neither is nor was there")]
    NoSuchRelative {
        /// The LV whose history it is.
        lv: LvName,
        /// What it names.
        relative: LvName,
    },
}

impl Violation {
    /// Returns true if it is not known where data lies while this holds: to change such a VG
    /// would be to write on what is not ours.
    pub const fn is_about_places(&self) -> bool {
        matches!(
            self,
            Self::DuplicatePvId { .. }
                | Self::DuplicateLvName { .. }
                | Self::EmptySegment { .. }
                | Self::SegmentStart { .. }
                | Self::NoSuchPv { .. }
                | Self::AreaBeyondPv { .. }
                | Self::Overlap { .. }
                | Self::MapDiffers { .. }
                | Self::NoSuchLv { .. }
                | Self::Cycle { .. }
        )
    }
}

/// Checks every invariant of a VG.
pub fn check(vg: &Vg) -> Vec<Violation> {
    let mut found = Vec::new();
    check_vg(vg, &mut found);
    pv::check(vg, &mut found);
    let ids: Vec<LvId> = vg.lvs.ids().collect();
    check_names(vg, &ids, &mut found);
    check_ids(vg, &ids, &mut found);
    for id in &ids {
        lv::check(vg, &vg.lvs.get(*id), &mut found);
    }
    map::check(vg, &ids, &mut found);
    map::check_overlaps(vg, &mut found);
    references::check(vg, &ids, &mut found);
    history::check(vg, &mut found);
    found
}

/// Checks the invariants that a transition can have broken which made or changed these LVs, and may
/// have changed PVs or removed LVs. LVs that are still the text they were read from have been
/// checked when it was read; only their names and extents are looked at.
///
/// # Panics
/// If one of `changed` is not in the table.
pub fn check_changed(vg: &Vg, changed: &[LvId]) -> Vec<Violation> {
    let mut found = Vec::new();
    check_vg(vg, &mut found);
    pv::check(vg, &mut found);
    check_names(vg, changed, &mut found);
    let loaded: Vec<LvId> = vg.lvs.ids().filter(|id| !vg.lvs.is_source(*id)).collect();
    let mut known: BTreeSet<LvId> = loaded.iter().copied().collect();
    known.extend(changed);
    let known: Vec<LvId> = known.into_iter().collect();
    check_ids(vg, &known, &mut found);
    for id in changed {
        lv::check(vg, &vg.lvs.get(*id), &mut found);
    }
    map::check(vg, changed, &mut found);
    map::check_bounds(vg, changed, &mut found);
    map::check_overlaps(vg, &mut found);
    references::check(vg, &loaded, &mut found);
    if !vg.historical.is_empty() {
        history::check(vg, &mut found);
    }
    found
}

fn check_vg(vg: &Vg, found: &mut Vec<Violation>) {
    if vg.policy == AllocationPolicy::Inherit {
        found.push(Violation::PolicyInherited);
    }
    let (count, max) = (vg.pvs.len(), vg.max_pv);
    if max != 0 && count > max as usize {
        found.push(Violation::TooManyPvs { count, max });
    }
    let max = vg.max_lv;
    if max != 0 {
        let count = vg.lvs.ids().filter(|id| vg.lvs.is_visible(*id)).count();
        if count > max as usize {
            found.push(Violation::TooManyLvs { count, max });
        }
    }
}

/// Checks that none of the names of `ids` is that of two LVs.
fn check_names(vg: &Vg, ids: &[LvId], found: &mut Vec<Violation>) {
    if ids.is_empty() {
        return;
    }
    let mut counts: BTreeMap<&str, u32> = ids.iter().map(|id| (vg.lvs.name(*id), 0)).collect();
    for id in vg.lvs.ids() {
        if let Some(count) = counts.get_mut(vg.lvs.name(id)) {
            *count += 1;
            if *count == 2 {
                let lv = vg.lvs.get(id).name.clone();
                found.push(Violation::DuplicateLvName { lv });
            }
        }
    }
}

/// Checks that no two of `ids` have one identity.
fn check_ids(vg: &Vg, ids: &[LvId], found: &mut Vec<Violation>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        let lv = vg.lvs.get(*id);
        if !seen.insert(lv.id) {
            let (lv, id) = (lv.name.clone(), lv.id);
            found.push(Violation::DuplicateLvId { lv, id });
        }
    }
}

#[cfg(test)]
mod tests;
