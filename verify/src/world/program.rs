//! A program that plays LVM2's part: LVM2 itself, Extant, or one of them with a seeded mistake.

use anyhow::Context;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// How long one command may take before it is killed.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// A program that understands `PROGRAM COMMAND ARGS…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What to call it in messages.
    pub name: String,
    /// The words its command lines begin with.
    pub words: Vec<String>,
}

/// What a command came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its exit status; none if it was killed by a signal.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Program {
    /// Returns Debian's LVM2.
    pub fn lvm2() -> Self {
        Self { name: "LVM2".to_owned(), words: vec!["lvm".to_owned()] }
    }

    /// Returns a program by its words: a path, then first arguments.
    ///
    /// # Errors
    /// If there are no words.
    pub fn from_words(name: &str, words: &str) -> anyhow::Result<Self> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        anyhow::ensure!(!words.is_empty(), "a program has a name");
        Ok(Self { name: name.to_owned(), words })
    }

    /// Runs one command with its configuration in `system_dir`, without standard input.
    ///
    /// # Errors
    /// If the program cannot be started.
    pub fn run<S: AsRef<str>>(&self, system_dir: &Path, args: &[S]) -> anyhow::Result<Outcome> {
        let mut command = self.command(system_dir);
        command.args(args.iter().map(AsRef::as_ref));
        command.stdin(Stdio::null());
        finish(command)
    }

    fn command(&self, system_dir: &Path) -> Command {
        let mut command = Command::new(&self.words[0]);
        command
            .args(&self.words[1..])
            .env("LVM_SYSTEM_DIR", system_dir)
            .env("LVM_SUPPRESS_FD_WARNINGS", "1")
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

impl Outcome {
    /// Returns true for exit status 0.
    pub fn is_success(&self) -> bool {
        self.status == Some(0)
    }
}

/// Waits for a command, killing it when it takes too long.
fn finish(mut command: Command) -> anyhow::Result<Outcome> {
    let child =
        command.spawn().with_context(|| format!("starting {}", command.get_program().display()))?;
    let guard = Watchdog::start(child.id());
    let output = child.wait_with_output()?;
    let killed = guard.stop();
    let mut stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if killed {
        stderr.push_str("(killed: it took too long)\n");
    }
    Ok(Outcome {
        status: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr,
    })
}

/// Kills one process of ours if it is not told in time that the process has ended.
struct Watchdog {
    ended: Arc<(Mutex<bool>, Condvar)>,
    thread: std::thread::JoinHandle<bool>,
}

impl Watchdog {
    fn start(pid: u32) -> Self {
        let ended = Arc::new((Mutex::new(false), Condvar::new()));
        let watched = Arc::clone(&ended);
        let thread = std::thread::spawn(move || {
            let deadline = Instant::now() + TIME_LIMIT;
            let (flag, signal) = &*watched;
            let mut done = flag.lock().expect("no holder of this lock panics");
            while !*done {
                let Some(left) = deadline.checked_duration_since(Instant::now()) else {
                    // Its end is still awaited, so the number belongs to it.
                    let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
                    return true;
                };
                done = signal.wait_timeout(done, left).expect("no holder of this lock panics").0;
            }
            false
        });
        Self { ended, thread }
    }

    fn stop(self) -> bool {
        let (flag, signal) = &*self.ended;
        *flag.lock().expect("no holder of this lock panics") = true;
        signal.notify_all();
        self.thread.join().unwrap_or(false)
    }
}
