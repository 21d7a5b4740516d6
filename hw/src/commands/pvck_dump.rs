//! What `pvck` finds on a device: labels, headers and texts as they are, right or wrong.
//!
//! Nothing here depends on the readers that the rest of the program uses: they stop at what is
//! wrong, and this shows it. The layouts are those of `extant_core::format::label` and `mda`.

use extant_core::codec;
use extant_core::crc::crc;
use extant_core::format::label::{LABEL_SCAN_SECTORS, LABEL_SECTOR_SIZE};
use extant_core::format::mda::RAW_LOCATION_IGNORED;
use std::sync::Arc;

/// The magic of a metadata area.
const MDA_MAGIC: &[u8; 16] = b" LVM2 x[5A%r0N*>";
/// How much is read at once.
const PIECE: usize = 1 << 20;
/// Texts from this length on are looked at before they are read.
const LONG_TEXT: u64 = 16 << 20;
/// The most locations of areas that are shown; more is garbage.
const LOCATIONS_MAX: usize = 16;

/// Reads bytes of the device; fewer, or none, where it ends or fails.
pub(super) type Read<'a> = dyn FnMut(u64, usize) -> Vec<u8> + 'a;

/// Whether the committed texts are looked at too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Texts {
    /// They are read and checked.
    Checked,
    /// They are not.
    Left,
}

/// Lines, and how many things are wrong.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What there is.
    pub(super) lines: Vec<String>,
    /// What is wrong with it.
    pub(super) checks: Vec<String>,
    /// Why a text is none.
    pub(super) errors: Vec<String>,
    /// The metadata areas: first byte, size.
    pub(super) areas: Vec<(u64, u64)>,
    /// The sector of the label, if there is one.
    pub(super) label: Option<u64>,
}

/// A text in a metadata area.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Text {
    /// Its first byte on the device.
    pub(super) at: u64,
    /// Its checksum.
    pub(super) crc: u32,
    /// Its bytes, with the closing NUL.
    pub(super) bytes: Vec<u8>,
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let array = bytes.get(at..at + 4).and_then(|part| part.try_into().ok());
    array.map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let array = bytes.get(at..at + 8).and_then(|part| part.try_into().ok());
    array.map_or(0, u64::from_le_bytes)
}

/// Returns bytes as text, with `?` for what is no printable character.
fn printable(bytes: &[u8]) -> String {
    let shown = |byte: &u8| {
        if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '?' }
    };
    bytes.iter().map(shown).collect()
}

impl Findings {
    fn check(&mut self, is_right: bool, what: &str) {
        if !is_right {
            let line = format!("CHECK: {what}");
            self.lines.push(line.clone());
            self.checks.push(line);
        }
    }

    /// Looks at the label, the PV header, the headers of metadata areas, and the texts.
    pub(super) fn headers(read: &mut Read<'_>, wanted: Option<u64>, texts: Texts) -> Self {
        let mut findings = Self::default();
        let head = read(0, LABEL_SECTOR_SIZE * usize::from(LABEL_SCAN_SECTORS));
        let sector = wanted.unwrap_or_else(|| {
            let has = |sector: &u64| {
                let at = usize::try_from(*sector).unwrap_or(0) * LABEL_SECTOR_SIZE;
                head.get(at..at + 8) == Some(b"LABELONE")
            };
            (0..u64::from(LABEL_SCAN_SECTORS)).find(has).unwrap_or(1)
        });
        let at = sector * LABEL_SECTOR_SIZE as u64;
        let label = read(at, LABEL_SECTOR_SIZE);
        findings.label_header(&label, at, sector);
        findings.pv_header(&label, at);
        for (number, (start, size)) in findings.areas.clone().into_iter().enumerate() {
            let header = findings.mda_header(read, number + 1, start, size);
            if texts == Texts::Checked {
                findings.text(read, &header, number + 1, (start, size));
            }
        }
        if findings.areas.is_empty() {
            findings.lines.push("zero metadata copies".into());
        }
        findings
    }

    fn label_header(&mut self, label: &[u8], at: u64, sector: u64) {
        let id = label.get(..8).unwrap_or_default();
        let kind = label.get(24..32).unwrap_or_default();
        let expected = crc(label.get(20..).unwrap_or_default());
        self.lines.push(format!("label_header at {at}"));
        for (name, value) in [
            ("id", printable(id)),
            ("sector", u64_at(label, 8).to_string()),
            ("crc", format!("0x{:x}", u32_at(label, 16))),
            ("offset", u32_at(label, 20).to_string()),
            ("type", printable(kind)),
        ] {
            self.lines.push(format!("label_header.{name} {value}"));
        }
        if id == b"LABELONE" {
            self.label = Some(sector);
        }
        self.check(id == b"LABELONE", "label_header.id expected LABELONE");
        self.check(u64_at(label, 8) == sector, &format!("label_header.sector expected {sector}"));
        self.check(
            u32_at(label, 16) == expected,
            &format!("label_header.crc expected 0x{expected:x}"),
        );
        self.check(u32_at(label, 20) == 32, "label_header.offset expected 32");
        self.check(kind == b"LVM2 001", "label_header.type expected LVM2 001");
    }

    fn pv_header(&mut self, label: &[u8], at: u64) {
        let header = label.get(32..).unwrap_or_default();
        let id = header.get(..32).unwrap_or_default();
        self.lines.push(format!("pv_header at {}", at + 32));
        self.lines.push(format!("pv_header.pv_uuid {}", printable(id)));
        self.lines.push(format!("pv_header.device_size {}", u64_at(header, 32)));
        let is_id =
            std::str::from_utf8(id).is_ok_and(|id| id.parse::<extant_core::id::Uuid>().is_ok());
        self.check(is_id, "pv_header.pv_uuid invalid format");
        let mut place =
            Locations { bytes: header, base: at + 32, at: 40, number: 0, prefix: "pv_header" };
        place.list(self, "data area");
        let areas = place.list(self, "metadata area");
        let extension = place.at;
        let start = at + 32 + extension as u64;
        self.lines.push(format!("pv_header_extension at {start}"));
        for (name, offset) in [("version", 0), ("flags", 4)] {
            let value = u32_at(header, extension + offset);
            self.lines.push(format!("pv_header_extension.{name} {value}"));
        }
        let mut place = Locations {
            bytes: header,
            base: at + 32,
            at: extension + 8,
            number: 0,
            prefix: "pv_header_extension",
        };
        place.list(self, "bootloader area");
        self.areas = areas;
    }

    fn mda_header(&mut self, read: &mut Read<'_>, number: usize, start: u64, size: u64) -> Vec<u8> {
        let header = read(start, LABEL_SECTOR_SIZE);
        let name = format!("mda_header_{number}");
        let expected = crc(header.get(4..).unwrap_or_default());
        let magic = header.get(4..20).unwrap_or_default();
        self.lines.push(format!("{name} at {start} # metadata area"));
        for (field, value) in [
            ("checksum", format!("0x{:x}", u32_at(&header, 0))),
            ("magic", format!("0x{}", hex(magic))),
            ("version", u32_at(&header, 20).to_string()),
            ("start", u64_at(&header, 24).to_string()),
            ("size", u64_at(&header, 32).to_string()),
        ] {
            self.lines.push(format!("{name}.{field} {value}"));
        }
        self.check(
            u32_at(&header, 0) == expected,
            &format!("{name}.checksum expected 0x{expected:x}"),
        );
        self.check(magic == MDA_MAGIC, &format!("{name}.magic expected 0x{}", hex(MDA_MAGIC)));
        self.check(u32_at(&header, 20) == 1, &format!("{name}.version expected 1"));
        self.check(
            u64_at(&header, 24) == start,
            &format!("{name}.start does not match pv_header.disk_locn.offset {start}"),
        );
        self.check(
            u64_at(&header, 32) == size,
            &format!("{name}.size does not match pv_header.disk_locn.size {size}"),
        );
        for (slot, role) in [(0, "commit"), (1, "precommit")] {
            let at = 40 + slot * 24;
            let place = start + at as u64;
            self.lines.push(format!("{name}.raw_locn[{slot}] at {place} # {role}"));
            for (field, value) in [
                ("offset", u64_at(&header, at).to_string()),
                ("size", u64_at(&header, at + 8).to_string()),
                ("checksum", format!("0x{:x}", u32_at(&header, at + 16))),
                ("flags", flags(u32_at(&header, at + 20))),
            ] {
                self.lines.push(format!("{name}.raw_locn[{slot}].{field} {value}"));
            }
        }
        header
    }

    /// Looks at the text that a header points to.
    fn text(&mut self, read: &mut Read<'_>, header: &[u8], number: usize, area: (u64, u64)) {
        let (offset, size) = (u64_at(header, 40), u64_at(header, 48));
        if offset == 0 || u32_at(header, 60) & RAW_LOCATION_IGNORED != 0 {
            return;
        }
        let location = format!("mda_header_{number}.raw_locn[0]");
        if size > area.1 {
            self.check(false, &format!("{location}.size larger than metadata area size"));
        }
        let Some(text) = committed(read, area.0, area.1) else {
            let place = format!("{location}.offset {offset} size {size}");
            self.check(false, &format!("failed to read metadata text at {place}"));
            return;
        };
        let at = text.at;
        let sum = u32_at(header, 56);
        let what = format!("metadata text at {at} crc does not match {location}.checksum");
        self.check(text.crc == sum, &what);
        if let Err(error) = codec::read::read(&Arc::from(text.bytes.as_slice())) {
            self.check(false, &format!("failed to parse metadata text at {at} size {size}"));
            self.errors.push(format!("Parse error at {error}"));
        }
        self.lines.push(text.line());
    }
}

/// Returns bytes as hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// Returns the flags of a location.
fn flags(flags: u32) -> String {
    let note = if flags & RAW_LOCATION_IGNORED == 0 { "" } else { " # RAW_LOCN_IGNORED" };
    format!("0x{flags:x}{note}")
}

/// A list of locations of areas, walked from front to back.
struct Locations<'a> {
    bytes: &'a [u8],
    base: u64,
    at: usize,
    number: usize,
    prefix: &'static str,
}

impl Locations<'_> {
    /// Shows a list up to its end, and returns the areas.
    fn list(&mut self, findings: &mut Findings, what: &str) -> Vec<(u64, u64)> {
        let mut areas = Vec::new();
        while self.number < LOCATIONS_MAX {
            if self.at + 16 > self.bytes.len() {
                let what = format!("{}.disk_locn[{}] expected list end", self.prefix, self.number);
                findings.check(false, &what);
                break;
            }
            let (offset, size) = (u64_at(self.bytes, self.at), u64_at(self.bytes, self.at + 8));
            let (prefix, number) = (self.prefix, self.number);
            let place = self.base + self.at as u64;
            let what = if offset == 0 {
                String::from("location list end")
            } else {
                format!("location of {what}")
            };
            findings.lines.extend([
                format!("{prefix}.disk_locn[{number}] at {place} # {what}"),
                format!("{prefix}.disk_locn[{number}].offset {offset}"),
                format!("{prefix}.disk_locn[{number}].size {size}"),
            ]);
            self.at += 16;
            self.number += 1;
            if offset == 0 {
                break;
            }
            areas.push((offset, size));
        }
        areas
    }
}

/// Returns the text that a metadata area's header calls committed.
pub(super) fn committed(read: &mut Read<'_>, start: u64, size: u64) -> Option<Text> {
    let header = read(start, LABEL_SECTOR_SIZE);
    let (offset, length) = (u64_at(&header, 40), u64_at(&header, 48));
    let end = offset.checked_add(length)?;
    if offset < 512 || length == 0 || offset >= size || length > size - 512 {
        return None;
    }
    let mut runs = vec![(start.checked_add(offset)?, end.min(size) - offset)];
    if end > size {
        runs.push((start.checked_add(512)?, end - size));
    }
    // A header may claim what it likes: a long text is read if it ends where the header says.
    if length >= LONG_TEXT && !ends_here(read, *runs.last()?) {
        return None;
    }
    let mut bytes = Vec::new();
    for (at, length) in runs {
        take_run(read, &mut bytes, at, length, |_| true);
    }
    Some(Text { at: start + offset, crc: crc(&bytes), bytes })
}

/// Returns whether a run of bytes ends as a text does, with one NUL.
fn ends_here(read: &mut Read<'_>, (at, length): (u64, u64)) -> bool {
    let end = at.checked_add(length);
    let last = end.map(|end| read(end.saturating_sub(2), 2)).unwrap_or_default();
    matches!(last[..], [before, 0] if before != 0)
}

/// Reads a run of bytes piece by piece as long as `more` of the piece says so; less where the
/// device ends.
fn take_run(
    read: &mut Read<'_>,
    bytes: &mut Vec<u8>,
    at: u64,
    length: u64,
    more: impl Fn(&[u8]) -> bool,
) {
    let mut done = 0;
    while done < length {
        let wanted = usize::try_from(length - done).map_or(PIECE, |rest| rest.min(PIECE));
        let Some(at) = at.checked_add(done) else {
            return;
        };
        let piece = read(at, wanted);
        bytes.extend_from_slice(&piece);
        if piece.len() < wanted || !more(&piece) {
            return;
        }
        done += wanted as u64;
    }
}

/// Returns all texts of a metadata area that begin at a sector, old ones included.
pub(super) fn all_texts(read: &mut Read<'_>, start: u64, size: u64) -> Vec<Text> {
    let Some(end) = start.checked_add(size) else {
        return Vec::new();
    };
    let ring = start + LABEL_SECTOR_SIZE as u64;
    let starts = text_starts(read, ring, end);
    let mut texts = Vec::with_capacity(starts.len());
    for (number, at) in starts.iter().copied().enumerate() {
        // A text that lacks its end is cut off where the next begins: memory stays in proportion.
        let limit = starts.get(number + 1).copied().unwrap_or(end);
        let mut bytes = Vec::new();
        let lacks_end = |piece: &[u8]| !piece.contains(&0);
        take_run(read, &mut bytes, at, limit - at, lacks_end);
        if lacks_end(&bytes) && limit == end {
            let first = starts.first().copied().unwrap_or(at);
            take_run(read, &mut bytes, ring, first - ring, lacks_end);
        }
        if let Some(end) = bytes.iter().position(|byte| *byte == 0) {
            bytes.truncate(end + 1);
        }
        texts.push(Text { at, crc: crc(&bytes), bytes });
    }
    texts
}

/// Returns where texts begin in a run of sectors.
fn text_starts(read: &mut Read<'_>, ring: u64, end: u64) -> Vec<u64> {
    let mut starts = Vec::new();
    let mut at = ring;
    while at < end {
        let wanted = usize::try_from(end - at).map_or(PIECE, |rest| rest.min(PIECE));
        let piece = read(at, wanted);
        let sectors = (at..).step_by(LABEL_SECTOR_SIZE).zip(piece.chunks(LABEL_SECTOR_SIZE));
        starts.extend(sectors.filter(|(_, sector)| begins_text(sector)).map(|(at, _)| at));
        if piece.len() < wanted {
            break;
        }
        at += wanted as u64;
    }
    starts
}

/// Returns whether bytes begin like the text of a VG: `name {`, then its identity.
fn begins_text(bytes: &[u8]) -> bool {
    let line = bytes.iter().take(160).position(|byte| *byte == b'\n');
    line.is_some_and(|end| {
        bytes[..end].ends_with(b" {") && end > 2 && bytes[end + 1..].starts_with(b"id = \"")
    })
}

impl Text {
    fn as_str(&self) -> std::borrow::Cow<'_, str> {
        let end = self.bytes.len().saturating_sub(usize::from(self.bytes.ends_with(&[0])));
        String::from_utf8_lossy(&self.bytes[..end])
    }

    /// Returns the text without the closing NUL.
    pub(super) fn body(&self) -> String {
        self.as_str().into_owned()
    }

    fn vg_name(&self) -> String {
        let text = self.as_str();
        text.split_whitespace().next().unwrap_or_default().to_owned()
    }

    fn value(&self, key: &str) -> String {
        let text = self.as_str();
        let mut lines = text.lines();
        let found = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        found.unwrap_or_default().trim_matches('"').to_owned()
    }

    /// Returns the line about a committed text.
    pub(super) fn line(&self) -> String {
        format!(
            "metadata text at {} crc 0x{:x} # vgname {} seqno {}",
            self.at,
            self.crc,
            self.vg_name(),
            self.value("seqno")
        )
    }

    /// Returns the line about one of all texts.
    pub(super) fn long_line(&self) -> String {
        format!(
            "metadata at {} length {} crc {:x} vg {} seqno {} id {}",
            self.at,
            self.bytes.len(),
            self.crc,
            self.vg_name(),
            self.value("seqno"),
            self.value("id")
        )
    }
}
