//! `lvremove`: logical volumes cease to be.

use super::change_args::{BackupArgs, ChangeArgs, ForceArgs, SelectArgs};
use super::exit::Failure;
use super::scope;
use super::select::{self, Missing};
use super::session::Session;
use super::table::Run;
use extant_core::ops::lvremove::{self, Request};

/// Arguments of `lvremove`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvremove {
    /// The volumes; a group means all that are in it.
    #[arg(value_name = "VG|LV")]
    targets: Vec<String>,
    /// Accepted for compatibility.
    #[arg(long)]
    nohistory: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    noudevsync: bool,
    #[command(flatten)]
    force: ForceArgs,
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Lvremove {
    const NAME: &'static str = "lvremove";
    const ABOUT: &'static str = "Remove logical volumes";
    const SYNTAX: &'static [&'static str] = &["lvremove VG|LV|Tag|Select ..."];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        if self.targets.is_empty() && self.select.select.is_none() {
            return Err(Failure::Syntax);
        }
        // All arguments are found before anything is removed: `lvremove VG LV` is a common slip.
        let lvs =
            select::lvs(session, &self.targets, self.select.select.as_deref(), Missing::Refused)?;
        let force = self.force.force > 0 || session.common.yes > 0;
        session.for_each(lvs.found, |session, chosen| {
            session.change(&self.change, &scope::vg(&chosen.vg), move |system| {
                chosen.decide(system, |targets| {
                    lvremove::lvremove(system, &Request { targets, force })
                })
            })
        })
    }
}
