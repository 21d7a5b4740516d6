//! `vgsplit`: moves PVs, with the LVs on them, from one volume group into another.

use crate::id::Uuid;
use crate::model::flags::{AllocationPolicy, VgFlags};
use crate::model::lv_table::{LvId, LvTable};
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::model::vg::{Provenance, Vg};
use crate::name::{LvName, VgName};
use crate::ops::guard::{self, Tolerance};
use crate::ops::membership::{balance_areas, stored_copies};
use crate::ops::moving::{Moving, check_compatible, transfer};
use crate::ops::plain::check_plain;
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::selector::VgSelector;
use crate::ops::system::{System, VgView};
use crate::ops::vgcreate::MetadataCopies;
use crate::ops::{Change, Message, PvAfter, Stage, Stop, VgAfter};
use std_alloc::boxed::Box;
use std_alloc::collections::BTreeSet;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG the PVs come from.
    pub source: VgSelector,
    /// The VG they go to; it is made if there is none of this name.
    pub destination: VgName,
    /// Which PVs.
    pub what: What,
    /// `-l`, for a new VG.
    pub max_lv: Option<u32>,
    /// `-p`, for a new VG.
    pub max_pv: Option<u32>,
    /// `--alloc`, for a new VG.
    pub policy: Option<AllocationPolicy>,
    /// `--vgmetadatacopies`, for a new VG.
    pub metadata_copies: Option<MetadataCopies>,
    /// `--poolmetadataspare`.
    pub pool_metadata_spare: Option<bool>,
}

/// Which PVs are moved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Those on these devices, as the user called them.
    Devices(Vec<String>),
    /// `-n`: those that this LV lies on.
    Lv(LvName),
}

/// Moves PVs, with the LVs on them, from one volume group into another.
///
/// The destination is written first, as exported, so that nothing is lost and nothing is used twice
/// if the rest does not follow; then the source without what has moved; then the destination again.
///
/// # Errors
/// If the VGs do not go together, or an LV would lie in both.
pub fn vgsplit(system: &System, request: &Request) -> Result<Change, Stop> {
    let source = guard::writable(system, &request.source, Tolerance::NONE)?;
    if source.vg.name == request.destination {
        let vg = request.destination.clone();
        return Err(VgRefusal::SameVg { vg }.into());
    }
    check_resizeable(&source.vg)?;
    let is_new = system.find_vgs(request.destination.as_str()).next().is_none();
    let mut entropy = system.entropy();
    let destination = if is_new {
        new_view(&source.vg, request, entropy.uuid())?
    } else {
        existing(system, request)?.clone()
    };
    let pvs = chosen_pvs(system, source, &request.what)?;
    let lvs = moving_lvs(&source.vg, &pvs)?;
    let moving = Moving { pvs, lvs };
    check_compatible(system, &destination, source, &moving)?;

    let mut to = if is_new { destination.vg } else { guard::successor(system, &destination) };
    let mut from = guard::successor(system, source);
    transfer(&mut to, &mut from, &moving, &mut entropy);
    let all = is_new && request.metadata_copies == Some(MetadataCopies::All);
    let areas_to = balance_areas(system, &to, &[], all)?;
    let text = format!(
        "{} volume group \"{}\" successfully split from \"{}\"",
        if is_new { "New" } else { "Existing" },
        to.name,
        from.name
    );
    Ok(Change {
        stages: stages(system, to, from, areas_to)?,
        after: [Message::print(text)].into(),
        ..Change::default()
    })
}

fn stages(
    system: &System,
    to: Vg,
    from: Vg,
    areas_to: Vec<PvAfter>,
) -> Result<Vec<Stage>, VgRefusal> {
    let mut exported = to.clone();
    exported.flags.exported = true;
    let mut to = to;
    to.seqno += 1;
    let second = if from.pvs.is_empty() {
        Stage {
            name: "the source volume group is gone",
            vgs: [VgAfter::Remove(from.id)].into(),
            ..Stage::default()
        }
    } else {
        let pvs = balance_areas(system, &from, &[], false)?;
        Stage {
            name: "the source volume group is without what has moved",
            vgs: [VgAfter::Write(Box::new(from))].into(),
            pvs,
            ..Stage::default()
        }
    };
    Ok([
        Stage {
            name: "the destination volume group has what moves, and is exported",
            vgs: [VgAfter::Write(Box::new(exported))].into(),
            pvs: areas_to,
            ..Stage::default()
        },
        second,
        Stage {
            name: "the destination volume group is usable",
            vgs: [VgAfter::Write(Box::new(to))].into(),
            ..Stage::default()
        },
    ]
    .into())
}

fn check_resizeable(vg: &Vg) -> Result<(), VgRefusal> {
    if vg.flags.resizeable {
        Ok(())
    } else {
        let vg = vg.name.clone();
        Err(VgRefusal::NotResizeable { vg })
    }
}

/// Finds the VG that is there and checks that it can take something.
fn existing<'a>(system: &'a System, request: &Request) -> Result<&'a VgView, Stop> {
    let selector = VgSelector::Name(request.destination.clone());
    let view = guard::writable(system, &selector, Tolerance::NONE)?;
    let options = request.max_lv.is_some()
        || request.max_pv.is_some()
        || request.policy.is_some()
        || request.metadata_copies.is_some();
    if options {
        let vg = request.destination.clone();
        return Err(VgRefusal::OptionsForExisting { vg }.into());
    }
    check_resizeable(&view.vg)?;
    Ok(view)
}

/// Makes the VG that is not there yet, still without PVs. It has the source's limits and policy.
fn new_view(source: &Vg, request: &Request, id: Uuid) -> Result<VgView, VgRefusal> {
    if request.policy == Some(AllocationPolicy::Inherit) {
        return Err(VgRefusal::PolicyInherits { new: true });
    }
    let vg = Vg {
        name: request.destination.clone(),
        id,
        seqno: 1,
        format: source.format.clone(),
        permission: source.permission,
        flags: VgFlags { resizeable: true, ..VgFlags::default() },
        tags: Vec::new(),
        system_id: source.system_id.clone(),
        lock_type: None,
        lock_args: None,
        persistent_reservation: Vec::new(),
        extent_size: source.extent_size,
        max_lv: request.max_lv.unwrap_or(source.max_lv),
        max_pv: request.max_pv.unwrap_or(source.max_pv),
        policy: request.policy.unwrap_or(source.policy),
        profile: None,
        metadata_copies: request.metadata_copies.map_or(0, stored_copies),
        pvs: Vec::new(),
        lvs: LvTable::default(),
        historical: Vec::new(),
        unknown: Vec::new(),
    };
    Ok(VgView {
        vg,
        provenance: Provenance::default(),
        text: Arc::from([].as_slice()),
        devices: Vec::new(),
        fork: None,
        outdated: Vec::new(),
        duplicates: Vec::new(),
        lagging: Vec::new(),
    })
}

/// Returns the PVs that move, in the order in which they are named.
fn chosen_pvs(system: &System, view: &VgView, what: &What) -> Result<Vec<PvIndex>, VgRefusal> {
    let vg = &view.vg;
    let mut chosen = match what {
        What::Devices(names) => {
            let find = |name: &String| {
                let device = system.find_device(name);
                let mut places = vg.pv_indices();
                places
                    .find(|index| device.is_some() && view.devices[index.get()] == device)
                    .ok_or_else(|| VgRefusal::PvNotInVg {
                        vg: vg.name.clone(),
                        device: name.clone(),
                    })
            };
            names.iter().map(find).collect::<Result<Vec<_>, _>>()?
        }
        What::Lv(lv) => {
            let id = vg
                .lvs
                .find(lv.as_str())
                .ok_or_else(|| VgRefusal::LvNotInVg { vg: vg.name.clone(), lv: lv.clone() })?;
            check_plain(vg, id)?;
            pvs_of(vg, id)
        }
    };
    let mut met = BTreeSet::new();
    chosen.retain(|pv| met.insert(*pv));
    Ok(chosen)
}

/// Returns the PVs that an LV lies on, in the order of its extents.
fn pvs_of(vg: &Vg, lv: LvId) -> Vec<PvIndex> {
    let lv = vg.lvs.get(lv);
    let areas = lv.segments.iter().flat_map(Segment::areas);
    areas
        .filter_map(|area| match area {
            Area::Pv { pv, .. } => Some(*pv),
            Area::Lv { .. } => None,
        })
        .collect()
}

/// Returns the LVs that lie on PVs that move.
fn moving_lvs(vg: &Vg, pvs: &[PvIndex]) -> Result<BTreeSet<LvId>, VgRefusal> {
    let pvs: BTreeSet<PvIndex> = pvs.iter().copied().collect();
    let runs = vg.lvs.runs_unsorted().iter();
    let lvs: BTreeSet<LvId> =
        runs.clone().filter(|run| pvs.contains(&run.pv)).map(|run| run.lv).collect();
    for id in &lvs {
        check_plain(vg, *id)?;
    }
    let mut staying = runs.filter(|run| !pvs.contains(&run.pv));
    match staying.find(|run| lvs.contains(&run.lv)) {
        Some(run) => {
            let lv = vg.lvs.get(run.lv).name.clone();
            Err(VgRefusal::SplitLv { lv })
        }
        None => Ok(lvs),
    }
}

#[cfg(test)]
mod tests;
