//! A construction that finds a layout wherever the bound of its rule allows one.
//!
//! With rows apart a PV serves a row at most once: `r` rows of `s` stripes exist exactly if the
//! PVs' free extents, each counted up to `r`, sum up to `r × s`. That it is necessary is plain. It
//! suffices because the stripes can be filled one below the other, PV after PV: a PV that ends one
//! stripe and begins the next has at most `r` extents, so its last rows in the one lie behind its
//! first rows in the other (R. `McNaughton`'s wrap-around rule, *Scheduling with deadlines and
//! loss functions*, 1959). Within groups each group fills as many stripes as its sum holds.

use super::Layout;
use super::bounds::sums;
use super::problem::{Problem, Rule, Usable};
use crate::model::pv::PvIndex;
use crate::units::{Extents, Pe};
use core::cmp::Reverse;
use std_alloc::vec::Vec;

/// A run that serves one stripe from row `row` on.
struct Part {
    stripe: usize,
    row: u64,
    rows: u64,
    pv: PvIndex,
    start: Pe,
}

/// Constructs a layout of a problem whose bound holds.
pub(super) fn construct(problem: &Problem) -> Layout {
    let rows = problem.rows.get();
    if rows == 0 {
        return Layout::default();
    }
    let all: Vec<&Usable> = problem.pvs.iter().collect();
    let parts = match &problem.rule {
        Rule::OnePiece { starts } => return one_piece(problem, starts.as_deref()),
        Rule::Anywhere => fill(&all, u64::MAX, 0..problem.stripes, rows),
        Rule::Apart => fill(&all, rows, 0..problem.stripes, rows),
        Rule::WithinGroups => {
            let mut parts = Vec::new();
            let mut next: usize = 0;
            let mut groups: Vec<(usize, u128)> = sums(problem, problem.rows).into_iter().collect();
            // A stable sort: few groups, of equal ones the first.
            groups.sort_by_key(|(_, sum)| Reverse(*sum));
            for (group, sum) in groups {
                let whole = usize::try_from(sum / u128::from(rows)).unwrap_or(usize::MAX);
                let end = problem.stripes.min(next.saturating_add(whole));
                let of_group = all.iter().copied().filter(|usable| usable.group == group);
                parts.extend(fill(&of_group.collect::<Vec<_>>(), rows, next..end, rows));
                next = end;
            }
            parts
        }
    };
    cut(&parts, problem.stripes, rows)
}

fn one_piece(problem: &Problem, starts: Option<&[(PvIndex, Pe)]>) -> Layout {
    let first_fit = |usable: &Usable| {
        let fits = usable.runs.iter().filter(|run| run.extents >= problem.rows);
        fits.min_by_key(|run| run.extents).map(|run| (usable.pv, run.start))
    };
    let areas = match starts {
        Some(starts) => starts.to_vec(),
        None => problem.pvs.iter().filter_map(first_fit).take(problem.stripes).collect(),
    };
    let mut layout = Layout::default();
    layout.push(problem.rows, areas);
    layout
}

/// Fills stripes one below the other with up to `cap` extents of each PV.
fn fill(pvs: &[&Usable], cap: u64, stripes: core::ops::Range<usize>, rows: u64) -> Vec<Part> {
    let mut pvs: Vec<(&Usable, u64)> =
        pvs.iter().map(|usable| (*usable, usable.free().get().min(cap))).collect();
    pvs.sort_by_key(|(_, free)| Reverse(*free));
    let mut parts = Vec::new();
    let (mut stripe, mut row) = (stripes.start, 0);
    for (usable, mut left) in pvs {
        let mut runs = usable.runs.clone();
        runs.sort_by_key(|run| Reverse(run.extents));
        for run in runs {
            let mut start = run.start;
            let mut length = run.extents.get().min(left);
            left -= length;
            while length > 0 && stripe < stripes.end {
                let part = length.min(rows - row);
                parts.push(Part { stripe, row, rows: part, pv: usable.pv, start });
                start = start.after(Extents::new(part));
                length -= part;
                row += part;
                if row == rows {
                    (stripe, row) = (stripe + 1, 0);
                }
            }
        }
    }
    assert_eq!(stripe, stripes.end, "the bound holds, so all stripes are full");
    parts
}

/// Cuts the stripes into pieces wherever one of them changes its place.
fn cut(parts: &[Part], stripes: usize, rows: u64) -> Layout {
    let mut columns: Vec<&[Part]> = Vec::with_capacity(stripes);
    let mut rest = parts;
    for stripe in 0..stripes {
        let end = rest.partition_point(|part| part.stripe == stripe);
        columns.push(&rest[..end]);
        rest = &rest[end..];
    }
    let mut layout = Layout::default();
    let mut row = 0;
    while row < rows {
        let ends = columns.iter().map(|column| column[0].row + column[0].rows);
        let end = ends.min().expect("there is at least one stripe");
        let area = |column: &&[Part]| {
            let skipped = Extents::new(row - column[0].row);
            (column[0].pv, column[0].start.after(skipped))
        };
        layout.push(Extents::new(end - row), columns.iter().map(area).collect());
        row = end;
        for column in &mut columns {
            if column[0].row + column[0].rows == row {
                *column = &column[1..];
            }
        }
    }
    layout
}
