//! What must hold after every step: both programs see the same, and LVM2 finds nothing to complain
//! of.

use crate::oracle::fields::Fields;
use crate::oracle::state::State;
use crate::world::World;
use crate::world::loops::LoopDisk;
use crate::world::program::{Outcome, Program};
use crate::world::raw::{self, Names};
use anyhow::Context;
use extant_core::codec::{print, read};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Why a sequence failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// Which check: failures of one kind are taken for the same when a sequence is shrunk.
    pub kind: String,
    /// What was seen.
    pub detail: String,
}

impl Failure {
    /// Describes two texts that should be equal, by their first difference.
    pub fn difference(kind: &str, names: (&str, &str), texts: (&str, &str)) -> Self {
        Self { kind: kind.to_owned(), detail: first_difference(names, texts) }
    }
}

/// Shows the first lines in which two texts differ, with a little context.
fn first_difference(names: (&str, &str), texts: (&str, &str)) -> String {
    let (left, right): (Vec<&str>, Vec<&str>) =
        (texts.0.lines().collect(), texts.1.lines().collect());
    let place =
        left.iter().zip(&right).position(|(a, b)| a != b).unwrap_or(left.len().min(right.len()));
    let show = |name: &str, lines: &[&str]| {
        let from = place.saturating_sub(3).min(lines.len());
        let to = (place + 4).min(lines.len());
        let mut out = format!("--- {name}, from line {}\n", from + 1);
        for line in &lines[from..to] {
            out.push_str(&differing_part(line, &left, &right, place));
            out.push('\n');
        }
        out
    };
    show(names.0, &left) + &show(names.1, &right)
}

/// Cuts the common start off lines that are too long to look at, like rows of JSON.
fn differing_part(line: &str, left: &[&str], right: &[&str], place: usize) -> String {
    const LINE_MAX: usize = 300;
    if line.len() <= LINE_MAX {
        return line.to_owned();
    }
    let (Some(one), Some(two)) = (left.get(place), right.get(place)) else {
        return line.chars().take(LINE_MAX).collect();
    };
    let common = one.chars().zip(two.chars()).take_while(|(a, b)| a == b).count();
    let start = common.saturating_sub(LINE_MAX / 3);
    let part: String = line.chars().skip(start).take(LINE_MAX).collect();
    format!("…{part}…")
}

/// Units in which sizes are reported, in turn.
const UNITS: [&str; 8] = ["", "b", "h", "k", "s", "m", "g", "H"];

/// Reports in their plain form, one of which is compared after each step.
const PLAIN_REPORTS: [&str; 25] = [
    "vgs",
    "lvs",
    "pvs",
    "pvs -a",
    "lvs -a -o+devices",
    "vgs -v",
    "lvs -v",
    "pvs -v",
    "vgs -o+lv_name,seg_pe_ranges",
    "pvs -o+lv_name,pvseg_start,pvseg_size",
    "lvs --noheadings --separator : -o vg_name,lv_name,lv_size,lv_attr --units b --nosuffix",
    "lvs --nameprefixes --unquoted --noheadings -o lv_name,lv_tags,lv_uuid",
    "vgs --rows -o all",
    "lvs -O -lv_size,lv_name -S size>4m",
    "pvs -S vg_name!=\"\" -o pv_name,pv_used",
    "vgdisplay",
    "lvdisplay",
    "vgdisplay -c",
    "pvdisplay",
    "pvdisplay -m",
    "pvdisplay -c",
    "lvdisplay -m",
    "pvscan",
    "vgscan",
    "lvscan",
];

/// The commands whose output is compared after a step; `variant` chooses among them.
pub fn report_commands(fields: &Fields, variant: usize) -> Vec<String> {
    let units = match UNITS[variant % UNITS.len()] {
        "" => String::new(),
        unit => format!(" --units {unit}"),
    };
    let json = format!("--reportformat json{units} -o");
    let all = |lists: &[&[String]], more: &str| {
        let mut names: Vec<&str> =
            lists.iter().flat_map(|l| l.iter().map(String::as_str)).collect();
        names.extend(more.split(',').filter(|name| !name.is_empty()));
        names.join(",")
    };
    vec![
        format!("vgs {json} {}", all(&[&fields.vg], "")),
        format!("lvs -a {json} {}", all(&[&fields.lv], "vg_name")),
        format!("pvs {json} {}", all(&[&fields.pv], "vg_name")),
        format!("lvs -a --segments {json} {}", all(&[&fields.seg], "vg_name,lv_name")),
        format!(
            "pvs --segments {json} {}",
            all(&[&fields.pvseg], "pv_name,vg_name,lv_name,segtype,seg_start_pe")
        ),
        PLAIN_REPORTS[variant % PLAIN_REPORTS.len()].to_owned(),
    ]
}

/// Whether the other program says of a VG that it has two texts with one seqno.
pub(super) fn is_refused_as_fork(stderr: &str) -> bool {
    stderr.contains(" different copies of its metadata with seqno ")
}

/// The two programs and what they are asked.
#[derive(Debug)]
pub struct Judge<'a> {
    /// LVM2.
    pub oracle: &'a Program,
    /// The program held against it.
    pub subject: &'a Program,
    /// The fields of reports.
    pub fields: &'a Fields,
}

impl Judge<'_> {
    /// Compares what both programs say of the world after a step; `variant` chooses the reports.
    ///
    /// # Errors
    /// If a program cannot be run.
    pub fn judge(&self, world: &World, variant: usize) -> anyhow::Result<Result<State, Failure>> {
        let reports = match self.compare_reports(world, variant)? {
            Ok(reports) => reports,
            Err(failure) => return Ok(Err(failure)),
        };
        let devices: Vec<&str> = world.disks.iter().map(LoopDisk::device).collect();
        let state = State::from_reports(&reports, &devices);
        if let Err(failure) = check_texts(world)? {
            return Ok(Err(failure));
        }
        if let Err(failure) = self.check_vgck(world, &state)? {
            return Ok(Err(failure));
        }
        Ok(self.compare_backups(world, &state)?.map(|()| state))
    }

    /// Runs the reports with both programs; returns LVM2's JSON.
    fn compare_reports(
        &self,
        world: &World,
        variant: usize,
    ) -> anyhow::Result<Result<Vec<Value>, Failure>> {
        let mut reports = Vec::new();
        for command in report_commands(self.fields, variant) {
            let words = split_words(&command);
            let (expected, seen) = self.run_both(world, &words)?;
            if (&expected.stdout, expected.status) != (&seen.stdout, seen.status) {
                return Ok(Err(self.report_failure(&command, &expected, &seen)));
            }
            if command.contains(" json") {
                let report = serde_json::from_str(&expected.stdout)
                    .with_context(|| format!("LVM2's report is JSON: {}", expected.stdout))?;
                reports.push(report);
            }
        }
        Ok(Ok(reports))
    }

    fn report_failure(&self, command: &str, expected: &Outcome, seen: &Outcome) -> Failure {
        let mut failure = Failure::difference(
            &format!("report {}", short(command)),
            (&self.oracle.name, &self.subject.name),
            (&expected.stdout, &seen.stdout),
        );
        let _ = write!(
            failure.detail,
            "status {:?} and {:?}; {} wrote to standard error:\n{}",
            expected.status, seen.status, self.subject.name, seen.stderr
        );
        failure
    }

    /// Runs a command that changes nothing with both programs at once.
    fn run_both<S: AsRef<str> + Sync>(
        &self,
        world: &World,
        args: &[S],
    ) -> anyhow::Result<(Outcome, Outcome)> {
        let dir = world.system_dir();
        std::thread::scope(|scope| {
            let oracle = scope.spawn(|| self.oracle.run(&dir, args));
            let seen = self.subject.run(&dir, args)?;
            let expected = oracle.join().expect("running a program does not panic")?;
            Ok((expected, seen))
        })
    }

    /// LVM2 must be content, unless PVs are missing; the other program must agree.
    fn check_vgck(&self, world: &World, state: &State) -> anyhow::Result<Result<(), Failure>> {
        let (expected, seen) = self.run_both(world, &["vgck"])?;
        let excused = state.vgs.iter().any(|vg| vg.partial || vg.exported)
            || (0..world.disks.len()).any(|disk| world.is_hidden(disk));
        if !expected.is_success() && !excused {
            return Ok(Err(Failure {
                kind: "vgck of LVM2".to_owned(),
                detail: format!("status {:?}\n{}", expected.status, expected.stderr),
            }));
        }
        // Of a fork LVM2 uses the text that it scans first; see the row of README.
        let is_fork = expected.stderr.contains("found mismatch with other metadata")
            && is_refused_as_fork(&seen.stderr);
        Ok(if seen.status == expected.status || is_fork {
            Ok(())
        } else {
            Err(Failure {
                kind: "vgck".to_owned(),
                detail: format!(
                    "{}: {:?}\n{}{}: {:?}\n{}",
                    self.oracle.name,
                    expected.status,
                    expected.stderr,
                    self.subject.name,
                    seen.status,
                    seen.stderr
                ),
            })
        })
    }

    /// Both programs print each VG from what they have read: the same bytes, but for the head.
    fn compare_backups(&self, world: &World, state: &State) -> anyhow::Result<Result<(), Failure>> {
        if state.vgs.is_empty() {
            return Ok(Ok(()));
        }
        let dir = world.system_dir();
        let mut texts = Vec::new();
        for (program, name) in [(self.oracle, "print-l"), (self.subject, "print-x")] {
            let target = world.dir().join(name);
            fs::create_dir_all(&target)?;
            let pattern = format!("{}/%s", target.display());
            let outcome = program.run(&dir, &["vgcfgbackup", "-f", &pattern])?;
            texts.push((outcome.status, read_backups(&target, body)?));
            for entry in fs::read_dir(&target)? {
                fs::remove_file(entry?.path())?;
            }
        }
        let names = (self.oracle.name.as_str(), self.subject.name.as_str());
        if texts[0].0 != texts[1].0 {
            return Ok(Err(Failure {
                kind: "vgcfgbackup status".to_owned(),
                detail: format!("{names:?}: {:?} and {:?}", texts[0].0, texts[1].0),
            }));
        }
        Ok(compare_maps("canonical text", names, &texts[0].1, &texts[1].1))
    }
}

/// Every text on the disks, whoever wrote it, is what our codec makes of the model it reads to.
fn check_texts(world: &World) -> anyhow::Result<Result<(), Failure>> {
    for disk in &world.disks {
        let areas = raw::read_pv(disk)?.map(|pv| pv.areas).unwrap_or_default();
        for mut text in areas.into_iter().filter_map(|area| area.text) {
            text.push(0);
            let text: Arc<[u8]> = text.into();
            let printed = match read::read(&text) {
                Ok((vg, provenance)) if vg.unknown.is_empty() => print::disk(&vg, &provenance),
                Ok((vg, _)) => format!("unknown: {:?}", vg.unknown).into_bytes(),
                Err(error) => format!("error: {error}").into_bytes(),
            };
            if *printed != *text {
                let names = ("on disk", "printed again");
                let texts = [&text[..], &printed].map(String::from_utf8_lossy);
                let kind = "text read and printed";
                return Ok(Err(Failure::difference(kind, names, (&texts[0], &texts[1]))));
            }
        }
    }
    Ok(Ok(()))
}

/// Compares files by name and content.
///
/// # Errors
/// The first difference.
pub fn compare_maps(
    kind: &str,
    names: (&str, &str),
    left: &BTreeMap<String, String>,
    right: &BTreeMap<String, String>,
) -> Result<(), Failure> {
    if !left.keys().eq(right.keys()) {
        return Err(Failure {
            kind: kind.to_owned(),
            detail: format!(
                "{}: {:?}\n{}: {:?}",
                names.0,
                left.keys().collect::<Vec<_>>(),
                names.1,
                right.keys().collect::<Vec<_>>()
            ),
        });
    }
    for ((name, left), right) in left.iter().zip(right.values()) {
        if left != right {
            let mut failure = Failure::difference(kind, names, (left, right));
            failure.detail = format!("{name}\n{}", failure.detail);
            return Err(failure);
        }
    }
    Ok(())
}

/// Reads the files of a directory, each through `view`.
///
/// # Errors
/// If a file cannot be read.
pub fn read_backups(
    dir: &Path,
    view: impl Fn(&str) -> String,
) -> anyhow::Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let text = fs::read_to_string(entry.path())?;
        texts.insert(entry.file_name().display().to_string(), view(&text));
    }
    Ok(texts)
}

/// Returns a backup file without its head: from the VG's section on.
fn body(text: &str) -> String {
    let head = text
        .lines()
        .take_while(|line| !line.ends_with('{'))
        .map(|line| line.len() + 1)
        .sum::<usize>();
    text.get(head..).unwrap_or_default().to_owned()
}

/// Returns a backup file with identities named and what may differ left out.
pub fn plain_backup(text: &str) -> String {
    Names::default().plain(&body(text))
}

/// Splits a command of ours into words; `""` is the empty word, as both programs' shells have it.
fn split_words(command: &str) -> Vec<String> {
    let words = command.split_whitespace();
    words.map(|word| word.replace('"', "")).collect()
}

/// Shortens a long list of fields for messages.
fn short(command: &str) -> String {
    match command.split_once(" -o ") {
        Some((start, fields)) if fields.len() > 60 => start.to_owned(),
        _ => command.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{body, compare_maps, first_difference, plain_backup};
    use std::collections::BTreeMap;

    #[test]
    fn a_difference_is_shown_where_it_is() {
        let shown = first_difference(("L", "X"), ("a\nb\nc\nd\ne\nf", "a\nb\nc\nd\nE\nf"));
        assert_eq!(shown, "--- L, from line 2\nb\nc\nd\ne\nf\n--- X, from line 2\nb\nc\nd\nE\nf\n");
        let longer = first_difference(("L", "X"), ("a", "a\nb"));
        assert_eq!(longer, "--- L, from line 1\na\n--- X, from line 1\na\nb\n");
    }

    #[test]
    fn the_head_of_a_backup_is_cut_off() {
        let text = "# Generated\n\ncontents = \"x\"\n\nv {\n\tseqno = 3\n\tflags = []\n}\n";
        assert_eq!(body(text), "v {\n\tseqno = 3\n\tflags = []\n}\n");
        assert_eq!(plain_backup(text), "v {\n\tflags = []\n}\n");
    }

    #[test]
    fn files_are_compared_by_name_and_content() {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            let pairs = pairs.iter();
            pairs.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let compare = |a: &_, b: &_| compare_maps("k", ("L", "X"), a, b);
        assert!(compare(&map(&[("v", "1")]), &map(&[("v", "1")])).is_ok());
        assert!(compare(&map(&[("v", "1")]), &map(&[("v", "2")])).is_err());
        assert!(compare(&map(&[("v", "1")]), &map(&[("w", "1")])).is_err());
        assert!(compare(&map(&[("v", "1")]), &map(&[])).is_err());
    }
}
