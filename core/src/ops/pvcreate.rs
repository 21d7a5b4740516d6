//! `pvcreate`: makes devices physical volumes.

use crate::id::Uuid;
use crate::model::vg::Vg;
use crate::ops::failures::Failures;
use crate::ops::initialize::{
    Prepared, Wish, check_parameters, created, find_devices, prepare, pv_on,
};
use crate::ops::layout::{Parameters, Restored};
use crate::ops::refusal::pv::PvRefusal;
use crate::ops::system::{DeviceId, System};
use crate::ops::{Change, Stage, Stop};
use std_alloc::boxed::Box;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The devices, as the user called them.
    pub devices: Vec<String>,
    /// `-f` (1) and `-ff` (2).
    pub force: u32,
    /// `--uuid`; for one device only.
    pub id: Option<Uuid>,
    /// `--restorefile` and `--norestorefile`.
    pub restore: Restore,
    /// The layout.
    pub layout: Parameters,
}

/// Where the layout of a PV that is made again is taken from.
#[derive(Clone, Debug, Default)]
pub enum Restore {
    /// Nothing was said.
    #[default]
    Unset,
    /// `--norestorefile`: from nowhere, although a UUID is given.
    No,
    /// `--restorefile`: from a backup of the VG.
    File {
        /// The file, as the user called it.
        path: String,
        /// What it says.
        vg: Box<Vg>,
    },
}

/// Makes devices physical volumes. One that cannot be does not stop the others.
///
/// # Errors
/// If no device can be made a PV, or a person has to decide first.
pub fn pvcreate(system: &System, request: &Request) -> Result<Change, Stop> {
    check_parameters(system, &request.layout)?;
    let restored = check_restore(request)?;
    let mut failures = Failures::default();
    let devices = find_devices(system, &request.devices, &mut failures)?;
    let mut entropy = system.entropy();
    let mut change = Change::default();
    let mut stage = Stage { name: "the devices are physical volumes", ..Stage::default() };
    for id in devices {
        if let Some(wanted) = request.id {
            check_id(system, id, wanted)?;
        }
        let wish = Wish {
            force: request.force,
            layout: &request.layout,
            for_vg: false,
            id: request.id,
            restored,
        };
        let new_id = request.id.unwrap_or_else(|| entropy.uuid());
        let prepared = failures.take(prepare(system, id, &wish, new_id))?;
        let Some(Prepared::New(mut pv)) = prepared else {
            continue;
        };
        // A device that is named twice is made a PV once and reported twice, as LVM2 does.
        if !stage.pvs.iter().any(|after| after.device == id) {
            stage.pvs.push(pv.after());
            change.before.append(&mut pv.notes);
        }
        change.after.push(created(&system.device(id).name));
    }
    if stage.pvs.is_empty() {
        return Err(failures.into_stop().unwrap_or_else(|| PvRefusal::NoneGiven.into()));
    }
    change.failed = !failures.is_empty();
    change.before.append(&mut failures.messages());
    change.stages.push(stage);
    Ok(change)
}

/// Checks the options about identity and backup file, and finds the PV in the file.
fn check_restore(request: &Request) -> Result<Option<Restored>, PvRefusal> {
    if request.id.is_some() && request.devices.len() != 1 {
        return Err(PvRefusal::OneId);
    }
    match (&request.restore, request.id) {
        (Restore::Unset, Some(_)) => Err(PvRefusal::RestoreFileNeeded),
        (Restore::File { .. }, None) => Err(PvRefusal::IdNeeded),
        (Restore::Unset, None) | (Restore::No, _) => Ok(None),
        (Restore::File { path, vg }, Some(id)) => {
            let index =
                vg.find_pv(id).ok_or_else(|| PvRefusal::NotInBackup { id, path: path.clone() })?;
            let pv = vg.pv(index);
            Ok(Some(Restored {
                pe_start: pv.pe_start,
                extents: vg.extent_size.to_sectors(pv.pe_count),
                bootloader_area: pv.bootloader_area,
            }))
        }
    }
}

/// Checks that no other device has an identity.
fn check_id(system: &System, device: DeviceId, id: Uuid) -> Result<(), PvRefusal> {
    for (place, other) in system.devices.iter().enumerate() {
        let has_it = pv_on(other).is_some_and(|found| found.label.header.id == id);
        if has_it && place != device.get() {
            let device = other.name.clone();
            return Err(PvRefusal::IdInUse { id, device });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
