//! The values that selections compare with.

use super::parse::Operator;
use super::pattern;
use super::when;
use super::{Compare, ListMode, SelectError, Test};
use crate::report::Type;
use crate::report::cell::UNDEFINED;
use crate::report::field::Field;
use crate::report::options::Options;
use crate::size::units::Units;
use std_alloc::borrow::ToOwned;
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Where a value is read from.
pub(super) struct Input<'t, 'o> {
    /// The text from the value on.
    pub(super) rest: &'t str,
    /// The text from the expression on.
    pub(super) start: &'t str,
    pub(super) field: Field,
    pub(super) options: &'o Options,
}

/// Words for numbers, by field.
const NUMBER_WORDS: [(Field, &[&str], u64); 4] = [
    (Field::LvReadAhead, &["auto"], UNDEFINED - 1),
    (Field::VgMdaCopies, &["unmanaged"], UNDEFINED - 1),
    (Field::PvInUse, &["used", "in use"], 1),
    (Field::LvMerging, &["merging"], 1),
];

/// Words for texts, by field: any of them stands for any other.
const TEXT_WORDS: [(Field, &[&str]); 7] = [
    (Field::LvPermissions, &["writeable", "rw", "read-write"]),
    (Field::LvPermissions, &["read-only", "r", "ro"]),
    (Field::LvPermissions, &["read-only-override", "R", "ro-override", "r-override"]),
    (Field::VgPermissions, &["writeable", "rw", "read-write"]),
    (Field::VgPermissions, &["read-only", "r", "ro"]),
    (Field::LvWhenFull, &["error", "error when full", "error if no space"]),
    (Field::LvWhenFull, &["queue", "queue when full", "queue if no space"]),
];

/// Texts that may be asked for as `undefined` where they are empty.
const UNDEFINED_TEXTS: [Field; 3] = [Field::LvWhenFull, Field::CachePolicy, Field::CacheMode];

const UNDEFINED_WORDS: [&str; 4] = ["-1", "unknown", "undefined", "undef"];

pub(super) fn parse_test(
    input: &mut Input<'_, '_>,
    operator: Operator,
) -> Result<Test, SelectError> {
    let info = input.field.info();
    let compare = match operator {
        Operator::Match { negated } => return input.pattern(negated),
        Operator::Compare(compare) | Operator::Time(compare) => compare,
    };
    let negated = compare == Compare::NotEqual;
    match info.kind {
        Type::Text => input.text(negated),
        Type::List => input.list(negated),
        Type::Time => input.time(compare),
        Type::Number | Type::Flag | Type::Size | Type::Percent => input.number(compare),
    }
}

impl<'t> Input<'t, '_> {
    fn error(&self, what: impl Into<String>) -> SelectError {
        let rest = self.start.to_owned();
        SelectError::Syntax { what: what.into(), rest, list_fields: false }
    }

    fn failed(&self, before: &str, kind: &str) -> SelectError {
        let before = if before.is_empty() { String::new() } else { format!("{before}\n  ") };
        let name = self.field.info().name;
        self.error(format!("{before}Failed to parse {kind} value for selection field {name}."))
    }

    /// Takes a quoted text, or one that ends where `ends` finds that the rest begins another token.
    fn token(&mut self, ends: fn(&str) -> bool) -> Option<&'t str> {
        let quote = self.rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        if let Some(quote) = quote {
            let inner = &self.rest[1..];
            let end = inner.find(quote)?;
            self.rest = &inner[end + 1..];
            return Some(&inner[..end]);
        }
        let end = self.rest.char_indices().map(|(at, _)| at).find(|at| ends(&self.rest[*at..]));
        let (token, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        Some(token)
    }

    fn pattern(&mut self, negated: bool) -> Result<Test, SelectError> {
        let name = self.field.info().name;
        let Some(text) = self.token(ends_text) else {
            return Err(self.failed("Missing end quote.", "string"));
        };
        if text.is_empty() {
            return Err(
                self.error(format!("Regular expression expected for selection field {name}"))
            );
        }
        if self.field.info().kind != Type::Text {
            return Err(SelectError::Incompatible(name));
        }
        let regex = pattern::compile(text).ok_or(SelectError::Pattern(name))?;
        Ok(Test::Pattern { regex: Box::new(regex), negated })
    }

    fn text(&mut self, negated: bool) -> Result<Test, SelectError> {
        let Some(text) = self.token(ends_text) else {
            // LVM2 looks for a reserved word first, and says so then.
            return Err(self.failed("Missing end quote.\n  Missing end quote.", "string"));
        };
        let words = TEXT_WORDS.into_iter();
        let mut known =
            words.filter(|(field, words)| *field == self.field && words.contains(&text));
        if let Some((_, words)) = known.next() {
            return Ok(Test::Words { words, negated });
        }
        let none = UNDEFINED_TEXTS.contains(&self.field) && UNDEFINED_WORDS[1..].contains(&text);
        let text = if none { String::new() } else { text.to_owned() };
        Ok(Test::Text { text, negated })
    }

    fn list(&mut self, negated: bool) -> Result<Test, SelectError> {
        let (close, whole) = match self.rest.as_bytes().first() {
            Some(b'[') => (']', true),
            Some(b'{') => ('}', false),
            _ => {
                let Some(text) = self.token(ends_text) else {
                    return Err(self.failed("Missing end quote.", "string list"));
                };
                let items =
                    if text.is_empty() { Vec::new() } else { std_alloc::vec![text.to_owned()] };
                return Ok(Test::List { items, mode: ListMode::All, negated });
            }
        };
        self.rest = &self.rest[1..];
        let mut items = Vec::new();
        let mut joined: Option<bool> = None;
        loop {
            self.skip_blanks();
            if let Some(rest) = self.rest.strip_prefix(close).filter(|_| items.is_empty()) {
                self.rest = rest;
                break;
            }
            let Some(item) = self.token(ends_item) else {
                return Err(self.failed("Missing end quote.", "string list"));
            };
            items.push(item.to_owned());
            self.skip_blanks();
            if self.rest.starts_with([']', '}']) {
                if !self.rest.starts_with(close) {
                    let what = format!("List ended with incorrect character, expecting '{close}'.");
                    return Err(self.failed(&what, "string list"));
                }
                self.rest = &self.rest[1..];
                break;
            }
            let tokens = [("&&", true), (",", true), ("||", false), ("#", false)];
            let found = tokens.into_iter().find(|(token, _)| self.rest.starts_with(token));
            let Some((token, all)) = found else {
                return Err(self.failed("Invalid operator in selection list.", "string list"));
            };
            if joined.is_some_and(|before| before != all) {
                let what = "Only one type of logical operator allowed in selection list at a time.";
                return Err(self.failed(what, "string list"));
            }
            joined = Some(all);
            self.rest = &self.rest[token.len()..];
        }
        items.sort_unstable();
        items.dedup();
        let mode = match (joined, whole) {
            (Some(false), _) => ListMode::Any,
            (_, true) => ListMode::Exactly,
            (_, false) => ListMode::All,
        };
        Ok(Test::List { items, mode, negated })
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    fn time(&mut self, compare: Compare) -> Result<Test, SelectError> {
        let Some(text) = self.token(ends_text) else {
            return Err(self.failed("Missing end quote.", "time"));
        };
        let zone = &self.options.time_zone;
        let Some((start, end)) = when::parse(text, self.options.now, zone) else {
            return Err(self.failed("", "time"));
        };
        Ok(Test::Time { compare, start, end })
    }

    fn number(&mut self, compare: Compare) -> Result<Test, SelectError> {
        let kind = self.field.info().kind;
        if let Some(number) = self.reserved(kind) {
            return Ok(Test::Number { compare, number });
        }
        let digits = number_length(self.rest);
        if digits == 0 {
            return Err(self.failed("", "numeric"));
        }
        let (text, rest) = self.rest.split_at(digits);
        self.rest = rest;
        let name = self.field.info().name;
        let wanted = match kind {
            Type::Size => "size",
            Type::Percent => "percent",
            _ => "numeric",
        };
        let unit = rest.bytes().next();
        let is_unit = |byte: u8| b"bskmgtpehr".contains(&byte.to_ascii_lowercase());
        match (kind, unit) {
            (Type::Percent, Some(b'%')) => self.rest = &rest[1..],
            (_, Some(b'%')) => {
                return Err(self.error(format!(
                    "Found percent value but {wanted} value expected for selection field {name}."
                )));
            }
            (Type::Size, Some(byte)) if is_unit(byte) => {
                self.rest = &rest[1..];
                let number = sectors(text, &rest[..1]).ok_or_else(|| self.failed("", "numeric"))?;
                return Ok(Test::Number { compare, number });
            }
            (Type::Size, _) => {
                let number = sectors(text, "m").ok_or_else(|| self.failed("", "numeric"))?;
                return Ok(Test::Number { compare, number });
            }
            (_, Some(byte)) if is_unit(byte) => {
                return Err(self.error(format!(
                    "Found size unit specifier but {wanted} value expected for selection field \
                     {name}."
                )));
            }
            _ => {}
        }
        let whole = text.split('.').next().unwrap_or("");
        let number = if whole.is_empty() { Ok(0) } else { whole.parse() };
        let number = number.map_err(|_| self.failed("", "numeric"))?;
        Ok(Test::Number { compare, number })
    }

    /// Takes a word that stands for a number.
    fn reserved(&mut self, kind: Type) -> Option<u64> {
        if kind == Type::Percent {
            return None;
        }
        let before = self.rest;
        let word = self.token(ends_text)?;
        let own = NUMBER_WORDS.into_iter();
        let mut own = own.filter(|(field, words, _)| *field == self.field && words.contains(&word));
        if let Some((_, _, number)) = own.next() {
            return Some(number);
        }
        let number = match (kind, word) {
            (Type::Number | Type::Flag, word) if UNDEFINED_WORDS.contains(&word) => UNDEFINED,
            (Type::Flag, "yes") => 1,
            (Type::Flag, "no") => 0,
            (Type::Flag, word) if super::value::is_word_of(self.field, word) => 1,
            _ => {
                self.rest = before;
                return None;
            }
        };
        Some(number)
    }
}

/// Whether a flag is shown as this word.
fn is_word_of(field: Field, word: &str) -> bool {
    let words: &[&str] = match field {
        Field::LvInitialImageSync => &["initial image sync", "sync"],
        Field::LvImageSynced => &["image synced", "synced"],
        Field::LvConverting => &["converting"],
        Field::LvAllocationLocked => &["allocation locked", "locked"],
        Field::LvFixedMinor => &["fixed minor", "fixed"],
        Field::LvSkipActivation => &["skip activation", "skip"],
        Field::LvHistorical => &["historical"],
        Field::LvSuspended => &["suspended"],
        Field::LvLiveTable => &["live table present", "live table", "live"],
        Field::LvInactiveTable => &["inactive table present", "inactive table", "inactive"],
        Field::LvDeviceOpen => &["open"],
        Field::LvActiveLocally => &["active locally", "active", "locally"],
        Field::LvActiveRemotely => &["active remotely", "active", "remotely"],
        Field::LvActiveExclusively => &["active exclusively", "active", "exclusively"],
        Field::LvMergeFailed => &["merge failed", "failed"],
        Field::LvSnapshotInvalid => &["snapshot invalid", "invalid"],
        Field::LvCheckNeeded => &["check needed", "needed"],
        Field::PvAllocatable => &["allocatable"],
        Field::PvExported | Field::VgExported => &["exported"],
        Field::PvMissing => &["missing"],
        Field::PvDuplicate => &["duplicate"],
        Field::VgExtendable => &["extendable"],
        Field::VgPartial => &["partial"],
        Field::VgClustered => &["clustered"],
        Field::VgShared => &["shared"],
        Field::Zero => &["zero"],
        Field::LvAutoactivation
        | Field::VgAutoactivation
        | Field::VdoCompression
        | Field::VdoDeduplication
        | Field::VdoUseMetadataHints
        | Field::VdoUseSparseIndex => &["enabled"],
        _ => &[],
    };
    words.contains(&word)
}

fn ends_text(rest: &str) -> bool {
    rest.starts_with([' ', '\t', '\n', ',', '#', ')'])
        || rest.starts_with("&&")
        || rest.starts_with("||")
}

fn ends_item(rest: &str) -> bool {
    ends_text(rest) || rest.starts_with([']', '}'])
}

/// Digits with at most one point among them.
fn number_length(text: &str) -> usize {
    let mut point = false;
    let mut length = 0;
    let mut any = false;
    for byte in text.bytes() {
        match byte {
            b'.' if !point => point = true,
            b'0'..=b'9' => any = true,
            _ => break,
        }
        length += 1;
    }
    if any { length } else { 0 }
}

/// Reads a size with a unit, in sectors.
fn sectors(number: &str, unit: &str) -> Option<u64> {
    // `h` and `r` are units of output; nothing can be measured in them.
    let factor = Units::parse(unit).ok()?.bytes_per_unit().unwrap_or(1);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: u128 = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()?.into() };
    let fraction = &fraction[..fraction.len().min(15)];
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let fraction: u128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let bytes = (whole * scale + fraction).checked_mul(factor.into())? / scale;
    u64::try_from(bytes / 512).ok()
}
