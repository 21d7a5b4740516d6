//! `pvs`: a report on physical volumes.

use super::exit::Failure;
use super::report;
use super::report_args::ReportArgs;
use super::session::Session;
use super::table::Run;
use extant_core::report::options::Kind;

/// Arguments of `pvs`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Pvs {
    /// What to show; none means all.
    #[arg(value_name = "PV")]
    names: Vec<String>,
    /// A row per run of extents.
    #[arg(long)]
    segments: bool,
    #[command(flatten)]
    report: ReportArgs,
}

impl Run for Pvs {
    const NAME: &'static str = "pvs";
    const ABOUT: &'static str = "Show physical volumes";
    const SYNTAX: &'static [&'static str] = &["pvs [PV|Tag ...]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let kind = if self.segments { Kind::PvSegs } else { Kind::Pvs };
        report::run(session, kind, &self.report, &self.names)
    }
}
