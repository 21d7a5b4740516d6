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

/// What stripes take, in the order in which they take it: the area `number` is of the stripe
/// `number % columns`.
struct Taken {
    /// PV, first extent and number of each area in one integer, sorted: integers sort fastest.
    order: Vec<u128>,
    /// The extent behind each area.
    ends: Vec<u64>,
    columns: usize,
}

impl Taken {
    fn push(&mut self, pv: PvIndex, start: Pe, rows: Extents) -> Result<(), Wrong> {
        let end = start.get().checked_add(rows.get());
        let number = u32::try_from(self.ends.len());
        let (Some(end), Ok(number)) = (end, number) else {
            return Err(Wrong::NotFree(pv, start));
        };
        let place = u128::from(pv.0) << 96 | u128::from(start.get()) << 32;
        self.order.push(place | u128::from(number));
        self.ends.push(end);
        Ok(())
    }

    /// Returns PV, first extent, the one behind the last, and stripe.
    fn read(&self, key: u128) -> (PvIndex, u64, u64, usize) {
        let [place, start, number] = [key >> 96, key >> 32 & u128::from(u64::MAX), key];
        let pv = PvIndex(u32::try_from(place).expect("32 bits"));
        let start = u64::try_from(start).expect("64 bits");
        let number = usize::try_from(number & u128::from(u32::MAX)).expect("32 bits");
        (pv, start, self.ends[number], number % self.columns)
    }
}

/// Checks a layout.
///
/// # Errors
/// The first thing that is wrong.
pub fn layout(problem: &Problem, layout: &Layout) -> Result<(), Wrong> {
    let columns = problem.columns();
    let mut rows: u64 = 0;
    let areas = layout.pieces.len().saturating_mul(columns);
    let (order, ends) = (Vec::with_capacity(areas), Vec::with_capacity(areas));
    let mut taken = Taken { order, ends, columns };
    for piece in &layout.pieces {
        if piece.areas.len() != columns || piece.rows.is_zero() {
            return Err(Wrong::Stripes(piece.areas.len()));
        }
        let too_many = Wrong::Rows(Extents::new(u64::MAX));
        rows = rows.checked_add(piece.rows.get()).ok_or(too_many)?;
        for (pv, start) in &piece.areas {
            taken.push(*pv, *start, piece.rows)?;
        }
        if problem.rule != Rule::Anywhere {
            check_row(&piece.areas)?;
        }
    }
    if rows != problem.rows.get() {
        return Err(Wrong::Rows(Extents::new(rows)));
    }
    taken.order.sort_unstable();
    let mut owners = BTreeMap::new();
    for of_pv in taken.order.chunk_by(|one, two| one >> 96 == two >> 96) {
        check_pv(problem, &taken, of_pv, &mut owners)?;
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
    taken: &Taken,
    of_pv: &[u128],
    owners: &mut BTreeMap<usize, usize>,
) -> Result<(), Wrong> {
    let (pv, start, _, column) = taken.read(of_pv[0]);
    let Some(usable) = problem.usable(pv) else {
        return Err(Wrong::NotFree(pv, Pe::new(start)));
    };
    let key = match problem.rule {
        Rule::WithinGroups => usable.group,
        _ => pv.get(),
    };
    let first = column / problem.stripes;
    let owner = *owners.entry(key).or_insert(usable.leg.unwrap_or(first));
    let mut runs = usable.runs().iter().peekable();
    let mut before = 0;
    for key in of_pv {
        let (_, start, end, column) = taken.read(*key);
        if start < before {
            return Err(Wrong::Twice(pv, Pe::new(start)));
        }
        before = end;
        while runs.next_if(|run| run.end().get() <= start).is_some() {}
        match runs.peek() {
            Some(run) if run.start.get() <= start && end <= run.end().get() => {}
            Some(run) if run.start.get() <= start => return Err(Wrong::NotFree(pv, run.end())),
            _ => return Err(Wrong::NotFree(pv, Pe::new(start))),
        }
        if column / problem.stripes != owner || usable.leg.is_some_and(|leg| leg != owner) {
            return Err(Wrong::TwoLegs(pv));
        }
    }
    Ok(())
}

fn check_row(areas: &[(PvIndex, Pe)]) -> Result<(), Wrong> {
    if let [(one, _), (other, _)] = areas {
        return if one == other { Err(Wrong::Shared(*one)) } else { Ok(()) };
    }
    if areas.len() == 1 {
        return Ok(());
    }
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
