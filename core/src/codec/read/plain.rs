//! Plain LVs in canonical text: recognised and completely checked in one pass, and left where they
//! are until somebody asks.
//!
//! Plain is: striped segments on PVs only, no keys but those that every LV has and tags, in LVM2's
//! order and layout. Whatever else there is goes to the general reader. What is recognised here
//! reads the same there (a test compares them).

use super::cursor::Cursor;
use crate::id::Uuid;
use crate::model::flags::{AllocationPolicy, LvFlags, Permission, SegmentFlags};
use crate::model::lv::{Creation, DeviceNumbers, Lv, ReadAhead};
use crate::model::lv_table::{LvSource, LvTable, Span};
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment, SegmentKind, Striped};
use crate::name::{LvName, Tag};
use crate::units::{Extents, Le, Pe, SECTOR_SIZE, Sectors};
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

#[cfg(test)]
mod tests;

/// What plain LVs are checked against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How many PVs there are, called `pv0`, `pv1` and so on.
    pub(super) pv_count: u64,
    /// The longest LV.
    pub(super) extents_max: u64,
    /// Whether the text has `WRITE_LOCKED` for what may be written.
    pub(super) write_locked: bool,
}

/// A text with plain LVs in it.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) text: Arc<[u8]>,
    pub(super) limits: Limits,
}

/// Takes what is found in the segments of an LV.
trait Sink {
    fn segment(&mut self, start: u64, extents: u64, stripe_size: Option<Sectors>, areas: u64);
    fn area(&mut self, pv: PvIndex, start: u64, extents: u64);
}

/// What is found outside the segments of an LV.
struct Head<'a> {
    name: &'a [u8],
    id: &'a [u8; 38],
    permission: Permission,
    visible: bool,
    /// From the first tag on.
    tags: Option<Cursor<'a>>,
    creation: Option<(u64, &'a [u8])>,
    extents: u64,
}

fn recognise<'a>(
    cursor: &mut Cursor<'a>,
    limits: &Limits,
    sink: &mut impl Sink,
) -> Option<Head<'a>> {
    let name = cursor.name()?;
    cursor.literal(b" {\nid = \"")?;
    let id = cursor.uuid()?;
    cursor.literal(b"\"\nstatus = [\"READ\"")?;
    let write = cursor.literal(b", \"WRITE\"").is_some();
    let visible = cursor.literal(b", \"VISIBLE\"").is_some();
    cursor.literal(b"]\nflags = [")?;
    let locked = cursor.literal(b"\"WRITE_LOCKED\"").is_some();
    cursor.literal(b"]\n")?;
    if limits.write_locked && write || !limits.write_locked && locked {
        return None;
    }
    let mut tags = None;
    if cursor.literal(b"tags = [\"").is_some() {
        tags = Some(*cursor);
        cursor.tag()?;
        while cursor.literal(b"\", \"").is_some() {
            cursor.tag()?;
        }
        cursor.literal(b"\"]\n")?;
    }
    let mut creation = None;
    if cursor.literal(b"creation_time = ").is_some() {
        let time = cursor.number(u64::MAX >> 1)?;
        cursor.literal(b"\ncreation_host = \"")?;
        creation = Some((time, cursor.plain()?));
        cursor.literal(b"\"\n")?;
    }
    cursor.literal(b"segment_count = ")?;
    let count = cursor.number(u64::from(u32::MAX))?;
    cursor.literal(b"\n\n")?;
    if count == 0 {
        return None;
    }
    let mut extents = 0;
    for number in 1..=count {
        extents += segment(cursor, number, extents, limits, sink)?;
        if extents > limits.extents_max {
            return None;
        }
    }
    cursor.literal(b"}")?;
    Some(Head {
        name,
        id,
        permission: if write || locked { Permission::ReadWrite } else { Permission::ReadOnly },
        visible,
        tags,
        creation,
        extents,
    })
}

/// Reads a segment that begins at extent `start` and returns its length.
fn segment(
    cursor: &mut Cursor<'_>,
    number: u64,
    start: u64,
    limits: &Limits,
    sink: &mut impl Sink,
) -> Option<u64> {
    let max = u64::from(u32::MAX);
    cursor.literal(b"segment")?;
    if cursor.number(max)? != number {
        return None;
    }
    cursor.literal(b" {\nstart_extent = ")?;
    if cursor.number(max)? != start {
        return None;
    }
    cursor.literal(b"\nextent_count = ")?;
    let extents = cursor.number(max)?;
    cursor.literal(b"\n\ntype = \"striped\"\nstripe_count = ")?;
    let stripes = cursor.number(max)?;
    if extents == 0 || stripes == 0 {
        return None;
    }
    let mut stripe_size = None;
    if stripes > 1 {
        cursor.literal(b"\nstripe_size = ")?;
        stripe_size = Some(Sectors::new(cursor.number(u64::MAX / SECTOR_SIZE / 2)?));
    }
    cursor.literal(b"\n\nstripes = [\n")?;
    sink.segment(start, extents, stripe_size, stripes);
    for stripe in 1..=stripes {
        cursor.literal(b"\"pv")?;
        let pv = cursor.number(max)?;
        if pv >= limits.pv_count {
            return None;
        }
        cursor.literal(b"\", ")?;
        let first = cursor.number(max)?;
        let pv = PvIndex(u32::try_from(pv).ok()?);
        sink.area(pv, first, extents / stripes);
        if stripe < stripes {
            cursor.literal(b",\n")?;
        }
    }
    cursor.literal(b"\n]\n}\n")?;
    Some(extents)
}

/// The runs of an LV, for the table.
#[derive(Default)]
struct Runs(Vec<(PvIndex, Pe, Extents)>);

impl Sink for Runs {
    fn segment(&mut self, _: u64, _: u64, _: Option<Sectors>, _: u64) {}

    fn area(&mut self, pv: PvIndex, start: u64, extents: u64) {
        self.0.push((pv, Pe::new(start), Extents::new(extents)));
    }
}

/// The segments of an LV, for the model.
#[derive(Default)]
struct Segments(Vec<Segment>);

impl Sink for Segments {
    fn segment(&mut self, start: u64, extents: u64, stripe_size: Option<Sectors>, areas: u64) {
        // The count is not yet checked against the list.
        let areas = usize::try_from(areas).map_or(1, |areas| areas.min(64));
        self.0.push(Segment {
            start: Le::new(start),
            extents: Extents::new(extents),
            reshape: None,
            tags: Vec::new(),
            flags: SegmentFlags::default(),
            kind: SegmentKind::Striped(Striped { stripe_size, areas: Vec::with_capacity(areas) }),
        });
    }

    fn area(&mut self, pv: PvIndex, start: u64, _: u64) {
        if let Some(SegmentKind::Striped(striped)) = self.0.last_mut().map(|last| &mut last.kind) {
            let start = Pe::new(start);
            striped.areas.push(Area::Pv { pv, start });
        }
    }
}

/// Registers the plain LVs from `at` on, where a blank line precedes each, and returns where they
/// end.
pub(super) fn index(source: &Arc<Source>, table: &mut LvTable, at: usize) -> usize {
    let text: &[u8] = &source.text;
    let mut cursor = Cursor::new(&text[at..]);
    let mut runs = Runs::default();
    let position = |cursor: &Cursor<'_>| text.len() - cursor.left();
    loop {
        let before = cursor;
        runs.0.clear();
        let start = cursor.literal(b"\n\n").map(|()| position(&cursor));
        let head = start.and_then(|start| {
            let head = recognise(&mut cursor, &source.limits, &mut runs)?;
            Some((start, head))
        });
        let Some((start, head)) = head else {
            return position(&before);
        };
        let name = span(start, start + head.name.len());
        let section = span(start, position(&cursor));
        let extents = Extents::new(head.extents);
        let flags = (head.visible, head.permission);
        table.push_source(name, section, flags, &runs.0, extents);
    }
}

fn span(start: usize, end: usize) -> Span {
    let offset = |at| u32::try_from(at).expect("texts are shorter than 4 GiB");
    Span { start: offset(start), end: offset(end) }
}

fn ascii(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).expect("it was found to be ASCII")
}

impl LvSource for Source {
    fn name(&self, span: Span) -> &str {
        ascii(&self.text[span.range()])
    }

    fn decode(&self, section: Span) -> Lv {
        let mut cursor = Cursor::new(&self.text[section.range()]);
        let mut segments = Segments::default();
        let head = recognise(&mut cursor, &self.limits, &mut segments);
        let head = head.expect("the section was recognised when the text was read");
        Lv {
            name: LvName::new(ascii(head.name)).expect("the name was checked"),
            id: to_uuid(head.id),
            permission: head.permission,
            flags: LvFlags { visible: head.visible, ..LvFlags::default() },
            tags: head.tags.map(to_tags).unwrap_or_default(),
            creation: head
                .creation
                .map(|(time, host)| Creation { time, host: String::from(ascii(host)) }),
            lock_args: None,
            policy: AllocationPolicy::Inherit,
            profile: None,
            read_ahead: ReadAhead::Auto,
            numbers: DeviceNumbers::default(),
            segments: segments.0,
        }
    }

    fn segments(&self, section: Span) -> Vec<Segment> {
        let mut cursor = Cursor::new(&self.text[section.range()]);
        let mut segments = Segments::default();
        let head = recognise(&mut cursor, &self.limits, &mut segments);
        assert!(head.is_some(), "the section was recognised when the text was read");
        segments.0
    }

    fn is_write_locked(&self) -> bool {
        self.limits.write_locked
    }

    fn text(&self, section: Span) -> &[u8] {
        &self.text[section.range()]
    }
}

fn to_uuid(text: &[u8; 38]) -> Uuid {
    ascii(text).parse().expect("the UUID was checked")
}

fn to_tags(mut cursor: Cursor<'_>) -> Vec<Tag> {
    let mut tags = Vec::new();
    loop {
        let tag = cursor.tag().expect("the tags were checked");
        tags.push(Tag::new(ascii(tag)).expect("the tag was checked"));
        if cursor.literal(b"\", \"").is_none() {
            return tags;
        }
    }
}
