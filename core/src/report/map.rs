//! Which LV lies where: the PVs of a VG as runs of extents that are free or belong to an LV, and
//! the LV that a user knows them by.
//!
//! Holds for any VG that can be shown: where the metadata is wrong, LVs claim the same extents or
//! some beyond the end of a PV, and both are told.

use crate::model::lv_table::LvId;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment, SegmentKind};
use crate::model::vg::Vg;
use crate::ops::roles::Roles;
use crate::units::{Extents, Le, Pe};
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::vec::Vec;

/// So many LVs that claim one extent are named, the first one included.
const CLAIMS_MAX: usize = 8;

/// An LV is part of another, that one of another, and so on: no further than this.
const DEPTH_MAX: usize = 16;

/// Which LV lies where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Map {
    /// The PVs, in the order of the VG.
    pub pvs: Vec<PvMap>,
    /// The LVs that a user knows, by name; among them hidden ones that are part of no other.
    pub lvs: Vec<LvOnMap>,
}

/// The extents of a PV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PvMap {
    /// The PV.
    pub pv: PvIndex,
    /// How many extents it has.
    pub count: Extents,
    /// How many of them are free.
    pub free: Extents,
    /// Its runs from extent 0 on, without gaps; some lie beyond its end if an LV claims that.
    pub runs: Vec<Run>,
}

impl PvMap {
    /// Returns how many extents its runs have together: beyond its end there may be some.
    pub fn drawn(&self) -> Extents {
        self.runs.last().map_or(Extents::ZERO, |last| last.end().since(Pe::ZERO))
    }
}

/// Consecutive extents of a PV that are free, or belong to one area of a segment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// The first extent.
    pub start: Pe,
    /// How many there are.
    pub extents: Extents,
    /// What is there; nothing if they are free.
    pub part: Option<Part>,
    /// Further LVs that claim these extents, which is wrong; of very many the first ones.
    pub others: Vec<LvId>,
}

impl Run {
    /// Returns the extent behind its last.
    pub fn end(&self) -> Pe {
        self.start.after(self.extents)
    }
}

/// What lies in a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The LV whose extents these are.
    pub lv: LvId,
    /// The LV that a user knows it by: itself, or the one that it is a part of.
    pub owner: LvId,
    /// The first logical extent of the row that begins the run.
    pub le: Le,
    /// How many logical extents of the LV its rows have.
    pub les: Extents,
    /// Which stripe or leg it is, from 0.
    pub stripe: usize,
    /// How many there are side by side.
    pub stripes: usize,
}

/// An LV that a user knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LvOnMap {
    /// The LV.
    pub lv: LvId,
    /// What of it lies on PVs, with that of its parts: PV, first extent, length, and whose it is.
    pub places: Vec<Place>,
}

/// A run of an LV or of a part of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The LV that has it.
    pub lv: LvId,
    /// The PV.
    pub pv: PvIndex,
    /// The first extent.
    pub start: Pe,
    /// The length.
    pub extents: Extents,
}

/// Returns which LV lies where.
pub fn map(vg: &Vg) -> Map {
    let owners = Owners::new(vg);
    let mut claims: Vec<Vec<Claim>> = std_alloc::vec![Vec::new(); vg.pvs.len()];
    for id in vg.lvs.ids() {
        for segment in vg.lvs.segments(id).iter() {
            claim(&owners, id, segment, &mut claims);
        }
    }
    let pvs: Vec<PvMap> =
        vg.pv_indices().zip(claims).map(|(pv, claims)| runs(vg, pv, claims)).collect();
    Map { lvs: lvs(vg, &owners, &pvs), pvs }
}

/// Lists the LVs that a user knows, with what they have.
fn lvs(vg: &Vg, owners: &Owners<'_>, pvs: &[PvMap]) -> Vec<LvOnMap> {
    let mut places: BTreeMap<LvId, Vec<Place>> = BTreeMap::new();
    for pv in pvs {
        for run in &pv.runs {
            let part = run.part.as_ref();
            let others = run.others.iter().map(|lv| (owners.find(*lv, Le::ZERO), *lv));
            for (owner, lv) in part.map(|part| (part.owner, part.lv)).into_iter().chain(others) {
                let place = Place { lv, pv: pv.pv, start: run.start, extents: run.extents };
                places.entry(owner).or_default().push(place);
            }
        }
    }
    let known = |id: &LvId| owners.roles.is_visible(vg, *id) || places.contains_key(id);
    let mut ids: Vec<LvId> = vg.lvs.ids().filter(known).collect();
    ids.sort_by_key(|id| vg.lvs.name(*id));
    ids.into_iter()
        .map(|lv| LvOnMap { lv, places: joined(places.remove(&lv).unwrap_or_default()) })
        .collect()
}

/// Puts places in order, and those together that touch.
fn joined(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_unstable();
    let mut out: Vec<Place> = Vec::with_capacity(places.len());
    for place in places {
        let touches = |last: &&mut Place| {
            let end = last.start.after(last.extents);
            (last.lv, last.pv, end) == (place.lv, place.pv, place.start)
        };
        match out.last_mut().filter(touches) {
            Some(last) => last.extents += place.extents,
            None => out.push(place),
        }
    }
    out
}

/// A run that an LV claims.
#[derive(Clone, Debug)]
struct Claim {
    start: Pe,
    end: Pe,
    part: Part,
}

fn claim(owners: &Owners<'_>, lv: LvId, segment: &Segment, claims: &mut [Vec<Claim>]) {
    let areas = segment.areas();
    let rows = segment.area_extents();
    // Of a striped segment each area has a share of the extents, of others all.
    let les_per_row = match segment.kind {
        SegmentKind::Striped(_) => areas.len().max(1) as u64,
        _ => 1,
    };
    for (stripe, area) in areas.iter().enumerate() {
        let Area::Pv { pv, start } = area else {
            continue;
        };
        let Some(claims) = claims.get_mut(pv.get()) else {
            continue;
        };
        let mut row = 0;
        while row < rows.get() {
            let le = segment.start.after(Extents::new(row * les_per_row));
            // A pvmove's LV serves several LVs, each with a range of its extents.
            let all = rows.get() - row;
            let (owner, goes_on) = owners.find_range(lv, le);
            let here = goes_on.map_or(all, |les| les.get().div_ceil(les_per_row).clamp(1, all));
            claims.push(Claim {
                start: start.after(Extents::new(row)),
                end: start.after(Extents::new(row + here)),
                part: Part {
                    lv,
                    owner,
                    le,
                    les: Extents::new(here * les_per_row),
                    stripe,
                    stripes: areas.len(),
                },
            });
            row += here;
        }
    }
}

/// Makes runs of claims: at each extent where a claim begins or ends a new one begins.
fn runs(vg: &Vg, pv: PvIndex, claims: Vec<Claim>) -> PvMap {
    let count = vg.pv(pv).pe_count;
    let end = Pe::ZERO.after(count);
    let mut cuts: Vec<Pe> = claims.iter().flat_map(|claim| [claim.start, claim.end]).collect();
    cuts.extend([Pe::ZERO, end]);
    cuts.sort_unstable();
    cuts.dedup();
    let mut claims = claims;
    claims.sort_by_key(|claim| claim.start);
    let (mut next, mut active) = (0, BTreeSet::new());
    let mut out = PvMap { pv, count, free: Extents::ZERO, runs: Vec::with_capacity(cuts.len()) };
    for pair in cuts.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        active.retain(|claim: &usize| claims[*claim].end > from);
        while claims.get(next).is_some_and(|claim| claim.start == from) {
            active.insert(next);
            next += 1;
        }
        let extents = to.since(from);
        let mut claimed = active.iter().map(|claim| &claims[*claim]);
        let part = claimed.next().map(|claim| {
            let per_row = claim.part.les.get() / claim.end.since(claim.start).get();
            let le = claim.part.le.after(Extents::new(from.since(claim.start).get() * per_row));
            Part { le, les: Extents::new(extents.get() * per_row), ..claim.part.clone() }
        });
        // Between its end and what lies beyond there is nothing.
        if part.is_none() && from < end {
            out.free += extents;
        }
        let others = claimed.take(CLAIMS_MAX - 1).map(|claim| claim.part.lv).collect();
        out.runs.push(Run { start: from, extents, part, others });
    }
    out
}

/// A range of an LV's extents that another LV has as an area.
#[derive(Clone, Copy, Debug)]
struct Use {
    start: Le,
    end: Le,
    user: LvId,
    /// Where it stands in the user.
    at: Le,
}

/// By which LV a user knows the extents of another.
struct Owners<'a> {
    vg: &'a Vg,
    roles: Roles,
    /// The ranges of LVs that others have as areas, in order.
    uses: BTreeMap<&'a str, Vec<Use>>,
    names: BTreeMap<&'a str, LvId>,
}

impl<'a> Owners<'a> {
    fn new(vg: &'a Vg) -> Self {
        let roles = Roles::of(vg);
        let mut owners = Self { vg, roles, uses: BTreeMap::new(), names: BTreeMap::new() };
        if owners.roles.is_empty() {
            return owners;
        }
        owners.names = vg.lvs.by_name();
        for user in vg.lvs.ids().filter(|id| !vg.lvs.is_source(*id)) {
            for segment in vg.lvs.segments(user).iter() {
                owners.note(user, segment);
            }
        }
        for uses in owners.uses.values_mut() {
            uses.sort_by_key(|one| one.start);
        }
        owners
    }

    fn note(&mut self, user: LvId, segment: &Segment) {
        let length = segment.area_extents();
        for area in segment.areas() {
            let Area::Lv { lv, start } = area else {
                continue;
            };
            // The name as the table has it lives as long as the VG.
            let Some((name, _)) = self.names.get_key_value(lv.as_str()) else {
                continue;
            };
            let range = Use { start: *start, end: start.after(length), user, at: segment.start };
            self.uses.entry(name).or_default().push(range);
        }
    }

    /// Finds the LV that a user knows an extent by.
    fn find(&self, lv: LvId, le: Le) -> LvId {
        self.find_range(lv, le).0
    }

    /// Finds it, and for how many extents from there on that is so, if not for all.
    fn find_range(&self, lv: LvId, le: Le) -> (LvId, Option<Extents>) {
        let (mut owner, mut at) = (lv, le);
        let mut range = None;
        for _ in 0..DEPTH_MAX {
            if self.roles.is_visible(self.vg, owner) {
                break;
            }
            let name = self.vg.lvs.name(owner);
            let uses = self.uses.get(name).map_or(&[][..], Vec::as_slice);
            let place = uses.partition_point(|one| one.start <= at);
            let within = place.checked_sub(1).map(|place| &uses[place]);
            let within = within.filter(|one| at < one.end);
            // Where the next one begins, something else may be true.
            let begins = uses.get(place).map(|one| one.start);
            let ends = within.map(|one| one.end).into_iter().chain(begins).min();
            let left = ends.map(|end| end.since(at));
            range = [range, left].into_iter().flatten().min();
            let mut users = self.roles.users(name).filter(|user| !self.roles.is_carrier(*user));
            let user = within.map(|one| (one.user, one.at.after(at.since(one.start))));
            let user = user.or_else(|| users.next().map(|user| (user, Le::ZERO)));
            match user {
                Some(user) => (owner, at) = user,
                None => break,
            }
        }
        (owner, range)
    }
}

#[cfg(test)]
mod tests;
