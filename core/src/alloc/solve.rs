//! The solver: the best layout of a problem, or the proof that there is none.

use super::bounds;
use super::check;
use super::cover::{self, Cover, Found};
use super::order::{self, Measure};
use super::place::{self, Way};
use super::problem::{Manner, Problem, Rule, Usable};
use super::refusal::{self, Verdict};
use super::search;
use super::target;
use super::wrap;
use super::{Layout, Refusal};
use core::cmp::Reverse;
use std_alloc::boxed::Box;
use std_alloc::collections::BTreeMap;
use std_alloc::vec::Vec;

/// Up to so many free runs LVM2's search is gone through too, which takes their square. With more,
/// or where it finds less, a layout is its only by chance.
const RUNS_MAX: usize = 2048;

/// Finds the best layout of a problem.
///
/// # Errors
/// If there is none, with the proof; or, with several legs, none was found within the limit.
///
/// # Panics
/// If an answer does not pass the check, or the problem has no leg or no stripe.
pub fn solve(problem: &Problem) -> Result<Layout, Verdict> {
    assert!(problem.legs > 0 && problem.stripes > 0, "an LV has a leg with a stripe");
    let layout = match best(problem) {
        Ok(layout) => layout,
        Err(verdict) => {
            if let Verdict::Proved(certificate) = &verdict
                && let Err(wrong) = check::certificate(problem, certificate)
            {
                unreachable!("the allocator refused without a proof: {wrong:?}");
            }
            return Err(verdict);
        }
    };
    if let Err(wrong) = check::layout(problem, &layout) {
        unreachable!("the allocator made a layout that is not allowed: {wrong:?}");
    }
    Ok(layout)
}

/// Finds the best layout of a problem, or of the most rows that there is room for.
///
/// # Errors
/// As [`solve`]; approximate requests only if there is no room for one row.
pub(super) fn solve_most(mut problem: Problem) -> Result<Layout, Box<Refusal>> {
    let wanted = problem.rows;
    if problem.manner.approximate {
        let most = bounds::most_rows(&problem);
        if !most.is_zero() {
            problem.rows = most;
        }
    }
    solve(&problem).map_err(|verdict| {
        problem.rows = wanted;
        let most = bounds::most_rows(&problem);
        Box::new(Refusal { most, problem, verdict })
    })
}

fn best(problem: &Problem) -> Result<Layout, Verdict> {
    if problem.rows.is_zero() {
        return Ok(Layout::default());
    }
    if let Rule::OnePiece { starts: Some(_) } = &problem.rule {
        return match refusal::refute(problem) {
            Some(verdict) => Err(verdict),
            None => Ok(place::one_piece(problem)),
        };
    }
    if problem.legs > 1 {
        return of_legs(problem);
    }
    match refusal::refute(problem) {
        Some(verdict) => Err(verdict),
        None => Ok(of_one_leg(problem)),
    }
}

/// Gives each leg PVs of its own, by the strictest rule that allows it, and goes on leg by leg.
fn of_legs(problem: &Problem) -> Result<Layout, Verdict> {
    // A stricter rule may be kept by a new LV; of groups it keeps legs apart, so that one piece
    // each is no stricter than that.
    let is_fixed = problem.pvs.iter().any(|usable| usable.leg.is_some());
    let is_free = matches!(problem.rule, Rule::Apart | Rule::Anywhere) && !is_fixed;
    let stricter = [Rule::OnePiece { starts: None }, Rule::WithinGroups];
    let stricter = stricter.into_iter().filter(|_| is_free && problem.manner.ends.is_empty());
    for rule in stricter.chain([problem.rule.clone()]) {
        match Cover::new(problem, &rule, problem.rows).solve() {
            Found::Legs(given) => {
                let items = match rule {
                    Rule::WithinGroups => cover::items(&problem.pvs),
                    _ => (0..problem.pvs.len()).collect(),
                };
                let leg = |leg| {
                    let of_leg = |(_, item): &(&Usable, &usize)| given[**item] == Some(leg);
                    let pvs = problem.pvs.iter().zip(&items).filter(of_leg);
                    let mut pvs: Vec<Usable> = pvs.map(|(usable, _)| usable.clone()).collect();
                    for usable in &mut pvs {
                        usable.leg = None;
                    }
                    of_one_leg(&part(problem, pvs, rule.clone(), leg))
                };
                let legs: Vec<Layout> = (0..problem.legs).map(leg).collect();
                return Ok(wrap::side_by_side(&legs));
            }
            Found::Nothing(_) | Found::Unknown => {}
        }
    }
    Err(refusal::refute(problem).expect("the last rule is the problem's own"))
}

/// Returns the problem of one leg on these PVs.
fn part(problem: &Problem, pvs: Vec<Usable>, rule: Rule, leg: usize) -> Problem {
    let stripes = problem.stripes;
    let of_leg = |column: usize| column / stripes == leg;
    let Manner { ends, first, .. } = &problem.manner;
    let ends = ends.iter().enumerate().filter(|(column, _)| of_leg(*column));
    let first = first.iter().enumerate().filter(|(column, _)| of_leg(*column));
    let manner = Manner {
        ends: ends.map(|(_, end)| *end).collect(),
        first: first.map(|(_, pv)| *pv).collect(),
        ..problem.manner.clone()
    };
    Problem { pvs, legs: 1, stripes, rows: problem.rows, rule, manner }
}

/// Finds the best layout of a problem of one leg that has a solution and is no extension in one
/// piece: of what LVM2 would do and what can be constructed.
fn of_one_leg(problem: &Problem) -> Layout {
    let runs: usize = problem.pvs.iter().map(|usable| usable.runs().len()).sum();
    let is_small = runs <= RUNS_MAX;
    let mut layouts = Vec::new();
    if is_small {
        let found = search::search(problem);
        if check::layout(problem, &found).is_ok() {
            layouts.push(found);
        }
    }
    match problem.rule {
        Rule::OnePiece { .. } => layouts.push(place::one_piece(problem)),
        Rule::WithinGroups => layouts.push(within_groups(problem)),
        Rule::Apart | Rule::Anywhere => {
            let target = target::target(problem);
            let is_best = |found: &Layout| {
                let measure = order::measure(problem, found);
                measure.segments.0 <= 1 && target.is_reached_by(&measure)
            };
            if layouts.first().is_some_and(is_best) {
                return layouts.remove(0);
            }
            layouts.push(place::place(problem, &target, Way::Longest));
            if problem.stripes > 1 && is_small {
                let others = [Way::Fitting, Way::Wrapped];
                layouts.extend(others.map(|way| place::place(problem, &target, way)));
            }
        }
    }
    if layouts.len() == 1 {
        return layouts.remove(0);
    }
    // Of equal ones the first, which is where LVM2 would put it.
    let measured = layouts.into_iter().map(|layout| (order::measure(problem, &layout), layout));
    let better = |one: (Measure, Layout), other: (Measure, Layout)| {
        if other.0 > one.0 { other } else { one }
    };
    measured.reduce(better).expect("there is at least one").1
}

/// Fills the stripes within groups: each on one PV, if so many hold one, or those with most.
fn within_groups(problem: &Problem) -> Layout {
    let rows = problem.rows;
    let mut whole: Vec<&Usable> =
        problem.pvs.iter().filter(|usable| usable.free() >= rows).collect();
    whole.sort_by_key(|usable| Reverse(usable.longest().min(rows)));
    let column = |pvs: Vec<Usable>, stripes: usize| {
        let part = part(problem, pvs, Rule::Apart, 0);
        of_one_leg(&Problem { stripes, ..part })
    };
    if whole.len() >= problem.stripes {
        let chosen = whole.into_iter().take(problem.stripes);
        let columns: Vec<Layout> =
            chosen.map(|usable| column(Vec::from([usable.clone()]), 1)).collect();
        return wrap::side_by_side(&columns);
    }
    let mut groups: BTreeMap<usize, (u64, Vec<Usable>)> = BTreeMap::new();
    for usable in &problem.pvs {
        let (sum, pvs) = groups.entry(usable.group).or_default();
        *sum = sum.saturating_add(usable.free().min(rows).get());
        pvs.push(usable.clone());
    }
    let mut groups: Vec<(u64, Vec<Usable>)> = groups.into_values().collect();
    groups.sort_by_key(|(sum, _)| Reverse(*sum));
    let mut left = problem.stripes;
    let mut columns = Vec::new();
    for (sum, pvs) in groups {
        let held = usize::try_from(sum / rows.get()).unwrap_or(usize::MAX).min(left);
        if held > 0 {
            columns.push(column(pvs, held));
        }
        left -= held;
    }
    wrap::side_by_side(&columns)
}
