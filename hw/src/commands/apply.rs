//! `apply`: executes a plan that was saved by `--plan=FILE`, to the byte, or not at all.

use super::backup_file::words;
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use extant_core::ops::Level;
use extant_core::plan::saved::Saved;
use extant_core::plan::show::show_steps;
use std::fs;

/// Arguments of `apply`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Apply {
    /// The file that --plan=FILE wrote.
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// Show the plan's steps and do nothing.
    #[arg(long)]
    show: bool,
}

impl Run for Apply {
    const NAME: &'static str = "apply";
    const ABOUT: &'static str = "Do what a saved plan says, if all is as it was when it was made";
    const SYNTAX: &'static [&'static str] = &["apply FILE"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let file = match self.files.as_slice() {
            [] => return Err(Failure::Syntax),
            [file] => file,
            [_, second, ..] => return Err(Failure::Argument(second.clone())),
        };
        let text = fs::read_to_string(file)
            .map_err(|error| Failure::Failed(format!("{file}: {}", words(&error))))?;
        let all = Saved::all_from_json(&text)
            .map_err(|error| Failure::Failed(format!("{file}: {error}")))?;
        if self.show {
            for saved in &all {
                session.messenger.write(show_steps(&saved.plan).as_bytes());
            }
            return Ok(());
        }
        let count = all.len();
        for (done, saved) in all.into_iter().enumerate() {
            if let Err(failure) = session.apply(saved) {
                if count > 1 {
                    let text = format!("{done} of {count} plans were carried out.");
                    session.messenger.say(Level::Error, &text);
                }
                return Err(failure);
            }
        }
        Ok(())
    }
}
