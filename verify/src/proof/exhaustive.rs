//! Both checkers on every input up to a bound.

use super::{Case, Checker, Count};
use crate::allocator::cases;
use extant_core::alloc::cover::Node;
use extant_core::alloc::problem::{Problem, Rule, Usable};
use extant_core::alloc::refusal::Certificate;
use extant_core::alloc::{Layout, Piece};
use extant_core::model::pv::PvIndex;
use extant_core::units::{Extents, Pe};
use std::slice;

/// How large inputs may be.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// So many PVs.
    pub pvs: usize,
    /// So many extents each.
    pub extents: u32,
    /// The legs and stripes.
    pub shapes: &'static [(usize, usize)],
    /// Up to so many rows.
    pub rows: u64,
    /// Layouts have up to so many pieces; where one must go on from given ends, up to one.
    pub pieces: usize,
    /// Certificates have up to so many nodes.
    pub nodes: usize,
}

/// All lists of up to `most` of `items`.
fn lists<T: Clone>(items: &[T], most: usize) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    let mut longest = 0;
    for _ in 0..most {
        let next: Vec<Vec<T>> = all[longest..]
            .iter()
            .flat_map(|list| {
                items.iter().map(|item| [list.as_slice(), slice::from_ref(item)].concat())
            })
            .collect();
        longest = all.len();
        all.extend(next);
    }
    all
}

/// All lists of so many of `items`.
fn tuples<T: Clone>(items: &[T], length: usize) -> Vec<Vec<T>> {
    lists(items, length).into_iter().filter(|list| list.len() == length).collect()
}

/// Compares a checker with the proved one, and with the specification.
///
/// # Errors
/// The first input on which they differ.
pub fn run(bound: Bound, checker: Checker) -> Result<Count, String> {
    let mut count = Count::default();
    for (legs, stripes) in bound.shapes {
        let answers = Answers::new(bound, legs * stripes);
        for problem in problems(bound, *legs, *stripes) {
            let is_given = matches!(problem.rule, Rule::OnePiece { starts: Some(_) });
            let mut case = Case::new(checker, &problem, &mut count);
            case.with_spec = true;
            for layout in if is_given { &answers.short } else { &answers.layouts } {
                case.layout(layout)?;
            }
            for certificate in if is_given { &answers.ends } else { &answers.covers } {
                case.certificate(certificate)?;
            }
        }
    }
    Ok(count)
}

/// All answers to problems of one shape.
struct Answers {
    layouts: Vec<Layout>,
    /// Those of one piece.
    short: Vec<Layout>,
    covers: Vec<Certificate>,
    ends: Vec<Certificate>,
}

impl Answers {
    fn new(bound: Bound, columns: usize) -> Self {
        let areas = tuples(&places(bound, bound.extents), columns);
        let of_rows = |rows: u64| {
            let piece =
                move |areas: &Vec<_>| Piece { rows: Extents::new(rows), areas: areas.clone() };
            areas.iter().map(piece)
        };
        let pieces: Vec<Piece> = (1..=bound.rows).flat_map(of_rows).collect();
        let layouts = |most: usize| {
            let lists = lists(&pieces, most).into_iter();
            lists.map(|pieces| Layout { pieces }).collect::<Vec<_>>()
        };
        let branches = (0..=bound.pvs).map(Node::Branch);
        let nodes: Vec<Node> = branches.chain((0..=2).map(Node::Leaf)).collect();
        let covers = lists(&nodes, bound.nodes).into_iter().map(Certificate::Cover);
        let mut ends = vec![Certificate::Cover(vec![Node::Leaf(1)])];
        for column in 0..=columns {
            ends.push(Certificate::WrongLeg { column });
            ends.extend((0..=columns).map(|other| Certificate::SharedEnd { column, other }));
            let free = (0..=bound.rows + 1).map(Extents::new);
            ends.extend(free.map(|free| Certificate::NothingBehind { column, free }));
        }
        let covers = covers.chain(ends[1..3].iter().cloned()).collect();
        Self { layouts: layouts(bound.pieces), short: layouts(1), covers, ends }
    }
}

/// All places, also on a PV that may not be used.
fn places(bound: Bound, extents: u32) -> Vec<(PvIndex, Pe)> {
    let pvs = 0..=u32::try_from(bound.pvs).expect("PVs are few");
    let on = |pv: u32| (0..extents).map(move |pe| (PvIndex(pv), Pe::new(u64::from(pe))));
    pvs.flat_map(on).collect()
}

/// All problems of one shape.
fn problems(bound: Bound, legs: usize, stripes: usize) -> Vec<Problem> {
    let masks: Vec<u32> = (0..1 << bound.extents).collect();
    let owners: Vec<Option<usize>> = [None].into_iter().chain((0..legs).map(Some)).collect();
    let starts = tuples(&places(bound, bound.extents + 1), legs * stripes);
    let mut all = Vec::new();
    for masks in tuples(&masks, bound.pvs) {
        for rows in (0..=bound.rows).map(Extents::new) {
            let mut add = |pvs: &[Usable], rule: Rule| {
                all.push(Problem::plain(pvs.to_vec(), legs, stripes, rows, rule));
            };
            for groups in cases::groupings(bound.pvs) {
                let mut pvs = cases::pvs(&masks);
                pvs.iter_mut().zip(groups).for_each(|(usable, group)| usable.group = group);
                add(&pvs, Rule::WithinGroups);
            }
            for owners in tuples(&owners, bound.pvs) {
                let mut pvs = cases::pvs(&masks);
                pvs.iter_mut().zip(owners).for_each(|(usable, leg)| usable.leg = leg);
                for rule in [Rule::Apart, Rule::Anywhere, Rule::OnePiece { starts: None }] {
                    add(&pvs, rule);
                }
                for starts in &starts {
                    add(&pvs, Rule::OnePiece { starts: Some(starts.clone()) });
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests;
