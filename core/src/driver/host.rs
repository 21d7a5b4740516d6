//! What a world has to offer for operations to run in it: implemented by `hw` and by `sim`.

use crate::driver::operation::{Finished, Operation, Reply, Step};
use crate::ops::Message;
use crate::ops::system::Question;
use crate::plan::effect::{Completion, Effect, Lock};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// A world in which operations run.
pub trait Host {
    /// Takes the locks in the order given and holds them until [`Self::unlock`].
    ///
    /// # Errors
    /// What to tell the user if one could not be taken; none is held then.
    fn lock(&mut self, locks: &[Lock]) -> Result<(), String>;

    /// Releases all locks, in reverse order.
    fn unlock(&mut self);

    /// Carries out the effects of a group in any order or at once; answers each, in their order.
    fn carry_out(&mut self, group: &[Effect]) -> Vec<Completion>;

    /// Asks a person, or answers as the options say.
    fn ask(&mut self, question: &Question) -> bool;

    /// Tells the user something.
    fn tell(&mut self, message: &Message);
}

/// Runs an operation to its end. Its locks are released.
pub fn drive(operation: &mut Operation<'_>, host: &mut impl Host) -> Finished {
    loop {
        match operation.step() {
            Step::Lock(locks) => {
                let result = host.lock(&locks);
                operation.reply(Reply::Locked(result));
            }
            Step::Unlock => host.unlock(),
            Step::Do(group) => {
                let results = host.carry_out(&group);
                operation.reply(Reply::Completed(results));
            }
            Step::Ask(question) => {
                let answer = host.ask(&question);
                operation.reply(Reply::Answered(answer));
            }
            Step::Tell(message) => host.tell(&message),
            Step::Done(finished) => return *finished,
        }
    }
}
