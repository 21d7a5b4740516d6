//! How many rows there can be: for each rule a sum that is necessary, and for which the
//! construction shows that it is enough.
//!
//! - One piece: so many PVs have a run of that length; or so much is free behind where the stripes
//!   end.
//! - Rows apart: a PV serves a row at most once, so of `r` rows it serves at most `min(free, r)`,
//!   and these come to `r × s`.
//! - Within groups: as many stripes as a group holds, each of `r` extents of its sum, and over all
//!   groups `s`.
//! - Anywhere: as many extents are free.
//!
//! Each of them holds for fewer rows if it holds for more.

use super::problem::{Problem, Rule, Usable};
use crate::units::Extents;
use std_alloc::collections::BTreeMap;

/// Returns true if a problem has a solution with `rows` rows.
pub(super) fn holds(problem: &Problem, rows: Extents) -> bool {
    let needed = u128::from(rows.get()) * problem.stripes as u128;
    match &problem.rule {
        _ if rows.is_zero() => true,
        Rule::OnePiece { starts: None } => {
            let long = problem.pvs.iter().filter(|usable| usable.longest() >= rows);
            long.count() >= problem.stripes
        }
        Rule::OnePiece { starts: Some(starts) } => {
            let all_follow = starts.iter().all(|(pv, start)| {
                problem.usable(*pv).is_some_and(|usable| usable.from(*start) >= rows)
            });
            let is_shared = |(place, (pv, _)): (usize, &(_, _))| {
                starts[..place].iter().any(|(other, _)| other == pv)
            };
            all_follow && !starts.iter().enumerate().any(is_shared)
        }
        Rule::WithinGroups => {
            let whole = sums(problem, rows).into_values();
            whole.map(|sum| sum / u128::from(rows.get())).sum::<u128>() >= problem.stripes as u128
        }
        Rule::Apart => capped(problem.pvs.iter(), rows) >= needed,
        Rule::Anywhere => {
            problem.pvs.iter().map(|pv| u128::from(pv.free().get())).sum::<u128>() >= needed
        }
    }
}

/// What PVs can give to `rows` rows: each row one extent.
pub(super) fn capped<'a>(pvs: impl Iterator<Item = &'a Usable>, rows: Extents) -> u128 {
    pvs.map(|usable| u128::from(usable.free().min(rows).get())).sum()
}

/// What the PVs of each group can give to `rows` rows.
pub(super) fn sums(problem: &Problem, rows: Extents) -> BTreeMap<usize, u128> {
    let mut sums = BTreeMap::new();
    for usable in &problem.pvs {
        let of_pv = u128::from(usable.free().min(rows).get());
        *sums.entry(usable.group).or_insert(0) += of_pv;
    }
    sums
}

/// Returns the largest number of rows there can be, at most those asked for.
pub(super) fn most_rows(problem: &Problem) -> Extents {
    Extents::new(largest(problem.rows.get(), |rows| holds(problem, Extents::new(rows))))
}

/// Returns the largest number up to `limit` for which `holds` is true; it is for 0, and for all
/// below one for which it is.
pub(super) fn largest(limit: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, limit);
    while low < high {
        let middle = high - (high - low) / 2;
        if holds(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}
