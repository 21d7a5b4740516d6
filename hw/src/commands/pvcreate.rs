//! `pvcreate`: devices become physical volumes.

use super::backup_file;
use super::change_args::{ChangeArgs, LayoutArgs};
use super::exit::Failure;
use super::scope;
use super::session::Session;
use super::table::Run;
use super::value;
use extant_core::id::Uuid;
use extant_core::ops::layout::Parameters;
use extant_core::ops::pvcreate::{self, Request, Restore};
use extant_core::units::Sectors;

/// Arguments of `pvcreate`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Pvcreate {
    /// The devices.
    #[arg(value_name = "PV")]
    pvs: Vec<String>,
    #[command(flatten)]
    layout: LayoutArgs,
    /// Whether the metadata areas are left unused.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    metadataignore: Option<bool>,
    /// Room for a boot loader; in MiB without a unit.
    #[arg(long, value_name = "Size[m|UNIT]", value_parser = value::size_mib)]
    bootloaderareasize: Option<Sectors>,
    /// Use only so much of the device; in MiB without a unit.
    #[arg(long, value_name = "Size[m|UNIT]", value_parser = value::size_mib)]
    setphysicalvolumesize: Option<Sectors>,
    /// The PV's identity, instead of a new one; needs --restorefile or --norestorefile.
    #[arg(short = 'u', long = "uuid", value_name = "String")]
    id: Option<String>,
    /// Place the data where this backup of the VG says.
    #[arg(long, value_name = "String")]
    restorefile: Option<String>,
    /// The identity is given without a backup to place the data by.
    #[arg(long)]
    norestorefile: bool,
    #[command(flatten)]
    change: ChangeArgs,
}

impl Run for Pvcreate {
    const NAME: &'static str = "pvcreate";
    const ABOUT: &'static str = "Make devices physical volumes";
    const SYNTAX: &'static [&'static str] = &["pvcreate PV ..."];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        if self.pvs.is_empty() {
            return Err(Failure::Syntax);
        }
        session.names_devices(&self.pvs, true);
        let request = self.request()?;
        session.change(&self.change, &scope::everything(), move |system| {
            pvcreate::pvcreate(system, &request)
        })
    }
}

impl Pvcreate {
    fn request(&self) -> Result<Request, Failure> {
        let id = match self.id.as_deref().map(str::parse::<Uuid>) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(error)) => return Err(Failure::Usage(error.to_string())),
        };
        let restore = match &self.restorefile {
            Some(path) => {
                Restore::File { path: path.clone(), vg: Box::new(backup_file::read(path)?.0) }
            }
            None if self.norestorefile => Restore::No,
            None => Restore::Unset,
        };
        Ok(Request {
            devices: self.pvs.clone(),
            force: u32::from(self.layout.force),
            id,
            restore,
            layout: Parameters {
                metadata_ignore: self.metadataignore,
                bootloader_size: self.bootloaderareasize,
                device_size: self.setphysicalvolumesize,
                ..self.layout.parameters()
            },
        })
    }
}
