//! The solver on every small volume group, against existence by trying.

use super::cases::{self, Masks};
use super::{Solver, judge};
use extant_core::alloc::problem::{Problem, Rule};
use extant_core::alloc::spec;
use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::thread;

/// How large volume groups may be.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// So many PVs.
    pub pvs: usize,
    /// So many extents each.
    pub extents: u32,
    /// Whether PVs with the same free extents are tried in all orders: the specification does not
    /// know an order.
    pub all_orders: bool,
}

/// What was seen.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Count {
    /// Patterns of free extents.
    pub patterns: u64,
    /// Problems with a solution.
    pub solved: u64,
    /// Problems without.
    pub refuted: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.patterns += other.patterns;
        self.solved += other.solved;
        self.refuted += other.refuted;
    }
}

/// Has a solver answer all problems up to a bound, on so many threads.
///
/// # Errors
/// The first wrong answer.
///
/// # Panics
/// If the solver does.
pub fn run(bound: Bound, solver: Solver, threads: u64) -> Result<Count, String> {
    let groupings = cases::groupings(bound.pvs);
    let step = |thread: u64| {
        let mut count = Count::default();
        let mut known = Known::default();
        let mut number = 0;
        for masks in patterns(bound) {
            number += 1;
            if number % threads == thread {
                count += of_pattern(&masks, &groupings, solver, &mut known)?;
            }
        }
        Ok::<Count, String>(count)
    };
    thread::scope(|scope| {
        let parts: Vec<_> = (0..threads).map(|thread| scope.spawn(move || step(thread))).collect();
        let mut count = Count::default();
        for part in parts {
            count += part.join().expect("the solver does not panic")?;
        }
        Ok(count)
    })
}

/// Returns the free extents of all volume groups of a bound.
fn patterns(bound: Bound) -> impl Iterator<Item = Vec<u32>> {
    let of_pv = 1_u32 << bound.extents;
    let count = u64::from(of_pv).pow(u32::try_from(bound.pvs).expect("PVs are few"));
    (0..count)
        .map(move |number| {
            let mask = |pv: usize| {
                let shifted = number >> (u64::from(bound.extents) * pv as u64);
                u32::try_from(shifted % u64::from(of_pv)).expect("a mask is small")
            };
            (0..bound.pvs).map(mask).collect::<Vec<u32>>()
        })
        .filter(move |masks| bound.all_orders || masks.is_sorted())
}

fn of_pattern(
    masks: &Masks,
    groupings: &[Vec<usize>],
    solver: Solver,
    known: &mut Known,
) -> Result<Count, String> {
    let mut count = Count { patterns: 1, ..Count::default() };
    let mut result = Ok(());
    let mut each = |problem: &Problem| {
        if result.is_ok() {
            let exists = known.exists(problem);
            *(if exists { &mut count.solved } else { &mut count.refuted }) += 1;
            result = judge(problem, &solver(problem), exists);
        }
    };
    cases::new_lvs(masks, groupings, &mut each);
    cases::extensions(masks, &mut each);
    result.map(|()| count)
}

/// What counts of a PV: its free extents, its group and its leg.
type Counted = (u64, usize, Option<usize>);

/// What has been found out by trying. But for pieces the specification looks at nothing but how
/// many extents are free.
#[derive(Default)]
struct Known {
    answers: BTreeMap<(u8, usize, usize, u64, Vec<Counted>), bool>,
}

impl Known {
    fn exists(&mut self, problem: &Problem) -> bool {
        let rule = match problem.rule {
            Rule::OnePiece { .. } => return spec::exists(problem),
            Rule::WithinGroups => 0,
            Rule::Apart => 1,
            Rule::Anywhere => 2,
        };
        let group = |group: usize| if rule == 0 { group } else { 0 };
        let pvs = problem.pvs.iter();
        let pvs = pvs.map(|usable| (usable.free().get(), group(usable.group), usable.leg));
        let key = (rule, problem.legs, problem.stripes, problem.rows.get(), pvs.collect());
        *self.answers.entry(key).or_insert_with(|| spec::exists(problem))
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, run};
    use crate::allocator::greedy;
    use extant_core::alloc::solve::solve;

    #[test]
    fn the_solver_answers_all_small_problems() {
        let bound = Bound { pvs: 3, extents: 3, all_orders: true };
        let count = run(bound, solve, 2).unwrap();
        assert_eq!((count.patterns, count.solved, count.refuted), (512, 242_544, 367_904));
    }

    #[test]
    fn a_greedy_solver_is_caught() {
        let bound = Bound { pvs: 3, extents: 2, all_orders: false };
        let wrong = run(bound, greedy::solve, 1).unwrap_err();
        assert!(wrong.starts_with("there is a solution"), "{wrong}");
    }
}
