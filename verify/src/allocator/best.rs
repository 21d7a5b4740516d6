//! The best layout there is, by trying all: for problems of one leg and a handful of extents.

use extant_core::alloc::order::Measure;
use extant_core::alloc::problem::{Problem, Rule};
use extant_core::model::pv::PvIndex;
use extant_core::units::{Extents, Pe};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// An extent.
type Place = (PvIndex, u64);

/// Rows that follow, cling, are tied, are apart; and segments, less than none.
type Score = [i64; 5];

/// Returns how good the best layout is; nothing if there is none.
///
/// # Panics
/// If there are several legs, or the rule is of pieces or groups.
pub fn best(problem: &Problem) -> Option<Measure> {
    assert!(matches!(problem.rule, Rule::Apart | Rule::Anywhere) && problem.legs == 1);
    let mut places = Vec::new();
    for usable in &problem.pvs {
        let runs = usable.runs().iter();
        let extents = runs.flat_map(|run| run.start.get()..run.end().get());
        places.extend(extents.map(|pe| (usable.pv, pe)));
    }
    let rows = rows(&places, problem);
    let is_new = problem.manner.ends.is_empty();
    let home = problem.pvs.iter().filter(|usable| usable.home).map(|usable| usable.pv);
    let home: BTreeSet<PvIndex> = home.collect();
    let left = problem.rows.get();
    let score = if is_new {
        let with_first = |first: &usize| {
            let row = &rows[*first];
            let home = if row.is_apart { row.pvs().collect() } else { BTreeSet::new() };
            let mut tries = Tries { problem, rows: &rows, home, known: BTreeMap::new() };
            tries.after(*first, None, false, 0, left)
        };
        (0..rows.len()).filter_map(|first| with_first(&first)).max()
    } else {
        let mut tries = Tries { problem, rows: &rows, home, known: BTreeMap::new() };
        tries.from(None, false, 0, left)
    };
    let count = |count: i64| u64::try_from(count).expect("rows are counted up");
    score.map(|[contiguous, cling, tied, apart, segments]| Measure {
        contiguous: Extents::new(count(contiguous)),
        cling: Extents::new(count(cling)),
        tied: Extents::new(count(tied)),
        apart: Extents::new(count(apart)),
        segments: Reverse(usize::try_from(-segments).expect("segments are counted down")),
    })
}

/// A row that is allowed.
struct Row {
    places: Vec<Place>,
    used: u32,
    is_apart: bool,
}

impl Row {
    fn pvs(&self) -> impl Iterator<Item = PvIndex> {
        self.places.iter().map(|place| place.0)
    }
}

fn rows(places: &[Place], problem: &Problem) -> Vec<Row> {
    let mut rows: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..problem.stripes {
        let longer = |row: &Vec<usize>| {
            let others: Vec<usize> =
                (0..places.len()).filter(|place| !row.contains(place)).collect();
            let row = row.clone();
            others.into_iter().map(move |place| row.iter().copied().chain([place]).collect())
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    let row = |row: Vec<usize>| {
        let of_row: Vec<Place> = row.iter().map(|place| places[*place]).collect();
        let pvs: BTreeSet<PvIndex> = of_row.iter().map(|place| place.0).collect();
        let used = row.iter().fold(0, |used, place| used | 1 << place);
        Row { is_apart: pvs.len() == of_row.len(), places: of_row, used }
    };
    let all = rows.into_iter().map(row);
    all.filter(|row| row.is_apart || problem.rule == Rule::Anywhere).collect()
}

struct Tries<'a> {
    problem: &'a Problem,
    rows: &'a [Row],
    home: BTreeSet<PvIndex>,
    known: BTreeMap<(Option<usize>, bool, u32, u64), Option<Score>>,
}

impl Tries<'_> {
    /// Returns the best score of rows behind `last`; `leads` as long as all follow one another.
    fn from(&mut self, last: Option<usize>, leads: bool, used: u32, left: u64) -> Option<Score> {
        if left == 0 {
            return Some(Score::default());
        }
        if let Some(score) = self.known.get(&(last, leads, used, left)) {
            return *score;
        }
        let mut best = None;
        for next in 0..self.rows.len() {
            if self.rows[next].used & used == 0 {
                best = best.max(self.after(next, last, leads, used, left));
            }
        }
        self.known.insert((last, leads, used, left), best);
        best
    }

    /// Returns the best score of the row `next` and those behind it.
    fn after(
        &mut self,
        next: usize,
        last: Option<usize>,
        leads: bool,
        used: u32,
        left: u64,
    ) -> Option<Score> {
        let row = &self.rows[next];
        let ends = &self.problem.manner.ends;
        let goes_on = |one: &Place, other: &Place| one.0 == other.0 && one.1 + 1 == other.1;
        let follows = if let Some(last) = last {
            let before = &self.rows[last].places;
            before.iter().zip(&row.places).all(|(one, other)| goes_on(one, other))
        } else {
            let at = |(place, end): (&Place, &(PvIndex, Pe))| *place == (end.0, end.1.get());
            !ends.is_empty() && row.places.iter().zip(ends).all(at)
        };
        let begins = last.is_none() && ends.is_empty();
        let leads =
            row.is_apart && if last.is_none() { follows || begins } else { leads && follows };
        let group = |pv: PvIndex| {
            let usable = self.problem.usable(pv);
            usable.map_or(pv.get(), |usable| usable.group)
        };
        let near: BTreeSet<usize> = self.home.iter().map(|pv| group(*pv)).collect();
        let clings = row.is_apart && row.pvs().all(|pv| self.home.contains(&pv));
        let is_tied = row.is_apart && row.pvs().all(|pv| near.contains(&group(pv)));
        let own = [leads, clings, is_tied, row.is_apart].map(i64::from);
        let segment = i64::from(!follows);
        let rest = self.from(Some(next), leads, used | row.used, left - 1)?;
        let [a, b, c, d] = own;
        Some([a + rest[0], b + rest[1], c + rest[2], d + rest[3], rest[4] - segment])
    }
}
