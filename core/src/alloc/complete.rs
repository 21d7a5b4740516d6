//! A construction that finds a layout wherever there is one, for policies without ties to a place.
//!
//! *Anywhere* needs nothing but enough free extents. With *normal* a PV serves a row at most once:
//! `r` rows of `s` stripes exist exactly if the PVs' free extents, each counted up to `r`, sum up
//! to `r × s`. That it is necessary is plain. It suffices because the stripes can be filled one
//! below the other, PV after PV: a PV that ends one stripe and begins the next has at most `r`
//! extents, so its last rows in the one lie behind its first rows in the other (the wrap-around
//! rule of scheduling theory).

use super::space::free_runs;
use super::{Layout, Request};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::size::ranges::PeRange;
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

/// Constructs a layout of as many rows as there can be, at most those asked for. An empty one where
/// the policy ties extents to places.
pub(super) fn construct(vg: &Vg, request: &Request) -> Layout {
    let anywhere = request.policy == AllocationPolicy::Anywhere;
    if request.policy != AllocationPolicy::Normal && !anywhere {
        return Layout::default();
    }
    let mut spaces: Vec<(PvIndex, Vec<PeRange>, u64)> = Vec::new();
    for candidate in &request.candidates {
        let mut runs = free_runs(vg, candidate.pv, &candidate.ranges);
        runs.sort_by_key(|run| Reverse(run.extents));
        let free: Extents = runs.iter().map(|run| run.extents).sum();
        spaces.push((candidate.pv, runs, free.get()));
    }
    let cap = |rows: u64| if anywhere { u64::MAX } else { rows };
    let stripes = request.stripes as u64;
    let enough = |rows: u64| {
        let sum: u128 = spaces.iter().map(|space| u128::from(space.2.min(cap(rows)))).sum();
        sum >= u128::from(rows) * u128::from(stripes)
    };
    let rows = largest(request.rows.get(), enough);
    spaces.sort_by_key(|space| Reverse(space.2.min(cap(rows))));
    let mut parts = Vec::new();
    let (mut stripe, mut row) = (0, 0);
    for (pv, runs, free) in spaces {
        let mut left = free.min(cap(rows));
        for run in runs {
            let mut start = run.start;
            let mut length = run.extents.get().min(left);
            left -= length;
            while length > 0 && stripe < request.stripes && rows > 0 {
                let part = length.min(rows - row);
                let rows_here = part;
                parts.push(Part { stripe, row, rows: rows_here, pv, start });
                start = start.after(Extents::new(part));
                length -= part;
                row += part;
                if row == rows {
                    (stripe, row) = (stripe + 1, 0);
                }
            }
        }
    }
    assert!(rows == 0 || stripe == request.stripes, "all stripes are full");
    cut(&parts, request.stripes, rows)
}

/// Returns the largest number up to `limit` for which `holds` is true; it is for 0, and for all
/// below one for which it is.
fn largest(limit: u64, holds: impl Fn(u64) -> bool) -> u64 {
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
