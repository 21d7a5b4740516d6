//! From values to text: aligned columns, separated ones, rows as columns, and JSON.

use crate::report::Report;
use crate::report::Type;
use crate::report::columns::{heading, least_width};
use crate::report::field::Field;
use crate::report::options::{Format, Headings};
use crate::report::table::Table;
use core::fmt::Write as _;
use core::mem;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What every line begins with.
const INDENT: &str = "  ";
/// From this length on what has been written is passed on.
const PIECE: usize = 256 * 1024;

/// Text on its way out, passed on in pieces of whole rows: a report takes as much memory as its
/// values, not as the blanks and names between them too.
pub(super) struct Out<'a> {
    text: String,
    sink: &'a mut dyn FnMut(&str),
}

impl<'a> Out<'a> {
    pub(super) const fn new(sink: &'a mut dyn FnMut(&str)) -> Self {
        Self { text: String::new(), sink }
    }

    /// Takes memory for so many bytes, or for a piece.
    fn expect(&mut self, bytes: usize) {
        self.text.reserve(bytes.min(PIECE + PIECE / 16));
    }

    /// Says that a row is whole.
    fn end_row(&mut self) {
        if self.text.len() >= PIECE {
            self.pass_on();
        }
    }

    fn pass_on(&mut self) {
        if !self.text.is_empty() {
            (self.sink)(&self.text);
            self.text.clear();
        }
    }
}

/// Writes a report that stands alone.
pub(super) fn render(report: &Report, table: Table, out: &mut Out<'_>) {
    match report.options.format {
        Format::Basic => {
            Lines { report, table: &table }.write(out);
            out.pass_on();
        }
        Format::Json | Format::JsonStd => {
            render_groups(std_alloc::vec![std_alloc::vec![(report, table)]], out);
        }
    }
}

/// Writes groups of reports.
pub(super) fn render_groups(groups: Vec<Vec<(&Report, Table)>>, out: &mut Out<'_>) {
    let json = groups.iter().flatten().any(|(report, _)| report.options.format != Format::Basic);
    if json {
        write_groups(groups, out);
    } else {
        for (report, table) in groups.into_iter().flatten() {
            Lines { report, table: &table }.write(out);
        }
    }
    out.pass_on();
}

fn write_groups(groups: Vec<Vec<(&Report, Table)>>, out: &mut Out<'_>) {
    out.text.push_str("  {\n      \"report\": [\n");
    let last_group = groups.len();
    for (number, group) in groups.into_iter().enumerate() {
        out.text.push_str("          {\n");
        let last = group.len();
        for (index, (report, table)) in group.into_iter().enumerate() {
            write_json(report, &table, out);
            out.text.push('\n');
            if index + 1 < last {
                out.text.push_str("              ,\n");
            }
        }
        out.text.push_str("          }\n");
        if number + 1 < last_group {
            out.text.push_str("          ,\n");
        }
    }
    out.text.push_str("      ]\n  }\n");
}

/// The columns that are shown: all, or those that are not empty where that is asked for.
fn visible_columns(report: &Report, table: &Table) -> Vec<(usize, Field)> {
    let columns = report.columns.shown.iter().enumerate();
    let kept = columns.filter(|(index, column)| !column.compact || table.used[*index]);
    kept.map(|(index, column)| (index, column.field)).collect()
}

fn write_json(report: &Report, table: &Table, out: &mut Out<'_>) {
    let columns = visible_columns(report, table);
    out.text.extend(["              \"", report.columns.kind.as_str(), "\": [\n"]);
    // What stands before each value: the end of the value before it, and the name.
    let quote = if report.options.format == Format::JsonStd { "" } else { "\"" };
    let before = columns.iter().enumerate().map(|(place, (_, field))| {
        let end = if place > 0 { format!("{quote}, ") } else { String::new() };
        format!("{end}\"{}\":{quote}", field.info().name)
    });
    let before: Vec<String> = before.collect();
    let rows = table.rows();
    let names: usize = before.iter().map(String::len).sum();
    out.expect(rows * (names + JSON_ROW.len()) + table.length());
    for (done, row) in table.order(report).into_iter().enumerate() {
        let text = &mut out.text;
        text.push_str("                  {");
        for ((column, field), before) in columns.iter().zip(&before) {
            text.push_str(before);
            let value = table.cell(row as usize, *column);
            match report.options.format {
                Format::JsonStd => write_std_value(report, *field, value, text),
                Format::Basic | Format::Json => write_escaped(value, text),
            }
        }
        if !columns.is_empty() {
            text.push_str(quote);
        }
        text.push_str(if done + 1 < rows { "},\n" } else { "}\n" });
        out.end_row();
    }
    out.text.push_str("              ]");
}

/// What stands around the values of a row.
const JSON_ROW: &str = "                  {\"},\n";

fn write_json_string(value: &str, out: &mut String) {
    out.push('"');
    write_escaped(value, out);
    out.push('"');
}

/// Writes what stands between the quotes of a string.
fn write_escaped(value: &str, out: &mut String) {
    if !value.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..32)) {
        return out.push_str(value);
    }
    for c in value.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // LVM2 writes them as they are, which is no JSON.
            '\0'..' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

/// Numbers stand without quotes, lists are lists, and no number is null.
fn write_std_value(report: &Report, field: Field, value: &str, out: &mut String) {
    let info = field.info();
    if info.kind == Type::List {
        // Ranges of PEs are written as they stand on a command line.
        let separator = match field {
            Field::SegPeRanges => " ",
            _ => report.options.list_separator.as_str(),
        };
        out.push('[');
        for (index, item) in value.split(separator).filter(|item| !item.is_empty()).enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            write_json_string(item, out);
        }
        out.push(']');
    } else if info.kind.is_numeric() && info.kind != Type::Time && value.is_empty() {
        out.push_str("null");
    } else if info.kind.is_numeric() && is_json_number(value) {
        out.push_str(value);
    } else {
        write_json_string(value, out);
    }
}

fn is_json_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

/// A report in lines.
struct Lines<'a> {
    report: &'a Report,
    table: &'a Table,
}

impl Lines<'_> {
    fn write(&self, out: &mut Out<'_>) {
        if self.table.rows() == 0 {
            return;
        }
        let options = &self.report.options;
        let columns = visible_columns(self.report, self.table);
        let order = self.table.order(self.report);
        if options.rows {
            self.write_transposed(&columns, &order, &mut out.text);
            return;
        }
        let mut widths = self.table.widths.clone();
        let width: usize = widths.iter().map(|width| width + self.separator().len()).sum();
        out.expect((order.len() + 1) * (width + INDENT.len()));
        for (place, row) in order.into_iter().enumerate() {
            if !options.buffered {
                widths = self.widths_of(row as usize);
            }
            if place == 0 && options.headings != Headings::None {
                self.write_headings(&columns, &widths, &mut out.text);
            }
            self.write_row(row as usize, &columns, &widths, &mut out.text);
            out.end_row();
        }
    }

    /// The widths of a row that is written before the next is known.
    fn widths_of(&self, row: usize) -> Vec<usize> {
        let width = |(index, field): (usize, Field)| {
            least_width(field, &self.report.options).max(self.table.cell(row, index).len())
        };
        self.report.fields().enumerate().map(width).collect()
    }

    fn separator(&self) -> &str {
        self.report.options.separator.as_deref().unwrap_or(" ")
    }

    fn aligned(&self) -> bool {
        let options = &self.report.options;
        let default = options.separator.is_none();
        options.aligned.unwrap_or(default) && !options.name_prefixes && !options.rows
    }

    fn write_headings(&self, columns: &[(usize, Field)], widths: &[usize], out: &mut String) {
        out.push_str(INDENT);
        for (place, (index, field)) in columns.iter().enumerate() {
            if place > 0 {
                out.push_str(self.separator());
            }
            let text = heading(*field, self.report.options.headings);
            if self.aligned() {
                let width = widths[*index];
                out.push_str(&text[..text.len().min(width)]);
                pad(out, width.saturating_sub(text.len()));
            } else {
                out.push_str(text);
            }
        }
        out.push('\n');
    }

    fn write_row(
        &self,
        row: usize,
        columns: &[(usize, Field)],
        widths: &[usize],
        out: &mut String,
    ) {
        out.push_str(INDENT);
        if self.aligned() {
            self.write_aligned(row, columns, widths, out);
        } else {
            for (place, (index, field)) in columns.iter().enumerate() {
                if place > 0 {
                    out.push_str(self.separator());
                }
                self.write_value(*field, self.table.cell(row, *index), out);
            }
        }
        out.push('\n');
    }

    /// Many cells are empty: blanks are gathered until something stands behind them.
    fn write_aligned(
        &self,
        row: usize,
        columns: &[(usize, Field)],
        widths: &[usize],
        out: &mut String,
    ) {
        let separator = self.separator();
        let mut blanks = 0;
        for (place, (index, field)) in columns.iter().enumerate() {
            if place > 0 && separator == " " {
                blanks += 1;
            } else if place > 0 {
                pad(out, mem::take(&mut blanks));
                out.push_str(separator);
            }
            let value = self.table.cell(row, *index);
            let width = widths[*index].saturating_sub(value.len());
            let right = field.info().kind.is_right();
            if right {
                blanks += width;
            }
            if !value.is_empty() {
                pad(out, mem::take(&mut blanks));
                out.push_str(value);
            }
            if !right {
                blanks += width;
            }
        }
        pad(out, blanks);
    }

    /// Writes a value, with the field's name before it if that is asked for.
    fn write_value(&self, field: Field, value: &str, out: &mut String) {
        let options = &self.report.options;
        if !options.name_prefixes {
            out.push_str(value);
            return;
        }
        out.push_str("LVM2_");
        out.extend(field.info().name.chars().map(|c| c.to_ascii_uppercase()));
        out.push('=');
        let quote = if options.quoted { "'" } else { "" };
        out.push_str(quote);
        out.push_str(value);
        out.push_str(quote);
    }

    /// One line for each column.
    fn write_transposed(&self, columns: &[(usize, Field)], order: &[u32], out: &mut String) {
        for (index, field) in columns {
            out.push_str(INDENT);
            let title = heading(*field, self.report.options.headings);
            out.push_str(title);
            let mut first = self.report.options.headings == Headings::None;
            for row in order {
                if !first {
                    out.push_str(self.separator());
                }
                first = false;
                self.write_value(*field, self.table.cell(*row as usize, *index), out);
            }
            out.push('\n');
        }
    }
}

fn pad(out: &mut String, mut blanks: usize) {
    const BLANKS: &str = "                                                                ";
    while blanks > 0 {
        let some = blanks.min(BLANKS.len());
        out.push_str(&BLANKS[..some]);
        blanks -= some;
    }
}
