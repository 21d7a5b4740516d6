//! How many rows there can be.
//!
//! Where there is room for some rows there is for fewer, so the largest number is found by halving.

use super::cover::{Cover, Found};
use super::problem::{Problem, Rule};
use crate::units::Extents;

/// Whether there is room.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Room {
    Yes,
    No,
    /// Nobody knows: the search for legs was given up.
    Unknown,
}

/// Returns whether a problem has a solution with `rows` rows.
pub(super) fn room(problem: &Problem, rows: Extents) -> Room {
    let known = |holds: bool| if holds { Room::Yes } else { Room::No };
    if rows.is_zero() {
        return Room::Yes;
    }
    if let Rule::OnePiece { starts: Some(starts) } = &problem.rule {
        let follows = |(column, (pv, start)): (usize, &(_, _))| {
            let leg = column / problem.stripes;
            let usable = problem.usable(*pv);
            usable.is_some_and(|usable| {
                usable.from(*start) >= rows && usable.leg.is_none_or(|own| own == leg)
            })
        };
        let is_shared = |(place, (pv, _)): (usize, &(_, _))| {
            starts[..place].iter().any(|(other, _)| other == pv)
        };
        let mut ends = starts.iter().enumerate();
        return known(ends.clone().all(follows) && !ends.any(is_shared));
    }
    let cover = Cover::new(problem, &problem.rule, rows);
    let (weights, needs) = cover.sums();
    if problem.legs == 1 || weights < needs {
        return known(weights >= needs);
    }
    match cover.solve() {
        Found::Legs(_) => Room::Yes,
        Found::Nothing(_) => Room::No,
        Found::Unknown => Room::Unknown,
    }
}

/// Returns true if it is known that a problem has a solution with `rows` rows.
pub(super) fn holds(problem: &Problem, rows: Extents) -> bool {
    room(problem, rows) == Room::Yes
}

/// Returns the largest number of rows known to have room, at most those asked for.
pub(super) fn most_rows(problem: &Problem) -> Extents {
    if holds(problem, problem.rows) {
        return problem.rows;
    }
    let limit = problem.rows.get().min(problem.free().get() / problem.columns().max(1) as u64);
    Extents::new(largest(limit, |rows| holds(problem, Extents::new(rows))))
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
