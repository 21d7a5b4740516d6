//! `vgremove`: volume groups cease to be, with all they hold.

use super::change_args::{ChangeArgs, SelectArgs};
use super::exit::Failure;
use super::scope;
use super::select::{self, Exported};
use super::session::Session;
use super::table::Run;
use extant_core::ops::vgremove::{self, Request};

/// Arguments of `vgremove`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgremove {
    /// The volume groups.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
    /// Do not ask; twice: also what is risky.
    #[arg(short = 'f', long, action = clap::ArgAction::Count)]
    force: u8,
    /// Accepted for compatibility.
    #[arg(long)]
    noudevsync: bool,
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    change: ChangeArgs,
}

impl Run for Vgremove {
    const NAME: &'static str = "vgremove";
    const ABOUT: &'static str = "Remove volume groups";
    const SYNTAX: &'static [&'static str] = &["vgremove VG|Tag|Select ..."];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        if self.vgs.is_empty() && self.select.select.is_none() {
            return Err(Failure::Syntax);
        }
        let vgs =
            select::vgs(session, &self.vgs, self.select.select.as_deref(), Exported::Skipped)?;
        session.for_each(vgs, |session, chosen| {
            let vg = &chosen.name;
            let scope = scope::global_and(&[vg]);
            let request = Request { vg: chosen.selector.clone(), force: u32::from(self.force) };
            session.change(&self.change, &scope, |system| {
                chosen.decide(system, || vgremove::vgremove(system, &request))
            })
        })
    }
}
