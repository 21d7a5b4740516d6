//! What operations on LVs share: names, PV arguments, the place of an LV's first bytes.

use crate::alloc::{Candidate, Layout, Request as AllocationRequest};
use crate::model::flags::AllocationPolicy;
use crate::model::lv::{Lv, ReadAhead};
use crate::model::lv_table::LvId;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, SegmentKind};
use crate::model::vg::Vg;
use crate::name::{LvName, NAME_LENGTH_MAX, Reserved, Tag, VgName};
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::roles::Roles;
use crate::ops::system::{DeviceId, System, VgView};
use crate::ops::{Level, Message, guard, room};
use crate::size::ranges::{PeRange, PvArg};
use crate::size::units::{Units, display_size};
use crate::units::{Bytes, Extents, Sectors};
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// A place in `/dev`, for messages.
pub(super) fn device_path(vg: &VgName, lv: &LvName) -> String {
    format!("/dev/{vg}/{lv}")
}

/// Returns a size in words, as LVM2's messages have it.
pub(super) fn words(size: Sectors) -> String {
    display_size(size, Units::default())
}

/// Returns the length of extents in words.
pub(super) fn extent_words(vg: &Vg, extents: Extents) -> String {
    match vg.extent_size.checked_to_sectors(extents) {
        Some(size) if size.checked_to_bytes().is_some() => words(size),
        _ => format!("{extents} extents"),
    }
}

/// Adds a line for standard output.
pub(super) fn print(notes: &mut Vec<Message>, text: impl Into<String>) {
    notes.push(Message::print(text));
}

/// Adds a warning.
pub(super) fn warn(notes: &mut Vec<Message>, text: impl Into<String>) {
    notes.push(Message::new(Level::Warning, text));
}

/// Checks that a user may give an LV this name.
pub(super) fn check_reserved(name: &LvName) -> Result<(), LvRefusal> {
    match name.reserved() {
        None => Ok(()),
        Some(Reserved::Prefix(prefix)) => Err(LvRefusal::ReservedPrefix { prefix }),
        Some(Reserved::Part(part)) => Err(LvRefusal::ReservedPart { part }),
    }
}

/// Returns how long the name of an LV may be so that `VG-LV-real` and the like are still names.
pub(super) fn name_length_max(vg: &VgName) -> usize {
    NAME_LENGTH_MAX.saturating_sub(vg.as_str().len() + 3)
}

/// Checks that an LV is one that a user may treat as a whole: no part of another, not locked, used
/// by none, and made of stripes, errors or zeros only.
pub(super) fn check_plain(
    vg: &Vg,
    roles: &Roles,
    id: LvId,
    verb: &'static str,
) -> Result<(), LvRefusal> {
    if vg.lvs.is_source(id) && roles.is_empty() && vg.lvs.is_visible(id) {
        return check_locked(vg, id, verb);
    }
    check_visible(vg, roles, id)?;
    check_locked(vg, id, verb)?;
    let lv = vg.lvs.get(id);
    if let Some(user) = roles.users(lv.name.as_str()).next() {
        return Err(LvRefusal::InUse {
            verb,
            vg: vg.name.clone(),
            lv: lv.name.clone(),
            user: vg.lvs.get(user).name.clone(),
        });
    }
    let is_plain = |kind: &SegmentKind| match kind {
        SegmentKind::Striped(striped) => {
            let mut areas = striped.areas.iter();
            areas.all(|area| matches!(area, Area::Pv { .. }))
        }
        SegmentKind::Error | SegmentKind::Zero => true,
        _ => false,
    };
    match lv.segments.iter().find(|segment| !is_plain(&segment.kind)) {
        None => Ok(()),
        Some(segment) => Err(LvRefusal::Kind {
            verb,
            vg: vg.name.clone(),
            lv: lv.name.clone(),
            kind: segment.type_name().into(),
        }),
    }
}

/// Checks that a user sees an LV.
pub(super) fn check_visible(vg: &Vg, roles: &Roles, id: LvId) -> Result<(), LvRefusal> {
    if roles.is_visible(vg, id) {
        return Ok(());
    }
    Err(LvRefusal::Hidden { vg: vg.name.clone(), lv: vg.lvs.get(id).name.clone() })
}

fn check_locked(vg: &Vg, id: LvId, verb: &'static str) -> Result<(), LvRefusal> {
    let lv = vg.lvs.get(id);
    if !lv.flags.locked && !lv.flags.pvmove {
        return Ok(());
    }
    Err(LvRefusal::Locked { verb, vg: vg.name.clone(), lv: lv.name.clone() })
}

/// Rounds read-ahead to whole pages of 4 KiB as LVM2 does, with its warning.
pub(super) fn round_read_ahead(read_ahead: ReadAhead, notes: &mut Vec<Message>) -> ReadAhead {
    const PAGE: Sectors = Sectors::new(8);
    match read_ahead {
        ReadAhead::Sectors(size) if size.is_zero() => ReadAhead::None,
        ReadAhead::Sectors(size) if !size.is_multiple_of(PAGE) => {
            let rounded = size.round_down(PAGE).max(PAGE);
            warn(
                notes,
                format!(
                    "WARNING: Overriding readahead to {rounded} sectors, a multiple of 4K page size."
                ),
            );
            ReadAhead::Sectors(rounded)
        }
        other => other,
    }
}

/// Where new extents may come from.
pub(super) struct Places {
    /// The PVs, in order.
    pub candidates: Vec<Candidate>,
    /// How many PVs were given, or how many there are.
    pub count: usize,
    /// How many extents are free on the PVs given; `None` if none were.
    pub free: Option<Extents>,
}

/// Finds the PVs that arguments name; all that can be used if there is none.
pub(super) fn places(
    system: &System,
    view: &VgView,
    arguments: &[PvArg],
    notes: &mut Vec<Message>,
) -> Result<Places, LvRefusal> {
    let vg = &view.vg;
    let usable = guard::usable_devices(view);
    if arguments.is_empty() {
        let allocatable =
            |index: &PvIndex| usable[index.get()].is_some() && vg.pv(*index).flags.allocatable;
        let candidates = vg
            .pv_indices()
            .filter(allocatable)
            .map(|pv| Candidate { pv, ranges: whole(vg.pv(pv).pe_count) });
        return Ok(Places { candidates: candidates.collect(), count: vg.pvs.len(), free: None });
    }
    let mut candidates: Vec<Candidate> = Vec::new();
    for argument in arguments {
        for pv in named(system, view, argument, notes)? {
            let ranges = argument.ranges(vg.pv(pv).pe_count)?;
            let device = usable[pv.get()].map(|id| system.device(id).name.as_str());
            let device = device.unwrap_or(vg.pv(pv).device_hint.as_str());
            let quiet = argument.tag().is_some();
            if usable[pv.get()].is_none() || !vg.pv(pv).flags.allocatable {
                if !quiet {
                    let text = format!("WARNING: Physical volume {device} not allocatable.");
                    warn(notes, text);
                }
                continue;
            }
            if vg.free_runs(pv).is_empty() {
                if !quiet {
                    let text = format!("WARNING: No free extents on physical volume \"{device}\".");
                    warn(notes, text);
                }
                continue;
            }
            add_ranges(&mut candidates, pv, ranges, device)?;
        }
    }
    if candidates.is_empty() {
        return Err(LvRefusal::NoSpaceOnPvs);
    }
    let free = candidates.iter().map(|candidate| free_in(vg, candidate));
    Ok(Places { count: candidates.len(), free: Some(free.sum()), candidates })
}

fn whole(count: Extents) -> Vec<PeRange> {
    let all = PvArg { name: String::new(), is_tag: false, ranges: None };
    all.ranges(count).expect("a whole PV is no range to be wrong")
}

/// Returns the PVs that an argument names.
fn named(
    system: &System,
    view: &VgView,
    argument: &PvArg,
    notes: &mut Vec<Message>,
) -> Result<Vec<PvIndex>, LvRefusal> {
    let vg = &view.vg;
    if let Some(tag) = argument.tag() {
        if Tag::new(tag).is_err() {
            notes.push(Message::error(format!("Skipping invalid tag {tag}.")));
        }
        let tagged = |pv: &PvIndex| vg.pv(*pv).tags.iter().any(|found| found.as_str() == tag);
        return Ok(vg.pv_indices().filter(tagged).collect());
    }
    let device = system.find_device(&argument.name);
    let place = device.and_then(|id| view.devices.iter().position(|found| *found == Some(id)));
    match vg.pv_indices().find(|index| Some(index.get()) == place) {
        Some(pv) => Ok(std_alloc::vec![pv]),
        None => Err(LvRefusal::PvNotFound { vg: vg.name.clone(), name: argument.name.clone() }),
    }
}

/// Adds ranges to the candidate of a PV, which is made if it is not there.
fn add_ranges(
    candidates: &mut Vec<Candidate>,
    pv: PvIndex,
    ranges: Vec<PeRange>,
    device: &str,
) -> Result<(), LvRefusal> {
    let place = candidates.iter().position(|candidate| candidate.pv == pv);
    let place = place.unwrap_or_else(|| {
        let ranges = Vec::new();
        candidates.push(Candidate { pv, ranges });
        candidates.len() - 1
    });
    let ends = |range: &PeRange| (range.start.get(), range.end().get() - 1);
    for range in ranges {
        let overlaps = |other: &&PeRange| other.start < range.end() && range.start < other.end();
        if let Some(other) = candidates[place].ranges.iter().find(overlaps) {
            return Err(LvRefusal::Overlap {
                one: ends(&range),
                two: ends(other),
                device: device.into(),
            });
        }
        candidates[place].ranges.push(range);
    }
    Ok(())
}

fn free_in(vg: &Vg, candidate: &Candidate) -> Extents {
    let mut sum = Extents::ZERO;
    for (start, length) in vg.free_runs(candidate.pv) {
        for range in &candidate.ranges {
            let first = start.max(range.start);
            let end = start.after(length).min(range.end());
            if first < end {
                sum += end.since(first);
            }
        }
    }
    sum
}

/// Finds room, or says why there is none.
pub(super) fn allocate(
    system: &System,
    vg: &Vg,
    lv: &LvName,
    request: &AllocationRequest,
) -> Result<Layout, LvRefusal> {
    crate::alloc::allocate(vg, request).map_err(|refusal| {
        let room = room::explain(system, vg, request, &refusal);
        let (needed, free) = (refusal.needed(), refusal.free());
        let (lv, policy) = (lv.clone(), request.policy);
        if request.approximate {
            LvRefusal::NothingSuitable { lv, room }
        } else if needed > free {
            LvRefusal::PvsFull { needed, free, room }
        } else {
            let more = needed.saturating_sub(refusal.found());
            LvRefusal::Unsuitable { lv, policy, more, room }
        }
    })
}

/// Returns the policy that counts for an LV.
pub(super) fn effective_policy(vg: &Vg, policy: AllocationPolicy) -> AllocationPolicy {
    match policy {
        AllocationPolicy::Inherit => match vg.policy {
            AllocationPolicy::Inherit => AllocationPolicy::Normal,
            policy => policy,
        },
        policy => policy,
    }
}

/// A run of bytes on a device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct DeviceRun {
    /// The device.
    pub device: DeviceId,
    /// First byte on it.
    pub offset: Bytes,
    /// Length.
    pub length: Bytes,
}

/// Returns where the first `length` bytes of an LV lie, in logical order. Ends early where an area
/// is not on a PV that can be used.
pub(super) fn first_runs(view: &VgView, lv: &Lv, length: Bytes) -> Vec<DeviceRun> {
    let usable = guard::usable_devices(view);
    let size = view.vg.extent_size;
    let mut runs: Vec<DeviceRun> = Vec::new();
    let mut left = length;
    for segment in &lv.segments {
        let SegmentKind::Striped(striped) = &segment.kind else {
            return runs;
        };
        let area_length = size.to_sectors(segment.area_extents()).to_bytes();
        let chunk = match striped.stripe_size {
            Some(stripe) if striped.areas.len() > 1 => stripe.to_bytes(),
            _ => area_length,
        };
        let mut at = Bytes::ZERO;
        while at < area_length {
            for area in &striped.areas {
                let Area::Pv { pv, start } = area else {
                    return runs;
                };
                let Some(device) = usable[pv.get()] else {
                    return runs;
                };
                let part = chunk.min(area_length - at).min(left);
                if part.is_zero() {
                    return runs;
                }
                let first =
                    view.vg.pv(*pv).pe_start.to_bytes() + size.sectors().to_bytes() * start.get();
                push_run(&mut runs, device, first + at, part);
                left -= part;
            }
            at += chunk.min(area_length - at);
        }
    }
    runs
}

fn push_run(runs: &mut Vec<DeviceRun>, device: DeviceId, offset: Bytes, length: Bytes) {
    if let Some(last) = runs.last_mut()
        && last.device == device
        && last.offset + last.length == offset
    {
        last.length += length;
        return;
    }
    runs.push(DeviceRun { device, offset, length });
}

#[cfg(test)]
mod tests;
