//! From the words of a command line to a command's arguments, with LVM2's lines where that fails.

use super::common::Common;
use super::exit::Failure;
use super::getopt;
use super::table::Entry;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args as _};

/// What LVM2 says after each reason.
const PARSE_ERROR: &str = "  Error during parsing of command line.";

/// Builds the definition of a command: of this one alone, as it costs time.
pub(super) fn definition(entry: &Entry) -> clap::Command {
    let command = clap::Command::new(entry.name)
        .no_binary_name(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .help_template("  {name} - {about}\n\n  {usage}\n\n{all-args}\n")
        .override_usage(entry.syntax.join("\n  "));
    let command = command.args(entry.later.iter().map(later));
    Common::augment_args((entry.augment)(command)).about(entry.about).long_about(None)
}

/// Defines an option that is known but not supported, so that abbreviations mean what they will
/// mean.
fn later(&(name, letter, has_value): &(&'static str, Option<char>, bool)) -> clap::Arg {
    let action = if has_value { ArgAction::Append } else { ArgAction::Count };
    let option = clap::Arg::new(name).long(name).hide(true).action(action);
    match letter {
        Some(letter) => option.short(letter),
        None => option,
    }
}

/// Gives the words of a command line their types.
///
/// # Errors
/// [`Failure::Parse`] with all lines to print.
pub(super) fn matches(entry: &Entry, words: &[String]) -> Result<ArgMatches, Failure> {
    let mut command = definition(entry);
    let words = getopt::normalise(&command, words).map_err(with_last_line)?;
    let matches =
        command.try_get_matches_from_mut(words).map_err(|error| with_last_line(lines(&error)))?;
    for (name, _, _) in entry.later {
        if matches.value_source(name) == Some(ValueSource::CommandLine) {
            return Err(Failure::Usage(format!("Option --{name} is not supported yet.")));
        }
    }
    Ok(matches)
}

fn with_last_line(mut lines: Vec<String>) -> Failure {
    lines.push(PARSE_ERROR.into());
    Failure::Parse(lines)
}

/// Turns an error of clap's into LVM2's lines. Only values can still be wrong here: the options
/// themselves were read by [`getopt::normalise`], and no argument is required.
fn lines(error: &clap::Error) -> Vec<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    match error.kind() {
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => {
            let option = context(ContextKind::InvalidArg);
            let option = option.split(' ').next().unwrap_or(option);
            let value = context(ContextKind::InvalidValue);
            let reason = std::error::Error::source(error).map(ToString::to_string);
            let mut lines: Vec<String> = reason
                .iter()
                .flat_map(|reason| reason.lines())
                .map(|line| format!("  {line}"))
                .collect();
            lines.push(format!("  Invalid argument for {option}: {value}"));
            lines
        }
        _ => vec![format!("  {}", error.to_string().trim_end())],
    }
}

/// Returns the help of a command. Comments mark code as documentation does; users see it bare.
pub(super) fn help(entry: &Entry) -> String {
    definition(entry).render_help().to_string().replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::definition;
    use crate::commands::table::TABLE;

    /// The options that LVM2 2.03.16 lists for each command beyond those that all have, with their
    /// letters: `lvm COMMAND --longhelp`.
    const OPTIONS: &str = include_str!("lvm2_options.txt");

    #[test]
    fn every_command_knows_the_options_of_lvm2() {
        let mut missing = Vec::new();
        for line in OPTIONS.lines() {
            let mut words = line.split(' ');
            let name = words.next().expect("a line begins with the command");
            let Some(entry) = TABLE.iter().find(|entry| entry.name == name) else {
                missing.push(String::from(name));
                continue;
            };
            let mut command = definition(entry);
            command.build();
            for word in words {
                let (long, letter) = word.split_once('/').unwrap_or((word, ""));
                let option = command.get_arguments().find(|option| option.get_long() == Some(long));
                let found = option.map(|option| option.get_short().map(String::from));
                if found.as_ref().map(|letter| letter.as_deref().unwrap_or("")) != Some(letter) {
                    missing.push(format!("{name} --{word}"));
                }
            }
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }
}
