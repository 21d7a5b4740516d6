//! Why there is no layout, in numbers that can be checked, and what would help.

use super::bounds::{capped, holds, sums};
use super::problem::{Problem, Rule, Usable, tied_segments};
use super::{Refusal, Request};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::units::Extents;
use std_alloc::vec::Vec;

/// Why a problem has no solution: a bound that it violates. The numbers are what the PVs have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Certificate {
    /// Each stripe needs a run as long as there are rows, on a PV of its own, and only these PVs
    /// have one.
    ShortRuns {
        /// The PVs with such a run: fewer than stripes.
        long: Vec<PvIndex>,
    },
    /// The LV cannot go on where a stripe of it ends.
    NothingBehind {
        /// The stripe, from 0.
        stripe: usize,
        /// How many extents are free behind it.
        free: Extents,
    },
    /// Two stripes end on one PV, and would go on there.
    SharedEnd {
        /// The stripe, from 0.
        stripe: usize,
        /// An earlier one that ends on the same PV.
        other: usize,
    },
    /// Each stripe keeps to the PVs of one group, and these are how many extents each group can
    /// give to all rows; one as many as there are rows holds a stripe.
    Groups(Vec<(usize, u128)>),
    /// A PV serves a row at most once, and this is what each can give to all rows.
    Rows(Vec<(PvIndex, Extents)>),
    /// This is how many extents there are.
    Total(Extents),
}

/// What would make room, each on its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Remedy {
    /// So many rows do fit.
    Rows(Extents),
    /// At least as many extents in fewer stripes.
    Stripes(usize),
    /// Another policy.
    Policy(AllocationPolicy),
    /// This many more PVs, with this many free extents each.
    Pvs {
        /// How many PVs.
        count: usize,
        /// How many extents on each.
        extents: Extents,
    },
}

/// Returns why a problem has no solution; nothing if it has one.
pub(super) fn refute(problem: &Problem) -> Option<Certificate> {
    if holds(problem, problem.rows) {
        return None;
    }
    let rows = problem.rows;
    Some(match &problem.rule {
        Rule::OnePiece { starts: None } => {
            let long = problem.pvs.iter().filter(|usable| usable.longest() >= rows);
            Certificate::ShortRuns { long: long.map(|usable| usable.pv).collect() }
        }
        Rule::OnePiece { starts: Some(starts) } => {
            let ends = starts.iter().enumerate();
            let short = ends.clone().find_map(|(stripe, (pv, start))| {
                let free = problem.usable(*pv).map_or(Extents::ZERO, |usable| usable.from(*start));
                (free < rows).then_some(Certificate::NothingBehind { stripe, free })
            });
            let shared = ends.clone().find_map(|(stripe, (pv, _))| {
                let other = starts[..stripe].iter().position(|(other, _)| other == pv)?;
                Some(Certificate::SharedEnd { stripe, other })
            });
            short.or(shared).expect("one of both is why the bound does not hold")
        }
        Rule::WithinGroups => Certificate::Groups(sums(problem, rows).into_iter().collect()),
        Rule::Apart => {
            let give = |usable: &Usable| (usable.pv, usable.free().min(rows));
            Certificate::Rows(problem.pvs.iter().map(give).collect())
        }
        Rule::Anywhere => Certificate::Total(problem.free()),
    })
}

/// Returns what would make room for a request that was refused, each proved to be enough.
pub fn remedies(vg: &Vg, request: &Request, refusal: &Refusal) -> Vec<Remedy> {
    let problem = &refusal.problem;
    let most = Some(refusal.most).filter(|rows| !rows.is_zero());
    let fits = |request: &Request| {
        let problem = Problem::new(vg, request);
        holds(&problem, problem.rows)
    };
    let fewer = (1..request.stripes).rev().find(|stripes| {
        let rows = u64::try_from(problem.extents().div_ceil(*stripes as u128));
        let with =
            |rows| Request { rows: Extents::new(rows), stripes: *stripes, ..request.clone() };
        rows.is_ok_and(|rows| fits(&with(rows)))
    });
    let looser = POLICIES.into_iter().filter(|policy| *policy > request.policy);
    let looser =
        looser.clone().find(|policy| fits(&Request { policy: *policy, ..request.clone() }));
    let pvs = if is_tied(request) { None } else { more_pvs(problem) };
    let most = most.map(Remedy::Rows).into_iter();
    let fewer = fewer.map(Remedy::Stripes);
    most.chain(fewer).chain(looser.map(Remedy::Policy)).chain(pvs).collect()
}

/// Whether an extension keeps to the PVs that the LV is on: a new one is none of them.
fn is_tied(request: &Request) -> bool {
    let clings = matches!(request.policy, AllocationPolicy::Cling | AllocationPolicy::ClingByTags);
    clings && !tied_segments(request).is_empty()
}

/// The policies that a user may ask for, the strictest first.
const POLICIES: [AllocationPolicy; 4] = [
    AllocationPolicy::Contiguous,
    AllocationPolicy::Cling,
    AllocationPolicy::Normal,
    AllocationPolicy::Anywhere,
];

/// As few PVs more as will do, with as few extents as will do then.
fn more_pvs(problem: &Problem) -> Option<Remedy> {
    let rows = u128::from(problem.rows.get());
    let (count, extents) = match &problem.rule {
        Rule::OnePiece { starts: None } => {
            let long = problem.pvs.iter().filter(|usable| usable.longest() >= problem.rows);
            (problem.stripes.checked_sub(long.count())? as u128, rows)
        }
        // What an LV goes on behind cannot be added to.
        Rule::OnePiece { starts: Some(_) } => return None,
        Rule::WithinGroups => {
            let held: u128 = sums(problem, problem.rows).into_values().map(|sum| sum / rows).sum();
            ((problem.stripes as u128).checked_sub(held)?, rows)
        }
        Rule::Apart => {
            let missing = problem.extents() - capped(problem.pvs.iter(), problem.rows);
            let count = missing.div_ceil(rows);
            (count, missing.div_ceil(count))
        }
        Rule::Anywhere => (1, problem.extents() - u128::from(problem.free().get())),
    };
    let extents = Extents::new(u64::try_from(extents).ok()?);
    Some(Remedy::Pvs { count: usize::try_from(count).ok()?, extents })
}
