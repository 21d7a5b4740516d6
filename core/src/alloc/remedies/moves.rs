//! Which extents to move so that there is room where a request may go.
//!
//! Extents in use are moved from PVs that the new ones need to PVs that they don't, so that it does
//! not matter where on these they come to lie.

use super::Move;
use crate::alloc::problem::{Problem, Rule, Usable};
use crate::alloc::{Candidate, Request};
use crate::model::lv_table::Run;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::size::ranges::PeRange;
use crate::units::{Extents, Pe};
use core::cmp::Reverse;
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// Returns moves that make room, as few extents as were found; of one leg only.
pub(super) fn moves(vg: &Vg, request: &Request, problem: &Problem) -> Option<Vec<Move>> {
    let rows = problem.rows;
    if problem.legs > 1 || rows.is_zero() {
        return None;
    }
    let space = Space { vg, request };
    match &problem.rule {
        Rule::OnePiece { starts: Some(starts) } => {
            let ends: Vec<PvIndex> = starts.iter().map(|(pv, _)| *pv).collect();
            let behind = |(pv, start): &(PvIndex, Pe)| space.window(*pv, *start, rows);
            let windows: Option<Vec<Vec<Used>>> = starts.iter().map(behind).collect();
            let is_shared = (1..ends.len()).any(|place| ends[..place].contains(&ends[place]));
            space.carry(windows?.into_iter().flatten().collect(), |pv| {
                !is_shared && !ends.contains(&pv)
            })
        }
        Rule::OnePiece { starts: None } => {
            let has_run = |usable: &&Usable| usable.longest() >= rows;
            let cheapest = |usable: &Usable| space.cheapest_window(usable.pv, rows);
            space.free_up(problem, &has_run, &cheapest)
        }
        // What is moved between tied PVs leaves their group as it was.
        Rule::WithinGroups if are_tied(problem) => None,
        Rule::WithinGroups => {
            let is_whole = |usable: &&Usable| usable.free() >= rows;
            let missing = |usable: &Usable| space.some(usable.pv, rows - usable.free());
            space.free_up(problem, &is_whole, &missing)
        }
        Rule::Apart => space.balance(problem),
        Rule::Anywhere => None,
    }
}

fn are_tied(problem: &Problem) -> bool {
    let groups: BTreeSet<usize> = problem.pvs.iter().map(|usable| usable.group).collect();
    groups.len() < problem.pvs.len()
}

/// Extents in use, on a PV.
type Used = (PvIndex, PeRange);

struct Space<'a> {
    vg: &'a Vg,
    request: &'a Request<'a>,
}

impl Space<'_> {
    fn candidate(&self, pv: PvIndex) -> Option<&Candidate> {
        self.request.candidates.iter().find(|candidate| candidate.pv == pv)
    }

    /// Returns what is in use of a run, which has to lie in one of the request's ranges.
    fn window(&self, pv: PvIndex, start: Pe, extents: Extents) -> Option<Vec<Used>> {
        let end = Pe::new(start.get().checked_add(extents.get())?);
        let mut ranges = self.candidate(pv)?.ranges.iter();
        ranges.any(|range| range.start <= start && end <= range.end()).then(|| {
            let runs = self.vg.lvs.runs_on(pv).iter();
            let inside = runs.filter(|run| run.start() < end && start < run.end());
            let cut = |from: Pe, to: Pe| PeRange { start: from, extents: to.since(from) };
            inside.map(|run| (pv, cut(run.start().max(start), run.end().min(end)))).collect()
        })
    }

    /// Returns what is in use of the run of that length of which least is.
    fn cheapest_window(&self, pv: PvIndex, extents: Extents) -> Option<Vec<Used>> {
        let ranges = &self.candidate(pv)?.ranges;
        let begins = ranges.iter().map(|range| range.start);
        // The best window begins at the start of a range or behind something in use.
        let starts = begins.chain(self.vg.lvs.runs_on(pv).iter().map(Run::end));
        let windows = starts.filter_map(|start| self.window(pv, start, extents));
        windows.take(WINDOWS_MAX).min_by_key(|used| count(used))
    }

    /// Returns some extents in use within the request's ranges: of the longest runs.
    fn some(&self, pv: PvIndex, extents: Extents) -> Option<Vec<Used>> {
        let ranges = &self.candidate(pv)?.ranges;
        let whole = |range: &PeRange| self.window(pv, range.start, range.extents);
        let mut used: Vec<Used> = ranges.iter().filter_map(whole).flatten().collect();
        used.sort_by_key(|(_, range)| Reverse(range.extents));
        let mut left = extents;
        let mut taken = Vec::new();
        for (pv, range) in used {
            if left.is_zero() {
                break;
            }
            let extents = range.extents.min(left);
            taken.push((pv, PeRange { extents, ..range }));
            left -= extents;
        }
        left.is_zero().then_some(taken)
    }

    /// Makes as many PVs serve a stripe as are missing, those that cost least.
    fn free_up(
        &self,
        problem: &Problem,
        serves: &dyn Fn(&&Usable) -> bool,
        cost: &dyn Fn(&Usable) -> Option<Vec<Used>>,
    ) -> Option<Vec<Move>> {
        let ready: Vec<&Usable> = problem.pvs.iter().filter(serves).collect();
        let missing = problem.stripes.checked_sub(ready.len())?;
        let others = problem.pvs.iter().filter(|usable| !serves(usable));
        let mut chosen: Vec<Vec<Used>> = others.filter_map(cost).collect();
        chosen.sort_by_key(|used| count(used));
        if chosen.len() < missing {
            return None;
        }
        let used: Vec<Used> = chosen.into_iter().take(missing).flatten().collect();
        let freed: Vec<PvIndex> = used.iter().map(|(pv, _)| *pv).collect();
        self.carry(used, |pv| !freed.contains(&pv) && !ready.iter().any(|usable| usable.pv == pv))
    }

    /// Moves from PVs that have less free than rows to those that have more.
    fn balance(&self, problem: &Problem) -> Option<Vec<Move>> {
        let rows = problem.rows;
        let given: Extents = problem.pvs.iter().map(|usable| usable.free().min(rows)).sum();
        let mut missing = problem.extents().checked_sub(u128::from(given.get()))?;
        let mut short: Vec<&Usable> =
            problem.pvs.iter().filter(|usable| usable.free() < rows).collect();
        short.sort_by_key(|usable| Reverse(usable.free()));
        let mut used = Vec::new();
        for usable in short {
            let all = self.candidate(usable.pv)?.ranges.iter();
            let in_use = all.filter_map(|range| self.window(usable.pv, range.start, range.extents));
            let in_use: Extents = in_use.map(|used| count(&used)).sum();
            let wanted = u64::try_from(missing).unwrap_or(u64::MAX);
            let extents = (rows - usable.free()).min(in_use).min(Extents::new(wanted));
            if !extents.is_zero() {
                used.extend(self.some(usable.pv, extents)?);
                missing -= u128::from(extents.get());
            }
        }
        let spare = |pv: PvIndex| {
            let usable = problem.usable(pv);
            usable.map_or(Extents::ZERO, |usable| usable.free().saturating_sub(rows))
        };
        if missing > 0 { None } else { self.carry_to(used, &spare) }
    }

    /// Finds room for what is moved on PVs that serve nothing else.
    fn carry(&self, used: Vec<Used>, serves: impl Fn(PvIndex) -> bool) -> Option<Vec<Move>> {
        let spare = |pv: PvIndex| {
            let free = self.candidate(pv).filter(|_| serves(pv));
            let runs = free.map(|_| self.vg.free_runs(pv)).unwrap_or_default();
            runs.iter().map(|(_, length)| *length).sum()
        };
        self.carry_to(used, &spare)
    }

    fn carry_to(&self, used: Vec<Used>, spare: &dyn Fn(PvIndex) -> Extents) -> Option<Vec<Move>> {
        let pvs = self.request.candidates.iter().map(|candidate| candidate.pv);
        let mut spare: Vec<(PvIndex, Extents)> = pvs.map(|pv| (pv, spare(pv))).collect();
        spare.sort_by_key(|(_, extents)| Reverse(*extents));
        let mut moves = Vec::new();
        for (from, mut range) in used {
            for (to, extents) in &mut spare {
                let part = range.extents.min(*extents);
                if part.is_zero() {
                    continue;
                }
                moves.push(Move { from, range: PeRange { extents: part, ..range }, to: *to });
                *extents -= part;
                range = PeRange { start: range.start.after(part), extents: range.extents - part };
            }
            if !range.extents.is_zero() {
                return None;
            }
        }
        (!moves.is_empty() && moves.len() <= MOVES_MAX).then_some(moves)
    }
}

/// So many places are tried for a run.
const WINDOWS_MAX: usize = 512;

/// More moves than that are no advice.
const MOVES_MAX: usize = 8;

fn count(used: &[Used]) -> Extents {
    used.iter().map(|(_, range)| range.extents).sum()
}
