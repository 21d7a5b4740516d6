//! Plans for people: what changes, and each write and flush in order.

mod difference;

use crate::codec::print;
use crate::id::Uuid;
use crate::model::vg::{Provenance, Vg};
use crate::ops::system::{DeviceId, System};
use crate::ops::{Change, PvState, VgAfter};
use crate::plan::effect::{Effect, Group};
use crate::plan::{CommitRule, Plan, PlannedStage};
use core::fmt::Write;
use difference::difference;
use std_alloc::collections::BTreeMap;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Returns what a change changes, and how its plan does it.
pub fn show(system: &System, change: &Change, plan: &Plan) -> String {
    let mut text = String::new();
    show_pvs(system, change, &mut text);
    show_vgs(system, change, &mut text);
    text.push_str(&show_steps(plan));
    text
}

/// Returns the steps of a plan: each write, flush and file, in order.
pub fn show_steps(plan: &Plan) -> String {
    let names = plan.devices.iter();
    let names: BTreeMap<DeviceId, &str> = names
        .map(|device| (device.id, device.name.as_str()))
        .collect();
    let mut text = String::new();
    if plan.stages.is_empty() {
        text.push_str("Nothing is written.\n");
    }
    for (number, stage) in plan.stages.iter().enumerate() {
        show_stage(number + 1, stage, &names, &mut text);
    }
    text
}

fn show_pvs(system: &System, change: &Change, text: &mut String) {
    for after in change.stages.iter().flat_map(|stage| &stage.pvs) {
        let name = &system.device(after.device).name;
        match &after.state {
            PvState::None => line(text, format_args!("Device {name} is no PV any more.")),
            PvState::Pv { header, fresh, .. } if *fresh => {
                line(
                    text,
                    format_args!("Device {name} becomes PV {}.", header.id),
                );
            }
            PvState::Pv { header, .. } => {
                line(
                    text,
                    format_args!("The header of PV {} on {name} changes.", header.id),
                );
            }
        }
    }
}

fn show_vgs(system: &System, change: &Change, text: &mut String) {
    // Of several stages the last one counts.
    let mut last: BTreeMap<Uuid, &VgAfter> = BTreeMap::new();
    for after in change.stages.iter().flat_map(|stage| &stage.vgs) {
        let id = match after {
            VgAfter::Write(vg) => vg.id,
            VgAfter::Remove(id) => *id,
        };
        last.insert(id, after);
    }
    for (id, after) in last {
        let before = system.vgs.iter().find(|view| view.vg.id == id);
        let before = before.map(|view| &view.vg);
        match (before, after) {
            (None, VgAfter::Write(vg)) => {
                line(text, format_args!("Volume group {} is made:", vg.name));
                text.push_str(&difference("", &body(vg)));
            }
            (Some(before), VgAfter::Write(vg)) => {
                let (from, to) = (before.seqno, vg.seqno);
                line(
                    text,
                    format_args!("Volume group {}, seqno {from} to {to}:", before.name),
                );
                text.push_str(&difference(&body(before), &body(vg)));
            }
            (Some(before), VgAfter::Remove(_)) => {
                let (name, lvs) = (&before.name, before.lvs.len());
                line(
                    text,
                    format_args!("Volume group {name} with {lvs} LVs is removed."),
                );
            }
            (None, VgAfter::Remove(_)) => {}
        }
    }
}

/// The text of a VG without what stands around it.
fn body(vg: &Vg) -> String {
    let text = print::disk(vg, &Provenance::default());
    let text = String::from_utf8_lossy(&text);
    let end = text.find("\n}\n").map_or(text.len(), |end| end + 3);
    text[..end].into()
}

fn show_stage(
    number: usize,
    stage: &PlannedStage,
    names: &BTreeMap<DeviceId, &str>,
    text: &mut String,
) {
    line(text, format_args!("Stage {number}: {}", stage.name));
    let commit = match stage.rule {
        CommitRule::Any => "commit, done when one of these is written",
        CommitRule::All => "commit, done when all of these are written",
    };
    for (title, groups) in [
        ("before the commit", &stage.prepare),
        (commit, &stage.commit),
        ("after the commit", &stage.finish),
    ] {
        let groups: Vec<&Group> = groups.iter().filter(|group| !group.is_empty()).collect();
        if groups.is_empty() {
            continue;
        }
        line(text, format_args!("  {title}:"));
        for effect in groups.into_iter().flatten() {
            show_effect(effect, names, text);
        }
    }
}

fn show_effect(effect: &Effect, names: &BTreeMap<DeviceId, &str>, text: &mut String) {
    let name = |device: &DeviceId| names.get(device).copied().unwrap_or("?");
    match effect {
        Effect::Read {
            device,
            offset,
            length,
        } => line(
            text,
            format_args!(
                "    read {} at {} length {}",
                name(device),
                offset.get(),
                length.get()
            ),
        ),
        Effect::Probe(probe) => line(text, format_args!("    probe {}", name(&probe.device))),
        Effect::OpenExclusive { device } => {
            line(text, format_args!("    open {} exclusively", name(device)));
        }
        Effect::Write {
            device,
            offset,
            data,
            why,
        } => {
            let (offset, length) = (offset.get(), data.as_slice().len());
            line(
                text,
                format_args!(
                    "    write {} at {offset} length {length}: {why}",
                    name(device)
                ),
            );
        }
        Effect::Zero {
            device,
            offset,
            length,
            why,
        } => line(
            text,
            format_args!(
                "    zero {} at {} length {}: {why}",
                name(device),
                offset.get(),
                length.get()
            ),
        ),
        Effect::Discard {
            device,
            offset,
            length,
        } => line(
            text,
            format_args!(
                "    discard {} at {} length {}",
                name(device),
                offset.get(),
                length.get()
            ),
        ),
        Effect::Flush { device } => line(text, format_args!("    flush {}", name(device))),
        Effect::Archive { vg, text: bytes } => {
            let length = bytes.as_slice().len();
            line(
                text,
                format_args!("    archive volume group {vg}, {length} bytes"),
            );
        }
        Effect::Backup { vg, text: bytes } => {
            let length = bytes.as_slice().len();
            line(
                text,
                format_args!("    back up volume group {vg}, {length} bytes"),
            );
        }
        Effect::RemoveBackup { vg } => {
            line(
                text,
                format_args!("    remove the backup of volume group {vg}"),
            );
        }
        Effect::DevicesFile {
            device,
            pv: Some(pv),
        } => {
            line(
                text,
                format_args!("    devices file: {} is PV {pv}", name(device)),
            );
        }
        Effect::DevicesFile { device, pv: None } => {
            line(
                text,
                format_args!("    devices file: {} is no PV", name(device)),
            );
        }
        Effect::InvalidateHints => line(text, format_args!("    invalidate hints")),
    }
}

fn line(text: &mut String, arguments: core::fmt::Arguments<'_>) {
    writeln!(text, "{arguments}").expect("a String takes all that is written");
}

#[cfg(test)]
mod tests;
