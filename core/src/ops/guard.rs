//! Whether a VG may be changed at all: what every operation that changes one asks first.

use crate::model::flags::Permission;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::ops::fork;
use crate::ops::refusal::guard::GuardRefusal;
use crate::ops::selector::VgSelector;
use crate::ops::system::{DeviceId, System, VgView};
use crate::ops::{Level, Message, Stop};
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// The hint at the device of a PV that is missing.
pub const UNKNOWN_DEVICE: &str = "[unknown]";

/// What an operation puts up with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tolerance {
    /// Missing PVs: what is decided does not depend on what lies there.
    pub missing_pvs: bool,
    /// The VG is exported.
    pub exported: bool,
    /// The VG is read-only.
    pub read_only: bool,
    /// Copies of the metadata disagree: the operation resolves that.
    pub fork: bool,
    /// PVs that are there more than once.
    pub duplicates: bool,
}

impl Tolerance {
    /// Puts up with nothing.
    pub const NONE: Self = Self {
        missing_pvs: false,
        exported: false,
        read_only: false,
        fork: false,
        duplicates: false,
    };
    /// Puts up with missing PVs only.
    pub const MISSING: Self = Self { missing_pvs: true, ..Self::NONE };
}

/// Finds the VG that is meant.
///
/// # Errors
/// If there is none, or, by name, more than one.
pub fn find_vg<'a>(system: &'a System, selector: &VgSelector) -> Result<&'a VgView, GuardRefusal> {
    let mut views = system.vgs.iter().filter(|view| match selector {
        VgSelector::Name(name) => view.vg.name == *name,
        VgSelector::Id(id) => view.vg.id == *id,
    });
    let not_found = || GuardRefusal::NotFound { vg: selector.to_string() };
    let view = views.next().ok_or_else(not_found)?;
    match views.next() {
        None => Ok(view),
        Some(_) => Err(GuardRefusal::Ambiguous { vg: view.vg.name.clone() }),
    }
}

/// Finds the VG that is meant and checks that it may be changed.
///
/// # Errors
/// The first reason why not.
pub fn writable<'a>(
    system: &'a System,
    selector: &VgSelector,
    tolerance: Tolerance,
) -> Result<&'a VgView, Stop> {
    let view = find_vg(system, selector)?;
    check_writable(system, view, tolerance)?;
    Ok(view)
}

/// Finds the VG that is meant and checks that it may be used, without being changed.
///
/// # Errors
/// The first reason why not.
pub fn readable<'a>(system: &'a System, selector: &VgSelector) -> Result<&'a VgView, GuardRefusal> {
    let view = find_vg(system, selector)?;
    check_access(system, &view.vg)?;
    if view.vg.flags.exported {
        return Err(GuardRefusal::Exported { vg: view.vg.name.clone() });
    }
    Ok(view)
}

/// Checks that a VG may be changed.
///
/// # Errors
/// The first reason why not.
pub fn check_writable(
    system: &System,
    view: &VgView,
    tolerance: Tolerance,
) -> Result<(), GuardRefusal> {
    check_access(system, &view.vg)?;
    let vg = || view.vg.name.clone();
    if system.settings.metadata_read_only {
        return Err(GuardRefusal::MetadataReadOnly);
    }
    if view.vg.flags.exported && !tolerance.exported {
        return Err(GuardRefusal::Exported { vg: vg() });
    }
    if view.vg.permission == Permission::ReadOnly && !tolerance.read_only {
        return Err(GuardRefusal::ReadOnly { vg: vg() });
    }
    if has_missing(view) && !tolerance.missing_pvs {
        return Err(GuardRefusal::MissingPvs { vg: vg() });
    }
    if let Some(what) = view.vg.unknown.first() {
        let what = what.clone();
        return Err(GuardRefusal::Unknown { vg: vg(), what });
    }
    if let Some(fork) = view.fork.as_ref().filter(|_| !tolerance.fork) {
        return Err(fork::refusal(view, fork));
    }
    let duplicates_allowed =
        tolerance.duplicates || system.settings.allow_changes_with_duplicate_pvs;
    if !view.duplicates.is_empty() && !duplicates_allowed {
        return Err(GuardRefusal::DuplicatePvs { vg: vg() });
    }
    if view.vg.seqno == u32::MAX {
        return Err(GuardRefusal::SeqnoExhausted { vg: vg() });
    }
    assert!(view.vg.seqno < u32::MAX, "the next seqno exists");
    Ok(())
}

/// Checks that a VG may be used on this machine.
///
/// # Errors
/// If it belongs to another one, or is shared between several.
pub fn check_access(system: &System, vg: &Vg) -> Result<(), GuardRefusal> {
    let owner = vg.system_id.as_ref().filter(|id| !id.is_empty());
    if let Some(owner) = owner.filter(|owner| !is_ours(system, owner)) {
        return Err(GuardRefusal::Foreign {
            vg: vg.name.clone(),
            system_id: owner.clone(),
            local_id: system.host.system_id.clone(),
        });
    }
    if vg.flags.clustered {
        let vg = vg.name.clone();
        return Err(GuardRefusal::Clustered { vg });
    }
    let lock_type = vg.lock_type.as_deref().unwrap_or("none");
    if lock_type != "none" || vg.flags.shared {
        return Err(GuardRefusal::Shared { vg: vg.name.clone(), lock_type: lock_type.to_string() });
    }
    Ok(())
}

fn is_ours(system: &System, owner: &str) -> bool {
    let host = &system.host;
    host.system_id.as_deref() == Some(owner) || host.extra_system_ids.iter().any(|id| id == owner)
}

/// Returns true if PVs of the VG are missing.
pub fn has_missing(view: &VgView) -> bool {
    !missing_pvs(view).is_empty()
}

/// Returns the PVs that count as missing: without a device, or marked as missing while something
/// lies on them. A PV that has come back and holds nothing is simply used again.
pub fn missing_pvs(view: &VgView) -> Vec<PvIndex> {
    let vg = &view.vg;
    vg.pv_indices()
        .filter(|index| match view.devices[index.get()] {
            None => true,
            Some(_) => vg.pv(*index).flags.missing && !vg.lvs.runs_on(*index).is_empty(),
        })
        .collect()
}

/// Returns the warnings about missing PVs that LVM2 gives whenever it reads such a VG.
pub fn missing_warnings(view: &VgView) -> Vec<Message> {
    let mut warnings = Vec::new();
    let mut warn = |text| {
        warnings.push(Message { level: Level::Warning, text });
    };
    let absent = || {
        let pvs = view.vg.pvs.iter().zip(&view.devices);
        pvs.filter(|(_, device)| device.is_none()).map(|(pv, _)| pv)
    };
    for pv in absent() {
        warn(format!("WARNING: Couldn't find device with uuid {}.", pv.id));
    }
    for pv in absent() {
        warn(format!(
            "WARNING: VG {} is missing PV {} (last written to {}).",
            view.vg.name, pv.id, pv.device_hint
        ));
    }
    warnings
}

/// Returns the VG as the next write will have it, unchanged but for its seqno and the marks of PVs
/// that are missing or have come back.
pub fn next(view: &VgView) -> Vg {
    assert_eq!(view.devices.len(), view.vg.pvs.len(), "one place per PV");
    let mut after = view.vg.clone();
    after.seqno = view.vg.seqno.checked_add(1).expect("the guard has refused the highest seqno");
    for pv in &mut after.pvs {
        pv.flags.missing = false;
    }
    for index in missing_pvs(view) {
        after.pvs[index.get()].flags.missing = true;
    }
    for (pv, device) in after.pvs.iter_mut().zip(&view.devices) {
        if device.is_none() {
            pv.device_hint = String::from(UNKNOWN_DEVICE);
        }
    }
    after
}

/// As [`next`], and the hints at devices are what was observed.
pub fn successor(system: &System, view: &VgView) -> Vg {
    let mut after = next(view);
    for (pv, device) in after.pvs.iter_mut().zip(&view.devices) {
        if let Some(device) = device.map(|id| system.device(id)) {
            pv.device_hint.clone_from(&device.name);
            pv.device_id.clone_from(&device.device_id);
        }
    }
    after
}

/// Returns the device of each PV that can be used now, by index.
pub fn usable_devices(view: &VgView) -> Vec<Option<DeviceId>> {
    assert_eq!(view.devices.len(), view.vg.pvs.len(), "one place per PV");
    let pvs = view.vg.pvs.iter().zip(&view.devices);
    pvs.map(|(pv, device)| device.filter(|_| !pv.flags.missing)).collect()
}

#[cfg(test)]
mod tests;
