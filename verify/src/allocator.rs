//! The allocator against its specification: on every small problem, and on random larger ones
//! against independent oracles.

pub mod best;
pub mod cases;
pub mod command;
pub mod exhaustive;
pub mod flow;
pub mod greedy;
pub mod preference;
pub mod random;

use extant_core::alloc::problem::Problem;
use extant_core::alloc::refusal::Verdict;
use extant_core::alloc::{Layout, check, spec};

/// Something that answers problems.
pub type Solver = fn(&Problem) -> Result<Layout, Verdict>;

/// Judges the answer to a problem of which it is known whether it has a solution.
///
/// # Errors
/// What is wrong with it.
pub fn judge(
    problem: &Problem,
    answer: &Result<Layout, Verdict>,
    exists: bool,
) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{what}: {answer:?}\nof {problem:?}"));
    match answer {
        Ok(layout) if !spec::allows(problem, layout) => wrong("this is no solution"),
        Ok(layout) if check::layout(problem, layout).is_err() => wrong("the checker rejects this"),
        Ok(_) if !exists => wrong("there is no solution"),
        Err(_) if exists => wrong("there is a solution"),
        Err(Verdict::Undecided { .. }) => wrong("so small a problem is decided"),
        Err(Verdict::Proved(certificate)) if check::certificate(problem, certificate).is_err() => {
            wrong("this is no proof")
        }
        Ok(_) | Err(Verdict::Proved(_)) => Ok(()),
    }
}
