//! The tree of sections and values.

use super::lexer::{Lexer, Token};
use super::{DEPTH_MAX, TextError, TextFault};
use std_alloc::borrow::{Cow, ToOwned};
use std_alloc::collections::BTreeMap;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// A section's entries in the order of the text.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Section<'a> {
    /// The entries; [`parse`] keeps those with the same key apart.
    pub entries: Vec<Entry<'a>>,
}

/// A key and what stands behind it.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry<'a> {
    /// The key, never with a `/`.
    pub key: Cow<'a, str>,
    /// Where the key stands, in bytes from the start of the text.
    pub at: u32,
    /// Value or section.
    pub item: Item<'a>,
}

/// What a key stands for.
#[derive(Clone, PartialEq, Debug)]
pub enum Item<'a> {
    /// A value.
    Value(Value<'a>),
    /// A section.
    Section(Section<'a>),
}

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub enum Value<'a> {
    /// An integer.
    Int(i64),
    /// A number with a point.
    Float(f64),
    /// A string, or a bare word.
    Text(Cow<'a, str>),
    /// A list; its items are no lists.
    List(Vec<Value<'a>>),
}

/// Parses a whole text.
///
/// # Errors
/// Where the text breaks the grammar first.
pub fn parse(text: &[u8]) -> Result<Section<'_>, TextError> {
    let mut lexer = Lexer::new(text, 0)?;
    let mut entries = Vec::new();
    while let Some(entry) = parse_entry(&mut lexer, 0)? {
        entries.push(entry);
    }
    Ok(Section { entries })
}

/// Sections that are open while an entry is parsed, outermost first.
struct Open<'a> {
    key: Cow<'a, str>,
    at: u32,
    /// Its first entry among those that are done.
    first: usize,
    /// Whether a `}` closes it; the sections that `/` in a key stands for close with it.
    braced: bool,
}

/// What is being parsed.
#[derive(Default)]
struct Stack<'a> {
    open: Vec<Open<'a>>,
    /// Entries of all open sections, those of the innermost last.
    done: Vec<Entry<'a>>,
}

impl<'a> Stack<'a> {
    fn open(&mut self, key: Cow<'a, str>, at: u32, braced: bool) {
        self.open.push(Open { key, at, first: self.done.len(), braced });
    }

    fn close(&mut self) {
        let closed = self.open.pop().expect("a section is open");
        let entries = self.done.drain(closed.first..).collect();
        self.done.push(Entry {
            key: closed.key,
            at: closed.at,
            item: Item::Section(Section { entries }),
        });
    }
}

/// Parses the next entry with all that is in it, `depth` sections down; `None` at the end of the
/// text.
///
/// # Errors
/// Where the text breaks the grammar first.
pub fn parse_entry<'a>(
    lexer: &mut Lexer<'a>,
    depth: usize,
) -> Result<Option<Entry<'a>>, TextError> {
    let mut stack = Stack::default();
    loop {
        let is_done = match lexer.next(false)? {
            Token::End if stack.open.is_empty() => return Ok(None),
            Token::Word(key) | Token::Quoted(key) => parse_item(lexer, key, depth, &mut stack)?,
            Token::Close if !stack.open.is_empty() => {
                stack.close();
                true
            }
            _ => return Err(lexer.fault(TextFault::UnexpectedToken)),
        };
        // Sections that were opened by a path have one entry.
        while is_done && stack.open.last().is_some_and(|open| !open.braced) {
            stack.close();
        }
        if stack.open.is_empty() {
            return Ok(stack.done.pop());
        }
    }
}

/// Parses what stands behind a key: a value makes an entry, a `{` opens a section. Returns whether
/// an entry is done.
fn parse_item<'a>(
    lexer: &mut Lexer<'a>,
    key: Cow<'a, str>,
    depth: usize,
    stack: &mut Stack<'a>,
) -> Result<bool, TextError> {
    let at = u32::try_from(lexer.token_start()).expect("texts are shorter than 4 GiB");
    let key = open_path(lexer, key, at, depth, stack)?;
    match lexer.next(false)? {
        Token::Open => {
            stack.open(key, at, true);
            check_depth(lexer, depth, stack)?;
            Ok(false)
        }
        Token::Equals => {
            let item = Item::Value(parse_value(lexer)?);
            stack.done.push(Entry { key, at, item });
            Ok(true)
        }
        _ => Err(lexer.fault(TextFault::UnexpectedToken)),
    }
}

fn check_depth(lexer: &Lexer<'_>, depth: usize, stack: &Stack<'_>) -> Result<(), TextError> {
    if depth + stack.open.len() > DEPTH_MAX {
        return Err(lexer.fault(TextFault::Depth));
    }
    Ok(())
}

/// Opens the sections that a key `a/b/c` names and returns the last part. Empty parts but the last
/// are passed over, as LVM2 does.
fn open_path<'a>(
    lexer: &Lexer<'a>,
    key: Cow<'a, str>,
    at: u32,
    depth: usize,
    stack: &mut Stack<'a>,
) -> Result<Cow<'a, str>, TextError> {
    if memchr::memchr(b'/', key.as_bytes()).is_none() {
        return Ok(key);
    }
    let mut parts = key.split('/');
    let last = parts.next_back().unwrap_or_default();
    for part in parts.filter(|part| !part.is_empty()) {
        stack.open(Cow::Owned(part.to_owned()), at, false);
        check_depth(lexer, depth, stack)?;
    }
    Ok(Cow::Owned(last.to_owned()))
}

fn parse_value<'a>(lexer: &mut Lexer<'a>) -> Result<Value<'a>, TextError> {
    match lexer.next(true)? {
        Token::Integer(number) => Ok(Value::Int(number)),
        Token::Float(number) => Ok(Value::Float(number)),
        Token::Quoted(text) | Token::Word(text) => Ok(Value::Text(text)),
        Token::ListOpen => parse_list(lexer),
        _ => Err(lexer.fault(TextFault::ExpectedValue)),
    }
}

/// Commas between items may be missing, but there are not two in a row.
fn parse_list<'a>(lexer: &mut Lexer<'a>) -> Result<Value<'a>, TextError> {
    let mut items = Vec::new();
    let mut comma_allowed = false;
    loop {
        let item = match lexer.next(true)? {
            Token::ListClose => return Ok(Value::List(items)),
            Token::Comma if comma_allowed => {
                comma_allowed = false;
                continue;
            }
            Token::Integer(number) => Value::Int(number),
            Token::Float(number) => Value::Float(number),
            Token::Quoted(text) => Value::Text(text),
            _ => return Err(lexer.fault(TextFault::ExpectedValue)),
        };
        items.push(item);
        comma_allowed = true;
    }
}

impl<'a> Section<'a> {
    /// Finds what a key stands for; the last of several.
    pub fn get(&self, key: &str) -> Option<&Item<'a>> {
        let found = self.entries.iter().rev().find(|entry| entry.key == key);
        found.map(|entry| &entry.item)
    }

    /// Finds a value by its path, `section/key`.
    pub fn find(&self, path: &str) -> Option<&Value<'a>> {
        let (sections, key) = match path.rsplit_once('/') {
            Some((sections, key)) => (Some(sections), key),
            None => (None, path),
        };
        let parts = sections.into_iter().flat_map(|sections| sections.split('/'));
        let mut section = self;
        for part in parts.filter(|part| !part.is_empty()) {
            match section.get(part)? {
                Item::Section(inner) => section = inner,
                Item::Value(_) => return None,
            }
        }
        match section.get(key)? {
            Item::Value(value) => Some(value),
            Item::Section(_) => None,
        }
    }

    /// Applies the rules for configuration: of several values the last counts, sections of one name
    /// are one. Returns the keys of values that were dropped, with their places.
    pub fn merge_duplicates(&mut self) -> Vec<(String, u32)> {
        let mut dropped = Vec::new();
        self.merge_into(&mut dropped);
        dropped
    }

    fn merge_into(&mut self, dropped: &mut Vec<(String, u32)>) {
        let mut places: BTreeMap<Cow<'a, str>, usize> = BTreeMap::new();
        let mut merged: Vec<Entry<'a>> = Vec::with_capacity(self.entries.len());
        for entry in core::mem::take(&mut self.entries) {
            let place = *places.entry(entry.key.clone()).or_insert(merged.len());
            match merged.get_mut(place) {
                None => merged.push(entry),
                Some(before) => match (&mut before.item, entry.item) {
                    (Item::Section(before), Item::Section(mut more)) => {
                        before.entries.append(&mut more.entries);
                    }
                    (old, new) => {
                        dropped.push((entry.key.into_owned(), entry.at));
                        *old = new;
                    }
                },
            }
        }
        for entry in &mut merged {
            if let Item::Section(inner) = &mut entry.item {
                inner.merge_into(dropped);
            }
        }
        self.entries = merged;
    }

    /// Cuts the ties to the text.
    pub fn into_owned(self) -> Section<'static> {
        let owned = |entry: Entry<'a>| Entry {
            key: Cow::Owned(entry.key.into_owned()),
            at: entry.at,
            item: match entry.item {
                Item::Value(value) => Item::Value(value.into_owned()),
                Item::Section(section) => Item::Section(section.into_owned()),
            },
        };
        Section { entries: self.entries.into_iter().map(owned).collect() }
    }
}

impl<'a> Value<'a> {
    /// Cuts the ties to the text.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Int(number) => Value::Int(number),
            Self::Float(number) => Value::Float(number),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::List(items) => Value::List(items.into_iter().map(Value::into_owned).collect()),
        }
    }

    /// Returns the integer, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Float(_) | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// Returns the text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Int(_) | Self::Float(_) | Self::List(_) => None,
        }
    }

    /// Returns the items of a list; any other value is a list of one.
    pub fn items(&self) -> &[Value<'a>] {
        match self {
            Self::List(items) => items,
            single => core::slice::from_ref(single),
        }
    }
}
