//! `pvck`: what stands on a device, right or wrong.

use super::exit::Failure;
use super::pvck_dump::{self, Findings, Text, Texts};
use super::session::Session;
use super::table::Run;
use super::value;
use extant_core::ops::Level;

/// Arguments of `pvck`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Pvck {
    /// The devices.
    #[arg(value_name = "PV")]
    pvs: Vec<String>,
    /// Show headers, the metadata, or all metadata that is still there.
    #[arg(long, value_name = "headers|metadata|metadata_all", value_parser = dump)]
    dump: Option<Dump>,
    /// Write the metadata into this file.
    #[arg(short = 'f', long, value_name = "String")]
    file: Option<String>,
    /// The sector of the label, 0 to 3.
    #[arg(long, value_name = "Number", value_parser = value::number)]
    labelsector: Option<u32>,
    /// Which of the metadata areas.
    #[arg(long, value_name = "0|1|2", value_parser = value::pv_metadata_copies)]
    pvmetadatacopies: Option<u32>,
}

impl Run for Pvck {
    const NAME: &'static str = "pvck";
    const ABOUT: &'static str = "Look at the metadata of devices";
    const SYNTAX: &'static [&'static str] =
        &["pvck PV ...", "pvck --dump headers|metadata|metadata_all PV"];
    const LATER: &'static [(&'static str, Option<char>, bool)] =
        &[("repair", None, false), ("repairtype", None, true), ("settings", None, true)];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        match (self.dump, self.pvs.as_slice()) {
            (_, []) => Err(Failure::Syntax),
            (Some(_), [_, second, ..]) => Err(Failure::Argument(second.clone())),
            (Some(dump), [device]) => self.dump(session, dump, device),
            (None, devices) => {
                session.for_each(devices.to_vec(), |session, device| self.check(session, &device))
            }
        }
    }
}

/// What is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Dump {
    Headers,
    Metadata,
    MetadataAll,
}

fn dump(text: &str) -> Result<Dump, String> {
    match text {
        "headers" => Ok(Dump::Headers),
        "metadata" => Ok(Dump::Metadata),
        "metadata_all" => Ok(Dump::MetadataAll),
        _ => Err(String::new()),
    }
}

/// What is said at the end of a dump of what is not right.
const BAD: &str = "Found bad header or metadata values.";

/// Fails if anything was found not to be right.
fn conclude(session: &mut Session<'_>, findings: &Findings, why: &str) -> Result<(), Failure> {
    for error in &findings.errors {
        session.messenger.error(error);
    }
    if findings.checks.is_empty() {
        return Ok(());
    }
    Err(Failure::Failed(why.into()))
}

impl Pvck {
    fn label_sector(&self) -> Option<u64> {
        self.labelsector.map(u64::from)
    }

    /// Says whether a device has a label and metadata areas.
    fn check(&self, session: &mut Session<'_>, device: &str) -> Result<(), Failure> {
        let mut disk = session.raw(device)?;
        let read = &mut |at, length| disk.read(at, length);
        let findings = Findings::headers(read, self.label_sector(), Texts::Checked);
        for check in &findings.checks {
            session.messenger.print(check);
        }
        let Some(sector) = findings.label else {
            return Err(Failure::Failed(format!("Could not find LVM label on {device}")));
        };
        session
            .messenger
            .print(&format!("Found label on {device}, sector {sector}, type=LVM2 001"));
        for (start, size) in &findings.areas {
            session
                .messenger
                .print(&format!("Found text metadata area: offset={start}, size={size}"));
        }
        conclude(session, &findings, "Command failed with status code 5.")
    }

    fn dump(&self, session: &mut Session<'_>, dump: Dump, device: &str) -> Result<(), Failure> {
        let mut disk = session.raw(device)?;
        let read = &mut |at, length| disk.read(at, length);
        let texts = if dump == Dump::MetadataAll { Texts::Left } else { Texts::Checked };
        let findings = Findings::headers(read, self.label_sector(), texts);
        let chosen = match self.pvmetadatacopies {
            Some(2) => findings.areas.get(1),
            _ => findings.areas.first(),
        };
        let texts = chosen.map(|(start, size)| match dump {
            Dump::Headers => Vec::new(),
            Dump::Metadata => pvck_dump::committed(read, *start, *size).into_iter().collect(),
            Dump::MetadataAll => pvck_dump::all_texts(read, *start, *size),
        });
        if dump == Dump::Headers {
            for line in &findings.lines {
                session.messenger.print(line);
            }
            // As in LVM2: without metadata areas nothing is held against the headers.
            let is_pv = !findings.areas.is_empty();
            return if is_pv { conclude(session, &findings, BAD) } else { Ok(()) };
        }
        for check in &findings.checks {
            session.messenger.print(check);
        }
        match (texts, dump) {
            (None, _) => {
                session.messenger.print("zero metadata copies");
                Ok(())
            }
            (Some(texts), _) => {
                let long = dump == Dump::MetadataAll;
                let line = if long { Text::long_line } else { Text::line };
                let shown = self.show(session, &texts, line);
                let found = conclude(session, &findings, BAD);
                shown.and(found)
            }
        }
    }

    fn show(
        &self,
        session: &mut Session<'_>,
        texts: &[Text],
        line: fn(&Text) -> String,
    ) -> Result<(), Failure> {
        for text in texts {
            session.messenger.print(&line(text));
        }
        let Some(path) = &self.file else {
            if self.dump == Some(Dump::Metadata) {
                for text in texts {
                    session.messenger.print("---");
                    session.messenger.write(text.body().as_bytes());
                    session.messenger.write(b"\n");
                    session.messenger.print("---");
                }
            }
            return Ok(());
        };
        let bodies: Vec<String> = texts.iter().map(Text::body).collect();
        std::fs::write(path, bodies.join("\n")).map_err(|error| {
            session.messenger.say(Level::Verbose, path);
            Failure::Failed(format!("Failed to create file {path}: {error}"))
        })
    }
}
