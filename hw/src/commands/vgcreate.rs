//! `vgcreate`: a new volume group.

use super::change_args::{
    AddTagArgs, AttributeArgs, BackupArgs, ChangeArgs, LayoutArgs, PolicyArgs,
};
use super::exit::Failure;
use super::names;
use super::scope;
use super::session::Session;
use super::table::Run;
use super::value;
use extant_core::ops::vgcreate::{self, MetadataCopies, Request};
use extant_core::units::Sectors;

/// Arguments of `vgcreate`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgcreate {
    /// The name of the new volume group, then its devices.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    #[command(flatten)]
    layout: LayoutArgs,
    /// The size of an extent; in MiB without a unit.
    #[arg(short = 's', long, value_name = "Size[m|UNIT]", value_parser = value::size_mib)]
    physicalextentsize: Option<Sectors>,
    /// The most volumes it may have; 0 is no limit.
    #[arg(short = 'l', long, value_name = "Number", value_parser = value::number)]
    maxlogicalvolumes: Option<u32>,
    /// The most devices it may have; 0 is no limit.
    #[arg(short = 'p', long, value_name = "Number", value_parser = value::number)]
    maxphysicalvolumes: Option<u32>,
    /// Whether it is clustered; that is no more.
    #[arg(short = 'c', long, value_name = "y|n", value_parser = value::yes_no)]
    clustered: Option<bool>,
    /// How many metadata areas are in use.
    #[arg(long, value_name = "all|unmanaged|Number", value_parser = value::vg_metadata_copies)]
    vgmetadatacopies: Option<MetadataCopies>,
    /// The machine that owns it.
    #[arg(long, value_name = "String")]
    systemid: Option<String>,
    /// Share it with other machines; that needs a lock daemon.
    #[arg(long)]
    shared: bool,
    /// The type of its locks; other than none needs a lock daemon.
    #[arg(long, value_name = "String")]
    locktype: Option<String>,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    tags: AddTagArgs,
    #[command(flatten)]
    attributes: AttributeArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Vgcreate {
    const NAME: &'static str = "vgcreate";
    const ABOUT: &'static str = "Create a volume group";
    const SYNTAX: &'static [&'static str] = &["vgcreate VG_new PV ..."];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let request = self.request(session.common.metadata_profile.clone())?;
        session.names_devices(&request.devices, true);
        let scope = scope::global_and(&[&request.name]);
        session.change(&self.change.clone(), &scope, move |system| {
            vgcreate::vgcreate(system, &request)
        })
    }
}

impl Vgcreate {
    fn request(&self, profile: Option<String>) -> Result<Request, Failure> {
        let [name, devices @ ..] = self.args.as_slice() else {
            return Err(Failure::Syntax);
        };
        if devices.is_empty() {
            return Err(Failure::Syntax);
        }
        let shared = self.shared || self.locktype.as_ref().is_some_and(|kind| kind != "none");
        Ok(Request {
            name: names::new_vg(name)?,
            devices: devices.to_vec(),
            force: u32::from(self.layout.force),
            layout: self.layout.parameters(),
            extent_size: self.physicalextentsize,
            max_lv: self.maxlogicalvolumes,
            max_pv: self.maxphysicalvolumes,
            policy: self.policy.alloc,
            tags: self.tags.addtag.clone(),
            clustered: self.clustered,
            metadata_copies: self.vgmetadatacopies,
            profile,
            system_id: self.systemid.clone(),
            shared,
            auto_activation: self.attributes.setautoactivation,
        })
    }
}
