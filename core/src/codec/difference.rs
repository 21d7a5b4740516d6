//! The difference of two metadata texts: lines taken away and added, each in its section.
//!
//! Lines that occur once in each text and are in the same order in both hold the texts together;
//! what lies between them is compared in the same way, down to a bounded depth. So the work is
//! near-linear in the length of the texts, whatever they are.

use std_alloc::collections::BTreeMap;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// By how many lines a run of changes is moved to become whole sections.
const SLIDE_MAX: usize = 64;

/// How often what lies between two common lines is divided further.
const DEPTH_MAX: u32 = 12;

/// What became of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mark {
    Kept,
    Removed,
    Added,
}

/// Returns the lines that differ, indented, under the headers of the sections they are in.
pub fn difference(before: &str, after: &str) -> String {
    let before: Vec<&str> = before.lines().collect();
    let after: Vec<&str> = after.lines().collect();
    let mut marked = Vec::new();
    compare(&before, &after, 0, &mut marked);
    settle(&mut marked);
    render(&marked)
}

fn compare<'a>(
    before: &[&'a str],
    after: &[&'a str],
    depth: u32,
    marked: &mut Vec<(Mark, &'a str)>,
) {
    let head = before.iter().zip(after).take_while(|(one, two)| one == two).count();
    marked.extend(before[..head].iter().map(|line| (Mark::Kept, *line)));
    let (before, after) = (&before[head..], &after[head..]);
    let pairs = before.iter().rev().zip(after.iter().rev());
    let tail = pairs.take_while(|(one, two)| one == two).count();
    let (before, kept) = before.split_at(before.len() - tail);
    let after = &after[..after.len() - tail];
    compare_middle(before, after, depth, marked);
    marked.extend(kept.iter().map(|line| (Mark::Kept, *line)));
}

fn compare_middle<'a>(
    before: &[&'a str],
    after: &[&'a str],
    depth: u32,
    marked: &mut Vec<(Mark, &'a str)>,
) {
    let common = if depth < DEPTH_MAX { common(before, after) } else { Vec::new() };
    if common.is_empty() {
        marked.extend(before.iter().map(|line| (Mark::Removed, *line)));
        marked.extend(after.iter().map(|line| (Mark::Added, *line)));
        return;
    }
    let (mut one, mut two) = (0, 0);
    for (place_before, place_after) in common {
        compare(&before[one..place_before], &after[two..place_after], depth + 1, marked);
        marked.push((Mark::Kept, before[place_before]));
        (one, two) = (place_before + 1, place_after + 1);
    }
    compare(&before[one..], &after[two..], depth + 1, marked);
}

/// The longest run of lines that are unique in both and in the same order in both.
fn common(before: &[&str], after: &[&str]) -> Vec<(usize, usize)> {
    let places = unique(before);
    let in_after = unique(after);
    let mut pairs: Vec<(usize, usize)> = places
        .into_iter()
        .filter_map(|(line, place)| Some((place?, (*in_after.get(line)?)?)))
        .collect();
    pairs.sort_unstable();
    longest_ascending(&pairs)
}

/// The place of each line, `None` if it has several.
fn unique<'a>(lines: &[&'a str]) -> BTreeMap<&'a str, Option<usize>> {
    let mut places = BTreeMap::new();
    for (place, line) in lines.iter().enumerate() {
        let entry = places.entry(*line);
        entry.and_modify(|known| *known = None).or_insert(Some(place));
    }
    places
}

/// Of pairs that ascend in their first numbers, the most that ascend in their second ones too.
fn longest_ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the place of the pair that ends a run of it with the smallest second number.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (place, (_, second)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *second);
        previous.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(place);
        } else {
            ends[length] = place;
        }
    }
    let mut run = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(place) = at {
        run.push(pairs[place]);
        at = previous[place];
    }
    run.reverse();
    run
}

/// Moves runs of lines that were added or removed so that they are whole sections where they can
/// be: sections end alike, so a comparison takes the end of one for the end of another.
fn settle(marked: &mut [(Mark, &str)]) {
    let mut start = 0;
    while start < marked.len() {
        let mark = marked[start].0;
        let run = marked[start..].iter().take_while(|(other, _)| *other == mark).count();
        if mark != Mark::Kept {
            slide(marked, start, start + run, mark);
        }
        start += run;
    }
}

fn slide(marked: &mut [(Mark, &str)], start: usize, end: usize, mark: Mark) {
    if is_whole(&marked[start..end]) {
        return;
    }
    let is_kept = |at: usize| marked.get(at).is_some_and(|(mark, _)| *mark == Mark::Kept);
    let up = (1..=start.min(SLIDE_MAX))
        .take_while(|by| is_kept(start - by) && marked[start - by].1 == marked[end - by].1);
    let down = (1..=SLIDE_MAX).take_while(|by| {
        is_kept(end + by - 1) && marked[end + by - 1].1 == marked[start + by - 1].1
    });
    let up = up.map(|by| (start - by, end - by));
    let moved = up.chain(down.map(|by| (start + by, end + by)));
    let found = moved.into_iter().find(|(start, end)| is_whole(&marked[*start..*end]));
    if let Some((new_start, new_end)) = found {
        marked[start..end].iter_mut().for_each(|(mark, _)| *mark = Mark::Kept);
        marked[new_start..new_end].iter_mut().for_each(|(old, _)| *old = mark);
    }
}

/// Whether every section that begins in these lines ends in them, and the other way round.
fn is_whole(lines: &[(Mark, &str)]) -> bool {
    let mut depth = 0_usize;
    for (_, line) in lines {
        if matches!(*line, "}" | "]") {
            let Some(outer) = depth.checked_sub(1) else {
                return false;
            };
            depth = outer;
        } else if line.ends_with(['{', '[']) {
            depth += 1;
        }
    }
    depth == 0
}

fn render(marked: &[(Mark, &str)]) -> String {
    let mut text = String::new();
    // The headers of the sections around the line as they are afterwards, and whether each has been
    // shown. A section that was renamed has two headers and one end, so the depth before is its
    // own.
    let mut sections: Vec<(&str, bool)> = Vec::new();
    let mut depth_before = 0_usize;
    for (mark, line) in marked.iter().filter(|(_, line)| !line.is_empty()) {
        let is_end = *line == "}";
        let mut shown = *mark != Mark::Kept;
        if is_end && *mark != Mark::Added {
            depth_before = depth_before.saturating_sub(1);
        }
        if is_end && *mark != Mark::Removed {
            shown |= sections.pop().is_some_and(|(_, shown)| shown);
        }
        if shown {
            for (depth, (header, shown)) in sections.iter_mut().enumerate() {
                if !core::mem::replace(shown, true) {
                    push_line(&mut text, Mark::Kept, depth, header);
                }
            }
            let depth = if *mark == Mark::Removed { depth_before } else { sections.len() };
            push_line(&mut text, *mark, depth, line);
        }
        if line.ends_with('{') {
            if *mark != Mark::Added {
                depth_before += 1;
            }
            if *mark != Mark::Removed {
                sections.push((line, shown));
            }
        }
    }
    text
}

fn push_line(text: &mut String, mark: Mark, depth: usize, line: &str) {
    text.push_str(match mark {
        Mark::Kept => "  ",
        Mark::Removed => "- ",
        Mark::Added => "+ ",
    });
    text.extend(core::iter::repeat_n("  ", depth));
    text.push_str(line);
    text.push('\n');
}

#[cfg(test)]
mod tests;
