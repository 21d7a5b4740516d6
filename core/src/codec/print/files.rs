//! Several files of one VG: what stands in the one is copied into the next.
//!
//! A change writes two files, the archive of the state before and the backup of that after. Both
//! have nearly all LVs in common, and putting a text of megabytes into the form of files takes as
//! long as all else that a command does.

use super::writer::Writer;
use super::{ROOM_BESIDE_LVS, vg};
use crate::model::lv_table::{LvTable, Span};
use crate::model::vg::{Provenance, Vg};
use crate::time::TimeZone;
use crate::units::ExtentSize;
use core::ops::Range;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// Prints VGs in the form of files.
#[derive(Debug)]
pub struct Files<'z> {
    zone: &'z TimeZone,
    last: Option<Printed>,
}

/// A file, and where the sections stand in it that were copied from a source.
#[derive(Debug)]
struct Printed {
    source: Option<usize>,
    extent_size: ExtentSize,
    text: Arc<Vec<u8>>,
    runs: Vec<Run>,
}

/// Sections that stand together in the source and in the file.
#[derive(Debug)]
pub(super) struct Run {
    /// Where they are in the source.
    pub(super) span: Span,
    /// Where they are in the file, with the newline behind the last.
    pub(super) place: Range<usize>,
    /// Where each begins in the source and in the file.
    pub(super) sections: Vec<(u32, usize)>,
}

impl Run {
    /// Returns where the first of these sections stand in the file, as many as the run has, and
    /// where they end in the source.
    fn find(&self, span: Span) -> Option<(Range<usize>, u32)> {
        let place = |start: u32| {
            let found = self.sections.binary_search_by_key(&start, |section| section.0).ok()?;
            Some(self.sections[found].1)
        };
        let start = place(span.start)?;
        if span.end >= self.span.end {
            return Some((start..self.place.end, self.span.end));
        }
        let next = place(next_section(span.end)?)?;
        Some((start..next.checked_sub(1)?, span.end))
    }
}

/// Where a section begins behind the end of another. A blank line stands between them, here and
/// there.
const fn next_section(end: u32) -> Option<u32> {
    end.checked_add(2)
}

/// What a file that was printed before offers to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'p>(&'p Printed);

impl<'p> Known<'p> {
    /// Returns the form in files of the first of these sections, and those that are left; nothing
    /// if the first one is not known.
    pub(super) fn find(self, span: Span) -> Option<(&'p [u8], Option<Span>)> {
        let (place, end) = self.0.runs.iter().find_map(|run| run.find(span))?;
        let start = next_section(end).filter(|_| end < span.end);
        Some((&self.0.text[place], start.map(|start| Span { start, end: span.end })))
    }

    /// Returns the sections before the next that is known, and the others.
    pub(super) fn split(self, span: Span) -> Option<(Span, Span)> {
        let starts = self.0.runs.iter().map(|run| run.span.start);
        let start = starts.filter(|start| (span.start + 1..span.end).contains(start)).min()?;
        let end = start.checked_sub(2)?;
        Some((Span { start: span.start, end }, Span { start, end: span.end }))
    }
}

impl<'z> Files<'z> {
    /// Begins; times of LVs are shown in `zone`.
    pub fn new(zone: &'z TimeZone) -> Self {
        Self { zone, last: None }
    }

    /// Returns the text for a backup or archive file, what [`super::file`] returns, behind some
    /// zeros, and where it begins: as [`super::disk_aligned`] does, at a multiple of `alignment`.
    ///
    /// # Panics
    /// If the VG has unknown content: use [`super::file_from_text`] with its original text.
    pub fn print(
        &mut self,
        vg: &Vg,
        provenance: &Provenance,
        alignment: usize,
    ) -> (Arc<Vec<u8>>, usize) {
        assert!(vg.unknown.is_empty(), "a VG with unknown content is kept as its text");
        let source = source_of(&vg.lvs);
        let known = self.last.as_ref().filter(|last| {
            source.is_some() && last.source == source && last.extent_size == vg.extent_size
        });
        let mut writer = Writer::file(self.zone, vg.extent_size, known.map(Known));
        writer.reserve(vg::length_of_lvs(&writer, vg) + ROOM_BESIDE_LVS + alignment);
        let start = writer.align(alignment);
        vg::push_header(&mut writer, provenance);
        vg::push_vg(&mut writer, vg);
        let (text, runs) = writer.finish();
        let text = Arc::new(text);
        let extent_size = vg.extent_size;
        self.last = Some(Printed { source, extent_size, text: Arc::clone(&text), runs });
        (text, start)
    }
}

/// Tells sources apart: by the place of the text, which stays as long as a table has it.
fn source_of(lvs: &LvTable) -> Option<usize> {
    let source = lvs.source()?;
    Some(source.text(Span { start: 0, end: 0 }).as_ptr().addr())
}
