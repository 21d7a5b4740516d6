//! Selections, `-S`: which objects are shown, or processed.
//!
//! ```text
//! any  := all { ("||" | "#") all }
//! all  := one { ("&&" | ",") one }
//! one  := "(" any ")" | "!" "(" any ")" | FIELD OPERATOR VALUE
//! ```
//! Reading is total, and parentheses nest to a bounded depth.

mod parse;
mod pattern;
mod value;
mod when;

use crate::report::cell::{Cell, Key, UNDEFINED};
use crate::report::columns::field_list;
use crate::report::field::Field;
use crate::report::options::{Kind, Options};
use crate::report::row::Row;
use crate::report::values;
use regex::bytes::Regex;
use std_alloc::boxed::Box;
use std_alloc::string::String;
use std_alloc::vec::Vec;

#[cfg(test)]
mod tests;

/// Why a selection cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SelectError {
    /// `help` stands where a field should; not an error to the user.
    #[error("help was asked for")]
    Help,
    /// An expression is not right; the rest of the text from its beginning.
    #[error(
        "{what}\n  Selection syntax error at '{rest}'.\n  \
         Use 'help' for selection to get more help."
    )]
    Syntax {
        /// What is wrong; of one or two lines.
        what: String,
        /// The text from there on.
        rest: String,
        /// Whether LVM2 lists the fields before it tells.
        list_fields: bool,
    },
    /// A parenthesis is missing.
    #[error("Syntax error: {side} parenthesis expected at '{rest}'")]
    Parenthesis {
        /// `left` or `right`.
        side: &'static str,
        /// The text from there on.
        rest: String,
    },
    /// Regular expressions apply to texts only.
    #[error("dm_report: incompatible comparison type for selection field {0}")]
    Incompatible(&'static str),
    /// A regular expression that is none.
    #[error(
        "Couldn't parse regex\n  dm_report: failed to create regex matcher for selection field {0}"
    )]
    Pattern(&'static str),
    /// More parentheses than anybody needs.
    #[error("Selection is nested too deeply.")]
    Nesting,
}

/// What stands between fields and values in a selection, and the values.
const OPERATORS: &str = "   
  Operators of selections
  -----------------------
    =   equal to                        !=  not equal to
    <   less than       (or before)     <=  at most         (or until)
    >   greater than    (or after)      >=  at least        (or since)
    =~  matches the regular expression  !~  does not match it
    &&  and (or ,)    ||  or (or #)     !   not     ( )  grouping
   
  Values
  ------
    STRING or \"STRING\"   SIZE with unit   NUMBER   PERCENT
    [A,B]  the list has A and B and nothing else
    {A,B}  it has A and B among others;  {A||B}  at least one of them
    TIME: YYYY-MM-DD HH:MM:SS +HHMM, any end of it left out; @SECONDS; yesterday, 2 weeks ago
";

/// Returns what `-S help` shows: the fields with their types, and the operators.
pub fn help() -> String {
    field_list(true) + OPERATORS
}

/// How a value is compared with a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A condition on one field.
#[derive(Clone, Debug)]
enum Test {
    Pattern {
        regex: Box<Regex>,
        negated: bool,
    },
    Text {
        text: String,
        negated: bool,
    },
    /// A text that has one of several words.
    Words {
        words: &'static [&'static str],
        negated: bool,
    },
    Number {
        compare: Compare,
        number: u64,
    },
    /// From the first moment to before the last.
    Time {
        compare: Compare,
        start: u64,
        end: u64,
    },
    List {
        items: Vec<String>,
        mode: ListMode,
        negated: bool,
    },
}

/// How a list is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ListMode {
    /// It has these items and no others.
    Exactly,
    /// It has all of these.
    All,
    /// It has one of these.
    Any,
}

/// A condition.
#[derive(Clone, Debug)]
enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    Field { field: Field, test: Test },
}

/// A selection: a condition on the fields of an object.
#[derive(Clone, Debug)]
pub struct Selection {
    root: Option<Expression>,
}

impl Selection {
    /// Reads a selection. Field names may lack the kind's prefix, as with `-o`. An empty text
    /// selects all.
    ///
    /// # Errors
    /// If it does not follow the grammar, or compares what cannot be compared.
    pub fn parse(kind: Kind, text: &str, options: &Options) -> Result<Self, SelectError> {
        if text.is_empty() {
            return Ok(Self { root: None });
        }
        parse::parse(kind, text, options).map(|root| Self { root: Some(root) })
    }

    /// Returns the fields it looks at.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        if let Some(root) = &self.root {
            root.collect_fields(&mut fields);
        }
        fields
    }

    /// Tells whether a row is selected.
    pub(super) fn matches(&self, row: &Row<'_, '_>, options: &Options) -> bool {
        self.root.as_ref().is_none_or(|root| root.matches(row, options))
    }
}

impl Expression {
    fn collect_fields(&self, fields: &mut Vec<Field>) {
        match self {
            Self::Any(parts) | Self::All(parts) => {
                for part in parts {
                    part.collect_fields(fields);
                }
            }
            Self::Not(part) => part.collect_fields(fields),
            Self::Field { field, .. } => fields.push(*field),
        }
    }

    fn matches(&self, row: &Row<'_, '_>, options: &Options) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.matches(row, options)),
            Self::All(parts) => parts.iter().all(|part| part.matches(row, options)),
            Self::Not(part) => !part.matches(row, options),
            Self::Field { field, test } => {
                let (mut text, mut items) = (String::new(), Vec::new());
                let mut cell = Cell::new(&mut text, &mut items, options);
                values::write(*field, row, &mut cell);
                let key = cell.key;
                test.matches(&text, key, &items)
            }
        }
    }
}

impl Test {
    fn matches(&self, shown: &str, key: Key, items: &[core::ops::Range<usize>]) -> bool {
        let text = match key {
            Key::Shown | Key::Number(_) => shown,
            Key::Bracketed => &shown[1..shown.len() - 1],
            Key::Dashed => &shown[1..],
        };
        match self {
            Self::Pattern { regex, negated } => regex.is_match(text.as_bytes()) != *negated,
            Self::Text { text: wanted, negated } => (text == wanted) != *negated,
            Self::Words { words, negated } => words.contains(&text) != *negated,
            Self::Number { compare, number } => match key {
                Key::Number(value) => compare.numbers(value, *number),
                Key::Shown | Key::Bracketed | Key::Dashed => false,
            },
            Self::Time { compare, start, end } => match key {
                Key::Number(value) => compare.times(value, *start, *end),
                Key::Shown | Key::Bracketed | Key::Dashed => false,
            },
            Self::List { items: wanted, mode, negated } => {
                let found: Vec<&str> = items.iter().map(|range| &shown[range.clone()]).collect();
                mode.matches(&found, wanted) != *negated
            }
        }
    }
}

impl Compare {
    /// A number that is not defined is neither above nor below another.
    fn numbers(self, value: u64, wanted: u64) -> bool {
        let reserved = |number: u64| number >= UNDEFINED - 1;
        match self {
            Self::Equal => value == wanted,
            Self::NotEqual => value != wanted,
            _ if reserved(value) || reserved(wanted) => false,
            Self::Less => value < wanted,
            Self::LessOrEqual => value <= wanted,
            Self::Greater => value > wanted,
            Self::GreaterOrEqual => value >= wanted,
        }
    }

    fn times(self, value: u64, start: u64, end: u64) -> bool {
        match self {
            Self::Equal => (start..end).contains(&value),
            Self::NotEqual => !(start..end).contains(&value),
            Self::Less => value < start,
            Self::LessOrEqual => value < end,
            Self::Greater => value >= end,
            Self::GreaterOrEqual => value >= start,
        }
    }
}

impl ListMode {
    fn matches(self, found: &[&str], wanted: &[String]) -> bool {
        let has = |item: &String| found.contains(&item.as_str());
        match self {
            _ if wanted.is_empty() => found.is_empty(),
            Self::Exactly => found.len() == wanted.len() && wanted.iter().all(has),
            Self::All => wanted.iter().all(has),
            Self::Any => wanted.iter().any(has),
        }
    }
}
