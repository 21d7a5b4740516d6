//! From texts and labels to volume groups with their devices: who is a member of what, what is
//! missing, outdated, duplicate, lagging or forked.

use super::AreaRef;
use super::areas::warning;
use super::texts::{Chosen, Copies, Parsed, TextKey};
use crate::id::Uuid;
use crate::model::pv::{Pv, PvIndex};
use crate::model::vg::Vg;
use crate::ops::Message;
use crate::ops::system::{Device, DeviceId, Fork, ForkText, LabelState, MdaState, Rival, VgView};
use std_alloc::boxed::Box;
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// The name of a device that is not there.
const UNKNOWN: &str = "[unknown]";

/// Which devices carry which PV's label.
type ByPv = BTreeMap<Uuid, Vec<DeviceId>>;

/// Makes the views of the chosen volume groups, ordered by name, then by identity.
pub(super) fn build(
    mut chosen: Vec<Chosen>,
    devices: &[Device],
    messages: &mut Vec<Message>,
) -> Vec<VgView> {
    chosen.sort_by(|one, two| {
        let (one, two) = (&one.parsed.vg, &two.parsed.vg);
        (&one.name, one.id).cmp(&(&two.name, two.id))
    });
    drop_superseded(&mut chosen, messages);
    let by_pv = by_pv(devices);
    let owners = owners(&chosen, devices, &by_pv);
    let mut views = Vec::new();
    for one in chosen {
        views.push(view(one, devices, &by_pv, &owners, messages));
    }
    complain_of_orphans(devices, &by_pv, messages);
    complain_of_names(&views, messages);
    views
}

/// Tells of devices with one identity that belong to no VG.
fn complain_of_orphans(devices: &[Device], by_pv: &ByPv, messages: &mut Vec<Message>) {
    let used = |id: &DeviceId| match &devices[id.get()].label {
        LabelState::Pv(pv) => pv.label.header.is_used() || !texts_on(&devices[id.get()]).is_empty(),
        LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => false,
    };
    for (pv, found) in by_pv.iter().filter(|(_, found)| !found.iter().any(used)) {
        let [first, others @ ..] = found.as_slice() else {
            continue;
        };
        for id in others {
            let name = &devices[id.get()].name;
            messages.push(warning(format!("WARNING: Not using device {name} for PV {pv}.")));
        }
        if !others.is_empty() {
            let name = &devices[first.get()].name;
            messages.push(warning(format!(
                "WARNING: PV {pv} prefers device {name} because device was seen first."
            )));
        }
    }
}

/// Drops what a merge that was interrupted left of the VG that ceased to be: a later text of
/// another VG has all its PVs and LVs. So the merge is finished by looking; the next write clears
/// the leftovers.
fn drop_superseded(chosen: &mut Vec<Chosen>, messages: &mut Vec<Message>) {
    let pvs = |one: &Chosen, with_missing: bool| -> BTreeSet<Uuid> {
        let pvs = one.parsed.vg.pvs.iter();
        let counted = pvs.filter(|pv| with_missing || !pv.flags.missing);
        counted.map(|pv| pv.id).collect()
    };
    let claimed: Vec<BTreeSet<Uuid>> = chosen.iter().map(|one| pvs(one, true)).collect();
    // A VG that was written while a PV was missing does not claim to have it.
    let had: Vec<BTreeSet<Uuid>> = chosen.iter().map(|one| pvs(one, false)).collect();
    let superseded = |place: usize| {
        let others = (0..chosen.len()).filter(|other| *other != place);
        let mut others = others.filter(|other| claimed[place].is_subset(&had[*other]));
        others.find(|other| is_superseded(&chosen[place].parsed, &chosen[*other].parsed))
    };
    let mut gone: Vec<usize> = Vec::new();
    for place in 0..chosen.len() {
        if let Some(other) = superseded(place).filter(|other| !gone.contains(other)) {
            let (name, by) = (&chosen[place].parsed.vg.name, &chosen[other].parsed.vg.name);
            messages.push(warning(format!(
                "WARNING: Ignoring leftover metadata of VG {name}, which was merged into VG {by}."
            )));
            gone.push(place);
        }
    }
    for place in gone.into_iter().rev() {
        chosen.remove(place);
    }
}

/// Whether a later text has all LVs of a VG, whose PVs it has all.
fn is_superseded(one: &Parsed, by: &Parsed) -> bool {
    let ids = |vg: &Vg| -> BTreeSet<Uuid> {
        let lvs = vg.lvs.ids().map(|id| vg.lvs.get(id).id);
        lvs.collect()
    };
    let age = |parsed: &Parsed| (parsed.provenance.creation_time, parsed.vg.seqno);
    age(by) >= age(one) && !one.vg.pvs.is_empty() && ids(&one.vg).is_subset(&ids(&by.vg))
}

fn by_pv(devices: &[Device]) -> ByPv {
    let mut by_pv = ByPv::new();
    for (id, device) in (0..).map(DeviceId).zip(devices) {
        if let LabelState::Pv(pv) = &device.label {
            by_pv.entry(pv.label.header.id).or_default().push(id);
        }
    }
    by_pv
}

/// The VG of each PV that more than one claims: the one whose text is on the PV itself. But a split
/// that was interrupted has moved the PV as soon as one header commits that: the VG that it goes to
/// is exported meanwhile, and its text is the later one.
fn owners(chosen: &[Chosen], devices: &[Device], by_pv: &ByPv) -> BTreeMap<Uuid, Uuid> {
    let mut claims: BTreeMap<Uuid, Vec<Claim>> = BTreeMap::new();
    for Chosen { parsed, .. } in chosen {
        for pv in &parsed.vg.pvs {
            let claim = Claim {
                vg: parsed.vg.id,
                time: parsed.provenance.creation_time,
                has: !pv.flags.missing,
                exported: parsed.vg.flags.exported,
            };
            claims.entry(pv.id).or_default().push(claim);
        }
    }
    claims.retain(|_, claims| claims.len() > 1);
    let owner = |(pv, claims): (Uuid, Vec<Claim>)| {
        let beats =
            |one: &Claim, other: &Claim| !other.has || one.time >= other.time && !other.takes();
        let has_moved = |one: &&Claim| {
            one.takes() && claims.iter().all(|other| one.vg == other.vg || beats(one, other))
        };
        let found = by_pv.get(&pv).into_iter().flatten();
        let on_pv: Vec<Uuid> = found.flat_map(|id| texts_on(&devices[id.get()])).collect();
        let owner = claims.iter().find(has_moved);
        let owner = owner.or_else(|| claims.iter().find(|claim| on_pv.contains(&claim.vg)));
        (pv, owner.or(claims.first()).expect("a claimed PV has a claimant").vg)
    };
    claims.into_iter().map(owner).collect()
}

/// That a VG says a PV is its own.
struct Claim {
    vg: Uuid,
    /// When that was written.
    time: u64,
    /// Whether it was not missing then.
    has: bool,
    exported: bool,
}

impl Claim {
    /// Whether the VG may be the one that a split moves the PV to.
    const fn takes(&self) -> bool {
        self.exported && self.has
    }
}

/// The VGs whose texts are on a device.
fn texts_on(device: &Device) -> Vec<Uuid> {
    let LabelState::Pv(pv) = &device.label else {
        return Vec::new();
    };
    let vg = |state: &MdaState| match state {
        MdaState::Text { vg, .. } => Some(*vg),
        _ => None,
    };
    pv.areas.iter().filter_map(|area| vg(&area.state)).collect()
}

fn view(
    chosen: Chosen,
    devices: &[Device],
    by_pv: &ByPv,
    owners: &BTreeMap<Uuid, Uuid>,
    messages: &mut Vec<Message>,
) -> VgView {
    let Chosen { parsed, copies, rivals } = chosen;
    let Parsed { mut vg, provenance, text } = *parsed;
    complain_of_age(&copies, &vg, devices, messages);
    let (found, duplicates) = members(&vg, devices, by_pv, owners, messages);
    settle_pvs(&mut vg, &found, devices, messages);
    let view = VgView {
        fork: fork(&copies, &rivals, &vg),
        outdated: outdated(&copies, &vg, devices, by_pv),
        lagging: lagging(&copies, &vg, &found, devices),
        provenance,
        text,
        devices: found,
        duplicates,
        vg,
    };
    complain_of_outdated(&view, &copies, devices, messages);
    view
}

/// Finds the device of each PV, and the devices that carry the same identity.
fn members(
    vg: &Vg,
    devices: &[Device],
    by_pv: &ByPv,
    owners: &BTreeMap<Uuid, Uuid>,
    messages: &mut Vec<Message>,
) -> (Vec<Option<DeviceId>>, Vec<(PvIndex, DeviceId)>) {
    let mut found = Vec::new();
    let mut duplicates = Vec::new();
    for (index, pv) in vg.pv_indices().zip(&vg.pvs) {
        let is_ours = owners.get(&pv.id).is_none_or(|owner| *owner == vg.id);
        let candidates = by_pv.get(&pv.id).filter(|_| is_ours);
        let candidates = candidates.map_or(&[][..], Vec::as_slice);
        let best = candidates.iter().copied().min_by_key(|id| rank(pv, *id, devices));
        found.push(best);
        for id in candidates.iter().filter(|id| Some(**id) != best) {
            duplicates.push((index, *id));
            let name = &devices[id.get()].name;
            messages.push(warning(format!("WARNING: Not using device {name} for PV {}.", pv.id)));
        }
        if let (true, Some(best)) = (candidates.len() > 1, best) {
            let reason = reason(pv, best, candidates, devices);
            let name = &devices[best.get()].name;
            messages.push(warning(format!(
                "WARNING: PV {} prefers device {name} because {reason}.",
                pv.id
            )));
        }
    }
    (found, duplicates)
}

/// What speaks for a device, in order: `false` is better; then the one scanned first.
fn rank(pv: &Pv, id: DeviceId, devices: &[Device]) -> (bool, bool, bool, DeviceId) {
    let device = &devices[id.get()];
    let listed = pv.device_id.is_some() && pv.device_id == device.device_id;
    let sized = pv.device_size == Some(device.size.to_sectors_floor());
    let named = is_called(device, &pv.device_hint);
    (!listed, !sized, !named, id)
}

fn is_called(device: &Device, name: &str) -> bool {
    device.name == name || device.aliases.iter().any(|alias| alias == name)
}

/// What decided between devices of one PV, in LVM2's words.
fn reason(pv: &Pv, best: DeviceId, candidates: &[DeviceId], devices: &[Device]) -> &'static str {
    let best = rank(pv, best, devices);
    let others = candidates.iter().map(|id| rank(pv, *id, devices));
    let others: Vec<_> = others.filter(|rank| rank.3 != best.3).collect();
    if others.iter().all(|other| other.0 != best.0) {
        "device id matches"
    } else if others.iter().all(|other| other.1 != best.1) {
        "device size is correct"
    } else if others.iter().all(|other| other.2 != best.2) {
        "device name matches previous"
    } else {
        "device was seen first"
    }
}

/// Sets what the metadata says of each PV to what was found: names, and whether it is missing.
fn settle_pvs(
    vg: &mut Vg,
    found: &[Option<DeviceId>],
    devices: &[Device],
    messages: &mut Vec<Message>,
) {
    let name = vg.name.clone();
    let is_marked = vg.pvs.iter().any(|pv| pv.flags.missing);
    let used = is_marked.then(|| vg.allocated_per_pv());
    let mut shrunk = false;
    for (place, (pv, found)) in vg.pvs.iter_mut().zip(found).enumerate() {
        let Some(device) = found.map(|id| &devices[id.get()]) else {
            complain_of_missing(&name, pv, messages);
            pv.flags.missing = true;
            pv.device_hint = String::from(UNKNOWN);
            continue;
        };
        shrunk |= complain_of_size(pv, device, messages);
        pv.device_hint.clone_from(&device.name);
        if device.device_id.is_some() {
            pv.device_id.clone_from(&device.device_id);
        }
        if !pv.flags.missing {
            continue;
        }
        let hint = &device.name;
        messages.push(warning(format!(
            "WARNING: VG {name} was previously updated while PV {hint} was missing."
        )));
        if used.as_ref().is_some_and(|used| used[place].is_zero()) {
            messages.push(warning(format!(
                "WARNING: VG {name} has unused reappeared PV {hint} {}.",
                pv.id
            )));
            pv.flags.missing = false;
        }
    }
    if shrunk {
        messages.push(warning(format!(
            "WARNING: One or more devices used as PVs in VG {name} have changed sizes."
        )));
    }
}

/// Tells of a device that has become smaller than the PV on it.
fn complain_of_size(pv: &Pv, device: &Device, messages: &mut Vec<Message>) -> bool {
    let size = device.size.to_sectors_floor();
    let Some(recorded) = pv.device_size.filter(|recorded| size < *recorded) else {
        return false;
    };
    messages.push(warning(format!(
        "WARNING: Device {} has size of {} sectors which is smaller than corresponding PV size of \
         {} sectors. Was device resized?",
        device.name,
        size.get(),
        recorded.get()
    )));
    true
}

fn complain_of_missing(name: &crate::name::VgName, pv: &Pv, messages: &mut Vec<Message>) {
    let (id, hint) = (pv.id, &pv.device_hint);
    messages.push(warning(format!("WARNING: Couldn't find device with uuid {id}.")));
    if !pv.flags.missing {
        messages.push(warning(format!(
            "WARNING: VG {name} is missing PV {id} (last written to {hint})."
        )));
    }
}

fn fork(copies: &Copies, rivals: &BTreeMap<TextKey, Box<Rival>>, vg: &Vg) -> Option<Fork> {
    // A text that is newer than the chosen one could not be understood: to build on the older one
    // would bury what it says, so that is for a person to decide too.
    let newest = copies.texts.iter().filter(|(_, seqno, _)| *seqno >= vg.seqno);
    let texts: Vec<_> = newest.collect();
    let seqno = texts.iter().map(|(_, seqno, _)| *seqno).max()?;
    let area = |area: &AreaRef| (area.device, area.number);
    (texts.len() > 1).then(|| Fork {
        seqno,
        texts: texts
            .iter()
            .map(|(key, _, areas)| ForkText {
                checksum: key.checksum,
                areas: areas.iter().map(area).collect(),
                rival: rivals.get(key).cloned(),
            })
            .collect(),
    })
}

/// Devices with text of this VG whose PV it no longer has.
fn outdated(copies: &Copies, vg: &Vg, devices: &[Device], by_pv: &ByPv) -> Vec<DeviceId> {
    let members: BTreeSet<Uuid> = vg.pvs.iter().map(|pv| pv.id).collect();
    let older = copies.texts.iter().filter(|(_, seqno, _)| *seqno < vg.seqno);
    let carriers: BTreeSet<DeviceId> =
        older.flat_map(|(_, _, areas)| areas.iter().map(|area| area.device)).collect();
    let is_outdated = |id: &DeviceId| match &devices[id.get()].label {
        LabelState::Pv(pv) => {
            let id = pv.label.header.id;
            !members.contains(&id) && by_pv.contains_key(&id)
        }
        _ => false,
    };
    carriers.into_iter().filter(is_outdated).collect()
}

/// Areas in use on members that do not hold the newest text.
fn lagging(
    copies: &Copies,
    vg: &Vg,
    found: &[Option<DeviceId>],
    devices: &[Device],
) -> Vec<(DeviceId, usize)> {
    let newest = copies.texts.iter().filter(|(key, _, _)| *key == copies.key);
    let newest: BTreeSet<AreaRef> =
        newest.flat_map(|(_, _, areas)| areas.iter().copied()).collect();
    assert!(!newest.is_empty(), "VG {} was read from an area", vg.name);
    let mut lagging = Vec::new();
    for device in found.iter().flatten() {
        let LabelState::Pv(pv) = &devices[device.get()].label else {
            continue;
        };
        for (number, area) in pv.areas.iter().enumerate() {
            let at = AreaRef { device: *device, number };
            let is_ignored = area.state == MdaState::Empty { ignored: true };
            if !is_ignored && !newest.contains(&at) {
                lagging.push((*device, number));
            }
        }
    }
    lagging
}

/// Says where older or other texts are.
fn complain_of_age(copies: &Copies, vg: &Vg, devices: &[Device], messages: &mut Vec<Message>) {
    let name = &vg.name;
    let newest = copies.texts.iter().find(|(key, _, _)| *key == copies.key);
    let newest_area = newest.and_then(|(_, _, areas)| areas.first());
    let Some(newest_area) = newest_area else {
        return;
    };
    let (newest_name, seqno) = (&devices[newest_area.device.get()].name, vg.seqno);
    let mut inconsistent = false;
    for (key, other, areas) in &copies.texts {
        for area in areas.iter().filter(|_| *key != copies.key) {
            let device = &devices[area.device.get()].name;
            let number = area.number + 1;
            if *other < seqno {
                messages.push(warning(format!(
                    "WARNING: ignoring metadata seqno {other} on {device} for seqno {seqno} on \
                     {newest_name} for VG {name}."
                )));
                inconsistent = true;
            } else {
                messages.push(warning(format!(
                    "WARNING: scan of VG {name} from {device} mda{number} found mda_checksum {:x} \
                     mda_size {} vs {:x} {}",
                    key.checksum, key.size, copies.key.checksum, copies.key.size
                )));
                messages.push(warning(format!(
                    "WARNING: Scanning {device} mda{number} found mismatch with other metadata."
                )));
            }
        }
    }
    if inconsistent {
        messages.push(warning(format!("WARNING: Inconsistent metadata found for VG {name}.")));
        messages.push(warning(String::from("See vgck --updatemetadata to correct inconsistency.")));
    }
}

fn complain_of_outdated(
    view: &VgView,
    copies: &Copies,
    devices: &[Device],
    messages: &mut Vec<Message>,
) {
    for id in &view.outdated {
        let device = &devices[id.get()].name;
        let on_device = |areas: &[AreaRef]| areas.iter().any(|area| area.device == *id);
        let texts = copies.texts.iter();
        let old = texts.filter(|(_, _, areas)| on_device(areas)).map(|(_, seqno, _)| *seqno);
        let old = old.max().unwrap_or(0);
        let (name, seqno) = (&view.vg.name, view.vg.seqno);
        messages.push(warning(format!(
            "WARNING: outdated PV {device} seqno {old} has been removed in current VG {name} seqno \
             {seqno}."
        )));
        messages
            .push(warning(String::from("See vgck --updatemetadata to clear outdated metadata.")));
    }
}

fn complain_of_names(views: &[VgView], messages: &mut Vec<Message>) {
    let mut start = 0;
    while start < views.len() {
        let name = &views[start].vg.name;
        let same = views[start..].iter().take_while(|view| view.vg.name == *name);
        let count = same.count();
        if count > 1 {
            let ids = views[start..start + count].iter().map(|view| view.vg.id.to_string());
            let ids: Vec<String> = ids.collect();
            let ids = ids.join(" and ");
            messages.push(warning(format!("WARNING: VG name {name} is used by VGs {ids}.")));
            messages.push(warning(String::from(
                "Fix duplicate VG names with vgrename uuid, a device filter, or system IDs.",
            )));
        }
        start += count;
    }
}
