//! `pvresize`: physical volumes grow or shrink with their devices.

use super::change_args::ChangeArgs;
use super::exit::Failure;
use super::scope;
use super::session::Session;
use super::table::Run;
use super::value;
use extant_core::ops::pvresize::{self, Request};
use extant_core::units::Sectors;

/// Arguments of `pvresize`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Pvresize {
    /// The devices.
    #[arg(value_name = "PV")]
    pvs: Vec<String>,
    /// Use only so much of the device; in MiB without a unit.
    #[arg(long, value_name = "Size[m|UNIT]", value_parser = value::size_mib)]
    setphysicalvolumesize: Option<Sectors>,
    #[command(flatten)]
    change: ChangeArgs,
}

impl Run for Pvresize {
    const NAME: &'static str = "pvresize";
    const ABOUT: &'static str = "Adapt physical volumes to the size of their devices";
    const SYNTAX: &'static [&'static str] = &["pvresize PV ..."];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        if self.pvs.is_empty() {
            return Err(Failure::Syntax);
        }
        session.names_devices(&self.pvs, false);
        let request = Request { devices: self.pvs, size: self.setphysicalvolumesize };
        session.change(&self.change, &scope::everything(), move |system| {
            pvresize::pvresize(system, &request)
        })
    }
}
