//! Texts of metadata that differ in where an LV lies, and which of them places it better.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// An extent: its PV as the text names it, its place there.
type Extent = (String, u64);

/// Where an LV lies: its rows.
type Rows = Vec<Vec<Extent>>;

/// Returns true if two texts differ only in where LVs lie, and the second places each of these
/// better than the first in the order of preference, given the text before.
pub(super) fn is_better(before: &str, worse: &str, better: &str) -> bool {
    let (before, worse, better) = (Placed::read(before), Placed::read(worse), Placed::read(better));
    let other = || {
        let lvs = worse.lvs.iter().zip(&better.lvs);
        lvs.filter(|((_, one), (_, other))| one != other)
    };
    let is_better = |((name, worse), (same, better)): (&(String, Rows), &(String, Rows))| {
        let old = before.lvs.iter().find(|(old, _)| old == name).map(|(_, rows)| rows.as_slice());
        let rank = |rows| rank(old.unwrap_or_default(), rows);
        name == same && rank(better) > rank(worse)
    };
    worse.rest == better.rest
        && worse.lvs.len() == better.lvs.len()
        && other().count() > 0
        && other().all(is_better)
}

/// A text without the places of LVs, and these.
#[derive(Default)]
struct Placed {
    rest: String,
    lvs: Vec<(String, Rows)>,
}

impl Placed {
    fn read(text: &str) -> Self {
        let mut placed = Self::default();
        let mut sections: Vec<String> = Vec::new();
        let mut segment: Option<BTreeMap<String, u64>> = None;
        let mut areas: Vec<Extent> = Vec::new();
        let code = |line: &'_ str| line.split('#').next().unwrap_or_default().trim().to_owned();
        let lines: Vec<String> = text.lines().map(code).collect();
        for line in lines.iter().map(String::as_str).filter(|line| !line.is_empty()) {
            if let Some(name) = line.strip_suffix(" {") {
                sections.push(name.to_owned());
                if is_segment(name) {
                    (segment, areas) = (Some(BTreeMap::new()), Vec::new());
                }
            }
            let Some(values) = &mut segment else {
                match (line.split_once(" = "), sections.last()) {
                    (Some(("segment_count", _)), Some(name)) => {
                        placed.lvs.push((name.clone(), Rows::new()));
                    }
                    _ => placed.rest.extend([line, "\n"]),
                }
                if line == "}" {
                    sections.pop();
                }
                continue;
            };
            if let Some((key, value)) = line.split_once(" = ")
                && let Ok(number) = value.parse()
            {
                values.insert(key.to_owned(), number);
            } else if let Some((pv, start)) = line.trim_end_matches(',').split_once(", ")
                && let Ok(start) = start.parse()
            {
                areas.push((pv.to_owned(), start));
            } else if line == "}" {
                sections.pop();
                let extents = values.get("extent_count").copied().unwrap_or(0);
                let rows = extents / (areas.len() as u64).max(1);
                let row = |number: u64| {
                    areas.iter().map(move |(pv, start)| (pv.clone(), start + number)).collect()
                };
                if let Some((_, of_lv)) = placed.lvs.last_mut() {
                    of_lv.extend((0..rows).map(row));
                }
                segment = None;
            }
        }
        placed
    }
}

fn is_segment(name: &str) -> bool {
    let number = name.strip_prefix("segment").unwrap_or_default();
    !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
}

/// What counts of rows behind others: those that follow, those that cling, those on different PVs;
/// and the segments, the fewer the better.
fn rank(before: &[Vec<Extent>], rows: &[Vec<Extent>]) -> (usize, usize, usize, Reverse<usize>) {
    let added = rows.get(before.len()..).unwrap_or_default();
    let is_next = |pair: &[Vec<Extent>]| {
        let next = pair[0].iter().map(|(pv, place)| (pv, place + 1));
        next.eq(pair[1].iter().map(|(pv, place)| (pv, *place)))
    };
    let is_alike = |last: &&Vec<Extent>| Some(last.len()) == added.first().map(Vec::len);
    let from = before.len() - before.last().filter(is_alike).into_iter().count();
    let lead = rows.get(from..).unwrap_or_default().windows(2).take_while(|pair| is_next(pair));
    let contiguous = lead.count() + usize::from(from == before.len());
    let pvs = |row: &[Extent]| row.iter().map(|(pv, _)| pv.clone()).collect::<BTreeSet<String>>();
    let home: BTreeSet<String> = match before.last().filter(is_alike) {
        Some(last) => {
            let alike = before.iter().filter(|row| row.len() == last.len());
            alike.flat_map(|row| pvs(row)).collect()
        }
        None => added.first().map(|row| pvs(row)).unwrap_or_default(),
    };
    let apart = added.iter().filter(|row| pvs(row).len() == row.len());
    let clings = apart.clone().filter(|row| pvs(row).is_subset(&home));
    let breaks = rows.windows(2).filter(|pair| !is_next(pair));
    (contiguous, clings.count(), apart.count(), Reverse(breaks.count()))
}

#[cfg(test)]
mod tests {
    use super::is_better;
    use std::fmt::Write as _;

    /// A VG with an LV on these runs: PV, first extent, how many.
    fn text(lv: &str, runs: &[(&str, u64, u64)], tail: &str) -> String {
        let mut text = format!("vg {{\nseqno = 3\n{lv} {{\nsegment_count = {}\n", runs.len());
        for (number, (pv, start, extents)) in (1..).zip(runs) {
            let _ = write!(
                text,
                "\nsegment{number} {{\nstart_extent = 0\nextent_count = {extents}\n\
                 type = \"striped\"\nstripes = [\n\"{pv}\", {start}\n]\n}}\n"
            );
        }
        text + "}\n" + tail + "}\n"
    }

    #[test]
    fn only_what_is_placed_better_is_excused() {
        let none = "vg {\n}\n";
        let two = text("a", &[("pv0", 4, 4), ("pv0", 0, 2)], "");
        let one = text("a", &[("pv0", 0, 6)], "");
        assert!(is_better(none, &two, &one));
        assert!(!is_better(none, &one, &two));
        assert!(!is_better(none, &one, &one));
        assert!(!is_better(none, &two, &text("b", &[("pv0", 0, 6)], "")));
        assert!(!is_better(none, &two, &text("a", &[("pv0", 0, 6)], "more = 1\n")));
        // An extension that clings is better than one in as many segments that does not.
        let before = text("a", &[("pv0", 0, 2)], "");
        let far = text("a", &[("pv0", 0, 2), ("pv1", 0, 3)], "");
        let near = text("a", &[("pv0", 0, 2), ("pv0", 7, 3)], "");
        assert!(is_better(&before, &far, &near));
        assert!(!is_better(&before, &near, &far));
        // What follows is better still.
        let next = text("a", &[("pv0", 0, 5)], "");
        assert!(is_better(&before, &near, &next));
    }
}
