//! Makes a failing sequence shorter: drops steps as long as it fails in the same way.

use crate::oracle::step::Sequence;
use crate::oracle::{Broken, Runner};
use std::time::{Duration, Instant};

/// How long shrinking may take.
const TIME_LIMIT: Duration = Duration::from_secs(90);

/// Returns a sequence without superfluous steps that fails in the same way as `broken`.
///
/// # Errors
/// If the world or a program fails to work at all.
pub fn shrink(runner: &mut Runner, broken: Broken) -> anyhow::Result<Broken> {
    let deadline = Instant::now() + TIME_LIMIT;
    let mut best = broken;
    let mut piece = best.sequence.steps.len() / 2;
    while piece > 0 {
        let mut start = 0;
        while start < best.sequence.steps.len() {
            if Instant::now() > deadline {
                return Ok(best);
            }
            let shorter = without(&best.sequence, start, piece);
            match runner.run_again(&shorter)? {
                Some(again) if again.failure.kind == best.failure.kind => best = again,
                _ => start += piece,
            }
        }
        piece /= 2;
    }
    Ok(best)
}

fn without(sequence: &Sequence, start: usize, count: usize) -> Sequence {
    let mut steps = sequence.steps.clone();
    steps.drain(start..(start + count).min(steps.len()));
    Sequence { sizes: sequence.sizes.clone(), steps }
}
