//! Which of two layouts is the better one.
//!
//! LVM2 goes from the strictest policy to the one asked for, and each places what it can. So the
//! better layout is the one of which the strictest policy could have placed more rows, then the
//! next; of two that agree in all that, the one of fewer segments:
//! - *contiguous*: the rows that directly follow the last segment, stripe by stripe; of a new LV
//!   those of its first piece, on different PVs;
//! - *cling*: the rows on PVs that the LV was on before (of a new LV: those of its first row);
//! - *cling by tags*: those on PVs of their groups;
//! - *normal*: those on different PVs.
//!
//! Each counts the rows before it too; but for the first they are rows of which all extents are on
//! different PVs.

use super::problem::Problem;
use super::{Layout, Piece};
use crate::model::pv::PvIndex;
use crate::units::Extents;
use core::cmp::Reverse;
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::vec::Vec;

/// How well a layout is placed; the larger the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Measure {
    /// Rows that follow what was there, or the first piece of a new LV.
    pub contiguous: Extents,
    /// Rows on PVs that the LV is on.
    pub cling: Extents,
    /// Rows on these and on PVs tied to them by tags.
    pub tied: Extents,
    /// Rows on different PVs.
    pub apart: Extents,
    /// How many segments the LV gets.
    pub segments: Reverse<usize>,
}

/// Measures a layout of a problem's rows.
pub fn measure(problem: &Problem, layout: &Layout) -> Measure {
    let groups: BTreeMap<PvIndex, usize> =
        problem.pvs.iter().map(|usable| (usable.pv, usable.group)).collect();
    let group = |pv: &PvIndex| groups.get(pv).copied().unwrap_or(pv.get());
    let ends = &problem.manner.ends;
    let first = layout.pieces.first();
    let follows = first.is_some_and(|piece| !ends.is_empty() && piece.areas == *ends);
    let home: BTreeSet<PvIndex> = match first {
        Some(piece) if ends.is_empty() && is_apart(piece) => pvs(piece).collect(),
        _ => problem.pvs.iter().filter(|usable| usable.home).map(|usable| usable.pv).collect(),
    };
    let near: BTreeSet<usize> = home.iter().map(group).collect();
    let apart: Vec<&Piece> = layout.pieces.iter().filter(|piece| is_apart(piece)).collect();
    let sum = |holds: &dyn Fn(PvIndex) -> bool| -> Extents {
        apart.iter().filter(|piece| pvs(piece).all(holds)).map(|piece| piece.rows).sum()
    };
    let starts_well = follows || ends.is_empty();
    let contiguous = first.filter(|piece| starts_well && is_apart(piece));
    Measure {
        contiguous: contiguous.map_or(Extents::ZERO, |piece| piece.rows),
        cling: sum(&|pv| home.contains(&pv)),
        tied: sum(&|pv| near.contains(&group(&pv))),
        apart: sum(&|_| true),
        segments: Reverse(layout.pieces.len() - usize::from(follows)),
    }
}

fn pvs(piece: &Piece) -> impl Iterator<Item = PvIndex> {
    piece.areas.iter().map(|area| area.0)
}

fn is_apart(piece: &Piece) -> bool {
    let distinct: BTreeSet<PvIndex> = pvs(piece).collect();
    distinct.len() == piece.areas.len()
}
