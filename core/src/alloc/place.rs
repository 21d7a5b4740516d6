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
use crate::units::{Extents, Pe};
use core::cmp::Reverse;
use std_alloc::collections::BinaryHeap;
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
    /// No PV has more free extents.
    most_free: u64,
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
    let most_free = problem.pvs.iter().map(|usable| usable.free().get()).max().unwrap_or(0);
    let mut layout = Layout::default();
    layout.pieces.reserve(pieces_max(problem));
    let mut build = Build { problem, target, way, stocks, most_free, layout, rows };
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
        let mut chosen: Vec<(u64, usize)> = Vec::with_capacity(stripes + 1);
        for place in places {
            let worth = worth(*place);
            if chosen.len() == stripes && chosen[stripes - 1].0 >= worth {
                continue;
            }
            let at = chosen.partition_point(|(other, _)| *other >= worth);
            chosen.insert(at, (worth, *place));
            chosen.truncate(stripes);
        }
        let chosen: Vec<usize> = chosen.into_iter().map(|(_, place)| place).collect();
        if chosen.len() < stripes {
            return (chosen, 0);
        }
        let longest = chosen.iter().map(|place| self.stocks[*place].longest()).min();
        let most = longest.unwrap_or(0).min(self.rows[kind as usize]);
        (chosen.clone(), self.leaving_room(kind, &chosen, most))
    }

    /// Returns how many rows up to `most` can go to these PVs, so that the rest still has room.
    fn leaving_room(&self, kind: Kind, chosen: &[usize], most: u64) -> u64 {
        // While no PV could serve more rows than are left, none goes unused.
        let left = self.left();
        if self.rows[kind as usize] == left && self.most_free <= left - most {
            return most;
        }
        let leaves = |count: u64| {
            let mut free: Vec<u64> = self.stocks.iter().map(Stock::free).collect();
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

/// Returns how many pieces there will hardly be more of.
fn pieces_max(problem: &Problem) -> usize {
    let runs: usize = problem.pvs.iter().map(|usable| usable.runs().len()).sum();
    let free = problem.free().get().max(1);
    let share = u128::from(problem.rows.get()) * runs as u128 / u128::from(free);
    usize::try_from(share).unwrap_or(runs).min(runs) + 8
}

/// Places a single stripe: of each kind of rows the longest runs first, and at last the shortest
/// that holds what is left.
fn one_stripe(problem: &Problem, target: &Target) -> Layout {
    let pvs = &problem.pvs;
    let mut layout = Layout::default();
    layout.pieces.reserve(pieces_max(problem));
    let mut push = |rows: u64, place: usize, start: Pe| {
        layout.push(Extents::new(rows), Vec::from([(pvs[place].pv, start)]));
    };
    let [mut home, tied, apart, any] = target.rows;
    let end = problem.manner.ends.first().map(|(_, start)| *start);
    // Of a new LV the first piece is the longest run at home.
    let behind = target.anchors.first().copied().zip(end);
    if let Some((place, start)) = behind {
        push(target.contiguous, place, start);
    } else {
        home += target.contiguous;
    }
    let mut left = home + tied + apart + any;
    for (kind, mut rows) in [(Kind::Home, home), (Kind::Tied, tied), (Kind::Apart, apart + any)] {
        if rows == 0 {
            continue;
        }
        let of_kind = (0..pvs.len()).filter(|place| target.kinds[*place] == kind);
        let is_touched = |place: usize| behind.is_some_and(|(touched, _)| touched == place);
        // What one run holds needs no order.
        let holds = |place: &usize| !is_touched(*place) && pvs[*place].longest().get() >= left;
        if let Some(place) = of_kind.clone().find(holds) {
            let fits = pvs[place].runs().iter().filter(|run| run.extents.get() >= left);
            let run = fits.min_by_key(|run| run.extents).expect("the longest does");
            push(left, place, run.start);
            return layout;
        }
        let mut stocks: Vec<(usize, Stock)> =
            of_kind.map(|place| (place, Stock::new(&pvs[place]))).collect();
        for (place, stock) in &mut stocks {
            if let Some((_, start)) = behind.filter(|(touched, _)| touched == place) {
                stock.take_at(start, target.contiguous);
            }
        }
        let worth =
            |(number, (_, stock)): (usize, &(usize, Stock))| (stock.longest(), Reverse(number));
        let mut order: BinaryHeap<(u64, Reverse<usize>)> =
            stocks.iter().enumerate().map(worth).collect();
        while rows > 0 {
            let (longest, Reverse(number)) = order.pop().expect("there is room for all rows");
            let number = if longest >= left {
                // The first PV with a run that holds what is left, if there are several.
                let holds = |(_, stock): &(usize, Stock)| stock.longest() >= left;
                stocks.iter().position(holds).unwrap_or(number)
            } else {
                number
            };
            let (place, stock) = &mut stocks[number];
            let taken = longest.min(rows);
            push(taken, *place, stock.take(taken, left));
            (rows, left) = (rows - taken, left - taken);
            order.push((stock.longest(), Reverse(number)));
        }
    }
    layout
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
