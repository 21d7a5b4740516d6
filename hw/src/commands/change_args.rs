//! Options that several changing commands share.

use super::exit::Failure;
use super::session::Session;
use super::value::{self, Activation};
use extant_core::model::flags::AllocationPolicy;
use extant_core::model::lv::ReadAhead;
use extant_core::name::Tag;
use extant_core::ops::Level;
use extant_core::ops::activation::Wanted;
use extant_core::ops::layout::Parameters;
use extant_core::size::Amount;
use extant_core::size::Size;
use extant_core::size::extents::ExtentsArg;
use extant_core::units::Sectors;

/// Options of every command that changes something.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct ChangeArgs {
    /// Show what would be written, or save it in a file, and write nothing.
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    pub(super) plan: Option<String>,
    /// Accepted for compatibility.
    #[arg(long, value_name = "basic|json", value_parser = ["basic", "json", "json_std"])]
    pub(super) reportformat: Option<String>,
}

/// The option for backup and archive.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct BackupArgs {
    /// Whether the state before and after is kept in files.
    #[arg(short = 'A', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) autobackup: Option<bool>,
}

/// Options of commands that make PVs.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct LayoutArgs {
    /// Overwrite what is on the device without asking; twice: also PVs that are in use.
    #[arg(short = 'f', long, action = clap::ArgAction::Count)]
    pub(super) force: u8,
    /// The type of metadata; there is one.
    #[arg(short = 'M', long, value_name = "lvm2", value_parser = value::metadata_type)]
    pub(super) metadatatype: Option<()>,
    /// Whether the first 2 KiB of the device are zeroed.
    #[arg(short = 'Z', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) zero: Option<bool>,
    /// The sector of the label, 0 to 3.
    #[arg(long, value_name = "Number", value_parser = value::number)]
    pub(super) labelsector: Option<u32>,
    /// How many metadata areas a PV gets.
    #[arg(long, value_name = "0|1|2", value_parser = value::pv_metadata_copies)]
    pub(super) pvmetadatacopies: Option<u32>,
    /// The size of each metadata area; in MiB without a unit.
    #[arg(long, value_name = "Size[m|UNIT]", value_parser = value::size_mib)]
    pub(super) metadatasize: Option<Sectors>,
    /// What the data's start is a multiple of; in KiB without a unit.
    #[arg(long, value_name = "Size[k|UNIT]", value_parser = value::size_kib)]
    pub(super) dataalignment: Option<Sectors>,
    /// By how much the data's start is moved beyond that; in KiB without a unit.
    #[arg(long, value_name = "Size[k|UNIT]", value_parser = value::size_kib)]
    pub(super) dataalignmentoffset: Option<Sectors>,
}

impl LayoutArgs {
    /// Returns the layout that is asked for.
    pub(super) fn parameters(&self) -> Parameters {
        Parameters {
            zero: self.zero,
            label_sector: self.labelsector.map(u64::from),
            metadata_copies: self.pvmetadatacopies,
            metadata_size: self.metadatasize,
            data_alignment: self.dataalignment,
            data_alignment_offset: self.dataalignmentoffset,
            ..Parameters::default()
        }
    }
}

/// `-f` of commands that ask about risks.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct ForceArgs {
    /// Do not ask; twice: also what is risky.
    #[arg(short = 'f', long, action = clap::ArgAction::Count)]
    pub(super) force: u8,
}

/// `-S` of commands that change what is there.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct SelectArgs {
    /// Act on what this selects.
    #[arg(short = 'S', long, value_name = "String")]
    pub(super) select: Option<String>,
}

/// `--alloc`.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct PolicyArgs {
    /// How new extents are chosen.
    #[arg(long, value_name = "POLICY", value_parser = value::policy)]
    pub(super) alloc: Option<AllocationPolicy>,
}

/// `-i` and `-I`.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct StripeArgs {
    /// Over how many devices new data is spread.
    #[arg(short = 'i', long, value_name = "Number", value_parser = value::number)]
    pub(super) stripes: Option<u32>,
    /// How much goes to one device before the next one's turn; in KiB without a unit.
    #[arg(short = 'I', long, value_name = "Size[k|UNIT]", value_parser = value::size_kib)]
    pub(super) stripesize: Option<Sectors>,
}

/// Tags that are added.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct AddTagArgs {
    /// Add a tag; may be repeated.
    #[arg(long, value_name = "Tag", action = clap::ArgAction::Append, value_parser = value::tag)]
    pub(super) addtag: Vec<Tag>,
}

/// Tags and the profile of what exists already.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct RetagArgs {
    #[command(flatten)]
    pub(super) add: AddTagArgs,
    /// Remove a tag; may be repeated.
    #[arg(long, value_name = "Tag", action = clap::ArgAction::Append, value_parser = value::tag)]
    pub(super) deltag: Vec<Tag>,
    /// Take its profile away.
    #[arg(long)]
    pub(super) detachprofile: bool,
}

/// Attributes that both VGs and LVs have.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct AttributeArgs {
    /// The profile of its metadata.
    #[arg(long, value_name = "String")]
    pub(super) metadataprofile: Option<String>,
    /// Whether it is activated by events.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) setautoactivation: Option<bool>,
}

/// Attributes of LVs, when they are made and later.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct LvAttributeArgs {
    /// Whether its extents must follow each other.
    #[arg(short = 'C', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) contiguous: Option<bool>,
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
    /// Whether it may be written.
    #[arg(short = 'p', long, value_name = "rw|r", value_parser = value::permission)]
    pub(super) permission: Option<bool>,
    /// How far reads go ahead; in sectors without a unit.
    #[arg(short = 'r', long, value_name = "auto|none|Number", value_parser = value::read_ahead)]
    pub(super) readahead: Option<ReadAhead>,
    /// Whether it is left out when its group is activated.
    #[arg(short = 'k', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) setactivationskip: Option<bool>,
    /// Whether its device numbers are fixed.
    #[arg(short = 'M', long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) persistent: Option<bool>,
    /// Its major number.
    #[arg(short = 'j', long, value_name = "Number", value_parser = value::number)]
    pub(super) major: Option<u32>,
    /// Its minor number.
    #[arg(long, value_name = "Number", value_parser = value::number)]
    pub(super) minor: Option<u32>,
    #[command(flatten)]
    pub(super) common: AttributeArgs,
}

impl LvAttributeArgs {
    /// Returns the policy that is asked for.
    pub(super) fn policy(&self) -> Option<AllocationPolicy> {
        let contiguous = self.contiguous.map(|contiguous| {
            if contiguous { AllocationPolicy::Contiguous } else { AllocationPolicy::Inherit }
        });
        self.policy.alloc.or(contiguous)
    }
}

/// What is active; nothing can be yet. Commands do what LVM2 does with activation off.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct ActivationArgs {
    /// Accepted for compatibility; nothing can be activated yet.
    #[arg(
        short = 'a',
        long,
        alias = "available",
        value_name = "y|n|ay",
        value_parser = value::activation
    )]
    pub(super) activate: Option<Activation>,
    /// Accepted for compatibility.
    #[arg(short = 'K', long)]
    pub(super) ignoreactivationskip: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    ignoremonitoring: bool,
    /// Accepted for compatibility.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) monitor: Option<bool>,
    /// Accepted for compatibility.
    #[arg(long)]
    noudevsync: bool,
}

/// What `lvchange` and `vgchange` have beyond that.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct ReactivationArgs {
    #[command(flatten)]
    pub(super) activation: ActivationArgs,
    /// Accepted for compatibility.
    #[arg(short = 'P', long)]
    pub(super) partial: bool,
    /// Accepted for compatibility.
    #[arg(long, value_name = "String")]
    activationmode: Option<String>,
    /// Accepted for compatibility.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    pub(super) poll: Option<bool>,
    /// Accepted for compatibility.
    #[arg(long)]
    sysinit: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) refresh: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    readonly: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    ignorelockingfailure: bool,
}

impl ReactivationArgs {
    /// Returns what is wanted of what is active, if anything is.
    pub(super) fn wanted(&self) -> Option<Wanted> {
        let activation = &self.activation;
        match activation.activate {
            Some(Activation::Auto) => Some(Wanted::AutoActive),
            Some(Activation::Yes | Activation::No) => Some(Wanted::Active),
            None if self.refresh => Some(Wanted::Refreshed),
            None if self.poll.is_some() || activation.monitor.is_some() => Some(Wanted::Watched),
            None => None,
        }
    }

    /// Says what is special about what is wanted.
    pub(super) fn announce(&self, session: &mut Session<'_>) {
        if self.partial {
            let text = "PARTIAL MODE. Incomplete logical volumes will be processed.";
            session.messenger.say(Level::Warning, text);
        }
    }
}

/// Joins `-L` and `-l`.
///
/// # Errors
/// If both are given.
pub(super) fn amount(
    size: Option<Size>,
    extents: Option<ExtentsArg>,
    complaint: &str,
) -> Result<Option<Amount>, Failure> {
    match (size, extents) {
        (Some(_), Some(_)) => Err(Failure::Usage(complaint.into())),
        (Some(size), None) => Ok(Some(Amount::Size(size))),
        (None, Some(extents)) => Ok(Some(Amount::Extents(extents))),
        (None, None) => Ok(None),
    }
}
