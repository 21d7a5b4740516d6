//! Compiled time zones: the files below `/usr/share/zoneinfo`, RFC 9636.

use super::rule::Rule;
use super::{Abbreviation, Offset, TimeZone};
use std_alloc::vec::Vec;

/// Reads a compiled time zone. `None` if it is not one.
pub(super) fn parse(bytes: &[u8]) -> Option<TimeZone> {
    let (zone, rest) = parse_block(bytes, 4)?;
    // From version 2 on, a second block has 64-bit times, and a rule for later ones follows.
    if bytes.get(4).is_none_or(|version| *version < b'2') {
        return Some(zone);
    }
    let (zone, rest) = parse_block(rest, 8)?;
    let rule = rest.strip_prefix(b"\n").and_then(|line| line.split(|byte| *byte == b'\n').next());
    let rule = rule.and_then(|line| core::str::from_utf8(line).ok()).and_then(Rule::parse);
    Some(TimeZone { rule, ..zone })
}

fn parse_block(bytes: &[u8], time_size: usize) -> Option<(TimeZone, &[u8])> {
    let header = bytes.get(..44)?;
    if !header.starts_with(b"TZif") {
        return None;
    }
    let count = |at: usize| -> Option<usize> {
        let value = u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?);
        usize::try_from(value).ok()
    };
    let (utc, standard, leap) = (count(20)?, count(24)?, count(28)?);
    let (times, types, letters) = (count(32)?, count(36)?, count(40)?);
    let mut rest = &bytes[44..];
    let mut take = |length: Option<usize>| -> Option<&[u8]> {
        let (taken, left) = rest.split_at_checked(length?)?;
        rest = left;
        Some(taken)
    };
    let starts = take(times.checked_mul(time_size))?;
    let kinds = take(Some(times))?;
    let offsets = take(types.checked_mul(6))?;
    let names = take(Some(letters))?;
    take(leap.checked_mul(time_size + 4))?;
    take(Some(standard))?;
    take(Some(utc))?;
    let offset = |kind: usize| -> Option<Offset> {
        let entry = offsets.chunks_exact(6).nth(kind)?;
        let seconds = i32::from_be_bytes(entry[..4].try_into().ok()?);
        let name = names.get(usize::from(entry[5])..)?;
        let end = name.iter().position(|byte| *byte == 0)?;
        Some(Offset { seconds, name: Abbreviation::new(&name[..end]) })
    };
    let mut transitions = Vec::new();
    for (start, kind) in starts.chunks_exact(time_size).zip(kinds) {
        let start = match time_size {
            4 => i64::from(i32::from_be_bytes(start.try_into().ok()?)),
            _ => i64::from_be_bytes(start.try_into().ok()?),
        };
        transitions.push((start, offset(usize::from(*kind))?));
    }
    if !transitions.is_sorted_by_key(|(start, _)| *start) {
        return None;
    }
    Some((TimeZone { first: offset(0)?, transitions, rule: None }, rest))
}
