//! `fullreport`: all reports on each volume group, one after the other.

use super::exit::Failure;
use super::report;
use super::report_args::ReportArgs;
use super::session::{Look, Session};
use super::shown;
use super::table::Run;
use clap::{ArgMatches, FromArgMatches};
use extant_core::report::Report;
use extant_core::report::options::{Kind, Options};

/// The reports, in LVM2's order.
const KINDS: [Kind; 5] = [Kind::Vgs, Kind::Pvs, Kind::Lvs, Kind::PvSegs, Kind::Segs];

/// Arguments of `fullreport`. What stands behind `--configreport` is for that part only.
#[derive(Clone, Debug)]
pub(super) struct Fullreport {
    names: Vec<String>,
    report: ReportArgs,
    parts: Vec<Part>,
}

/// What is said of one part.
#[derive(Clone, Debug, Default)]
struct Part {
    name: String,
    options: Vec<String>,
    sort: Vec<String>,
    select: Vec<String>,
}

impl clap::Args for Fullreport {
    fn augment_args(command: clap::Command) -> clap::Command {
        let names = clap::Arg::new("names")
            .value_name("VG")
            .help("The volume groups; none means all")
            .num_args(0..);
        ReportArgs::augment_args(command.arg(names))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Fullreport {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let names = matches.get_many::<String>("names").unwrap_or_default();
        let parts = places(matches, "configreport");
        let mut parts: Vec<(usize, Part)> = parts
            .into_iter()
            .map(|(place, name)| {
                let part = Part { name, ..Part::default() };
                (place, part)
            })
            .collect();
        let mut report = ReportArgs::from_arg_matches(matches)?;
        report.options = take(&mut parts, places(matches, "options"), |part| &mut part.options);
        report.sort = take(&mut parts, places(matches, "sort"), |part| &mut part.sort);
        report.select = take(&mut parts, places(matches, "select"), |part| &mut part.select);
        Ok(Self {
            names: names.cloned().collect(),
            report,
            parts: parts.into_iter().map(|(_, part)| part).collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Returns the values of an option, each with its place on the command line.
fn places(matches: &ArgMatches, name: &str) -> Vec<(usize, String)> {
    let values = matches.get_many::<String>(name).unwrap_or_default().cloned();
    let places = matches.indices_of(name).into_iter().flatten();
    places.zip(values).collect()
}

/// Gives each value to the part it stands behind; returns those that stand before all.
fn take(
    parts: &mut [(usize, Part)],
    values: Vec<(usize, String)>,
    list: impl Fn(&mut Part) -> &mut Vec<String>,
) -> Vec<String> {
    let mut general = Vec::new();
    for (place, value) in values {
        match parts.iter_mut().rev().find(|(start, _)| *start < place) {
            Some((_, part)) => list(part).push(value),
            None => general.push(value),
        }
    }
    general
}

impl Run for Fullreport {
    const NAME: &'static str = "fullreport";
    const ABOUT: &'static str = "Show everything about volume groups";
    const SYNTAX: &'static [&'static str] = &["fullreport [VG ...]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let mut reports = Vec::new();
        for kind in KINDS {
            if let Some(options) = self.options(session, kind)? {
                reports.push(report::new(session, kind, &options)?);
            }
        }
        let system = session.look_at(Look {
            vgs: None,
            locked: !self.report.readonly,
            shown: self.report.shown(),
        })?;
        if self.names.is_empty() {
            Report::write_full(&reports, &system, None, &mut session.messenger.report());
            return Ok(());
        }
        let found = shown::vgs(session, &system, &self.names)?;
        let targets = Some(found.targets.as_slice());
        Report::write_full(&reports, &system, targets, &mut session.messenger.report());
        found.finish()
    }
}

impl Fullreport {
    /// Returns the options of a part; `None` if its columns are taken away (`-o,`).
    fn options(&self, session: &mut Session<'_>, kind: Kind) -> Result<Option<Options>, Failure> {
        // What stands before all parts is for none of them, as in LVM2.
        let mut args = ReportArgs {
            options: Vec::new(),
            sort: Vec::new(),
            select: Vec::new(),
            ..self.report.clone()
        };
        for part in self.parts.iter().filter(|part| part.name == kind.as_str()) {
            args.options.extend(part.options.iter().cloned());
            args.sort.extend(part.sort.iter().cloned());
            args.select.extend(part.select.iter().cloned());
        }
        let options = report::options(session, kind, &args)?;
        Ok(Some(Options { columns: None, sort: args.sort.last().cloned(), full: true, ..options }))
    }
}
