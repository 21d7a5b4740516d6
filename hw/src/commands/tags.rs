//! `tags`: which tags this host has.

use super::exit::Failure;
use super::session::Session;
use super::table::Run;

/// Arguments of `tags`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Tags {}

impl Run for Tags {
    const NAME: &'static str = "tags";
    const ABOUT: &'static str = "List the tags of this host";
    const SYNTAX: &'static [&'static str] = &["tags"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let _ = session;
        Ok(())
    }
}
