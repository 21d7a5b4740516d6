//! `vgdisplay`: all about volume groups.

use super::exit::Failure;
use super::report_args::ReportArgs;
use super::session::Session;
use super::table::Run;
use super::{display, report};
use extant_core::report::display::Form;
use extant_core::report::options::Kind;

/// Arguments of `vgdisplay`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgdisplay {
    /// The volume groups; none means all.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
    /// Only those with active volumes, of which there are none.
    #[arg(short = 'A', long)]
    activevolumegroups: bool,
    /// One line each, fields divided by colons.
    #[arg(short = 'c', long)]
    colon: bool,
    /// As a table, like vgs.
    #[arg(short = 'C', long)]
    columns: bool,
    /// Only sizes.
    #[arg(short = 's', long)]
    short: bool,
    #[command(flatten)]
    report: ReportArgs,
}

impl Run for Vgdisplay {
    const NAME: &'static str = "vgdisplay";
    const ABOUT: &'static str = "Describe volume groups";
    const SYNTAX: &'static [&'static str] = &["vgdisplay [VG|Tag ...]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let usage = |text: &str| Failure::Usage(text.into());
        let form = match (self.colon, self.short) {
            (true, true) => return Err(usage("Option -c is not allowed with option -s")),
            (true, false) => Form::Colon,
            (false, true) => Form::Short,
            (false, false) if session.common.verbosity() > 0 => Form::Detailed,
            (false, false) => Form::Long,
        };
        if self.columns {
            if self.colon || self.short || self.activevolumegroups {
                return Err(usage("Incompatible options selected"));
            }
            return report::run(session, Kind::Vgs, &self.report, &self.vgs);
        }
        display::without_table(&self.report, "Incompatible options selected.")?;
        if self.activevolumegroups {
            if !self.vgs.is_empty() {
                return Err(usage("Option -A is not allowed with volume group names"));
            }
            return Ok(());
        }
        display::run(session, Kind::Vgs, form, &self.report, &self.vgs)
    }
}
