//! PVs and LVs that move from one volume group to another.

use crate::id::{Entropy, Uuid};
use crate::model::lv::Lv;
use crate::model::lv_table::LvId;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::model::vg::Vg;
use crate::ops::membership::check_block_sizes;
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::system::{System, VgView};
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// What moves.
pub(super) struct Moving {
    /// PVs, each once, by their index in the source, in the order in which they arrive.
    pub(super) pvs: Vec<PvIndex>,
    /// LVs.
    pub(super) lvs: BTreeSet<LvId>,
}

/// Checks that one VG can take what comes from another.
///
/// # Errors
/// If they do not go together.
pub(super) fn check_compatible(
    system: &System,
    destination: &VgView,
    source: &VgView,
    moving: &Moving,
) -> Result<(), VgRefusal> {
    let (to, from) = (&destination.vg, &source.vg);
    let names = || (to.name.clone(), from.name.clone());
    if to.extent_size != from.extent_size {
        let (destination, source_vg) = names();
        return Err(VgRefusal::ExtentSizesDiffer {
            destination,
            destination_size: to.extent_size,
            source_vg,
            source_size: from.extent_size,
        });
    }
    check_limits(to, from, moving)?;
    let present = to.lvs.by_name();
    let mut moved = from.lvs.ids().filter(|id| moving.lvs.contains(id));
    if let Some(id) = moved.find(|id| present.contains_key(from.lvs.name(*id))) {
        let (destination, source_vg) = names();
        return Err(VgRefusal::SameLvName {
            destination,
            source_vg,
            lv: from.lvs.get(id).name.clone(),
        });
    }
    let total: u64 = moving.pvs.iter().map(|index| from.pv(*index).pe_count.get()).sum();
    let total = to.extent_count().get().saturating_add(total);
    if total > u64::from(u32::MAX) {
        return Err(VgRefusal::ExtentsOverflow { what: to.name.as_str().into(), count: total });
    }
    let devices = destination.devices.iter().chain(&source.devices);
    check_block_sizes(system, devices.flatten().copied())
}

fn check_limits(to: &Vg, from: &Vg, moving: &Moving) -> Result<(), VgRefusal> {
    let (destination, source_vg) = (to.name.clone(), from.name.clone());
    if to.max_pv != 0 && to.pvs.len() + moving.pvs.len() > to.max_pv as usize {
        let max = to.max_pv;
        return Err(VgRefusal::MaxPvExceeded { destination, source_vg, max });
    }
    let visible = |vg: &Vg, id: &LvId| vg.lvs.is_visible(*id);
    let there = to.lvs.ids().filter(|id| visible(to, id)).count();
    let coming = moving.lvs.iter().filter(|id| visible(from, id)).count();
    if to.max_lv != 0 && there + coming > to.max_lv as usize {
        let max = to.max_lv;
        return Err(VgRefusal::MaxLvExceeded { destination, source_vg, max });
    }
    Ok(())
}

/// Moves PVs and LVs behind those that are there. LVs whose identity is taken get a new one.
///
/// # Panics
/// If an LV that moves lies on a PV that stays, or the other way round.
pub(super) fn transfer(to: &mut Vg, from: &mut Vg, moving: &Moving, entropy: &mut Entropy) {
    let mut places: BTreeMap<PvIndex, PvIndex> = BTreeMap::new();
    for index in &moving.pvs {
        let place = u32::try_from(to.pvs.len()).expect("a VG has less than 2^32 PVs");
        places.insert(*index, PvIndex(place));
        to.pvs.push(from.pv(*index).clone());
    }
    let mut taken: BTreeSet<Uuid> = if moving.lvs.is_empty() {
        BTreeSet::new()
    } else {
        to.lvs.ids().map(|id| to.lvs.get(id).id).collect()
    };
    let order: Vec<LvId> = from.lvs.ids().filter(|id| moving.lvs.contains(id)).collect();
    for id in order {
        let mut lv = Lv::clone(&from.lvs.get(id));
        while !taken.insert(lv.id) {
            lv.id = entropy.uuid();
        }
        let areas = lv.segments.iter_mut().flat_map(Segment::areas_mut);
        for area in areas {
            if let Area::Pv { pv, .. } = area {
                *pv = *places.get(pv).expect("an LV moves with its PVs");
            }
        }
        to.lvs.push(Arc::new(lv));
    }
    from.lvs.remove_all(&moving.lvs);
    from.remove_pvs(&moving.pvs.iter().copied().collect());
}
