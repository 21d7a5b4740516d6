//! Whether an answer is right: a layout a solution, a certificate a proof that there is none.
//!
//! Every answer passes it before it is used, in release builds too. It shares nothing with the
//! search, the construction or the bounds but the [`Problem`].

use super::Layout;
use super::problem::{Problem, Rule};
use super::refusal::Certificate;
use crate::model::pv::PvIndex;
use crate::units::{Extents, Pe};
use std_alloc::vec::Vec;

/// What is wrong with an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// A layout has too many rows, or too few.
    Rows(Extents),
    /// A piece has another number of stripes.
    Stripes(usize),
    /// These extents are in use, or may not be used.
    NotFree(PvIndex, Pe),
    /// These extents are given away twice.
    Twice(PvIndex, Pe),
    /// Two stripes of one piece are on this PV.
    Shared(PvIndex),
    /// A contiguous layout does not follow what is before it, or has several pieces.
    NotContiguous,
    /// A stripe leaves the group of PVs that it is on.
    LeavesGroup {
        /// The stripe, from 0.
        stripe: usize,
        /// The PV it goes to.
        pv: PvIndex,
    },
    /// A certificate is of another rule.
    Rule,
    /// A certificate says of a PV or group what is not so, or leaves it out.
    Claim,
    /// The numbers of a certificate leave room for a solution.
    NoProof,
}

/// Checks a layout.
///
/// # Errors
/// The first thing that is wrong.
pub fn layout(problem: &Problem, layout: &Layout) -> Result<(), Wrong> {
    let rows = layout.rows();
    if rows != problem.rows {
        return Err(Wrong::Rows(rows));
    }
    let mut taken: Vec<(PvIndex, u64, u64)> = Vec::new();
    for piece in &layout.pieces {
        if piece.areas.len() != problem.stripes {
            return Err(Wrong::Stripes(piece.areas.len()));
        }
        for (pv, start) in &piece.areas {
            let end = start.after(piece.rows);
            check_area(problem, *pv, *start, end)?;
            taken.push((*pv, start.get(), end.get()));
        }
        if problem.rule != Rule::Anywhere {
            check_row(&piece.areas)?;
        }
    }
    taken.sort_unstable();
    for pair in taken.windows(2) {
        if pair[0].0 == pair[1].0 && pair[1].1 < pair[0].2 {
            return Err(Wrong::Twice(pair[1].0, Pe::new(pair[1].1)));
        }
    }
    match &problem.rule {
        Rule::OnePiece { starts } => match layout.pieces.as_slice() {
            [] => Ok(()),
            [piece] if starts.as_ref().is_none_or(|starts| *starts == piece.areas) => Ok(()),
            _ => Err(Wrong::NotContiguous),
        },
        Rule::WithinGroups => check_groups(problem, layout),
        Rule::Apart | Rule::Anywhere => Ok(()),
    }
}

fn check_area(problem: &Problem, pv: PvIndex, start: Pe, end: Pe) -> Result<(), Wrong> {
    let runs = problem.usable(pv).map_or(&[][..], |usable| &usable.runs);
    let place = runs.partition_point(|run| run.end() <= start);
    match runs.get(place) {
        Some(run) if run.start <= start && end <= run.end() => Ok(()),
        Some(run) if run.start <= start => Err(Wrong::NotFree(pv, run.end())),
        _ => Err(Wrong::NotFree(pv, start)),
    }
}

fn check_row(areas: &[(PvIndex, Pe)]) -> Result<(), Wrong> {
    let mut pvs: Vec<PvIndex> = areas.iter().map(|area| area.0).collect();
    pvs.sort_unstable();
    match pvs.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Wrong::Shared(pair[0])),
        None => Ok(()),
    }
}

fn check_groups(problem: &Problem, layout: &Layout) -> Result<(), Wrong> {
    let group = |pv: PvIndex| problem.usable(pv).map(|usable| usable.group);
    let Some(first) = layout.pieces.first() else {
        return Ok(());
    };
    let groups: Vec<_> = first.areas.iter().map(|(pv, _)| group(*pv)).collect();
    for piece in &layout.pieces {
        for (stripe, (pv, _)) in piece.areas.iter().enumerate() {
            if group(*pv) != groups[stripe] {
                return Err(Wrong::LeavesGroup { stripe, pv: *pv });
            }
        }
    }
    Ok(())
}

/// Checks that a certificate proves that a problem has no solution.
///
/// # Errors
/// Why it does not.
pub fn certificate(problem: &Problem, certificate: &Certificate) -> Result<(), Wrong> {
    let rows = problem.rows.get();
    let is_proof = match (&problem.rule, certificate) {
        (Rule::OnePiece { starts: None }, Certificate::ShortRuns { long }) => {
            for usable in problem.pvs.iter().filter(|usable| !long.contains(&usable.pv)) {
                if usable.runs.iter().any(|run| run.extents >= problem.rows) {
                    return Err(Wrong::Claim);
                }
            }
            long.len() < problem.stripes
        }
        (Rule::OnePiece { starts: Some(starts) }, Certificate::NothingBehind { stripe, free }) => {
            let (pv, start) = starts.get(*stripe).ok_or(Wrong::Claim)?;
            let next = start.after(*free);
            let runs = problem.usable(*pv).map_or(&[][..], |usable| &usable.runs);
            // The extent behind what is free is not; then no run of all rows begins there.
            if runs.iter().any(|run| run.start <= next && next < run.end()) {
                return Err(Wrong::Claim);
            }
            *free < problem.rows
        }
        (Rule::OnePiece { starts: Some(starts) }, Certificate::SharedEnd { stripe, other }) => {
            let pv = |stripe: &usize| starts.get(*stripe).map(|start| start.0).ok_or(Wrong::Claim);
            stripe != other && pv(stripe)? == pv(other)? && rows > 0
        }
        (Rule::WithinGroups, Certificate::Groups(groups)) => {
            let mut held = 0;
            for usable in &problem.pvs {
                if !groups.iter().any(|(group, _)| *group == usable.group) {
                    return Err(Wrong::Claim);
                }
            }
            for (group, sum) in groups {
                let of_group = problem.pvs.iter().filter(|usable| usable.group == *group);
                let real: u128 =
                    of_group.map(|usable| u128::from(usable.free().get().min(rows))).sum();
                if *sum < real || rows == 0 {
                    return Err(Wrong::Claim);
                }
                held += sum / u128::from(rows);
            }
            held < problem.stripes as u128
        }
        (Rule::Apart, Certificate::Rows(given)) => {
            for usable in &problem.pvs {
                let claimed = given.iter().find(|(pv, _)| *pv == usable.pv).ok_or(Wrong::Claim)?;
                if claimed.1 < usable.free().min(problem.rows) {
                    return Err(Wrong::Claim);
                }
            }
            let sum: u128 = given.iter().map(|(_, extents)| u128::from(extents.get())).sum();
            sum < u128::from(rows) * problem.stripes as u128
        }
        (Rule::Anywhere, Certificate::Total(total)) => {
            let real: u128 = problem.pvs.iter().map(|usable| u128::from(usable.free().get())).sum();
            if u128::from(total.get()) < real {
                return Err(Wrong::Claim);
            }
            u128::from(total.get()) < u128::from(rows) * problem.stripes as u128
        }
        _ => return Err(Wrong::Rule),
    };
    if is_proof { Ok(()) } else { Err(Wrong::NoProof) }
}
