//! The texts that the headers point to: which are read, from where, and what becomes of bad copies.
//!
//! Copies with one size and checksum are one text. What is known of a text grows: its summary from
//! its first bytes; whether a copy's bytes have the checksum; its meaning. Nothing but a verified
//! copy of the newest text becomes a volume group.

use super::areas::{complain_of_text, warning};
use super::{AreaRef, Needs, Verify, VgScope};
use crate::codec::read::{Summary, read, summary};
use crate::crc::crc;
use crate::format::mda::{MdaHeader, RawLocation};
use crate::id::Uuid;
use crate::model::vg::{Provenance, Vg};
use crate::ops::Message;
use crate::ops::system::{Device, IoError, LabelState, MdaState, Rival};
use crate::units::Bytes;
use core::mem;
use std_alloc::boxed::Box;
use std_alloc::collections::BTreeMap;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// How much of a text is read to see whose it is: the name, the identity and the seqno stand first.
const SUMMARY_SIZE: u64 = 512;
/// Up to this size a text is read as a whole at once: a second read would take longer.
const SHORT_TEXT: u64 = 16 << 10;
/// From this size on the end of a text is looked at before memory is asked for all of it: a header
/// may claim what it likes.
const LONG_TEXT: u64 = 16 << 20;
/// How much of the end: the closing NUL, and a byte of text.
const END_SIZE: u64 = 2;

/// What makes two copies the same text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct TextKey {
    pub(super) size: u64,
    pub(super) checksum: u32,
}

/// A read that is wanted of a copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Wanted {
    key: TextKey,
    pub(super) area: AreaRef,
    full: bool,
    /// Runs of bytes on the device in logical order.
    pub(super) pieces: Vec<(Bytes, Bytes)>,
}

#[derive(Clone, Debug)]
struct Copy {
    area: AreaRef,
    location: RawLocation,
    pieces: Vec<(Bytes, Bytes)>,
    /// All of it, if that was read for its summary.
    whole: Option<Arc<[u8]>>,
    verified: bool,
    bad: Option<Bad>,
}

#[derive(Clone, Debug)]
enum Bad {
    Unreadable(IoError),
    /// Its bytes are not those that the header tells of.
    Checksum,
    /// It does not begin as a text of a VG does.
    Text(String),
}

#[derive(Clone, Debug, Default)]
struct Text {
    copies: Vec<Copy>,
    summary: Option<Summary>,
    parsed: Option<Box<Parsed>>,
    /// Why intact bytes have no meaning for us.
    senseless: Option<String>,
}

/// A text that was understood.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    pub(super) vg: Vg,
    pub(super) provenance: Provenance,
    pub(super) text: Arc<[u8]>,
}

/// A volume group, and all intact texts that carry its identity.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) parsed: Box<Parsed>,
    pub(super) copies: Copies,
    /// Other texts that are as new.
    pub(super) rivals: BTreeMap<TextKey, Box<Rival>>,
}

/// Where the texts of a VG are.
#[derive(Clone, Debug)]
pub(super) struct Copies {
    /// The text that was chosen.
    pub(super) key: TextKey,
    /// All of them, the oldest first: seqno and the areas that hold it.
    pub(super) texts: Vec<(TextKey, u32, Vec<AreaRef>)>,
}

#[derive(Clone, Debug)]
pub(super) struct Texts {
    scope: VgScope,
    verify: Verify,
    by_key: BTreeMap<TextKey, Text>,
}

impl Text {
    fn good(&self) -> impl Iterator<Item = &Copy> {
        self.copies.iter().filter(|copy| copy.bad.is_none())
    }

    fn first_area(&self) -> Option<AreaRef> {
        self.good().map(|copy| copy.area).min()
    }

    fn is_usable(&self) -> bool {
        self.senseless.is_none() && self.good().next().is_some()
    }
}

impl Texts {
    pub(super) fn new(needs: Needs) -> Self {
        Self { scope: needs.vgs, verify: needs.verify, by_key: BTreeMap::new() }
    }

    /// Notes that a header points to a text; its location has been found sane.
    pub(super) fn note(&mut self, area: AreaRef, header: &MdaHeader) {
        let location = header.committed;
        let key = TextKey { size: location.size.get(), checksum: location.checksum };
        let pieces = location.pieces(header.size);
        let pieces = pieces.expect("headers with insane locations are not noted");
        let text = self.by_key.entry(key).or_default();
        text.copies.push(Copy {
            area,
            location,
            pieces: pieces.iter().map(|piece| (header.start + piece.offset, piece.size)).collect(),
            whole: None,
            verified: false,
            bad: None,
        });
    }

    /// Returns what is to be read next; nothing if all is known that is needed. What was read
    /// already is taken.
    pub(super) fn wanted(
        &mut self,
        devices: &[Device],
        messages: &mut Vec<Message>,
    ) -> Vec<Wanted> {
        loop {
            let mut wanted = self.wanted_next();
            let count = wanted.len();
            wanted.retain(|one| {
                let whole = self.copy(one).whole.take();
                let is_new = whole.is_none();
                if let Some(bytes) = whole {
                    self.take(one, Ok(bytes), devices, messages);
                }
                is_new
            });
            if wanted.len() == count || !wanted.is_empty() {
                return wanted;
            }
        }
    }

    fn wanted_next(&self) -> Vec<Wanted> {
        let summaries = self.by_key.iter().filter(|(_, text)| text.summary.is_none());
        let summaries = summaries.filter_map(|(key, text)| {
            let copy = text.good().next()?;
            let pieces = summary_pieces(copy)?;
            Some(Wanted { key: *key, area: copy.area, full: false, pieces })
        });
        let summaries: Vec<Wanted> = summaries.collect();
        if summaries.is_empty() { self.wanted_in_full() } else { summaries }
    }

    fn wanted_in_full(&self) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        for keys in self.by_vg().into_values() {
            let newest = self.newest(&keys);
            let Some(first) = newest.first() else {
                continue;
            };
            if !self.is_in_scope(first) {
                continue;
            }
            let disputed = keys.len() > 1 && self.verify == Verify::Disputed;
            let all = disputed || self.verify == Verify::All;
            let keys = if self.verify == Verify::All { &keys } else { &newest };
            for key in keys {
                self.want_copies(key, all, &mut wanted);
            }
        }
        wanted
    }

    /// Wants one copy of a text that has not been read, or all copies that have not.
    fn want_copies(&self, key: &TextKey, all: bool, wanted: &mut Vec<Wanted>) {
        let text = &self.by_key[key];
        if !all && (text.parsed.is_some() || text.senseless.is_some()) {
            return;
        }
        let copies = text.good().filter(|copy| !copy.verified);
        let copies = copies.take(if all { usize::MAX } else { 1 });
        wanted.extend(copies.map(|copy| Wanted {
            key: *key,
            area: copy.area,
            full: true,
            pieces: copy.pieces.clone(),
        }));
    }

    fn is_in_scope(&self, key: &TextKey) -> bool {
        let summary = self.by_key[key].summary.as_ref();
        match &self.scope {
            VgScope::None => false,
            VgScope::All => true,
            VgScope::Named(names) => summary.is_some_and(|summary| names.contains(&summary.name)),
        }
    }

    /// The texts of each VG that have a summary and a copy not known to be bad.
    fn by_vg(&self) -> BTreeMap<Uuid, Vec<TextKey>> {
        let mut vgs: BTreeMap<Uuid, Vec<TextKey>> = BTreeMap::new();
        for (key, text) in &self.by_key {
            if let (Some(summary), true) = (&text.summary, text.good().next().is_some()) {
                vgs.entry(summary.id).or_default().push(*key);
            }
        }
        vgs
    }

    /// Of the texts of a VG those usable ones with the highest seqno, the one scanned first in
    /// front.
    fn newest(&self, keys: &[TextKey]) -> Vec<TextKey> {
        let usable = keys.iter().filter(|key| self.by_key[key].is_usable());
        let usable: Vec<TextKey> = usable.copied().collect();
        let newest = usable.iter().map(|key| self.seqno(key)).max();
        let mut newest: Vec<TextKey> =
            usable.into_iter().filter(|key| Some(self.seqno(key)) == newest).collect();
        newest.sort_by_key(|key| self.by_key[key].first_area());
        newest
    }

    fn seqno(&self, key: &TextKey) -> u32 {
        let summary = self.by_key[key].summary.as_ref();
        summary.map_or(0, |summary| summary.seqno)
    }

    /// Takes what was read of a copy.
    pub(super) fn take(
        &mut self,
        wanted: &Wanted,
        bytes: Result<Arc<[u8]>, IoError>,
        devices: &[Device],
        messages: &mut Vec<Message>,
    ) {
        let text = self.by_key.get_mut(&wanted.key);
        let text = text.expect("what is wanted is known");
        let copy = text.copies.iter_mut().find(|copy| copy.area == wanted.area);
        let copy = copy.expect("what is wanted is known");
        let bad = match bytes {
            Err(error) => Some(Bad::Unreadable(error)),
            Ok(bytes) if wanted.full => {
                if bytes.len() as u64 == wanted.key.size && crc(&bytes) == wanted.key.checksum {
                    copy.verified = true;
                    if text.parsed.is_none() && text.senseless.is_none() {
                        parse(text, bytes);
                    }
                    None
                } else {
                    Some(Bad::Checksum)
                }
            }
            Ok(bytes) => match begin(&bytes, wanted) {
                Ok(summary) => {
                    text.summary = Some(summary);
                    copy.whole = (wanted.key.size <= SHORT_TEXT).then_some(bytes);
                    None
                }
                Err(reason) => Some(Bad::Text(reason)),
            },
        };
        if let Some(bad) = bad {
            self.drop_copy(wanted, bad, devices, messages);
        }
    }

    fn copy(&mut self, wanted: &Wanted) -> &mut Copy {
        let text = self.by_key.get_mut(&wanted.key);
        let text = text.expect("what is wanted is known");
        let copy = text.copies.iter_mut().find(|copy| copy.area == wanted.area);
        copy.expect("what is wanted is known")
    }

    fn drop_copy(
        &mut self,
        wanted: &Wanted,
        bad: Bad,
        devices: &[Device],
        messages: &mut Vec<Message>,
    ) {
        let copy = self.copy(wanted);
        let device = &devices[wanted.area.device.get()];
        let at = copy.pieces.first().map_or(Bytes::ZERO, |(offset, _)| *offset);
        let name = &device.name;
        let reason = match &bad {
            Bad::Unreadable(error) => {
                format!("Failed to read metadata text on {name} at {at}: {error}")
            }
            Bad::Checksum => format!("Checksum error on {name} at offset {at}."),
            Bad::Text(error) => format!("Bad metadata text on {name} at {at}: {error}"),
        };
        complain_of_text(device, at, wanted.area.number, &reason, messages);
        copy.bad = Some(bad);
    }

    /// Tells the devices what their areas hold, and returns the volume groups in scope.
    pub(super) fn finish(
        &mut self,
        devices: &mut [Device],
        messages: &mut Vec<Message>,
    ) -> Vec<Chosen> {
        let mut chosen = Vec::new();
        for keys in self.by_vg().into_values() {
            self.complain_of_senseless(&keys, devices, messages);
            let newest = self.newest(&keys);
            let Some(key) = newest.first().filter(|key| self.is_in_scope(key)) else {
                continue;
            };
            let parsed = self.by_key.get_mut(key).and_then(|text| text.parsed.take());
            let Some(parsed) = parsed else {
                continue;
            };
            let mut texts: Vec<(TextKey, u32, Vec<AreaRef>)> =
                keys.iter().map(|key| (*key, self.seqno(key), self.areas(key))).collect();
            texts.sort_by_key(|(key, seqno, areas)| (*seqno, areas.first().copied(), *key));
            let copies = Copies { key: *key, texts };
            chosen.push(Chosen { parsed, copies, rivals: self.rivals(&newest) });
        }
        for text in mem::take(&mut self.by_key).into_values() {
            for copy in &text.copies {
                set_state(devices, copy, &text);
            }
        }
        chosen
    }

    /// What the texts say that are as new as the chosen one, whose meaning has been taken already.
    fn rivals(&mut self, newest: &[TextKey]) -> BTreeMap<TextKey, Box<Rival>> {
        let mut rivals = BTreeMap::new();
        for key in newest {
            if let Some(parsed) = self.by_key.get_mut(key).and_then(|text| text.parsed.take()) {
                let Parsed { vg, provenance, text } = *parsed;
                rivals.insert(*key, Box::new(Rival { vg, provenance, text }));
            }
        }
        rivals
    }

    fn areas(&self, key: &TextKey) -> Vec<AreaRef> {
        let mut areas: Vec<AreaRef> = self.by_key[key].good().map(|copy| copy.area).collect();
        areas.sort_unstable();
        areas
    }

    /// Says which intact texts could not be understood.
    fn complain_of_senseless(
        &self,
        keys: &[TextKey],
        devices: &[Device],
        messages: &mut Vec<Message>,
    ) {
        for key in keys {
            let text = &self.by_key[key];
            let (Some(reason), Some(area)) = (&text.senseless, text.first_area()) else {
                continue;
            };
            let name = &devices[area.device.get()].name;
            messages.push(warning(format!(
                "WARNING: couldn't read volume group metadata from {name}: {reason}"
            )));
        }
    }
}

/// What is read first of a copy: its first bytes, and the last ones of a long text; all of a short
/// one.
fn summary_pieces(copy: &Copy) -> Option<Vec<(Bytes, Bytes)>> {
    if copy.location.size.get() <= SHORT_TEXT {
        return Some(copy.pieces.clone());
    }
    let &(start, size) = copy.pieces.first()?;
    let mut pieces: Vec<(Bytes, Bytes)> = [(start, size.min(Bytes::new(SUMMARY_SIZE)))].into();
    if copy.location.size.get() >= LONG_TEXT {
        let &(start, size) = copy.pieces.last()?;
        let end = size.min(Bytes::new(END_SIZE));
        pieces.push((start + size.saturating_sub(end), end));
    }
    Some(pieces)
}

/// Reads what was read first of a copy: whose it is, and whether a long one ends where it should.
fn begin(bytes: &[u8], wanted: &Wanted) -> Result<Summary, String> {
    let length = usize::try_from(SUMMARY_SIZE).expect("a few bytes").min(bytes.len());
    let (head, rest) = bytes.split_at(length);
    let is_end = match rest {
        _ if wanted.key.size < LONG_TEXT => true,
        [before @ .., last] => *last == 0 && !before.contains(&0),
        [] => false,
    };
    if !is_end {
        return Err("it does not end where its header says".into());
    }
    summary(head).map_err(|error| error.to_string())
}

fn parse(text: &mut Text, bytes: Arc<[u8]>) {
    match read(&bytes) {
        Ok((vg, provenance)) => {
            text.parsed = Some(Box::new(Parsed { vg, provenance, text: bytes }));
        }
        Err(error) => text.senseless = Some(error.to_string()),
    }
}

fn set_state(devices: &mut [Device], copy: &Copy, text: &Text) {
    let device = &mut devices[copy.area.device.get()];
    let LabelState::Pv(pv) = &mut device.label else {
        unreachable!("only PVs have areas");
    };
    let location = copy.location;
    pv.areas[copy.area.number].state = match (&copy.bad, &text.summary) {
        (Some(Bad::Unreadable(error)), _) => MdaState::Unreadable(error.clone()),
        (Some(Bad::Checksum), _) => {
            MdaState::BadText { location, reason: "its checksum is wrong".into() }
        }
        (Some(Bad::Text(reason)), _) => MdaState::BadText { location, reason: reason.clone() },
        (None, Some(summary)) => MdaState::Text {
            location,
            vg: summary.id,
            name: summary.name.clone(),
            seqno: summary.seqno,
            verified: copy.verified,
        },
        (None, None) => unreachable!("a copy that is not bad has given its text a summary"),
    };
}
