//! Taking keys out of a section, with the place for errors.

use super::{ReadError, ReadFault};
use crate::format::text::{Entry, Item, Position, Section, Value};
use crate::id::Uuid;
use crate::name::{LvName, Tag};
use crate::units::{Bytes, Extents, Sectors};
use core::fmt;
use std_alloc::borrow::ToOwned;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec;
use std_alloc::vec::Vec;

/// How many unknown things are noted; one is enough to keep a VG from being changed.
const UNKNOWN_MAX: usize = 64;

/// A section's place among the sections around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) parent: Option<&'p Place<'p>>,
    pub(super) key: &'p str,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{parent}/")?;
        }
        f.write_str(self.key)
    }
}

/// What is the same for the whole text.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) text: &'a [u8],
    pub(super) unknown: Vec<String>,
}

impl Context<'_> {
    pub(super) fn note(&mut self, place: Place<'_>, what: &str) {
        if self.unknown.len() < UNKNOWN_MAX {
            self.unknown.push(format!("{place}: {what}"));
        }
    }

    pub(super) fn error(&self, place: Place<'_>, at: u32, fault: ReadFault) -> ReadError {
        let offset = usize::try_from(at).expect("an offset into a text in memory");
        ReadError { path: place.to_string(), at: Position::of(self.text, offset), fault }
    }
}

/// The entries of a section, of which some have been taken.
#[derive(Debug)]
pub(super) struct Fields<'s, 'a> {
    section: &'s Section<'a>,
    at: u32,
    place: Place<'s>,
    taken: Vec<bool>,
    /// Where the next key is expected: texts mostly have our order.
    next: usize,
}

impl<'s, 'a> Fields<'s, 'a> {
    pub(super) fn new(section: &'s Section<'a>, at: u32, place: Place<'s>) -> Self {
        Self { section, at, place, taken: vec![false; section.entries.len()], next: 0 }
    }

    pub(super) fn place(&self) -> Place<'s> {
        self.place
    }

    pub(super) fn error(&self, context: &Context<'_>, key: &str, fault: ReadFault) -> ReadError {
        let entry = self.section.entries.iter().find(|entry| entry.key == key);
        let place = Place { parent: Some(&self.place), key };
        context.error(place, entry.map_or(self.at, |entry| entry.at), fault)
    }

    /// Takes the first entry with this key.
    pub(super) fn take(&mut self, key: &str) -> Option<&'s Entry<'a>> {
        let entries = &self.section.entries;
        let matches = |(_, entry): &(usize, &Entry<'_>)| entry.key == key;
        let ahead = entries.iter().enumerate().skip(self.next).find(matches);
        let found = ahead.or_else(|| entries.iter().enumerate().take(self.next).find(matches));
        let (place, entry) = found?;
        self.taken[place] = true;
        self.next = place + 1;
        Some(entry)
    }

    pub(super) fn take_value(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Option<&'s Value<'a>>, ReadError> {
        match self.take(key).map(|entry| &entry.item) {
            None => Ok(None),
            Some(Item::Value(value)) => Ok(Some(value)),
            Some(Item::Section(_)) => Err(self.error(context, key, ReadFault::Type("value"))),
        }
    }

    pub(super) fn take_section(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Option<(&'s Section<'a>, u32)>, ReadError> {
        match self.take(key).map(|entry| (&entry.item, entry.at)) {
            None => Ok(None),
            Some((Item::Section(section), at)) => Ok(Some((section, at))),
            Some((Item::Value(_), _)) => Err(self.error(context, key, ReadFault::Type("section"))),
        }
    }

    pub(super) fn need<T>(
        &self,
        context: &Context<'_>,
        key: &str,
        value: Option<T>,
    ) -> Result<T, ReadError> {
        value.ok_or_else(|| self.error(context, key, ReadFault::Missing))
    }

    pub(super) fn int(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Option<i64>, ReadError> {
        match self.take_value(context, key)? {
            None => Ok(None),
            Some(Value::Int(number)) => Ok(Some(*number)),
            Some(_) => Err(self.error(context, key, ReadFault::Type("integer"))),
        }
    }

    /// Takes a number that fits `T`.
    pub(super) fn number<T: TryFrom<i64>>(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Option<T>, ReadError> {
        let Some(number) = self.int(context, key)? else {
            return Ok(None);
        };
        let fits = T::try_from(number).map(Some);
        fits.map_err(|_| self.error(context, key, ReadFault::Range(number)))
    }

    /// Takes a length whose number of bytes fits 64 bits.
    pub(super) fn sectors(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Option<Sectors>, ReadError> {
        let Some(count) = self.number::<u64>(context, key)?.map(Sectors::new) else {
            return Ok(None);
        };
        match count.checked_to_bytes() {
            Some(_) => Ok(Some(count)),
            None => Err(self.error(context, key, ReadFault::Size)),
        }
    }

    /// Takes a number of extents, of at most 32 bits.
    pub(super) fn extents(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Option<Extents>, ReadError> {
        let count = self.number::<u32>(context, key)?;
        Ok(count.map(|count| Extents::new(u64::from(count))))
    }

    pub(super) fn text(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Option<&'s str>, ReadError> {
        match self.take_value(context, key)? {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.error(context, key, ReadFault::Type("string"))),
        }
    }

    pub(super) fn string(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Option<String>, ReadError> {
        Ok(self.text(context, key)?.map(ToOwned::to_owned))
    }

    pub(super) fn need_text(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<&'s str, ReadError> {
        let text = self.text(context, key)?;
        self.need(context, key, text)
    }

    pub(super) fn uuid(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Option<Uuid>, ReadError> {
        let Some(text) = self.text(context, key)? else {
            return Ok(None);
        };
        let id = text.parse().map(Some);
        id.map_err(|fault| self.error(context, key, ReadFault::Uuid(fault)))
    }

    pub(super) fn lv_name(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Option<LvName>, ReadError> {
        let Some(text) = self.text(context, key)? else {
            return Ok(None);
        };
        self.to_lv_name(context, key, text).map(Some)
    }

    pub(super) fn need_lv_name(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<LvName, ReadError> {
        let name = self.lv_name(context, key)?;
        self.need(context, key, name)
    }

    pub(super) fn to_lv_name(
        &self,
        context: &Context<'_>,
        key: &str,
        text: &str,
    ) -> Result<LvName, ReadError> {
        LvName::new(text).map_err(|fault| self.error(context, key, ReadFault::Name(fault)))
    }

    /// Takes a list of strings; none if the key is absent.
    pub(super) fn strings(
        &mut self,
        context: &Context<'_>,
        key: &str,
    ) -> Result<Vec<&'s str>, ReadError> {
        let Some(value) = self.take_value(context, key)? else {
            return Ok(Vec::new());
        };
        let texts = value.items().iter().map(Value::as_text).collect();
        self_type(texts, || self.error(context, key, ReadFault::Type("list of strings")))
    }

    pub(super) fn tags(&mut self, context: &Context<'_>) -> Result<Vec<Tag>, ReadError> {
        let texts = self.strings(context, "tags")?;
        let tags: Result<Vec<Tag>, _> = texts.into_iter().map(Tag::new).collect();
        tags.map_err(|fault| self.error(context, "tags", ReadFault::Tag(fault)))
    }

    /// Takes a word and translates it.
    pub(super) fn word<T>(
        &mut self,
        context: &Context<'_>,
        key: &str,
        translate: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        let Some(word) = self.text(context, key)? else {
            return Ok(None);
        };
        match translate(word) {
            Some(value) => Ok(Some(value)),
            None => Err(self.error(context, key, ReadFault::Word(word.to_owned()))),
        }
    }

    /// Returns the entries that nobody took, and takes them.
    pub(super) fn take_rest(&mut self) -> impl Iterator<Item = &'s Entry<'a>> + use<'s, 'a> {
        let before = core::mem::take(&mut self.taken);
        self.taken = vec![true; before.len()];
        let entries = self.section.entries.iter().zip(before);
        entries.filter_map(|(entry, taken)| (!taken).then_some(entry))
    }

    /// Checks that no taken key is there twice, and notes those that nobody took.
    pub(super) fn finish(self, context: &mut Context<'_>) -> Result<(), ReadError> {
        let entries = self.section.entries.iter().zip(&self.taken);
        for (entry, _) in entries.clone().filter(|(_, taken)| !**taken) {
            let mut taken = entries.clone().filter(|(_, taken)| **taken);
            let place = Place { parent: Some(&self.place), key: &entry.key };
            if taken.any(|(other, _)| other.key == entry.key) {
                return Err(context.error(place, entry.at, ReadFault::Duplicate));
            }
            context.note(place, "key is not known");
            if context.unknown.len() >= UNKNOWN_MAX {
                break;
            }
        }
        Ok(())
    }
}

fn self_type<T>(value: Option<T>, error: impl FnOnce() -> ReadError) -> Result<T, ReadError> {
    value.ok_or_else(error)
}

/// Returns true if a start and a length in sectors, taken together, count less than 2^64 bytes.
pub(super) fn fits(start: Sectors, length: Option<Sectors>) -> bool {
    let end = length.and_then(|length| start.checked_add(length));
    end.and_then(Sectors::checked_to_bytes).is_some_and(|end: Bytes| end.get() < u64::MAX)
}
