//! Free extents of PVs while they are given away, in the order in which LVM2 comes upon them.

use super::problem::Usable;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use core::cmp::Reverse;
use std_alloc::vec::Vec;

/// A free run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    /// Which one of its PV: it stays the same while extents are taken from its start.
    pub(super) number: usize,
    pub(super) start: Pe,
    pub(super) length: Extents,
    /// How much of it has not been reserved yet.
    unreserved: Extents,
}

/// The free extents of one PV that may be used.
///
/// LVM2 keeps the runs in a list, the longest first, and walks along it, reserving as it goes. A
/// run of which some is left goes to the place where a run of that length would go, behind its
/// equals, and the walk goes on behind it; a run of which nothing is left stays where it is. Before
/// the next walk reservations are undone in the same manner, which turns equals about and may pass
/// some over. Where extents go depends on that order, so it is kept exactly.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    /// The PV.
    pub(super) pv: PvIndex,
    runs: Vec<Run>,
    reserved: bool,
}

impl Pool {
    /// All of a PV that may be used.
    pub(super) fn new(usable: &Usable) -> Self {
        let ranges = usable.as_given.as_deref().unwrap_or(usable.runs());
        let run = |(number, range): (usize, &PeRange)| Run {
            number,
            start: range.start,
            length: range.extents,
            unreserved: range.extents,
        };
        let mut runs: Vec<Run> = ranges.iter().enumerate().map(run).collect();
        // A stable sort: equals stay as the user's ranges have them.
        runs.sort_by_key(|run| Reverse(run.length));
        Self { pv: usable.pv, runs, reserved: false }
    }

    /// Returns the first run from `place` on that is not fully reserved, and its place.
    pub(super) fn next(&self, place: usize) -> Option<(usize, Run)> {
        let mut runs = self.runs.iter().enumerate().skip(place);
        runs.find(|(_, run)| !run.unreserved.is_zero()).map(|(place, run)| (place, *run))
    }

    /// Reserves up to `wanted` extents of the run at `place`; returns how many those are, and where
    /// the walk goes on.
    pub(super) fn reserve(&mut self, place: usize, wanted: Extents) -> (Extents, usize) {
        self.reserved = true;
        let run = &mut self.runs[place];
        if wanted >= run.unreserved {
            let all = run.unreserved;
            run.unreserved = Extents::ZERO;
            return (all, place + 1);
        }
        run.unreserved -= wanted;
        let moved = self.move_run(place);
        // Never backwards, so that every walk ends.
        (wanted, moved.max(place) + 1)
    }

    /// Undoes reservations.
    pub(super) fn reset(&mut self) {
        if !self.reserved {
            return;
        }
        let mut place = 0;
        self.reserved = false;
        while let Some(run) = self.runs.get_mut(place) {
            if run.unreserved != run.length {
                run.unreserved = run.length;
                place = self.move_run(place);
            }
            place += 1;
        }
        self.reserved = self.runs.iter().any(|run| run.unreserved != run.length);
    }

    /// Takes `count` extents from the start of a run.
    ///
    /// # Panics
    /// If there is no such run or it is not that long.
    pub(super) fn take(&mut self, number: usize, count: Extents) -> Pe {
        let place = self.runs.iter().position(|run| run.number == number);
        let mut run = self.runs.remove(place.expect("what was chosen is still there"));
        assert!(count <= run.length, "no more is taken than there is");
        let start = run.start;
        if count < run.length {
            run.start = start.after(count);
            run.length -= count;
            run.unreserved = run.length;
            self.insert(run);
        }
        start
    }

    /// Puts a run where it belongs by what is not reserved of it.
    fn move_run(&mut self, place: usize) -> usize {
        let run = self.runs.remove(place);
        self.insert(run)
    }

    fn insert(&mut self, run: Run) -> usize {
        let shorter = self.runs.iter().position(|other| other.length < run.unreserved);
        let place = shorter.unwrap_or(self.runs.len());
        self.runs.insert(place, run);
        place
    }
}

/// Returns the free runs of a PV within the ranges: range by range, as they are given.
pub(super) fn free_runs(vg: &Vg, pv: PvIndex, ranges: &[PeRange]) -> Vec<PeRange> {
    let free = vg.free_runs(pv);
    let mut found = Vec::new();
    for range in ranges {
        let first = free.partition_point(|(start, length)| start.after(*length) <= range.start);
        let last = free.partition_point(|(start, _)| *start < range.end());
        found.reserve(last.saturating_sub(first));
        for &(start, length) in free[first..].iter().take_while(|run| run.0 < range.end()) {
            let start_here = start.max(range.start);
            let end = start.after(length).min(range.end());
            found.push(PeRange { start: start_here, extents: end.since(start_here) });
        }
    }
    found
}
