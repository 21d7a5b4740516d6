//! `vgck`: whether the metadata of volume groups is right.

use super::change_args::ChangeArgs;
use super::exit::Failure;
use super::scope;
use super::select::{self, Exported};
use super::session::Session;
use super::table::Run;
use extant_core::driver::scan::VgScope;
use extant_core::ops::vgck::{self, Request};

/// Arguments of `vgck`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgck {
    /// The volume groups; none means all.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
    /// Write all copies again, also those that are damaged.
    #[arg(long)]
    updatemetadata: bool,
    /// Where copies of the metadata disagree and none is newer: keep the one on this PV.
    #[arg(long, value_name = "PV")]
    keep: Option<String>,
    #[command(flatten)]
    change: ChangeArgs,
}

impl Run for Vgck {
    const NAME: &'static str = "vgck";
    const ABOUT: &'static str = "Check volume groups";
    const SYNTAX: &'static [&'static str] =
        &["vgck [VG|Tag ...]", "vgck --updatemetadata [--keep PV] VG"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        if self.updatemetadata {
            match self.vgs.as_slice() {
                [] => return Err(Failure::Option("--updatemetadata".into())),
                [_] => {}
                [_, second, ..] => return Err(Failure::Argument(second.clone())),
            }
        }
        if let Some(keep) = self.keep.as_ref().filter(|_| !self.updatemetadata) {
            return Err(Failure::Option(format!("--keep {keep}")));
        }
        if let Some(device) = &self.keep {
            session.names_devices(std::slice::from_ref(device), false);
        }
        let vgs = select::vgs(session, &self.vgs, None, Exported::Skipped)?;
        session.for_each(vgs, |session, chosen| {
            let vg = &chosen.name;
            let mut scope = scope::vg_with_all_copies(vg);
            if self.keep.is_some() {
                // The copy that is kept may have PVs that this VG has not, and others may.
                scope.needs.vgs = VgScope::All;
            }
            let request = Request {
                vg: chosen.selector.clone(),
                update: self.updatemetadata,
                keep: self.keep.clone(),
            };
            session.change(&self.change, &scope, |system| {
                chosen.decide(system, || vgck::vgck(system, &request))
            })
        })
    }
}
