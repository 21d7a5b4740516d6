//! Scanning and executing as state machines that yield effects and take completions.
//!
//! A machine is `Clone`, so that the simulator can fork a world in the middle of an operation. A
//! real host runs one machine in a loop and carries out each group in parallel.

pub mod execute;
pub mod host;
pub mod operation;
pub mod scan;

use crate::plan::effect::{Completion, Group};
use std_alloc::vec::Vec;

/// What a machine wants next.
#[derive(Clone, Debug)]
pub enum Poll<T> {
    /// These effects; then [`Machine::complete`] with one completion per effect, in their order.
    Do(Group),
    /// Nothing more; this is the result.
    Done(T),
}

/// A state machine that a host drives.
pub trait Machine: Clone {
    /// What it comes to.
    type Output;

    /// Returns what it wants next. Called again only after [`Self::complete`].
    fn poll(&mut self) -> Poll<Self::Output>;

    /// Takes what became of the group that was returned last.
    ///
    /// # Panics
    /// If there are not as many results as there were effects.
    fn complete(&mut self, results: Vec<Completion>);
}

/// Runs a machine to its end; `carry_out` does what each group says.
pub fn run<M: Machine>(
    machine: &mut M,
    mut carry_out: impl FnMut(&Group) -> Vec<Completion>,
) -> M::Output {
    loop {
        match machine.poll() {
            Poll::Do(group) => {
                let results = carry_out(&group);
                assert_eq!(results.len(), group.len(), "a host answers each effect");
                machine.complete(results);
            }
            Poll::Done(output) => return output,
        }
    }
}
