//! A solver with the usual mistake, to see that it is found: it takes the first PVs that will do,
//! row after row.

use extant_core::alloc::cover::Node;
use extant_core::alloc::problem::{Problem, Rule};
use extant_core::alloc::refusal::{Certificate, Verdict};
use extant_core::alloc::{Layout, Piece, solve};
use extant_core::model::pv::PvIndex;
use extant_core::units::{Extents, Pe};

/// Solves problems of a new LV whose rows lie on different PVs greedily, others as they should be.
///
/// # Errors
/// Where the first PVs will not do, with a proof that is none.
pub fn solve(problem: &Problem) -> Result<Layout, Verdict> {
    if problem.rule != Rule::Apart || problem.legs > 1 {
        return solve::solve(problem);
    }
    let mut free: Vec<(PvIndex, Vec<u64>)> = Vec::new();
    for usable in &problem.pvs {
        let runs = usable.runs().iter();
        let extents = runs.flat_map(|run| (run.start.get()..run.end().get()).rev());
        free.push((usable.pv, extents.collect()));
    }
    let mut pieces = Vec::new();
    for _ in 0..problem.rows.get() {
        let with_room = free.iter_mut().filter(|(_, extents)| !extents.is_empty());
        let mut areas = Vec::new();
        for (pv, extents) in with_room.take(problem.stripes) {
            areas.extend(extents.pop().map(|pe| (*pv, Pe::new(pe))));
        }
        if areas.len() < problem.stripes {
            return Err(Verdict::Proved(Certificate::Cover(vec![Node::Leaf(1)])));
        }
        pieces.push(Piece { rows: Extents::new(1), areas });
    }
    Ok(Layout { pieces })
}
