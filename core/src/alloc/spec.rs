//! What a layout has to be: the specification, in the plainest words, and existence by trying.
//!
//! It knows nothing of how layouts are found or checked, and nothing else uses it but tests: the
//! checker is compared with [`allows`], the solver with [`exists`], on every small problem.
//!
//! LVM2 is weaker in three places. Under *anywhere* it lets legs share a PV; here a PV that serves
//! a leg never serves another, and under *cling* neither do PVs that are tied to it. With tags it
//! clings to PVs that share one with a PV it has used, in the order in which it comes by them; here
//! being tied does not depend on an order. And it takes what it has placed by a stricter policy as
//! given when it goes on with a looser one, so that it refuses what there is a layout for.

use super::Layout;
use super::problem::{Problem, Rule, Usable};
use crate::model::pv::PvIndex;
use crate::units::Pe;
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// An extent of a PV.
type Place = (PvIndex, u64);

/// Returns the extents of all rows, stripe by stripe.
fn rows(layout: &Layout) -> Vec<Vec<Place>> {
    let rows = layout.pieces.iter().flat_map(|piece| {
        let row = |number: u64| piece.areas.iter().map(move |(pv, pe)| (*pv, pe.get() + number));
        (0..piece.rows.get()).map(move |number| row(number).collect())
    });
    rows.collect()
}

/// Returns true if a layout is a solution.
pub fn allows(problem: &Problem, layout: &Layout) -> bool {
    let rows = rows(layout);
    let all = || rows.iter().flatten().copied();
    let may_be_used = |(pv, pe): Place| {
        let mut usable = problem.pvs.iter().filter(|usable| usable.pv == pv);
        usable.any(|usable| {
            let mut runs = usable.runs().iter();
            runs.any(|run| run.start.get() <= pe && pe < run.end().get())
        })
    };
    let has_size = rows.len() as u64 == problem.rows.get()
        && rows.iter().all(|row| row.len() == problem.legs * problem.stripes);
    let distinct = all().collect::<BTreeSet<Place>>().len() == all().count();
    has_size
        && all().all(may_be_used)
        && distinct
        && keeps_legs_apart(problem, &rows)
        && keeps_to(&problem.rule, problem, &rows)
}

/// No PV serves two legs, or one that it may not serve; nor does a group if stripes keep to groups.
fn keeps_legs_apart(problem: &Problem, rows: &[Vec<Place>]) -> bool {
    let served = rows.iter().flat_map(|row| {
        let leg = |(column, place): (usize, &Place)| (place.0, column / problem.stripes);
        row.iter().enumerate().map(leg)
    });
    let served: BTreeSet<(PvIndex, usize)> = served.collect();
    let group = |pv: PvIndex| {
        let usable = problem.pvs.iter().find(|usable| usable.pv == pv);
        usable.map(|usable| usable.group)
    };
    let is_allowed = |(pv, leg): &(PvIndex, usize)| {
        let mut usable = problem.pvs.iter().filter(|usable| usable.pv == *pv);
        usable.all(|usable| usable.leg.is_none_or(|own| own == *leg))
    };
    let mut pairs = served.iter().flat_map(|one| served.iter().map(move |other| (one, other)));
    served.iter().all(is_allowed)
        && pairs.all(|(one, other)| {
            let is_one_place = match problem.rule {
                Rule::WithinGroups => group(one.0) == group(other.0),
                _ => one.0 == other.0,
            };
            !is_one_place || one.1 == other.1
        })
}

fn keeps_to(rule: &Rule, problem: &Problem, rows: &[Vec<Place>]) -> bool {
    let apart = rows.iter().all(|row| {
        let pvs: BTreeSet<PvIndex> = row.iter().map(|place| place.0).collect();
        pvs.len() == row.len()
    });
    match rule {
        Rule::Anywhere => true,
        Rule::Apart => apart,
        Rule::WithinGroups => {
            let group = |(pv, _): Place| {
                let usable = problem.pvs.iter().find(|usable| usable.pv == pv);
                usable.map(|usable| usable.group)
            };
            let one_group = |stripe: usize| {
                let groups: BTreeSet<_> = rows.iter().map(|row| group(row[stripe])).collect();
                groups.len() <= 1
            };
            apart && (0..problem.legs * problem.stripes).all(one_group)
        }
        Rule::OnePiece { starts } => {
            let goes_on = rows.windows(2).all(|pair| {
                let mut both = pair[0].iter().zip(&pair[1]);
                both.all(|(one, two)| one.0 == two.0 && one.1 + 1 == two.1)
            });
            let begins = rows.first().zip(starts.as_ref()).is_none_or(|(row, starts)| {
                let starts = starts.iter().map(|(pv, pe)| (*pv, pe.get()));
                row.iter().copied().eq(starts)
            });
            apart && goes_on && begins
        }
    }
}

/// Returns true if there is a solution: tries row after row. For problems of a few extents only.
///
/// But for [`Rule::OnePiece`] extents of one PV are all alike, so that it counts what is left of
/// each PV.
pub fn exists(problem: &Problem) -> bool {
    if problem.rows.is_zero() {
        return true;
    }
    if problem.legs == 1 {
        let serves = |usable: &Usable| usable.leg.is_none_or(|leg| leg == 0);
        let pvs = problem.pvs.iter().filter(|usable| serves(usable)).cloned().collect();
        return leg_exists(&Problem { pvs, ..problem.clone() });
    }
    let legs: Vec<usize> = (0..problem.legs).collect();
    // Each PV serves one of the legs, and then these have nothing to do with each other.
    choices(&legs, problem.pvs.len()).into_iter().any(|of_pv| {
        let served = || problem.pvs.iter().zip(&of_pv);
        let is_allowed = served().all(|(usable, leg)| usable.leg.is_none_or(|own| own == *leg));
        let splits_a_group = problem.rule == Rule::WithinGroups
            && served().any(|(one, leg)| {
                served().any(|(other, others)| one.group == other.group && leg != others)
            });
        is_allowed
            && !splits_a_group
            && legs.iter().all(|leg| {
                let pvs = served().filter(|(_, of_pv)| *of_pv == leg);
                let pvs = pvs.map(|(usable, _)| usable.clone()).collect();
                let rule = match &problem.rule {
                    Rule::OnePiece { starts: Some(starts) } => {
                        let skipped = starts.iter().skip(leg * problem.stripes);
                        let starts = skipped.take(problem.stripes).copied().collect();
                        Rule::OnePiece { starts: Some(starts) }
                    }
                    rule => rule.clone(),
                };
                leg_exists(&Problem { pvs, rule, legs: 1, ..problem.clone() })
            })
    })
}

fn leg_exists(problem: &Problem) -> bool {
    let counts: Vec<u64> = problem.pvs.iter().map(|usable| usable.free().get()).collect();
    let any = |_: usize, _: usize| true;
    let rows = problem.rows.get();
    match &problem.rule {
        Rule::OnePiece { starts } => has_one_piece(problem, starts.as_deref()),
        Rule::Anywhere => {
            let mut rest = counts;
            (0..u128::from(rows) * problem.stripes as u128).all(|_| take_any(&mut rest))
        }
        Rule::Apart => {
            Tries { stripes: problem.stripes, may: &any, seen: BTreeSet::new() }.fill(rows, &counts)
        }
        Rule::WithinGroups => {
            let groups: BTreeSet<usize> = problem.pvs.iter().map(|usable| usable.group).collect();
            let groups: Vec<usize> = groups.into_iter().collect();
            choices(&groups, problem.stripes).into_iter().any(|of_stripe| {
                let may = |stripe: usize, pv: usize| problem.pvs[pv].group == of_stripe[stripe];
                let mut tries =
                    Tries { stripes: problem.stripes, may: &may, seen: BTreeSet::new() };
                tries.fill(rows, &counts)
            })
        }
    }
}

fn take_any(rest: &mut [u64]) -> bool {
    match rest.iter_mut().find(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            true
        }
        None => false,
    }
}

/// All ways to give each of `count` stripes one of `values`.
fn choices(values: &[usize], count: usize) -> Vec<Vec<usize>> {
    (0..count).fold(Vec::from([Vec::new()]), |ways, _| {
        let longer = |way: &Vec<usize>, value: usize| way.iter().copied().chain([value]).collect();
        let ways = ways.iter().flat_map(|way| values.iter().map(move |value| longer(way, *value)));
        ways.collect()
    })
}

/// Rows on different PVs, of which only the numbers of extents that are left count.
struct Tries<'a> {
    stripes: usize,
    /// Whether a stripe may be on a PV.
    may: &'a dyn Fn(usize, usize) -> bool,
    /// From where it is known that it does not go on.
    seen: BTreeSet<(u64, Vec<u64>)>,
}

impl Tries<'_> {
    fn fill(&mut self, rows: u64, counts: &[u64]) -> bool {
        if rows == 0 {
            return true;
        }
        if !self.seen.insert((rows, counts.to_vec())) {
            return false;
        }
        self.row(rows, counts, &mut Vec::new())
    }

    /// Tries all PVs for the next stripe of a row.
    fn row(&mut self, rows: u64, counts: &[u64], taken: &mut Vec<usize>) -> bool {
        let stripe = taken.len();
        if stripe == self.stripes {
            let mut rest = counts.to_vec();
            for pv in taken {
                rest[*pv] -= 1;
            }
            return self.fill(rows - 1, &rest);
        }
        (0..counts.len()).any(|pv| {
            if counts[pv] == 0 || taken.contains(&pv) || !(self.may)(stripe, pv) {
                return false;
            }
            taken.push(pv);
            let found = self.row(rows, counts, taken);
            taken.pop();
            found
        })
    }
}

/// Tries each extent as the beginning of each stripe.
fn has_one_piece(problem: &Problem, starts: Option<&[(PvIndex, Pe)]>) -> bool {
    let rows = problem.rows.get();
    let fits = |pv: PvIndex, start: u64| {
        let usable = problem.pvs.iter().filter(|usable| usable.pv == pv);
        (start..start.saturating_add(rows)).all(|pe| {
            let mut runs = usable.clone().flat_map(Usable::runs);
            runs.any(|run| run.start.get() <= pe && pe < run.end().get())
        })
    };
    if let Some(starts) = starts {
        let pvs: BTreeSet<PvIndex> = starts.iter().map(|start| start.0).collect();
        let apart = pvs.len() == starts.len() && starts.len() == problem.stripes;
        return rows == 0 || apart && starts.iter().all(|(pv, start)| fits(*pv, start.get()));
    }
    let holds_one = |usable: &&Usable| {
        let mut starts = usable.runs().iter().flat_map(|run| run.start.get()..run.end().get());
        starts.any(|start| fits(usable.pv, start))
    };
    rows == 0 || problem.pvs.iter().filter(holds_one).count() >= problem.stripes
}
