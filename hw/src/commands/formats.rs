//! `formats`: which metadata formats there are.

use super::exit::Failure;
use super::session::Session;
use super::table::Run;

/// Arguments of `formats`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Formats {}

impl Run for Formats {
    const NAME: &'static str = "formats";
    const ABOUT: &'static str = "List the metadata formats";
    const SYNTAX: &'static [&'static str] = &["formats"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.messenger.print("lvm2");
        Ok(())
    }
}
