//! PVs on a command line, with ranges of extents: `/dev/sdb:0-99:200+50`.

use crate::units::{Extents, Pe};
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// A PV argument: a device or a tag, and the ranges of extents that may be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PvArg {
    /// The device's name, or `@tag`.
    pub name: String,
    /// Whether it is a tag: the name of a device may begin with an at sign too.
    pub is_tag: bool,
    /// The ranges behind it as they were typed, if any: read by [`PvArg::ranges`] when the PV is
    /// known.
    pub ranges: Option<String>,
}

/// Why ranges make no sense. All are failures of the command (5), not of its syntax (3).
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RangeError {
    /// They break the grammar.
    #[error("Physical extent parsing error at {0}.")]
    Syntax(String),
    /// One ends before it starts, or behind the end of the PV.
    #[error("PE range error: start extent {start} to end extent {end}.")]
    Outside {
        /// The first extent.
        start: u64,
        /// The last one.
        end: u64,
    },
}

/// A run of extents on a PV.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PeRange {
    /// The first.
    pub start: Pe,
    /// How many; never zero.
    pub extents: Extents,
}

impl PeRange {
    /// Returns the extent behind its last.
    pub fn end(self) -> Pe {
        self.start.after(self.extents)
    }
}

impl PvArg {
    /// Splits an argument at its first colon; `\:` is a colon of the name, `\@` its at sign. A tag
    /// has no ranges: its colons are its own.
    pub fn parse(text: &str) -> Self {
        let is_tag = text.starts_with('@');
        let mut name = String::with_capacity(text.len());
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            match c {
                ':' if !is_tag => {
                    let ranges = Some(rest.as_str().to_string());
                    return Self { name, is_tag, ranges };
                }
                '\\' if rest.as_str().starts_with([':', '@']) => name.extend(rest.next()),
                c => name.push(c),
            }
        }
        Self { name, is_tag, ranges: None }
    }

    /// Returns the tag, if it is one.
    pub fn tag(&self) -> Option<&str> {
        self.name.strip_prefix('@').filter(|_| self.is_tag)
    }

    /// Returns the ranges on a PV of `count` extents, in the order they were given: `a`, `a-b`,
    /// `a-`, `-b`, `a+length`, and without ranges the whole PV.
    ///
    /// # Errors
    /// If they break the grammar or do not lie on the PV.
    pub fn ranges(&self, count: Extents) -> Result<Vec<PeRange>, RangeError> {
        let Some(text) = &self.ranges else {
            let whole = PeRange { start: Pe::ZERO, extents: count };
            return Ok(if count.is_zero() { Vec::new() } else { std_alloc::vec![whole] });
        };
        let mut ranges = Vec::new();
        let mut rest = text.as_str();
        loop {
            let (range, behind) = split_range(rest, count)?;
            ranges.push(range);
            match behind.strip_prefix(':') {
                Some(next) => rest = next,
                None if behind.is_empty() => return Ok(ranges),
                None => return Err(RangeError::Syntax(behind.to_string())),
            }
        }
    }
}

/// Reads the number at the start of `text`, if there is one that fits 32 bits.
fn split_number(text: &str) -> Result<(Option<u64>, &str), RangeError> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Ok((None, text));
    }
    let number: u32 = text[..digits].parse().map_err(|_| RangeError::Syntax(text.to_string()))?;
    Ok((Some(u64::from(number)), &text[digits..]))
}

fn split_range(text: &str, count: Extents) -> Result<(PeRange, &str), RangeError> {
    let (start, rest) = split_number(text)?;
    let last = count.get().saturating_sub(1);
    let first = start.unwrap_or(0);
    let (end, rest) = if let Some(rest) = rest.strip_prefix('-') {
        let (end, rest) = split_number(rest)?;
        (end.unwrap_or(last), rest)
    } else if let Some(rest) = rest.strip_prefix('+') {
        let (length, rest) = split_number(rest)?;
        match length {
            Some(length) => (first + length.max(1) - 1, rest),
            None => (last, rest),
        }
    } else {
        let Some(start) = start else {
            return Err(RangeError::Syntax(text.to_string()));
        };
        (start, rest)
    };
    if !rest.is_empty() && !rest.starts_with(':') {
        return Err(RangeError::Syntax(rest.to_string()));
    }
    if first > end || end >= count.get() {
        return Err(RangeError::Outside { start: first, end });
    }
    let range = PeRange { start: Pe::new(first), extents: Extents::new(end - first + 1) };
    assert!(range.end() <= Pe::ZERO.after(count), "a range lies on its PV");
    Ok((range, rest))
}
