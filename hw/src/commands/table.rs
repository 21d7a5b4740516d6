//! The commands there are.

use super::exit::Failure;
use super::session::Session;
use super::{formats, help, segtypes, tags, version};
use clap::ArgMatches;

/// A command: its arguments, and what it does with them.
pub(super) trait Run: clap::Args {
    /// Its name.
    const NAME: &'static str;
    /// What it does, in a few words.
    const ABOUT: &'static str;
    /// Its forms, one line each.
    const SYNTAX: &'static [&'static str];

    /// Does it.
    ///
    /// # Errors
    /// Why it could not be done.
    fn run(self, session: &mut Session<'_>) -> Result<(), Failure>;
}

/// A command as a value.
pub(super) struct Entry {
    /// Its name.
    pub(super) name: &'static str,
    /// What it does, in a few words.
    pub(super) about: &'static str,
    /// Its forms, one line each.
    pub(super) syntax: &'static [&'static str],
    /// Adds its own options to a definition.
    pub(super) augment: fn(clap::Command) -> clap::Command,
    /// Does it.
    pub(super) run: fn(&ArgMatches, &mut Session<'_>) -> Result<(), Failure>,
}

const fn entry<C: Run>() -> Entry {
    Entry {
        name: C::NAME,
        about: C::ABOUT,
        syntax: C::SYNTAX,
        augment: C::augment_args,
        run: |matches, session| {
            C::from_arg_matches(matches)
                .expect("the definition was made from the same struct")
                .run(session)
        },
    }
}

/// All commands, in the order in which they are listed.
pub(super) const TABLE: &[Entry] = &[
    entry::<formats::Formats>(),
    entry::<help::Help>(),
    entry::<segtypes::Segtypes>(),
    entry::<tags::Tags>(),
    entry::<version::Version>(),
];

/// Finds a command.
pub(super) fn find(name: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.name == name)
}
