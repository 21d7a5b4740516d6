//! What is left of a PV while it is given away, by length.

use super::problem::Usable;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// A free run as one integer, since these sort fastest: its length, and behind it the complement
/// of its start, so that of equal ones the last in order is the first on the PV.
type Key = u128;

fn key(run: PeRange) -> Key {
    u128::from(run.extents.get()) << 64 | u128::from(!run.start.get())
}

fn length(key: Key) -> u64 {
    u64::try_from(key >> 64).expect("64 bits are left")
}

fn run(key: Key) -> PeRange {
    let start = !u64::try_from(key & u128::from(u64::MAX)).expect("64 bits are left");
    PeRange { start: Pe::new(start), extents: Extents::new(length(key)) }
}

/// The free runs of a PV.
#[derive(Clone, Debug)]
pub(super) struct Stock {
    /// Runs of which nothing has been taken, the shortest first; of equal ones the last first.
    whole: Vec<Key>,
    /// What is left of others.
    rest: BTreeSet<Key>,
    free: u64,
}

impl Stock {
    pub(super) fn new(usable: &Usable) -> Self {
        let mut whole: Vec<Key> = usable.runs().iter().map(|run| key(*run)).collect();
        whole.sort_unstable();
        Self { whole, rest: BTreeSet::new(), free: usable.free().get() }
    }

    /// Returns how much is left.
    pub(super) fn free(&self) -> u64 {
        self.free
    }

    /// Returns the length of the longest run.
    pub(super) fn longest(&self) -> u64 {
        let whole = self.whole.last().copied();
        length(whole.max(self.rest.last().copied()).unwrap_or(0))
    }

    /// Takes `rows` extents from the start of the shortest run that has `wanted`, or from the
    /// longest one, which has at least `rows`.
    pub(super) fn take(&mut self, rows: u64, wanted: u64) -> Pe {
        let taken = if self.longest() <= wanted { self.pop() } else { self.pop_fitting(wanted) };
        self.put_back(taken, rows);
        taken.start
    }

    /// Takes the longest run out; of equal ones the first.
    pub(super) fn pop(&mut self) -> PeRange {
        let key = match (self.whole.last(), self.rest.last()) {
            (Some(whole), Some(rest)) if rest > whole => self.rest.pop_last(),
            (None, _) => self.rest.pop_last(),
            _ => self.whole.pop(),
        };
        run(key.expect("there is a run"))
    }

    /// Takes the shortest run of at least `wanted` extents out; of equal ones the first.
    fn pop_fitting(&mut self, wanted: u64) -> PeRange {
        let least = u128::from(wanted) << 64;
        let place = self.whole.partition_point(|key| *key < least);
        let whole = self.whole.get(place).map(|found| {
            let equals = self.whole[place..].partition_point(|key| length(*key) == length(*found));
            place + equals - 1
        });
        let rest = self.rest.range(least..).next().copied();
        match (whole, rest) {
            (Some(place), Some(rest)) if length(rest) >= length(self.whole[place]) => {
                run(self.whole.remove(place))
            }
            (Some(place), None) => run(self.whole.remove(place)),
            (_, rest) => {
                let rest = rest.expect("a run is as long as the longest");
                self.rest.remove(&rest);
                run(rest)
            }
        }
    }

    /// Takes `rows` extents from `start` on, which are free.
    pub(super) fn take_at(&mut self, start: Pe, rows: u64) {
        let holds = |key: &Key| {
            let run = run(*key);
            run.start <= start && start < run.end()
        };
        let found = if let Some(place) = self.whole.iter().position(holds) {
            run(self.whole.remove(place))
        } else {
            let found = self.rest.iter().copied().find(holds).expect("it is free");
            self.rest.remove(&found);
            run(found)
        };
        let before = start.since(found.start);
        if !before.is_zero() {
            self.rest.insert(key(PeRange { extents: before, ..found }));
        }
        self.put_back(PeRange { start, extents: found.end().since(start) }, rows);
    }

    fn put_back(&mut self, taken: PeRange, rows: u64) {
        let extents = taken.extents - Extents::new(rows);
        if !extents.is_zero() {
            let start = taken.start.after(Extents::new(rows));
            self.rest.insert(key(PeRange { start, extents }));
        }
        self.free -= rows;
    }

    /// Returns the runs that are left, the longest first.
    pub(super) fn runs(&self) -> Vec<PeRange> {
        let mut keys: Vec<Key> = self.whole.iter().chain(&self.rest).copied().collect();
        keys.sort_unstable();
        keys.into_iter().rev().map(run).collect()
    }
}
