//! `vgimport`: volume groups that move between machines.

use super::change_args::{ChangeArgs, ForceArgs};
use super::exit::Failure;
use super::scope;
use super::select::{ChosenVgs, Exported};
use super::session::Session;
use super::table::Run;
use extant_core::ops::vgimport::{self, Request};

/// Arguments of `vgimport`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgimport {
    #[command(flatten)]
    force: ForceArgs,
    #[command(flatten)]
    chosen: ChosenVgs,
    #[command(flatten)]
    change: ChangeArgs,
}

impl Run for Vgimport {
    const NAME: &'static str = "vgimport";
    const ABOUT: &'static str = "Make exported volume groups usable here";
    const SYNTAX: &'static [&'static str] = &["vgimport VG|Tag|Select ...", "vgimport -a"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let vgs = self.chosen.find(session, Exported::Included)?;
        session.for_each(vgs, |session, chosen| {
            let vg = &chosen.name;
            let scope = scope::vg(vg);
            let request =
                Request { vg: chosen.selector.clone(), force: u32::from(self.force.force) };
            session.change(&self.change, &scope, |system| {
                chosen.decide(system, || vgimport::vgimport(system, &request))
            })
        })
    }
}
