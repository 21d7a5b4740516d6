//! A request as a puzzle: which extents may be used, and what a layout of them has to keep to.
//!
//! All that decides whether a layout is allowed is in a [`Problem`]. The specification, the solver,
//! the certificates and the checker speak of nothing else, so that they can be compared on every
//! small one; what a VG, the names on a command line and a policy have to do with it is settled
//! here.
//!
//! A policy comes to one of four rules. *Contiguous*: [`Rule::OnePiece`]. *Cling*, with a list of
//! tags or without: a new LV keeps [`Rule::WithinGroups`]; of an extension all but the PVs that the
//! LV is on or tied to are left out, and it is [`Rule::Apart`]. *Normal*: [`Rule::Apart`].
//! *Anywhere*: [`Rule::Anywhere`].

use super::space::free_runs;
use super::{Candidate, Request, ends_of};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::model::vg::Vg;
use crate::name::Tag;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use std_alloc::collections::BTreeMap;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is to be placed, and where it may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The PVs that may be used, each once.
    pub pvs: Vec<Usable>,
    /// How many rows there are.
    pub rows: Extents,
    /// How many extents each row has, at least one.
    pub stripes: usize,
    /// What else has to hold.
    pub rule: Rule,
}

/// A PV that may be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Usable {
    /// The PV.
    pub pv: PvIndex,
    /// Its free extents that may be used: runs in ascending order that do not touch.
    pub runs: Vec<PeRange>,
    /// PVs of one number are tied to each other by tags.
    pub group: usize,
}

/// What the extents of an LV have to do with each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Each stripe is one run, and the stripes are on different PVs.
    OnePiece {
        /// Where each stripe must begin; anywhere for a new LV.
        starts: Option<Vec<(PvIndex, Pe)>>,
    },
    /// The extents of one row are on different PVs, and all of a stripe on PVs of one group.
    WithinGroups,
    /// The extents of one row are on different PVs.
    Apart,
    /// Nothing.
    Anywhere,
}

impl Usable {
    /// Returns how many extents may be used.
    pub fn free(&self) -> Extents {
        self.runs.iter().map(|run| run.extents).sum()
    }

    /// Returns the length of its longest run.
    pub fn longest(&self) -> Extents {
        self.runs.iter().map(|run| run.extents).max().unwrap_or(Extents::ZERO)
    }

    /// Returns how many extents from `start` on may be used without a gap.
    pub fn from(&self, start: Pe) -> Extents {
        let place = self.runs.partition_point(|run| run.end() <= start);
        let run = self.runs.get(place).filter(|run| run.start <= start);
        run.map_or(Extents::ZERO, |run| run.end().since(start))
    }
}

impl Problem {
    /// Makes a problem of a request.
    pub fn new(vg: &Vg, request: &Request) -> Self {
        let ties = Ties::new(vg, request);
        let tied = tied_segments(request);
        let clings =
            matches!(request.policy, AllocationPolicy::Cling | AllocationPolicy::ClingByTags);
        let home: Option<Vec<usize>> = (clings && !tied.is_empty()).then(|| {
            let pvs = tied.iter().flat_map(|segment| pvs_of(segment));
            pvs.map(|pv| ties.group(pv)).collect()
        });
        let usable = |candidate: &Candidate| Usable {
            pv: candidate.pv,
            runs: joined(free_runs(vg, candidate.pv, &candidate.ranges)),
            group: ties.group(candidate.pv),
        };
        let pvs = request.candidates.iter().map(usable);
        let stays = |usable: &Usable| home.as_ref().is_none_or(|home| home.contains(&usable.group));
        let rule = match request.policy {
            AllocationPolicy::Contiguous => {
                let last = tied.last();
                let starts = last.and_then(|last| ends_of(last, request.stripes));
                Rule::OnePiece { starts }
            }
            AllocationPolicy::Cling | AllocationPolicy::ClingByTags if home.is_none() => {
                Rule::WithinGroups
            }
            AllocationPolicy::Anywhere => Rule::Anywhere,
            _ => Rule::Apart,
        };
        let pvs = pvs.filter(stays).collect();
        Self { pvs, rows: request.rows, stripes: request.stripes, rule }
    }

    /// Returns a PV that may be used.
    pub fn usable(&self, pv: PvIndex) -> Option<&Usable> {
        self.pvs.iter().find(|usable| usable.pv == pv)
    }

    /// Returns how many extents all rows have together.
    pub fn extents(&self) -> u128 {
        u128::from(self.rows.get()) * self.stripes as u128
    }

    /// Returns how many extents may be used.
    pub fn free(&self) -> Extents {
        self.pvs.iter().map(Usable::free).sum()
    }
}

/// The segments that an extension is tied to: those with as many stripes, if the last has.
pub(super) fn tied_segments<'a>(request: &Request<'a>) -> Vec<&'a Segment> {
    let tied = |segment: &&Segment| segment.areas().len() == request.stripes;
    match request.before.last().filter(tied) {
        Some(_) => request.before.iter().filter(tied).collect(),
        None => Vec::new(),
    }
}

fn pvs_of(segment: &Segment) -> impl Iterator<Item = PvIndex> {
    segment.areas().iter().filter_map(|area| match area {
        Area::Pv { pv, .. } => Some(*pv),
        Area::Lv { .. } => None,
    })
}

/// Puts runs in order, and those together that touch.
fn joined(mut runs: Vec<PeRange>) -> Vec<PeRange> {
    runs.sort_unstable_by_key(|run| run.start);
    let mut out: Vec<PeRange> = Vec::with_capacity(runs.len());
    for run in runs {
        match out.last_mut().filter(|last| last.end() == run.start) {
            Some(last) => last.extents += run.extents,
            None => out.push(run),
        }
    }
    out
}

/// Which PVs are tied to each other: by a chain of PVs of which each shares a listed tag with the
/// next.
struct Ties {
    groups: BTreeMap<PvIndex, usize>,
}

impl Ties {
    fn new(vg: &Vg, request: &Request) -> Self {
        let candidates = request.candidates.iter().map(|candidate| candidate.pv);
        let before = request.before.iter().flat_map(pvs_of);
        let mut groups: BTreeMap<PvIndex, usize> =
            candidates.chain(before).map(|pv| (pv, pv.get())).collect();
        // The first PV with a tag; all later ones are tied to it.
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        let pvs: Vec<PvIndex> = groups.keys().copied().collect();
        for pv in pvs {
            for tag in vg.pv(pv).tags.iter().map(Tag::as_str) {
                if !is_listed(request.cling_tags, tag) {
                    continue;
                }
                let (own, other) = (groups[&pv], *first.entry(tag).or_insert(groups[&pv]));
                let (from, to) = (own.max(other), own.min(other));
                let all = groups.values_mut().chain(first.values_mut());
                all.filter(|group| **group == from).for_each(|group| *group = to);
            }
        }
        Self { groups }
    }

    fn group(&self, pv: PvIndex) -> usize {
        self.groups[&pv]
    }
}

/// Whether `allocation/cling_tag_list` names a tag; `@*` names all.
pub(super) fn is_listed(list: &[String], tag: &str) -> bool {
    let mut names = list.iter().map(|entry| entry.strip_prefix('@').unwrap_or(entry));
    names.any(|name| name == "*" || name == tag)
}
