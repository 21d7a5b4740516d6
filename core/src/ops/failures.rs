//! Requests for several objects of which some cannot be served: the others are, and the command
//! ends as failed.

use crate::ops::{Message, Refused, Stop};
use std_alloc::boxed::Box;
use std_alloc::vec::Vec;

/// The refusals of some of several objects.
#[derive(Debug, Default)]
pub(super) struct Failures(Vec<Refused>);

impl Failures {
    /// Takes the result for one object: `None` if it was refused.
    ///
    /// # Errors
    /// If a person has to be asked or a range to be looked at.
    pub(super) fn take<T>(&mut self, result: Result<T, Stop>) -> Result<Option<T>, Stop> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Stop::Refused(refused)) => {
                self.0.push(*refused);
                Ok(None)
            }
            Err(stop) => Err(stop),
        }
    }

    /// Returns true if nothing was refused.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns all that is to be told.
    pub(super) fn messages(&self) -> Vec<Message> {
        let messages = self.0.iter().map(Refused::messages);
        messages.flatten().collect()
    }

    /// Refuses everything for the reason of the last, if anything was refused.
    pub(super) fn into_stop(mut self) -> Option<Stop> {
        let mut last = self.0.pop()?;
        let mut notes = self.messages();
        notes.append(&mut last.notes);
        last.notes = notes;
        Some(Stop::Refused(Box::new(last)))
    }
}
