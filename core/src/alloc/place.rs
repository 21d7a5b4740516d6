//! A layout with the most rows of the stricter policies, and few segments.
//!
//! It is built piece by piece, the strictest rows first, as [`target`](super::target) says how many
//! of each kind there are. A piece goes to the PVs with the longest runs, as far as what is left
//! then has room for the rows that remain; where that leads nowhere, to the PVs with most extents:
//! with these no later row loses anything, so that every step succeeds if the first could.
//!
//! With one stripe that gives the fewest segments: each kind takes the longest runs first. With
//! several, fewest is hard, and there are three ways, of which the best is taken: as LVM2 chooses
//! its runs; with the runs that fit best; and with the rows of the widest kind *wrapped around*,
//! stripe below stripe, PV after PV: a PV that ends one stripe and begins the next has at most as
//! many extents as there are rows, so its last rows in the one lie behind its first rows in the
//! other (R. `McNaughton`, *Scheduling with deadlines and loss functions*, 1959).

use super::Layout;
use super::bounds::largest;
use super::problem::{Problem, Rule, Usable};
use super::stock::Stock;
use super::target::{Kind, Needs, Target};
use super::wrap;
use crate::model::pv::PvIndex;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use core::cmp::Reverse;
use std_alloc::vec::Vec;

/// How runs are chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Way {
    /// The longest run; one that holds all that is left, if there is any.
    Longest,
    /// The shortest run that holds the piece.
    Fitting,
    /// As [`Way::Longest`], but rows of the widest kind are wrapped around.
    Wrapped,
}

struct Build<'a> {
    problem: &'a Problem,
    target: &'a Target,
    way: Way,
    stocks: Vec<Stock>,
    layout: Layout,
    /// Rows of each kind that are still to be placed.
    rows: [u64; 4],
}

/// Places the rows of a problem of one leg that has a solution.
pub(super) fn place(problem: &Problem, target: &Target, way: Way) -> Layout {
    if problem.stripes == 1 {
        return one_stripe(problem, target);
    }
    let stocks = problem.pvs.iter().map(Stock::new).collect();
    let rows = target.rows;
    let mut build = Build { problem, target, way, stocks, layout: Layout::default(), rows };
    build.first_piece();
    for kind in [Kind::Home, Kind::Tied, Kind::Apart] {
        match way {
            Way::Wrapped if kind == Kind::Apart => build.wrap(kind),
            _ => build.pieces(kind),
        }
    }
    build.wrap(Kind::Any);
    build.layout
}

impl Build<'_> {
    fn first_piece(&mut self) {
        let rows = self.target.contiguous;
        if rows == 0 {
            return;
        }
        let ends = &self.problem.manner.ends;
        let mut areas = Vec::with_capacity(self.target.anchors.len());
        for (column, place) in self.target.anchors.iter().enumerate() {
            let start = match ends.get(column) {
                Some((_, start)) => {
                    self.stocks[*place].take_at(*start, rows);
                    *start
                }
                None => self.take(*place, rows, self.left() + rows),
            };
            areas.push((self.problem.pvs[*place].pv, start));
        }
        self.layout.push(Extents::new(rows), areas);
    }

    /// Returns how many rows are still to be placed.
    fn left(&self) -> u64 {
        self.rows.iter().sum()
    }

    fn take(&mut self, place: usize, rows: u64, left: u64) -> Pe {
        let wanted = if self.way == Way::Fitting { rows } else { left };
        self.stocks[place].take(rows, wanted)
    }

    /// Places the rows of a kind.
    fn pieces(&mut self, kind: Kind) {
        let kinds = &self.target.kinds;
        let places: Vec<usize> = (0..kinds.len()).filter(|place| kinds[*place] <= kind).collect();
        while self.rows[kind as usize] > 0 {
            let left = self.left();
            let longest = |place: usize| self.stocks[place].longest().min(left);
            let (mut chosen, mut rows) = self.candidate(kind, &places, &longest);
            let most = chosen.iter().map(|place| longest(*place)).min().unwrap_or(0);
            if rows < most.min(self.rows[kind as usize]) {
                let full = |place: usize| {
                    let stock = &self.stocks[place];
                    stock.free().min(left)
                };
                let (others, more) = self.candidate(kind, &places, &full);
                if more > rows {
                    (chosen, rows) = (others, more);
                }
            }
            assert!(rows > 0, "the PVs with most extents leave room for the rest");
            let mut areas = Vec::with_capacity(chosen.len());
            for place in chosen {
                areas.push((self.problem.pvs[place].pv, self.take(place, rows, left)));
            }
            self.rows[kind as usize] -= rows;
            self.layout.push(Extents::new(rows), areas);
        }
    }

    /// Returns the PVs that are first by `worth`, and how many rows they can take at once.
    fn candidate(
        &self,
        kind: Kind,
        places: &[usize],
        worth: &dyn Fn(usize) -> u64,
    ) -> (Vec<usize>, u64) {
        let stripes = self.problem.stripes;
        let mut chosen: Vec<(Reverse<u64>, usize)> = Vec::with_capacity(places.len());
        chosen.extend(places.iter().map(|place| (Reverse(worth(*place)), *place)));
        if stripes < chosen.len() {
            chosen.select_nth_unstable(stripes - 1);
            chosen.truncate(stripes);
        }
        chosen.sort_unstable();
        let chosen: Vec<usize> = chosen.into_iter().map(|(_, place)| place).collect();
        if chosen.len() < stripes {
            return (chosen, 0);
        }
        let longest = chosen.iter().map(|place| self.stocks[*place].longest()).min();
        let most = longest.unwrap_or(0).min(self.rows[kind as usize]);
        let rows = match stripes {
            // A single stripe leaves nothing unused.
            1 => most,
            _ => self.leaving_room(kind, &chosen, most),
        };
        (chosen, rows)
    }

    /// Returns how many rows up to `most` can go to these PVs, so that the rest still has room.
    fn leaving_room(&self, kind: Kind, chosen: &[usize], most: u64) -> u64 {
        let before: Vec<u64> = self.stocks.iter().map(Stock::free).collect();
        let leaves = |count: u64| {
            let mut free = before.clone();
            for place in chosen {
                free[*place] -= count;
            }
            let mut rows = self.rows;
            rows[kind as usize] -= count;
            let kinds = &self.target.kinds;
            Needs { stripes: self.problem.stripes as u64, kinds, rows }.are_met(&free)
        };
        if leaves(most) { most } else { largest(most, leaves) }
    }

    /// Places all rows of a kind at once, stripe below stripe.
    fn wrap(&mut self, kind: Kind) {
        let rows = core::mem::take(&mut self.rows[kind as usize]);
        let cap = if kind == Kind::Any { u64::MAX } else { rows };
        let runs: Vec<(PvIndex, Vec<_>)> = (self.problem.pvs.iter().zip(&self.stocks))
            .map(|(usable, stock)| (usable.pv, stock.runs()))
            .collect();
        for (extents, areas) in wrap::rows(&runs, cap, self.problem.stripes, rows) {
            for (pv, start) in &areas {
                let place = self.problem.pvs.iter().position(|usable| usable.pv == *pv);
                let place = place.expect("it is one of the problem's");
                self.stocks[place].take_at(*start, extents.get());
            }
            self.layout.push(extents, areas);
        }
    }
}

/// Places a single stripe: of each kind of rows the longest runs first, and at last the shortest
/// that holds what is left.
fn one_stripe(problem: &Problem, target: &Target) -> Layout {
    let mut layout = Layout::default();
    let mut push = |rows: u64, place: usize, start: Pe| {
        layout.push(Extents::new(rows), Vec::from([(problem.pvs[place].pv, start)]));
    };
    let [mut home, tied, apart, any] = target.rows;
    let end = problem.manner.ends.first().map(|(_, start)| *start);
    // Of a new LV the first piece is the longest run at home.
    match (end, target.anchors.first()) {
        (Some(start), Some(place)) => push(target.contiguous, *place, start),
        _ => home += target.contiguous,
    }
    let mut left = home + tied + apart + any;
    for (kind, mut rows) in [(Kind::Home, home), (Kind::Tied, tied), (Kind::Apart, apart + any)] {
        if rows == 0 {
            continue;
        }
        let places = (0..problem.pvs.len()).filter(|place| target.kinds[*place] == kind);
        let mut runs: Vec<(Reverse<u64>, usize, Pe)> = Vec::new();
        for place in places {
            let behind = end.filter(|_| target.anchors.first() == Some(&place));
            let taken = behind.map(|start| (start, target.contiguous));
            let pieces = problem.pvs[place].runs().iter().flat_map(|run| without(*run, taken));
            runs.extend(pieces.map(|run| (Reverse(run.extents.get()), place, run.start)));
        }
        let fits = |left: u64| move |run: &&(Reverse<u64>, usize, Pe)| run.0.0 >= left;
        if !runs.iter().any(|run| fits(left)(&run)) {
            runs.sort_unstable();
        }
        let mut rest = runs.as_slice();
        while rows > 0 {
            if let Some((_, place, start)) =
                rest.iter().filter(fits(left)).min_by_key(|run| (run.1, run.0.0, run.2))
            {
                push(rows, *place, *start);
                return layout;
            }
            while let Some(((Reverse(length), place, start), others)) = rest.split_first()
                && rows > 0
            {
                let length = (*length).min(rows);
                push(length, *place, *start);
                (rows, left, rest) = (rows - length, left - length, others);
                if others.first().is_some_and(|run| run.0.0 >= left) {
                    break;
                }
            }
        }
    }
    layout
}

/// Returns what is left of a run when extents from `start` on are taken.
fn without(run: PeRange, taken: Option<(Pe, u64)>) -> impl Iterator<Item = PeRange> {
    let (before, behind) = match taken {
        Some((start, rows)) if run.start <= start && start < run.end() => {
            let end = start.after(Extents::new(rows));
            let before = PeRange { start: run.start, extents: start.since(run.start) };
            (Some(before), Some(PeRange { start: end, extents: run.end().since(end) }))
        }
        _ => (Some(run), None),
    };
    before.into_iter().chain(behind).filter(|run| !run.extents.is_zero())
}

/// Returns a solution in one piece.
pub(super) fn one_piece(problem: &Problem) -> Layout {
    let fitting = |usable: &Usable| {
        let fits = usable.runs().iter().filter(|run| run.extents >= problem.rows);
        fits.min_by_key(|run| run.extents).map(|run| (usable.pv, run.start))
    };
    let areas = match &problem.rule {
        Rule::OnePiece { starts: Some(starts) } => starts.clone(),
        _ => problem.pvs.iter().filter_map(fitting).take(problem.stripes).collect(),
    };
    let mut layout = Layout::default();
    layout.push(problem.rows, areas);
    layout
}
