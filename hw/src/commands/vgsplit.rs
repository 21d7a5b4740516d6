//! `vgsplit`: devices, with what is on them, go to another volume group.

use super::change_args::{BackupArgs, ChangeArgs};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{names, scope, value};
use extant_core::model::flags::AllocationPolicy;
use extant_core::ops::vgcreate::MetadataCopies;
use extant_core::ops::vgsplit::{self, Request, What};

/// Arguments of `vgsplit`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgsplit {
    /// The volume group they come from, the one they go to, and the devices.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// Move the devices that this logical volume lies on.
    #[arg(short = 'n', long, value_name = "String")]
    name: Option<String>,
    /// For a new group: the most volumes it may have.
    #[arg(short = 'l', long, value_name = "Number", value_parser = value::number)]
    maxlogicalvolumes: Option<u32>,
    /// For a new group: the most devices it may have.
    #[arg(short = 'p', long, value_name = "Number", value_parser = value::number)]
    maxphysicalvolumes: Option<u32>,
    /// The type of metadata; there is one.
    #[arg(short = 'M', long, value_name = "lvm2", value_parser = value::metadata_type)]
    metadatatype: Option<()>,
    /// How new extents are chosen.
    #[arg(long, value_name = "POLICY", value_parser = value::policy)]
    alloc: Option<AllocationPolicy>,
    /// Whether spare room for pool metadata is kept.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    poolmetadataspare: Option<bool>,
    /// For a new group: how many metadata areas are in use.
    #[arg(long, value_name = "all|unmanaged|Number", value_parser = value::vg_metadata_copies)]
    vgmetadatacopies: Option<MetadataCopies>,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Vgsplit {
    const NAME: &'static str = "vgsplit";
    const ABOUT: &'static str = "Move physical volumes into another volume group";
    const SYNTAX: &'static [&'static str] = &["vgsplit VG VG PV ...", "vgsplit -n LV VG VG"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let [source, destination, devices @ ..] = self.args.as_slice() else {
            return Err(Failure::Syntax);
        };
        session.names_devices(devices, false);
        let source = names::vg(source)?;
        let destination = names::new_vg(destination)?;
        let what = match (&self.name, devices) {
            (None, []) => return Err(Failure::Syntax),
            (None, devices) => What::Devices(devices.to_vec()),
            (Some(lv), []) => What::Lv(names::lv_in(lv, &source)?),
            (Some(_), [device, ..]) => return Err(Failure::Argument(device.clone())),
        };
        let scope = scope::global_and(&[&source, &destination]);
        let request = Request {
            source: source.into(),
            destination,
            what,
            max_lv: self.maxlogicalvolumes,
            max_pv: self.maxphysicalvolumes,
            policy: self.alloc,
            metadata_copies: self.vgmetadatacopies,
            pool_metadata_spare: self.poolmetadataspare,
        };
        session.change(&self.change, &scope, move |system| vgsplit::vgsplit(system, &request))
    }
}
