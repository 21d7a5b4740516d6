//! Which PVs serve which leg: a question of weights.
//!
//! But for extensions in one piece every rule comes to this. There are *items*: the PVs, or with
//! [`Rule::WithinGroups`] the groups of PVs. Each has a *weight*: what it can give to a leg at
//! most. Each leg *needs* as much, and an item serves one leg only. With one leg there is room
//! exactly if the weights add up to the need:
//! - one piece: a PV counts one if it has a run of that length; a leg needs as many as stripes;
//! - within groups: a group counts the stripes that it holds, its sum divided by the rows;
//! - rows apart: a PV serves a row at most once, so of `r` rows at most `min(free, r)`; a leg needs
//!   `r × s`;
//! - anywhere: a PV counts what is free.
//!
//! With several legs it is bin covering: hard in general, easy for most volume groups. The search
//! branches over the legs that an item may serve, the heaviest first. Legs that miss the same are
//! alike, so that one of them will do. A branch ends where a bound shows that the weights do not
//! suffice: for any `b` the sum of `⌈weight / b⌉` has to reach that of `⌈missing / b⌉` ([`Node`]).
//! The branches of a search that fails are the proof of it.

use super::problem::{Problem, Rule, Usable};
use crate::units::Extents;
use core::cmp::Reverse;
use std_alloc::collections::BTreeSet;
use std_alloc::vec;
use std_alloc::vec::Vec;

/// A step of the proof that items do not cover the needs of legs, in the order in which the search
/// goes: behind a branch come its cases, one for each leg that still misses something, but of those
/// that miss the same only the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Node {
    /// The item of this number serves one of the legs: PVs are numbered as in the problem, a group
    /// by the first of its PVs.
    Branch(usize),
    /// What is left does not do. Each item that is left counts its weight, each leg what it misses,
    /// divided by this unit and rounded up; no item counts more than the neediest leg.
    Leaf(u128),
}

/// So many branches are searched, and no more.
pub const BRANCHES_MAX: u64 = 1 << 16;

/// Items, and what legs need of them.
pub(super) struct Cover {
    weights: Vec<u128>,
    /// Which leg an item serves already.
    fixed: Vec<Option<usize>>,
    legs: usize,
    need: u128,
}

/// What the search came to.
pub(super) enum Found {
    /// For each item the leg that it serves.
    Legs(Vec<Option<usize>>),
    /// There is nothing to find.
    Nothing(Vec<Node>),
    /// It was given up.
    Unknown,
}

impl Cover {
    /// Returns the question that a problem comes to with so many rows, at least one.
    ///
    /// # Panics
    /// If the problem is an extension in one piece.
    pub(super) fn new(problem: &Problem, rule: &Rule, rows: Extents) -> Self {
        assert!(!rows.is_zero(), "no rows need nothing");
        let capped = |usable: &Usable| u128::from(usable.free().min(rows).get());
        let stripes = problem.stripes as u128;
        let weight = |usable: &Usable| match rule {
            Rule::OnePiece { starts: None } => u128::from(usable.longest() >= rows),
            Rule::OnePiece { starts: Some(_) } => unreachable!("an extension in one piece"),
            Rule::WithinGroups | Rule::Apart => capped(usable),
            Rule::Anywhere => u128::from(usable.free().get()),
        };
        let mut weights: Vec<u128> = problem.pvs.iter().map(weight).collect();
        let of_rows = u128::from(rows.get());
        let need = match rule {
            Rule::OnePiece { .. } => stripes,
            Rule::WithinGroups => {
                let items = items(&problem.pvs);
                let mut sums = vec![0; weights.len()];
                for (item, weight) in items.into_iter().zip(&weights) {
                    sums[item] += weight;
                }
                weights = sums.into_iter().map(|sum: u128| sum / of_rows).collect();
                stripes
            }
            Rule::Apart | Rule::Anywhere => of_rows * stripes,
        };
        let fixed = problem.pvs.iter().map(|usable| usable.leg).collect();
        Self { weights, fixed, legs: problem.legs, need }
    }

    /// Returns the sum of all weights and of all needs: all that counts for a single leg.
    pub(super) fn sums(&self) -> (u128, u128) {
        (self.weights.iter().sum(), self.need * self.legs as u128)
    }

    /// Looks for legs for the items.
    pub(super) fn solve(&self) -> Found {
        let (weights, needs) = self.sums();
        if self.legs == 1 {
            return if weights >= needs {
                Found::Legs(vec![Some(0); self.weights.len()])
            } else {
                Found::Nothing(vec![Node::Leaf(1)])
            };
        }
        let mut missing = vec![self.need; self.legs];
        let mut left = Vec::new();
        for (item, (weight, fixed)) in self.weights.iter().zip(&self.fixed).enumerate() {
            match fixed {
                Some(leg) => missing[*leg] = missing[*leg].saturating_sub(*weight),
                None if *weight > 0 => left.push(item),
                None => {}
            }
        }
        left.sort_by_key(|item| Reverse(self.weights[*item]));
        let given = self.fixed.clone();
        let mut search = Search { weights: &self.weights, given, branches: 0 };
        match search.refute(&mut missing, &left) {
            Outcome::Covered => Found::Legs(search.given),
            Outcome::Refuted(nodes) => Found::Nothing(nodes),
            Outcome::GivenUp => Found::Unknown,
        }
    }
}

/// Returns for each PV the place of the first PV of its group.
pub(super) fn items(pvs: &[Usable]) -> Vec<usize> {
    let mut first = std_alloc::collections::BTreeMap::new();
    let item = |(place, usable): (usize, &Usable)| *first.entry(usable.group).or_insert(place);
    pvs.iter().enumerate().map(item).collect()
}

enum Outcome {
    Covered,
    Refuted(Vec<Node>),
    GivenUp,
}

struct Search<'a> {
    weights: &'a [u128],
    given: Vec<Option<usize>>,
    branches: u64,
}

impl Search<'_> {
    /// Shows that the items left, the heaviest first, do not cover what is missing, or covers it.
    fn refute(&mut self, missing: &mut [u128], left: &[usize]) -> Outcome {
        if missing.iter().all(|missing| *missing == 0) {
            return Outcome::Covered;
        }
        let weights: Vec<u128> = left.iter().map(|item| self.weights[*item]).collect();
        if let Some(unit) = refuting_unit(&weights, missing) {
            return Outcome::Refuted(vec![Node::Leaf(unit)]);
        }
        self.branches += 1;
        if self.branches > BRANCHES_MAX {
            return Outcome::GivenUp;
        }
        let (item, rest) = left.split_first().expect("without items a leaf is a proof");
        let weight = self.weights[*item];
        let mut cases: Vec<(usize, Vec<Node>)> = Vec::new();
        for leg in by_promise(missing, weight) {
            let before = missing[leg];
            missing[leg] = before.saturating_sub(weight);
            self.given[*item] = Some(leg);
            let outcome = self.refute(missing, rest);
            if matches!(outcome, Outcome::Covered) {
                return outcome;
            }
            self.given[*item] = None;
            missing[leg] = before;
            match outcome {
                Outcome::Refuted(nodes) => cases.push((leg, nodes)),
                other => return other,
            }
        }
        cases.sort_by_key(|(leg, _)| *leg);
        let cases = cases.into_iter().flat_map(|(_, nodes)| nodes);
        Outcome::Refuted([Node::Branch(*item)].into_iter().chain(cases).collect())
    }
}

/// Returns the legs that an item may serve, one of each kind: first those that it covers with the
/// least waste, then those that miss the most.
fn by_promise(missing: &[u128], weight: u128) -> Vec<usize> {
    let is_first = |leg: &usize| missing[*leg] > 0 && !missing[..*leg].contains(&missing[*leg]);
    let mut legs: Vec<usize> = (0..missing.len()).filter(is_first).collect();
    legs.sort_by_key(|leg| (missing[*leg] > weight, Reverse(missing[*leg])));
    legs
}

/// So many units are tried at each branch.
const UNITS_MAX: usize = 16;

/// Returns a unit in which the items that are left, the heaviest first, do not reach what is
/// missing.
fn refuting_unit(weights: &[u128], missing: &[u128]) -> Option<u128> {
    let most = missing.iter().copied().max().unwrap_or(0);
    let of_weights = weights.iter().copied().filter(|weight| *weight < most);
    let distinct: BTreeSet<u128> = of_weights.take(4 * UNITS_MAX).collect();
    let units = [1].into_iter().chain(distinct.into_iter().rev().take(UNITS_MAX));
    units.into_iter().find(|unit| {
        let cap = most.div_ceil(*unit);
        let weights = weights.iter().map(|weight| weight.div_ceil(*unit).min(cap));
        weights.sum::<u128>() < missing.iter().map(|missing| missing.div_ceil(*unit)).sum()
    })
}
