//! What is left of a PV while it is given away, by length.

use super::problem::Usable;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use core::cmp::Reverse;
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// The free runs of a PV.
#[derive(Clone, Debug)]
pub(super) struct Stock {
    /// Runs of which nothing has been taken, the shortest first; of equal ones the last first.
    whole: Vec<PeRange>,
    /// What is left of others.
    rest: BTreeSet<(Extents, Reverse<Pe>)>,
    free: u64,
}

/// A run of a stock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Choice {
    Whole(usize),
    Rest(Extents, Pe),
}

impl Stock {
    pub(super) fn new(usable: &Usable) -> Self {
        let mut whole = usable.runs().to_vec();
        whole.sort_unstable_by_key(|run| (run.extents, Reverse(run.start)));
        Self { whole, rest: BTreeSet::new(), free: usable.free().get() }
    }

    /// Returns how much is left.
    pub(super) fn free(&self) -> u64 {
        self.free
    }

    /// Returns the length of the longest run.
    pub(super) fn longest(&self) -> u64 {
        let whole = self.whole.last().map_or(0, |run| run.extents.get());
        self.rest.last().map_or(0, |rest| rest.0.get()).max(whole)
    }

    /// Returns the shortest run of at least `wanted` extents; of equal ones the first.
    fn fitting(&self, wanted: u64) -> Option<Choice> {
        let wanted = Extents::new(wanted);
        let place = self.whole.partition_point(|run| run.extents < wanted);
        let whole = self.whole.get(place).map(|run| {
            let equals = self.whole[place..].partition_point(|other| other.extents == run.extents);
            (run.extents, Choice::Whole(place + equals - 1))
        });
        let rest = self.rest.range((wanted, Reverse(Pe::new(u64::MAX)))..).next();
        let rest = rest.map(|(length, start)| (*length, Choice::Rest(*length, start.0)));
        let fits = rest.into_iter().chain(whole);
        fits.min_by_key(|(length, _)| *length).map(|(_, choice)| choice)
    }

    /// Takes `rows` extents from the start of the shortest run that has `wanted`, or from the
    /// longest one, which has at least `rows`.
    pub(super) fn take(&mut self, rows: u64, wanted: u64) -> Pe {
        let longest = self.longest();
        let choice = self.fitting(wanted.min(longest)).expect("a run is as long as the longest");
        let run = match choice {
            Choice::Whole(place) => self.whole.remove(place),
            Choice::Rest(extents, start) => {
                self.rest.remove(&(extents, Reverse(start)));
                PeRange { start, extents }
            }
        };
        self.put_back(run, rows);
        run.start
    }

    /// Takes `rows` extents from `start` on, which are free.
    pub(super) fn take_at(&mut self, start: Pe, rows: u64) {
        let holds = |run: &PeRange| run.start <= start && start < run.end();
        let run = if let Some(place) = self.whole.iter().position(holds) {
            self.whole.remove(place)
        } else {
            let rest = self.rest.iter().copied();
            let mut rest = rest.map(|(extents, start)| PeRange { start: start.0, extents });
            let run = rest.find(holds).expect("it is free");
            self.rest.remove(&(run.extents, Reverse(run.start)));
            run
        };
        let before = start.since(run.start);
        if !before.is_zero() {
            self.rest.insert((before, Reverse(run.start)));
        }
        self.put_back(PeRange { start, extents: run.end().since(start) }, rows);
    }

    fn put_back(&mut self, run: PeRange, rows: u64) {
        let left = run.extents - Extents::new(rows);
        if !left.is_zero() {
            self.rest.insert((left, Reverse(run.start.after(Extents::new(rows)))));
        }
        self.free -= rows;
    }

    /// Returns the runs that are left, the longest first.
    pub(super) fn runs(&self) -> Vec<PeRange> {
        let rest =
            self.rest.iter().map(|(extents, start)| PeRange { start: start.0, extents: *extents });
        let mut runs: Vec<PeRange> = self.whole.iter().copied().chain(rest).collect();
        runs.sort_unstable_by_key(|run| (Reverse(run.extents), run.start));
        runs
    }
}
