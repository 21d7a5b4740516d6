//! `lvcreate`: a new logical volume.

use super::change_args::{BackupArgs, ChangeArgs, amount};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{lvcreate_request, scope, value};
use extant_core::model::flags::AllocationPolicy;
use extant_core::model::lv::ReadAhead;
use extant_core::name::Tag;
use extant_core::ops::lvcreate;
use extant_core::size::Size;
use extant_core::size::extents::ExtentsArg;
use extant_core::units::Sectors;

/// Arguments of `lvcreate`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvcreate {
    /// The volume group, then the devices that may be used, as `PV[:EXTENTS]`.
    #[arg(value_name = "ARG")]
    pub(super) args: Vec<String>,
    /// Its size; in MiB without a unit.
    #[arg(short = 'L', long, value_name = "Size[m|UNIT]", value_parser = value::size_plus)]
    pub(super) size: Option<Size>,
    /// Its size in extents, or in percent of something.
    #[arg(short = 'l', long, value_name = "Number[PERCENT]", value_parser = value::extents_plus)]
    pub(super) extents: Option<ExtentsArg>,
    /// Its name; without, lvolN.
    #[arg(short = 'n', long, value_name = "String")]
    pub(super) name: Option<String>,
    /// linear, striped, error or zero.
    #[arg(long = "type", value_name = "String")]
    pub(super) kind: Option<String>,
    /// Over how many devices its data is spread.
    #[arg(short = 'i', long, value_name = "Number", value_parser = value::number)]
    pub(super) stripes: Option<u32>,
    /// How much goes to one device before the next one's turn; in KiB without a unit.
    #[arg(short = 'I', long, value_name = "Size[k|UNIT]", value_parser = value::size_kib)]
    pub(super) stripesize: Option<Sectors>,
    /// How new extents are chosen.
    #[arg(long, value_name = "POLICY", value_parser = value::policy)]
    pub(super) alloc: Option<AllocationPolicy>,
    /// Whether its extents must follow each other.
    #[arg(short = 'C', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) contiguous: Option<bool>,
    /// Whether it may be written.
    #[arg(short = 'p', long, value_name = "rw|r", value_parser = value::permission)]
    pub(super) permission: Option<bool>,
    /// How far reads go ahead; in sectors without a unit.
    #[arg(short = 'r', long, value_name = "auto|none|Number", value_parser = value::read_ahead)]
    pub(super) readahead: Option<ReadAhead>,
    /// Add a tag; may be repeated.
    #[arg(long, value_name = "Tag", action = clap::ArgAction::Append, value_parser = value::tag)]
    pub(super) addtag: Vec<Tag>,
    /// Whether its first 4 KiB are zeroed.
    #[arg(short = 'Z', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) zero: Option<bool>,
    /// Whether signatures on it are looked for and wiped.
    #[arg(short = 'W', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) wipesignatures: Option<bool>,
    /// Whether it is left out when its group is activated.
    #[arg(short = 'k', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) setactivationskip: Option<bool>,
    /// Accepted for compatibility.
    #[arg(short = 'K', long)]
    pub(super) ignoreactivationskip: bool,
    /// Whether it is activated by events.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) setautoactivation: Option<bool>,
    /// Accepted for compatibility: nothing is activated yet.
    #[arg(short = 'a', long, alias = "available", value_name = "y|n|ay", value_parser = value::activation)]
    pub(super) activate: Option<bool>,
    /// Whether its device numbers are fixed.
    #[arg(short = 'M', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) persistent: Option<bool>,
    /// Its major number.
    #[arg(short = 'j', long, value_name = "Number", value_parser = value::number)]
    pub(super) major: Option<u32>,
    /// Its minor number.
    #[arg(long, value_name = "Number", value_parser = value::number)]
    pub(super) minor: Option<u32>,
    /// The profile of its metadata.
    #[arg(long, value_name = "String")]
    pub(super) metadataprofile: Option<String>,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) ignoremonitoring: bool,
    /// Accepted for compatibility.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) monitor: Option<bool>,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) noudevsync: bool,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Lvcreate {
    const NAME: &'static str = "lvcreate";
    const ABOUT: &'static str = "Create a logical volume";
    const SYNTAX: &'static [&'static str] = &[
        "lvcreate -L Size|-l Extents [-n NAME] VG [PV ...]",
        "lvcreate -i Number -L Size|-l Extents [-n NAME] VG [PV ...]",
    ];
    const LATER: &'static [(&'static str, Option<char>, bool)] = &[
        ("cache", Some('H'), false),
        ("cachedevice", None, true),
        ("cachemetadataformat", None, true),
        ("cachemode", None, true),
        ("cachepolicy", None, true),
        ("cachepool", None, true),
        ("cachesettings", None, true),
        ("cachesize", None, true),
        ("cachevol", None, true),
        ("chunksize", Some('c'), true),
        ("compression", None, true),
        ("deduplication", None, true),
        ("discards", None, true),
        ("errorwhenfull", None, true),
        ("maxrecoveryrate", None, true),
        ("minrecoveryrate", None, true),
        ("mirrorlog", None, true),
        ("mirrors", Some('m'), true),
        ("nosync", None, false),
        ("poolmetadatasize", None, true),
        ("poolmetadataspare", None, true),
        ("raidintegrity", None, true),
        ("raidintegrityblocksize", None, true),
        ("raidintegritymode", None, true),
        ("regionsize", Some('R'), true),
        ("snapshot", Some('s'), false),
        ("thin", Some('T'), false),
        ("thinpool", None, true),
        ("vdo", None, false),
        ("vdopool", None, true),
        ("vdosettings", None, true),
        ("virtualsize", Some('V'), true),
    ];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let amount =
            amount(self.size, self.extents, "Please specify either size or extents (not both).")?
                .ok_or(Failure::Syntax)?;
        let request = lvcreate_request::request(&self, amount)?;
        let scope = scope::vg(&request.vg);
        session.change(&self.change, &scope, move |system| lvcreate::lvcreate(system, &request))
    }
}
