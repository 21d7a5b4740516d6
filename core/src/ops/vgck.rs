//! `vgck`: checks a volume group, and rewrites metadata that is damaged, outdated or forked.

use crate::model::check::check;
use crate::model::vg::Vg;
use crate::ops::guard::{self, Tolerance};
use crate::ops::membership::{balance_areas, find_pv};
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::selector::VgSelector;
use crate::ops::system::{LabelState, MdaState, System, VgView};
use crate::ops::{Change, Message, Stage, Stop, VgAfter, fork};
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// `--updatemetadata`: all copies are written again.
    pub update: bool,
    /// `--keep`: of several texts with one seqno the one on this device is right.
    pub keep: Option<String>,
}

/// Checks a volume group, or writes all copies of its metadata again.
///
/// # Errors
/// What is wrong with it; with `update`, if it may not be changed.
pub fn vgck(system: &System, request: &Request) -> Result<Change, Stop> {
    if request.update {
        return update(system, request);
    }
    let view = guard::readable(system, &request.vg)?;
    let mut problems: Vec<String> = Vec::new();
    if let Some(fork) = &view.fork {
        problems.extend(fork::refusal(view, fork).to_string().lines().map(String::from));
        problems.extend(fork::describe(system, view, fork));
    }
    let missing = guard::missing_pvs(view).len();
    if missing > 0 {
        problems.push(format!("The volume group is missing {missing} physical volumes."));
    }
    problems.extend(view.vg.unknown.iter().map(|what| format!("Not known here: {what}.")));
    let violations = check(&view.vg);
    problems.extend(violations.iter().map(ToString::to_string));
    if problems.is_empty() {
        return Ok(Change::default());
    }
    let vg = view.vg.name.clone();
    Err(VgRefusal::Inconsistent { vg, problems }.into())
}

fn update(system: &System, request: &Request) -> Result<Change, Stop> {
    let tolerance = Tolerance { fork: true, ..Tolerance::MISSING };
    let view = guard::writable(system, &request.vg, tolerance)?;
    let kept = keep(system, view, request.keep.as_deref())?;
    guard::check_writable(system, &kept, tolerance)?;
    let mut before = Vec::new();
    if view.fork.is_some() {
        let text = format!("Overwriting the other copies of VG {} metadata.", view.vg.name);
        before.push(Message::warning(text));
    }
    let vg = guard::successor(system, &kept);
    before.extend(repairs(system, &kept, &vg));
    let pvs = balance_areas(system, &vg, &[], false)?;
    Ok(Change {
        stages: [Stage {
            name: "all copies of the metadata are the same",
            vgs: [VgAfter::Write(Box::new(vg))].into(),
            pvs,
            repair: true,
            ..Stage::default()
        }]
        .into(),
        before,
        ..Change::default()
    })
}

/// Returns what is said of each copy that is wiped or written anew, in LVM2's words where it has
/// some.
fn repairs(system: &System, view: &VgView, after: &Vg) -> Vec<Message> {
    let mut messages = Vec::new();
    for device in &view.outdated {
        let name = &system.device(*device).name;
        for what in ["mda", "header"] {
            messages.push(Message::warning(format!("wiping {what} on outdated PV {name}")));
        }
    }
    for (device, number) in &view.lagging {
        let device = system.device(*device);
        let LabelState::Pv(pv) = &device.label else {
            continue;
        };
        let (name, vg) = (&device.name, &view.vg.name);
        let (seqno, mda) = (after.seqno, number + 1);
        messages.push(Message::warning(match pv.areas[*number].state {
            MdaState::Text { .. } => {
                format!("updating old metadata to {seqno} on {name} for VG {vg}.")
            }
            MdaState::Empty { .. } => {
                format!("writing metadata to empty mda{mda} on {name} for VG {vg}.")
            }
            MdaState::BadHeader(_) | MdaState::BadText { .. } => {
                format!("repairing bad metadata for mda{mda} on {name} for VG {vg}.")
            }
            MdaState::Unreadable(_) => {
                format!("not repairing mda{mda} on {name}, which cannot be read.")
            }
        }));
    }
    messages
}

/// Returns the VG as the copy has it that is to be kept. Of several a person has to name one.
fn keep(system: &System, view: &VgView, device: Option<&str>) -> Result<VgView, Stop> {
    match (&view.fork, device) {
        (None, None) => Ok(view.clone()),
        (None, Some(_)) => Err(VgRefusal::NoFork { vg: view.vg.name.clone() }.into()),
        (Some(fork), None) => {
            let lines = fork::describe(system, view, fork);
            let notes = lines.into_iter().map(Message::error).collect();
            Err(Stop::refuse(notes, fork::refusal(view, fork)))
        }
        (Some(fork), Some(name)) => {
            let device = find_pv(system, name).map_err(Stop::from)?;
            let kept = fork::kept(system, view, fork, device)?;
            let name = &kept.vg.name;
            if system.find_vgs(name.as_str()).any(|other| other.vg.id != view.vg.id) {
                return Err(VgRefusal::Exists { vg: name.clone() }.into());
            }
            Ok(kept)
        }
    }
}

#[cfg(test)]
mod tests;
