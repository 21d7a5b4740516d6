//! The values of a report: one buffer of text, a range of it for each cell.

use crate::report::Report;
use crate::report::cell::{Cell, Key};
use crate::report::columns::heading;
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
        let position = |at| u32::try_from(at).expect("a report has less than 4 GiB of values");
        Self { start: position(start), end: position(end) }
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What a row is sorted by in one column.
#[derive(Clone, Copy, Debug)]
struct SortKey {
    /// The number; of texts, the first eight bytes.
    head: u64,
    /// Of texts, all of it.
    text: Span,
}

/// The values of a report.
#[derive(Debug)]
pub(super) struct Table {
    text: String,
    cells: Vec<Span>,
    keys: Vec<SortKey>,
    columns: usize,
    rows: usize,
    /// The widest value of each column, or its least width.
    pub(super) widths: Vec<usize>,
    /// Whether each column has a value that is not empty.
    pub(super) used: Vec<bool>,
    /// Scratch for lists.
    items: Vec<Range<usize>>,
}

impl Table {
    pub(super) fn new(report: &Report) -> Self {
        let headings = report.options.headings;
        let width = |field: crate::report::field::Field| {
            field.info().width.max(heading(field, headings).len())
        };
        let widths: Vec<usize> = report.fields().map(width).collect();
        Self {
            text: String::new(),
            cells: Vec::new(),
            keys: Vec::new(),
            columns: widths.len(),
            rows: 0,
            used: std_alloc::vec![false; widths.len()],
            widths,
            items: Vec::new(),
        }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, report: &Report, row: &Row<'_, '_>) {
        for (index, field) in report.fields().enumerate() {
            let start = self.text.len();
            let mut cell = Cell::new(&mut self.text, &mut self.items, &report.options);
            values::write(field, row, &mut cell);
            let end = self.text.len();
            self.widths[index] = self.widths[index].max(end - start);
            self.used[index] |= end > start;
            self.cells.push(Span::new(start, end));
        }
        if report.options.buffered {
            self.push_keys(report, row);
        }
        self.rows += 1;
    }

    fn push_keys(&mut self, report: &Report, row: &Row<'_, '_>) {
        let first_cell = self.cells.len() - self.columns;
        for key in &report.columns.sort {
            let shown = report.fields().position(|field| field == key.field);
            let numeric = key.field.info().kind.is_numeric();
            let may_differ = key.field == crate::report::field::Field::LvName;
            let sort_key = match shown {
                // What is shown already is not written twice, unless its key is another.
                Some(index) if !numeric && !may_differ => {
                    self.text_key(self.cells[first_cell + index], Key::Shown)
                }
                _ => {
                    let start = self.text.len();
                    let mut cell = Cell::new(&mut self.text, &mut self.items, &report.options);
                    values::write(key.field, row, &mut cell);
                    let kind = cell.key;
                    let end = self.text.len();
                    match kind {
                        Key::Number(number) => {
                            self.text.truncate(start);
                            SortKey { head: number, text: Span::new(0, 0) }
                        }
                        kind => self.text_key(Span::new(start, end), kind),
                    }
                }
            };
            self.keys.push(sort_key);
        }
    }

    fn text_key(&self, span: Span, kind: Key) -> SortKey {
        let mut range = span.range();
        if kind == Key::Bracketed {
            range = range.start + 1..range.end - 1;
        }
        let bytes = self.text[range.clone()].as_bytes();
        let mut head = [0; 8];
        for (to, from) in head.iter_mut().zip(bytes) {
            *to = *from;
        }
        SortKey { head: u64::from_be_bytes(head), text: Span::new(range.start, range.end) }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        &self.text[self.cells[row * self.columns + column].range()]
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
