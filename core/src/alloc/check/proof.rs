//! Whether a certificate proves that a problem has no solution.
//!
//! What items weigh is computed here once more, from the runs of the PVs.

use super::Wrong;
use crate::alloc::cover::Node;
use crate::alloc::problem::{Problem, Rule, Usable};
use crate::alloc::refusal::Certificate;
use crate::model::pv::PvIndex;
use crate::units::Pe;
use std_alloc::vec;
use std_alloc::vec::Vec;

/// Checks that a certificate proves a problem to have no solution.
///
/// # Errors
/// What is wrong with it.
pub fn certificate(problem: &Problem, certificate: &Certificate) -> Result<(), Wrong> {
    if problem.rows.is_zero() {
        return Err(Wrong::NoProof);
    }
    match (&problem.rule, certificate) {
        (Rule::OnePiece { starts: Some(starts) }, Certificate::NothingBehind { column, free }) => {
            let (pv, start) = starts.get(*column).ok_or(Wrong::Claim)?;
            let next = start.get().checked_add(free.get()).ok_or(Wrong::Claim)?;
            // The extent behind what is free is not; then no run of all rows begins there.
            let mut runs = problem.usable(*pv).map_or(&[][..], Usable::runs).iter();
            if runs.any(|run| run.start.get() <= next && next < run.end().get()) {
                return Err(Wrong::Claim);
            }
            if *free < problem.rows { Ok(()) } else { Err(Wrong::NoProof) }
        }
        (Rule::OnePiece { starts: Some(starts) }, Certificate::SharedEnd { column, other }) => {
            let pv = |column: usize| starts.get(column).map(|start| start.0).ok_or(Wrong::Claim);
            let same = column != other && pv(*column)? == pv(*other)?;
            if same { Ok(()) } else { Err(Wrong::Claim) }
        }
        (Rule::OnePiece { starts: Some(starts) }, Certificate::WrongLeg { column }) => {
            let (pv, _): &(PvIndex, Pe) = starts.get(*column).ok_or(Wrong::Claim)?;
            let own = problem.usable(*pv).and_then(|usable| usable.leg);
            let leg = column / problem.stripes;
            if own.is_some_and(|own| own != leg) { Ok(()) } else { Err(Wrong::Claim) }
        }
        (Rule::OnePiece { starts: Some(_) }, Certificate::Cover(_)) => Err(Wrong::Rule),
        (_, Certificate::Cover(nodes)) => cover(problem, nodes),
        _ => Err(Wrong::Rule),
    }
}

/// Items that are left, and what legs miss.
struct State {
    weights: Vec<u128>,
    used: Vec<bool>,
    missing: Vec<u128>,
}

fn cover(problem: &Problem, nodes: &[Node]) -> Result<(), Wrong> {
    let rows = u128::from(problem.rows.get());
    let stripes = problem.stripes as u128;
    let need = match problem.rule {
        Rule::OnePiece { .. } | Rule::WithinGroups => stripes,
        Rule::Apart | Rule::Anywhere => rows.checked_mul(stripes).ok_or(Wrong::Claim)?,
    };
    let weights = weights(problem, rows);
    let mut state =
        State { used: vec![false; weights.len()], weights, missing: vec![need; problem.legs] };
    for (item, usable) in problem.pvs.iter().enumerate() {
        if let Some(leg) = usable.leg {
            // A group serves a leg as a whole: what one PV of it has to serve is not told here.
            let missing = state.missing.get_mut(leg).ok_or(Wrong::Claim)?;
            if problem.rule == Rule::WithinGroups {
                return Err(Wrong::Rule);
            }
            *missing = missing.saturating_sub(state.weights[item]);
            state.used[item] = true;
        }
    }
    match state.walk(nodes)? {
        [] => Ok(()),
        _ => Err(Wrong::Claim),
    }
}

/// Returns what each item can give to a leg at most.
fn weights(problem: &Problem, rows: u128) -> Vec<u128> {
    let free = |usable: &Usable| lengths(usable).sum::<u128>();
    let pvs = &problem.pvs;
    match problem.rule {
        Rule::OnePiece { .. } => {
            let has_run = |usable: &Usable| lengths(usable).any(|length| length >= rows);
            pvs.iter().map(|usable| u128::from(has_run(usable))).collect()
        }
        Rule::WithinGroups => {
            let mut sums = vec![0; pvs.len()];
            for usable in pvs {
                let first = pvs.iter().position(|other| other.group == usable.group);
                let first = first.expect("a PV is in its own group");
                sums[first] += free(usable).min(rows);
            }
            sums.into_iter().map(|sum| sum / rows).collect()
        }
        Rule::Apart => pvs.iter().map(|usable| free(usable).min(rows)).collect(),
        Rule::Anywhere => pvs.iter().map(free).collect(),
    }
}

fn lengths(usable: &Usable) -> impl Iterator<Item = u128> {
    usable.runs().iter().map(|run| u128::from(run.extents.get()))
}

impl State {
    /// Walks a proof; returns what follows it.
    fn walk<'a>(&mut self, nodes: &'a [Node]) -> Result<&'a [Node], Wrong> {
        let (node, mut rest) = nodes.split_first().ok_or(Wrong::NoProof)?;
        let item = match node {
            Node::Leaf(unit) => {
                return if self.is_out(*unit) { Ok(rest) } else { Err(Wrong::NoProof) };
            }
            Node::Branch(item) => *item,
        };
        if self.used.get(item) != Some(&false) {
            return Err(Wrong::Claim);
        }
        if self.missing.iter().all(|missing| *missing == 0) {
            // The legs are covered: no case follows, and there is nothing to refute.
            return Err(Wrong::NoProof);
        }
        self.used[item] = true;
        for leg in 0..self.missing.len() {
            let missing = self.missing[leg];
            if missing == 0 || self.missing[..leg].contains(&missing) {
                continue;
            }
            self.missing[leg] = missing.saturating_sub(self.weights[item]);
            rest = self.walk(rest)?;
            self.missing[leg] = missing;
        }
        self.used[item] = false;
        Ok(rest)
    }

    /// Whether items that are left do not reach what is missing, in this unit.
    fn is_out(&self, unit: u128) -> bool {
        if unit == 0 {
            return false;
        }
        let missing = self.missing.iter().map(|missing| missing.div_ceil(unit));
        let cap = missing.clone().max().unwrap_or(0);
        let left = self.weights.iter().zip(&self.used).filter(|(_, used)| !**used);
        let left = left.map(|(weight, _)| weight.div_ceil(unit).min(cap));
        left.sum::<u128>() < missing.sum()
    }
}
