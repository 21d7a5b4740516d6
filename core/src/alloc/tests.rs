//! Placements of the real LVM2 2.03.16, and properties.

mod small;

use super::check::{self, Wrong};
use super::order::measure;
use super::problem::Problem;
use super::remedies::{More, Remedy, remedies};
use super::{Candidate, Layout, Piece, Request, allocate};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::model::vg::Vg;
use crate::name::Tag;
use crate::ops::samples;
use crate::size::ranges::PvArg;
use crate::units::{Extents, Pe, Sectors};
use proptest::prelude::{Strategy, any, proptest};
use std_alloc::format;
use std_alloc::vec;
use std_alloc::vec::Vec;

type Parts = Vec<(u64, Vec<(u32, u64)>)>;

/// Reads `6@0:4,1:8 2@1:0`: segments with their extents and the places of their stripes.
fn parts(text: &str) -> Parts {
    let part = |text: &str| {
        let (extents, areas) = text.split_once('@').unwrap();
        let area = |text: &str| {
            let (pv, start) = text.split_once(':').unwrap();
            (pv.parse().unwrap(), start.parse().unwrap())
        };
        (extents.parse().unwrap(), areas.split(',').map(area).collect())
    };
    text.split_whitespace().map(part).collect()
}

fn segments(parts: &Parts) -> Vec<Segment> {
    let parts: Vec<(u64, &[(u32, u64)])> =
        parts.iter().map(|(extents, areas)| (*extents, areas.as_slice())).collect();
    samples::segments(&parts)
}

/// A line of the file of placements.
struct Case {
    vg: Vg,
    before: Vec<Segment>,
    rows: u64,
    stripes: usize,
    policy: AllocationPolicy,
    candidates: Vec<Candidate>,
    /// `None` if LVM2 found no room.
    expected: Option<Vec<Segment>>,
}

const PES: usize = 31;

fn read_case(line: &str) -> Case {
    let fields: Vec<&str> = line.split('|').collect();
    let before = segments(&parts(fields[1]));
    let mut vg = samples::vg("vg", &[PES as u64; 4]);
    let mut busy = [[true; PES]; 4];
    for (pv, runs) in fields[0].split(';').enumerate() {
        for run in runs.split(',').filter(|run| !run.is_empty()) {
            let (start, length) = run.split_once('+').unwrap();
            let (start, length): (usize, usize) = (start.parse().unwrap(), length.parse().unwrap());
            busy[pv][start..start + length].fill(false);
        }
    }
    for (pv, busy) in busy.iter().enumerate() {
        for (pe, _) in busy.iter().enumerate().filter(|(_, busy)| **busy) {
            let name = format!("h{pv}_{pe}");
            let place = (u32::try_from(pv).unwrap(), pe as u64);
            samples::add(&mut vg, &name, &[(1, &[place])]);
        }
    }
    let stripes: usize = fields[3].parse().unwrap();
    let policy = AllocationPolicy::from_word(fields[4]).unwrap();
    let mut candidates = Vec::new();
    for argument in fields[5].split_whitespace() {
        let argument = PvArg::parse(argument);
        let pv = PvIndex(argument.name.parse().unwrap());
        let ranges = argument.ranges(Extents::new(PES as u64)).unwrap();
        candidates.push(Candidate { pv, ranges });
    }
    if candidates.is_empty() {
        let ranges = PvArg::parse("all").ranges(Extents::new(PES as u64)).unwrap();
        let candidate = |pv| Candidate { pv, ranges: ranges.clone() };
        candidates = vg.pv_indices().map(candidate).collect();
    }
    let wanted: u64 = fields[2].parse().unwrap();
    Case {
        vg,
        before,
        rows: wanted / stripes as u64,
        stripes,
        policy: match policy {
            AllocationPolicy::Inherit => AllocationPolicy::Normal,
            policy => policy,
        },
        candidates,
        expected: (!fields[6].starts_with("fail")).then(|| segments(&parts(fields[6]))),
    }
}

impl Case {
    fn request(&self) -> Request<'_> {
        Request {
            rows: Extents::new(self.rows),
            legs: 1,
            stripes: self.stripes,
            policy: self.policy,
            candidates: self.candidates.clone(),
            before: &self.before,
            cling_tags: &[],
            maximise_cling: true,
            approximate: false,
        }
    }
}

/// The layout that LVM2 found: what it has added to what was before.
fn added(case: &Case, expected: &[Segment]) -> Layout {
    let before: Extents = case.before.iter().map(|segment| segment.extents).sum();
    let mut layout = Layout::default();
    for segment in expected.iter().filter(|segment| segment.end().get() > before.get()) {
        let start = segment.start.get().max(before.get());
        let rows = (segment.end().get() - start) / case.stripes as u64;
        let skipped = (start - segment.start.get()) / case.stripes as u64;
        let area = |area: &Area| match area {
            Area::Pv { pv, start } => (*pv, start.after(Extents::new(skipped))),
            Area::Lv { .. } => unreachable!("all areas are on PVs"),
        };
        layout.push(Extents::new(rows), segment.areas().iter().map(area).collect());
    }
    layout
}

/// LVM2's placement, or one that is better in the order of preference; stripes are also found
/// where LVM2 finds none.
#[test]
fn placements_are_those_of_lvm2_or_better() {
    let (mut same, mut better, mut more, mut none) = (0, 0, 0, 0);
    for line in include_str!("golden/placements.txt").lines() {
        let case = read_case(line);
        let request = case.request();
        let problem = Problem::new(&case.vg, &request);
        let found = allocate(&case.vg, &request);
        let Some(expected) = &case.expected else {
            assert!(found.is_err() || case.stripes > 1, "{line}");
            *(if found.is_ok() { &mut more } else { &mut none }) += 1;
            continue;
        };
        let found = found.unwrap_or_else(|_| panic!("{line}"));
        let mut segments = case.before.clone();
        found.append_to(&mut segments, Some(Sectors::new(128)));
        if segments == *expected {
            same += 1;
        } else {
            let (ours, theirs) = (&found, &added(&case, expected));
            assert!(measure(&problem, ours) > measure(&problem, theirs), "{line}\n{ours:?}");
            better += 1;
        }
    }
    assert_eq!((same, better, more, none), (256, 60, 10, 174));
}

/// Ranges are taken in the order in which they are given, also those of one PV.
#[test]
fn ranges_are_used_in_the_order_given() {
    let vg = samples::vg("vg", &[20]);
    for (ranges, rows, expected) in [
        // In one piece it is better than in the order given.
        ("0:4-7:0-3", 6, &[(0, 6)][..]),
        ("0:4-7:0-3:9-12", 10, &[(0, 8), (9, 2)]),
        ("0:0-3:4-7", 6, &[(0, 6)]),
        ("0:0-3:10-14", 7, &[(10, 5), (0, 2)]),
        ("0:0-3:10-14", 3, &[(10, 3)]),
    ] {
        let mut request = whole(&vg, rows, 1, AllocationPolicy::Normal);
        request.candidates[0].ranges = PvArg::parse(ranges).ranges(Extents::new(20)).unwrap();
        let layout = allocate(&vg, &request).unwrap();
        let pieces = layout.pieces.iter().map(|piece| (piece.areas[0].1.get(), piece.rows.get()));
        assert_eq!(pieces.collect::<Vec<_>>(), expected, "{ranges}");
    }
}

/// Three PVs of ten extents hold fifteen rows of two: the case that greedy allocators refuse.
#[test]
fn stripes_are_found_wherever_there_are_any() {
    let vg = samples::vg("vg", &[10, 10, 10]);
    let mut request = whole(&vg, 15, 2, AllocationPolicy::Normal);
    assert_eq!(allocate(&vg, &request).unwrap().rows(), Extents::new(15));
    request.rows = Extents::new(16);
    let refusal = allocate(&vg, &request).unwrap_err();
    assert_eq!(refusal.needed(), Extents::new(32));
    assert_eq!(refusal.free(), Extents::new(30));
    request.approximate = true;
    assert_eq!(allocate(&vg, &request).unwrap().rows(), Extents::new(15));
}

#[test]
fn anywhere_lets_stripes_share_a_pv() {
    let vg = samples::vg("vg", &[10]);
    let request = whole(&vg, 5, 2, AllocationPolicy::Anywhere);
    assert_eq!(allocate(&vg, &request).unwrap().pieces.len(), 1);
    let request = whole(&vg, 5, 2, AllocationPolicy::Normal);
    assert!(allocate(&vg, &request).is_err());
}

#[test]
fn cling_by_tags_takes_pvs_that_share_a_tag() {
    let mut vg = samples::vg("vg", &[10, 10, 10]);
    for (pv, tag) in [(0, "x"), (1, "y"), (2, "x")] {
        vg.pvs[pv].tags.push(Tag::new(tag).unwrap());
    }
    let cling_tags = ["@x".into()];
    let mut request = whole(&vg, 15, 1, AllocationPolicy::ClingByTags);
    assert!(allocate(&vg, &request).is_err());
    request.cling_tags = &cling_tags;
    let layout = allocate(&vg, &request).unwrap();
    let pvs: Vec<u32> = layout.pieces.iter().map(|piece| piece.areas[0].0.0).collect();
    assert_eq!(pvs, [0, 2]);
    // As LVM2 has it, `cling` looks at the tags too if there is a list.
    request.policy = AllocationPolicy::Cling;
    assert_eq!(allocate(&vg, &request).unwrap(), layout);
    let stray = Layout {
        pieces: vec![
            Piece { rows: Extents::new(10), areas: vec![(PvIndex(0), Pe::ZERO)] },
            Piece { rows: Extents::new(5), areas: vec![(PvIndex(1), Pe::ZERO)] },
        ],
    };
    let wrong = Err(Wrong::LeavesGroup { stripe: 0, pv: PvIndex(1) });
    assert_eq!(check(&vg, &request, &stray), wrong);
    let any = ["@*".into()];
    request.cling_tags = &any;
    assert!(allocate(&vg, &request).is_ok());
    request.rows = Extents::new(21);
    assert!(allocate(&vg, &request).is_err());
}

fn check(vg: &Vg, request: &Request, layout: &Layout) -> Result<(), Wrong> {
    check::layout(&Problem::new(vg, request), layout)
}

/// A request for all that a VG has.
fn whole(vg: &Vg, rows: u64, stripes: usize, policy: AllocationPolicy) -> Request<'static> {
    let candidate = |pv: PvIndex| Candidate {
        pv,
        ranges: PvArg::parse("all").ranges(vg.pv(pv).pe_count).unwrap(),
    };
    Request {
        rows: Extents::new(rows),
        legs: 1,
        stripes,
        policy,
        candidates: vg.pv_indices().map(candidate).collect(),
        before: &[],
        cling_tags: &[],
        maximise_cling: true,
        approximate: false,
    }
}

#[test]
fn the_checker_refuses_what_is_not_allowed() {
    let mut vg = samples::vg("vg", &[10, 10]);
    samples::add(&mut vg, "used", &[(2, &[(0, 4)])]);
    let request = whole(&vg, 2, 2, AllocationPolicy::Normal);
    let piece = |rows: u64, areas: &[(u32, u64)]| Piece {
        rows: Extents::new(rows),
        areas: areas.iter().map(|(pv, pe)| (PvIndex(*pv), Pe::new(*pe))).collect(),
    };
    let verdict = |pieces: Vec<Piece>| check(&vg, &request, &Layout { pieces });
    assert_eq!(verdict(vec![piece(2, &[(0, 0), (1, 0)])]), Ok(()));
    let (zero, one) = (PvIndex(0), PvIndex(1));
    for (pieces, wrong) in [
        (vec![], Wrong::Rows(Extents::ZERO)),
        (vec![piece(3, &[(0, 0), (1, 0)])], Wrong::Rows(Extents::new(3))),
        (vec![piece(2, &[(0, 0)])], Wrong::Stripes(1)),
        (vec![piece(2, &[(0, 0), (0, 2)])], Wrong::Shared(zero)),
        (vec![piece(2, &[(0, 3), (1, 0)])], Wrong::NotFree(zero, Pe::new(4))),
        (vec![piece(2, &[(0, 5), (1, 0)])], Wrong::NotFree(zero, Pe::new(5))),
        (vec![piece(2, &[(0, 9), (1, 0)])], Wrong::NotFree(zero, Pe::new(10))),
        (
            vec![piece(1, &[(0, 0), (1, 0)]), piece(1, &[(1, 0), (0, 1)])],
            Wrong::Twice(one, Pe::new(0)),
        ),
    ] {
        assert_eq!(verdict(pieces), Err(wrong));
    }
    let contiguous = Request { policy: AllocationPolicy::Contiguous, ..request.clone() };
    let two = vec![piece(1, &[(0, 0), (1, 0)]), piece(1, &[(0, 2), (1, 2)])];
    let layout = Layout { pieces: two };
    assert_eq!(check(&vg, &contiguous, &layout), Err(Wrong::NotContiguous));
}

/// Busy runs on four PVs, and what is wanted.
fn worlds() -> impl Strategy<Value = (Vec<Vec<bool>>, u64, usize, usize)> {
    let pv = proptest::collection::vec(proptest::bool::weighted(0.4), 0..24);
    let pvs = proptest::collection::vec(pv, 1..5);
    (pvs, 1_u64..30, 1_usize..4, 0_usize..4)
}

const POLICIES: [AllocationPolicy; 4] = [
    AllocationPolicy::Contiguous,
    AllocationPolicy::Cling,
    AllocationPolicy::Normal,
    AllocationPolicy::Anywhere,
];

/// A VG in which these extents are in use.
fn occupied(busy: &[Vec<bool>]) -> Vg {
    let counts: Vec<u64> = busy.iter().map(|pv| pv.len() as u64).collect();
    let mut vg = samples::vg("vg", &counts);
    for (pv, busy) in (0_u32..).zip(busy) {
        for (pe, _) in busy.iter().enumerate().filter(|(_, busy)| **busy) {
            samples::add(&mut vg, &format!("h{pv}_{pe}"), &[(1, &[(pv, pe as u64)])]);
        }
    }
    vg
}

fn with_pvs(busy: &[Vec<bool>], more: More) -> Vec<Vec<bool>> {
    let new = vec![false; usize::try_from(more.extents.get()).unwrap()];
    busy.iter().cloned().chain(vec![new; more.count]).collect()
}

proptest! {
    /// What is found passes the checker (in `allocate` itself) and has the rows wanted; with the
    /// policies *normal* and *anywhere* it is found exactly if the counting bound allows it.
    #[test]
    fn layouts_are_found_if_there_are_any((busy, rows, stripes, policy) in worlds()) {
        let vg = occupied(&busy);
        let policy = POLICIES[policy];
        let free: Vec<u64> =
            busy.iter().map(|pv| pv.iter().filter(|busy| !**busy).count() as u64).collect();
        let capped = |cap: u64| free.iter().map(|free| free.min(&cap)).sum::<u64>();
        let request = whole(&vg, rows, stripes, policy);
        let found = allocate(&vg, &request);
        match policy {
            AllocationPolicy::Normal => {
                assert_eq!(found.is_ok(), capped(rows) >= rows * stripes as u64);
            }
            AllocationPolicy::Anywhere => {
                assert_eq!(found.is_ok(), capped(u64::MAX) >= rows * stripes as u64);
            }
            _ => {}
        }
        if let Ok(layout) = found {
            assert_eq!(layout.rows().get(), rows);
            let mut segments = Vec::new();
            layout.append_to(&mut segments, Some(Sectors::new(128)));
            let extents: Extents = segments.iter().map(|segment| segment.extents).sum();
            assert_eq!(extents.get(), rows * stripes as u64);
        }
    }

    /// What a refusal says would help does, each on its own, and one row more than fits does not.
    #[test]
    fn remedies_are_enough(
        (busy, rows, stripes, policy) in worlds(),
        (extends, pick) in (any::<bool>(), any::<usize>()),
    ) {
        let vg = occupied(&busy);
        let before: Vec<(u32, u64)> = (0_u32..).zip(&busy).take(stripes)
            .filter(|(_, pv)| pv.first() == Some(&true)).map(|(pv, _)| (pv, 0)).collect();
        let before = segments(&vec![(before.len() as u64, before)]);
        let mut request = whole(&vg, rows, stripes, POLICIES[policy]);
        if extends && before[0].areas().len() == stripes {
            request.before = &before;
        }
        let Err(refusal) = allocate(&vg, &request) else {
            return Ok(());
        };
        let remedies = remedies(&vg, &request, &refusal);
        assert!(!remedies.is_empty());
        for remedy in remedies {
            let rows_of = |stripes: usize| (rows * request.stripes as u64).div_ceil(stripes as u64);
            match remedy {
                Remedy::Rows(most) => {
                    let with = |rows| Request { rows, ..request.clone() };
                    assert!(allocate(&vg, &with(most)).is_ok());
                    assert!(allocate(&vg, &with(most + Extents::new(1))).is_err());
                }
                Remedy::Stripes(stripes) => {
                    let rows = Extents::new(rows_of(stripes));
                    let fewer = Request { rows, stripes, ..request.clone() };
                    assert!(allocate(&vg, &fewer).is_ok());
                }
                Remedy::Policy(policy) => {
                    assert!(allocate(&vg, &Request { policy, ..request.clone() }).is_ok());
                }
                Remedy::Pvs(more) => {
                    let larger = occupied(&with_pvs(&busy, more));
                    let candidates = whole(&larger, 1, 1, AllocationPolicy::Normal).candidates;
                    assert!(allocate(&larger, &Request { candidates, ..request.clone() }).is_ok());
                }
                Remedy::PolicyAndPvs(policy, more) => {
                    let larger = occupied(&with_pvs(&busy, more));
                    let candidates = whole(&larger, 1, 1, AllocationPolicy::Normal).candidates;
                    let request = Request { policy, candidates, ..request.clone() };
                    assert!(allocate(&larger, &request).is_ok());
                }
                Remedy::Moves(moves) => {
                    let mut busy = busy.clone();
                    for step in moves {
                        let (start, count) = (step.range.start.get(), step.range.extents.get());
                        for pe in (start..start + count).map(|pe| usize::try_from(pe).unwrap()) {
                            assert!(busy[step.from.get()][pe]);
                            busy[step.from.get()][pe] = false;
                            // To any of the free ones.
                            let to = &mut busy[step.to.get()];
                            let free: Vec<usize> = (0..to.len()).filter(|pe| !to[*pe]).collect();
                            to[free[pick % free.len()]] = true;
                        }
                    }
                    assert!(allocate(&occupied(&busy), &request).is_ok());
                }
            }
        }
    }
}
