//! `vgcfgrestore`: makes a volume group what it was when a backup of its metadata was made.

use crate::id::Uuid;
use crate::model::check::check;
use crate::model::lv::Lv;
use crate::model::segment::SegmentKind;
use crate::model::vg::{Provenance, Vg};
use crate::name::VgName;
use crate::ops::guard;
use crate::ops::initialize::pv_on;
use crate::ops::membership::{areas, balance_areas};
use crate::ops::refusal::guard::GuardRefusal;
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::system::{DeviceId, System, VgView};
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
use std_alloc::boxed::Box;
use std_alloc::collections::BTreeMap;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG's name, as the user gave it.
    pub name: VgName,
    /// The file, as the user called it or as it was found.
    pub path: String,
    /// What it says.
    pub vg: Box<Vg>,
    /// Who wrote it, when and why.
    pub provenance: Provenance,
    /// `--force`: although it has thin pools.
    pub force: u32,
}

/// Makes a volume group what it was when a backup of its metadata was made.
///
/// # Errors
/// If the backup does not fit what is there.
pub fn vgcfgrestore(system: &System, request: &Request) -> Result<Change, Stop> {
    let name = || request.name.clone();
    let mut vg = Vg::clone(&request.vg);
    if vg.name != request.name {
        let path = request.path.clone();
        return Err(VgRefusal::OtherVg { vg: name(), path }.into());
    }
    if system.settings.metadata_read_only {
        return Err(GuardRefusal::MetadataReadOnly.into());
    }
    if let Some(what) = vg.unknown.first().cloned() {
        return Err(GuardRefusal::Unknown { vg: name(), what }.into());
    }
    guard::check_access(system, &vg)?;
    let devices = find_pvs(system, &mut vg)?;
    check_thin(&vg, request.force)?;
    let current = same_vgs(system, &vg)?;
    check_owners(system, &vg, &devices, &current)?;
    let newest = current.iter().map(|view| view.vg.seqno);
    let newest = newest.chain([vg.seqno]).max().unwrap_or_default();
    vg.seqno = newest.checked_add(1).ok_or_else(|| GuardRefusal::SeqnoExhausted { vg: name() })?;
    if let Some(violation) = check(&vg).first() {
        let reason = violation.to_string();
        return Err(VgRefusal::RestoreInvalid { vg: name(), reason }.into());
    }
    check_layout(system, &vg, &devices)?;
    let pvs = balance_areas(system, &vg, &[], false)?;
    let replaced = current.iter().filter(|view| view.vg.id != vg.id);
    let replaced: Vec<VgAfter> = replaced.map(|view| VgAfter::Remove(view.vg.id)).collect();
    let mut vgs = Vec::from([VgAfter::Write(Box::new(vg))]);
    vgs.extend(replaced);
    let text = format!("Restored volume group {}.", request.name);
    Ok(Change {
        stages: [Stage { name: "the volume group is restored", vgs, pvs, ..Stage::default() }]
            .into(),
        after: [Message::print(text)].into(),
        ..Change::default()
    })
}

/// Finds the devices of all PVs, and notes them as they are called now.
fn find_pvs(system: &System, vg: &mut Vg) -> Result<Vec<DeviceId>, VgRefusal> {
    let chosen: BTreeMap<Uuid, DeviceId> = system
        .vgs
        .iter()
        .flat_map(|view| view.vg.pvs.iter().zip(&view.devices))
        .filter_map(|(pv, device)| Some((pv.id, (*device)?)))
        .collect();
    let labels = (0..).zip(&system.devices).filter_map(|(place, device)| {
        let found = pv_on(device)?;
        Some((found.label.header.id, DeviceId(place)))
    });
    let labels: BTreeMap<Uuid, DeviceId> = labels.collect();
    let mut devices = Vec::new();
    for pv in &mut vg.pvs {
        let found = chosen.get(&pv.id).or_else(|| labels.get(&pv.id));
        if let Some(id) = found {
            let device = system.device(*id);
            pv.flags.missing = false;
            pv.device_hint.clone_from(&device.name);
            pv.device_id.clone_from(&device.device_id);
            devices.push(*id);
        }
    }
    let count = vg.pvs.len() - devices.len();
    if count > 0 {
        let vg = vg.name.clone();
        return Err(VgRefusal::RestoreMissing { vg, count });
    }
    Ok(devices)
}

fn check_thin(vg: &Vg, force: u32) -> Result<(), VgRefusal> {
    let is_thin = |lv: &Lv| {
        let mut kinds = lv.segments.iter().map(|segment| &segment.kind);
        kinds.any(|kind| matches!(kind, SegmentKind::ThinPool(_)))
    };
    let mut special = vg.lvs.ids().filter(|id| !vg.lvs.is_source(*id));
    if force == 0 && special.any(|id| is_thin(&vg.lvs.get(id))) {
        let vg = vg.name.clone();
        return Err(VgRefusal::RestoreThin { vg });
    }
    Ok(())
}

/// Returns the VGs that the restored one takes the place of: the one with its identity, and the one
/// with its name if all its PVs are among those restored.
fn same_vgs<'a>(system: &'a System, vg: &Vg) -> Result<Vec<&'a VgView>, Stop> {
    let same = system.vgs.iter().filter(|view| view.vg.id == vg.id || view.vg.name == vg.name);
    let same: Vec<&VgView> = same.collect();
    for view in &same {
        guard::check_access(system, &view.vg)?;
        let mut pvs = view.vg.pvs.iter();
        let is_covered = pvs.all(|pv| vg.find_pv(pv.id).is_some());
        if view.vg.id != vg.id && !is_covered {
            let vg = vg.name.clone();
            return Err(VgRefusal::RestoreOver { vg }.into());
        }
    }
    Ok(same)
}

/// Checks that no other VG has a use for the PVs.
fn check_owners(
    system: &System,
    vg: &Vg,
    devices: &[DeviceId],
    current: &[&VgView],
) -> Result<(), VgRefusal> {
    for (pv, device) in vg.pvs.iter().zip(devices) {
        let Some((owner, _)) = system.vg_of(*device) else {
            continue;
        };
        if current.iter().all(|view| view.vg.id != owner.vg.id) {
            return Err(VgRefusal::RestoreTaken {
                vg: vg.name.clone(),
                id: pv.id,
                other: owner.vg.name.clone(),
            });
        }
    }
    Ok(())
}

/// Checks that extents do not lie over metadata areas, as they would if a PV was made anew with
/// another layout.
fn check_layout(system: &System, vg: &Vg, devices: &[DeviceId]) -> Result<(), VgRefusal> {
    for (pv, device) in vg.pvs.iter().zip(devices) {
        let device = system.device(*device);
        let found = pv_on(device).expect("the PV was found on it");
        let end = pv.pe_start + vg.extent_size.to_sectors(pv.pe_count);
        let areas = areas(&found.label.header);
        let mut ends = areas.iter().map(|(start, length)| (*start, *start + *length));
        if ends.any(|(start, area_end)| start < end && pv.pe_start < area_end) {
            return Err(VgRefusal::RestoreInvalid {
                vg: vg.name.clone(),
                reason: format!("extents of {} lie over its metadata", device.name),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
