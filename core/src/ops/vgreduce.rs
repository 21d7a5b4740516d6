//! `vgreduce`: takes PVs out of a volume group.

use crate::model::lv_table::LvId;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::ops::failures::Failures;
use crate::ops::guard::{self, Tolerance};
use crate::ops::membership::balance_areas;
use crate::ops::plain::{check_plain, removed};
use crate::ops::refusal::pv::PvRefusal;
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::roles::Roles;
use crate::ops::selector::VgSelector;
use crate::ops::system::{System, VgView};
use crate::ops::{Change, Message, PvAfter, Stage, Stop, VgAfter};
use std_alloc::boxed::Box;
use std_alloc::collections::BTreeSet;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// Which PVs.
    pub what: What,
    /// `-f`.
    pub force: u32,
}

/// Which PVs are taken out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Those on these devices, as the user called them.
    Devices(Vec<String>),
    /// `--all`: those that hold nothing.
    Unused,
    /// `--removemissing`: those that are missing; with `-f` the LVs on them are removed.
    Missing {
        /// `--mirrorsonly`: of the LVs, only mirrors are changed.
        mirrors_only: bool,
    },
}

/// Takes PVs out of a volume group.
///
/// # Errors
/// If none can be taken out, or a person has to decide first.
pub fn vgreduce(system: &System, request: &Request) -> Result<Change, Stop> {
    match &request.what {
        What::Missing { mirrors_only } => {
            let force = request.force > 0 && !mirrors_only;
            remove_missing(system, &request.vg, force)
        }
        What::Devices(names) => {
            let view = resizeable(system, &request.vg)?;
            let mut failures = Failures::default();
            let mut chosen = Vec::new();
            for name in names {
                let place = find_pv(system, view, name).map_err(Stop::from);
                chosen.extend(failures.take(place)?);
            }
            take_out(system, view, &chosen, failures)
        }
        What::Unused => {
            let view = resizeable(system, &request.vg)?;
            let all: Vec<PvIndex> = view.vg.pv_indices().collect();
            take_out(system, view, &all, Failures::default())
        }
    }
}

fn resizeable<'a>(system: &'a System, vg: &VgSelector) -> Result<&'a VgView, Stop> {
    let view = guard::writable(system, vg, Tolerance::NONE)?;
    if view.vg.flags.resizeable {
        Ok(view)
    } else {
        let vg = view.vg.name.clone();
        Err(VgRefusal::NotResizeable { vg }.into())
    }
}

fn find_pv(system: &System, view: &VgView, name: &str) -> Result<PvIndex, PvRefusal> {
    let device = system.need_device(name, |name| PvRefusal::DeviceNotFound { name })?;
    view.vg
        .pv_indices()
        .find(|index| view.devices[index.get()] == Some(device))
        .ok_or_else(|| PvRefusal::NoPv { name: name.into() })
}

/// Takes out those of `chosen` that hold nothing.
fn take_out(
    system: &System,
    view: &VgView,
    chosen: &[PvIndex],
    mut failures: Failures,
) -> Result<Change, Stop> {
    let mut gone = BTreeSet::new();
    let mut told = Vec::new();
    for index in chosen {
        let device = view.devices[index.get()].expect("no PV of the VG is missing");
        let device = system.device(device).name.clone();
        if gone.contains(index) {
            continue;
        }
        let reason = if !view.vg.lvs.runs_on(*index).is_empty() {
            VgRefusal::PvInUse { device }
        } else if gone.len() + 1 == view.vg.pvs.len() {
            let vg = view.vg.name.clone();
            VgRefusal::FinalPv { vg, device }
        } else {
            gone.insert(*index);
            told.push(Message::print(format!(
                "Removed \"{device}\" from volume group \"{}\"",
                view.vg.name
            )));
            continue;
        };
        failures.take(Err::<(), Stop>(reason.into()))?;
    }
    if gone.is_empty() {
        return Err(failures.into_stop().unwrap_or_else(|| PvRefusal::NoneGiven.into()));
    }
    let mut vg = guard::successor(system, view);
    vg.remove_pvs(&gone);
    let pvs = balance_areas(system, &vg, &[], false)?;
    Ok(Change {
        stages: [reduced(vg, pvs)].into(),
        before: failures.messages(),
        after: told,
        failed: !failures.is_empty(),
        ..Change::default()
    })
}

fn reduced(vg: Vg, pvs: Vec<PvAfter>) -> Stage {
    Stage {
        name: "the volume group is reduced",
        vgs: [VgAfter::Write(Box::new(vg))].into(),
        pvs,
        ..Stage::default()
    }
}

/// Takes out PVs that are missing; with `force`, LVs on them are removed first.
fn remove_missing(system: &System, selector: &VgSelector, force: bool) -> Result<Change, Stop> {
    let view = guard::writable(system, selector, Tolerance::MISSING)?;
    let vg_name = &view.vg.name;
    let missing: BTreeSet<PvIndex> = guard::missing_pvs(view).into_iter().collect();
    if missing.is_empty() {
        let text = format!("Volume group \"{vg_name}\" is already consistent.");
        return Ok(Change { after: [Message::print(text)].into(), ..Change::default() });
    }
    if missing.len() == view.vg.pvs.len() {
        let device = view.vg.pvs[0].device_hint.clone();
        let vg = vg_name.clone();
        return Err(VgRefusal::FinalPv { vg, device }.into());
    }
    let partial = partial_lvs(&view.vg, &missing);
    let mut vg = guard::successor(system, view);
    let mut change = Change::default();
    if force {
        remove_partial(&mut vg, &partial, &mut change)?;
    }
    let empty: BTreeSet<PvIndex> =
        missing.iter().copied().filter(|index| vg.lvs.runs_on(*index).is_empty()).collect();
    if !force && !partial.is_empty() {
        for id in &partial {
            let name = view.vg.lvs.name(*id);
            let text = format!("Partial LV {name} needs to be repaired or removed. ");
            change.before.push(Message::warning(text));
        }
        let vg = vg_name.clone();
        let refusal = VgRefusal::PartialLvs { vg };
        if empty.is_empty() {
            return Err(Stop::refuse(change.before, refusal));
        }
        change.before.extend(Message::errors(&refusal));
        change.before.push(Message::warning("Proceeding to remove empty missing PVs."));
        change.failed = true;
    } else {
        let text = format!("Wrote out consistent volume group {vg_name}.");
        change.after.push(Message::print(text));
    }
    vg.remove_pvs(&empty);
    let pvs = balance_areas(system, &vg, &[], false)?;
    change.stages.push(reduced(vg, pvs));
    Ok(change)
}

/// Returns the LVs that lie on PVs that are missing, and those that are made of such LVs, in order.
fn partial_lvs(vg: &Vg, missing: &BTreeSet<PvIndex>) -> BTreeSet<LvId> {
    let roles = Roles::of(vg);
    let runs = missing.iter().flat_map(|index| vg.lvs.runs_on(*index));
    let mut partial: BTreeSet<LvId> = runs.map(|run| run.lv).collect();
    let mut to_visit: Vec<LvId> = partial.iter().copied().collect();
    while let Some(id) = to_visit.pop() {
        for user in roles.users(vg.lvs.name(id)) {
            if partial.insert(user) {
                to_visit.push(user);
            }
        }
    }
    partial
}

/// Removes LVs that lie on PVs that are missing.
fn remove_partial(
    vg: &mut Vg,
    partial: &BTreeSet<LvId>,
    change: &mut Change,
) -> Result<(), VgRefusal> {
    for id in partial {
        let lv = vg.lvs.get(*id);
        check_plain(vg, *id)?;
        change
            .before
            .push(Message::warning(format!("Removing partial LV {}/{}.", vg.name, lv.name)));
        change.after.push(removed(lv.name.as_str()));
    }
    vg.lvs.remove_all(partial);
    Ok(())
}

#[cfg(test)]
mod tests;
