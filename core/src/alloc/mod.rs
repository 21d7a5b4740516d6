//! Where new extents go.
//!
//! A request names how many rows of extents are wanted, how many stripes each row has, the PVs with
//! the ranges that may be used, and the policy. It becomes a [`problem`], and the answer is a
//! layout, or a [`refusal`] with its proof. LVM2's own way is gone through (`search`), so that a
//! user finds extents where he expects them; and the best that can be had is computed (`cover`:
//! which PVs serve which leg; `target`: how much the stricter policies can place; `place`: where).
//! Where both are equally good in the [`order`] of preference, LVM2's counts. Every answer, layout
//! or refusal, passes [`check`], which shares no code with those who made it.

mod bounds;
pub mod check;
pub mod cover;
pub mod order;
mod place;
pub mod problem;
pub mod refusal;
pub mod remedies;
mod search;
pub mod solve;
mod space;
pub mod spec;
mod stock;
mod target;
mod wrap;

use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment, SegmentKind, Striped};
use crate::model::vg::Vg;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Le, Pe, Sectors};
use problem::Problem;
use refusal::Verdict;
use std_alloc::boxed::Box;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// A PV that may be used, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The PV.
    pub pv: PvIndex,
    /// The ranges that may be used; they do not overlap.
    pub ranges: Vec<PeRange>,
}

/// What is wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request<'a> {
    /// How many extents each stripe gets.
    pub rows: Extents,
    /// How many legs there are, at least one: each on PVs of its own.
    pub legs: usize,
    /// How many stripes each leg has, at least one.
    pub stripes: usize,
    /// The policy; `Inherit` has been resolved.
    pub policy: AllocationPolicy,
    /// The PVs in order of preference.
    pub candidates: Vec<Candidate>,
    /// The segments that are extended, none for a new LV: with an area for each stripe, leg by leg.
    pub before: &'a [Segment],
    /// `allocation/cling_tag_list`: `@tag`s, `@*` for any.
    pub cling_tags: &'a [String],
    /// `allocation/maximise_cling`.
    pub maximise_cling: bool,
    /// Whether fewer rows will do if there is no room for all.
    pub approximate: bool,
}

/// Rows that lie side by side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// How many.
    pub rows: Extents,
    /// Where each stripe begins, leg by leg.
    pub areas: Vec<(PvIndex, Pe)>,
}

/// Where the extents go, in logical order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Layout {
    /// The pieces; those that continue one another are one.
    pub pieces: Vec<Piece>,
}

/// There is no room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// How many rows there is room for, as far as it is known.
    pub most: Extents,
    /// What was asked for, as the proof speaks of it.
    pub problem: Problem,
    /// The proof that there is no room for all of it, if there is one.
    pub verdict: Verdict,
}

impl Layout {
    /// Returns its rows.
    pub fn rows(&self) -> Extents {
        self.pieces.iter().map(|piece| piece.rows).sum()
    }

    /// Adds a piece, joined to the last one if it continues it.
    fn push(&mut self, rows: Extents, areas: Vec<(PvIndex, Pe)>) {
        assert!(!rows.is_zero(), "a piece has rows");
        if let Some(last) = self.pieces.last_mut() {
            let continues = |(one, two): (&(PvIndex, Pe), &(PvIndex, Pe))| {
                one.0 == two.0 && one.1.after(last.rows) == two.1
            };
            if last.areas.len() == areas.len() && last.areas.iter().zip(&areas).all(continues) {
                last.rows += rows;
                return;
            }
        }
        self.pieces.push(Piece { rows, areas });
    }

    /// Appends the layout to the segments of an LV, joining what continues the last one.
    ///
    /// # Panics
    /// If there are several stripes but no stripe size.
    pub fn append_to(&self, segments: &mut Vec<Segment>, stripe_size: Option<Sectors>) {
        for piece in &self.pieces {
            let stripes = piece.areas.len();
            assert!(stripes == 1 || stripe_size.is_some(), "stripes have a size");
            let stripe_size = stripe_size.filter(|_| stripes > 1);
            let extents = piece.rows * stripes as u64;
            let start = segments.last().map_or(Le::ZERO, Segment::end);
            if let Some(last) = segments.last_mut()
                && continues(last, piece, stripe_size)
            {
                last.extents += extents;
                continue;
            }
            let area = |&(pv, start): &(PvIndex, Pe)| Area::Pv { pv, start };
            segments.push(Segment {
                start,
                extents,
                reshape: None,
                tags: Vec::new(),
                flags: crate::model::flags::SegmentFlags::default(),
                kind: SegmentKind::Striped(Striped {
                    stripe_size,
                    areas: piece.areas.iter().map(area).collect(),
                }),
            });
        }
    }
}

/// Returns true if `piece` goes on where `last` ends, in the same way.
fn continues(last: &Segment, piece: &Piece, stripe_size: Option<Sectors>) -> bool {
    let SegmentKind::Striped(striped) = &last.kind else {
        return false;
    };
    let length = last.area_extents();
    let goes_on = |(area, next): (&Area, &(PvIndex, Pe))| match area {
        Area::Pv { pv, start } => *pv == next.0 && start.after(length) == next.1,
        Area::Lv { .. } => false,
    };
    striped.areas.len() == piece.areas.len()
        && striped.stripe_size == stripe_size
        && last.tags.is_empty()
        && striped.areas.iter().zip(&piece.areas).all(goes_on)
}

/// Returns where each stripe of a segment ends, if it has that many and all are on PVs.
fn ends_of(last: &Segment, stripes: usize) -> Option<Vec<(PvIndex, Pe)>> {
    let length = last.area_extents();
    let areas = last.areas();
    let end = |area: &Area| match area {
        Area::Pv { pv, start } => Some((*pv, start.after(length))),
        Area::Lv { .. } => None,
    };
    (areas.len() == stripes).then(|| areas.iter().map(end).collect())?
}

/// Finds room.
///
/// # Errors
/// If there is none. A request that is approximate fails only if there is no room for one row.
///
/// # Panics
/// If there is no leg or no stripe, or the policy is `Inherit`.
pub fn allocate(vg: &Vg, request: &Request) -> Result<Layout, Box<Refusal>> {
    assert!(request.legs > 0 && request.stripes > 0, "an LV has a leg with a stripe");
    assert!(request.policy != AllocationPolicy::Inherit, "the policy has been resolved");
    solve::solve_most(Problem::new(vg, request))
}

#[cfg(test)]
mod tests;
