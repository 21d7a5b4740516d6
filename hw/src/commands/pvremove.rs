//! `pvremove`: physical volumes become plain devices.

use super::change_args::ChangeArgs;
use super::exit::Failure;
use super::scope;
use super::session::Session;
use super::table::Run;
use extant_core::ops::pvremove::{self, Request};

/// Arguments of `pvremove`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Pvremove {
    /// The devices.
    #[arg(value_name = "PV")]
    pvs: Vec<String>,
    /// Take no for an answer: also PVs of a VG; twice: also those in use.
    #[arg(short = 'f', long, action = clap::ArgAction::Count)]
    force: u8,
    #[command(flatten)]
    change: ChangeArgs,
}

impl Run for Pvremove {
    const NAME: &'static str = "pvremove";
    const ABOUT: &'static str = "Make physical volumes plain devices again";
    const SYNTAX: &'static [&'static str] = &["pvremove PV ..."];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        if self.pvs.is_empty() {
            return Err(Failure::Syntax);
        }
        session.names_devices(&self.pvs, false);
        let request = Request { devices: self.pvs, force: u32::from(self.force) };
        session.change(&self.change, &scope::everything(), move |system| {
            pvremove::pvremove(system, &request)
        })
    }
}
