//! The grammar of selections.

use super::value::{Input, parse_test};
use super::{Compare, Expression, SelectError};
use crate::report::Type;
use crate::report::columns::find_field;
use crate::report::field::Field;
use crate::report::options::{Kind, Options};
use std_alloc::borrow::ToOwned;
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// How deep parentheses may nest.
const DEPTH_MAX: u32 = 100;

/// An operator between a field and a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    Match {
        negated: bool,
    },
    Compare(Compare),
    /// The same in words, of times only.
    Time(Compare),
}

/// Longer operators come before those they begin with.
const OPERATORS: [(&str, Operator); 12] = [
    ("=~", Operator::Match { negated: false }),
    ("!~", Operator::Match { negated: true }),
    ("!=", Operator::Compare(Compare::NotEqual)),
    (">=", Operator::Compare(Compare::GreaterOrEqual)),
    ("<=", Operator::Compare(Compare::LessOrEqual)),
    ("=", Operator::Compare(Compare::Equal)),
    (">", Operator::Compare(Compare::Greater)),
    ("<", Operator::Compare(Compare::Less)),
    ("since", Operator::Time(Compare::GreaterOrEqual)),
    ("after", Operator::Time(Compare::Greater)),
    ("until", Operator::Time(Compare::LessOrEqual)),
    ("before", Operator::Time(Compare::Less)),
];

pub(super) fn parse(kind: Kind, text: &str, options: &Options) -> Result<Expression, SelectError> {
    let mut parser = Parser { kind, options, rest: text, depth: 0 };
    let root = parser.any()?;
    parser.skip_blanks();
    if parser.rest.is_empty() {
        Ok(root)
    } else {
        Err(syntax("Expecting logical operator", parser.rest))
    }
}

fn syntax(what: impl Into<String>, rest: &str) -> SelectError {
    SelectError::Syntax { what: what.into(), rest: rest.to_owned(), list_fields: false }
}

struct Parser<'t, 'o> {
    kind: Kind,
    options: &'o Options,
    rest: &'t str,
    depth: u32,
}

impl Parser<'_, '_> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
    }

    fn take_one_of(&mut self, tokens: [&str; 2]) -> bool {
        self.skip_blanks();
        for token in tokens {
            if let Some(rest) = self.rest.strip_prefix(token) {
                self.rest = rest;
                return true;
            }
        }
        false
    }

    fn any(&mut self) -> Result<Expression, SelectError> {
        let mut parts = std_alloc::vec![self.all()?];
        while self.take_one_of(["||", "#"]) {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, SelectError> {
        let mut parts = std_alloc::vec![self.one()?];
        while self.take_one_of(["&&", ","]) {
            parts.push(self.one()?);
        }
        Ok(one_or(parts, Expression::All))
    }

    fn one(&mut self) -> Result<Expression, SelectError> {
        self.skip_blanks();
        let negated = self.rest.starts_with('!');
        if negated {
            self.rest = &self.rest[1..];
            if !self.rest.trim_start_matches(' ').starts_with('(') {
                let rest = self.rest.to_owned();
                return Err(SelectError::Parenthesis { side: "left", rest });
            }
            self.skip_blanks();
        }
        let Some(rest) = self.rest.strip_prefix('(') else {
            return self.condition();
        };
        self.rest = rest;
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(SelectError::Nesting);
        }
        let inner = self.any()?;
        self.depth -= 1;
        self.skip_blanks();
        let Some(rest) = self.rest.strip_prefix(')') else {
            return Err(SelectError::Parenthesis { side: "right", rest: self.rest.to_owned() });
        };
        self.rest = rest;
        Ok(if negated { Expression::Not(Box::new(inner)) } else { inner })
    }

    fn condition(&mut self) -> Result<Expression, SelectError> {
        let start = self.rest;
        let (field, operator) = self.field_and_operator()?;
        let is_time = field.info().kind == Type::Time;
        match operator {
            Operator::Time(_) if !is_time => {
                let what = format!("Operator can be used only with time fields: {start}");
                return Err(syntax(what, start));
            }
            Operator::Compare(compare)
                if !field.info().kind.is_numeric()
                    && !matches!(compare, Compare::Equal | Compare::NotEqual) =>
            {
                let what = format!(
                    "Operator can be used only with number, size, time or percent fields: {start}"
                );
                return Err(syntax(what, start));
            }
            _ => {}
        }
        self.skip_blanks();
        let mut input = Input { rest: self.rest, start, field, options: self.options };
        let test = parse_test(&mut input, operator)?;
        self.rest = input.rest;
        Ok(Expression::Field { field, test })
    }

    fn field_and_operator(&mut self) -> Result<(Field, Operator), SelectError> {
        let start = self.rest;
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '?');
        let end = start.find(|c| !is_name(c)).unwrap_or(start.len());
        let name = &start[..end];
        if name.is_empty() {
            return Err(syntax("Expecting field name", start));
        }
        if name == "help" || name == "?" {
            return Err(SelectError::Help);
        }
        let Some(field) = find_field(self.kind, name) else {
            return Err(SelectError::Syntax {
                what: format!("Unrecognised selection field: {name}"),
                rest: start.to_owned(),
                list_fields: true,
            });
        };
        let behind_name = &start[end..];
        self.rest = behind_name;
        self.skip_blanks();
        for (word, operator) in OPERATORS {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Ok((field, operator));
            }
        }
        let what = format!("Unrecognised comparison operator: {behind_name}");
        Err(syntax(what, start))
    }
}

fn one_or(mut parts: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            many(parts)
        }
    }
}
