//! The drawing of a VG in characters: a bar for each PV, and what the letters stand for.
//!
//! A character stands for the same number of extents in all bars. Where several runs share one, it
//! is that of the longest part of an LV as long as each run, free ones too, is drawn somewhere;
//! else it is a `#`. So nothing is left out in silence.

use super::map::Drawn;
use super::map_style::{Canvas, Mark, free, marks, several, wrong};
use anstyle::Style;
use extant_core::model::lv_table::LvId;
use extant_core::model::segment::Segment;
use extant_core::report::map::{LvOnMap, Place, PvMap, Run};
use extant_core::size::units::{Units, display_size};
use extant_core::units::{Extents, Sectors};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// So many places of an LV are named, unless all are wanted.
const PLACES_MAX: usize = 6;

/// What a character stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Cell {
    /// Extents behind the end of the PV that nothing claims.
    Nothing,
    /// Free extents.
    Free,
    /// Extents of an LV.
    Lv(LvId),
    /// Several runs, of which one is drawn nowhere else.
    Several,
    /// Extents that several LVs claim, or that are not on the PV.
    Wrong,
}

impl Cell {
    /// Returns what comes first where several share a character; of those that are equal in this
    /// the longest does.
    const fn rank(self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Free => 1,
            Self::Lv(_) => 2,
            Self::Several => 3,
            Self::Wrong => 4,
        }
    }
}

/// Returns what a run is drawn as.
fn cell_of(pv: &PvMap, run: &Run) -> Cell {
    let is_beyond = run.start.get() >= pv.count.get();
    match &run.part {
        Some(_) if is_beyond || !run.others.is_empty() => Cell::Wrong,
        Some(part) => Cell::Lv(part.owner),
        None if is_beyond => Cell::Nothing,
        None => Cell::Free,
    }
}

/// Draws a PV, so many extents in each cell.
fn cells(pv: &PvMap, scale: u64) -> Vec<Cell> {
    let at = |cell: u64| usize::try_from(cell).expect("a bar is short");
    // Runs that are drawn alike are one.
    let mut runs: Vec<(u64, u64, Cell)> = Vec::with_capacity(pv.runs.len());
    for run in &pv.runs {
        let (start, end, cell) = (run.start.get(), run.end().get(), cell_of(pv, run));
        match runs.last_mut().filter(|last| last.2 == cell) {
            Some(last) => last.1 = end,
            None => runs.push((start, end, cell)),
        }
    }
    let mut cells = vec![Cell::Nothing; at(pv.drawn().get().div_ceil(scale))];
    let mut parts: BTreeMap<Cell, u64> = BTreeMap::new();
    let mut now = 0;
    let first = |parts: &BTreeMap<Cell, u64>| {
        let weight = |(cell, length): &(&Cell, &u64)| (cell.rank(), **length);
        let order = |one: &(&Cell, &u64), two: &(&Cell, &u64)| weight(one).cmp(&weight(two));
        parts.iter().rev().max_by(order).map_or(Cell::Nothing, |(cell, _)| *cell)
    };
    for &(start, end, cell) in &runs {
        for place in start / scale..end.div_ceil(scale) {
            if place != now {
                cells[at(now)] = first(&parts);
                parts.clear();
                now = place;
            }
            let length = end.min((place + 1) * scale) - start.max(place * scale);
            *parts.entry(cell).or_default() += length;
        }
    }
    if let Some(last) = cells.last_mut() {
        *last = first(&parts);
    }
    for &(start, end, cell) in runs.iter().filter(|run| run.2 != Cell::Nothing) {
        let places = at(start / scale)..at(end.div_ceil(scale));
        let is_drawn = |drawn: &Cell| *drawn == cell || *drawn >= Cell::Several;
        if !cells[places.clone()].iter().any(is_drawn) {
            cells[places.start] = cell.max(Cell::Several);
        }
    }
    cells
}

/// Returns the drawing.
pub(super) fn draw(drawn: &Drawn<'_>, canvas: &Canvas) -> String {
    let (vg, map) = (&drawn.view.vg, &drawn.map);
    let marks = marks(map);
    let names = map.pvs.iter().map(|pv| drawn.pv_name(pv.pv).len()).max().unwrap_or(0);
    let width = canvas.bar(names) as u64;
    let longest = map.pvs.iter().map(|pv| pv.drawn().get()).max().unwrap_or(0);
    let scale = longest.div_ceil(width).max(1);
    let mut out = String::new();
    let each = match scale {
        1 => String::from("1 extent"),
        scale => format!("{scale} extents"),
    };
    let _ = writeln!(
        out,
        "{}: {} in {} extents of {}, {} free; a character is {each}",
        vg.name,
        size(vg.size()),
        vg.extent_count(),
        size(vg.extent_size.sectors()),
        size(vg.extent_size.to_sectors(vg.free_count()))
    );
    let mut seen = BTreeSet::new();
    for pv in &map.pvs {
        let cells = cells(pv, scale);
        let bar = bar(&cells, &marks, canvas);
        seen.extend(cells.into_iter().filter(|cell| !matches!(cell, Cell::Lv(_))));
        let name = drawn.pv_name(pv.pv);
        let _ = writeln!(out, "  {name:<names$} [{bar}] {}", about(drawn, pv));
    }
    legend(&mut out, drawn, canvas, &marks);
    for (cell, mark, style, text) in [
        (Cell::Free, ".", free(), "free"),
        (Cell::Several, "#", several(), "several volumes, or free extents too; --width draws more"),
        (Cell::Wrong, "!", wrong(), "claimed by several volumes, or beyond the end of the device"),
    ] {
        if seen.contains(&cell) {
            let _ = writeln!(out, "  {} {text}", canvas.paint(mark, style));
        }
    }
    out.push('\n');
    out
}

fn size(sectors: Sectors) -> String {
    display_size(sectors, Units::HUMAN)
}

fn bar(cells: &[Cell], marks: &BTreeMap<LvId, Mark>, canvas: &Canvas) -> String {
    let mut out = String::with_capacity(cells.len());
    let drawn = |cell: Cell| match cell {
        Cell::Nothing => (' ', Style::new()),
        Cell::Free => ('.', free()),
        Cell::Lv(lv) => marks.get(&lv).map_or(('?', wrong()), |mark| (mark.letter, mark.style())),
        Cell::Several => ('#', several()),
        Cell::Wrong => ('!', wrong()),
    };
    for same in cells.chunk_by(|one, two| one == two) {
        let (letter, style) = drawn(same[0]);
        let text: String = std::iter::repeat_n(letter, same.len()).collect();
        out.push_str(&canvas.paint(&text, style));
    }
    out
}

/// Says what is to be known of a PV.
fn about(drawn: &Drawn<'_>, pv: &PvMap) -> String {
    let is_free = |run: &&Run| run.part.is_none() && run.start.get() < pv.count.get();
    let mut text = format!("{} extents, {} free", pv.count, pv.free);
    match pv.runs.iter().filter(is_free).count() {
        0 | 1 => {}
        runs => {
            let _ = write!(text, " in {runs} runs");
        }
    }
    for (holds, words) in [
        (drawn.is_missing(pv.pv), ", missing"),
        (!drawn.is_allocatable(pv.pv), ", not allocatable"),
        (pv.drawn() > pv.count, ", and more is claimed"),
    ] {
        if holds {
            text.push_str(words);
        }
    }
    text
}

/// Lists the LVs, in columns.
fn legend(out: &mut String, drawn: &Drawn<'_>, canvas: &Canvas, marks: &BTreeMap<LvId, Mark>) {
    let rows: Vec<[String; 5]> = drawn.map.lvs.iter().map(|lv| row(drawn, lv)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    for (lv, row) in drawn.map.lvs.iter().zip(&rows) {
        let mark = match marks.get(&lv.lv) {
            Some(mark) => canvas.paint(&mark.letter.to_string(), mark.style()),
            None => String::from("-"),
        };
        let [name, size, extents, segments, kind] = row;
        let places = places(drawn, canvas, &own(lv));
        let line = format!(
            "  {mark} {name:<0$}  {size:>1$}  {extents:>2$}  {segments:>3$}  {kind:<4$}  {places}",
            widths[0], widths[1], widths[2], widths[3], widths[4]
        );
        out.push_str(line.trim_end());
        out.push('\n');
        parts(out, drawn, canvas, lv);
    }
}

/// Returns what an LV has itself.
fn own(lv: &LvOnMap) -> Vec<Place> {
    lv.places.iter().filter(|place| place.lv == lv.lv).copied().collect()
}

/// Lists the parts of an LV.
fn parts(out: &mut String, drawn: &Drawn<'_>, canvas: &Canvas, lv: &LvOnMap) {
    let lvs = &drawn.view.vg.lvs;
    let others: Vec<Place> = lv.places.iter().filter(|place| place.lv != lv.lv).copied().collect();
    let parts: Vec<&[Place]> = others.chunk_by(|one, two| one.lv == two.lv).collect();
    let name = |part: &[Place]| format!("[{}]", lvs.name(part[0].lv));
    let width = parts.iter().map(|part| name(part).len()).max().unwrap_or(0);
    for part in parts {
        let places = places(drawn, canvas, part);
        let _ = writeln!(out, "      {:<width$}  {places}", name(part));
    }
}

/// Returns name, length, extents, segments and types.
pub(super) fn row(drawn: &Drawn<'_>, lv: &LvOnMap) -> [String; 5] {
    let vg = &drawn.view.vg;
    let name = vg.lvs.name(lv.lv);
    let name = if vg.lvs.is_visible(lv.lv) { name.to_owned() } else { format!("[{name}]") };
    let segments = vg.lvs.segments(lv.lv);
    let types: BTreeSet<&str> = segments.iter().map(Segment::shown_type).collect();
    let mut types = types.into_iter().collect::<Vec<_>>().join("+");
    if lv.places.iter().any(|place| drawn.is_missing(place.pv)) {
        types.push_str(", partial");
    }
    let extents = vg.lvs.extents(lv.lv);
    let length = vg.extent_size.checked_to_sectors(extents);
    [
        name,
        length.map(size).unwrap_or_default(),
        count(extents.get(), "extent"),
        count(segments.len() as u64, "segment"),
        types,
    ]
}

fn count(number: u64, what: &str) -> String {
    match number {
        1 => format!("1 {what} "),
        number => format!("{number} {what}s"),
    }
}

/// Names places; of very many the first ones.
fn places(drawn: &Drawn<'_>, canvas: &Canvas, places: &[Place]) -> String {
    let named = if canvas.verbose || places.len() <= PLACES_MAX + 1 {
        places
    } else {
        &places[..PLACES_MAX]
    };
    let mut words: Vec<String> = named
        .iter()
        .map(|place| {
            let last = place.start.after(place.extents - Extents::new(1));
            match place.extents.get() {
                1 => format!("{}:{}", drawn.pv_name(place.pv), place.start),
                _ => format!("{}:{}-{last}", drawn.pv_name(place.pv), place.start),
            }
        })
        .collect();
    if named.len() < places.len() {
        words.push(format!("and {} more", places.len() - named.len()));
    }
    words.join(" ")
}

#[cfg(test)]
mod tests;
