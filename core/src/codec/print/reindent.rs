//! Sections of plain LVs copied from a text on disk: as they are, or in the form of files.

use super::writer::Writer;
use crate::units::Extents;

/// Appends sections that stand together in a canonical, validated text, and the newline that ends the
/// last line.
pub(super) fn push_spans(writer: &mut Writer<'_>, sections: &[u8]) {
    if !writer.is_file() {
        writer.push_lines(sections);
        writer.end();
        return;
    }
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', sections) {
        push_line(writer, &sections[start..end]);
        start = end + 1;
    }
    push_line(writer, &sections[start..]);
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
