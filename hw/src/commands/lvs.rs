//! `lvs`: a report on logical volumes.

use super::exit::Failure;
use super::report;
use super::report_args::ReportArgs;
use super::session::Session;
use super::table::Run;
use extant_core::report::options::Kind;

/// Arguments of `lvs`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvs {
    /// What to show; none means all.
    #[arg(value_name = "VG|LV")]
    names: Vec<String>,
    /// A row per segment.
    #[arg(long)]
    segments: bool,
    /// Removed volumes that are remembered too.
    #[arg(short = 'H', long)]
    history: bool,
    #[command(flatten)]
    report: ReportArgs,
}

impl Run for Lvs {
    const NAME: &'static str = "lvs";
    const ABOUT: &'static str = "Show logical volumes";
    const SYNTAX: &'static [&'static str] = &["lvs [VG|LV|Tag ...]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let kind = if self.segments { Kind::Segs } else { Kind::Lvs };
        report::run(session, kind, &self.report, &self.names)
    }
}
