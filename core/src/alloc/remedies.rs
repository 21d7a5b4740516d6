//! What would make room for a request that was refused.
//!
//! Each remedy is enough on its own, and the solver has proved it so: it was asked the changed
//! question.

mod moves;

use super::bounds::{self, largest};
use super::problem::{Problem, Rule, Usable, tied_segments};
use super::{Refusal, Request};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use std_alloc::vec::Vec;

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
    Pvs(More),
    /// These extents moved to other PVs.
    Moves(Vec<Move>),
    /// Another policy and more PVs, where neither does alone.
    PolicyAndPvs(AllocationPolicy, More),
}

/// PVs to be added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct More {
    /// How many PVs.
    pub count: usize,
    /// How many extents are free on each.
    pub extents: Extents,
}

/// Extents in use that go to free extents of another PV, wherever these are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Move {
    /// The PV that they are on.
    pub from: PvIndex,
    /// Which ones: all are in use.
    pub range: PeRange,
    /// The PV that they go to.
    pub to: PvIndex,
}

/// Returns what would make room for a request that was refused.
pub fn remedies(vg: &Vg, request: &Request, refusal: &Refusal) -> Vec<Remedy> {
    let problem = &refusal.problem;
    let fits = |request: &Request| {
        let problem = Problem::new(vg, request);
        bounds::holds(&problem, problem.rows)
    };
    let fewer = (1..request.stripes).rev().find(|stripes| {
        let of_leg = u128::from(problem.rows.get()) * request.stripes as u128;
        let rows = u64::try_from(of_leg.div_ceil(*stripes as u128));
        let with =
            |rows| Request { rows: Extents::new(rows), stripes: *stripes, ..request.clone() };
        rows.is_ok_and(|rows| fits(&with(rows)))
    });
    let looser = POLICIES.into_iter().filter(|policy| *policy > request.policy);
    let policy =
        looser.clone().find(|policy| fits(&Request { policy: *policy, ..request.clone() }));
    let pvs = if is_tied(request) { None } else { more_pvs(problem) };
    let most = Some(refusal.most).filter(|rows| !rows.is_zero());
    let mut found: Vec<Remedy> = most.map(Remedy::Rows).into_iter().collect();
    found.extend(fewer.map(Remedy::Stripes));
    found.extend(policy.map(Remedy::Policy));
    found.extend(moves::moves(vg, request, problem).map(Remedy::Moves));
    found.extend(pvs.map(Remedy::Pvs));
    if policy.is_none() && pvs.is_none() {
        let both = looser.clone().find_map(|policy| {
            let request = Request { policy, ..request.clone() };
            let pvs = if is_tied(&request) { None } else { more_pvs(&Problem::new(vg, &request)) };
            Some(Remedy::PolicyAndPvs(policy, pvs?))
        });
        found.extend(both);
    }
    found
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
fn more_pvs(problem: &Problem) -> Option<More> {
    if matches!(problem.rule, Rule::OnePiece { starts: Some(_) }) {
        // What an LV goes on behind cannot be added to.
        return None;
    }
    let before = problem.pvs.len();
    // With a stripe on each of them there is room, if no number overflows.
    let of_stripe = match problem.rule {
        Rule::Anywhere => u64::try_from(problem.extents()).ok()?,
        _ => problem.rows.get(),
    };
    let mut larger = problem.clone();
    let mut holds = |count: u64, extents: u64| {
        larger.pvs.truncate(before);
        let run = PeRange { start: Pe::ZERO, extents: Extents::new(extents) };
        let new =
            (0..u32::try_from(count).unwrap_or(u32::MAX)).map(|place| PvIndex(u32::MAX - place));
        larger.pvs.extend(new.map(|pv| Usable::new(pv, Vec::from([run]))));
        bounds::holds(&larger, larger.rows)
    };
    let columns = problem.columns() as u64;
    let too_few = largest_mut(columns, |count| !holds(count, of_stripe));
    let count = too_few + 1;
    if count > columns {
        return None;
    }
    let too_short = largest_mut(of_stripe, |extents| !holds(count, extents));
    let extents = Extents::new(too_short + 1);
    Some(More { count: usize::try_from(count).ok()?, extents })
}

fn largest_mut(limit: u64, holds: impl FnMut(u64) -> bool) -> u64 {
    let holds = core::cell::RefCell::new(holds);
    largest(limit, |count| (holds.borrow_mut())(count))
}
