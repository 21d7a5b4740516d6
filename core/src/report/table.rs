//! The values of a report: one buffer of text, a range of it for each cell.

use crate::report::Report;
use crate::report::cell::{Cell, Key};
use crate::report::columns::least_width;
use crate::report::field::Field;
use crate::report::row::Row;
use crate::report::values;
use core::cmp::Ordering;
use core::ops::Range;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// A range of the buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    fn new(start: usize, end: usize) -> Self {
        Self { start: position(start), end: position(end) }
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

fn position(at: usize) -> u32 {
    u32::try_from(at).expect("a report has less than 4 GiB of values")
}

/// What a row is sorted by in one column.
#[derive(Clone, Copy, Debug)]
struct SortKey {
    /// The number; of texts, the first eight bytes.
    head: u64,
    /// Of texts, all of it.
    text: Span,
}

impl SortKey {
    const NONE: Self = Self { head: 0, text: Span { start: 0, end: 0 } };
}

/// The values of a report.
#[derive(Debug)]
pub(super) struct Table {
    text: String,
    /// Of each row where its first cell begins, and where each of its cells ends.
    cells: Vec<u32>,
    keys: Vec<SortKey>,
    columns: usize,
    rows: usize,
    /// How many rows there will be, about.
    expected: usize,
    /// The widest value of each column, or its least width.
    pub(super) widths: Vec<usize>,
    /// Whether each column has a value that is not empty.
    pub(super) used: Vec<bool>,
    /// Scratch for lists.
    items: Vec<Range<usize>>,
}

impl Table {
    /// Makes a table without rows that will have about `expected` ones.
    pub(super) fn new(report: &Report, expected: usize) -> Self {
        let width = |field| least_width(field, &report.options);
        let widths: Vec<usize> = report.fields().map(width).collect();
        Self {
            text: String::new(),
            cells: Vec::new(),
            keys: Vec::new(),
            columns: widths.len(),
            rows: 0,
            expected,
            used: std_alloc::vec![false; widths.len()],
            widths,
            items: Vec::new(),
        }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, report: &Report, row: &Row<'_, '_>, selected: bool) {
        let sort = &report.columns.sort;
        let first_key = self.keys.len();
        if report.options.buffered {
            self.keys.resize(first_key + sort.len(), SortKey::NONE);
        }
        self.cells.push(position(self.text.len()));
        for (index, field) in report.fields().enumerate() {
            let start = self.text.len();
            let kind = if field == Field::Selected {
                self.text.push(if selected { '1' } else { '0' });
                Key::Number(u64::from(selected))
            } else {
                self.write(report, field, row)
            };
            let end = self.text.len();
            self.widths[index] = self.widths[index].max(end - start);
            self.used[index] |= end > start;
            self.cells.push(position(end));
            // What is shown is not written again to sort by it.
            if report.options.buffered
                && let Some(place) = sort.iter().position(|key| key.field == field)
            {
                self.keys[first_key + place] = self.key(Span::new(start, end), kind);
            }
        }
        if report.options.buffered {
            for (place, key) in sort.iter().enumerate() {
                if report.fields().all(|field| field != key.field) {
                    let start = self.text.len();
                    let kind = self.write(report, key.field, row);
                    let end = self.text.len();
                    self.keys[first_key + place] = self.key(Span::new(start, end), kind);
                }
            }
        }
        self.rows += 1;
        if self.rows == 1 {
            self.reserve();
        }
    }

    /// Takes memory for all rows at once, as if they were like the first: what grows bit by bit is
    /// copied again and again, and takes twice as much.
    fn reserve(&mut self) {
        self.text.reserve(self.text.len() * self.expected * 9 / 8);
        self.cells.reserve(self.cells.len() * self.expected);
        self.keys.reserve(self.keys.len() * self.expected);
    }

    fn write(&mut self, report: &Report, field: Field, row: &Row<'_, '_>) -> Key {
        let mut cell = Cell::new(&mut self.text, &mut self.items, &report.options);
        values::write(field, row, &mut cell);
        cell.key
    }

    fn key(&self, span: Span, kind: Key) -> SortKey {
        match kind {
            Key::Number(number) => SortKey { head: number, ..SortKey::NONE },
            Key::Shown | Key::Bracketed | Key::Dashed => self.text_key(span, kind),
        }
    }

    fn text_key(&self, span: Span, kind: Key) -> SortKey {
        let mut range = span.range();
        if matches!(kind, Key::Bracketed | Key::Dashed) {
            range.start += 1;
        }
        if kind == Key::Bracketed {
            range.end -= 1;
        }
        let bytes = self.text[range.clone()].as_bytes();
        let mut head = [0; 8];
        for (to, from) in head.iter_mut().zip(bytes) {
            *to = *from;
        }
        SortKey { head: u64::from_be_bytes(head), text: Span::new(range.start, range.end) }
    }

    /// Returns the length of all values together.
    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        let at = row * (self.columns + 1) + column;
        &self.text[self.cells[at] as usize..self.cells[at + 1] as usize]
    }

    /// Returns the rows in the order of the sort keys; equal ones as they came.
    pub(super) fn order(&self, report: &Report) -> Vec<u32> {
        let rows = u32::try_from(self.rows).expect("a report has less than 2^32 rows");
        let mut order: Vec<u32> = (0..rows).collect();
        if report.options.buffered {
            let keys = report.columns.sort.len();
            order.sort_by(|one, two| {
                let (one, two) = (*one as usize * keys, *two as usize * keys);
                self.compare(report, &self.keys[one..one + keys], &self.keys[two..two + keys])
            });
        }
        order
    }

    fn compare(&self, report: &Report, one: &[SortKey], two: &[SortKey]) -> Ordering {
        for (index, column) in report.columns.sort.iter().enumerate() {
            let (one, two) = (&one[index], &two[index]);
            let text = |key: &SortKey| &self.text.as_bytes()[key.text.range()];
            let order = one.head.cmp(&two.head).then_with(|| text(one).cmp(text(two)));
            if order.is_ne() {
                return if column.descending { order.reverse() } else { order };
            }
        }
        Ordering::Equal
    }
}
