//! Forks: several texts of one VG with one seqno. What they say, for a person, and what the VG is
//! if one of them is kept.

use crate::codec::difference::difference;
use crate::codec::print;
use crate::crc::crc;
use crate::model::vg::{Provenance, Vg};
use crate::ops::refusal::guard::GuardRefusal;
use crate::ops::system::{DeviceId, Fork, ForkText, LabelState, System, VgView};
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// How many lines of a difference are shown.
const LINES_MAX: usize = 24;

/// Returns the refusal of what may not be done while copies disagree.
pub(super) fn refusal(view: &VgView, fork: &Fork) -> GuardRefusal {
    GuardRefusal::Fork { vg: view.vg.name.clone(), seqno: fork.seqno, texts: fork.texts.len() }
}

/// Returns what the texts of a fork say, line by line: where each is, who wrote it and when, and
/// how it differs from the one that is shown.
pub(super) fn describe(system: &System, view: &VgView, fork: &Fork) -> Vec<String> {
    let mut lines = Vec::new();
    let (shown, others): (Vec<&ForkText>, Vec<&ForkText>) =
        fork.texts.iter().partition(|text| is_shown(view, text));
    for text in &shown {
        lines.push(format!(
            "Copy on {}, shown by all commands: {}",
            names(system, text),
            written(system, &view.provenance, view.vg.seqno)
        ));
    }
    for text in others {
        let place = names(system, text);
        let Some(rival) = &text.rival else {
            lines.push(format!("Copy on {place}: it could not be understood"));
            continue;
        };
        let by = written(system, &rival.provenance, rival.vg.seqno);
        lines.push(format!("Copy on {place}: {by}; where it differs:"));
        let differences = difference(&body(&view.vg), &body(&rival.vg));
        let count = differences.lines().count();
        lines.extend(differences.lines().take(LINES_MAX).map(ToString::to_string));
        if count > LINES_MAX {
            lines.push(format!("  ... and {} more lines", count - LINES_MAX));
        }
    }
    lines
}

/// Returns the VG as the text on a device has it.
///
/// # Errors
/// If no text of the fork is there, or it makes no sense.
pub(super) fn kept(
    system: &System,
    view: &VgView,
    fork: &Fork,
    device: DeviceId,
) -> Result<VgView, GuardRefusal> {
    let is_there = |text: &&ForkText| text.areas.iter().any(|(place, _)| *place == device);
    let not_there = || GuardRefusal::NoSuchCopy {
        vg: view.vg.name.clone(),
        device: system.device(device).name.clone(),
    };
    let text = fork.texts.iter().find(is_there).ok_or_else(not_there)?;
    if is_shown(view, text) {
        return Ok(view.clone());
    }
    let rival = text.rival.as_ref().ok_or_else(not_there)?;
    let vg = rival.vg.clone();
    let devices = vg.pvs.iter().map(|pv| device_of(system, view, pv.id)).collect();
    Ok(VgView {
        vg,
        provenance: rival.provenance.clone(),
        text: Arc::clone(&rival.text),
        devices,
        ..view.clone()
    })
}

fn is_shown(view: &VgView, text: &ForkText) -> bool {
    text.rival.is_none() && text.checksum == crc(&view.text)
}

/// The device of a PV: where the VG has it, or else where its label is, unless another VG has that.
fn device_of(system: &System, view: &VgView, pv: crate::id::Uuid) -> Option<DeviceId> {
    if let Some(place) = view.vg.pvs.iter().position(|known| known.id == pv) {
        return view.devices[place];
    }
    let mut devices = system.device_ids().filter(|(id, device)| match &device.label {
        LabelState::Pv(found) => found.label.header.id == pv && system.vg_of(*id).is_none(),
        LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => false,
    });
    devices.next().map(|(id, _)| id)
}

fn names(system: &System, text: &ForkText) -> String {
    let areas = text.areas.iter();
    let mut names: Vec<&str> =
        areas.map(|(device, _)| system.device(*device).name.as_str()).collect();
    names.dedup();
    names.join(", ")
}

fn written(system: &System, provenance: &Provenance, seqno: u32) -> String {
    let time = system.host.zone.show(provenance.creation_time);
    let host = &provenance.creation_host;
    format!("seqno {seqno}, written {time} on {host}")
}

fn body(vg: &Vg) -> String {
    String::from_utf8_lossy(&print::disk(vg, &Provenance::default())).into_owned()
}
