//! `vgck`: checks a volume group, and rewrites metadata that is damaged or outdated.

use crate::crc::crc;
use crate::model::check::check;
use crate::ops::guard::{self, Tolerance};
use crate::ops::membership::balance_areas;
use crate::ops::refusal::guard::GuardRefusal;
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::selector::VgSelector;
use crate::ops::system::{Fork, Question, System, VgView};
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
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
}

/// Checks a volume group, or writes all copies of its metadata again.
///
/// # Errors
/// What is wrong with it; with `update`, if it may not be changed.
pub fn vgck(system: &System, request: &Request) -> Result<Change, Stop> {
    if request.update {
        return update(system, request);
    }
    let view = guard::find_vg(system, &request.vg)?;
    if view.vg.flags.exported {
        return Err(GuardRefusal::Exported { vg: view.vg.name.clone() }.into());
    }
    let mut problems: Vec<String> = Vec::new();
    if let Some(fork) = &view.fork {
        problems.push(format!(
            "The volume group has {} different copies of its metadata with seqno {}.",
            fork.texts.len(),
            fork.seqno
        ));
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
    let mut before = Vec::new();
    if let Some(fork) = &view.fork {
        choose(system, view, fork)?;
        let text = format!("Overwriting the other copies of VG {} metadata.", view.vg.name);
        before.push(Message::warning(text));
    }
    let vg = guard::successor(system, view);
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

/// Asks whether the text that was read is the right one of several.
fn choose(system: &System, view: &VgView, fork: &Fork) -> Result<(), Stop> {
    let chosen = crc(&view.text);
    let names = |keep: bool| -> String {
        let texts = fork.texts.iter().filter(|(sum, _)| (*sum == chosen) == keep);
        let areas = texts.flat_map(|(_, areas)| areas);
        let mut names: Vec<&str> =
            areas.map(|(device, _)| system.device(*device).name.as_str()).collect();
        names.dedup();
        names.join(", ")
    };
    let question = Question {
        prompt: format!(
            "Keep the metadata of volume group {} on {} and overwrite that on {}?",
            view.vg.name,
            names(true),
            names(false)
        ),
        force_answers: false,
    };
    if system.ask(question)? {
        Ok(())
    } else {
        Err(GuardRefusal::Fork {
            vg: view.vg.name.clone(),
            seqno: fork.seqno,
            texts: fork.texts.len(),
        }
        .into())
    }
}

#[cfg(test)]
mod tests;
