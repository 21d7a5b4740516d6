//! One value of a report on its way into the shared buffer.

use crate::id::Uuid;
use crate::report::options::Options;
use crate::size::units::{Suffix, write_number, write_size};
use crate::time::write_time;
use crate::units::{Bytes, Sectors};
use core::ops::Range;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What a value is compared by, in sorting and in selections.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Key {
    /// The text as it is shown.
    Shown,
    /// The text without the brackets around it.
    Bracketed,
    /// The text without its first character.
    Dashed,
    /// A number; [`UNDEFINED`] if there is none.
    Number(u64),
}

/// The number of values that have none: it sorts behind all others.
pub(super) const UNDEFINED: u64 = u64::MAX;

/// Writes one value: its text to the end of the buffer, and what it is compared by.
pub(super) struct Cell<'a> {
    /// Where all values of the report go.
    pub(super) text: &'a mut String,
    /// What the value is compared by.
    pub(super) key: Key,
    /// Of lists, where the items are in `text`.
    pub(super) items: &'a mut Vec<Range<usize>>,
    options: &'a Options,
}

impl<'a> Cell<'a> {
    pub(super) fn new(
        text: &'a mut String,
        items: &'a mut Vec<Range<usize>>,
        options: &'a Options,
    ) -> Self {
        items.clear();
        Self { text, key: Key::Shown, items, options }
    }

    pub(super) fn options(&self) -> &'a Options {
        self.options
    }

    pub(super) fn str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn uuid(&mut self, id: Uuid) {
        let text = id.to_hyphenated();
        self.str(core::str::from_utf8(&text).expect("a UUID is ASCII by construction"));
    }

    pub(super) fn number(&mut self, number: u64) {
        write_number(self.text, number);
        self.key = Key::Number(number);
    }

    /// No number, shown as nothing.
    pub(super) fn no_number(&mut self) {
        self.key = Key::Number(UNDEFINED);
    }

    /// No number, shown as -1.
    pub(super) fn minus_one(&mut self) {
        self.str("-1");
        self.key = Key::Number(UNDEFINED);
    }

    pub(super) fn number_or_none(&mut self, number: Option<u64>) {
        match number {
            Some(number) => self.number(number),
            None => self.no_number(),
        }
    }

    pub(super) fn number_or_minus_one(&mut self, number: Option<u64>) {
        match number {
            Some(number) => self.number(number),
            None => self.minus_one(),
        }
    }

    pub(super) fn bytes(&mut self, size: Bytes) {
        let suffix = if self.options.suffix { Suffix::Short } else { Suffix::None };
        write_size(self.text, size, self.options.units, suffix);
        // Sizes are compared in sectors, as LVM2 keeps them.
        self.key = Key::Number(size.to_sectors_floor().get());
    }

    pub(super) fn size(&mut self, size: Sectors) {
        match size.checked_to_bytes() {
            Some(bytes) => self.bytes(bytes),
            None => self.bytes(Bytes::new(u64::MAX)),
        }
        self.key = Key::Number(size.get());
    }

    pub(super) fn size_or_none(&mut self, size: Option<Sectors>) {
        match size {
            Some(size) => self.size(size),
            None => self.no_number(),
        }
    }

    /// A yes or no: a word or nothing, 1 or 0 with `--binary`.
    pub(super) fn flag(&mut self, value: bool, word: &str) {
        match (self.options.binary, value) {
            (true, true) => self.str("1"),
            (true, false) => self.str("0"),
            (false, true) => self.str(word),
            (false, false) => {}
        }
        self.key = Key::Number(u64::from(value));
    }

    /// Neither yes nor no.
    pub(super) fn unknown_flag(&mut self) {
        self.str(if self.options.binary { "-1" } else { "unknown" });
        self.key = Key::Number(UNDEFINED);
    }

    pub(super) fn time(&mut self, seconds: Option<u64>) {
        match seconds {
            Some(seconds) => {
                let (format, zone) = (&self.options.time_format, &self.options.time_zone);
                write_time(self.text, seconds, format, zone);
                self.key = Key::Number(seconds);
            }
            None => self.key = Key::Number(0),
        }
    }

    /// A name, in brackets if it is that of a hidden LV.
    pub(super) fn name(&mut self, name: &str, hidden: bool) {
        if hidden && self.options.mark_hidden {
            self.str("[");
            self.str(name);
            self.str("]");
            self.key = Key::Bracketed;
        } else {
            self.str(name);
        }
    }

    /// Begins an item of a list: what is written from here on is part of it.
    pub(super) fn begin_item(&mut self) {
        if !self.items.is_empty() {
            self.text.push_str(&self.options.list_separator);
        }
        self.items.push(self.text.len()..self.text.len());
    }

    /// Begins an item of a list that is always separated by this.
    pub(super) fn begin_item_after(&mut self, separator: &str) {
        if !self.items.is_empty() {
            self.text.push_str(separator);
        }
        self.items.push(self.text.len()..self.text.len());
    }

    pub(super) fn end_item(&mut self) {
        let end = self.text.len();
        self.items.last_mut().expect("an item was begun").end = end;
    }

    pub(super) fn item(&mut self, text: &str) {
        self.begin_item();
        self.str(text);
        self.end_item();
    }

    /// A list in the order of its items' bytes.
    pub(super) fn sorted<'t>(&mut self, items: impl Iterator<Item = &'t str>) {
        let mut items: Vec<&str> = items.collect();
        items.sort_unstable();
        for item in items {
            self.item(item);
        }
    }
}
