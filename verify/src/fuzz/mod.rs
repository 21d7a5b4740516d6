//! Fuzzing of everything that reads bytes: one registry of targets, run briefly without
//! instrumentation (`verify fuzz smoke`), at length with it (`verify/fuzz.sh`), and on the corpus
//! in `cargo test`.

mod mutate;
mod readers;
mod requests;
mod shown;

use crate::rng::Rng;
use anyhow::{Context, bail, ensure};
use mutate::mutate;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Longest input that is made.
const LENGTH_MAX: usize = 64 * 1024;
/// How long a reader may take for one input.
const TIME_MAX: Duration = Duration::from_secs(5);

/// A reader, and what must hold of what it reads.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, that of its directory in the corpus too.
    pub name: &'static str,
    /// Reads the bytes; panics if something is wrong.
    pub run: fn(&[u8]),
    /// Inputs to begin with, beside those of the corpus.
    seeds: fn() -> Vec<Vec<u8>>,
}

/// All readers.
pub const TARGETS: &[Target] = readers::TARGETS;

/// A reader with a mistake, to show that fuzzing finds one: not among [`TARGETS`].
pub const CANARY: Target = readers::CANARY;

/// Finds a target by its name.
pub fn find(name: &str) -> Option<Target> {
    let all = TARGETS.iter().copied().chain([CANARY]);
    all.into_iter().find(|target| target.name == name)
}

/// Returns the directory of the corpus.
pub fn corpus_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

impl Target {
    /// Returns the inputs to begin with: the built-in ones and those of the corpus.
    ///
    /// # Errors
    /// If a file of the corpus cannot be read.
    pub fn inputs(&self) -> anyhow::Result<Vec<Vec<u8>>> {
        let mut inputs = (self.seeds)();
        let dir = corpus_dir().join(self.name);
        if dir.exists() {
            let mut paths = fs::read_dir(&dir)?
                .map(|entry| Ok(entry?.path()))
                .collect::<anyhow::Result<Vec<_>>>()?;
            paths.sort();
            for path in paths {
                inputs.push(fs::read(&path).with_context(|| path.display().to_string())?);
            }
        }
        Ok(inputs)
    }

    /// Runs the reader on one input.
    ///
    /// # Errors
    /// If it panics or takes too long.
    pub fn try_run(&self, input: &[u8]) -> anyhow::Result<()> {
        let start = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| (self.run)(input)));
        if let Err(panic) = result {
            let words = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            bail!("{}: {}", self.name, words.unwrap_or("panicked"));
        }
        let taken = start.elapsed();
        ensure!(taken < TIME_MAX, "{}: took {taken:?}", self.name);
        Ok(())
    }

    /// Runs the reader on its inputs and on mutants of them for a while; returns how many.
    ///
    /// # Errors
    /// If it fails on one, which is then kept in a file.
    pub fn smoke(&self, seed: u64, time: Duration) -> anyhow::Result<u64> {
        let deadline = Instant::now() + time;
        let inputs = self.inputs()?;
        let mut rng = Rng::new(seed);
        let mut count = 0;
        for input in &inputs {
            self.try_keeping(input)?;
            count += 1;
        }
        while Instant::now() < deadline {
            let input = match rng.pick_any(&inputs) {
                Some(input) if !rng.one_in(16) => mutate(&mut rng, input, &inputs, LENGTH_MAX),
                _ => mutate::noise(&mut rng, 600),
            };
            self.try_keeping(&input)?;
            count += 1;
        }
        Ok(count)
    }

    fn try_keeping(&self, input: &[u8]) -> anyhow::Result<()> {
        self.try_run(input).or_else(|error| {
            let sum = extant_core::crc::crc(input);
            let name = format!("extant-fuzz-{}-{sum:08x}", self.name);
            let path = std::env::temp_dir().join(name);
            fs::write(&path, input)?;
            let path = path.display();
            Err(error.context(format!(
                "kept in {path}; to repeat it: cargo run -p extant-verify -- fuzz one {} {path}",
                self.name
            )))
        })
    }
}

/// Runs all targets, or the one of this name, each for a while; prints how far they came.
///
/// # Errors
/// The first failure.
pub fn smoke(only: Option<&str>, seed: u64, time: Duration) -> anyhow::Result<()> {
    quietly(|| {
        for target in TARGETS {
            if only.is_none_or(|name| name == target.name) {
                let count = target.smoke(seed, time)?;
                println!("{}: {count} inputs", target.name);
            }
        }
        Ok(())
    })
}

/// Runs the reader that has a mistake: must fail.
///
/// # Errors
/// The mistake, found.
pub fn canary(seed: u64, time: Duration) -> anyhow::Result<()> {
    quietly(|| CANARY.smoke(seed, time).map(drop))
}

/// Panics are caught and told in one line; where they come from is told by `fuzz one`.
fn quietly<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = work();
    std::panic::set_hook(hook);
    result
}

#[cfg(test)]
mod tests {
    use super::{CANARY, TARGETS, corpus_dir, find};
    use std::collections::BTreeSet;
    use std::time::Duration;

    #[test]
    fn the_corpus_is_read_without_a_finding() {
        let mut count = 0;
        for target in TARGETS {
            for input in target.inputs().unwrap() {
                target.try_run(&input).unwrap();
                count += 1;
            }
        }
        assert!(count > 30, "{count} inputs");
    }

    #[test]
    fn every_directory_of_the_corpus_has_a_target() {
        for entry in std::fs::read_dir(corpus_dir()).unwrap() {
            let name = entry.unwrap().file_name().display().to_string();
            assert!(find(&name).is_some(), "{name}");
        }
        let names: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
        assert_eq!(names.len(), TARGETS.len());
    }

    #[test]
    fn a_mistake_is_found() {
        assert!(CANARY.smoke(1, Duration::from_secs(20)).is_err());
    }

    #[test]
    fn mutants_are_read_without_a_finding() {
        for target in TARGETS {
            target.smoke(7, Duration::from_millis(150)).unwrap();
        }
    }
}
