//! `devices/filter` and `devices/global_filter`: patterns that accept or reject names of devices.
//!
//! A pattern is `a` or `r`, a delimiter, a regular expression, and the delimiter again (or its
//! partner, of brackets). For one name, the first pattern that matches decides. A device passes
//! with the first of its names that is accepted; it is rejected if some name was rejected and none
//! accepted, and passes if no pattern matched at all.

use regex::bytes::Regex;

/// A list of patterns.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    patterns: Vec<Pattern>,
}

#[derive(Clone, Debug)]
struct Pattern {
    accept: bool,
    matcher: Matcher,
}

/// Most patterns need no automaton, and building one takes longer than a whole report.
#[derive(Clone, Debug)]
enum Matcher {
    Everything,
    Literal { text: Vec<u8>, at_start: bool, at_end: bool },
    Regex(Box<Regex>),
}

/// A pattern that is none. The text is LVM2's.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FilterError {
    /// It has neither `a` nor `r` at its start.
    #[error("Pattern must begin with 'a' or 'r'.\nInvalid filter pattern \"{0}\".")]
    Action(String),
    /// It doesn't end with its delimiter.
    #[error("Invalid separator at end of regex.\nInvalid filter pattern \"{0}\".")]
    Delimiter(String),
    /// Its regular expression is none.
    #[error("Parse error in regex\nInvalid filter pattern \"{pattern}\".\n{reason}")]
    Expression {
        /// The pattern.
        pattern: String,
        /// What is wrong.
        reason: String,
    },
}

/// What a filter says of a device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It passes, and the name with this index made it so.
    Accepted(usize),
    /// It doesn't pass.
    Rejected,
    /// No pattern matched any name; it passes.
    NoMatch,
}

impl Filter {
    /// Reads patterns.
    ///
    /// # Errors
    /// The first that is none.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, FilterError> {
        let patterns = patterns.into_iter().map(parse).collect::<Result<_, _>>()?;
        Ok(Self { patterns })
    }

    /// Returns true if it lets every device pass and so need not be asked.
    pub fn passes_all(&self) -> bool {
        match self.patterns.first() {
            None => true,
            Some(first) => first.accept && matches!(first.matcher, Matcher::Everything),
        }
    }

    /// Judges a device by all its names.
    pub fn judge<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Verdict {
        let mut rejected = false;
        for (index, name) in names.into_iter().enumerate() {
            let first = self.patterns.iter().find(|pattern| pattern.matcher.matches(name));
            match first.map(|pattern| pattern.accept) {
                Some(true) => return Verdict::Accepted(index),
                Some(false) => rejected = true,
                None => {}
            }
        }
        if rejected { Verdict::Rejected } else { Verdict::NoMatch }
    }
}

impl Matcher {
    fn matches(&self, name: &str) -> bool {
        let name = name.as_bytes();
        match self {
            Self::Everything => true,
            Self::Literal { text, at_start: true, at_end: true } => name == text,
            Self::Literal { text, at_start: true, .. } => name.starts_with(text),
            Self::Literal { text, at_end: true, .. } => name.ends_with(text),
            Self::Literal { text, .. } => memchr::memmem::find(name, text).is_some(),
            Self::Regex(regex) => regex.is_match(name),
        }
    }
}

fn parse(pattern: &str) -> Result<Pattern, FilterError> {
    let mut rest = pattern.chars();
    let accept = match rest.next() {
        Some('a') => true,
        Some('r') => false,
        _ => return Err(FilterError::Action(pattern.to_owned())),
    };
    let delimiter = || FilterError::Delimiter(pattern.to_owned());
    let closing = match rest.next().ok_or_else(delimiter)? {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        other => other,
    };
    let expression = rest.as_str().strip_suffix(closing).ok_or_else(delimiter)?;
    let matcher = compile(expression)
        .map_err(|reason| FilterError::Expression { pattern: pattern.to_owned(), reason })?;
    Ok(Pattern { accept, matcher })
}

fn compile(expression: &str) -> Result<Matcher, String> {
    if matches!(expression, ".*" | "") {
        return Ok(Matcher::Everything);
    }
    let (inner, at_start) = match expression.strip_prefix('^') {
        Some(inner) => (inner, true),
        None => (expression, false),
    };
    let (inner, at_end) = match inner.strip_suffix('$') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    if !inner.contains(['^', '$', '.', '*', '+', '?', '|', '(', ')', '[', ']', '\\']) {
        let text = inner.as_bytes().to_owned();
        return Ok(Matcher::Literal { text, at_start, at_end });
    }
    let regex = Regex::new(&translate(expression)).map_err(|error| error.to_string())?;
    Ok(Matcher::Regex(Box::new(regex)))
}

/// Writes an expression of LVM2's engine for ours: LVM2 knows `^ $ . * + ? | ( ) [ ] \` and nothing
/// else.
pub(crate) fn translate(expression: &str) -> String {
    let mut out = String::from("(?s-u)");
    let mut rest = expression.chars();
    while let Some(c) = rest.next() {
        match c {
            '^' | '$' | '.' | '*' | '+' | '?' | '|' | '(' | ')' => out.push(c),
            '[' => translate_class(&mut rest, &mut out),
            '\\' => push_escaped(rest.next().unwrap_or('\\'), &mut out),
            other => push_literal(other, &mut out),
        }
    }
    out
}

fn translate_class(rest: &mut std::str::Chars<'_>, out: &mut String) {
    out.push('[');
    if let Some(after) = rest.as_str().strip_prefix('^') {
        out.push('^');
        *rest = after.chars();
    }
    while let Some(c) = rest.next() {
        match c {
            ']' => {
                out.push(']');
                return;
            }
            '-' => out.push('-'),
            '\\' => push_escaped(rest.next().unwrap_or('\\'), out),
            other => push_literal(other, out),
        }
    }
}

fn push_escaped(c: char, out: &mut String) {
    match c {
        'n' => out.push_str("\\n"),
        'r' => out.push_str("\\r"),
        't' => out.push_str("\\t"),
        other => push_literal(other, out),
    }
}

fn push_literal(c: char, out: &mut String) {
    if c.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(patterns: &[&str], names: &[&str]) -> Verdict {
        Filter::new(patterns.iter().copied()).unwrap().judge(names.iter().copied())
    }

    #[test]
    fn the_first_matching_pattern_decides_for_a_name() {
        use Verdict::{Accepted, NoMatch, Rejected};
        let white = ["a|^/dev/loop4$|", "r|.*|"];
        for (patterns, names, expected) in [
            (&white[..], &["/dev/loop4"][..], Accepted(0)),
            (&white, &["/dev/loop44"], Rejected),
            (&white, &["/dev/disk/x", "/dev/loop4"], Accepted(1)),
            (&["r|loop|"], &["/dev/loop4"], Rejected),
            (&["r|loop|"], &["/dev/sda"], NoMatch),
            (&["a/loop/", "r|.*|"], &["/dev/loop4"], Accepted(0)),
            (&["r(cdrom)"], &["/dev/cdrom"], Rejected),
            (&["r{sd[b-d]$}"], &["/dev/sdc"], Rejected),
            (&["r{sd[b-d]$}"], &["/dev/sda"], NoMatch),
            (&["a|sd[^b]|", "r|sd|"], &["/dev/sdb"], Rejected),
            (&["a|loop[0-9]+$|", "r|.*|"], &["/dev/loop12"], Accepted(0)),
            (&["r|^/dev/(sda|vda)[0-9]*$|"], &["/dev/vda1"], Rejected),
            (&["r|a.b|"], &["/dev/a/b"], Rejected),
            (&["r|a\\.b|"], &["/dev/a/b"], NoMatch),
            (&["r|x{2}|"], &["/dev/xx"], NoMatch),
            (&["r|x{2}|"], &["/dev/x{2}"], Rejected),
            (&[], &["/dev/x"], NoMatch),
        ] {
            assert_eq!(verdict(patterns, names), expected, "{patterns:?} {names:?}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused_in_lvm2s_words() {
        let first = |pattern: &str| {
            let error = Filter::new([pattern]).unwrap_err().to_string();
            error.lines().next().unwrap().to_owned()
        };
        assert_eq!(first("x|.*|"), "Pattern must begin with 'a' or 'r'.");
        assert_eq!(first(""), "Pattern must begin with 'a' or 'r'.");
        assert_eq!(first("a|.*"), "Invalid separator at end of regex.");
        assert_eq!(first("a"), "Invalid separator at end of regex.");
        assert_eq!(first("a(x("), "Invalid separator at end of regex.");
        assert_eq!(first("a|(|"), "Parse error in regex");
    }

    #[test]
    fn the_default_asks_for_nothing() {
        assert!(Filter::default().passes_all());
        assert!(Filter::new(["a|.*|"]).unwrap().passes_all());
        assert!(!Filter::new(["a|x|", "a|.*|"]).unwrap().passes_all());
    }
}
