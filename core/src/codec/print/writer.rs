//! Lines of a text in one of its two forms.

use super::files::{Known, Run};
use super::number::{push_i64, push_u64, size_comment};
use crate::format::text::escape::push_escaped;
use crate::time::TimeZone;
use crate::units::{ExtentSize, Extents, Sectors};
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Tabs at the start of a line are no more than this.
const DEPTH_SHOWN: usize = 5;
/// Comments stand at this tab stop, or behind the next if the line is longer.
const COMMENT_TAB: usize = 5;
const TAB: usize = 8;

/// What the form in files needs to know for its comments.
#[derive(Debug)]
pub(super) struct FileForm<'z> {
    zone: &'z TimeZone,
    extent_size: ExtentSize,
    /// A file with sections from the same source.
    known: Option<Known<'z>>,
    /// The last size and time shown: neighbours often have the same.
    last_size: Option<(u64, String)>,
    last_time: Option<(u64, String)>,
}

/// Collects the lines of a text.
#[derive(Debug)]
pub(super) struct Writer<'z> {
    out: Vec<u8>,
    depth: usize,
    line_start: usize,
    file: Option<FileForm<'z>>,
    /// The sections that were copied from the source.
    runs: Vec<Run>,
}

impl<'z> Writer<'z> {
    pub(super) fn disk() -> Self {
        Self { out: Vec::new(), depth: 0, line_start: 0, file: None, runs: Vec::new() }
    }

    pub(super) fn file(
        zone: &'z TimeZone,
        extent_size: ExtentSize,
        known: Option<Known<'z>>,
    ) -> Self {
        Self {
            file: Some(FileForm { zone, extent_size, known, last_size: None, last_time: None }),
            ..Self::disk()
        }
    }

    /// Returns the text, and the sections in it that were copied from the source.
    pub(super) fn finish(self) -> (Vec<u8>, Vec<Run>) {
        assert_eq!(self.depth, 0, "every section was closed");
        (self.out, self.runs)
    }

    /// Returns how much has been written.
    pub(super) fn length(&self) -> usize {
        self.out.len()
    }

    /// Returns what is known of sections of the source.
    pub(super) fn known(&self) -> Option<Known<'z>> {
        self.file.as_ref()?.known
    }

    /// Notes that sections have been copied.
    pub(super) fn note(&mut self, run: Run) {
        self.runs.push(run);
    }

    pub(super) fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Appends zeros up to an address that is a multiple of `alignment`; returns how many.
    pub(super) fn align(&mut self, alignment: usize) -> usize {
        let zeros = self.out[..].as_ptr_range().end.align_offset(alignment);
        self.out.resize(self.out.len() + zeros, 0);
        zeros
    }

    pub(super) fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    /// Appends bytes as they are: whole lines.
    pub(super) fn push_lines(&mut self, lines: &[u8]) {
        self.out.extend_from_slice(lines);
    }

    /// Begins a line.
    pub(super) fn start(&mut self) {
        self.line_start = self.out.len();
        if self.file.is_some() {
            let tabs = [b'\t'; DEPTH_SHOWN];
            self.out.extend_from_slice(&tabs[..self.depth.min(DEPTH_SHOWN)]);
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    pub(super) fn push_quoted(&mut self, text: &str) {
        self.out.push(b'"');
        push_escaped(&mut self.out, text);
        self.out.push(b'"');
    }

    pub(super) fn push_number(&mut self, number: u64) {
        push_u64(&mut self.out, number);
    }

    pub(super) fn end(&mut self) {
        self.out.push(b'\n');
    }

    /// Ends a line with a comment, which the form on disk leaves away.
    pub(super) fn end_with(&mut self, comment: &str) {
        if self.file.is_some() {
            let tabs = self.depth.min(DEPTH_SHOWN);
            let length = self.out.len() - self.line_start - tabs;
            self.push_tabs(tabs + length / TAB);
            self.out.extend_from_slice(b"# ");
            self.out.extend_from_slice(comment.as_bytes());
        }
        self.end();
    }

    /// At least one tab, from the tab stop `column` up to where comments stand.
    fn push_tabs(&mut self, column: usize) {
        self.out.push(b'\t');
        for _ in column + 1..COMMENT_TAB {
            self.out.push(b'\t');
        }
    }

    pub(super) fn end_with_size(&mut self, sectors: u64) {
        let Some(file) = &mut self.file else {
            return self.end();
        };
        let known = file.last_size.take().filter(|(size, _)| *size == sectors);
        let (_, comment) = known.unwrap_or_else(|| (sectors, size_comment(sectors)));
        self.end_with(&comment);
        self.keep_size(sectors, comment);
    }

    fn keep_size(&mut self, sectors: u64, comment: String) {
        if let Some(file) = &mut self.file {
            file.last_size = Some((sectors, comment));
        }
    }

    pub(super) fn end_with_extents(&mut self, extents: Extents) {
        let size = self.file.as_ref().map(|file| file.extent_size);
        // An LV of unknown size comes from a reader that has checked it.
        let sectors = size.and_then(|size| size.checked_to_sectors(extents));
        self.end_with_size(sectors.map_or(0, Sectors::get));
    }

    pub(super) fn end_with_time(&mut self, time: u64) {
        let Some(file) = &mut self.file else {
            return self.end();
        };
        let known = file.last_time.take().filter(|(last, _)| *last == time);
        let (_, comment) = known.unwrap_or_else(|| (time, file.zone.show(time)));
        // Not lined up with other comments.
        self.out.extend_from_slice(b"\t# ");
        self.out.extend_from_slice(comment.as_bytes());
        self.end();
        if let Some(file) = &mut self.file {
            file.last_time = Some((time, comment));
        }
    }

    pub(super) fn blank(&mut self) {
        self.out.push(b'\n');
    }

    pub(super) fn open(&mut self, key: &str) {
        self.start();
        self.push(key.as_bytes());
        self.push(b" {\n");
        self.depth += 1;
    }

    pub(super) fn open_numbered(&mut self, key: &str, number: u64) {
        self.start();
        self.push(key.as_bytes());
        self.push_number(number);
        self.push(b" {\n");
        self.depth += 1;
    }

    /// Notes that the line just ended opened a section or a list.
    pub(super) fn deepen(&mut self) {
        self.depth += 1;
    }

    pub(super) fn close(&mut self) {
        self.depth -= 1;
        self.start();
        self.push(b"}\n");
    }

    pub(super) fn open_list(&mut self, key: &str) {
        self.start();
        self.push(key.as_bytes());
        self.push(b" = [\n");
        self.depth += 1;
    }

    pub(super) fn close_list(&mut self) {
        self.depth -= 1;
        self.start();
        self.push(b"]\n");
    }

    fn key(&mut self, key: &str) {
        self.start();
        self.push(key.as_bytes());
        self.push(b" = ");
    }

    /// Begins a line with a number, to be ended with a comment.
    pub(super) fn start_number(&mut self, key: &str, number: u64) {
        self.key(key);
        self.push_number(number);
    }

    pub(super) fn number(&mut self, key: &str, number: impl Into<u64>) {
        self.start_number(key, number.into());
        self.end();
    }

    pub(super) fn signed(&mut self, key: &str, number: i64) {
        self.key(key);
        push_i64(&mut self.out, number);
        self.end();
    }

    /// A key that is left away without a value.
    pub(super) fn number_if(&mut self, key: &str, number: Option<impl Into<u64>>) {
        if let Some(number) = number {
            self.number(key, number);
        }
    }

    pub(super) fn sectors_if(&mut self, key: &str, sectors: Option<Sectors>) {
        self.number_if(key, sectors.map(Sectors::get));
    }

    pub(super) fn start_text(&mut self, key: &str, text: &str) {
        self.key(key);
        self.push_quoted(text);
    }

    pub(super) fn text(&mut self, key: &str, text: &str) {
        self.start_text(key, text);
        self.end();
    }

    pub(super) fn text_if(&mut self, key: &str, text: Option<impl AsRef<str>>) {
        if let Some(text) = text {
            self.text(key, text.as_ref());
        }
    }

    pub(super) fn word(&mut self, key: &str, word: &str) {
        self.key(key);
        self.push(word.as_bytes());
        self.end();
    }

    pub(super) fn list<'t>(&mut self, key: &str, texts: impl IntoIterator<Item = &'t str>) {
        self.key(key);
        self.push(b"[");
        for (place, text) in texts.into_iter().enumerate() {
            if place > 0 {
                self.push(b", ");
            }
            self.push_quoted(text);
        }
        self.push(b"]\n");
    }

    /// Shows what a comment would be, for values that are no sizes in sectors.
    pub(super) fn megabytes(&mut self, key: &str, number: i64) {
        match u64::try_from(number) {
            Ok(count) => {
                self.start_number(key, count);
                self.end_with_size(count.saturating_mul(2048));
            }
            Err(_) => self.signed(key, number),
        }
    }
}

/// Returns `"-name"` for names in the history.
pub(super) fn historical(name: &str) -> String {
    format!("-{name}")
}
