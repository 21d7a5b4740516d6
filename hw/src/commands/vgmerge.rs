//! `vgmerge`: one volume group takes in another.

use super::change_args::{BackupArgs, ChangeArgs};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{names, scope, value};
use extant_core::ops::vgmerge::{self, Request};

/// Arguments of `vgmerge`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgmerge {
    /// The volume group that grows, and the one that ceases to be.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// Accepted for compatibility.
    #[arg(short = 'l', long)]
    list: bool,
    /// Whether spare room for pool metadata is kept.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    poolmetadataspare: Option<bool>,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Vgmerge {
    const NAME: &'static str = "vgmerge";
    const ABOUT: &'static str = "Merge a volume group into another";
    const SYNTAX: &'static [&'static str] = &["vgmerge VG VG"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let (destination, source) = match self.args.as_slice() {
            [destination, source] => (names::vg(destination)?, names::vg(source)?),
            [_, _, third, ..] => return Err(Failure::Argument(third.clone())),
            _ => return Err(Failure::Syntax),
        };
        let scope = scope::global_and(&[&destination, &source]);
        let request = Request {
            destination: destination.into(),
            source: source.into(),
            pool_metadata_spare: self.poolmetadataspare,
        };
        session.change(&self.change, &scope, move |system| vgmerge::vgmerge(system, &request))
    }
}
