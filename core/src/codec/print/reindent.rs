//! Sections of plain LVs copied from a text on disk: as they are, or in the form of files.

use super::files::Run;
use super::writer::Writer;
use crate::model::lv_table::{LvSource, Span};
use crate::units::Extents;
use std_alloc::vec::Vec;

/// Appends sections that stand together in a canonical, validated text, and the newline that ends
/// the last line.
pub(super) fn push_sections(writer: &mut Writer<'_>, source: &dyn LvSource, span: Span) {
    if !writer.is_file() {
        writer.push_lines(source.text(span));
        return writer.end();
    }
    let known = writer.known();
    let mut rest = Some(span);
    while let Some(span) = rest {
        if let Some((lines, others)) = known.and_then(|known| known.find(span)) {
            writer.push_lines(lines);
            rest = others;
        } else {
            let (now, others) = known.and_then(|known| known.split(span)).unzip();
            reindent(writer, source, now.unwrap_or(span));
            rest = others;
        }
        if rest.is_some() {
            writer.blank();
        }
    }
}

fn reindent(writer: &mut Writer<'_>, source: &dyn LvSource, span: Span) {
    let begin = writer.length();
    let text = source.text(span);
    let mut sections = Vec::new();
    let mut is_between = true;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text).chain([text.len()]) {
        if is_between {
            let offset = u32::try_from(start).expect("a text is shorter than 4 GiB");
            sections.push((span.start + offset, writer.length()));
        }
        is_between = start == end;
        push_line(writer, &text[start..end]);
        start = end + 1;
    }
    writer.note(Run { span, place: begin..writer.length(), sections });
}

fn push_line(writer: &mut Writer<'_>, line: &[u8]) {
    match line.last() {
        None => return writer.blank(),
        Some(b'}') => return writer.close(),
        Some(b'{' | b'[') => {
            writer.start();
            writer.push(line);
            writer.end();
            return writer.deepen();
        }
        Some(b']') if line.len() == 1 => return writer.close_list(),
        Some(_) => {}
    }
    writer.start();
    writer.push(line);
    match line {
        [b'e', b'x', b't', b'e', b'n', b't', b'_', b'c', ..] => {
            writer.end_with_extents(Extents::new(number_in(line)));
        }
        [b'c', b'r', b'e', b'a', b't', b'i', b'o', b'n', b'_', b't', ..] => {
            writer.end_with_time(number_in(line));
        }
        b"stripe_count = 1" => writer.end_with("linear"),
        [b's', b't', b'r', b'i', b'p', b'e', b'_', b's', ..] => {
            writer.end_with_size(number_in(line));
        }
        _ => writer.end(),
    }
}

/// The digits at the end of a line; they were checked when the text was read.
fn number_in(line: &[u8]) -> u64 {
    let digits = line.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let start = line.len() - digits.count();
    let digit =
        |number: u64, byte: &u8| number.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
    line[start..].iter().fold(0, digit)
}
