//! `lvcreate`: a new logical volume.

use super::change_args::{
    ActivationArgs, AddTagArgs, BackupArgs, ChangeArgs, LvAttributeArgs, StripeArgs, amount,
};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{lvcreate_request, scope, value};
use extant_core::ops::lvcreate;
use extant_core::size::Size;
use extant_core::size::extents::ExtentsArg;

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
    /// Whether its first 4 KiB are zeroed.
    #[arg(short = 'Z', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) zero: Option<bool>,
    /// Whether signatures on it are looked for and wiped.
    #[arg(short = 'W', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) wipesignatures: Option<bool>,
    #[command(flatten)]
    pub(super) stripes: StripeArgs,
    #[command(flatten)]
    pub(super) attributes: LvAttributeArgs,
    #[command(flatten)]
    pub(super) tags: AddTagArgs,
    #[command(flatten)]
    activation: ActivationArgs,
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
        let request = {
            let profile = session.common.metadata_profile.as_ref();
            lvcreate_request::request(&self, amount, profile)?
        };
        let scope = scope::vg(&request.vg);
        session.change(&self.change, &scope, move |system| lvcreate::lvcreate(system, &request))
    }
}
