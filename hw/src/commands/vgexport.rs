//! `vgexport`: volume groups that move between machines.

use super::change_args::ChangeArgs;
use super::exit::Failure;
use super::scope;
use super::select::{ChosenVgs, Exported};
use super::session::Session;
use super::table::Run;
use extant_core::ops::vgexport::{self, Request};

/// Arguments of `vgexport`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgexport {
    #[command(flatten)]
    chosen: ChosenVgs,
    #[command(flatten)]
    change: ChangeArgs,
}

impl Run for Vgexport {
    const NAME: &'static str = "vgexport";
    const ABOUT: &'static str = "Make volume groups ready to move to another machine";
    const SYNTAX: &'static [&'static str] = &["vgexport VG|Tag|Select ...", "vgexport -a"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let vgs = self.chosen.find(session, Exported::Skipped)?;
        session.for_each(vgs, |session, chosen| {
            let vg = &chosen.name;
            let scope = scope::vg(vg);
            let request = Request { vg: chosen.selector.clone() };
            session.change(&self.change, &scope, |system| {
                chosen.decide(system, || vgexport::vgexport(system, &request))
            })
        })
    }
}
