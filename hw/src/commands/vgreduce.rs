//! `vgreduce`: a volume group loses devices.

use super::change_args::{BackupArgs, ChangeArgs, ForceArgs};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{names, scope};
use extant_core::ops::vgreduce::{self, Request, What};

/// Arguments of `vgreduce`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgreduce {
    /// The volume group, then the devices.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// Take out all that hold nothing.
    #[arg(short = 'a', long)]
    all: bool,
    /// Take out those that are missing.
    #[arg(long)]
    removemissing: bool,
    /// With --removemissing: change only mirrors.
    #[arg(long)]
    mirrorsonly: bool,
    #[command(flatten)]
    force: ForceArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Vgreduce {
    const NAME: &'static str = "vgreduce";
    const ABOUT: &'static str = "Take physical volumes out of a volume group";
    const SYNTAX: &'static [&'static str] =
        &["vgreduce VG PV ...", "vgreduce -a VG", "vgreduce --removemissing VG"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let [vg, devices @ ..] = self.args.as_slice() else {
            return Err(Failure::Syntax);
        };
        session.names_devices(devices, false);
        let what = self.what(devices)?;
        let vg = names::vg(vg)?;
        let scope = scope::global_and(&[&vg]);
        let request = Request { vg: vg.into(), what, force: u32::from(self.force.force) };
        session.change(&self.change, &scope, move |system| vgreduce::vgreduce(system, &request))
    }
}

impl Vgreduce {
    fn what(&self, devices: &[String]) -> Result<What, Failure> {
        if self.mirrorsonly && !self.removemissing {
            return Err(Failure::Option("--mirrorsonly".into()));
        }
        if !self.all && !self.removemissing {
            return if devices.is_empty() {
                Err(Failure::Syntax)
            } else {
                Ok(What::Devices(devices.to_vec()))
            };
        }
        if let Some(device) = devices.first() {
            return Err(Failure::Argument(device.clone()));
        }
        Ok(if self.all { What::Unused } else { What::Missing { mirrors_only: self.mirrorsonly } })
    }
}
