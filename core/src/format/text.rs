//! The text of metadata, of backup files and of configuration: tokens, tree, escapes.
//!
//! ```text
//! file  := entry*
//! entry := key '=' value | key '{' entry* '}'
//! value := item | '[' [ item { [','] item } [','] ] ']'
//! item  := integer | float | "string" | 'string' | word (only directly behind '=')
//! ```
//!
//! A `#` begins a comment, a NUL ends the input, a key `a/b` is `b` in section `a`. Reading is
//! total: every input gives a tree or an error with its place, depth is limited, and memory is a
//! small multiple of the input. Source: man lvm.conf(5), and what LVM2 2.03.16 accepts.

pub mod escape;
pub mod lexer;
pub mod tree;

#[cfg(test)]
mod tests;

pub use tree::{Entry, Item, Section, Value, parse};

/// How deep sections may lie in one another. Metadata needs five levels.
pub const DEPTH_MAX: usize = 64;

/// A place in a text, for people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// Bytes before it.
    pub offset: usize,
    /// Its line, from 1.
    pub line: usize,
}

impl Position {
    /// Returns the place `offset` bytes into `text`.
    pub fn of(text: &[u8], offset: usize) -> Self {
        let before = &text[..offset.min(text.len())];
        Self { offset, line: memchr::memchr_iter(b'\n', before).count() + 1 }
    }
}

impl core::fmt::Display for Position {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "byte {} (line {})", self.offset, self.line)
    }
}

/// Why a text has no tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("parse error at {at}: {fault}")]
pub struct TextError {
    /// Where.
    pub at: Position,
    /// What.
    pub fault: TextFault,
}

/// What is wrong with a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TextFault {
    /// Something that cannot stand there.
    #[error("unexpected token")]
    UnexpectedToken,
    /// No value where one has to be.
    #[error("expected a value")]
    ExpectedValue,
    /// An integer that does not fit 64 bits.
    #[error("integer does not fit 64 bits")]
    Integer,
    /// A string without closing quote.
    #[error("string has no closing quote")]
    Unterminated,
    /// Sections that lie too deep in one another.
    #[error("sections are nested more than {DEPTH_MAX} deep")]
    Depth,
    /// A text of 4 GiB or more.
    #[error("text is longer than 4 GiB")]
    Long,
}
