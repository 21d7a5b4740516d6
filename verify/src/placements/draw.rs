//! Random questions to the allocator: VGs with holes, LVs to extend, policies, PVs and ranges.
//!
//! A VG has one to six PVs of 8 to 40 extents; of each a share that is drawn is in use, in runs of
//! one to eight extents. One in ten PVs may not be allocated from where there are others, two in
//! five have one or two of three tags. Half of the LVs are there before, with one to three segments
//! of up to four rows that lie in free extents; three quarters of these have one number of stripes,
//! and most are asked for as many. How many rows are asked for is drawn up to as many as there are
//! free extents for, more often up to a quarter of these; one in ten requests is for too many.

use crate::placements::case::{Argument, Case, CasePv, PES_MAX, Part, Use, runs_of};
use crate::rng::Rng;
use extant_core::model::flags::AllocationPolicy;

/// The most PVs.
pub const PVS_MAX: usize = 6;
/// The most stripes that are asked for.
const STRIPES_MAX: usize = 4;
/// The fewest and the most extents of a PV.
const PES: (u64, u64) = (8, 40);
/// Tags of PVs.
const TAGS: [&str; 3] = ["x", "y", "z"];
/// `cling_tag_list`.
const LISTS: [&[&str]; 4] = [&["@x"], &["@x", "@y"], &["@*"], &["@none"]];
/// Policies as they are asked for.
const POLICIES: [AllocationPolicy; 6] = [
    AllocationPolicy::Contiguous,
    AllocationPolicy::Cling,
    AllocationPolicy::ClingByTags,
    AllocationPolicy::Normal,
    AllocationPolicy::Anywhere,
    AllocationPolicy::Inherit,
];

/// Draws the case of a seed.
pub fn draw(seed: u64) -> Case {
    let mut rng = Rng::new(seed);
    let count = 1 + rng.index(PVS_MAX);
    let mut pvs: Vec<CasePv> = (0..count).map(|_| draw_pv(&mut rng)).collect();
    if pvs.iter().all(|pv| !pv.allocatable) {
        pvs[0].allocatable = true;
    }
    let before = if rng.one_in(2) { draw_before(&mut rng, &mut pvs) } else { Vec::new() };
    let stripes = match before.last() {
        Some(last) if !rng.one_in(4) => last.areas.len(),
        _ => 1 + rng.index(count.min(STRIPES_MAX)),
    };
    let free: u64 = pvs.iter().map(CasePv::free).sum();
    let most = (free / stripes as u64).max(1);
    let rows = match rng.below(10) {
        0 => most + 1 + rng.below(3),
        1..=3 => 1 + rng.below(most),
        _ => 1 + rng.below(most.div_ceil(4)),
    };
    let policy = *rng.pick(&POLICIES);
    let list: &[&str] = if rng.one_in(2) { LISTS[rng.index(LISTS.len())] } else { &[] };
    let arguments = if rng.one_in(3) { draw_arguments(&mut rng, &pvs) } else { Vec::new() };
    Case {
        pvs,
        before,
        rows,
        stripes,
        legs: 1,
        policy,
        cling_tags: list.iter().map(|tag| (*tag).to_owned()).collect(),
        maximise_cling: !rng.one_in(10),
        arguments,
    }
}

/// Draws a mirror of two or three legs that is extended; all else is as [`draw`] has it.
pub fn draw_mirror(seed: u64) -> Case {
    let mut rng = Rng::new(seed);
    loop {
        let mut case = draw(rng.next_u64());
        let legs = 2 + rng.index(2);
        for extent in case.pvs.iter_mut().flat_map(|pv| &mut pv.extents) {
            if *extent == Use::Own {
                *extent = Use::Free;
            }
        }
        case.before.clear();
        for _ in 0..=rng.below(3) {
            let part = draw_part(&mut rng, &case.pvs, legs, case.before.last());
            if let Some(part) = part.filter(|part| keeps_legs_apart(&case.before, part)) {
                take(&mut case.pvs, &part);
                case.before.push(part);
            }
        }
        if case.before.is_empty() {
            continue;
        }
        let free: u64 = case.pvs.iter().map(CasePv::free).sum();
        let most = (free / legs as u64).max(1);
        (case.stripes, case.legs) = (1, legs);
        let most = if rng.one_in(2) { most } else { most.div_ceil(4) };
        case.rows = 1 + rng.below(most);
        return case;
    }
}

/// Whether no PV serves two legs, of all segments together.
fn keeps_legs_apart(before: &[Part], part: &Part) -> bool {
    let served = |part: &Part, pv: usize| part.areas.iter().position(|area| area.0 == pv);
    let mut areas = part.areas.iter().enumerate();
    areas.all(|(leg, (pv, _))| {
        before.iter().filter_map(|other| served(other, *pv)).all(|other| other == leg)
    })
}

fn draw_pv(rng: &mut Rng) -> CasePv {
    let count = PES.0 + rng.below(PES.1 - PES.0 + 1);
    assert!(count <= PES_MAX, "a disk has as many");
    // Of ten runs so many are in use.
    let share = *rng.pick(&[0, 2, 4, 6, 8]);
    let mut extents = Vec::new();
    while (extents.len() as u64) < count {
        let length = (1 + rng.below(8)).min(count - extents.len() as u64);
        let of = if rng.below(10) < share { Use::Other } else { Use::Free };
        extents.extend((0..length).map(|_| of));
    }
    let mut tags = Vec::new();
    if rng.below(5) < 2 {
        tags.push(*rng.pick(&TAGS));
        let second = *rng.pick(&TAGS);
        if rng.one_in(3) && !tags.contains(&second) {
            tags.push(second);
        }
    }
    CasePv { extents, allocatable: !rng.one_in(10), tags }
}

/// Draws segments, and takes their extents.
fn draw_before(rng: &mut Rng, pvs: &mut [CasePv]) -> Vec<Part> {
    let stripes = 1 + rng.index(pvs.len().min(3));
    let varies = rng.one_in(4);
    let mut parts: Vec<Part> = Vec::new();
    for _ in 0..=rng.below(3) {
        let stripes = if varies { 1 + rng.index(pvs.len().min(3)) } else { stripes };
        let Some(part) = draw_part(rng, pvs, stripes, parts.last()) else {
            continue;
        };
        take(pvs, &part);
        parts.push(part);
    }
    parts
}

/// Gives the extents of a segment to the LV.
fn take(pvs: &mut [CasePv], part: &Part) {
    for (pv, start) in &part.areas {
        for extent in *start..start + part.rows {
            pvs[*pv].extents[usize::try_from(extent).expect("a small number")] = Use::Own;
        }
    }
}

/// Draws a segment that is not the continuation of the last one.
fn draw_part(rng: &mut Rng, pvs: &[CasePv], stripes: usize, last: Option<&Part>) -> Option<Part> {
    let mut left: Vec<usize> = (0..pvs.len()).filter(|pv| pvs[*pv].free() > 0).collect();
    let mut rows = 1 + rng.below(4);
    let mut areas = Vec::new();
    for _ in 0..stripes {
        if left.is_empty() {
            return None;
        }
        let pv = left.remove(rng.index(left.len()));
        let runs = runs_of(&pvs[pv].extents, Use::Free);
        let (start, length) = *rng.pick(&runs);
        let start = start + rng.below(length);
        let end = runs.iter().map(|run| run.0 + run.1).find(|end| start < *end);
        rows = rows.min(end.expect("it lies in one") - start);
        areas.push((pv, start));
    }
    let goes_on = |last: &Part| {
        let ends = last.areas.iter().map(|(pv, start)| (*pv, start + last.rows));
        ends.eq(areas.iter().copied())
    };
    (!last.is_some_and(goes_on)).then_some(Part { rows, areas })
}

/// Draws PVs in some order, some of them with ranges that do not overlap.
fn draw_arguments(rng: &mut Rng, pvs: &[CasePv]) -> Vec<Argument> {
    let mut left: Vec<usize> = (0..pvs.len()).filter(|pv| pvs[*pv].allocatable).collect();
    let mut arguments = Vec::new();
    for _ in 0..=rng.index(left.len()) {
        let pv = left.remove(rng.index(left.len()));
        let mut ranges = Vec::new();
        if rng.one_in(3) {
            let mut start = 0;
            let count = pvs[pv].extents.len() as u64;
            while start < count && ranges.len() < 3 {
                start += rng.below(6);
                let length = 1 + rng.below(12);
                if start < count {
                    ranges.push((start, length.min(count - start)));
                }
                // Ranges may touch.
                start += length + rng.below(2) * rng.below(6);
            }
            if ranges.len() > 1 && rng.one_in(3) {
                ranges.reverse();
            }
        }
        arguments.push(Argument { pv, ranges });
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::{draw, draw_mirror};
    use crate::placements::case::{Use, runs_of};
    use extant_core::model::check::check;
    use std::collections::BTreeSet;

    #[test]
    fn cases_make_sense_and_differ() {
        let mut kinds = BTreeSet::new();
        for seed in 0..300 {
            let case = draw(seed);
            assert_eq!(case, draw(seed));
            let vg = case.vg().unwrap();
            assert!(check(&vg).is_empty(), "{case}");
            let own: usize = case.pvs.iter().map(|pv| runs_of(&pv.extents, Use::Own).len()).sum();
            assert_eq!(own == 0, case.before.is_empty());
            for argument in &case.arguments {
                let places: Vec<u64> = argument
                    .ranges
                    .iter()
                    .flat_map(|(start, length)| *start..start + length)
                    .collect();
                let distinct: BTreeSet<u64> = places.iter().copied().collect();
                assert_eq!(places.len(), distinct.len(), "{case}");
                let count = case.pvs[argument.pv].extents.len() as u64;
                assert!(distinct.iter().all(|place| *place < count), "{case}");
            }
            kinds.insert((case.before.len(), case.stripes, case.policy.as_str()));
        }
        assert!(kinds.len() > 60, "{}", kinds.len());
    }
    #[test]
    fn mirrors_make_sense() {
        for seed in 0..100 {
            let case = draw_mirror(seed);
            let vg = case.vg().unwrap();
            assert!(check(&vg).is_empty(), "{case}");
            assert!(case.before.iter().all(|part| part.areas.len() == case.legs), "{case}");
            assert!(case.added(case.text().as_bytes()).unwrap().is_none());
            assert_eq!(case.segments().len(), case.before.len());
        }
    }
}
