//! How much of an LV the stricter policies can place, at most.
//!
//! Rows are of four kinds, each wider than the one before: on PVs that the LV is on, on PVs of
//! their groups, on any different PVs, on any extents. What is left of each PV has to do for the
//! rows of all kinds. By the theorem of maximum flow and minimum cut it does if it does for each
//! choice of rows; those of a kind are alike, and what PVs can give to `n` of them grows ever more
//! slowly with `n`, so that it is enough to look at choices of whole kinds ([`Needs::are_met`]).
//!
//! With more rows of a stricter kind there is room for fewer in all. So the largest numbers are
//! found one after the other by halving.

use super::bounds::largest;
use super::order::Measure;
use super::problem::{Problem, Rule, Usable};
use crate::units::Extents;
use core::cmp::Reverse;
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// How many rows are of which kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Target {
    /// The places (in the problem) of the PVs of the first rows: of an extension those on which
    /// its stripes end, of a new LV those on which it begins. Nothing if there are no such rows.
    pub(super) anchors: Vec<usize>,
    /// How many rows follow the last segment, or are in the first piece.
    pub(super) contiguous: u64,
    /// How near each PV is to the LV.
    pub(super) kinds: Vec<Kind>,
    /// How many rows are of each kind besides.
    pub(super) rows: [u64; 4],
}

/// How near a PV is, and what rows may be on: `Any` is of rows only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Home,
    Tied,
    Apart,
    Any,
}

/// What rows of each kind need.
pub(super) struct Needs<'a> {
    pub(super) stripes: u64,
    pub(super) kinds: &'a [Kind],
    pub(super) rows: [u64; 4],
}

impl Needs<'_> {
    /// Returns true if PVs with so much free have room for the rows of all kinds.
    pub(super) fn are_met(&self, free: &[u64]) -> bool {
        let [home, tied, apart, any] = self.rows;
        let of_each = [home, tied, apart];
        let given = |chosen: &dyn Fn(usize) -> bool| {
            let rows = |from: usize| -> u64 {
                (from..3).filter(|kind| chosen(*kind)).map(|kind| of_each[kind]).sum()
            };
            let caps = [rows(0), rows(1), rows(2)];
            let cap = |kind: Kind| caps[(kind as usize).min(2)];
            let pvs = free.iter().zip(self.kinds);
            let sum: u128 = pvs.map(|(free, kind)| u128::from((*free).min(cap(*kind)))).sum();
            sum >= u128::from(caps[0]) * u128::from(self.stripes)
        };
        let total: u128 = free.iter().map(|free| u128::from(*free)).sum();
        let rows: u128 = self.rows.iter().map(|rows| u128::from(*rows)).sum();
        let choices = (1_u8..8)
            .filter(|choice| (0..3).all(|kind| choice & (1 << kind) == 0 || of_each[kind] > 0));
        (any == 0 || total >= rows * u128::from(self.stripes))
            && choices.into_iter().all(|choice| given(&|kind| choice & (1 << kind) != 0))
    }
}

impl Target {
    /// Whether a layout has as many rows of each kind.
    pub(super) fn is_reached_by(&self, measure: &Measure) -> bool {
        let [home, tied, apart, _] = self.rows;
        let Measure { contiguous, cling, tied: near, apart: different, .. } = *measure;
        let sums = [0, home, home + tied, home + tied + apart];
        let sums = sums.map(|rows| Extents::new(self.contiguous + rows));
        [contiguous, cling, near, different] == sums
    }
}

/// Returns the largest numbers of rows of the stricter kinds, the strictest first, for a problem
/// of one leg that has a solution and whose rule is [`Rule::Apart`] or [`Rule::Anywhere`].
pub(super) fn target(problem: &Problem) -> Target {
    let question = Question::new(problem);
    if !problem.manner.ends.is_empty() {
        let (anchors, contiguous) = question.go_on();
        return question.continued(anchors, contiguous);
    }
    let contiguous = question.longest_piece();
    if contiguous == 0 {
        return question.continued(Vec::new(), 0);
    }
    let of_all = question.begin(contiguous, &question.with_run(contiguous));
    let choices = if question.has_ties() { question.choices(contiguous) } else { Vec::new() };
    let targets = [of_all].into_iter().chain(choices);
    let targets = targets.map(|anchors| question.continued(anchors, contiguous));
    // Of equal ones the first.
    let better = |one: Target, other: Target| if other.rows > one.rows { other } else { one };
    targets.reduce(better).expect("there is one")
}

/// So many choices of the PVs on which a new LV begins are compared where some are tied by tags.
const CHOICES_MAX: usize = 1024;

struct Question<'a> {
    problem: &'a Problem,
    stripes: u64,
    rows: u64,
    free: Vec<u64>,
    /// The kind of rows that the rule asks for.
    rest: Kind,
}

impl<'a> Question<'a> {
    fn new(problem: &'a Problem) -> Self {
        let rest = if problem.rule == Rule::Anywhere { Kind::Any } else { Kind::Apart };
        let free = problem.pvs.iter().map(|usable| usable.free().get()).collect();
        let stripes = problem.stripes as u64;
        Self { problem, stripes, rows: problem.rows.get(), free, rest }
    }

    /// Returns true if `rows` rows on these PVs leave room for the rest.
    fn leaves_room(&self, places: &[usize], rows: u64) -> bool {
        let mut free = self.free.clone();
        for place in places {
            match free[*place].checked_sub(rows) {
                Some(left) => free[*place] = left,
                None => return false,
            }
        }
        let mut of_kinds = [0; 4];
        of_kinds[self.rest as usize] = self.rows - rows;
        let kinds = std_alloc::vec![Kind::Apart; free.len()];
        Needs { stripes: self.stripes, kinds: &kinds, rows: of_kinds }.are_met(&free)
    }

    /// Returns the PVs on which the stripes end, and how many rows can follow there.
    fn go_on(&self) -> (Vec<usize>, u64) {
        let ends = &self.problem.manner.ends;
        let place = |(pv, _): &(_, _)| self.problem.pvs.iter().position(|usable| usable.pv == *pv);
        let places: Vec<usize> = ends.iter().map_while(place).collect();
        let distinct: BTreeSet<usize> = places.iter().copied().collect();
        if distinct.len() < ends.len() {
            return (Vec::new(), 0);
        }
        let behind =
            |(place, (_, start)): (&usize, &(_, _))| self.problem.pvs[*place].from(*start).get();
        let limit = places.iter().zip(ends).map(behind).min().unwrap_or(0).min(self.rows);
        let rows = largest(limit, |rows| self.leaves_room(&places, rows));
        if rows == 0 { (Vec::new(), 0) } else { (places, rows) }
    }

    /// Returns how long the first piece of a new LV can be.
    fn longest_piece(&self) -> u64 {
        let pvs = self.problem.pvs.iter();
        let mut longest: Vec<u64> = pvs.map(|usable| usable.longest().get()).collect();
        longest.sort_unstable_by_key(|length| Reverse(*length));
        let Some(limit) = longest.get(self.problem.stripes - 1) else {
            return 0;
        };
        let leaves = |rows: u64| self.leaves_room(&self.begin(rows, &self.with_run(rows)), rows);
        largest((*limit).min(self.rows), leaves)
    }

    /// Returns the places of the PVs with a run of that length.
    fn with_run(&self, rows: u64) -> Vec<usize> {
        let pvs = &self.problem.pvs;
        (0..pvs.len()).filter(|place| pvs[*place].longest().get() >= rows).collect()
    }

    /// Returns the PVs on which a new LV begins: those with the most extents leave the most room.
    fn begin(&self, rows: u64, places: &[usize]) -> Vec<usize> {
        let mut places = if rows == 0 { Vec::new() } else { places.to_vec() };
        places.sort_by_key(|place| Reverse(self.free[*place].min(self.rows)));
        places.truncate(self.problem.stripes);
        places
    }

    fn has_ties(&self) -> bool {
        let pvs = &self.problem.pvs;
        let groups: BTreeSet<usize> = pvs.iter().map(|usable| usable.group).collect();
        groups.len() < pvs.len()
    }

    /// Returns all choices of PVs on which a new LV may begin, if they are not too many.
    fn choices(&self, rows: u64) -> Vec<Vec<usize>> {
        let mut choices = Vec::from([Vec::new()]);
        for _ in 0..self.problem.stripes {
            let places = self.with_run(rows);
            let longer = |choice: &Vec<usize>| {
                let later = places.iter().filter(|place| choice.last() < Some(place));
                let with = |place: &usize| choice.iter().copied().chain([*place]).collect();
                later.map(with).collect::<Vec<Vec<usize>>>()
            };
            choices = choices.iter().flat_map(longer).take(CHOICES_MAX + 1).collect();
        }
        choices.retain(|choice| self.leaves_room(choice, rows));
        if choices.len() > CHOICES_MAX { Vec::new() } else { choices }
    }

    /// Returns how many rows of each kind there can be behind rows on these PVs.
    fn continued(&self, anchors: Vec<usize>, contiguous: u64) -> Target {
        let kinds = self.kinds(&anchors);
        let mut free = self.free.clone();
        for place in &anchors {
            free[*place] -= contiguous;
        }
        let mut rows = [0; 4];
        let mut left = self.rows - contiguous;
        for kind in [Kind::Home, Kind::Tied, Kind::Apart] {
            let tried = |count: u64| {
                let mut rows = rows;
                rows[kind as usize] = count;
                rows[self.rest as usize] += left - count;
                Needs { stripes: self.stripes, kinds: &kinds, rows }.are_met(&free)
            };
            let count = if kind == self.rest { left } else { largest(left, tried) };
            rows[kind as usize] = count;
            left -= count;
        }
        rows[Kind::Any as usize] = left;
        Target { anchors, contiguous, kinds, rows }
    }

    /// Returns how near each PV is, for an LV that begins there if it is new.
    fn kinds(&self, anchors: &[usize]) -> Vec<Kind> {
        let pvs = &self.problem.pvs;
        let is_new = self.problem.manner.ends.is_empty();
        let mut home: BTreeSet<usize> = if is_new {
            anchors.iter().copied().collect()
        } else {
            (0..pvs.len()).filter(|place| pvs[*place].home).collect()
        };
        let near: BTreeSet<usize> = home.iter().map(|place| pvs[*place].group).collect();
        let kind = |(place, usable): (usize, &Usable)| {
            if home.remove(&place) {
                Kind::Home
            } else if near.contains(&usable.group) {
                Kind::Tied
            } else {
                Kind::Apart
            }
        };
        pvs.iter().enumerate().map(kind).collect()
    }
}
