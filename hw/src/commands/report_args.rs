//! Options of reports.

use super::value;
use extant_core::ops::access::Shown;
use extant_core::report::options::{Format, Headings};

/// Options of reports.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct ReportArgs {
    /// Hidden volumes too, or devices that are no physical volumes.
    #[arg(short = 'a', long)]
    pub(super) all: bool,
    /// The columns: a list, or one to add (+), to take away (-) or to show only where filled (#).
    #[arg(short = 'o', long, value_name = "FIELDS", action = clap::ArgAction::Append)]
    pub(super) options: Vec<String>,
    /// Show only what this selects.
    #[arg(short = 'S', long, value_name = "EXPRESSION", action = clap::ArgAction::Append)]
    pub(super) select: Vec<String>,
    /// Sort by these fields; - before one is descending.
    #[arg(short = 'O', long, value_name = "FIELDS", action = clap::ArgAction::Append)]
    pub(super) sort: Vec<String>,
    /// Columns of even width, also with a separator.
    #[arg(long)]
    pub(super) aligned: bool,
    /// Show 1 and 0 instead of words.
    #[arg(long)]
    pub(super) binary: bool,
    /// Which part of a full report the options after it are for.
    #[arg(long, value_name = "log|vg|lv|pv|pvseg|seg", action = clap::ArgAction::Append)]
    pub(super) configreport: Vec<String>,
    /// Volume groups of other machines too.
    #[arg(long)]
    pub(super) foreign: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) ignorelockingfailure: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) ignoreskippedcluster: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) logonly: bool,
    /// Write FIELD='value'.
    #[arg(long)]
    pub(super) nameprefixes: bool,
    /// Write no headings.
    #[arg(long)]
    pub(super) noheadings: bool,
    /// Headings: none, short words, or the fields' names.
    #[arg(long, value_name = "none|abbrev|full", value_parser = value::headings)]
    pub(super) headings: Option<Headings>,
    /// Write sizes without units.
    #[arg(long)]
    pub(super) nosuffix: bool,
    /// Accepted for compatibility.
    #[arg(short = 'P', long)]
    pub(super) partial: bool,
    /// Take no locks.
    #[arg(long)]
    pub(super) readonly: bool,
    /// How the report is written.
    #[arg(long, value_name = "basic|json|json_std", value_parser = value::report_format)]
    pub(super) reportformat: Option<Format>,
    /// Turn rows into columns.
    #[arg(long)]
    pub(super) rows: bool,
    /// What stands between columns.
    #[arg(long, value_name = "String")]
    pub(super) separator: Option<String>,
    /// Shared volume groups too.
    #[arg(long)]
    pub(super) shared: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    pub(super) trustcache: bool,
    /// Write rows as they are found, not sorted.
    #[arg(long)]
    pub(super) unbuffered: bool,
    /// What sizes are in: r h b s k m g t p e, upper case for powers of 1000, or a number with one.
    #[arg(long, value_name = "UNIT")]
    pub(super) units: Option<String>,
    /// With --nameprefixes: without quotes.
    #[arg(long)]
    pub(super) unquoted: bool,
}

impl ReportArgs {
    /// Returns what is shown of other machines' VGs.
    pub(super) const fn shown(&self) -> Shown {
        Shown { foreign: self.foreign, shared: self.shared }
    }
}
