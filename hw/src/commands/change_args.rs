//! Options that several changing commands share.

use super::exit::Failure;
use super::value;
use extant_core::model::flags::AllocationPolicy;
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

/// `--alloc` and its old form.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct PolicyArgs {
    /// How new extents are chosen.
    #[arg(long, value_name = "POLICY", value_parser = value::policy)]
    pub(super) alloc: Option<AllocationPolicy>,
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
