//! Stripes filled one below the other, and layouts put side by side.

use super::{Layout, Piece};
use crate::model::pv::PvIndex;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use core::cmp::Reverse;
use std_alloc::vec;
use std_alloc::vec::Vec;

type Pieces = Vec<(Extents, Vec<(PvIndex, Pe)>)>;

/// Fills stripes one below the other with up to `cap` extents of each PV, those with most first.
///
/// # Panics
/// If these do not suffice.
pub(super) fn rows(pvs: &[(PvIndex, Vec<PeRange>)], cap: u64, stripes: usize, rows: u64) -> Pieces {
    if rows == 0 {
        return Vec::new();
    }
    let free = |runs: &[PeRange]| runs.iter().map(|run| run.extents.get()).sum::<u64>().min(cap);
    let mut pvs: Vec<(PvIndex, &[PeRange], u64)> =
        pvs.iter().map(|(pv, runs)| (*pv, runs.as_slice(), free(runs))).collect();
    pvs.sort_by_key(|(.., free)| Reverse(*free));
    let mut columns: Vec<Vec<(u64, PvIndex, Pe)>> = vec![Vec::new(); stripes];
    let (mut stripe, mut row) = (0, 0);
    for (pv, runs, mut left) in pvs {
        for run in runs {
            let mut start = run.start;
            let mut length = run.extents.get().min(left);
            left -= length;
            while length > 0 && stripe < stripes {
                let part = length.min(rows - row);
                columns[stripe].push((part, pv, start));
                start = start.after(Extents::new(part));
                length -= part;
                row += part;
                if row == rows {
                    (stripe, row) = (stripe + 1, 0);
                }
            }
        }
    }
    assert_eq!(stripe, stripes, "the bound holds, so all stripes are full");
    let layouts: Vec<Layout> = columns.into_iter().map(|parts| column(&parts)).collect();
    side_by_side(&layouts).pieces.into_iter().map(|piece| (piece.rows, piece.areas)).collect()
}

fn column(parts: &[(u64, PvIndex, Pe)]) -> Layout {
    let piece = |(rows, pv, start): &(u64, PvIndex, Pe)| Piece {
        rows: Extents::new(*rows),
        areas: vec![(*pv, *start)],
    };
    Layout { pieces: parts.iter().map(piece).collect() }
}

/// Puts layouts of equally many rows side by side: their pieces are cut wherever one of them ends.
pub(super) fn side_by_side(layouts: &[Layout]) -> Layout {
    let mut rest: Vec<(&[Piece], Extents)> =
        layouts.iter().map(|layout| (layout.pieces.as_slice(), Extents::ZERO)).collect();
    let mut joined = Layout::default();
    loop {
        let left = |(pieces, skipped): &(&[Piece], Extents)| {
            pieces.first().map(|piece| piece.rows - *skipped)
        };
        let Some(rows) = rest.iter().filter_map(left).min() else {
            return joined;
        };
        let mut areas = Vec::new();
        for (pieces, skipped) in &mut rest {
            let (first, others) = pieces.split_first().expect("all have equally many rows");
            areas.extend(first.areas.iter().map(|(pv, start)| (*pv, start.after(*skipped))));
            *skipped += rows;
            if *skipped == first.rows {
                (*pieces, *skipped) = (others, Extents::ZERO);
            }
        }
        joined.push(rows, areas);
    }
}
