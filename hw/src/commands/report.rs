//! Running a report: from options and names to lines.

use super::backup_file;
use super::exit::Failure;
use super::names::DIRECTORY;
use super::report_args::ReportArgs;
use super::session::{Look, Session};
use super::shown;
use extant_core::name::VgName;
use extant_core::ops::system::System;
use extant_core::report::columns::field_list;
use extant_core::report::options::{Headings, Kind, Options};
use extant_core::report::rows::Target;
use extant_core::report::select::{self, SelectError, Selection};
use extant_core::report::{Report, ReportError};
use extant_core::size::path;
use extant_core::size::units::Units;

/// Runs a report about the objects named, or about all.
pub(super) fn run(
    session: &mut Session<'_>,
    kind: Kind,
    args: &ReportArgs,
    names: &[String],
) -> Result<(), Failure> {
    if !matches!(kind, Kind::Vgs | Kind::Lvs | Kind::Segs) {
        session.names_devices(names, false);
    }
    let options = options(session, kind, args)?;
    let report = new(session, kind, &options)?;
    let look = Look {
        vgs: match kind {
            Kind::Pvs | Kind::PvSegs => None,
            Kind::Vgs | Kind::Lvs | Kind::Segs => only_vgs(names),
        },
        locked: !args.readonly,
        shown: args.shown(),
    };
    let system = session.look_at(look)?;
    let Chosen { targets, result } = choose(session, &system, kind, names)?;
    if kind == Kind::Vgs && !args.readonly {
        backup_file::renew(session, &system, targets.as_deref())?;
    }
    report.write(&system, targets.as_deref(), &mut session.messenger.report());
    result
}

/// What names are of.
pub(super) struct Chosen {
    /// The objects; `None` is all.
    pub(super) targets: Option<Vec<Target>>,
    /// Whether all that was named was there.
    pub(super) result: Result<(), Failure>,
}

/// Finds what is named; what is not there is told.
pub(super) fn choose(
    session: &mut Session<'_>,
    system: &System,
    kind: Kind,
    names: &[String],
) -> Result<Chosen, Failure> {
    if names.is_empty() {
        return Ok(Chosen { targets: None, result: Ok(()) });
    }
    let mut found = match kind {
        Kind::Pvs | Kind::PvSegs => shown::pvs(session, system, names),
        Kind::Vgs => shown::vgs(session, system, names)?,
        Kind::Lvs | Kind::Segs => shown::lvs(session, system, names),
    };
    if names.iter().any(|name| name.starts_with('@')) {
        // LVM2 looks for tags in all VGs, and at these in their own order.
        let order = system.vg_order();
        let rank = |target: &Target| match target {
            Target::Vg(place) | Target::Lv(place, _) | Target::Pv(place, _) => {
                order.iter().position(|other| other == place)
            }
            Target::Device(_) => None,
        };
        found.targets.sort_by_key(rank);
    }
    Ok(Chosen { result: found.finish(), targets: Some(found.targets) })
}

/// Says what is wrong with a selection, before anything is looked at.
pub(super) fn check_selection(
    session: &mut Session<'_>,
    kind: Kind,
    options: &Options,
) -> Result<(), Failure> {
    match &options.selection {
        Some(text) => match Selection::parse(kind, text, options) {
            Ok(_) => Ok(()),
            Err(error) => Err(complain(session, &error.into())),
        },
        None => Ok(()),
    }
}

/// Returns the objects that a selection selects.
pub(super) fn select(
    kind: Kind,
    options: &Options,
    system: &System,
    targets: Option<&[Target]>,
) -> Result<Vec<Target>, Failure> {
    Report::select(kind, options, system, targets)
        .map_err(|error| Failure::Failed(error.to_string()))
}

/// Makes a report, or says why it cannot be made.
pub(super) fn new(
    session: &mut Session<'_>,
    kind: Kind,
    options: &Options,
) -> Result<Report, Failure> {
    Report::new(kind, options).map_err(|error| complain(session, &error))
}

/// Says why there is no report; shows what was asked for, if that was help.
fn complain(session: &mut Session<'_>, error: &ReportError) -> Failure {
    match error {
        ReportError::Help => {
            session.messenger.write(field_list(false).as_bytes());
            Failure::Reported
        }
        ReportError::Select(SelectError::Help) => {
            session.messenger.write(select::help().as_bytes());
            Failure::Reported
        }
        ReportError::UnknownField(_) | ReportError::UnknownSortField(_) => {
            session.messenger.write_stderr(field_list(false).as_bytes());
            Failure::Failed(error.to_string())
        }
        other => Failure::Failed(other.to_string()),
    }
}

/// Returns the VGs that names are of, if there are only such: then no others are looked at.
fn only_vgs(names: &[String]) -> Option<Vec<VgName>> {
    if names.is_empty() {
        return None;
    }
    names
        .iter()
        .map(|name| match path::parse(name, DIRECTORY) {
            Ok(path::Target::Vg(vg) | path::Target::Lv { vg, .. }) => Some(vg),
            Ok(path::Target::Tag(_)) | Err(_) => None,
        })
        .collect()
}

/// Returns the options of a report: the command's, and below them the configuration's.
pub(super) fn options(
    session: &mut Session<'_>,
    kind: Kind,
    args: &ReportArgs,
) -> Result<Options, Failure> {
    let configured = session.report_options(kind)?;
    let units = match &args.units {
        Some(units) => Units::parse(units).map_err(|error| Failure::Usage(error.to_string()))?,
        None => configured.units,
    };
    let select: Vec<String> = args.select.iter().filter(|text| !text.is_empty()).cloned().collect();
    let format = args.reportformat.unwrap_or(configured.format);
    Ok(Options {
        fields: args.options.clone(),
        sort: args.sort.last().cloned().or(configured.sort),
        selection: select.last().cloned(),
        all: args.all,
        units,
        suffix: configured.suffix && !args.nosuffix,
        headings: match (args.noheadings, args.headings) {
            (true, _) => Headings::None,
            (false, Some(headings)) => headings,
            (false, None) => configured.headings,
        },
        separator: args.separator.clone().or(configured.separator),
        aligned: if args.aligned { Some(true) } else { configured.aligned },
        buffered: configured.buffered && !args.unbuffered,
        name_prefixes: configured.name_prefixes || args.nameprefixes,
        quoted: configured.quoted && !args.unquoted,
        rows: configured.rows || args.rows,
        binary: configured.binary || args.binary,
        format,
        ..configured
    })
}
