//! `vgchange`: attributes of volume groups.

use super::change_args::{
    AttributeArgs, BackupArgs, ChangeArgs, ForceArgs, PolicyArgs, ReactivationArgs, RetagArgs,
    SelectArgs,
};
use super::exit::Failure;
use super::select::{self, Exported};
use super::session::Session;
use super::table::Run;
use super::value::Activation;
use super::{scope, value};
use extant_core::name::VgName;
use extant_core::ops::activation;
use extant_core::ops::vgchange::{self, ProfileChange, Request};
use extant_core::ops::vgcreate::MetadataCopies;
use extant_core::units::Sectors;

/// Arguments of `vgchange`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgchange {
    /// The volume groups; none means all.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
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
    /// Another name of --vgmetadatacopies.
    #[arg(long, value_name = "Number", value_parser = value::pv_metadata_copies)]
    pvmetadatacopies: Option<u32>,
    /// How many metadata areas are in use.
    #[arg(long, value_name = "all|unmanaged|Number", value_parser = value::vg_metadata_copies)]
    vgmetadatacopies: Option<MetadataCopies>,
    /// The machine that owns it.
    #[arg(long, value_name = "String")]
    systemid: Option<String>,
    /// The type of its locks; other than none needs a lock daemon.
    #[arg(long, value_name = "String")]
    locktype: Option<String>,
    /// Accepted for compatibility.
    #[arg(long, value_name = "String")]
    autoactivation: Option<String>,
    /// Accepted for compatibility.
    #[arg(long)]
    lockstart: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    lockstop: bool,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    attributes: AttributeArgs,
    #[command(flatten)]
    tags: RetagArgs,
    #[command(flatten)]
    activation: ReactivationArgs,
    #[command(flatten)]
    force: ForceArgs,
    #[command(flatten)]
    select: SelectArgs,
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
        let wanted = self.activation.wanted();
        if template.is_none() {
            match self.autoactivation.as_deref() {
                _ if wanted.is_none() && (self.lockstart || self.lockstop) => {
                    let text = "Using lock start and lock stop requires lvmlockd.";
                    session.messenger.error(text);
                    return Ok(());
                }
                _ if wanted.is_none() => return Err(Failure::Syntax),
                None | Some("event") => {}
                Some(_) => {
                    let text = "Skip vgchange for unknown autoactivation value.";
                    session.messenger.print(text);
                    return Ok(());
                }
            }
        }
        self.activation.announce(session);
        let vgs =
            select::vgs(session, &self.vgs, self.select.select.as_deref(), Exported::Skipped)?;
        session.for_each(vgs, |session, chosen| {
            let selector = &chosen.selector;
            session.change(&self.change, &scope::vg(&chosen.name), |system| {
                chosen.decide(system, || {
                    if let Some(template) = &template {
                        let request = Request { vg: selector.clone(), ..template.clone() };
                        return vgchange::vgchange(system, &request);
                    }
                    let wanted = wanted.expect("there is something to do");
                    activation::of_vg(system, selector, wanted)
                })
            })
        })
    }
}

impl Vgchange {
    /// Makes the request, for no VG yet; `None` if there is nothing to change in the metadata.
    fn template(&self, session: &Session<'_>) -> Result<Option<Request>, Failure> {
        let profile = session.common.metadata_profile.as_ref();
        let profile = match (self.tags.detachprofile, profile) {
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
            !self.tags.add.addtag.is_empty(),
            !self.tags.deltag.is_empty(),
            self.policy.alloc.is_some(),
            copies.is_some(),
            self.vgmetadatacopies.is_some(),
            profile.is_some(),
            self.attributes.setautoactivation.is_some(),
            self.systemid.is_some(),
            self.locktype.is_some(),
        ]
        .contains(&true);
        if !changes {
            return Ok(None);
        }
        if let Some(activate) = self.activation.activation.activate {
            let value = match activate {
                Activation::Yes => "y",
                Activation::No => "n",
                Activation::Auto => "ay",
            };
            return Err(Failure::Option(format!("--activate {value}")));
        }
        let placeholder = VgName::new("x").expect("x is a name");
        Ok(Some(Request {
            max_lv: self.logicalvolume,
            max_pv: self.maxphysicalvolumes,
            new_id: self.uuid,
            extent_size: self.physicalextentsize,
            resizeable: self.resizeable,
            add_tags: self.tags.add.addtag.clone(),
            remove_tags: self.tags.deltag.clone(),
            policy: self.policy.alloc,
            metadata_copies: self.vgmetadatacopies.or(copies),
            profile,
            auto_activation: self.attributes.setautoactivation,
            system_id: self.systemid.clone(),
            lock_type: self.locktype.clone(),
            ..Request::new(placeholder.into())
        }))
    }
}
