//! A ledger of long runs: one line per run, appended, so that they can be continued and counted.

use anyhow::Context;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file with one line per run: what, seed, result, commit.
#[derive(Clone, Debug)]
pub struct Ledger {
    path: PathBuf,
    commit: String,
}

impl Ledger {
    /// Opens a ledger, or starts one.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .with_context(|| format!("opening {}", path.display()))?;
        Ok(Self { path: path.to_owned(), commit: commit() })
    }

    /// Returns the seed after the highest one that is recorded for `what`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn next_seed(&self, what: &str) -> anyhow::Result<u64> {
        let text = fs::read_to_string(&self.path)?;
        Ok(next_seed(&text, what))
    }

    /// Appends a line.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn record(&self, what: &str, seed: u64, result: &str) -> anyhow::Result<()> {
        let mut file = OpenOptions::new().append(true).open(&self.path)?;
        writeln!(file, "{what}\t{seed}\t{result}\t{}", self.commit)?;
        Ok(())
    }
}

fn next_seed(text: &str, what: &str) -> u64 {
    let seeds = text.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        (columns.next() == Some(what)).then(|| columns.next()?.parse::<u64>().ok())?
    });
    seeds.max().map_or(1, |seed| seed + 1)
}

/// Returns the short name of the commit that is checked out, with `+` if files have been changed.
fn commit() -> String {
    let git = |args: &[&str]| {
        let output = Command::new("git").args(args).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let name = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    let changed = git(&["status", "--porcelain", "-uno"]).is_some_and(|files| !files.is_empty());
    if changed { name + "+" } else { name }
}

#[cfg(test)]
mod tests {
    use super::{Ledger, next_seed};

    #[test]
    fn a_ledger_is_continued_where_it_ended() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&dir.path().join("ledger")).unwrap();
        assert_eq!(ledger.next_seed("oracle 40").unwrap(), 1);
        ledger.record("oracle 40", 1, "same").unwrap();
        ledger.record("oracle 40", 7, "differs: vgck").unwrap();
        ledger.record("race", 99, "same").unwrap();
        assert_eq!(ledger.next_seed("oracle 40").unwrap(), 8);
        assert_eq!(next_seed("rubbish\n\noracle\tx\tsame\n", "oracle"), 1);
    }
}
