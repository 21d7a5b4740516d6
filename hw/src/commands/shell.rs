//! Several commands in one process: a prompt, standard input, or a script.

use super::dispatch::Process;
use super::exit::Outcome;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal as _, Read as _};
use std::path::Path;

/// What a person is shown.
const PROMPT: &str = "lvm> ";

/// Reads commands from a terminal with line editing, or from standard input as it comes.
pub(super) fn interactive(process: &mut Process) -> Outcome {
    if io::stdin().is_terminal() {
        return edited(process);
    }
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        if let Some(outcome) = run_line(process, &line) {
            return outcome;
        }
    }
    process.messenger.write(b"\n");
    Outcome::Done
}

fn edited(process: &mut Process) -> Outcome {
    let Ok(mut editor) = rustyline::DefaultEditor::new() else {
        process.messenger.error("This terminal cannot be used.");
        return Outcome::InitFailed;
    };
    while let Ok(line) = editor.readline(PROMPT) {
        let _ = editor.add_history_entry(&line);
        if let Some(outcome) = run_line(process, &line) {
            return outcome;
        }
    }
    Outcome::Done
}

/// Returns whether a file is a script: it begins with `#!`.
pub(super) fn is_script(path: &str) -> bool {
    let mut start = [0; 2];
    path.contains('/')
        && File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok())
        && start == *b"#!"
}

/// Runs the commands of a file. The last one's outcome is the script's.
pub(super) fn script(process: &mut Process, path: &Path) -> Outcome {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => {
            process.messenger.error(&format!("{}: {error}", path.display()));
            return Outcome::Failed;
        }
    };
    let mut outcome = Outcome::Done;
    for line in BufReader::new(file).lines() {
        let Ok(line) = line else {
            return Outcome::Failed;
        };
        match split(&line) {
            Some(words) if words.is_empty() => {}
            Some(mut words) => {
                let name = words.remove(0);
                if name == "quit" || name == "exit" {
                    return outcome;
                }
                outcome = process.command(&name, &words);
                if outcome == Outcome::NoSuchCommand {
                    return outcome;
                }
            }
            None => process.messenger.error("A quote is not closed."),
        }
    }
    outcome
}

/// Runs one line; an outcome ends the shell.
fn run_line(process: &mut Process, line: &str) -> Option<Outcome> {
    let Some(mut words) = split(line) else {
        process.messenger.error("A quote is not closed.");
        return None;
    };
    if words.is_empty() {
        return None;
    }
    let mut name = words.remove(0);
    if name == "lvm" && !words.is_empty() {
        name = words.remove(0);
    }
    if name == "quit" || name == "exit" {
        process.messenger.error("Exiting.");
        return Some(Outcome::Done);
    }
    process.command(&name, &words);
    process.messenger.flush();
    None
}

/// Splits a line into words: blanks separate, `#` begins a comment, quotes and backslashes protect.
/// `None` if a quote is not closed.
fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '#' if word.is_none() => break,
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        end if end == c => break,
                        '\\' if c == '"' => word.push(chars.next()?),
                        other => word.push(other),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(chars.next()?),
            c if c.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn lines_are_split_as_a_shell_splits_them() {
        for (line, expected) in [
            ("", Some(vec![])),
            ("  # nothing", Some(vec![])),
            ("lvs  -o a#b\tvg", Some(vec!["lvs", "-o", "a#b", "vg"])),
            ("vgs \"a b\"'c d' ''", Some(vec!["vgs", "a bc d", ""])),
            (r#"x "a\"b" a\ b"#, Some(vec!["x", "a\"b", "a b"])),
            ("lvs 'a", None),
            ("lvs a\\", None),
        ] {
            let words = split(line);
            let words: Option<Vec<&str>> =
                words.as_ref().map(|words| words.iter().map(String::as_str).collect());
            assert_eq!(words, expected, "{line}");
        }
    }
}
