//! `pvresize`: adapts physical volumes to the size of their devices, or to a given one.

use crate::format::label::PvHeader;
use crate::model::lv_table::Run;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::ops::failures::Failures;
use crate::ops::guard;
use crate::ops::initialize::pv_on;
use crate::ops::membership::{
    check_vg_of_pv, extents_for, find_pv, in_use_elsewhere, is_ignored, with_header,
};
use crate::ops::refusal::pv::PvRefusal;
use crate::ops::system::{Device, DeviceId, PvOnDevice, Question, System, VgView};
use crate::ops::{Change, Message, PvAfter, Stage, Stop, VgAfter};
use crate::size::units::{Units, display_size};
use crate::units::{Extents, Sectors};
use std_alloc::boxed::Box;
use std_alloc::collections::BTreeSet;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Where a metadata area at the end of a device begins: at a multiple of 1 MiB.
const AREA_ALIGNMENT: Sectors = Sectors::new(2048);

/// Where one begins that is shorter than that: at a multiple of 4 KiB.
const AREA_ALIGNMENT_SMALL: Sectors = Sectors::new(8);

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The devices, as the user called them.
    pub devices: Vec<String>,
    /// `--setphysicalvolumesize`.
    pub size: Option<Sectors>,
}

/// Adapts physical volumes to the size of their devices, or to a given one. One that cannot be
/// resized does not stop the others.
///
/// # Errors
/// If none can be resized, or a person has to decide first.
pub fn pvresize(system: &System, request: &Request) -> Result<Change, Stop> {
    let mut failures = Failures::default();
    let mut change = Change::default();
    let mut vgs: Vec<(Vg, Vec<PvAfter>)> = Vec::new();
    let mut counts = (0, 0);
    let mut devices = Vec::new();
    for name in &request.devices {
        let found = find_pv(system, name).map_err(Stop::from);
        devices.extend(failures.take(found)?);
    }
    system.sort_pvs(&mut devices);
    for id in devices {
        let name = &system.device(id).name;
        if let Some((view, _)) = system.vg_of(id)
            && failures.take(check_vg_of_pv(system, view, name))?.is_none()
        {
            continue;
        }
        let mut notes = Vec::new();
        let resized = resize(system, id, request.size, &mut vgs, &mut notes);
        change.before.append(&mut notes);
        match failures.take(resized)? {
            Some(stage) => {
                counts.0 += 1;
                change.stages.extend(stage);
                let text = format!("Physical volume \"{name}\" changed");
                change.after.push(Message::print(text));
            }
            None => counts.1 += 1,
        }
    }
    change.after.push(Message::print(format!(
        "{} physical volume(s) resized or updated / {} physical volume(s) not resized",
        counts.0, counts.1
    )));
    if counts.0 == 0 {
        let mut stop = failures.into_stop().unwrap_or_else(|| PvRefusal::NoneGiven.into());
        if let Stop::Refused(refused) = &mut stop {
            change.before.append(&mut change.after);
            change.before.append(&mut refused.notes);
            refused.notes = change.before;
        }
        return Err(stop);
    }
    change.stages.extend(vgs.into_iter().map(|(vg, pvs)| Stage {
        name: "the physical volumes of a volume group are resized",
        vgs: [VgAfter::Write(Box::new(vg))].into(),
        pvs,
        ..Stage::default()
    }));
    change.failed = !failures.is_empty();
    change.before.append(&mut failures.messages());
    Ok(change)
}

/// Resizes one PV: in `vgs` if it is in a VG, otherwise in a stage of its own.
fn resize(
    system: &System,
    id: DeviceId,
    wanted: Option<Sectors>,
    vgs: &mut Vec<(Vg, Vec<PvAfter>)>,
    notes: &mut Vec<Message>,
) -> Result<Option<Stage>, Stop> {
    let device = system.device(id);
    if system.is_duplicate(id) {
        return Err(PvRefusal::Duplicate { device: device.name.clone() }.into());
    }
    let found = pv_on(device).expect("it was found as a PV");
    let size = new_size(system, device, wanted, notes)?;
    let Some((view, index)) = system.vg_of(id) else {
        let data = found.label.header.data_areas.first();
        let pe_start = data.map_or(Sectors::ZERO, |data| data.offset.to_sectors_floor());
        let header = resized_header(device, found, size, pe_start)?;
        return Ok(Some(Stage {
            name: "a physical volume is resized",
            pvs: [with_header(id, found, header)].into(),
            ..Stage::default()
        }));
    };
    let pv = view.vg.pv(index);
    let header = resized_header(device, found, size, pv.pe_start)?;
    let count = extents_for(&view.vg, pv, &header, size);
    check_extents(view, index, &device.name, count)?;
    let moves = header.metadata_areas != found.label.header.metadata_areas;
    let stays = found.areas.first().and_then(|area| is_ignored(&area.state)) == Some(false)
        && header.metadata_areas.first() == found.label.header.metadata_areas.first();
    if moves && !stays && in_use_elsewhere(system, &view.vg, &BTreeSet::from([id])) == 0 {
        let device = device.name.clone();
        return Err(PvRefusal::OnlyAreaMoves { device }.into());
    }
    let place = vgs.iter().position(|(vg, _)| vg.id == view.vg.id);
    let place = place.unwrap_or_else(|| {
        vgs.push((guard::successor(system, view), Vec::new()));
        vgs.len() - 1
    });
    let (vg, pvs) = &mut vgs[place];
    vg.pvs[index.get()].device_size = Some(size);
    vg.pvs[index.get()].pe_count = count;
    let total: u64 = vg.pvs.iter().map(|pv| pv.pe_count.get()).sum();
    if total > u64::from(u32::MAX) {
        vg.pvs[index.get()] = pv.clone();
        let device = device.name.clone();
        return Err(PvRefusal::TooManyExtents { device, count: total }.into());
    }
    if header != found.label.header {
        pvs.push(with_header(id, found, header));
    }
    Ok(None)
}

/// Returns the size a PV gets: that of its device, or a given one after a person has agreed.
fn new_size(
    system: &System,
    device: &Device,
    wanted: Option<Sectors>,
    notes: &mut Vec<Message>,
) -> Result<Sectors, Stop> {
    let name = &device.name;
    let real = device.size.to_sectors_floor();
    let size = wanted.filter(|size| !size.is_zero()).unwrap_or(real);
    let min = system.settings.pv_size_min;
    if size != real {
        let shown = |size| display_size(size, Units::ROUNDED);
        let relation = if size > real {
            notes.push(Message::warning(format!(
                "{name}: Overriding real size {}. You could lose data.",
                shown(real)
            )));
            "exceeds"
        } else {
            "is less than"
        };
        let question = Question {
            prompt: format!(
                "{name}: Requested size {} {relation} real size {}. Proceed?",
                shown(size),
                shown(real)
            ),
            force_answers: false,
        };
        if !system.ask(question)? {
            let device = name.clone();
            return Err(PvRefusal::NotResized { device }.into());
        }
        notes.push(Message::warning(format!(
            "{name}: Pretending size is {size} not {real} sectors."
        )));
    }
    if size < min {
        let device = name.clone();
        return Err(PvRefusal::ResizeBelowMinimum { device, min }.into());
    }
    if size.checked_to_bytes().is_none() {
        let (device, count) = (name.clone(), size.get());
        return Err(PvRefusal::TooManyExtents { device, count }.into());
    }
    Ok(size)
}

/// Returns the header for a new size: a metadata area at the end of the device moves there.
fn resized_header(
    device: &Device,
    found: &PvOnDevice,
    size: Sectors,
    pe_start: Sectors,
) -> Result<PvHeader, PvRefusal> {
    let mut header = found.label.header.clone();
    header.device_size = size.to_bytes();
    let refuse = |needed| PvRefusal::ResizeTooSmall { device: device.name.clone(), size, needed };
    if size < pe_start {
        return Err(refuse(pe_start));
    }
    let start = pe_start.to_bytes();
    let real = device.size.to_sectors_floor();
    for area in &mut header.metadata_areas {
        if area.offset < start {
            continue;
        }
        // It reaches to the end; what that added to its length is not kept.
        let length = area.size.to_sectors_floor();
        let alignment = if length < AREA_ALIGNMENT { AREA_ALIGNMENT_SMALL } else { AREA_ALIGNMENT };
        let length = length.round_down(alignment);
        let needed = pe_start + length;
        let moved = size.checked_sub(length).ok_or_else(|| refuse(needed))?;
        let moved = moved.round_down(alignment);
        if moved < pe_start || size > real {
            return Err(refuse(needed));
        }
        area.offset = moved.to_bytes();
        area.size = (size - moved).to_bytes();
    }
    Ok(header)
}

/// Checks that no extent that is cut off is allocated.
fn check_extents(
    view: &VgView,
    index: PvIndex,
    device: &str,
    count: Extents,
) -> Result<(), PvRefusal> {
    let vg = &view.vg;
    if count.is_zero() {
        return Err(PvRefusal::NoExtentLeft {
            device: device.into(),
            extent_size: vg.extent_size.sectors(),
        });
    }
    let runs = vg.lvs.runs_on(index);
    let used: Extents = runs.iter().map(Run::extents).sum();
    let end = runs.iter().map(Run::end).max().unwrap_or_default();
    let (device, extents) = (device.into(), count.get());
    if count < used {
        let used = used.get();
        return Err(PvRefusal::Allocated { device, extents, used });
    }
    if end.get() > extents {
        return Err(PvRefusal::LaterAllocated { device, extents });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
