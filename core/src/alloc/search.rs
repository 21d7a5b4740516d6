//! The search in LVM2's manner: policy after policy, from the strictest to the one asked for, each
//! going on with what the ones before have found.
//!
//! Observed with LVM2 2.03.16 (the tests hold placements of the real one):
//! - *contiguous*: an extension takes what directly follows the last segment, as far as that goes;
//!   a new LV takes one piece;
//! - *cling*: PVs that the stripe (by its position) is on in the first segment, or, for a new LV,
//!   in what has been found; the first in order. An extension that finds no more that way lets the
//!   stripes change places;
//! - *normal*: PVs that this allocation has used (`maximise_cling`), in any position, else those
//!   with the longest runs, limited to what is needed, of equal ones the first;
//! - *anywhere*: a PV may serve several stripes of a row.

use super::Layout;
use super::problem::{Manner, Problem};
use super::space::{Pool, Run};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::units::{Extents, Pe};
use core::cmp::Reverse;
use std_alloc::collections::BTreeSet;
use std_alloc::vec;
use std_alloc::vec::Vec;

/// For each stripe the PVs it is on.
type Places = Vec<BTreeSet<PvIndex>>;

/// Part of a run that has been reserved for a stripe.
#[derive(Clone, Copy, Debug)]
struct Choice {
    /// The place of the pool.
    pool: usize,
    /// The number of the run.
    run: usize,
    rows: Extents,
}

/// What ties extents to places.
#[derive(Clone, Default, Debug)]
struct Tie {
    /// Where each stripe ends, if what follows there is welcome.
    ends: Vec<(PvIndex, Pe)>,
    /// Whether nothing else is.
    contiguous: bool,
    /// The PVs that each stripe clings to.
    places: Places,
    /// Whether PVs that share a tag with those will do too.
    tags: bool,
    /// Whether stripes keep their positions.
    positional: bool,
}

struct Search<'a> {
    manner: &'a Manner,
    stripes: usize,
    pools: Vec<Pool>,
    layout: Layout,
    /// Where the stripes are in what has been found.
    found: Places,
    left: Extents,
}

/// Finds as much as LVM2's way finds, for a problem of one leg.
pub(super) fn search(problem: &Problem) -> Layout {
    let manner = &problem.manner;
    let mut search = Search {
        manner,
        stripes: problem.stripes,
        pools: problem.pvs.iter().map(Pool::new).collect(),
        layout: Layout::default(),
        found: vec![BTreeSet::new(); problem.stripes],
        left: manner.wanted,
    };
    // With a list of tags LVM2 lets `cling` look at them too.
    let limit = match manner.policy {
        AllocationPolicy::Cling if manner.has_tag_list => AllocationPolicy::ClingByTags,
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

impl Search<'_> {
    fn pass(&mut self, policy: AllocationPolicy) {
        match policy {
            AllocationPolicy::Contiguous => {
                let ends = self.ends();
                let contiguous = !ends.is_empty();
                self.find(&Tie { ends, contiguous, positional: contiguous, ..Tie::default() });
            }
            AllocationPolicy::Cling => self.cling(false),
            AllocationPolicy::ClingByTags => {
                if self.manner.has_tag_list {
                    self.cling(true);
                }
            }
            AllocationPolicy::Normal => self.normal(),
            AllocationPolicy::Anywhere => while self.anywhere() {},
            AllocationPolicy::Inherit => unreachable!("the policy has been resolved"),
        }
    }

    /// Takes rows on PVs that the stripes are on already, or with `tags` that share one with them.
    fn cling(&mut self, tags: bool) {
        // An extension clings to the first segment.
        let first = self.manner.first.iter().map(|pv| BTreeSet::from([*pv]));
        let before = Some(first.collect::<Places>()).filter(|places| !places.is_empty());
        let mut positional = true;
        while !self.left.is_zero() {
            let tie = match &before {
                Some(places) => {
                    let ends = if self.manner.maximise_cling { self.ends() } else { Vec::new() };
                    let places = places.clone();
                    Tie { ends, places, tags, positional, contiguous: false }
                }
                None if self.layout.pieces.is_empty() => Tie::default(),
                None => {
                    let places = self.found.clone();
                    Tie { places, tags, positional, ..Tie::default() }
                }
            };
            if self.find(&tie) {
                continue;
            }
            if !(positional && before.is_some() && self.manner.maximise_cling) {
                return;
            }
            positional = false;
        }
    }

    fn normal(&mut self) {
        let mut clings = !self.layout.pieces.is_empty();
        while !self.left.is_zero() {
            let clings_here = clings && self.manner.maximise_cling;
            let places = if clings_here { self.found.clone() } else { Vec::new() };
            if self.find(&Tie { places, ..Tie::default() }) {
                clings = true;
            } else if clings_here {
                clings = false;
            } else {
                return;
            }
        }
    }

    /// Takes a row, if there is one.
    fn find(&mut self, tie: &Tie) -> bool {
        self.pools.iter_mut().for_each(Pool::reset);
        let chosen = if tie.positional {
            self.choose_positions(tie)
        } else {
            let mut chosen: Vec<Choice> =
                (0..self.pools.len()).filter_map(|pool| self.choose_one(pool, tie)).collect();
            // A stable sort: of equal ones the first in order.
            chosen.sort_by_key(|choice| Reverse(choice.rows));
            chosen.truncate(self.stripes);
            (chosen.len() == self.stripes).then_some(chosen)
        };
        let Some(chosen) = chosen else {
            return false;
        };
        let rows = chosen.iter().map(|choice| choice.rows).fold(self.left, Extents::min);
        if self.is_whole() && rows < self.left {
            return false;
        }
        self.take(&chosen, rows);
        true
    }

    /// Returns true if one piece must do.
    fn is_whole(&self) -> bool {
        self.manner.policy == AllocationPolicy::Contiguous && !self.manner.approximate
    }

    /// Gives each stripe a run that it is tied to, of each PV one.
    fn choose_positions(&self, tie: &Tie) -> Option<Vec<Choice>> {
        let mut chosen: Vec<Option<Choice>> = vec![None; self.stripes];
        for (place, pool) in self.pools.iter().enumerate() {
            let mut next = 0;
            while let Some((at, run)) = pool.next(next) {
                let is_free = |stripe: &usize| chosen[*stripe].is_none();
                if let Some(stripe) = self.tied_stripe(tie, pool.pv, run, is_free) {
                    let rows = run.length;
                    chosen[stripe] = Some(Choice { pool: place, run: run.number, rows });
                    break;
                }
                if !tie.contiguous {
                    break;
                }
                next = at + 1;
            }
        }
        chosen.into_iter().collect()
    }

    /// Returns the first stripe that is tied to a run.
    fn tied_stripe(
        &self,
        tie: &Tie,
        pv: PvIndex,
        run: Run,
        wanted: impl Fn(&usize) -> bool,
    ) -> Option<usize> {
        let follows = |stripe: &usize| tie.ends.get(*stripe) == Some(&(pv, run.start));
        let mut stripes = (0..self.stripes).filter(&wanted);
        if let Some(stripe) = stripes.find(follows) {
            return Some(stripe);
        }
        let clings = |stripe: &usize| {
            let places = tie.places.get(*stripe);
            places.is_some_and(|places| self.clings(pv, places, tie.tags))
        };
        (0..self.stripes).filter(wanted).find(clings)
    }

    /// Chooses a run of a PV, as the walk along them ends: each that will do replaces the one
    /// before.
    fn choose_one(&mut self, place: usize, tie: &Tie) -> Option<Choice> {
        let is_tied = !(tie.ends.is_empty() && tie.places.is_empty());
        let mut chosen = None;
        let mut next = 0;
        while let Some((at, run)) = self.pools[place].next(next) {
            let suits = if is_tied {
                self.tied_stripe(tie, self.pools[place].pv, run, |_| true).is_some()
            } else {
                run.length >= self.left || (chosen.is_none() && !self.is_whole())
            };
            if !suits {
                break;
            }
            let (rows, behind) = self.pools[place].reserve(at, self.left);
            chosen = Some(Choice { pool: place, run: run.number, rows });
            next = behind;
        }
        chosen
    }

    fn clings(&self, pv: PvIndex, places: &BTreeSet<PvIndex>, tags: bool) -> bool {
        if places.contains(&pv) {
            return true;
        }
        let Some(own) = self.manner.tags.get(&pv).filter(|_| tags) else {
            return false;
        };
        let tags = |other: &PvIndex| self.manner.tags.get(other);
        places.iter().filter_map(tags).any(|others| !own.is_disjoint(others))
    }

    /// Takes a row in which a run may serve several stripes. The walk goes on to the end of the PV
    /// that completes the row, which turns about what it meets there.
    fn anywhere(&mut self) -> bool {
        if self.left.is_zero() {
            return false;
        }
        self.pools.iter_mut().for_each(Pool::reset);
        let stripes = self.stripes;
        let mut chosen: Vec<Choice> = Vec::new();
        let mut before = usize::MAX;
        while chosen.len() < stripes && chosen.len() != before {
            before = chosen.len();
            for (place, pool) in self.pools.iter_mut().enumerate() {
                let mut next = 0;
                while let Some((at, run)) = pool.next(next) {
                    let is_needed = chosen.len() < stripes;
                    let wanted = if is_needed { self.left } else { Extents::ZERO };
                    let (rows, behind) = pool.reserve(at, wanted);
                    if is_needed {
                        chosen.push(Choice { pool: place, run: run.number, rows });
                    }
                    next = behind;
                }
                if chosen.len() == stripes {
                    break;
                }
            }
        }
        if chosen.len() < stripes {
            return false;
        }
        chosen.sort_by_key(|choice| Reverse(choice.rows));
        let rows = chosen.iter().map(|choice| choice.rows).fold(self.left, Extents::min);
        self.take(&chosen, rows);
        true
    }

    fn take(&mut self, chosen: &[Choice], rows: Extents) {
        let mut areas = Vec::with_capacity(chosen.len());
        for (stripe, choice) in chosen.iter().enumerate() {
            let pool = &mut self.pools[choice.pool];
            self.found[stripe].insert(pool.pv);
            areas.push((pool.pv, pool.take(choice.run, rows)));
        }
        self.left -= rows;
        self.layout.push(rows, areas);
    }

    /// Returns where each stripe of the last segment ends; nothing for a new LV or other stripes.
    fn ends(&self) -> Vec<(PvIndex, Pe)> {
        self.manner.ends.clone()
    }
}
