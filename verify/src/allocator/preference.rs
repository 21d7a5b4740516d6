//! Whether the solver's layouts are the best there are.

use super::best::best;
use super::cases;
use extant_core::alloc::order::{Measure, measure};
use extant_core::alloc::problem::{Problem, Rule};
use extant_core::alloc::solve::solve;
use std::cmp::Reverse;

/// What was seen.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Seen {
    /// Layouts that are as good as any.
    pub best: u64,
    /// Those with more segments than needed, of several stripes.
    pub longer: u64,
    /// The segments that these have too many.
    pub segments: usize,
}

/// Measures the solver's layouts of all problems of PVs with so many extents, of one or two
/// stripes, against the best that there is.
///
/// # Errors
/// The first layout of which a stricter policy could place more, or that has more segments than
/// needed with one stripe.
///
/// # Panics
/// If there is none though there is a best one.
pub fn run(pvs: usize, extents: u32, stripes: usize) -> Result<Seen, String> {
    let mut seen = Seen::default();
    let mut result = Ok(());
    let of_pv = 1_u32 << extents;
    let count = of_pv.pow(u32::try_from(pvs).expect("PVs are few"));
    let groupings = cases::groupings(pvs);
    for number in 0..count {
        let mask = |pv: usize| number / of_pv.pow(u32::try_from(pv).expect("few")) % of_pv;
        let masks: Vec<u32> = (0..pvs).map(mask).collect();
        let mut each = |problem: &Problem| {
            let is_of_kind = matches!(problem.rule, Rule::Apart | Rule::Anywhere)
                && problem.legs == 1
                && problem.stripes == stripes;
            if !is_of_kind || result.is_err() {
                return;
            }
            for groups in &groupings {
                let mut problem = problem.clone();
                for usable in &mut problem.pvs {
                    usable.group = groups[usable.pv.get()];
                }
                if let Err(wrong) = compare(&problem, &mut seen) {
                    result = Err(wrong);
                }
            }
        };
        cases::new_lvs(&masks, &[], &mut each);
        cases::extensions(&masks, &mut each);
    }
    result.map(|()| seen)
}

fn compare(problem: &Problem, seen: &mut Seen) -> Result<(), String> {
    let Some(best) = best(problem) else {
        return Ok(());
    };
    let layout = solve(problem).expect("there is a best layout");
    let found = measure(problem, &layout);
    let more = found.segments.0.saturating_sub(best.segments.0);
    let alike = Measure { segments: best.segments, ..found };
    if found == best {
        seen.best += 1;
    } else if alike == best && problem.stripes > 1 && found.segments < Reverse(best.segments.0) {
        seen.longer += 1;
        seen.segments += more;
    } else {
        return Err(format!("{found:?} of {best:?}: {layout:?}\nof {problem:?}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Seen, run};

    #[test]
    fn one_stripe_is_placed_best() {
        let seen = run(2, 4, 1).unwrap();
        assert_eq!(seen, Seen { best: 27_904, ..Seen::default() });
        let seen = run(3, 2, 1).unwrap();
        assert_eq!(seen, Seen { best: 14_400, ..Seen::default() });
    }

    #[test]
    fn two_stripes_are_placed_best() {
        let seen = run(3, 2, 2).unwrap();
        assert_eq!(seen, Seen { best: 30_245, ..Seen::default() });
    }
}
