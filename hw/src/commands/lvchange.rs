//! `lvchange`: attributes of logical volumes.

use super::change_args::{BackupArgs, ChangeArgs};
use super::exit::Failure;
use super::select::{self, Missing};
use super::session::Session;
use super::table::Run;
use super::{lvchange_request, scope, value};
use extant_core::model::flags::AllocationPolicy;
use extant_core::model::lv::ReadAhead;
use extant_core::name::Tag;
use extant_core::ops::lvchange::{self, Request};

/// Arguments of `lvchange`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvchange {
    /// The volumes; a group means all that are in it.
    #[arg(value_name = "VG|LV")]
    targets: Vec<String>,
    /// Act on what this selects.
    #[arg(short = 'S', long, value_name = "String")]
    pub(super) select: Option<String>,
    /// Whether its extents must follow each other.
    #[arg(short = 'C', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) contiguous: Option<bool>,
    /// Whether it may be written.
    #[arg(short = 'p', long, value_name = "rw|r", value_parser = value::permission)]
    pub(super) permission: Option<bool>,
    /// How far reads go ahead; in sectors without a unit.
    #[arg(short = 'r', long, value_name = "auto|none|Number", value_parser = value::read_ahead)]
    pub(super) readahead: Option<ReadAhead>,
    /// Whether it is left out when its group is activated.
    #[arg(short = 'k', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) setactivationskip: Option<bool>,
    /// Whether it is activated by events.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) setautoactivation: Option<bool>,
    /// Whether its device numbers are fixed.
    #[arg(short = 'M', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) persistent: Option<bool>,
    /// Its major number.
    #[arg(short = 'j', long, value_name = "Number", value_parser = value::number)]
    pub(super) major: Option<u32>,
    /// Its minor number.
    #[arg(long, value_name = "Number", value_parser = value::number)]
    pub(super) minor: Option<u32>,
    /// Add a tag; may be repeated.
    #[arg(long, value_name = "Tag", action = clap::ArgAction::Append, value_parser = value::tag)]
    pub(super) addtag: Vec<Tag>,
    /// Remove a tag; may be repeated.
    #[arg(long, value_name = "Tag", action = clap::ArgAction::Append, value_parser = value::tag)]
    pub(super) deltag: Vec<Tag>,
    /// How new extents are chosen.
    #[arg(long, value_name = "POLICY", value_parser = value::policy)]
    pub(super) alloc: Option<AllocationPolicy>,
    /// The profile of its metadata.
    #[arg(long, value_name = "String")]
    pub(super) metadataprofile: Option<String>,
    /// Take its profile away.
    #[arg(long)]
    pub(super) detachprofile: bool,
    /// Nothing can be activated yet; deactivating what is not active is possible.
    #[arg(short = 'a', long, alias = "available", value_name = "y|n|ay", value_parser = value::activation)]
    pub(super) activate: Option<bool>,
    /// Accepted for compatibility.
    #[arg(short = 'K', long)]
    pub(super) ignoreactivationskip: bool,
    /// Accepted for compatibility.
    #[arg(short = 'P', long)]
    pub(super) partial: bool,
    /// Accepted for compatibility.
    #[arg(long, value_name = "String")]
    pub(super) activationmode: Option<String>,
    /// Accepted for compatibility.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) poll: Option<bool>,
    /// Accepted for compatibility.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) monitor: Option<bool>,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) sysinit: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) readonly: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) ignorelockingfailure: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) ignoremonitoring: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) noudevsync: bool,
    /// Do not ask; twice: also what is risky.
    #[arg(short = 'f', long, action = clap::ArgAction::Count)]
    force: u8,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Lvchange {
    const NAME: &'static str = "lvchange";
    const ABOUT: &'static str = "Change attributes of logical volumes";
    const SYNTAX: &'static [&'static str] =
        &["lvchange OPTIONS VG|LV|Tag|Select ...", "lvchange -a y|n|ay VG|LV|Tag|Select ..."];
    const LATER: &'static [(&'static str, Option<char>, bool)] = &[
        ("cachemode", None, true),
        ("cachepolicy", None, true),
        ("cachesettings", None, true),
        ("compression", None, true),
        ("deduplication", None, true),
        ("discards", None, true),
        ("errorwhenfull", None, true),
        ("maxrecoveryrate", None, true),
        ("minrecoveryrate", None, true),
        ("rebuild", None, true),
        ("refresh", None, false),
        ("resync", None, false),
        ("syncaction", None, true),
        ("vdosettings", None, true),
        ("writebehind", None, true),
        ("writemostly", None, true),
        ("zero", Some('Z'), true),
    ];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let template = lvchange_request::template(&self, &session.common)?;
        if self.targets.is_empty() && self.select.is_none() {
            return Err(Failure::Syntax);
        }
        let lvs = select::lvs(session, &self.targets, self.select.as_deref(), Missing::Told)?;
        let Some(template) = template else {
            return lvs.finish();
        };
        let result = session.for_each(lvs.found.clone(), |session, chosen| {
            let template = template.clone();
            session.change(&self.change, &scope::vg(&chosen.vg), move |system| {
                chosen.decide(system, |targets| {
                    let request = Request { targets, ..template.clone() };
                    lvchange::lvchange(system, &request)
                })
            })
        });
        result.and(lvs.finish())
    }
}
