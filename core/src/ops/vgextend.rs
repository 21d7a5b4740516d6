//! `vgextend`: adds devices to a volume group, or takes back PVs that had been missing.

use crate::model::vg::Vg;
use crate::ops::failures::Failures;
use crate::ops::guard::{self, Tolerance};
use crate::ops::initialize::{Prepared, Wish, find_devices, first_stage, prepare_all};
use crate::ops::layout::Parameters;
use crate::ops::membership::{balance_areas, check_block_sizes, join};
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::selector::VgSelector;
use crate::ops::system::{System, VgView};
use crate::ops::{Change, Message, PvAfter, Stage, Stop, VgAfter};
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// The devices, as the user called them.
    pub devices: Vec<String>,
    /// `--restoremissing`: the devices are PVs of the VG that had been missing.
    pub restore_missing: bool,
    /// `-f` (1) and `-ff` (2), for devices that are made PVs.
    pub force: u32,
    /// The layout of devices that are made PVs.
    pub layout: Parameters,
}

/// Adds devices to a volume group, or takes back PVs that had been missing.
///
/// # Errors
/// If that cannot be done, or a person has to decide about a device first.
pub fn vgextend(system: &System, request: &Request) -> Result<Change, Stop> {
    let view = guard::writable(system, &request.vg, Tolerance::MISSING)?;
    if request.restore_missing {
        return restore_missing(system, view, &request.devices);
    }
    if !view.vg.flags.resizeable {
        let vg = view.vg.name.clone();
        return Err(VgRefusal::NotResizeable { vg }.into());
    }
    let mut vg = guard::successor(system, view);
    let wish = Wish {
        force: request.force,
        layout: &request.layout,
        for_vg: true,
        id: None,
        restored: None,
    };
    let mut entropy = system.entropy();
    let prepared = prepare_all(system, &request.devices, &wish, &mut entropy)?;
    for pv in &prepared {
        join(system, &mut vg, pv)?;
    }
    let present = view.devices.iter().flatten().copied();
    check_block_sizes(system, present.chain(prepared.iter().map(Prepared::device)))?;
    let mut change = Change::default();
    let made = first_stage(system, &prepared, &mut change);
    let pvs = balance_areas(system, &vg, &made, false)?;
    Ok(finish(change, vg, pvs))
}

fn finish(mut change: Change, vg: Vg, pvs: Vec<PvAfter>) -> Change {
    change
        .after
        .push(Message::print(format!("Volume group \"{}\" successfully extended", vg.name)));
    change.stages.push(Stage {
        name: "the volume group is extended",
        vgs: [VgAfter::Write(Box::new(vg))].into(),
        pvs,
        ..Stage::default()
    });
    change
}

/// Takes back PVs that have come back with something on them.
fn restore_missing(system: &System, view: &VgView, names: &[String]) -> Result<Change, Stop> {
    let mut failures = Failures::default();
    let devices = find_devices(system, names, &mut failures)?;
    let mut notes = Vec::new();
    let mut vg = guard::successor(system, view);
    let mut restored = 0;
    for id in devices {
        let device = &system.device(id).name;
        let place = view.devices.iter().position(|found| *found == Some(id));
        match place {
            None => notes
                .push(Message::warning(format!("PV {device} not found in VG {}", view.vg.name))),
            Some(place) if view.vg.pvs[place].flags.missing => {
                vg.pvs[place].flags.missing = false;
                restored += 1;
            }
            Some(_) => notes.push(Message::warning(format!(
                "PV {device} was not missing in VG {}",
                view.vg.name
            ))),
        }
    }
    notes.append(&mut failures.messages());
    if restored == 0 {
        return Err(Stop::refuse(notes, VgRefusal::NothingRestored));
    }
    let change = Change { before: notes, failed: !failures.is_empty(), ..Change::default() };
    let pvs = balance_areas(system, &vg, &[], false)?;
    Ok(finish(change, vg, pvs))
}

#[cfg(test)]
mod tests;
