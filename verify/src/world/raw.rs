//! A plain reader of labels and metadata areas that shares no code with `core`: the oracle's own
//! eyes.
//!
//! Everything it sees of a disk becomes lines of text in which what may differ between two runs of
//! the same command (identities, times, the describing comments) has been replaced by names of its
//! own. Two programs that did the same leave equal lines.

use crate::world::World;
use crate::world::loops::LoopDisk;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Length of a sector.
const SECTOR: usize = 512;
/// Sectors that may hold a label.
const LABEL_SECTORS: usize = 4;
/// More bytes of text than any area in these tests can hold.
const TEXT_MAX: u64 = 8 << 20;

/// What a metadata area holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawArea {
    /// First byte on the disk.
    pub start: u64,
    /// Length with its header.
    pub size: u64,
    /// Whether the area is ignored.
    pub ignored: bool,
    /// The committed text without its closing NUL; none if the area is empty or damaged.
    pub text: Option<Vec<u8>>,
    /// Whether a second, precommitted location is there.
    pub precommitted: bool,
}

/// What the label sector and the metadata areas of a disk say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawPv {
    /// The sector of the label.
    pub sector: usize,
    /// The PV's identity, 32 characters.
    pub id: String,
    /// Size of the device as recorded.
    pub device_size: u64,
    /// Data areas: offset and size.
    pub data: Vec<(u64, u64)>,
    /// Metadata areas.
    pub areas: Vec<RawArea>,
    /// Version and flags of the extension.
    pub extension: (u32, u32),
    /// Bootloader areas: offset and size.
    pub bootloader: Vec<(u64, u64)>,
}

/// Reads the label of a disk and what it leads to; none if the disk is no PV.
///
/// # Errors
/// If the disk cannot be read.
pub fn read_pv(disk: &LoopDisk) -> anyhow::Result<Option<RawPv>> {
    let start = disk.read(0, LABEL_SECTORS * SECTOR)?;
    let Some(sector) = start.chunks(SECTOR).position(|sector| sector.starts_with(b"LABELONE"))
    else {
        return Ok(None);
    };
    let label = &start[sector * SECTOR..(sector + 1) * SECTOR];
    let header = usize::try_from(u32_at(label, 20))?;
    let mut place = header + 40;
    let data = read_list(label, &mut place);
    let areas = read_list(label, &mut place)
        .into_iter()
        .map(|(offset, size)| read_area(disk, offset, size))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let extension = (u32_at(label, place), u32_at(label, place + 4));
    place += 8;
    Ok(Some(RawPv {
        sector,
        id: String::from_utf8_lossy(label.get(header..header + 32).unwrap_or_default()).into(),
        device_size: u64_at(label, header + 32),
        data,
        areas,
        extension,
        bootloader: read_list(label, &mut place),
    }))
}

fn read_area(disk: &LoopDisk, start: u64, size: u64) -> anyhow::Result<RawArea> {
    let header = disk.read(start, SECTOR)?;
    let (offset, length) = (u64_at(&header, 40), u64_at(&header, 48));
    let usable = offset >= 512 && offset < size && length > 0 && length <= size.min(TEXT_MAX);
    let text = if usable {
        let first = length.min(size - offset);
        let mut text = disk.read(start + offset, usize::try_from(first)?)?;
        text.extend(disk.read(start + 512, usize::try_from(length - first)?)?);
        text.pop();
        Some(text)
    } else {
        None
    };
    Ok(RawArea {
        start,
        size,
        ignored: u32_at(&header, 60) & 1 == 1,
        text,
        precommitted: u64_at(&header, 64) != 0,
    })
}

fn u32_at(bytes: &[u8], place: usize) -> u32 {
    let slice = bytes.get(place..place + 4).unwrap_or(&[0; 4]);
    u32::from_le_bytes(slice.try_into().expect("four bytes were taken"))
}

fn u64_at(bytes: &[u8], place: usize) -> u64 {
    let slice = bytes.get(place..place + 8).unwrap_or(&[0; 8]);
    u64::from_le_bytes(slice.try_into().expect("eight bytes were taken"))
}

/// Reads a list of offsets and sizes that ends with a zero offset.
fn read_list(label: &[u8], place: &mut usize) -> Vec<(u64, u64)> {
    let mut list = Vec::new();
    while *place + 16 <= label.len() {
        let entry = (u64_at(label, *place), u64_at(label, *place + 8));
        *place += 16;
        if entry.0 == 0 {
            break;
        }
        list.push(entry);
    }
    list
}

/// Describes all disks of a world, one line per fact, so that equal worlds have equal lines.
///
/// # Errors
/// If a disk cannot be read.
pub fn describe(world: &World) -> anyhow::Result<String> {
    let mut names = Names::default();
    let mut lines = String::new();
    let mut areas = Vec::new();
    for (number, disk) in world.disks.iter().enumerate() {
        let Some(pv) = read_pv(disk)? else {
            let _ = writeln!(lines, "disk {number}: no PV");
            continue;
        };
        describe_pv(&mut lines, &mut names, number, &pv);
        areas.extend(pv.areas.into_iter().map(|area| (number, area)));
    }
    describe_areas(&mut lines, &mut names, &areas);
    Ok(lines)
}

/// Describes all metadata areas, and each of the texts they hold once.
fn describe_areas(lines: &mut String, names: &mut Names, areas: &[(usize, RawArea)]) {
    let texts = |managed: bool| {
        let used = areas.iter().filter(move |(_, area)| !(managed && area.ignored));
        let texts = used.filter_map(|(_, area)| area.text.as_deref());
        let texts = texts.map(|text| String::from_utf8_lossy(text).into_owned());
        let mut seen = BTreeSet::new();
        texts.filter(|text| seen.insert(text.clone())).collect::<Vec<String>>()
    };
    // LVM2 draws lots which areas to use when it is told how many.
    let managed = texts(false).iter().any(|text| !text.contains("\nmetadata_copies = 0\n"));
    let mut texts = texts(managed);
    if managed {
        texts.sort_by_cached_key(|text| Names::default().plain(text));
    }
    for (number, area) in areas {
        let _ = write!(lines, "disk {number}: area at {} of {}", area.start, area.size);
        if !managed {
            let text = area.text.as_deref().map(String::from_utf8_lossy);
            let place = text.and_then(|text| texts.iter().position(|known| *known == text));
            let _ = write!(lines, " text {place:?} ignored {}", area.ignored);
        }
        let _ = writeln!(lines, "{}", if area.precommitted { " PRECOMMITTED" } else { "" });
    }
    for text in &texts {
        lines.push_str(&names.plain(text));
    }
}

fn describe_pv(lines: &mut String, names: &mut Names, number: usize, pv: &RawPv) {
    let _ = writeln!(
        lines,
        "disk {number}: PV {} sector {} size {} data {:?} extension {:?} bootloader {:?}",
        names.of(&hyphenated(&pv.id)),
        pv.sector,
        pv.device_size,
        pv.data,
        pv.extension,
        pv.bootloader,
    );
}

/// Writes 32 characters in the groups that texts use.
fn hyphenated(id: &str) -> String {
    let mut out = String::new();
    for (place, letter) in id.chars().enumerate() {
        if matches!(place, 6 | 10 | 14 | 18 | 22 | 26) {
            out.push('-');
        }
        out.push(letter);
    }
    out
}

/// Names for identities, given in the order in which they are met.
#[derive(Clone, Debug, Default)]
pub struct Names {
    known: BTreeMap<String, usize>,
}

impl Names {
    /// Returns the name of an identity.
    pub fn of(&mut self, id: &str) -> String {
        let next = self.known.len();
        format!("ID{}", self.known.entry(id.to_owned()).or_insert(next))
    }

    /// Returns a text without what may differ between two runs of one command: identities are
    /// named, times, counters and the describing lines at the top level are left out.
    pub fn plain(&mut self, text: &str) -> String {
        const DROPPED: [&str; 4] =
            ["seqno = ", "description = ", "creation_time = ", "# Generated by "];
        let mut out = String::new();
        for line in text.lines() {
            let content = line.trim_start();
            // The host of an LV is its own, that of the text carries the kernel's version.
            let host_of_text = content.starts_with("creation_host = ") && content.contains('#');
            if host_of_text || DROPPED.iter().any(|start| content.starts_with(start)) {
                continue;
            }
            out.push_str(&self.replace(line));
            out.push('\n');
        }
        out
    }

    /// Returns a line with each identity replaced by its name.
    pub fn replace(&mut self, line: &str) -> String {
        let mut out = String::new();
        let mut rest = line;
        while let Some(at) = find_id(rest) {
            out.push_str(&rest[..at]);
            out.push_str(&self.of(&rest[at..at + ID_LENGTH]));
            rest = &rest[at + ID_LENGTH..];
        }
        out.push_str(rest);
        out
    }
}

/// Length of an identity with its hyphens.
const ID_LENGTH: usize = 38;

/// Finds the first identity in a line.
fn find_id(line: &str) -> Option<usize> {
    line.bytes()
        .enumerate()
        .filter(|(_, byte)| *byte == b'-')
        .filter_map(|(hyphen, _)| hyphen.checked_sub(6))
        .find(|at| line.get(*at..at + ID_LENGTH).is_some_and(is_id))
}

fn is_id(word: &str) -> bool {
    word.bytes().enumerate().all(|(place, byte)| match (place, byte) {
        (6 | 11 | 16 | 21 | 26 | 31, byte) => byte == b'-',
        (_, byte) => byte.is_ascii_alphanumeric() || byte == b'!' || byte == b'#',
    })
}

#[cfg(test)]
mod tests {
    use super::{Names, find_id, hyphenated};

    const ONE: &str = "Aox5rE-TvDX-Asm3-JZZj-NOoW-08hg-Is1AyP";
    const TWO: &str = "Box5rE-TvDX-Asm3-JZZj-NOoW-08hg-Is1AyP";

    #[test]
    fn identities_are_found_and_named_in_order() {
        let mut names = Names::default();
        assert_eq!(find_id(&format!("id = \"{ONE}\"")), Some(6));
        assert_eq!(find_id("no-identity-in-here"), None);
        let line = format!("{TWO} {ONE} {TWO}");
        assert_eq!(names.replace(&line), "ID0 ID1 ID0");
        assert_eq!(hyphenated(&ONE.replace('-', "")), ONE);
    }

    #[test]
    fn what_may_differ_is_left_out_and_nothing_else() {
        let mut names = Names::default();
        let text = format!(
            "v {{\nid = \"{ONE}\"\nseqno = 7\nextent_size = 8192\n}}\n# Generated by LVM2\n\
             description = \"x\"\ncreation_time = 1\t# now\n"
        );
        assert_eq!(names.plain(&text), "v {\nid = \"ID0\"\nextent_size = 8192\n}\n");
    }
}
