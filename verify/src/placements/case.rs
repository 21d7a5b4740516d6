//! One question to the allocator: a VG, what is asked for, as metadata text, as a command line and
//! as a request to the library.

use anyhow::Context;
use extant_core::alloc::{Candidate, Layout, Piece, Request};
use extant_core::codec::read;
use extant_core::id::Uuid;
use extant_core::model::flags::{AllocationPolicy, SegmentFlags};
use extant_core::model::pv::PvIndex;
use extant_core::model::segment::{Area, Segment, SegmentKind, Striped};
use extant_core::model::vg::Vg;
use extant_core::size::ranges::PeRange;
use extant_core::units::{Extents, Le, Pe, Sectors};
use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

/// The VG of all cases.
pub const VG: &str = "vg";
/// The LV that is made or extended.
pub const LV: &str = "lv";
/// Bytes of an extent.
pub const EXTENT: u64 = 1 << 20;
/// Where extents begin on a PV, in bytes.
pub const DATA_START: u64 = 1 << 20;
/// The most extents that a PV has.
pub const PES_MAX: u64 = 64;

/// A PV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CasePv {
    /// What becomes of each extent.
    pub extents: Vec<Use>,
    /// Whether it may be allocated from.
    pub allocatable: bool,
    /// Its tags.
    pub tags: Vec<&'static str>,
}

/// What an extent is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Use {
    /// Nothing.
    Free,
    /// Another LV.
    Other,
    /// The LV that is extended.
    Own,
}

/// A segment that the LV has before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// How many rows it has.
    pub rows: u64,
    /// For each stripe its PV and first extent.
    pub areas: Vec<(usize, u64)>,
}

/// A PV on the command line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Argument {
    /// Which one.
    pub pv: usize,
    /// First extent and number of extents; without any the whole PV.
    pub ranges: Vec<(u64, u64)>,
}

/// A VG, and what is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// The PVs.
    pub pvs: Vec<CasePv>,
    /// The segments of the LV that is extended; none for a new one.
    pub before: Vec<Part>,
    /// How many extents each stripe gets.
    pub rows: u64,
    /// How many stripes each leg has: one if there are several legs.
    pub stripes: usize,
    /// How many legs there are: several are those of a mirror, which is extended.
    pub legs: usize,
    /// The policy; `Inherit` leaves it to the VG, whose policy is *normal*.
    pub policy: AllocationPolicy,
    /// `allocation/cling_tag_list`, with its `@`s.
    pub cling_tags: Vec<String>,
    /// `allocation/maximise_cling`.
    pub maximise_cling: bool,
    /// The PVs on the command line, none for all.
    pub arguments: Vec<Argument>,
}

/// Returns the UUID of a PV.
pub fn pv_id(number: usize) -> String {
    format!("Pv0000-0000-0000-0000-0000-0000-{number:06}")
}

/// Returns runs of extents with the same use: first extent and length.
pub fn runs_of(extents: &[Use], wanted: Use) -> Vec<(u64, u64)> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for (place, _) in (0..).zip(extents).filter(|(_, found)| **found == wanted) {
        match runs.last_mut().filter(|run| run.0 + run.1 == place) {
            Some(run) => run.1 += 1,
            None => runs.push((place, 1)),
        }
    }
    runs
}

impl CasePv {
    /// Returns how many extents are free.
    pub fn free(&self) -> u64 {
        self.extents.iter().map(|found| u64::from(*found == Use::Free)).sum()
    }
}

impl Case {
    /// Returns the VG in the form of a backup file.
    pub fn text(&self) -> String {
        let mut text = format!(
            "contents = \"Text Format Volume Group\"\nversion = 1\ndescription = \"placements\"\n\
             creation_host = \"host\"\t# Linux\ncreation_time = 1700000000\t# once\n\n\
             {VG} {{\nid = \"Vg0000-0000-0000-0000-0000-0000-000000\"\nseqno = 1\n\
             format = \"lvm2\"\nstatus = [\"RESIZEABLE\", \"READ\", \"WRITE\"]\nflags = []\n\
             extent_size = {}\nmax_lv = 0\nmax_pv = 0\nmetadata_copies = 0\n\n\
             physical_volumes {{\n",
            EXTENT / 512
        );
        for (number, pv) in self.pvs.iter().enumerate() {
            let status = if pv.allocatable { "\"ALLOCATABLE\"" } else { "" };
            let tags: Vec<String> = pv.tags.iter().map(|tag| format!("\"{tag}\"")).collect();
            let tags = match tags.as_slice() {
                [] => String::new(),
                tags => format!("tags = [{}]\n", tags.join(", ")),
            };
            let _ = write!(
                text,
                "\npv{number} {{\nid = \"{}\"\ndevice = \"/dev/x\"\n\nstatus = [{status}]\n\
                 flags = []\n{tags}dev_size = {}\npe_start = {}\npe_count = {}\n}}\n",
                pv_id(number),
                disk_size() / 512,
                DATA_START / 512,
                pv.extents.len()
            );
        }
        text.push_str("}\n\n");
        let others = self.pvs.iter().enumerate().flat_map(|(pv, of)| {
            let runs = runs_of(&of.extents, Use::Other).into_iter();
            runs.map(move |(start, rows)| Part { rows, areas: vec![(pv, start)] })
        });
        let others: Vec<Part> = others.collect();
        let mut lvs = String::new();
        if self.legs > 1 {
            mirror_text(&mut lvs, self.legs, &self.before);
        } else if !self.before.is_empty() {
            lv_text(&mut lvs, LV, 'L', &self.before);
        }
        if !others.is_empty() {
            lv_text(&mut lvs, "others", 'O', &others);
        }
        if !lvs.is_empty() {
            let _ = write!(text, "logical_volumes {{\n{lvs}}}\n\n");
        }
        text.push_str("}\n");
        text
    }

    /// Returns the command with its arguments; `devices` are those of the PVs.
    pub fn command(&self, devices: &[&str]) -> Vec<String> {
        let extents = self.rows * self.stripes as u64;
        let is_new = self.before.is_empty();
        let start: &[&str] = if is_new {
            &["lvcreate", "-an", "-Zn", "-Wn", "-y", "-n", LV]
        } else {
            &["lvextend", "-y"]
        };
        let mut words: Vec<String> = start.iter().map(|word| (*word).to_owned()).collect();
        let sign = if is_new { "" } else { "+" };
        words.push(format!("-l{sign}{extents}"));
        if self.legs == 1 {
            words.push(format!("-i{}", self.stripes));
        }
        if self.stripes > 1 {
            words.push("-I64k".to_owned());
        }
        if self.policy != AllocationPolicy::Inherit {
            words.extend(["--alloc".to_owned(), self.policy.as_str().to_owned()]);
        }
        let tags: Vec<String> = self.cling_tags.iter().map(|tag| format!("\"{tag}\"")).collect();
        let tags = match tags.as_slice() {
            [] => String::new(),
            tags => format!(" cling_tag_list=[{}]", tags.join(",")),
        };
        let maximise = u8::from(self.maximise_cling);
        words.push("--config".to_owned());
        words.push(format!(
            "backup{{backup=0 archive=0}} allocation{{maximise_cling={maximise}{tags}}}"
        ));
        words.push(if is_new { VG.to_owned() } else { format!("{VG}/{LV}") });
        for argument in &self.arguments {
            let mut word = devices[argument.pv].to_owned();
            for (start, length) in &argument.ranges {
                let _ = write!(word, ":{start}-{}", start + length - 1);
            }
            words.push(word);
        }
        words
    }

    /// Returns the VG as Extant reads it.
    ///
    /// # Errors
    /// If it does not read.
    pub fn vg(&self) -> anyhow::Result<Vg> {
        let text: Arc<[u8]> = self.text().into_bytes().into();
        Ok(read::read(&text).context("reading the text of a case")?.0)
    }

    /// Returns the segments that the LV has before, those of a mirror with all its legs.
    pub fn segments(&self) -> Vec<Segment> {
        let mut start = Le::ZERO;
        let segment = |part: &Part| {
            let area = |(pv, pe): &(usize, u64)| Area::Pv { pv: index(*pv), start: Pe::new(*pe) };
            let extents = Extents::new(part.rows * part.areas.len() as u64);
            let stripe_size = (part.areas.len() > 1).then_some(Sectors::new(128));
            let segment = Segment {
                start,
                extents,
                reshape: None,
                tags: Vec::new(),
                flags: SegmentFlags::default(),
                kind: SegmentKind::Striped(Striped {
                    stripe_size,
                    areas: part.areas.iter().map(area).collect(),
                }),
            };
            start = segment.end();
            segment
        };
        self.before.iter().map(segment).collect()
    }

    /// Returns the question as the library is asked; `before` are the LV's segments.
    pub fn request<'a>(&'a self, before: &'a [Segment]) -> Request<'a> {
        let range = |(start, length): (u64, u64)| PeRange {
            start: Pe::new(start),
            extents: Extents::new(length),
        };
        let candidate = |argument: &Argument| {
            let whole = (0, self.pvs[argument.pv].extents.len() as u64);
            let ranges = match argument.ranges.as_slice() {
                [] => vec![range(whole)],
                ranges => ranges.iter().copied().map(range).collect(),
            };
            Candidate { pv: index(argument.pv), ranges }
        };
        let all = (0..self.pvs.len()).map(|pv| Argument { pv, ranges: Vec::new() });
        let all: Vec<Argument> = match self.arguments.as_slice() {
            [] => all.collect(),
            some => some.to_vec(),
        };
        let allocatable = all.iter().filter(|argument| self.pvs[argument.pv].allocatable);
        Request {
            rows: Extents::new(self.rows),
            legs: self.legs,
            stripes: self.stripes,
            policy: match self.policy {
                AllocationPolicy::Inherit => AllocationPolicy::Normal,
                policy => policy,
            },
            candidates: allocatable.map(candidate).collect(),
            before,
            cling_tags: &self.cling_tags,
            maximise_cling: self.maximise_cling,
            approximate: false,
        }
    }

    /// Whether `cling_tag_list` names a tag; `@*` names all.
    pub fn lists(&self, tag: &str) -> bool {
        let mut list = self.cling_tags.iter().map(|listed| listed.trim_start_matches('@'));
        list.any(|listed| listed == "*" || listed == tag)
    }

    /// Returns how many extents the LV has before.
    pub fn extents_before(&self) -> u64 {
        let legs = self.legs as u64;
        self.before.iter().map(|part| part.rows * part.areas.len() as u64 / legs).sum()
    }

    /// Returns how many extents a row has.
    pub fn width(&self) -> usize {
        self.legs * self.stripes
    }

    /// Reads what was added to the LV, leg by leg, out of a VG's text; none if there is no such LV
    /// or it has not grown.
    ///
    /// # Errors
    /// If the text does not read, or the LV is not what it should be.
    pub fn added(&self, text: &[u8]) -> anyhow::Result<Option<Layout>> {
        let (vg, _) = read::read(&Arc::from(text)).context("reading what a command wrote")?;
        let numbers: BTreeMap<Uuid, u32> = (0_u32..)
            .zip(0..self.pvs.len())
            .map(|(index, pv)| Ok((pv_id(pv).parse()?, index)))
            .collect::<Result<_, extant_core::id::UuidError>>()?;
        let mut legs = Vec::new();
        for leg in 0..self.legs {
            let name = if self.legs > 1 { image(leg) } else { LV.to_owned() };
            let Some(lv) = vg.lvs.find(&name) else {
                return Ok(None);
            };
            legs.push(rows_behind(&vg, &vg.lvs.segments(lv), self.extents_before(), &numbers)?);
        }
        let mut layout = Layout::default();
        for row in 0..legs[0].len() {
            let row = legs.iter().map(|leg| leg.get(row).context("legs differ in length"));
            let row = row.collect::<anyhow::Result<Vec<_>>>()?;
            push(&mut layout, row.into_iter().flatten().copied().collect());
        }
        Ok(Some(layout).filter(|layout| !layout.pieces.is_empty()))
    }
}

/// Extents of a row: PVs and places.
type Row = Vec<(PvIndex, Pe)>;

/// Returns the rows of segments behind so many extents; `numbers` are those of the PVs.
fn rows_behind(
    vg: &Vg,
    segments: &[Segment],
    old: u64,
    numbers: &BTreeMap<Uuid, u32>,
) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for segment in segments {
        let stripes = segment.areas().len() as u64;
        let skipped = old.saturating_sub(segment.start.get()) / stripes;
        for row in skipped..segment.area_extents().get() {
            let area = |area: &Area| match area {
                Area::Pv { pv, start } => {
                    let number = numbers.get(&vg.pv(*pv).id).context("a PV is not of the case")?;
                    Ok((PvIndex(*number), start.after(Extents::new(row))))
                }
                Area::Lv { .. } => anyhow::bail!("a stripe lies on an LV"),
            };
            rows.push(segment.areas().iter().map(area).collect::<anyhow::Result<Row>>()?);
        }
    }
    Ok(rows)
}

/// Adds a row to a layout, to its last piece if it goes on there.
fn push(layout: &mut Layout, row: Row) {
    let one = Extents::new(1);
    let goes_on = |last: &Piece| {
        let next = last.areas.iter().map(|(pv, start)| (*pv, start.after(last.rows)));
        next.eq(row.iter().copied())
    };
    match layout.pieces.last_mut() {
        Some(last) if goes_on(last) => last.rows += one,
        _ => layout.pieces.push(Piece { rows: one, areas: row }),
    }
}

fn index(pv: usize) -> PvIndex {
    PvIndex(u32::try_from(pv).expect("there are a few PVs"))
}

fn image(leg: usize) -> String {
    format!("{LV}_mimage_{leg}")
}

/// The command line, and a line per PV: `.` is free, `#` in use, `o` the LV's own.
impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let devices: Vec<String> = (0..self.pvs.len()).map(|pv| format!("pv{pv}")).collect();
        let devices: Vec<&str> = devices.iter().map(String::as_str).collect();
        let words = self.command(&devices);
        let words = words
            .iter()
            .map(|word| if word.contains(' ') { format!("'{word}'") } else { word.clone() });
        writeln!(f, "{}", words.collect::<Vec<String>>().join(" "))?;
        for (number, pv) in self.pvs.iter().enumerate() {
            let letter = |found: &Use| match found {
                Use::Free => '.',
                Use::Other => '#',
                Use::Own => 'o',
            };
            let extents: String = pv.extents.iter().map(letter).collect();
            let not = if pv.allocatable { "" } else { " not allocatable" };
            writeln!(f, "  pv{number} {extents}{not} {}", pv.tags.join(" "))?;
        }
        for part in &self.before {
            writeln!(f, "  before: {} rows at {}", part.rows, places(&part.areas))?;
        }
        Ok(())
    }
}

/// Writes pieces: rows, and where each stripe begins.
pub fn shown(layout: &Layout) -> String {
    let piece = |piece: &Piece| {
        let areas: Vec<_> = piece.areas.iter().map(|(pv, pe)| (pv.get(), pe.get())).collect();
        format!("{}@{}", piece.rows, places(&areas))
    };
    layout.pieces.iter().map(piece).collect::<Vec<String>>().join(" ")
}

fn places(areas: &[(usize, u64)]) -> String {
    let place = |(pv, start): &(usize, u64)| format!("{pv}:{start}");
    areas.iter().map(place).collect::<Vec<String>>().join(",")
}

/// Returns how large a disk is, in bytes.
pub const fn disk_size() -> u64 {
    DATA_START + PES_MAX * EXTENT
}

/// Writes a mirror with its log in memory, and its images.
fn mirror_text(text: &mut String, legs: usize, parts: &[Part]) {
    let rows: u64 = parts.iter().map(|part| part.rows).sum();
    let images: Vec<String> = (0..legs).map(|leg| format!("\"{}\", 0", image(leg))).collect();
    lv_head(text, LV, "Lv0000", &["VISIBLE"], 1);
    let _ = write!(
        text,
        "segment1 {{\nstart_extent = 0\nextent_count = {rows}\n\ntype = \"mirror\"\n\
         mirror_count = {legs}\nregion_size = 1024\n\nmirrors = [\n{}\n]\n}}\n}}\n",
        images.join(",\n")
    );
    for leg in 0..legs {
        let of_leg = |part: &Part| Part { rows: part.rows, areas: vec![part.areas[leg]] };
        let parts: Vec<Part> = parts.iter().map(of_leg).collect();
        lv_head(text, &image(leg), &format!("Im000{leg}"), &[], parts.len());
        segments_text(text, &parts);
    }
}

fn lv_text(text: &mut String, name: &str, letter: char, parts: &[Part]) {
    lv_head(text, name, &format!("{letter}v0000"), &["VISIBLE"], parts.len());
    segments_text(text, parts);
}

fn lv_head(text: &mut String, name: &str, id: &str, more: &[&str], segments: usize) {
    let status: Vec<String> =
        ["READ", "WRITE"].iter().chain(more).map(|word| format!("\"{word}\"")).collect();
    let _ = write!(
        text,
        "\n{name} {{\nid = \"{id}-0000-0000-0000-0000-0000-000000\"\nstatus = [{}]\nflags = []\n\
         creation_time = 1700000000\ncreation_host = \"host\"\nsegment_count = {segments}\n\n",
        status.join(", ")
    );
}

/// Writes segments, and the end of their LV.
fn segments_text(text: &mut String, parts: &[Part]) {
    let mut start = 0;
    for (number, part) in parts.iter().enumerate() {
        let stripes = part.areas.len();
        let extents = part.rows * stripes as u64;
        let size = if stripes > 1 { "stripe_size = 128\n" } else { "" };
        let areas: Vec<String> =
            part.areas.iter().map(|(pv, place)| format!("\"pv{pv}\", {place}")).collect();
        let _ = write!(
            text,
            "segment{} {{\nstart_extent = {start}\nextent_count = {extents}\n\ntype = \"striped\"\n\
             stripe_count = {stripes}\n{size}\nstripes = [\n{}\n]\n}}\n",
            number + 1,
            areas.join(",\n")
        );
        start += extents;
    }
    text.push_str("}\n");
}
