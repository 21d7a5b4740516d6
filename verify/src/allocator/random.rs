//! The solver on random problems beyond what can be tried.

use super::{Solver, flow, judge};
use crate::rng::Rng;
use extant_core::alloc::problem::{Problem, Rule, Usable};
use extant_core::model::pv::PvIndex;
use extant_core::size::ranges::PeRange;
use extant_core::units::{Extents, Pe};

/// Draws a problem of a new LV: up to 8 PVs of up to 64 extents, up to 4 legs or 6 stripes, near
/// the largest number of rows that there can be.
pub fn draw(rng: &mut Rng) -> Problem {
    let (legs, stripes) = match rng.below(3) {
        0 => (1, 1 + rng.index(6)),
        1 => (2 + rng.index(3), 1),
        _ => (2, 2),
    };
    let count = 1 + rng.below(8);
    let largest = 1 + rng.below(64);
    let pvs: Vec<PvIndex> = (0..u32::try_from(count).expect("few")).map(PvIndex).collect();
    let mut pvs: Vec<Usable> = pvs.into_iter().map(|pv| usable(rng, pv, largest)).collect();
    let rule = match rng.below(4) {
        0 => Rule::OnePiece { starts: None },
        1 => Rule::WithinGroups,
        2 => Rule::Apart,
        _ => Rule::Anywhere,
    };
    for place in 0..pvs.len() {
        if rng.one_in(3) {
            pvs[place].group = pvs[rng.index(place + 1)].group;
        }
        if rule != Rule::WithinGroups && legs > 1 && rng.one_in(6) {
            pvs[place].leg = Some(rng.index(legs));
        }
    }
    let free: u64 = pvs.iter().map(|usable| usable.free().get()).sum();
    let columns = u64::try_from(legs * stripes).expect("these are few");
    let most = free / columns + 1;
    let rows = (most - rng.below(most.div_ceil(3))).max(1);
    Problem::plain(pvs, legs, stripes, Extents::new(rows), rule)
}

fn usable(rng: &mut Rng, pv: PvIndex, largest: u64) -> Usable {
    let mut runs = Vec::new();
    let mut next = rng.below(3);
    let size = rng.below(largest + 1);
    while next < size {
        let extents = 1 + rng.below(size - next);
        runs.push(PeRange { start: Pe::new(next), extents: Extents::new(extents) });
        next += extents + 1 + rng.below(3);
    }
    Usable::new(pv, runs)
}

/// Has a solver answer so many random problems; returns how many had a solution.
///
/// # Errors
/// The first wrong answer.
pub fn run(seed: u64, count: u64, solver: Solver) -> Result<u64, String> {
    let mut rng = Rng::new(seed);
    let mut solved = 0;
    for number in 0..count {
        let problem = draw(&mut rng);
        let exists = flow::exists(&problem);
        solved += u64::from(exists);
        judge(&problem, &solver(&problem), exists).map_err(|wrong| format!("{number}: {wrong}"))?;
    }
    Ok(solved)
}

#[cfg(test)]
mod tests {
    use super::run;
    use crate::allocator::greedy;
    use extant_core::alloc::solve::solve;

    #[test]
    fn the_solver_answers_what_flows_answer() {
        let solved = run(1, 3_000, solve).unwrap();
        assert!((500..2_500).contains(&solved), "{solved}");
    }

    #[test]
    fn a_greedy_solver_is_caught() {
        assert!(run(1, 3_000, greedy::solve).unwrap_err().contains("there is a solution"));
    }
}
