//! `vgexport`: volume groups that move between machines.

use super::change_args::ChangeArgs;
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{scope, select};
use extant_core::ops::vgexport::{self, Request};

/// Arguments of `vgexport`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgexport {
    /// The volume groups.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
    /// All volume groups.
    #[arg(short = 'a', long)]
    all: bool,
    /// Act on what this selects.
    #[arg(short = 'S', long, value_name = "String")]
    select: Option<String>,

    #[command(flatten)]
    change: ChangeArgs,
}

impl Run for Vgexport {
    const NAME: &'static str = "vgexport";
    const ABOUT: &'static str = "Make volume groups ready to move to another machine";
    const SYNTAX: &'static [&'static str] = &["vgexport VG|Tag|Select ...", "vgexport -a"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        if self.vgs.is_empty() && self.select.is_none() && !self.all {
            return Err(Failure::Syntax);
        }
        if let (true, Some(vg)) = (self.all, self.vgs.first()) {
            return Err(Failure::Argument(vg.clone()));
        }
        let vgs = select::vgs(session, &self.vgs, self.select.as_deref())?;
        session.for_each(vgs, |session, vg| {
            let scope = scope::vg(&vg);
            let request = Request { vg: vg.into() };
            session.change(&self.change, &scope, move |system| vgexport::vgexport(system, &request))
        })
    }
}
