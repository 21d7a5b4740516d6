//! `pvdisplay`, `vgdisplay` and `lvdisplay`: from options and names to lines.

use super::backup_file;
use super::exit::Failure;
use super::report::{self, Chosen};
use super::report_args::ReportArgs;
use super::session::{Look, Session};
use extant_core::report::display::{self, Form};
use extant_core::report::options::{Kind, Options};

/// Refuses options of tables.
///
/// # Errors
/// If there is one; `complaint` says so.
pub(super) fn without_table(args: &ReportArgs, complaint: &str) -> Result<(), Failure> {
    let of_tables = !args.options.is_empty()
        || !args.sort.is_empty()
        || args.aligned
        || args.binary
        || args.noheadings
        || args.separator.is_some()
        || args.unbuffered;
    if of_tables { Err(Failure::Usage(complaint.into())) } else { Ok(()) }
}

/// Displays the objects named, or all.
pub(super) fn run(
    session: &mut Session<'_>,
    kind: Kind,
    form: Form,
    args: &ReportArgs,
    names: &[String],
) -> Result<(), Failure> {
    // What tables show, and how they are sorted, is no matter of displays.
    let options = report::options(session, kind, args)?;
    let options = Options { columns: None, sort: None, ..options };
    report::check_selection(session, kind, &options)?;
    if matches!(kind, Kind::Pvs) {
        session.names_devices(names, false);
    }
    let look = Look { vgs: None, locked: !args.readonly, shown: args.shown() };
    let system = session.look_at(look)?;
    let Chosen { targets, result } = report::choose(session, &system, kind, names)?;
    if kind == Kind::Vgs && !args.readonly {
        backup_file::renew(session, &system, targets.as_deref())?;
    }
    let targets = match &options.selection {
        Some(_) => Some(report::select(kind, &options, &system, targets.as_deref())?),
        None => targets,
    };
    let write = match kind {
        Kind::Pvs | Kind::PvSegs => display::pvs,
        Kind::Vgs => display::vgs,
        Kind::Lvs | Kind::Segs => display::lvs,
    };
    let text = write(&system, targets.as_deref(), form, &options);
    session.messenger.write(text.as_bytes());
    result
}
