//! `vgimport`: volume groups that move between machines.

use super::change_args::ChangeArgs;
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{scope, select};
use extant_core::ops::vgimport::{self, Request};

/// Arguments of `vgimport`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgimport {
    /// The volume groups.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
    /// All volume groups.
    #[arg(short = 'a', long)]
    all: bool,
    /// Act on what this selects.
    #[arg(short = 'S', long, value_name = "String")]
    select: Option<String>,
    /// Do not ask; twice: also what is risky.
    #[arg(short = 'f', long, action = clap::ArgAction::Count)]
    force: u8,
    #[command(flatten)]
    change: ChangeArgs,
}

impl Run for Vgimport {
    const NAME: &'static str = "vgimport";
    const ABOUT: &'static str = "Make exported volume groups usable here";
    const SYNTAX: &'static [&'static str] = &["vgimport VG|Tag|Select ...", "vgimport -a"];

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
            let request = Request { vg: vg.into(), force: u32::from(self.force) };
            session.change(&self.change, &scope, move |system| vgimport::vgimport(system, &request))
        })
    }
}
