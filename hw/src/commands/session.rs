//! One run of a command: its options, where it works, and what it says.

#![expect(dead_code, reason = "the commands that need the rest of it come next")]

use super::common::Common;
use super::message::Messenger;
use super::table::Entry;
use extant_core::ops::Level;

/// One run of a command.
pub(super) struct Session<'a> {
    /// Where messages go.
    pub(super) messenger: &'a mut Messenger,
    /// The options that every command has.
    pub(super) common: Common,
    /// The command.
    pub(super) entry: &'static Entry,
    /// The command line, as it is written into descriptions.
    pub(super) command_line: String,
}

impl<'a> Session<'a> {
    /// Begins a run.
    pub(super) const fn new(
        messenger: &'a mut Messenger,
        common: Common,
        entry: &'static Entry,
        command_line: String,
    ) -> Self {
        Self {
            messenger,
            common,
            entry,
            command_line,
        }
    }

    /// Says what is special about this run.
    pub(super) fn announce(&mut self) {
        if self.common.test {
            self.messenger.say(
                Level::Warning,
                "TEST MODE: Metadata will NOT be updated and volumes will not be (de)activated.",
            );
        }
    }
}
