//! `vgextend`: a volume group gets more devices.

use super::change_args::{BackupArgs, ChangeArgs, LayoutArgs};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{names, scope, value};
use extant_core::ops::layout::Parameters;
use extant_core::ops::vgextend::{self, Request};

/// Arguments of `vgextend`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgextend {
    /// The volume group, then the devices.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    #[command(flatten)]
    layout: LayoutArgs,
    /// Whether the metadata areas are left unused.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    metadataignore: Option<bool>,
    /// The devices are physical volumes of the group that had been missing.
    #[arg(long)]
    restoremissing: bool,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Vgextend {
    const NAME: &'static str = "vgextend";
    const ABOUT: &'static str = "Add physical volumes to a volume group";
    const SYNTAX: &'static [&'static str] = &["vgextend VG PV ..."];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let [vg, devices @ ..] = self.args.as_slice() else {
            return Err(Failure::Syntax);
        };
        if devices.is_empty() {
            return Err(Failure::Syntax);
        }
        session.names_devices(devices, true);
        let vg = names::vg(vg)?;
        let scope = scope::global_and(&[&vg]);
        let request = Request {
            vg: vg.into(),
            devices: devices.to_vec(),
            restore_missing: self.restoremissing,
            force: u32::from(self.layout.force),
            layout: Parameters { metadata_ignore: self.metadataignore, ..self.layout.parameters() },
        };
        session.change(&self.change, &scope, move |system| vgextend::vgextend(system, &request))
    }
}
