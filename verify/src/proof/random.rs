//! Both checkers on answers to random problems: the right ones, and those with a mistake.

use super::{Case, Checker, Count};
use crate::allocator::random;
use crate::rng::Rng;
use extant_core::alloc::cover::Node;
use extant_core::alloc::problem::{Problem, Rule};
use extant_core::alloc::refusal::{Certificate, Verdict};
use extant_core::alloc::solve::solve;
use extant_core::alloc::{Layout, Piece};
use extant_core::model::pv::PvIndex;
use extant_core::units::{Extents, Pe};

/// How many answers with mistakes there are to each problem.
const MISTAKES: usize = 8;

/// Compares a checker with the proved one on answers to random problems until so many are judged.
///
/// # Errors
/// The first input on which they differ.
pub fn run(seed: u64, answers: u64, checker: Checker) -> Result<Count, String> {
    let mut rng = Rng::new(seed);
    let mut count = Count::default();
    while count.answers() < answers {
        let problem = draw(&mut rng);
        let answer = solve(&problem);
        let mut case = Case::new(checker, &problem, &mut count);
        let (layout, certificate) = match answer {
            Ok(layout) => (layout, guess(&problem, &mut rng)),
            Err(Verdict::Proved(certificate)) => (spread(&problem, &mut rng), certificate),
            Err(Verdict::Undecided { .. }) => continue,
        };
        case.layout(&layout)?;
        case.certificate(&certificate)?;
        for _ in 0..MISTAKES {
            let mut wrong = layout.clone();
            spoil_layout(&mut wrong, &mut rng);
            case.layout(&wrong)?;
            let mut wrong = certificate.clone();
            spoil_certificate(&mut wrong, &mut rng);
            case.certificate(&wrong)?;
        }
    }
    Ok(count)
}

/// Draws a problem: of a new LV, or of one that must go on where its stripes end.
fn draw(rng: &mut Rng) -> Problem {
    let mut problem = random::draw(rng);
    if rng.one_in(4) {
        let count = u64::try_from(problem.pvs.len()).expect("PVs are few");
        let start = |_| {
            let pv = PvIndex(u32::try_from(rng.below(count + 1)).expect("PVs are few"));
            let runs = problem.usable(pv).map(|usable| usable.runs().to_vec());
            let free = rng.pick_any(&runs.unwrap_or_default()).map(|run| run.start);
            (pv, free.unwrap_or(Pe::new(rng.below(64))))
        };
        let starts = (0..problem.columns()).map(start).collect();
        problem = Problem { rule: Rule::OnePiece { starts: Some(starts) }, ..problem };
        problem.pvs.iter_mut().for_each(|usable| usable.group = usable.pv.get());
        problem.rows = Extents::new(rng.below(8));
    }
    if problem.rule == Rule::WithinGroups {
        problem.pvs.iter_mut().for_each(|usable| usable.leg = None);
    }
    problem
}

/// Draws a certificate for a problem that has a solution.
fn guess(problem: &Problem, rng: &mut Rng) -> Certificate {
    if matches!(problem.rule, Rule::OnePiece { starts: Some(_) }) {
        return end(problem.columns(), rng);
    }
    Certificate::Cover((0..=rng.index(4)).map(|_| node(rng)).collect())
}

fn end(columns: usize, rng: &mut Rng) -> Certificate {
    let column = rng.index(columns + 1);
    match rng.below(3) {
        0 => Certificate::NothingBehind { column, free: Extents::new(rng.below(9)) },
        1 => Certificate::SharedEnd { column, other: rng.index(columns + 1) },
        _ => Certificate::WrongLeg { column },
    }
}

fn node(rng: &mut Rng) -> Node {
    match rng.below(8) {
        0..4 => Node::Branch(rng.index(9)),
        4 => Node::Leaf(u128::MAX),
        5 => Node::Leaf(0),
        _ => Node::Leaf(u128::from(1 + rng.below(40))),
    }
}

/// Draws a layout of one piece for a problem that has no solution.
fn spread(problem: &Problem, rng: &mut Rng) -> Layout {
    let areas = (0..problem.columns()).map(|_| place(rng)).collect();
    Layout { pieces: vec![Piece { rows: problem.rows, areas }] }
}

fn place(rng: &mut Rng) -> (PvIndex, Pe) {
    (PvIndex(u32::try_from(rng.below(9)).expect("PVs are few")), Pe::new(rng.below(64)))
}

/// Makes a mistake in a layout, mostly a small one.
fn spoil_layout(layout: &mut Layout, rng: &mut Rng) {
    let Some(number) = (!layout.pieces.is_empty()).then(|| rng.index(layout.pieces.len())) else {
        return;
    };
    let other = rng.index(layout.pieces.len());
    let piece = &mut layout.pieces[number];
    let column = rng.index(piece.areas.len());
    let area = &mut piece.areas[column];
    match rng.below(10) {
        0 => area.1 = Pe::new(area.1.get() + 1),
        1 => area.1 = Pe::new(area.1.get().saturating_sub(1)),
        2 => *area = place(rng),
        3 => area.1 = Pe::new(u64::MAX - rng.below(3)),
        4 => piece.rows = Extents::new(piece.rows.get() + 1),
        5 => piece.rows = Extents::new(piece.rows.get().saturating_sub(1)),
        6 => {
            let other = rng.index(piece.areas.len());
            piece.areas.swap(column, other);
        }
        7 => layout.pieces.swap(number, other),
        8 => {
            layout.pieces.remove(number);
        }
        _ => {
            // The piece in two, which is right where it need not be whole.
            let rows = piece.rows.get();
            let first = rng.below(rows.max(1));
            let mut rest = piece.clone();
            piece.rows = Extents::new(first);
            rest.rows = Extents::new(rows - first);
            rest.areas.iter_mut().for_each(|(_, pe)| *pe = Pe::new(pe.get().saturating_add(first)));
            layout.pieces.insert(number + 1, rest);
        }
    }
}

/// Makes a mistake in a certificate.
fn spoil_certificate(certificate: &mut Certificate, rng: &mut Rng) {
    match certificate {
        Certificate::Cover(nodes) if !nodes.is_empty() => {
            let number = rng.index(nodes.len());
            match (rng.below(5), &mut nodes[number]) {
                (0, _) => {
                    nodes.remove(number);
                }
                (1, _) => nodes.insert(number, node(rng)),
                (2, Node::Leaf(unit)) => *unit = unit.saturating_add(1),
                (3, Node::Leaf(unit)) => *unit = unit.saturating_sub(1),
                (2, Node::Branch(item)) => *item += 1,
                (3, Node::Branch(item)) => *item = item.saturating_sub(1),
                (_, any) => *any = node(rng),
            }
        }
        Certificate::Cover(nodes) => nodes.push(node(rng)),
        Certificate::NothingBehind { free, .. } if rng.one_in(2) => {
            *free = Extents::new(if rng.one_in(9) { u64::MAX } else { rng.below(9) });
        }
        Certificate::NothingBehind { .. }
        | Certificate::SharedEnd { .. }
        | Certificate::WrongLeg { .. } => *certificate = end(6, rng),
    }
}

#[cfg(test)]
mod tests {
    use super::run;
    use crate::proof::{Checker, RUST, Wrong};

    #[test]
    fn the_checkers_agree_on_random_answers() {
        let count = run(1, 2_000_000, RUST).unwrap();
        println!("{count}");
        assert!(count.layouts_accepted > 10_000 && count.layouts_rejected > 10_000);
        assert!(count.certificates_accepted > 10_000 && count.certificates_rejected > 10_000);
    }

    #[test]
    fn checkers_that_reject_all_are_caught() {
        let no_layout = Checker { layout: |_, _| Err(Wrong::NotContiguous), ..RUST };
        let no_certificate = Checker { certificate: |_, _| Err(Wrong::NoProof), ..RUST };
        for checker in [no_layout, no_certificate] {
            assert!(run(1, 1_000, checker).unwrap_err().contains("the proved checker accepts"));
        }
    }
}
