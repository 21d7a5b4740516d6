//! `vgdisplay`: all about volume groups.

use super::display::{self, Display};
use super::exit::Failure;
use super::report_args::ReportArgs;
use super::session::Session;
use super::table::Run;
use super::{report, shown, vg_lines};
use extant_core::report::options::Kind;
use extant_core::report::rows::Target;

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
        if self.columns {
            return report::run(session, Kind::Vgs, &self.report, &self.vgs);
        }
        let units = display::units(self.report.units.as_deref())?;
        if self.activevolumegroups {
            return Ok(());
        }
        let system = session.look()?;
        let chosen = if self.vgs.is_empty() {
            shown::every_vg(&system)
        } else {
            shown::vgs(session, &system, &self.vgs)?
        };
        for target in &chosen.targets {
            let Target::Vg(place) = target else {
                continue;
            };
            let view = &system.vgs[*place];
            if self.colon {
                session.messenger.print(&vg_lines::colons(view));
            } else if self.short {
                session.messenger.print(&vg_lines::short(view, units));
            } else {
                let mut display = Display::new(22, units);
                vg_lines::describe(&mut display, &system, view);
                display.print(session.messenger);
            }
        }
        chosen.finish()
    }
}
