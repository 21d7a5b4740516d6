//! Requests for room, made of bytes: the solver and the checker against the specification.

use crate::allocator::{cases, flow, judge};
use arbitrary::{Result, Unstructured};
use extant_core::alloc::cover::Node;
use extant_core::alloc::problem::{Problem, Rule};
use extant_core::alloc::refusal::Certificate;
use extant_core::alloc::{Layout, Piece, check, solve, spec};
use extant_core::model::pv::PvIndex;
use extant_core::units::{Extents, Pe};

/// Solves a problem, and has a layout and a certificate judged that nobody made.
pub(super) fn requests(bytes: &[u8]) {
    let mut data = Unstructured::new(bytes);
    let Ok(problem) = problem(&mut data) else {
        return;
    };
    let exists = match problem.rule {
        Rule::OnePiece { starts: Some(_) } => spec::exists(&problem),
        _ => flow::exists(&problem),
    };
    if let Err(wrong) = judge(&problem, &solve::solve(&problem), exists) {
        panic!("{wrong}");
    }
    if let Ok(layout) = layout(&mut data) {
        let accepted = check::layout(&problem, &layout).is_ok();
        assert_eq!(accepted, spec::allows(&problem, &layout), "{problem:?} {layout:?}");
    }
    if let Ok(certificate) = certificate(&mut data) {
        let accepted = check::certificate(&problem, &certificate).is_ok();
        assert!(!(accepted && exists), "{problem:?} {certificate:?}");
    }
}

fn problem(data: &mut Unstructured) -> Result<Problem> {
    let masks: Vec<u32> = data.arbitrary_iter::<u16>()?.take(5).flatten().map(u32::from).collect();
    let (legs, stripes): (usize, usize) = (data.int_in_range(1..=3)?, data.int_in_range(1..=3)?);
    let rows: u64 = data.int_in_range(1..=40)?;
    let rule = match data.int_in_range(0..=4)? {
        0 => Rule::Apart,
        1 => Rule::Anywhere,
        2 => Rule::WithinGroups,
        3 => Rule::OnePiece { starts: None },
        _ => {
            let starts = (0..legs * stripes).map(|_| place(data)).collect::<Result<_>>()?;
            Rule::OnePiece { starts: Some(starts) }
        }
    };
    let mut pvs = cases::pvs(&masks);
    for usable in &mut pvs {
        if rule == Rule::WithinGroups {
            usable.group = data.int_in_range(0..=4)?;
        } else if legs > 1 && data.ratio(1, 4)? {
            usable.leg = Some(data.int_in_range(0..=legs - 1)?);
        }
    }
    Ok(Problem::plain(pvs, legs, stripes, Extents::new(rows), rule))
}

fn place(data: &mut Unstructured) -> Result<(PvIndex, Pe)> {
    Ok((PvIndex(data.int_in_range(0..=5)?), Pe::new(data.int_in_range(0..=17)?)))
}

fn layout(data: &mut Unstructured) -> Result<Layout> {
    let mut pieces = Vec::new();
    for _ in 0..data.int_in_range(0..=3)? {
        let rows = Extents::new(data.int_in_range(0..=4)?);
        let count: usize = data.int_in_range(0..=6)?;
        let areas = (0..count).map(|_| place(data)).collect::<Result<_>>()?;
        pieces.push(Piece { rows, areas });
    }
    Ok(Layout { pieces })
}

fn certificate(data: &mut Unstructured) -> Result<Certificate> {
    let node = |data: &mut Unstructured| {
        Ok(if data.arbitrary()? {
            Node::Branch(data.int_in_range(0..=5)?)
        } else {
            Node::Leaf(data.int_in_range(0..=9)?)
        })
    };
    Ok(match data.int_in_range(0..=5)? {
        0 => Certificate::NothingBehind {
            column: data.int_in_range(0..=9)?,
            free: Extents::new(data.arbitrary()?),
        },
        1 => Certificate::SharedEnd {
            column: data.int_in_range(0..=9)?,
            other: data.int_in_range(0..=9)?,
        },
        2 => Certificate::WrongLeg { column: data.int_in_range(0..=9)? },
        _ => {
            let count: usize = data.int_in_range(0..=12)?;
            Certificate::Cover((0..count).map(|_| node(data)).collect::<Result<_>>()?)
        }
    })
}
