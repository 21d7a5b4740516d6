//! `vgs`: a report on volume groups.

use super::exit::Failure;
use super::report;
use super::report_args::ReportArgs;
use super::session::Session;
use super::table::Run;
use extant_core::report::options::Kind;

/// Arguments of `vgs`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgs {
    /// What to show; none means all.
    #[arg(value_name = "VG")]
    names: Vec<String>,

    #[command(flatten)]
    report: ReportArgs,
}

impl Run for Vgs {
    const NAME: &'static str = "vgs";
    const ABOUT: &'static str = "Show volume groups";
    const SYNTAX: &'static [&'static str] = &["vgs [VG|Tag ...]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        report::run(session, Kind::Vgs, &self.report, &self.names)
    }
}
