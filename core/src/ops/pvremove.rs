//! `pvremove`: makes physical volumes plain devices again.

use crate::ops::failures::Failures;
use crate::ops::initialize::{find_devices, is_marked_used, pv_on};
use crate::ops::refusal::pv::PvRefusal;
use crate::ops::system::{DeviceId, Question, System};
use crate::ops::{Change, Message, PvAfter, PvState, Stage, Stop};
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The devices, as the user called them.
    pub devices: Vec<String>,
    /// `-f` (1) and `-ff` (2).
    pub force: u32,
}

/// Makes physical volumes plain devices again. One that cannot be does not stop the others.
///
/// # Errors
/// If nothing can be removed, or a person has to decide first.
pub fn pvremove(system: &System, request: &Request) -> Result<Change, Stop> {
    let mut failures = Failures::default();
    let devices = find_devices(system, &request.devices, &mut failures)?;
    let mut change = Change::default();
    let mut stage = Stage { name: "the devices are no physical volumes", ..Stage::default() };
    for id in devices {
        if stage.pvs.iter().any(|after| after.device == id) {
            continue;
        }
        let notes = check(system, id, request.force);
        let Some(mut notes) = failures.take(notes)? else {
            continue;
        };
        change.before.append(&mut notes);
        change.after.push(Message::print(format!(
            "Labels on physical volume \"{}\" successfully wiped.",
            system.device(id).name
        )));
        stage.pvs.push(PvAfter { device: id, state: PvState::None });
    }
    if stage.pvs.is_empty() {
        return Err(failures.into_stop().unwrap_or_else(|| PvRefusal::NoneGiven.into()));
    }
    change.failed = !failures.is_empty();
    change.before.append(&mut failures.messages());
    change.stages.push(stage);
    Ok(change)
}

/// Checks that a PV may be removed; returns what is to be told before.
fn check(system: &System, id: DeviceId, force: u32) -> Result<Vec<Message>, Stop> {
    let device = system.device(id);
    let name = || device.name.clone();
    let duplicate = system.is_duplicate(id);
    let found = pv_on(device).filter(|_| !duplicate);
    if found.is_none() && force > 0 && !duplicate {
        return Ok(Vec::new());
    }
    let found = found.ok_or_else(|| PvRefusal::NothingToRemove { name: name() })?;
    if device.read_only {
        return Err(PvRefusal::ReadOnly { device: name() }.into());
    }
    let vg = match system.claimed_by(id) {
        Some(view) if force < 2 => {
            let vg = view.vg.name.clone();
            return Err(PvRefusal::RemoveUsed { device: name(), vg }.into());
        }
        Some(view) => view.vg.name.as_str(),
        None if !is_marked_used(found) => return Ok(Vec::new()),
        None if force < 2 => return Err(PvRefusal::RemoveUsedByUnknown { device: name() }.into()),
        None => "<unknown>",
    };
    let name = &device.name;
    let mut notes: Vec<Message> = Vec::new();
    notes.push(Message::warning(format!("PV {name} is used by VG {vg}.")));
    let prompt =
        format!("Really WIPE LABELS from physical volume \"{name}\" of volume group \"{vg}\"");
    let question = Question { prompt, force_answers: false };
    if !system.ask(question)? {
        let device = name.clone();
        return Err(Stop::refuse(notes, PvRefusal::NotRemoved { device }));
    }
    notes.push(Message::warning(format!(
        "Wiping physical volume label from {name} of volume group \"{vg}\"."
    )));
    Ok(notes)
}

#[cfg(test)]
mod tests;
