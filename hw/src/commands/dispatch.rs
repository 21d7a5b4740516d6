//! Which command is meant: by the name the program was called by, or by its first argument.

use super::common::Common;
use super::exit::{Failure, Outcome, code};
use super::message::Messenger;
use super::session::Session;
use super::table::{Entry, find};
use super::{parse, shell, version};
use clap::FromArgMatches as _;
use std::path::Path;
use std::process::ExitCode;

/// What is the same for all commands of one process: a shell runs several.
#[derive(Debug, Default)]
pub(super) struct Process {
    /// Where messages go.
    pub(super) messenger: Messenger,
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let mut words = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<String>>();
    let called = if words.is_empty() { String::from("extant") } else { words.remove(0) };
    let mut process = Process::default();
    let outcome = process.invoke(&called, words);
    process.messenger.flush();
    code(outcome)
}

/// Returns the file name of a path, which is what a program goes by.
fn base_name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}

impl Process {
    /// Runs what is meant by the name `called` and `words`.
    fn invoke(&mut self, called: &str, mut words: Vec<String>) -> Outcome {
        let name = base_name(called);
        if let Some(entry) = find(name) {
            return self.run(entry, called, &words);
        }
        if name == "extant" && words.first().is_some_and(|word| word == "lvm") {
            words.remove(0);
        }
        let Some(first) = words.first().cloned() else {
            return shell::interactive(self);
        };
        if first == "-h" || first == "--help" {
            return self.command("help", &[]);
        }
        if first == "--version" && name == "extant" {
            self.messenger.print(&version::own());
            return Outcome::Done;
        }
        if first.starts_with('-') {
            self.messenger.error("Specify options after a command: lvm [command] [options].");
            return Outcome::BadCommandLine;
        }
        words.remove(0);
        match find(base_name(&first)) {
            Some(entry) => self.run(entry, entry.name, &words),
            None if shell::is_script(&first) => shell::script(self, Path::new(&first)),
            None => {
                self.messenger.error("No such command.  Try 'lvm help'.");
                Outcome::NoSuchCommand
            }
        }
    }

    /// Runs a command by its name; a shell's line.
    pub(super) fn command(&mut self, name: &str, words: &[String]) -> Outcome {
        if let Some(entry) = find(name) {
            self.run(entry, name, words)
        } else {
            self.messenger.error(&format!("No such command '{name}'.  Try 'help'."));
            Outcome::NoSuchCommand
        }
    }

    /// Runs a command and says why it failed.
    fn run(&mut self, entry: &'static Entry, called: &str, words: &[String]) -> Outcome {
        let result = self.try_run(entry, called, words);
        let outcome = match result {
            Ok(()) => Outcome::Done,
            Err(failure) => {
                self.report(entry, &failure);
                failure.outcome()
            }
        };
        self.messenger.flush();
        outcome
    }

    fn try_run(
        &mut self,
        entry: &'static Entry,
        called: &str,
        words: &[String],
    ) -> Result<(), Failure> {
        let matches = parse::matches(entry, words)?;
        let mut common = Common::from_arg_matches(&matches)
            .expect("every command's definition has the common options");
        if let Ok(named) = matches.try_get_one::<String>("metadataprofile") {
            // What has a profile of its own: `--profile` means that one.
            common.metadata_profile = named.cloned().or(common.profile.take());
        }
        self.messenger.configure(common.verbosity(), common.quiet > 1, common.yes > 0);
        if common.wants_help() {
            self.messenger.write(parse::help(entry).as_bytes());
            return Ok(());
        }
        if common.version {
            self.messenger.print(&version::text());
            return Ok(());
        }
        let command_line = std::iter::once(called)
            .chain(words.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(" ");
        let mut session = Session::new(&mut self.messenger, common, entry, command_line);
        session.announce();
        (entry.run)(&matches, &mut session)?;
        session.save_plans()?;
        self.messenger.announce();
        Ok(())
    }

    /// Says why a command failed.
    fn report(&mut self, entry: &Entry, failure: &Failure) {
        let name = entry.name;
        if matches!(failure, Failure::Syntax | Failure::Option(_) | Failure::Argument(_)) {
            // Nothing has begun that could be a test.
            self.messenger.set_announcement(None);
        }
        match failure {
            Failure::Parse(lines) => {
                let mut text = lines.join("\n");
                text.push('\n');
                self.messenger.write_stderr(text.as_bytes());
            }
            Failure::Usage(_) | Failure::NoHelp(_) => {
                match failure {
                    Failure::NoHelp(_) => self.messenger.print(&failure.to_string()),
                    _ => self.messenger.error(&failure.to_string()),
                }
                self.messenger.error(&format!("Run `{name} --help' for more information."));
            }
            Failure::Misused => {
                self.messenger.error(&format!("Run `{name} --help' for more information."));
            }
            Failure::Syntax => {
                self.messenger.error(&format!(
                    "No command with matching syntax recognised.  \
                     Run '{name} --help' for more information."
                ));
                if let [only] = entry.syntax {
                    self.messenger.error("Correct command syntax is:");
                    self.messenger.print(only);
                    self.messenger.write(b"\n");
                }
            }
            Failure::Option(_) | Failure::Argument(_) | Failure::Init(_) | Failure::Failed(_) => {
                self.messenger.error(&failure.to_string());
            }
            Failure::Reported => {}
        }
    }
}
