//! What a command costs: processor time, time on the clock, bytes, memory, system calls.

use anyhow::{Context, bail, ensure};
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one run of a command cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Processor time, user and system.
    pub cpu: Duration,
    /// Time on the clock.
    pub wall: Duration,
    /// Bytes that its read calls returned.
    pub read: u64,
    /// Bytes that its write calls took.
    pub written: u64,
}

/// Makes a command with its configuration in `system_dir`, without input and output.
pub fn command(words: &[String], system_dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(&words[0]);
    command
        .args(&words[1..])
        .args(args)
        .env("LVM_SYSTEM_DIR", system_dir)
        .env("LVM_SUPPRESS_FD_WARNINGS", "1")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Runs a command that must succeed, and measures it.
///
/// # Errors
/// If it cannot be run or fails.
pub fn run(mut command: Command) -> anyhow::Result<Cost> {
    let words = format!("{command:?}");
    let before = cpu_of_children()?;
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| words.clone())?;
    let pid = Pid::from_raw(i32::try_from(child.id())?);
    // The dead child keeps its counts until it is waited for.
    waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)?;
    let wall = start.elapsed();
    let counts = std::fs::read_to_string(format!("/proc/{pid}/io")).unwrap_or_default();
    let status = child.wait()?;
    ensure!(status.success(), "{words}: {status}");
    Ok(Cost {
        cpu: cpu_of_children()?.saturating_sub(before),
        wall,
        read: count(&counts, "rchar"),
        written: count(&counts, "wchar"),
    })
}

fn count(counts: &str, name: &str) -> u64 {
    let mut lines = counts.lines().filter_map(|line| line.split_once(": "));
    let found = lines.find(|(key, _)| *key == name);
    found.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

fn children() -> anyhow::Result<Usage> {
    Ok(getrusage(UsageWho::RUSAGE_CHILDREN)?)
}

fn cpu_of_children() -> anyhow::Result<Duration> {
    let usage = children()?;
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Ok(Duration::from_micros(u64::try_from(micros)?))
}

/// Returns the median of the processor times, of the times and of the bytes.
///
/// # Panics
/// If there are none.
pub fn median(costs: &[Cost]) -> Cost {
    Cost {
        cpu: middle(costs.iter().map(|cost| cost.cpu).collect()),
        wall: middle(costs.iter().map(|cost| cost.wall).collect()),
        read: middle(costs.iter().map(|cost| cost.read).collect()),
        written: middle(costs.iter().map(|cost| cost.written).collect()),
    }
}

fn middle<T: Ord + Copy>(mut values: Vec<T>) -> T {
    assert!(!values.is_empty(), "there is something to take the median of");
    values.sort();
    values[values.len() / 2]
}

/// Returns the peak of memory of a command in KiB; to be called once in a process of its own,
/// because the system keeps only the highest peak of all children.
///
/// # Errors
/// If the command cannot be run or fails.
pub fn peak_memory(mut command: Command) -> anyhow::Result<u64> {
    let status = command.status()?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(u64::try_from(children()?.max_rss())?)
}

/// Counts the system calls of a command with strace; none if there is no strace.
///
/// # Errors
/// If the command fails.
pub fn system_calls(inner: &Command) -> anyhow::Result<Option<u64>> {
    let report = std::env::temp_dir().join(format!("extant-strace-{}", std::process::id()));
    let mut command = Command::new("strace");
    command.args(["-f", "-c", "-o"]).arg(&report);
    command.arg(inner.get_program()).args(inner.get_args());
    for (key, value) in inner.get_envs() {
        command.env(key, value.unwrap_or_default());
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.status() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
        Ok(status) => ensure!(status.success(), "{command:?}: {status}"),
    }
    let text = std::fs::read_to_string(&report)?;
    std::fs::remove_file(&report)?;
    match total_calls(&text) {
        Some(calls) => Ok(Some(calls)),
        None => bail!("strace's summary has no total: {text}"),
    }
}

/// Finds the number of calls in strace's summary: the fourth column of the last line.
fn total_calls(summary: &str) -> Option<u64> {
    let line = summary.lines().rfind(|line| line.ends_with(" total"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Cost, command, count, median, run, total_calls};
    use std::path::Path;
    use std::process::Command;
    use std::time::Duration;

    #[test]
    fn what_a_command_reads_and_takes_is_measured() {
        let words = ["head".to_owned()];
        let args = ["-c", "3000000", "/dev/zero"];
        let cost = run(command(&words, Path::new("/"), &args)).unwrap();
        assert!(cost.read >= 3_000_000, "{cost:?}");
        assert!(cost.written >= 3_000_000, "{cost:?}");
        assert!(cost.wall > Duration::ZERO);
        assert!(run(Command::new("false")).is_err());
    }

    #[test]
    fn summaries_are_read() {
        let summary = "% time     seconds  usecs/call     calls    errors syscall\n\
                       ------ ----------- ----------- --------- --------- ----------------\n\
                       100.00    0.016105          18       849        36 total\n";
        assert_eq!(total_calls(summary), Some(849));
        assert_eq!(count("rchar: 12\nwchar: 7\n", "wchar"), 7);
        let costs = [3, 1, 2].map(|n| Cost { read: n, ..Cost::default() });
        assert_eq!(median(&costs).read, 2);
    }
}
