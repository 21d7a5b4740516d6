//! Volume groups asked for the largest striped LV that they hold, or for a little less.
//!
//! The generator: a VG has from one PV more than stripes up to five, each of 64 extents of which 4
//! to 40 are free. The free ones of a PV are in one to six runs (no more than there are extents),
//! cut at places that are drawn, with at least one extent in use between two of them and all the
//! others in use in gaps that are drawn. The largest LV has as many rows `r` as satisfy
//! `Σ min(free, r) ≥ r × stripes`; asked for are 100, 90 and 80 % of them, rounded down.

use crate::placements::case::{Case, CasePv, PES_MAX, Use};
use crate::placements::stand::{Answers, Stand};
use crate::rng::Rng;
use crate::world::program::Program;
use anyhow::{Context, ensure};
use extant_core::alloc::check;
use extant_core::alloc::problem::Problem;
use extant_core::alloc::spec;
use extant_core::model::check::check;
use extant_core::model::flags::AllocationPolicy;
use std::fmt::Write as _;

/// Cases per number of stripes and share of the maximum.
pub const PER_GROUP: usize = 60;
/// Numbers of stripes.
const STRIPES: [usize; 2] = [2, 3];
/// Per cent of the maximum.
const SHARES: [u64; 3] = [100, 90, 80];
/// What all cases follow from.
const SEED: u64 = 360;
/// The most PVs.
const PVS_MAX: usize = 5;
/// How many extents of a PV are free.
const FREE: std::ops::RangeInclusive<u64> = 4..=40;
/// How many runs these are in at most.
const RUNS_MAX: u64 = 6;

/// How many of a group's cases each program has found a layout for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Group {
    /// The number of stripes.
    pub stripes: usize,
    /// Per cent of the maximum.
    pub share: u64,
    /// LVM2's.
    pub lvm2: usize,
    /// Extant's.
    pub extant: usize,
}

/// Draws a PV with free runs.
fn draw_pv(rng: &mut Rng) -> CasePv {
    let free = FREE.start() + rng.below(FREE.end() - FREE.start() + 1);
    let runs = 1 + rng.below(RUNS_MAX.min(free));
    let lengths = split(rng, free, runs, 1);
    // Before the first run and behind the last one there may be nothing.
    let mut gaps = split(rng, PES_MAX - free - (runs - 1), runs + 1, 0);
    let last = gaps.len() - 1;
    gaps[1..last].iter_mut().for_each(|gap| *gap += 1);
    let mut extents = Vec::new();
    for (place, gap) in gaps.iter().enumerate() {
        extents.extend((0..*gap).map(|_| Use::Other));
        let length = lengths.get(place).copied().unwrap_or(0);
        extents.extend((0..length).map(|_| Use::Free));
    }
    CasePv { extents, allocatable: true, tags: Vec::new() }
}

/// Splits a number into so many, each at least `least`.
fn split(rng: &mut Rng, sum: u64, parts: u64, least: u64) -> Vec<u64> {
    let spare = sum - least * parts;
    let mut cuts: Vec<u64> = (1..parts).map(|_| rng.below(spare + 1)).collect();
    cuts.sort_unstable();
    cuts.push(spare);
    let mut before = 0;
    let part = |cut: u64| {
        let part = cut - before + least;
        before = cut;
        part
    };
    cuts.into_iter().map(part).collect()
}

/// Returns the most rows that so many free extents per PV hold.
fn most_rows(free: &[u64], stripes: u64) -> u64 {
    let fits = |rows: &u64| free.iter().map(|free| free.min(rows)).sum::<u64>() >= rows * stripes;
    (0..=free.iter().sum()).rev().find(fits).unwrap_or(0)
}

/// Draws a case of a group.
pub fn draw(stripes: usize, share: u64, number: usize) -> Case {
    let seed = SEED + (stripes as u64) * 1_000_000 + share * 1000 + number as u64;
    let mut rng = Rng::new(seed);
    let pvs = stripes + 1 + rng.index(PVS_MAX - stripes);
    let pvs: Vec<CasePv> = (0..pvs).map(|_| draw_pv(&mut rng)).collect();
    let free: Vec<u64> = pvs.iter().map(CasePv::free).collect();
    let most = most_rows(&free, stripes as u64);
    Case {
        pvs,
        before: Vec::new(),
        rows: most * share / 100,
        stripes,
        legs: 1,
        policy: AllocationPolicy::Inherit,
        cling_tags: Vec::new(),
        maximise_cling: true,
        arguments: Vec::new(),
    }
}

/// Asks both programs all cases.
///
/// # Errors
/// If a program fails to work, or a layout of Extant's is not a solution, is not what the VG says
/// afterwards, or does not please LVM2.
pub fn run(extant: Program) -> anyhow::Result<Vec<Group>> {
    let stand = Stand::new(extant, PVS_MAX)?;
    let mut groups = Vec::new();
    for stripes in STRIPES {
        for share in SHARES {
            let mut group = Group { stripes, share, lvm2: 0, extant: 0 };
            for number in 0..PER_GROUP {
                let case = draw(stripes, share, number);
                let told = || format!("case {number} of {stripes} stripes, {share} %: {case}");
                let answers = stand.play(&case).with_context(told)?;
                group.lvm2 += usize::from(answers.lvm2.layout().is_some());
                if answers.extant.layout().is_some() {
                    group.extant += 1;
                    inspect(&stand, &case, &answers).with_context(told)?;
                }
            }
            groups.push(group);
        }
    }
    Ok(groups)
}

/// Holds Extant's layout against the specification and its VG against both programs.
fn inspect(stand: &Stand, case: &Case, answers: &Answers) -> anyhow::Result<()> {
    let layout = answers.extant.layout().context("there is a layout")?;
    let vg = case.vg()?;
    let violations = check(&vg);
    ensure!(violations.is_empty(), "the case makes no sense: {violations:?}");
    let problem = Problem::new(&vg, &case.request(&[]));
    ensure!(check::layout(&problem, layout).is_ok(), "the checker refuses {layout:?}");
    ensure!(spec::allows(&problem, layout), "the specification refuses {layout:?}");
    stand.inspect(case.rows * case.stripes as u64)
}

/// Returns the table in Markdown, with its sums.
pub fn table(groups: &[Group]) -> String {
    let mut out = String::from(
        "| stripes | of the maximum | cases | LVM2 finds | Extant finds |\n|--:|--:|--:|--:|--:|\n",
    );
    for Group { stripes, share, lvm2, extant } in groups {
        let _ = writeln!(out, "| {stripes} | {share} % | {PER_GROUP} | {lvm2} | {extant} |");
    }
    let lvm2: usize = groups.iter().map(|group| group.lvm2).sum();
    let extant: usize = groups.iter().map(|group| group.extant).sum();
    let cases = groups.len() * PER_GROUP;
    let _ = writeln!(out, "| | all | {cases} | {lvm2} | {extant} |");
    out
}

#[cfg(test)]
mod tests {
    use super::{PER_GROUP, SHARES, STRIPES, draw, most_rows};
    use crate::placements::case::{CasePv, Use, runs_of};
    use extant_core::alloc::problem::Problem;
    use extant_core::alloc::spec;
    use extant_core::model::check::check;

    #[test]
    fn cases_are_as_the_generator_says() {
        for stripes in STRIPES {
            for share in SHARES {
                for number in 0..PER_GROUP {
                    let case = draw(stripes, share, number);
                    assert!((stripes + 1..=5).contains(&case.pvs.len()));
                    for pv in &case.pvs {
                        assert_eq!(pv.extents.len(), 64);
                        assert!((4..=40).contains(&pv.free()));
                        let runs = runs_of(&pv.extents, Use::Free).len();
                        assert!((1..=6).contains(&runs), "{runs}");
                    }
                    assert!(case.rows > 0);
                    assert!(check(&case.vg().unwrap()).is_empty());
                }
            }
        }
    }

    /// The specification finds the maximum by trying, and one row more is not there.
    #[test]
    fn the_maximum_is_one() {
        let mut case = draw(2, 100, 0);
        let counts = |number: u64| [number % 5, number / 5 % 5, number / 25];
        for free in (0..125).map(counts) {
            let pv = |free: &u64| CasePv {
                extents: (0..4).map(|pe| if pe < *free { Use::Free } else { Use::Other }).collect(),
                allocatable: true,
                tags: Vec::new(),
            };
            case.pvs = free.iter().map(pv).collect();
            let vg = case.vg().unwrap();
            let mut exists = |rows: u64| {
                case.rows = rows;
                spec::exists(&Problem::new(&vg, &case.request(&[])))
            };
            let most = most_rows(&free, 2);
            assert!(exists(most), "{free:?}");
            assert!(!exists(most + 1), "{free:?}");
        }
    }
}
