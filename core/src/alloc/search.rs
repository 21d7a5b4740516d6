//! The search in LVM2's manner: policy after policy, from the strictest to the one asked for, each
//! going on with what the ones before have found.
//!
//! Observed with LVM2 2.03.16 (the tests hold placements of the real one):
//! - *contiguous*: an extension takes what directly follows the last segment, as far as that goes;
//!   a new LV takes one piece;
//! - *cling*: PVs that the stripe (by its position) is on in the first segment, or, for a new LV,
//!   in what has been found; the first in order;
//! - *normal*: the same for what this allocation has used (`maximise_cling`), else the PVs with the
//!   longest runs, limited to what is needed, of equal ones the first;
//! - *anywhere*: a PV may serve several stripes of a row.

use super::space::Pool;
use super::{Layout, Request};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::model::vg::Vg;
use crate::units::{Extents, Pe};
use std_alloc::collections::BTreeSet;
use std_alloc::vec;
use std_alloc::vec::Vec;

/// For each stripe the PVs it is on.
type Places = Vec<BTreeSet<PvIndex>>;

struct Search<'a> {
    vg: &'a Vg,
    request: &'a Request<'a>,
    pools: &'a mut [Pool],
    layout: Layout,
    /// Where the stripes are in earlier segments.
    before: Places,
    /// Where they are in what has been found.
    found: Places,
    left: Extents,
}

/// Finds as much as LVM2's way finds.
pub(super) fn search(vg: &Vg, request: &Request, pools: &mut [Pool]) -> Layout {
    let mut search = Search {
        vg,
        request,
        pools,
        layout: Layout::default(),
        before: places(request),
        found: vec![BTreeSet::new(); request.stripes],
        left: request.rows,
    };
    // With a list of tags LVM2 lets `cling` look at them too.
    let limit = match request.policy {
        AllocationPolicy::Cling if !request.cling_tags.is_empty() => AllocationPolicy::ClingByTags,
        policy => policy,
    };
    for policy in [
        AllocationPolicy::Contiguous,
        AllocationPolicy::Cling,
        AllocationPolicy::ClingByTags,
        AllocationPolicy::Normal,
        AllocationPolicy::Anywhere,
    ] {
        if policy > limit || search.left.is_zero() {
            break;
        }
        search.pass(policy);
    }
    search.layout
}

/// Returns where LVM2 lets the stripes of an extension cling: to the first segment.
fn places(request: &Request) -> Places {
    let tied = |segment: &&Segment| segment.areas().len() == request.stripes;
    let last = request.before.last().filter(tied);
    let first = last.and_then(|_| request.before.iter().find(tied));
    let place = |area: &Area| match area {
        Area::Pv { pv, .. } => BTreeSet::from([*pv]),
        Area::Lv { .. } => BTreeSet::new(),
    };
    match first {
        Some(first) => first.areas().iter().map(place).collect(),
        None => vec![BTreeSet::new(); request.stripes],
    }
}

impl Search<'_> {
    fn pass(&mut self, policy: AllocationPolicy) {
        match policy {
            AllocationPolicy::Contiguous => self.contiguous(),
            AllocationPolicy::Cling => while self.cling(false) {},
            AllocationPolicy::ClingByTags => {
                if !self.request.cling_tags.is_empty() {
                    while self.cling(true) {}
                }
            }
            AllocationPolicy::Normal => while self.normal() {},
            AllocationPolicy::Anywhere => while self.anywhere() {},
            AllocationPolicy::Inherit => unreachable!("the policy has been resolved"),
        }
    }

    /// Takes what follows the last segment; for a new LV any one piece.
    fn contiguous(&mut self) {
        let whole = self.request.policy == AllocationPolicy::Contiguous;
        let last = self.request.before.last();
        let Some(ends) = last.and_then(|last| ends_of(last, self.request.stripes)) else {
            let all = whole && !self.request.approximate;
            let _ = self.free_choice(if all { self.left } else { Extents::new(1) });
            return;
        };
        let mut rows = self.left;
        let mut chosen = Vec::new();
        for (pv, end) in ends {
            let place = self.pools.iter().position(|pool| pool.pv == pv);
            let Some(place) = place else { return };
            rows = rows.min(self.pools[place].length_at(end));
            chosen.push((place, end));
        }
        if rows.is_zero() || (whole && rows < self.left && !self.request.approximate) {
            return;
        }
        let mut areas = Vec::new();
        for (stripe, (place, start)) in chosen.into_iter().enumerate() {
            self.pools[place].take_at(start, rows);
            self.found[stripe].insert(self.pools[place].pv);
            areas.push((self.pools[place].pv, start));
        }
        self.note(rows, areas);
    }

    /// Takes a row on PVs that each stripe is on already, or with `tags` that share one with them.
    fn cling(&mut self, tags: bool) -> bool {
        let extending = self.before.iter().any(|places| !places.is_empty());
        let places = if extending { &self.before } else { &self.found };
        // Here LVM2 takes the longest runs, whatever is needed.
        self.cling_to(&places.clone(), tags, Extents::new(u64::MAX))
    }

    fn cling_to(&mut self, places: &Places, tags: bool, needed: Extents) -> bool {
        if self.left.is_zero() {
            return false;
        }
        let mut chosen: Vec<Option<usize>> = vec![None; places.len()];
        for (place, pool) in self.pools.iter().enumerate() {
            if pool.longest().is_zero() {
                continue;
            }
            let suits = |stripe: &usize| {
                chosen[*stripe].is_none() && self.suits(pool.pv, &places[*stripe], tags)
            };
            if let Some(stripe) = (0..places.len()).find(suits) {
                chosen[stripe] = Some(place);
            }
        }
        let Some(chosen) = chosen.into_iter().collect::<Option<Vec<usize>>>() else {
            return false;
        };
        self.take(&chosen, needed);
        true
    }

    fn suits(&self, pv: PvIndex, places: &BTreeSet<PvIndex>, tags: bool) -> bool {
        if places.contains(&pv) {
            return true;
        }
        let listed = |tag: &str| {
            let listed = self.request.cling_tags.iter();
            let mut listed = listed.map(|entry| entry.strip_prefix('@').unwrap_or(entry));
            listed.any(|entry| entry == "*" || entry == tag)
        };
        let shares = |other: &PvIndex| {
            let mut tags = self.vg.pv(pv).tags.iter();
            tags.any(|tag| self.vg.pv(*other).tags.contains(tag) && listed(tag.as_str()))
        };
        tags && places.iter().any(shares)
    }

    fn normal(&mut self) -> bool {
        if self.request.maximise_cling && self.cling_to(&self.found.clone(), false, self.left) {
            return true;
        }
        self.free_choice(Extents::new(1)).is_some()
    }

    /// Takes a row of the longest runs that have at least `minimum`, each on another PV.
    fn free_choice(&mut self, minimum: Extents) -> Option<()> {
        if self.left.is_zero() {
            return None;
        }
        let usable = |place: &usize| self.pools[*place].longest() >= minimum;
        let mut order: Vec<usize> = (0..self.pools.len()).filter(usable).collect();
        if order.len() < self.request.stripes {
            return None;
        }
        // A stable sort: of equal ones the first in order.
        order.sort_by_key(|place| core::cmp::Reverse(self.pools[*place].longest().min(self.left)));
        order.truncate(self.request.stripes);
        self.take(&order, self.left);
        Some(())
    }

    /// Takes a row in which a run may serve several stripes.
    fn anywhere(&mut self) -> bool {
        if self.left.is_zero() {
            return false;
        }
        let stripes = self.request.stripes as u64;
        let longest = |place: &usize| core::cmp::Reverse(self.pools[*place].longest());
        let Some(best) = (0..self.pools.len()).min_by_key(longest) else {
            return false;
        };
        let rows = self.left.min(Extents::new(self.pools[best].longest().get() / stripes));
        if rows.is_zero() {
            return false;
        }
        let mut areas = Vec::new();
        let mut start = self.pools[best].take(rows * stripes, rows * stripes);
        for stripe in 0..self.request.stripes {
            self.found[stripe].insert(self.pools[best].pv);
            areas.push((self.pools[best].pv, start));
            start = start.after(rows);
        }
        self.note(rows, areas);
        true
    }

    /// Takes as many rows as the runs chosen in these pools all have.
    fn take(&mut self, chosen: &[usize], needed: Extents) {
        let longest = chosen.iter().map(|place| self.pools[*place].longest());
        let rows = longest.fold(self.left, Extents::min);
        let mut areas = Vec::with_capacity(chosen.len());
        for (stripe, place) in chosen.iter().enumerate() {
            let pool = &mut self.pools[*place];
            self.found[stripe].insert(pool.pv);
            areas.push((pool.pv, pool.take(needed, rows)));
        }
        self.note(rows, areas);
    }

    fn note(&mut self, rows: Extents, areas: Vec<(PvIndex, Pe)>) {
        self.left -= rows;
        self.layout.push(rows, areas);
    }
}

/// Returns where each stripe of a segment ends, if it has that many and all are on PVs.
fn ends_of(last: &Segment, stripes: usize) -> Option<Vec<(PvIndex, Pe)>> {
    let length = last.area_extents();
    let areas = last.areas();
    let end = |area: &Area| match area {
        Area::Pv { pv, start } => Some((*pv, start.after(length))),
        Area::Lv { .. } => None,
    };
    (areas.len() == stripes).then(|| areas.iter().map(end).collect())?
}
