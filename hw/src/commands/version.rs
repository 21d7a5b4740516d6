//! `version`: which LVM2 this is compatible with, in LVM2's words, and which Extant this is.

use super::exit::Failure;
use super::session::Session;
use super::table::Run;

/// The release of LVM2 that is spoken here, as programs look for it.
const LVM_VERSION: &str = "2.03.16(2) (2022-05-18)";
/// The release of its device-mapper library.
const LIBRARY_VERSION: &str = "1.02.185 (2022-05-18)";

/// Arguments of `version`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Version {}

impl Run for Version {
    const NAME: &'static str = "version";
    const ABOUT: &'static str = "Show which LVM2 and which Extant this is";
    const SYNTAX: &'static [&'static str] = &["version"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.messenger.print(&text());
        Ok(())
    }
}

/// Returns the lines of `version`. Without a driver there is no line about it.
pub(super) fn text() -> String {
    format!(
        "LVM version:     {LVM_VERSION}\nLibrary version: {LIBRARY_VERSION}\n\
         Configuration:   {}",
        own()
    )
}

/// Returns which Extant this is.
pub(super) fn own() -> String {
    format!("extant {}", env!("CARGO_PKG_VERSION"))
}
