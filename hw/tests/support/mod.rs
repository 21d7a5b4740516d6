//! A lab of its own for each test, and the program to run in it.

#![allow(dead_code, reason = "not every test needs all of it")]

pub(crate) mod image;

use std::collections::BTreeMap;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

/// What a run of the program came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs the program without a lab.
pub(crate) fn extant(words: &[&str]) -> Ran {
    Command::new(env!("CARGO_BIN_EXE_extant"))
        .args(words)
        .env_remove("EXTANT_LAB")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
        .into()
}

/// A directory of disks.
pub(crate) struct Lab {
    directory: tempfile::TempDir,
}

impl Lab {
    /// Makes one with `disks` disks of a size.
    pub(crate) fn new(disks: u32, size: &str) -> Self {
        let lab = Self { directory: tempfile::tempdir().expect("there is room for a directory") };
        let directory = lab.path().to_str().expect("the path is text");
        let count = disks.to_string();
        let ran = extant(&["lab", "create", directory, "--disks", &count, "--size", size]);
        assert_eq!(ran.code, 0, "{ran:?}");
        lab
    }

    /// Returns another one that is the same.
    pub(crate) fn copy(&self) -> Self {
        let lab = Self { directory: tempfile::tempdir().expect("there is room for a directory") };
        let mut copy = Command::new("cp");
        copy.args(["-r", "--sparse=always"]).arg(self.path().join(".")).arg(lab.path());
        assert!(copy.status().expect("cp runs").success());
        lab
    }

    /// Returns where it is.
    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Runs a command line in it, with these lines for answers.
    pub(crate) fn answer(&self, line: &str, answers: &str) -> Ran {
        use std::io::Write as _;
        let mut child = Command::new(env!("CARGO_BIN_EXE_extant"))
            .args(words(line))
            .env("EXTANT_LAB", self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut stdin = child.stdin.take().expect("its input is a pipe");
        // A command that asks nothing may be gone already.
        let _ = stdin.write_all(answers.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("the program ends").into()
    }

    /// Runs a command line in it.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.answer(line, "")
    }

    /// Runs a command line that has to succeed, and returns what it printed.
    #[track_caller]
    pub(crate) fn ok(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        ran.out
    }

    /// Makes the disks again what [`Lab::disks`] returned.
    pub(crate) fn restore(&self, disks: &BTreeMap<String, Vec<u8>>) {
        for (name, bytes) in disks {
            let file = std::fs::OpenOptions::new().write(true).open(self.path().join(name));
            let file = file.expect("the disk is there");
            let size = file.metadata().expect("it is a file").len();
            file.set_len(0).and_then(|()| file.set_len(size)).expect("it can be emptied");
            file.write_all_at(bytes, 0).expect("it can be written");
        }
    }

    /// Returns when each disk was written last: quicker than [`Lab::disks`].
    pub(crate) fn written(&self) -> BTreeMap<PathBuf, SystemTime> {
        let entries = std::fs::read_dir(self.path()).expect("the lab is there");
        let paths = entries.map(|entry| entry.expect("the lab can be listed").path());
        let disks = paths.filter(|path| path.extension().is_some_and(|ending| ending == "img"));
        let written = |path: PathBuf| {
            let time = std::fs::metadata(&path).and_then(|disk| disk.modified());
            (path, time.expect("a disk is a file"))
        };
        disks.map(written).collect()
    }

    /// Runs a command line that has to fail with a code and these words, and to write nothing.
    #[track_caller]
    pub(crate) fn refuses(&self, line: &str, code: i32, words: &[&str]) {
        let before = self.disks();
        let ran = self.run(line);
        assert_eq!(ran.code, code, "{line}: {ran:?}");
        for words in words {
            assert!(ran.err.contains(words), "{line}: {words:?} is not in {ran:?}");
        }
        assert!(self.disks() == before, "{line}: something was written");
    }

    /// Returns the bytes of every disk that are not in holes, by name: a change shows.
    pub(crate) fn disks(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = std::fs::read_dir(self.path()).expect("the lab is there");
        entries
            .map(|entry| entry.expect("the lab can be listed").path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "img"))
            .map(|path| {
                let bytes = std::fs::read(&path).expect("a disk can be read");
                let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
                let name = path.file_name().expect("it has a name");
                (name.to_string_lossy().into_owned(), bytes[..end].to_vec())
            })
            .collect()
    }
}

/// Splits a line at blanks; quotes protect.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
