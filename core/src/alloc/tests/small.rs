//! The solver, the certificates and the checker against the specification, on every small problem.

use crate::alloc::cover::Node;
use crate::alloc::problem::{Problem, Rule, Usable};
use crate::alloc::refusal::{Certificate, Verdict};
use crate::alloc::solve::solve;
use crate::alloc::{Layout, bounds, check, spec};
use crate::model::pv::PvIndex;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use proptest::collection::vec as some;
use proptest::option;
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

fn problem(
    masks: &[u32],
    groups: &[usize],
    rows: u64,
    (legs, stripes): (usize, usize),
    rule: Rule,
) -> Problem {
    let usable = |(pv, (mask, group)): (u32, (&u32, &usize))| {
        let mut usable = Usable::new(PvIndex(pv), runs(*mask));
        usable.group = *group;
        usable
    };
    let pvs = (0..).zip(masks.iter().zip(groups)).map(usable).collect();
    Problem::plain(pvs, legs, stripes, Extents::new(rows), rule)
}

/// All ways to put three PVs into groups.
const GROUPS: [[usize; PVS]; 5] = [[0, 1, 2], [0, 0, 2], [0, 1, 0], [0, 1, 1], [0, 0, 0]];

/// Judges one problem; returns whether it has a solution.
fn judge(problem: &Problem) -> bool {
    let exists = spec::exists(problem);
    assert_eq!(bounds::holds(problem, problem.rows), exists, "{problem:?}");
    match solve(problem) {
        Ok(layout) => {
            assert!(spec::allows(problem, &layout), "{problem:?} {layout:?}");
            assert_eq!(check::layout(problem, &layout), Ok(()), "{problem:?} {layout:?}");
        }
        Err(Verdict::Proved(certificate)) => {
            assert!(!exists, "{problem:?} {certificate:?}");
            assert_eq!(check::certificate(problem, &certificate), Ok(()), "{problem:?}");
        }
        Err(Verdict::Undecided { limit }) => panic!("{limit} is enough for {problem:?}"),
    }
    exists
}

/// The legs and stripes of small problems.
const SHAPES: [(usize, usize); 5] = [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1)];

#[test]
fn every_small_problem_is_solved_or_refuted() {
    let (mut solved, mut refuted) = (0, 0);
    let mut count = |problem: &Problem| {
        *(if judge(problem) { &mut solved } else { &mut refuted }) += 1;
    };
    for number in 0..(1_u32 << PES).pow(3) {
        let masks = [0, 1, 2].map(|pv| (number >> (PES * pv)) & ((1 << PES) - 1));
        for (rows, shape) in (0..6).flat_map(|rows| SHAPES.map(|shape| (rows, shape))) {
            for rule in [Rule::Apart, Rule::Anywhere, Rule::OnePiece { starts: None }] {
                count(&problem(&masks, &GROUPS[0], rows, shape, rule));
            }
            for groups in &GROUPS {
                count(&problem(&masks, groups, rows, shape, Rule::WithinGroups));
            }
        }
        let places = (0..3).flat_map(|pv| (0..3).map(move |pe| (PvIndex(pv), Pe::new(pe))));
        for (one, rows) in places.clone().flat_map(|one| (0..4).map(move |rows| (one, rows))) {
            let rule = |starts| Rule::OnePiece { starts: Some(starts) };
            count(&problem(&masks, &GROUPS[0], rows, (1, 1), rule(vec![one])));
            for two in places.clone() {
                count(&problem(&masks, &GROUPS[0], rows, (1, 2), rule(vec![one, two])));
                count(&problem(&masks, &GROUPS[0], rows, (2, 1), rule(vec![one, two])));
            }
        }
    }
    assert_eq!((solved, refuted), (157_500, 315_588));
}

fn problems() -> impl Strategy<Value = Problem> {
    let start = (0_u32..4, 0_u64..4).prop_map(|(pv, pe)| (PvIndex(pv), Pe::new(pe)));
    let rule = (0..5_u8, some(start, 6)).prop_map(|(rule, starts)| match rule {
        0 => Rule::Apart,
        1 => Rule::Anywhere,
        2 => Rule::WithinGroups,
        3 => Rule::OnePiece { starts: None },
        _ => Rule::OnePiece { starts: Some(starts) },
    });
    let numbers = (some(0_u32..32, 4), some(0_usize..3, 4), 1_u64..5, 1_usize..4, 1_usize..4);
    let served = some(option::weighted(0.3, 0_usize..3), 4);
    (numbers, rule, served).prop_map(|((masks, groups, rows, legs, stripes), mut rule, served)| {
        let (legs, stripes) = if legs * stripes > 6 { (legs, 1) } else { (legs, stripes) };
        if let Rule::OnePiece { starts: Some(starts) } = &mut rule {
            starts.truncate(legs * stripes);
        }
        let fixed = rule != Rule::WithinGroups;
        let mut problem = problem(&masks, &groups, rows, (legs, stripes), rule);
        for (usable, leg) in problem.pvs.iter_mut().zip(served) {
            usable.leg = leg.filter(|leg| fixed && *leg < legs);
        }
        problem
    })
}

fn layouts() -> impl Strategy<Value = Layout> {
    let area = (0_u32..4, 0_u64..6).prop_map(|(pv, pe)| (PvIndex(pv), Pe::new(pe)));
    let piece = (1_u64..4, some(area, 1..7));
    some(piece, 0..4).prop_map(|pieces| {
        let mut layout = Layout::default();
        for (rows, areas) in pieces {
            layout.push(Extents::new(rows), areas);
        }
        layout
    })
}

/// A layout that is nearly right: one that was found, with one number changed.
fn nearly(problem: &Problem, place: usize, by: u64, pv: u32) -> Layout {
    let most = bounds::most_rows(problem);
    let found = solve(&Problem { rows: most, ..problem.clone() });
    let mut layout = found.expect("so many rows have room");
    let mut areas: Vec<_> = layout.pieces.iter_mut().flat_map(|piece| &mut piece.areas).collect();
    let count = areas.len().max(1);
    if let Some(area) = areas.get_mut(place % count) {
        area.1 = Pe::new(area.1.get().wrapping_add(by) % 6);
        if pv < 4 {
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
    let free = (0_u64..6).prop_map(Extents::new);
    let node = (any::<bool>(), 0_usize..5, 0_u128..5)
        .prop_map(|(leaf, item, unit)| if leaf { Node::Leaf(unit) } else { Node::Branch(item) });
    (0..6_u8, 0_usize..4, 0_usize..4, free, some(node, 0..8)).prop_map(
        |(kind, column, other, free, nodes)| match kind {
            0 => Certificate::NothingBehind { column, free },
            1 => Certificate::SharedEnd { column, other },
            2 => Certificate::WrongLeg { column },
            _ => Certificate::Cover(nodes),
        },
    )
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
