//! `lvdisplay`: all about logical volumes.

use super::display::{self, Display};
use super::exit::Failure;
use super::report_args::ReportArgs;
use super::session::Session;
use super::table::Run;
use super::{lv_lines, report, shown};
use extant_core::report::options::Kind;
use extant_core::report::time::write_time;

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
        if self.columns {
            let kind = if self.segments { Kind::Segs } else { Kind::Lvs };
            return report::run(session, kind, &self.report, &self.targets);
        }
        let units = display::units(self.report.units.as_deref())?;
        let options = session.report_options(Kind::Lvs)?;
        let time = |seconds| {
            let mut text = String::new();
            write_time(&mut text, seconds, &options.time_format, &options.time_zone);
            text
        };
        let system = session.look()?;
        let chosen = if self.targets.is_empty() {
            shown::every_vg(&system)
        } else {
            shown::lvs(session, &system, &self.targets)
        };
        for (view, id) in shown::each_lv(&system, &chosen.targets, self.report.all) {
            let lv = view.vg.lvs.get(id);
            if self.colon {
                session.messenger.print(&lv_lines::colons(view, &lv));
                continue;
            }
            let mut display = Display::new(23, units);
            lv_lines::describe(&mut display, view, &lv, &time);
            if self.maps {
                lv_lines::describe_map(&mut display, &system, view, &lv);
            }
            display.print(session.messenger);
        }
        chosen.finish()
    }
}
