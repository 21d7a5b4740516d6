//! `vgrename`: another name for a volume group.

use super::change_args::{BackupArgs, ChangeArgs, ForceArgs};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{names, scope};
use extant_core::id::Uuid;
use extant_core::ops::selector::VgSelector;
use extant_core::ops::vgrename::{self, Request};

/// Arguments of `vgrename`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgrename {
    /// The name or identity it has, and the name it gets.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    #[command(flatten)]
    force: ForceArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Vgrename {
    const NAME: &'static str = "vgrename";
    const ABOUT: &'static str = "Give a volume group another name";
    const SYNTAX: &'static [&'static str] = &["vgrename VG VG_new", "vgrename UUID VG_new"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let (old, new) = match self.args.as_slice() {
            [old, new] => (old, new),
            [_, _, third, ..] => return Err(Failure::Argument(third.clone())),
            _ => return Err(Failure::Syntax),
        };
        let name = names::new_vg(new)?;
        // LVM2 looks for a name first; a text that is none may be an identity.
        let (vg, scope) = match (names::vg(old), old.parse::<Uuid>()) {
            (_, Ok(id)) => (VgSelector::Id(id), scope::everything()),
            (Ok(vg), Err(_)) => {
                let scope = scope::global_and(&[&vg, &name]);
                (VgSelector::Name(vg), scope)
            }
            (Err(failure), Err(_)) => return Err(failure),
        };
        let request = Request { vg, name };
        session.change(&self.change, &scope, move |system| vgrename::vgrename(system, &request))
    }
}
