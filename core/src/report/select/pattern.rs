//! Regular expressions of selections: `^ $ . * + ? |`, groups, classes and `\` escapes, over bytes.
//! What other engines add to that is taken literally, as LVM2's does.

use regex::bytes::{Regex, RegexBuilder};
use std_alloc::string::String;

/// How large a compiled expression may grow, in bytes.
const SIZE_MAX: usize = 1 << 20;

/// Compiles an expression; `None` if it is none.
pub(super) fn compile(pattern: &str) -> Option<Regex> {
    let mut translated = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => push_escaped(&mut translated, chars.next()?),
            '[' => {
                translated.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    translated.push('^');
                }
                let mut first = true;
                loop {
                    match chars.next()? {
                        ']' if !first => break,
                        '\\' => push_escaped(&mut translated, chars.next()?),
                        '-' => translated.push('-'),
                        other => push_literal(&mut translated, other),
                    }
                    first = false;
                }
                translated.push(']');
            }
            '(' if chars.peek() == Some(&'?') => return None,
            '{' | '}' => push_literal(&mut translated, c),
            other => translated.push(other),
        }
    }
    let mut builder = RegexBuilder::new(&translated);
    builder.unicode(false).size_limit(SIZE_MAX).nest_limit(50);
    builder.build().ok()
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        'n' => out.push_str("\\n"),
        'r' => out.push_str("\\r"),
        't' => out.push_str("\\t"),
        other => push_literal(out, other),
    }
}

fn push_literal(out: &mut String, c: char) {
    if c.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(c);
}
