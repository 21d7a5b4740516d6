//! The solver, the certificates and the checker against the specification, on every small problem.

use crate::alloc::problem::{Problem, Rule, Usable};
use crate::alloc::refusal::{Certificate, refute};
use crate::alloc::{Layout, bounds, check, construct, spec};
use crate::model::pv::PvIndex;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use proptest::collection::vec as some;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use std_alloc::vec;
use std_alloc::vec::Vec;

/// PVs of every small volume group: up to so many, of up to so many extents.
const PVS: usize = 3;
const PES: u32 = 3;

/// The free extents that a bit mask shows.
fn runs(mask: u32) -> Vec<PeRange> {
    let mut runs: Vec<PeRange> = Vec::new();
    for pe in (0..u32::BITS).filter(|pe| mask & (1 << pe) != 0).map(|pe| Pe::new(u64::from(pe))) {
        match runs.last_mut().filter(|last| last.end() == pe) {
            Some(last) => last.extents += Extents::new(1),
            None => runs.push(PeRange { start: pe, extents: Extents::new(1) }),
        }
    }
    runs
}

fn problem(masks: &[u32], groups: &[usize], rows: u64, stripes: usize, rule: Rule) -> Problem {
    let usable = |(pv, (mask, group)): (u32, (&u32, &usize))| Usable {
        pv: PvIndex(pv),
        runs: runs(*mask),
        group: *group,
    };
    let pvs = (0..).zip(masks.iter().zip(groups)).map(usable).collect();
    Problem { pvs, rows: Extents::new(rows), stripes, rule }
}

/// All ways to put three PVs into groups.
const GROUPS: [[usize; PVS]; 5] = [[0, 1, 2], [0, 0, 2], [0, 1, 0], [0, 1, 1], [0, 0, 0]];

/// Judges one problem; returns whether it has a solution.
fn judge(problem: &Problem) -> bool {
    let exists = spec::exists(problem);
    assert_eq!(bounds::holds(problem, problem.rows), exists, "{problem:?}");
    if exists {
        let layout = construct::construct(problem);
        assert!(spec::allows(problem, &layout), "{problem:?} {layout:?}");
        assert_eq!(check::layout(problem, &layout), Ok(()), "{problem:?} {layout:?}");
        assert_eq!(refute(problem), None);
    } else {
        let certificate = refute(problem).expect("there is no solution");
        assert_eq!(check::certificate(problem, &certificate), Ok(()), "{problem:?}");
    }
    exists
}

#[test]
fn every_small_problem_is_solved_or_refuted() {
    let (mut solved, mut refuted) = (0, 0);
    let mut count = |problem: &Problem| {
        *(if judge(problem) { &mut solved } else { &mut refuted }) += 1;
    };
    for number in 0..(1_u32 << PES).pow(3) {
        let masks = [0, 1, 2].map(|pv| (number >> (PES * pv)) & ((1 << PES) - 1));
        for (rows, stripes) in (0..6).flat_map(|rows| (1..=3).map(move |stripes| (rows, stripes))) {
            for rule in [Rule::Apart, Rule::Anywhere, Rule::OnePiece { starts: None }] {
                count(&problem(&masks, &GROUPS[0], rows, stripes, rule));
            }
            for groups in &GROUPS {
                count(&problem(&masks, groups, rows, stripes, Rule::WithinGroups));
            }
        }
        let places = (0..3).flat_map(|pv| (0..3).map(move |pe| (PvIndex(pv), Pe::new(pe))));
        for (one, rows) in places.clone().flat_map(|one| (0..4).map(move |rows| (one, rows))) {
            let rule = |starts| Rule::OnePiece { starts: Some(starts) };
            count(&problem(&masks, &GROUPS[0], rows, 1, rule(vec![one])));
            for two in places.clone() {
                count(&problem(&masks, &GROUPS[0], rows, 2, rule(vec![one, two])));
            }
        }
    }
    assert_eq!((solved, refuted), (93_024, 165_024));
}

fn problems() -> impl Strategy<Value = Problem> {
    let start = (0_u32..3, 0_u64..4).prop_map(|(pv, pe)| (PvIndex(pv), Pe::new(pe)));
    let rule = (0..5_u8, some(start, 3)).prop_map(|(rule, starts)| match rule {
        0 => Rule::Apart,
        1 => Rule::Anywhere,
        2 => Rule::WithinGroups,
        3 => Rule::OnePiece { starts: None },
        _ => Rule::OnePiece { starts: Some(starts) },
    });
    let numbers = (some(0_u32..32, 3), some(0_usize..2, 3), 1_u64..5, 1_usize..4);
    (numbers, rule).prop_map(|((masks, groups, rows, stripes), mut rule)| {
        if let Rule::OnePiece { starts: Some(starts) } = &mut rule {
            starts.truncate(stripes);
        }
        problem(&masks, &groups, rows, stripes, rule)
    })
}

fn layouts() -> impl Strategy<Value = Layout> {
    let area = (0_u32..4, 0_u64..6).prop_map(|(pv, pe)| (PvIndex(pv), Pe::new(pe)));
    let piece = (1_u64..4, some(area, 1..4));
    some(piece, 0..4).prop_map(|pieces| {
        let mut layout = Layout::default();
        for (rows, areas) in pieces {
            layout.push(Extents::new(rows), areas);
        }
        layout
    })
}

/// A layout that is nearly right: of the construction, with one number changed.
fn nearly(problem: &Problem, place: usize, by: u64, pv: u32) -> Layout {
    let most = bounds::most_rows(problem);
    let mut layout = construct::construct(&Problem { rows: most, ..problem.clone() });
    let mut areas: Vec<_> = layout.pieces.iter_mut().flat_map(|piece| &mut piece.areas).collect();
    let count = areas.len().max(1);
    if let Some(area) = areas.get_mut(place % count) {
        area.1 = Pe::new(area.1.get().wrapping_add(by) % 6);
        if pv < 3 {
            area.0 = PvIndex(pv);
        }
    }
    let mut joined = Layout::default();
    for piece in layout.pieces {
        joined.push(piece.rows, piece.areas);
    }
    joined
}

fn certificates() -> impl Strategy<Value = Certificate> {
    let pv = || (0_u32..3).prop_map(PvIndex);
    let extents = || (0_u64..6).prop_map(Extents::new);
    (0..6_u8, some(pv(), 0..3), some((pv(), extents()), 3..4), some((0_usize..3, 0_u128..12), 1..4))
        .prop_map(|(kind, long, mut given, groups)| match kind {
            0 => Certificate::ShortRuns { long },
            1 => Certificate::NothingBehind { stripe: groups[0].0, free: given[0].1 },
            2 => Certificate::SharedEnd { stripe: groups[0].0, other: given[0].0.get() },
            3 => Certificate::Groups(groups),
            4 => {
                (0..).zip(&mut given).for_each(|(pv, given)| given.0 = PvIndex(pv));
                Certificate::Rows(given)
            }
            _ => Certificate::Total(given[0].1),
        })
}

proptest! {
    /// The checker takes exactly what the specification allows.
    #[test]
    fn the_checker_is_the_specification(
        problem in problems(),
        layout in layouts(),
        (place, by, pv) in (any::<usize>(), 0_u64..6, 0_u32..6),
        rows in any::<bool>(),
    ) {
        for layout in [layout, nearly(&problem, place, by, pv)] {
            let rows = if rows { layout.rows() } else { problem.rows };
            let problem = Problem { rows, ..problem.clone() };
            let allowed = spec::allows(&problem, &layout);
            prop_assert_eq!(check::layout(&problem, &layout).is_ok(), allowed);
        }
    }

    /// No certificate is taken for a problem that has a solution, whatever it says.
    #[test]
    fn what_certificates_prove_is_so(problem in problems(), certificate in certificates()) {
        if check::certificate(&problem, &certificate).is_ok() {
            prop_assert!(!spec::exists(&problem));
        }
        judge(&problem);
    }

    /// Where there is room for some rows there is for fewer, and for none more than is said.
    #[test]
    fn fewer_rows_are_no_harder(problem in problems()) {
        let most = bounds::most_rows(&problem);
        for rows in 0..=problem.rows.get() {
            let rows = Extents::new(rows);
            let problem = Problem { rows, ..problem.clone() };
            prop_assert_eq!(spec::exists(&problem), rows <= most);
        }
    }
}
