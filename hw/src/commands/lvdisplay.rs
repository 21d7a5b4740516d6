//! `lvdisplay`: all about logical volumes.

use super::exit::Failure;
use super::report_args::ReportArgs;
use super::session::Session;
use super::table::Run;
use super::{display, report};
use extant_core::report::display::Form;
use extant_core::report::options::Kind;

/// Arguments of `lvdisplay`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvdisplay {
    /// The volumes; none means all.
    #[arg(value_name = "VG|LV")]
    targets: Vec<String>,
    /// One line each, fields divided by colons.
    #[arg(short = 'c', long)]
    colon: bool,
    /// As a table, like lvs.
    #[arg(short = 'C', long)]
    columns: bool,
    /// Which extents are where.
    #[arg(short = 'm', long)]
    maps: bool,
    /// Removed volumes that are remembered too.
    #[arg(short = 'H', long)]
    history: bool,
    /// With -C: a row per segment.
    #[arg(long)]
    segments: bool,
    #[command(flatten)]
    report: ReportArgs,
}

impl Run for Lvdisplay {
    const NAME: &'static str = "lvdisplay";
    const ABOUT: &'static str = "Describe logical volumes";
    const SYNTAX: &'static [&'static str] = &["lvdisplay [VG|LV|Tag ...]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let usage = |text: &str| Failure::Usage(text.into());
        let form = match (self.colon, self.maps) {
            (true, true) => return Err(usage("Options -c and -m are incompatible.")),
            (true, false) => Form::Colon,
            (false, true) => Form::Detailed,
            (false, false) => Form::Long,
        };
        if self.columns {
            if form != Form::Long {
                return Err(usage("Incompatible options selected"));
            }
            let kind = if self.segments { Kind::Segs } else { Kind::Lvs };
            return report::run(session, kind, &self.report, &self.targets);
        }
        display::without_table(&self.report, "Incompatible options selected.")?;
        display::run(session, Kind::Lvs, form, &self.report, &self.targets)
    }
}
