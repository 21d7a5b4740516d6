//! `vgchange`: attributes of volume groups.

use super::change_args::{BackupArgs, ChangeArgs};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{scope, select, value};
use extant_core::model::flags::AllocationPolicy;
use extant_core::name::{Tag, VgName};
use extant_core::ops::vgchange::{self, ProfileChange, Request};
use extant_core::ops::vgcreate::MetadataCopies;
use extant_core::units::Sectors;

/// Arguments of `vgchange`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgchange {
    /// The volume groups; none means all.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
    /// Act on what this selects.
    #[arg(short = 'S', long, value_name = "String")]
    select: Option<String>,
    /// The most volumes it may have; 0 is no limit.
    #[arg(short = 'l', long, alias = "maxlogicalvolumes", value_name = "Number", value_parser = value::number)]
    logicalvolume: Option<u32>,
    /// The most devices it may have; 0 is no limit.
    #[arg(short = 'p', long, value_name = "Number", value_parser = value::number)]
    maxphysicalvolumes: Option<u32>,
    /// Give it a new identity.
    #[arg(short = 'u', long)]
    uuid: bool,
    /// The size of an extent; in MiB without a unit.
    #[arg(short = 's', long, value_name = "Size[m|UNIT]", value_parser = value::size_mib)]
    physicalextentsize: Option<Sectors>,
    /// Whether devices may be added and taken out.
    #[arg(short = 'x', long, alias = "resizable", value_name = "y|n", value_parser = value::yes_no)]
    resizeable: Option<bool>,
    /// Add a tag; may be repeated.
    #[arg(long, value_name = "Tag", action = clap::ArgAction::Append, value_parser = value::tag)]
    addtag: Vec<Tag>,
    /// Remove a tag; may be repeated.
    #[arg(long, value_name = "Tag", action = clap::ArgAction::Append, value_parser = value::tag)]
    deltag: Vec<Tag>,
    /// How new extents are chosen.
    #[arg(long, value_name = "POLICY", value_parser = value::policy)]
    alloc: Option<AllocationPolicy>,
    /// Another name of --vgmetadatacopies.
    #[arg(long, value_name = "Number", value_parser = value::pv_metadata_copies)]
    pvmetadatacopies: Option<u32>,
    /// How many metadata areas are in use.
    #[arg(long, value_name = "all|unmanaged|Number", value_parser = value::vg_metadata_copies)]
    vgmetadatacopies: Option<MetadataCopies>,
    /// The profile of its metadata.
    #[arg(long, value_name = "String")]
    metadataprofile: Option<String>,
    /// Take its profile away.
    #[arg(long)]
    detachprofile: bool,
    /// Whether it is activated by events.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    setautoactivation: Option<bool>,
    /// The machine that owns it.
    #[arg(long, value_name = "String")]
    systemid: Option<String>,
    /// The type of its locks; other than none needs a lock daemon.
    #[arg(long, value_name = "String")]
    locktype: Option<String>,
    /// Nothing can be activated yet; deactivating what is not active is possible.
    #[arg(short = 'a', long, alias = "available", value_name = "y|n|ay", value_parser = value::activation)]
    activate: Option<bool>,
    /// Accepted for compatibility.
    #[arg(long, value_name = "String")]
    autoactivation: Option<String>,
    /// Accepted for compatibility.
    #[arg(short = 'K', long)]
    ignoreactivationskip: bool,
    /// Accepted for compatibility.
    #[arg(short = 'P', long)]
    partial: bool,
    /// Accepted for compatibility.
    #[arg(long, value_name = "String")]
    activationmode: Option<String>,
    /// Accepted for compatibility.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    poll: Option<bool>,
    /// Accepted for compatibility.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    monitor: Option<bool>,
    /// Accepted for compatibility.
    #[arg(long)]
    refresh: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    lockstart: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    lockstop: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    sysinit: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    readonly: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    ignorelockingfailure: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    ignoremonitoring: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    noudevsync: bool,
    /// Do not ask; twice: also what is risky.
    #[arg(short = 'f', long, action = clap::ArgAction::Count)]
    force: u8,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Vgchange {
    const NAME: &'static str = "vgchange";
    const ABOUT: &'static str = "Change attributes of volume groups";
    const SYNTAX: &'static [&'static str] = &[
        "vgchange OPTIONS [VG|Tag|Select ...]",
        "vgchange --systemid String VG",
        "vgchange --locktype TYPE VG",
    ];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let template = self.template(session)?;
        let vgs = select::vgs(session, &self.vgs, self.select.as_deref())?;
        let Some(template) = template else {
            return self.activation(session, &vgs);
        };
        session.for_each(vgs, |session, vg| {
            let scope = scope::vg(&vg);
            let request = Request { vg: vg.into(), ..template.clone() };
            session.change(&self.change, &scope, move |system| vgchange::vgchange(system, &request))
        })
    }
}

impl Vgchange {
    /// Makes the request, for no VG yet; `None` if there is nothing to change in the metadata.
    fn template(&self, session: &Session<'_>) -> Result<Option<Request>, Failure> {
        let profile = self.metadataprofile.as_ref().or(session.common.profile.as_ref());
        let profile = match (self.detachprofile, profile) {
            (true, Some(_)) => {
                return Err(Failure::Usage(
                    "Only one of --metadataprofile and --detachprofile permitted.".into(),
                ));
            }
            (true, None) => Some(ProfileChange::Detach),
            (false, Some(name)) => Some(ProfileChange::Attach(name.clone())),
            (false, None) => None,
        };
        let copies = self.pvmetadatacopies.map(|count| match count {
            0 => MetadataCopies::Unmanaged,
            count => MetadataCopies::Count(count),
        });
        let changes = [
            self.logicalvolume.is_some(),
            self.maxphysicalvolumes.is_some(),
            self.uuid,
            self.physicalextentsize.is_some(),
            self.resizeable.is_some(),
            !self.addtag.is_empty(),
            !self.deltag.is_empty(),
            self.alloc.is_some(),
            copies.is_some(),
            self.vgmetadatacopies.is_some(),
            profile.is_some(),
            self.setautoactivation.is_some(),
            self.systemid.is_some(),
            self.locktype.is_some(),
        ]
        .contains(&true);
        if !changes {
            return Ok(None);
        }
        if let Some(activate) = self.activate {
            let value = if activate { "y" } else { "n" };
            return Err(Failure::Option(format!("--activate {value}")));
        }
        let placeholder = VgName::new("x").expect("x is a name");
        Ok(Some(Request {
            max_lv: self.logicalvolume,
            max_pv: self.maxphysicalvolumes,
            new_id: self.uuid,
            extent_size: self.physicalextentsize,
            resizeable: self.resizeable,
            add_tags: self.addtag.clone(),
            remove_tags: self.deltag.clone(),
            policy: self.alloc,
            metadata_copies: self.vgmetadatacopies.or(copies),
            profile,
            auto_activation: self.setautoactivation,
            system_id: self.systemid.clone(),
            lock_type: self.locktype.clone(),
            ..Request::new(placeholder.into())
        }))
    }

    /// Does what there is to do about active volumes, of which there are none.
    fn activation(&self, session: &mut Session<'_>, vgs: &[VgName]) -> Result<(), Failure> {
        match self.activate {
            Some(true) => Err(Failure::Failed("Logical volumes cannot be activated yet.".into())),
            Some(false) => {
                for vg in vgs {
                    let text = format!("0 logical volume(s) in volume group \"{vg}\" now active");
                    session.messenger.print(&text);
                }
                Ok(())
            }
            None if self.poll.is_some() || self.monitor.is_some() => Ok(()),
            None if self.refresh || self.lockstart || self.lockstop => Ok(()),
            None => Err(Failure::Syntax),
        }
    }
}
