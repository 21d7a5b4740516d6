//! Free extents of PVs while they are given away.

use super::Request;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use core::cmp::Reverse;
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// A free run. The order, ascending, is that of LVM2's list backwards: the longest last, of equal
/// ones what has been whole for longest, then the one that begins first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Run {
    length: u64,
    /// How many runs of this PV had been taken from when this one was left; 0 for original runs.
    rest: Reverse<u64>,
    start: Reverse<u64>,
}

impl Run {
    /// Returns what all runs of this length, and no shorter ones, are above.
    const fn below(length: u64) -> Self {
        Self { length, rest: Reverse(u64::MAX), start: Reverse(u64::MAX) }
    }
}

/// The free extents of one PV that may be used.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    /// The PV.
    pub pv: PvIndex,
    runs: BTreeSet<Run>,
    free: Extents,
    taken: u64,
}

impl Pool {
    /// Returns how many extents are left.
    pub(super) fn free(&self) -> Extents {
        self.free
    }

    /// Returns the length of the longest run, 0 if none is left.
    pub(super) fn longest(&self) -> Extents {
        Extents::new(self.runs.last().map_or(0, |run| run.length))
    }

    /// Chooses a run as LVM2 does where `needed` extents would be welcome: the longest, unless
    /// shorter ones suffice. LVM2 goes through its list from the longest run on; each run that
    /// suffices replaces the one before and, shortened by what it would give, moves to its new
    /// place in the list, from where the walk goes on.
    fn choose(&self, needed: u64) -> Option<Run> {
        let mut chosen = *self.runs.last()?;
        while chosen.length > needed {
            let rest = chosen.length - needed;
            let next = self.runs.range(..Run::below(rest)).next_back();
            match next {
                Some(next) if next.length >= needed => chosen = *next,
                _ => return Some(chosen),
            }
        }
        if chosen.length == needed {
            // Nothing is left of it, so it does not move, and the walk ends at the last of its
            // size.
            chosen = *self.runs.range(Run::below(needed)..).next()?;
        }
        Some(chosen)
    }

    /// Takes the first `count` extents of the run that is chosen where `needed` would be welcome.
    ///
    /// # Panics
    /// If there is none or it is not that long.
    pub(super) fn take(&mut self, needed: Extents, count: Extents) -> Pe {
        let run = self.choose(needed.get()).expect("a pool that is taken from has a run");
        self.runs.remove(&run);
        self.keep_rest(run, count.get());
        Pe::new(run.start.0)
    }

    /// Returns the length of the run that begins at `start`, 0 if there is none.
    pub(super) fn length_at(&self, start: Pe) -> Extents {
        let run = self.runs.iter().find(|run| run.start.0 == start.get());
        Extents::new(run.map_or(0, |run| run.length))
    }

    /// Takes `count` extents from `start`, where a run begins.
    ///
    /// # Panics
    /// If none begins there or it is not that long.
    pub(super) fn take_at(&mut self, start: Pe, count: Extents) {
        let mut found = None;
        self.runs.retain(|run| {
            let here = run.start.0 == start.get();
            found = if here { Some(*run) } else { found };
            !here
        });
        self.keep_rest(found.expect("a run begins there"), count.get());
    }

    fn keep_rest(&mut self, run: Run, count: u64) {
        assert!(count <= run.length, "no more is taken than there is");
        self.free -= Extents::new(count);
        self.taken += 1;
        if count < run.length {
            self.runs.insert(Run {
                length: run.length - count,
                rest: Reverse(self.taken),
                start: Reverse(run.start.0 + count),
            });
        }
    }
}

/// Returns the free runs of a PV within the ranges, in the order of their extents.
pub(super) fn free_runs(vg: &Vg, pv: PvIndex, ranges: &[PeRange]) -> Vec<PeRange> {
    let mut ranges = ranges.to_vec();
    ranges.sort_unstable();
    let mut found = Vec::new();
    let mut free = vg.free_runs(pv).into_iter().peekable();
    for range in ranges {
        while let Some(&(start, length)) = free.peek() {
            let first = start.max(range.start);
            let end = start.after(length).min(range.end());
            if first < end {
                found.push(PeRange { start: first, extents: end.since(first) });
            }
            if start.after(length) > range.end() {
                break;
            }
            free.next();
        }
    }
    found
}

/// Returns a pool for each candidate, in their order.
pub(super) fn pools(vg: &Vg, request: &Request) -> Vec<Pool> {
    let pool = |candidate: &super::Candidate| {
        let runs = free_runs(vg, candidate.pv, &candidate.ranges);
        let run = |range: &PeRange| Run {
            length: range.extents.get(),
            rest: Reverse(0),
            start: Reverse(range.start.get()),
        };
        Pool {
            pv: candidate.pv,
            free: runs.iter().map(|range| range.extents).sum(),
            runs: runs.iter().map(run).collect(),
            taken: 0,
        }
    };
    request.candidates.iter().map(pool).collect()
}
