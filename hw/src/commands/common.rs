//! Options that every command has.

use clap::ArgAction;
use std::path::PathBuf;

/// Options that every command has.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Common options")]
pub(super) struct Common {
    /// Say more; up to four times.
    #[arg(short = 'v', long, action = ArgAction::Count)]
    pub(super) verbose: u8,
    /// Say less; twice: print nothing but errors, and take no for an answer.
    #[arg(short = 'q', long, action = ArgAction::Count)]
    pub(super) quiet: u8,
    /// Take yes for an answer to every question.
    #[arg(short = 'y', long, action = ArgAction::Count)]
    pub(super) yes: u8,
    /// Show what would be said and change nothing.
    #[arg(short = 't', long)]
    pub(super) test: bool,
    /// Accepted for compatibility; there is no debug log.
    #[arg(short = 'd', long, action = ArgAction::Count)]
    pub(super) debug: u8,
    /// Show this help.
    #[arg(short = 'h', long, action = ArgAction::Count)]
    pub(super) help: u8,
    /// Show this help.
    #[arg(long)]
    pub(super) longhelp: bool,
    /// Show versions.
    #[arg(long)]
    pub(super) version: bool,
    /// Settings that win over those of the configuration files.
    #[arg(long, value_name = "String")]
    pub(super) config: Option<String>,
    /// Settings of this profile win over those of the configuration files.
    #[arg(long, value_name = "String")]
    pub(super) commandprofile: Option<String>,
    /// Profile for the command or for what it makes.
    #[arg(long, value_name = "String")]
    pub(super) profile: Option<String>,
    /// The profile of what the command makes or changes, whichever option gives it.
    #[arg(skip)]
    pub(super) metadata_profile: Option<String>,
    /// Use only these devices; may be repeated.
    #[arg(long, value_name = "PV", action = ArgAction::Append)]
    pub(super) devices: Vec<String>,
    /// Use this devices file.
    #[arg(long, value_name = "String")]
    pub(super) devicesfile: Option<String>,
    /// Accepted for compatibility; no command needs the driver yet.
    #[arg(long, value_name = "y|n", value_parser = super::value::yes_no)]
    pub(super) driverloaded: Option<bool>,
    /// Accepted for compatibility; there is no journal.
    #[arg(long, value_name = "String")]
    pub(super) journal: Option<String>,
    /// Accepted for compatibility; there is no lock daemon.
    #[arg(long, value_name = "String")]
    pub(super) lockopt: Option<String>,
    /// Accepted for compatibility; hints are not read.
    #[arg(long)]
    pub(super) nohints: bool,
    /// Take no locks.
    #[arg(long)]
    pub(super) nolocking: bool,
    /// Work in this directory of image files, not on this machine's devices; the
    /// environment variable `EXTANT_LAB` says the same.
    #[arg(long, value_name = "DIR")]
    pub(super) lab: Option<PathBuf>,
}

impl Common {
    /// Returns whether help is wanted.
    pub(super) const fn wants_help(&self) -> bool {
        self.help > 0 || self.longhelp
    }

    /// Returns the number of `-v` that count: a `-q` takes them all back.
    pub(super) const fn verbosity(&self) -> u8 {
        if self.quiet > 0 { 0 } else { self.verbose }
    }
}
