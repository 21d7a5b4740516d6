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
//!
//! Stripes and legs are parallel for different reasons. The stripes of a row lie on different PVs
//! to be read at once; in another row they may change places. Legs (of a mirror, the images of a
//! RAID) hold the same data, so no PV may serve two of them anywhere in the LV: its loss would take
//! both. The metadata of an image are the first rows of its leg.

use super::space::free_runs;
use super::{Candidate, Request, ends_of};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::model::vg::Vg;
use crate::name::Tag;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is to be placed, and where it may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The PVs that may be used, each once.
    pub pvs: Vec<Usable>,
    /// How many legs there are, at least one.
    pub legs: usize,
    /// How many stripes each leg has, at least one.
    pub stripes: usize,
    /// How many rows there are: each has an extent of each stripe of each leg.
    pub rows: Extents,
    /// What else has to hold.
    pub rule: Rule,
    /// Which solutions are preferred.
    pub manner: Manner,
}

/// A PV that may be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Usable {
    /// The PV.
    pub pv: PvIndex,
    /// Its free extents that may be used: runs in ascending order that do not touch.
    runs: Vec<PeRange>,
    /// The runs in the order in which the ranges were given, if that is another.
    pub(super) as_given: Option<Vec<PeRange>>,
    /// PVs of one number are tied to each other by tags.
    pub group: usize,
    /// The leg that it serves already: no other may use it. Not with [`Rule::WithinGroups`].
    pub leg: Option<usize>,
    /// Whether the LV is on it already.
    pub home: bool,
    free: Extents,
    longest: Extents,
}

/// What the extents of an LV have to do with each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Each stripe is one run, and the stripes are on different PVs.
    OnePiece {
        /// Where each stripe must begin, leg by leg; anywhere for a new LV.
        starts: Option<Vec<(PvIndex, Pe)>>,
    },
    /// The extents of one row are on different PVs, and all of a stripe on PVs of one group, which
    /// serves one leg only.
    WithinGroups,
    /// The extents of one row are on different PVs.
    Apart,
    /// Nothing.
    Anywhere,
}

/// What decides between solutions, and how LVM2 would go about it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Manner {
    /// Where the stripes of the last segment end; nothing for a new LV or other stripes.
    pub ends: Vec<(PvIndex, Pe)>,
    /// The PVs of the first segment with as many stripes, to which LVM2 lets each stripe cling.
    pub first: Vec<PvIndex>,
    /// The policy up to which LVM2 goes.
    pub policy: AllocationPolicy,
    /// For how many rows LVM2 looks.
    pub wanted: Extents,
    /// Whether it does with fewer.
    pub approximate: bool,
    /// `allocation/maximise_cling`.
    pub maximise_cling: bool,
    /// The tags of PVs that `allocation/cling_tag_list` lists, as numbers.
    pub tags: BTreeMap<PvIndex, BTreeSet<usize>>,
    /// Whether there is such a list.
    pub has_tag_list: bool,
}

impl Usable {
    /// A PV that is tied to no other and serves any leg, with its free extents: runs in any order.
    pub fn new(pv: PvIndex, runs: Vec<PeRange>) -> Self {
        let (runs, as_given) = if runs.is_sorted_by(|one, other| one.end() < other.start) {
            (runs, None)
        } else {
            (joined(runs.clone()), Some(runs))
        };
        let free = runs.iter().map(|run| run.extents).sum();
        let longest = runs.iter().map(|run| run.extents).max().unwrap_or(Extents::ZERO);
        Self { pv, runs, as_given, group: pv.get(), leg: None, home: false, free, longest }
    }

    /// Returns its free extents that may be used: runs in ascending order that do not touch.
    pub fn runs(&self) -> &[PeRange] {
        &self.runs
    }

    /// Returns how many extents may be used.
    pub fn free(&self) -> Extents {
        self.free
    }

    /// Returns the length of its longest run.
    pub fn longest(&self) -> Extents {
        self.longest
    }

    /// Returns how many extents from `start` on may be used without a gap.
    pub fn from(&self, start: Pe) -> Extents {
        let place = self.runs.partition_point(|run| run.end() <= start);
        let run = self.runs.get(place).filter(|run| run.start <= start);
        run.map_or(Extents::ZERO, |run| run.end().since(start))
    }
}

impl Problem {
    /// A problem of a new LV.
    pub fn plain(pvs: Vec<Usable>, legs: usize, stripes: usize, rows: Extents, rule: Rule) -> Self {
        let policy = match rule {
            Rule::OnePiece { .. } => AllocationPolicy::Contiguous,
            Rule::WithinGroups => AllocationPolicy::Cling,
            Rule::Apart => AllocationPolicy::Normal,
            Rule::Anywhere => AllocationPolicy::Anywhere,
        };
        let ends = match &rule {
            Rule::OnePiece { starts: Some(starts) } => starts.clone(),
            _ => Vec::new(),
        };
        let manner =
            Manner { ends, policy, wanted: rows, maximise_cling: true, ..Manner::default() };
        Self { pvs, legs, stripes, rows, rule, manner }
    }

    /// Makes a problem of a request.
    pub fn new(vg: &Vg, request: &Request) -> Self {
        let columns = request.legs * request.stripes;
        let tied = tied_segments(request);
        let ties = Ties::new(vg, request);
        let clings =
            matches!(request.policy, AllocationPolicy::Cling | AllocationPolicy::ClingByTags);
        let homes = Homes::new(&tied, request.stripes, &ties);
        let usable = |candidate: &Candidate| {
            let pv = candidate.pv;
            let mut usable = Usable::new(pv, free_runs(vg, pv, &candidate.ranges));
            usable.group = ties.group(pv);
            usable.home = homes.pvs.contains_key(&pv);
            usable.leg = homes.leg(pv, usable.group, clings, request.legs)?;
            Some(usable)
        };
        let stays = |usable: &Usable| !clings || homes.is_near(usable.group);
        let pvs = request.candidates.iter().filter_map(usable).filter(stays).collect();
        let ends = tied.last().and_then(|last| ends_of(last, columns)).unwrap_or_default();
        let rule = match request.policy {
            AllocationPolicy::Contiguous => {
                Rule::OnePiece { starts: Some(ends.clone()).filter(|ends| !ends.is_empty()) }
            }
            AllocationPolicy::Cling | AllocationPolicy::ClingByTags if tied.is_empty() => {
                Rule::WithinGroups
            }
            AllocationPolicy::Anywhere => Rule::Anywhere,
            _ => Rule::Apart,
        };
        let manner = Manner {
            ends,
            first: tied.first().map(|first| pvs_of(first).collect()).unwrap_or_default(),
            policy: request.policy,
            wanted: request.rows,
            approximate: request.approximate,
            maximise_cling: request.maximise_cling,
            tags: ties.tags,
            has_tag_list: !request.cling_tags.is_empty(),
        };
        let Request { legs, stripes, rows, .. } = *request;
        Self { pvs, legs, stripes, rows, rule, manner }
    }

    /// Returns a PV that may be used.
    pub fn usable(&self, pv: PvIndex) -> Option<&Usable> {
        self.pvs.iter().find(|usable| usable.pv == pv)
    }

    /// Returns how many extents a row has.
    pub fn columns(&self) -> usize {
        self.legs * self.stripes
    }

    /// Returns how many extents all rows have together.
    pub fn extents(&self) -> u128 {
        u128::from(self.rows.get()) * self.columns() as u128
    }

    /// Returns how many extents may be used.
    pub fn free(&self) -> Extents {
        self.pvs.iter().map(Usable::free).sum()
    }
}

/// The segments that an extension is tied to: those with as many stripes, if the last has.
pub(super) fn tied_segments<'a>(request: &Request<'a>) -> Vec<&'a Segment> {
    let columns = request.legs * request.stripes;
    let tied = |segment: &&Segment| pvs_of(segment).count() == columns;
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
        match out.last_mut().filter(|last| last.end() >= run.start) {
            Some(last) => last.extents = last.end().max(run.end()).since(last.start),
            None => out.push(run),
        }
    }
    out
}

/// Where an LV is that is extended: of each PV and of each group the legs that it serves.
struct Homes {
    pvs: BTreeMap<PvIndex, BTreeSet<usize>>,
    groups: BTreeMap<usize, BTreeSet<usize>>,
}

impl Homes {
    fn new(tied: &[&Segment], stripes: usize, ties: &Ties) -> Self {
        let mut homes = Self { pvs: BTreeMap::new(), groups: BTreeMap::new() };
        for (column, pv) in tied.iter().flat_map(|segment| pvs_of(segment).enumerate()) {
            homes.pvs.entry(pv).or_default().insert(column / stripes);
            homes.groups.entry(ties.group(pv)).or_default().insert(column / stripes);
        }
        homes
    }

    /// Whether the LV is new, or on a PV of that group.
    fn is_near(&self, group: usize) -> bool {
        self.groups.is_empty() || self.groups.contains_key(&group)
    }

    /// Returns the leg that alone may use a PV, if it is not any; nothing if no leg may.
    #[expect(clippy::option_option, reason = "no leg may, any may, or this one")]
    fn leg(&self, pv: PvIndex, group: usize, clings: bool, legs: usize) -> Option<Option<usize>> {
        let of_group = if clings { self.groups.get(&group) } else { None };
        let Some(served) = self.pvs.get(&pv).or(of_group).filter(|_| legs > 1) else {
            return Some(None);
        };
        (served.len() == 1).then(|| served.first().copied())
    }
}

/// Which PVs are tied to each other: by a chain of PVs of which each shares a listed tag with the
/// next.
struct Ties {
    groups: BTreeMap<PvIndex, usize>,
    tags: BTreeMap<PvIndex, BTreeSet<usize>>,
}

impl Ties {
    fn new(vg: &Vg, request: &Request) -> Self {
        let candidates = request.candidates.iter().map(|candidate| candidate.pv);
        let before = request.before.iter().flat_map(pvs_of);
        let mut groups: BTreeMap<PvIndex, usize> =
            candidates.chain(before).map(|pv| (pv, pv.get())).collect();
        // The first PV with a tag; all later ones are tied to it.
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut tags: BTreeMap<PvIndex, BTreeSet<usize>> = BTreeMap::new();
        let pvs: Vec<PvIndex> = groups.keys().copied().collect();
        for pv in pvs {
            for tag in vg.pv(pv).tags.iter().map(Tag::as_str) {
                if !is_listed(request.cling_tags, tag) {
                    continue;
                }
                let count = numbers.len();
                tags.entry(pv).or_default().insert(*numbers.entry(tag).or_insert(count));
                let (own, other) = (groups[&pv], *first.entry(tag).or_insert(groups[&pv]));
                let (from, to) = (own.max(other), own.min(other));
                let all = groups.values_mut().chain(first.values_mut());
                all.filter(|group| **group == from).for_each(|group| *group = to);
            }
        }
        Self { groups, tags }
    }

    fn group(&self, pv: PvIndex) -> usize {
        self.groups[&pv]
    }
}

/// Whether `allocation/cling_tag_list` names a tag; `@*` names all.
fn is_listed(list: &[String], tag: &str) -> bool {
    let mut names = list.iter().map(|entry| entry.strip_prefix('@').unwrap_or(entry));
    names.any(|name| name == "*" || name == tag)
}
