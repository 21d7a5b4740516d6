//! `pvdisplay`: all about physical volumes.

use super::display::{self, Display};
use super::exit::Failure;
use super::report_args::ReportArgs;
use super::session::Session;
use super::table::Run;
use super::{pv_lines, report, shown};
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
        if self.columns {
            return report::run(session, Kind::Pvs, &self.report, &self.pvs);
        }
        let units = display::units(self.report.units.as_deref())?;
        session.names_devices(&self.pvs, false);
        let system = session.look()?;
        let chosen = if self.pvs.is_empty() {
            shown::every_pv(&system)
        } else {
            shown::pvs(session, &system, &self.pvs)
        };
        for pv in pv_lines::of(&system, &chosen.targets) {
            let note = pv_lines::note(&pv, units, self.short);
            if let Some(note) = note {
                session.messenger.print(&note);
            }
            if self.colon {
                session.messenger.print(&pv_lines::colons(&pv));
            } else if self.short {
                session.messenger.print(&pv_lines::short(&pv, units));
            } else {
                let mut display = Display::new(22, units);
                pv_lines::describe(&mut display, &pv, self.maps);
                display.print(session.messenger);
            }
        }
        chosen.finish()
    }
}
