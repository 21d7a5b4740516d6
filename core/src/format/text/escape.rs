//! Escapes in strings: a backslash makes the next character literal.

use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Returns what a string between double quotes stands for.
pub fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => text.extend(chars.next()),
            _ => text.push(char),
        }
    }
    text
}

/// Appends `text` as it stands between double quotes: quotes and backslashes escaped.
pub fn push_escaped(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while let Some(at) = memchr::memchr2(b'"', b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        out.push(b'\\');
        out.push(rest[at]);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}
