//! Whether a layout is allowed: looks at every extent on its own, shares nothing with the search.

use super::{Layout, Request};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::model::vg::Vg;
use crate::units::{Extents, Pe};
use std_alloc::vec::Vec;

/// What is wrong with a layout.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// It has too many rows, or too few.
    Rows(Extents),
    /// A piece has another number of stripes.
    Stripes(usize),
    /// These extents lie outside the ranges that may be used.
    Outside(PvIndex, Pe),
    /// These extents are in use.
    InUse(PvIndex, Pe),
    /// These extents are given away twice.
    Twice(PvIndex, Pe),
    /// Two stripes of one piece are on this PV.
    Shared(PvIndex),
    /// A contiguous layout does not follow what is before it, or has several pieces.
    NotContiguous,
    /// A clinging layout uses a PV that its stripe is not on.
    NotClinging(PvIndex),
}

/// Checks a layout against the request.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(vg: &Vg, request: &Request, layout: &Layout) -> Result<(), Wrong> {
    let rows = layout.rows();
    let enough = rows == request.rows || (request.approximate && rows < request.rows);
    if !enough {
        return Err(Wrong::Rows(rows));
    }
    let mut taken: Vec<(PvIndex, u64, u64)> = Vec::new();
    for piece in &layout.pieces {
        if piece.areas.len() != request.stripes {
            return Err(Wrong::Stripes(piece.areas.len()));
        }
        for (pv, start) in &piece.areas {
            let end = start.after(piece.rows);
            check_area(vg, request, *pv, *start, end)?;
            taken.push((*pv, start.get(), end.get()));
        }
        if request.policy != AllocationPolicy::Anywhere {
            check_row(&piece.areas)?;
        }
    }
    taken.sort_unstable();
    for pair in taken.windows(2) {
        if pair[0].0 == pair[1].0 && pair[1].1 < pair[0].2 {
            return Err(Wrong::Twice(pair[1].0, Pe::new(pair[1].1)));
        }
    }
    match request.policy {
        AllocationPolicy::Contiguous => check_contiguous(request, layout),
        AllocationPolicy::Cling | AllocationPolicy::ClingByTags => check_cling(vg, request, layout),
        AllocationPolicy::Normal | AllocationPolicy::Anywhere | AllocationPolicy::Inherit => Ok(()),
    }
}

fn check_area(vg: &Vg, request: &Request, pv: PvIndex, start: Pe, end: Pe) -> Result<(), Wrong> {
    let candidate = request.candidates.iter().find(|one| one.pv == pv);
    // Ranges that touch may be crossed, so what is covered is walked along.
    let mut next = start;
    while next < end {
        let range = candidate.and_then(|candidate| {
            let mut ranges = candidate.ranges.iter();
            ranges.find(|range| range.start <= next && next < range.end())
        });
        match range {
            Some(range) => next = range.end(),
            None => return Err(Wrong::Outside(pv, next)),
        }
    }
    let runs = vg.lvs.runs_on(pv);
    let place = runs.partition_point(|run| run.end() <= start);
    match runs.get(place) {
        Some(run) if run.start() < end => Err(Wrong::InUse(pv, run.start().max(start))),
        _ => Ok(()),
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

fn check_contiguous(request: &Request, layout: &Layout) -> Result<(), Wrong> {
    let [piece] = layout.pieces.as_slice() else {
        return Err(Wrong::NotContiguous);
    };
    let last = request.before.last();
    let Some(last) = last.filter(|last| last.areas().len() == request.stripes) else {
        return Ok(());
    };
    let length = last.area_extents();
    let follows = |(area, next): (&Area, &(PvIndex, Pe))| match area {
        Area::Pv { pv, start } => *pv == next.0 && start.get() + length.get() == next.1.get(),
        Area::Lv { .. } => false,
    };
    if last.areas().iter().zip(&piece.areas).all(follows) {
        Ok(())
    } else {
        Err(Wrong::NotContiguous)
    }
}

/// Each piece is on PVs that the LV is on already, or that share a listed tag with one of those.
/// The stripes may change places.
fn check_cling(vg: &Vg, request: &Request, layout: &Layout) -> Result<(), Wrong> {
    let Some(first) = layout.pieces.first() else {
        return Ok(());
    };
    let tied = |segment: &&Segment| segment.areas().len() == request.stripes;
    let extends = request.before.last().is_some_and(|last| tied(&last));
    let before = request.before.iter().filter(tied).filter(|_| extends);
    let mut places: Vec<PvIndex> = before
        .flat_map(Segment::areas)
        .filter_map(|area| match area {
            Area::Pv { pv, .. } => Some(*pv),
            Area::Lv { .. } => None,
        })
        .collect();
    if places.is_empty() {
        places.extend(first.areas.iter().map(|(pv, _)| *pv));
    }
    for (pv, _) in layout.pieces.iter().flat_map(|piece| &piece.areas) {
        if places.contains(pv) {
            continue;
        }
        if !places.iter().any(|place| share_tag(vg, request, *pv, *place)) {
            return Err(Wrong::NotClinging(*pv));
        }
        places.push(*pv);
    }
    Ok(())
}

fn share_tag(vg: &Vg, request: &Request, one: PvIndex, two: PvIndex) -> bool {
    request.cling_tags.iter().any(|entry| {
        let name = entry.trim_start_matches('@');
        let has = |pv: PvIndex, text: &str| vg.pv(pv).tags.iter().any(|tag| tag.as_str() == text);
        if name == "*" {
            vg.pv(one).tags.iter().any(|tag| has(two, tag.as_str()))
        } else {
            has(one, name) && has(two, name)
        }
    })
}
