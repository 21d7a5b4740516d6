//! The first reading of a command line: as `getopt_long` reads it, with its words on errors.
//!
//! LVM2 leaves this to the C library, and scripts know the result: options and arguments in any
//! order, `-oX`, `-o X`, `--option=X`, `--option X` (a value may begin with a hyphen or be empty),
//! unique beginnings of long options, hyphens within their names ignored. What comes out has one
//! spelling only, `--option=value`, and is then given its types by the command's argument struct.

use clap::{Arg, ArgAction, Command};

/// Options that LVM2 doesn't have: they are written in full, so that its abbreviations stay unique.
const OWN: [&str; 2] = ["lab", "plan"];

/// A command line in one spelling, ready for [`Command::try_get_matches_from`].
///
/// # Errors
/// The lines to print, without prefix: the first is the C library's.
pub(super) fn normalise(command: &Command, words: &[String]) -> Result<Vec<String>, Vec<String>> {
    let mut reader = Reader {
        command,
        options: Vec::with_capacity(words.len() + 1),
        arguments: Vec::new(),
        seen: Vec::new(),
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            reader.arguments.extend(words.cloned());
            break;
        }
        if let Some(long) = word.strip_prefix("--") {
            reader.long(long, &mut words)?;
        } else if word.len() > 1 && word.starts_with('-') {
            reader.short(&word[1..], &mut words)?;
        } else {
            reader.arguments.push(word.clone());
        }
    }
    let Reader { mut options, arguments, .. } = reader;
    options.push(String::from("--"));
    options.extend(arguments);
    Ok(options)
}

/// Returns whether an option takes a value.
fn takes_value(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Set | ArgAction::Append)
}

/// Returns whether an option may stand without its value; the value is behind `=` then.
fn value_is_optional(option: &Arg) -> bool {
    option.get_num_args().is_some_and(|count| count.min_values() == 0)
}

/// Returns the one name of an option that is passed on.
fn name(option: &Arg) -> &str {
    option.get_long().expect("every option has a long name")
}

struct Reader<'a> {
    command: &'a Command,
    options: Vec<String>,
    arguments: Vec<String>,
    seen: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn program(&self) -> &'a str {
        self.command.get_name()
    }

    fn parse_error(&self, what: &str) -> Vec<String> {
        vec![format!("{}: {what}", self.program())]
    }

    /// Reads `--text`.
    fn long(
        &mut self,
        text: &str,
        rest: &mut std::slice::Iter<'_, String>,
    ) -> Result<(), Vec<String>> {
        let (typed, value) = match text.split_once('=') {
            Some((typed, value)) => (typed, Some(value)),
            None => (text, None),
        };
        let option = self.find_long(&typed.replace('-', ""), typed)?;
        let name = name(option);
        let value = match (takes_value(option), value) {
            (false, None) => None,
            (false, Some(_)) => {
                let what = format!("option '--{name}' doesn't allow an argument");
                return Err(self.parse_error(&what));
            }
            (true, Some(value)) => Some(value),
            (true, None) if value_is_optional(option) => None,
            (true, None) => {
                let what = || format!("option '--{name}' requires an argument");
                let value = rest.next().ok_or_else(|| self.parse_error(&what()))?;
                Some(value.as_str())
            }
        };
        self.push(option, value)
    }

    /// Finds the option that `stem` is the name or the unique beginning of.
    fn find_long(&self, stem: &str, typed: &str) -> Result<&'a Arg, Vec<String>> {
        let mut exact = None;
        let mut candidates: Vec<(&'a Arg, &'a str)> = Vec::new();
        for option in self.command.get_arguments().filter(|arg| !arg.is_positional()) {
            let names =
                std::iter::once(name(option)).chain(option.get_all_aliases().unwrap_or_default());
            for candidate in names {
                if candidate == stem {
                    exact = Some(option);
                } else if candidate.starts_with(stem)
                    && !OWN.contains(&candidate)
                    && candidates.last().is_none_or(|(last, _)| last.get_id() != option.get_id())
                {
                    candidates.push((option, candidate));
                }
            }
        }
        match (exact, candidates.as_slice()) {
            (Some(option), _) => Ok(option),
            (None, [(option, _)]) => Ok(option),
            (None, []) => Err(self.parse_error(&format!("unrecognized option '--{typed}'"))),
            (None, several) => {
                let mut names: Vec<&str> = several.iter().map(|(_, name)| *name).collect();
                names.sort_unstable();
                Err(self.parse_error(&format!(
                    "option '--{typed}' is ambiguous; possibilities: '--{}'",
                    names.join("' '--")
                )))
            }
        }
    }

    /// Reads the letters behind a single hyphen.
    fn short(
        &mut self,
        letters: &str,
        rest: &mut std::slice::Iter<'_, String>,
    ) -> Result<(), Vec<String>> {
        let mut left = letters.chars();
        while let Some(letter) = left.next() {
            let option =
                self.command
                    .get_arguments()
                    .find(|arg| arg.get_short() == Some(letter))
                    .ok_or_else(|| self.parse_error(&format!("invalid option -- '{letter}'")))?;
            if !takes_value(option) {
                self.push(option, None)?;
                continue;
            }
            let glued = left.as_str();
            return if glued.is_empty() {
                match rest.next() {
                    Some(value) => self.push(option, Some(value)),
                    None => {
                        Err(self.parse_error(&format!("option requires an argument -- '{letter}'")))
                    }
                }
            } else {
                self.push(option, Some(glued))
            };
        }
        Ok(())
    }

    /// Takes an option, unless it was given before and may not be repeated.
    fn push(&mut self, option: &'a Arg, value: Option<&str>) -> Result<(), Vec<String>> {
        let name = name(option);
        let repeats = matches!(option.get_action(), ArgAction::Append | ArgAction::Count);
        if !repeats && self.seen.contains(&name) {
            let letter = option.get_short().map_or(String::new(), |letter| format!("-{letter}/"));
            return Err(vec![format!("  Option {letter}--{name} may not be repeated.")]);
        }
        self.seen.push(name);
        self.options.push(match value {
            Some(value) => format!("--{name}={value}"),
            None => format!("--{name}"),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::normalise;
    use clap::{Arg, ArgAction, Command};

    fn command() -> Command {
        let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
        let value = |name: &'static str| Arg::new(name).long(name).action(ArgAction::Set);
        Command::new("lvs").args([
            flag("all").short('a'),
            Arg::new("verbose").short('v').long("verbose").action(ArgAction::Count),
            Arg::new("options").short('o').long("options").action(ArgAction::Append),
            value("size").short('L'),
            value("activate").alias("available").short('x'),
            flag("unbuffered"),
            value("units"),
            flag("unquoted"),
            flag("usepolicies"),
            Arg::new("rest").num_args(0..),
        ])
    }

    fn read(line: &str) -> Result<String, String> {
        let words: Vec<String> = line.split(' ').map(String::from).collect();
        normalise(&command(), &words).map(|words| words.join(" ")).map_err(|lines| lines.join("|"))
    }

    #[test]
    fn every_spelling_comes_to_one() {
        for (line, expected) in [
            ("vg -a lv", "--all -- vg lv"),
            ("-av -o+devices", "--all --verbose --options=+devices --"),
            ("-avo x vg", "--all --verbose --options=x -- vg"),
            ("-vvv", "--verbose --verbose --verbose --"),
            ("-L -1g", "--size=-1g --"),
            ("-L-1g", "--size=-1g --"),
            ("--size -1g", "--size=-1g --"),
            ("--si=5 --uni h", "--size=5 --units=h --"),
            ("--units=", "--units= --"),
            ("--options a=b -o c", "--options=a=b --options=c --"),
            ("--use-policies --unit=b", "--usepolicies --units=b --"),
            ("--available n", "--activate=n --"),
            ("--a", "error"),
            ("--al", "--all --"),
            ("--av n", "--activate=n --"),
            ("-a -- -a --b", "--all -- -a --b"),
            ("- x", "-- - x"),
        ] {
            let result = read(line).unwrap_or_else(|_| String::from("error"));
            assert_eq!(result, expected, "{line}");
        }
    }

    #[test]
    fn errors_are_in_the_words_of_the_c_library() {
        for (line, expected) in [
            ("--badopt", "lvs: unrecognized option '--badopt'"),
            ("-X", "lvs: invalid option -- 'X'"),
            ("-aX", "lvs: invalid option -- 'X'"),
            (
                "--un",
                "lvs: option '--un' is ambiguous; possibilities: '--unbuffered' '--units' '--unquoted'",
            ),
            ("-o", "lvs: option requires an argument -- 'o'"),
            ("--unit", "lvs: option '--units' requires an argument"),
            ("--al=foo", "lvs: option '--all' doesn't allow an argument"),
            ("-a -a", "  Option -a/--all may not be repeated."),
            ("--unq --unquoted", "  Option --unquoted may not be repeated."),
            ("-L1 --size 2", "  Option -L/--size may not be repeated."),
        ] {
            assert_eq!(read(line).unwrap_err(), expected, "{line}");
        }
    }
}
