//! `pvdisplay`: all about physical volumes.

use super::exit::Failure;
use super::report_args::ReportArgs;
use super::session::Session;
use super::table::Run;
use super::{display, report};
use extant_core::report::display::Form;
use extant_core::report::options::Kind;

/// Arguments of `pvdisplay`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Pvdisplay {
    /// The devices; none means all physical volumes.
    #[arg(value_name = "PV")]
    pvs: Vec<String>,
    /// One line each, fields divided by colons.
    #[arg(short = 'c', long)]
    colon: bool,
    /// As a table, like pvs.
    #[arg(short = 'C', long)]
    columns: bool,
    /// Which extents hold what.
    #[arg(short = 'm', long)]
    maps: bool,
    /// Only the size.
    #[arg(short = 's', long)]
    short: bool,
    #[command(flatten)]
    report: ReportArgs,
}

impl Run for Pvdisplay {
    const NAME: &'static str = "pvdisplay";
    const ABOUT: &'static str = "Describe physical volumes";
    const SYNTAX: &'static [&'static str] = &["pvdisplay [PV|Tag ...]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let usage = |text: &str| Failure::Usage(text.into());
        let form = match (self.colon, self.short, self.maps) {
            (true, _, true) => return Err(usage("Option -c not allowed with option -m")),
            (true, true, _) => return Err(usage("Option -c is not allowed with option -s")),
            (true, ..) => Form::Colon,
            (_, true, _) => Form::Short,
            (_, _, true) => Form::Detailed,
            _ => Form::Long,
        };
        if self.columns {
            if form != Form::Long {
                return Err(usage("Incompatible options selected"));
            }
            return report::run(session, Kind::Pvs, &self.report, &self.pvs);
        }
        display::without_table(&self.report, "Incompatible options selected")?;
        if self.report.all {
            return Err(usage("Incompatible options selected"));
        }
        display::run(session, Kind::Pvs, form, &self.report, &self.pvs)
    }
}
