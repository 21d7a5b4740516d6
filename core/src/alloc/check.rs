//! Whether an answer is right: a layout a solution, a certificate a proof that there is none.
//!
//! Every answer passes it before it is used, in release builds too. It shares nothing with the
//! search, the construction or the bounds but the [`Problem`]. Its algorithm is proved: `verify`
//! holds the proof, and compares this with what was proved.

mod proof;

use super::Layout;
use super::problem::{Problem, Rule, Usable};
use crate::model::pv::PvIndex;
use crate::units::{Extents, Pe};
pub use proof::certificate;
use std_alloc::collections::BTreeMap;
use std_alloc::vec::Vec;

/// What is wrong with an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// A layout has too many rows, or too few.
    Rows(Extents),
    /// A piece has no rows, or another number of stripes.
    Stripes(usize),
    /// These extents are in use, or may not be used.
    NotFree(PvIndex, Pe),
    /// These extents are given away twice.
    Twice(PvIndex, Pe),
    /// Two stripes of one piece are on this PV.
    Shared(PvIndex),
    /// This PV, or its group, serves two legs, or not the one that it has to.
    TwoLegs(PvIndex),
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
    /// A certificate says what is not so.
    Claim,
    /// The numbers of a certificate leave room for a solution.
    NoProof,
}

/// A run that a stripe takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Taken {
    pv: PvIndex,
    start: u64,
    end: u64,
    column: usize,
}

/// Checks a layout.
///
/// # Errors
/// The first thing that is wrong.
pub fn layout(problem: &Problem, layout: &Layout) -> Result<(), Wrong> {
    let columns = problem.columns();
    let mut rows: u64 = 0;
    let mut taken: Vec<Taken> = Vec::with_capacity(layout.pieces.len().saturating_mul(columns));
    for piece in &layout.pieces {
        if piece.areas.len() != columns || piece.rows.is_zero() {
            return Err(Wrong::Stripes(piece.areas.len()));
        }
        let too_many = Wrong::Rows(Extents::new(u64::MAX));
        rows = rows.checked_add(piece.rows.get()).ok_or(too_many)?;
        for (column, (pv, start)) in piece.areas.iter().enumerate() {
            let end = start.get().checked_add(piece.rows.get());
            let end = end.ok_or(Wrong::NotFree(*pv, *start))?;
            taken.push(Taken { pv: *pv, start: start.get(), end, column });
        }
        if problem.rule != Rule::Anywhere && columns > 1 {
            check_row(&piece.areas)?;
        }
    }
    if rows != problem.rows.get() {
        return Err(Wrong::Rows(Extents::new(rows)));
    }
    taken.sort_unstable();
    let mut owners = BTreeMap::new();
    for of_pv in taken.chunk_by(|one, two| one.pv == two.pv) {
        check_pv(problem, of_pv, &mut owners)?;
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

/// Checks what is taken of one PV, in order: that it is free, given away once, and to one leg.
fn check_pv(
    problem: &Problem,
    taken: &[Taken],
    owners: &mut BTreeMap<usize, usize>,
) -> Result<(), Wrong> {
    let Taken { pv, start, .. } = taken[0];
    let Some(usable) = problem.usable(pv) else {
        return Err(Wrong::NotFree(pv, Pe::new(start)));
    };
    let key = match problem.rule {
        Rule::WithinGroups => usable.group,
        _ => pv.get(),
    };
    let first = taken[0].column / problem.stripes;
    let owner = *owners.entry(key).or_insert(usable.leg.unwrap_or(first));
    let mut runs = usable.runs().iter().peekable();
    let mut before = 0;
    for area in taken {
        if area.start < before {
            return Err(Wrong::Twice(pv, Pe::new(area.start)));
        }
        before = area.end;
        while runs.next_if(|run| run.end().get() <= area.start).is_some() {}
        match runs.peek() {
            Some(run) if run.start.get() <= area.start && area.end <= run.end().get() => {}
            Some(run) if run.start.get() <= area.start => {
                return Err(Wrong::NotFree(pv, run.end()));
            }
            _ => return Err(Wrong::NotFree(pv, Pe::new(area.start))),
        }
        if area.column / problem.stripes != owner || usable.leg.is_some_and(|leg| leg != owner) {
            return Err(Wrong::TwoLegs(pv));
        }
    }
    Ok(())
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
    let groups: BTreeMap<PvIndex, usize> =
        problem.pvs.iter().map(|usable: &Usable| (usable.pv, usable.group)).collect();
    let Some(first) = layout.pieces.first() else {
        return Ok(());
    };
    for piece in &layout.pieces {
        let both = first.areas.iter().zip(&piece.areas).enumerate();
        for (stripe, ((before, _), (pv, _))) in both {
            if groups.get(before) != groups.get(pv) {
                return Err(Wrong::LeavesGroup { stripe, pv: *pv });
            }
        }
    }
    Ok(())
}
