//! Messages to the user: which stream, which prefix, and how loud; and questions.
//!
//! Standard output is buffered until something goes to standard error, so that the two keep their
//! order on a terminal, and a long report costs few system calls. A reader that went away is no
//! reason to stop in the middle of a change, so failing output is ignored.

use extant_core::ops::{Level, Message};
use extant_hw::config::Config;
use std::io::{self, BufRead as _, Write as _};

/// Standard output is written when it has grown to this.
const BUFFER_MAX: usize = 256 * 1024;

/// Where messages go.
#[derive(Debug)]
pub(super) struct Messenger {
    /// Not yet written to standard output.
    pending: Vec<u8>,
    /// What every line starts with.
    prefix: String,
    /// How often `-v` was given.
    verbose: u8,
    /// `-qq`, or `log/silent`: nothing but errors and warnings, and questions are answered `no`.
    silent: bool,
    /// `-y`: questions are answered `yes`.
    yes: bool,
    /// What is said before anything else, if anything is.
    announcement: Option<&'static str>,
}

impl Default for Messenger {
    fn default() -> Self {
        Self {
            pending: Vec::new(),
            prefix: String::from("  "),
            verbose: 0,
            silent: false,
            yes: false,
            announcement: None,
        }
    }
}

impl Messenger {
    /// Sets how loud it is, from the command's options and the configuration.
    pub(super) fn configure(&mut self, verbose: u8, silent: bool, yes: bool) {
        self.verbose = verbose;
        self.silent = silent;
        self.yes = yes;
    }

    /// Takes what the configuration says about messages, and passes on what it has to say.
    pub(super) fn obey(&mut self, config: &Config) {
        if let Some(prefix) = config.text("log/prefix") {
            prefix.clone_into(&mut self.prefix);
        }
        self.silent |= config.flag("log/silent", false);
        let verbose = config.count("log/verbose", 0);
        self.verbose = self.verbose.max(u8::try_from(verbose).unwrap_or(u8::MAX));
        for warning in &config.warnings {
            self.say(Level::Warning, warning);
        }
    }

    /// Sets what is said before anything else; `None` takes it back.
    pub(super) const fn set_announcement(&mut self, text: Option<&'static str>) {
        self.announcement = text;
    }

    /// Says what is to be said before anything else.
    pub(super) fn announce(&mut self) {
        if let Some(text) = self.announcement.take() {
            self.say(Level::Warning, text);
        }
    }

    /// Passes a message on.
    pub(super) fn message(&mut self, message: &Message) {
        self.say(message.level, &message.text);
    }

    /// Says something, each line with the prefix.
    pub(super) fn say(&mut self, level: Level, text: &str) {
        let to_stdout = match level {
            Level::Print if self.silent => return,
            Level::Print => true,
            Level::Verbose if self.silent || self.verbose < 1 => return,
            Level::VeryVerbose if self.silent || self.verbose < 2 => return,
            Level::Error | Level::Warning | Level::Verbose | Level::VeryVerbose => false,
        };
        let mut lines = String::with_capacity(text.len() + 8);
        for line in text.split('\n') {
            lines.push_str(&self.prefix);
            lines.push_str(line);
            lines.push('\n');
        }
        if to_stdout {
            self.write(lines.as_bytes());
        } else {
            self.write_stderr(lines.as_bytes());
        }
    }

    /// Says what went wrong.
    pub(super) fn error(&mut self, text: &str) {
        self.say(Level::Error, text);
    }

    /// Says what a script may read on standard output.
    pub(super) fn print(&mut self, text: &str) {
        self.say(Level::Print, text);
    }

    /// Writes to standard output as it is: reports.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.announce();
        if self.pending.len() + bytes.len() < BUFFER_MAX {
            self.pending.extend_from_slice(bytes);
        } else {
            self.flush();
            write_stdout(bytes);
        }
    }

    /// Returns what takes the pieces of a report.
    pub(super) fn report(&mut self) -> impl FnMut(&str) {
        |piece| self.write(piece.as_bytes())
    }

    /// Writes to standard error as it is.
    pub(super) fn write_stderr(&mut self, bytes: &[u8]) {
        self.announce();
        self.flush();
        let _ = io::stderr().write_all(bytes);
    }

    /// Writes out what is pending.
    pub(super) fn flush(&mut self) {
        if !self.pending.is_empty() {
            write_stdout(&self.pending);
            self.pending.clear();
        }
    }

    /// Asks a question and returns the answer; without one it is `no`.
    ///
    /// LVM2 asks on standard error, reads standard input whether it is a terminal or not, and says
    /// `[n]` where the input ends.
    pub(super) fn ask(&mut self, prompt: &str) -> bool {
        if self.yes {
            return true;
        }
        loop {
            let end = if prompt.ends_with('?') { ':' } else { '?' };
            self.write_stderr(format!("{prompt} [y/n]{end} ").as_bytes());
            let mut answer = String::new();
            let read = if self.silent { Ok(0) } else { io::stdin().lock().read_line(&mut answer) };
            if !matches!(read, Ok(1..)) {
                self.write_stderr(b"[n]\n");
                return false;
            }
            match answer.trim() {
                "y" | "Y" | "yes" => return true,
                "n" | "N" | "no" => return false,
                "" => {}
                other => {
                    let complaint = format!("WARNING: Invalid input '{other}'.");
                    self.say(Level::Warning, &complaint);
                }
            }
        }
    }
}

fn write_stdout(bytes: &[u8]) {
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(bytes).and_then(|()| stdout.flush());
}

impl Drop for Messenger {
    fn drop(&mut self) {
        self.flush();
    }
}
