//! Why new extents lie where they lie: what is true of a place, found from the VG as it was and the
//! pieces in their order. Nothing is taken over from the search, so nothing can be said that is not
//! so.

use crate::alloc::Candidate;
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::model::vg::Vg;
use crate::name::Tag;
use crate::ops::allocated::{Allocated, NewPiece};
use crate::units::{Extents, Pe};
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::vec::Vec;

/// What is special about a place: the first of these that is true.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Reason {
    /// The last segment of the LV ends there.
    ContinuesLast,
    /// The piece before ends there.
    ContinuesPiece,
    /// The LV is on this PV already.
    OnPvOfLv,
    /// The PV shares a tag of the list with one that the LV is on.
    SharesTag(Tag, PvIndex),
    /// A piece before is on this PV.
    OnPvOfPiece,
    /// No other PV has free extents left that no other stripe of these rows is on.
    OnlyPv,
    /// Of such PVs it is the first with a free run for all rows that are left, which are so many.
    FirstWithAll(Extents),
    /// It begins the longest free run of such PVs, of this length.
    Longest {
        /// How many extents the run has.
        run: Extents,
        /// Whether others are as long, all of them on later PVs.
        equals: bool,
    },
    /// No other stripe of these rows is on this PV.
    Apart,
    /// It is free.
    Free,
}

/// Free extents of a PV.
#[derive(Default)]
struct Runs {
    by_start: BTreeMap<Pe, Extents>,
    by_length: BTreeSet<(Extents, Pe)>,
}

impl Runs {
    fn new(vg: &Vg, candidate: &Candidate) -> Self {
        let mut runs = Self::default();
        for (start, length) in vg.free_runs(candidate.pv) {
            for range in &candidate.ranges {
                let from = start.max(range.start);
                let to = start.after(length).min(range.end());
                if from < to {
                    runs.add(from, to);
                }
            }
        }
        runs
    }

    fn add(&mut self, from: Pe, to: Pe) {
        if from < to {
            self.by_start.insert(from, to.since(from));
            self.by_length.insert((to.since(from), from));
        }
    }

    fn longest(&self) -> Extents {
        self.by_length.last().map_or(Extents::ZERO, |(length, _)| *length)
    }

    /// Returns the run that an extent is in.
    fn around(&self, pe: Pe) -> Option<(Pe, Extents)> {
        let (start, length) = self.by_start.range(..=pe).next_back()?;
        (pe < start.after(*length)).then_some((*start, *length))
    }

    fn take(&mut self, pe: Pe, count: Extents) {
        let Some((start, length)) = self.around(pe) else {
            return;
        };
        self.by_start.remove(&start);
        self.by_length.remove(&(length, start));
        self.add(start, pe);
        self.add(pe.after(count), start.after(length));
    }
}

/// What is known while piece after piece is looked at.
struct Walk<'a> {
    vg: &'a Vg,
    allocated: &'a Allocated,
    /// The PVs in order of preference.
    free: Vec<(PvIndex, Runs)>,
    /// The PVs that the LV was on.
    home: BTreeSet<PvIndex>,
    /// The PVs of pieces before.
    used: BTreeSet<PvIndex>,
    /// Where the stripes of the last segment end, then those of the piece before.
    ends: Vec<(PvIndex, Pe)>,
    /// How many rows have no place yet.
    left: Extents,
}

/// Returns the reasons of each piece, one for each stripe.
pub(super) fn reasons(
    vg: &Vg,
    before: &[Segment],
    allocated: &Allocated,
    pieces: &[NewPiece],
) -> Vec<Vec<Reason>> {
    let on_pv = |area: &Area| match area {
        Area::Pv { pv, start } => Some((*pv, *start)),
        Area::Lv { .. } => None,
    };
    let areas = before.iter().flat_map(Segment::areas);
    let ends = before.last().map_or(Vec::new(), |last| {
        let ends = last.areas().iter().filter_map(on_pv);
        ends.map(|(pv, start)| (pv, start.after(last.area_extents()))).collect()
    });
    let candidates = allocated.candidates.iter();
    let mut walk = Walk {
        vg,
        allocated,
        free: candidates.map(|candidate| (candidate.pv, Runs::new(vg, candidate))).collect(),
        home: areas.filter_map(on_pv).map(|(pv, _)| pv).collect(),
        used: BTreeSet::new(),
        ends,
        left: pieces.iter().map(|piece| piece.rows).sum(),
    };
    let numbered = pieces.iter().enumerate();
    numbered.map(|(number, piece)| walk.piece(piece, number == 0)).collect()
}

impl Walk<'_> {
    fn piece(&mut self, piece: &NewPiece, is_first: bool) -> Vec<Reason> {
        let mut reasons = Vec::with_capacity(piece.areas.len());
        for stripe in 0..piece.areas.len() {
            reasons.push(self.reason(piece, stripe, is_first));
        }
        for (pv, pe) in &piece.areas {
            if let Some((_, runs)) = self.free.iter_mut().find(|(found, _)| found == pv) {
                runs.take(*pe, piece.rows);
            }
            self.used.insert(*pv);
        }
        self.ends = piece.areas.iter().map(|(pv, pe)| (*pv, pe.after(piece.rows))).collect();
        self.left -= piece.rows;
        reasons
    }

    fn reason(&self, piece: &NewPiece, stripe: usize, is_first: bool) -> Reason {
        let (pv, pe) = piece.areas[stripe];
        if self.ends.len() == piece.areas.len() && self.ends[stripe] == (pv, pe) {
            return if is_first { Reason::ContinuesLast } else { Reason::ContinuesPiece };
        }
        if self.home.contains(&pv) {
            return Reason::OnPvOfLv;
        }
        if let Some((tag, other)) = self.shared_tag(pv) {
            return Reason::SharesTag(tag, other);
        }
        if self.used.contains(&pv) {
            return Reason::OnPvOfPiece;
        }
        self.place(piece, stripe).unwrap_or({
            let others = piece.areas.iter().enumerate().filter(|(other, _)| *other != stripe);
            let mut others = others.map(|(_, (other, _))| *other);
            if piece.areas.len() > 1 && others.all(|other| other != pv) {
                Reason::Apart
            } else {
                Reason::Free
            }
        })
    }

    /// Compares a place with others that are free.
    fn place(&self, piece: &NewPiece, stripe: usize) -> Option<Reason> {
        let (pv, pe) = piece.areas[stripe];
        // Earlier stripes have had their choice; where a PV may serve several, it is none less.
        let taken = match self.allocated.policy {
            AllocationPolicy::Anywhere => &[][..],
            _ => &piece.areas[..stripe],
        };
        let is_open = |open: PvIndex| taken.iter().all(|(taken, _)| *taken != open);
        let open = self.free.iter().filter(|(other, _)| is_open(*other));
        let open: Vec<(PvIndex, Extents)> =
            open.map(|(other, runs)| (*other, runs.longest())).collect();
        let place = open.iter().position(|(other, _)| *other == pv)?;
        let others = open.iter().enumerate().filter(|(other, _)| *other != place);
        let (_, runs) = self.free.iter().find(|(other, _)| *other == pv)?;
        let (start, run) = runs.around(pe)?;
        if others.clone().all(|(_, (_, longest))| longest.is_zero()) {
            return Some(Reason::OnlyPv);
        }
        if start != pe {
            return None;
        }
        if run >= self.left {
            let is_first = open[..place].iter().all(|(_, longest)| *longest < self.left);
            return is_first.then_some(Reason::FirstWithAll(self.left));
        }
        let is_longest = run == runs.longest()
            && open[..place].iter().all(|(_, longest)| *longest < run)
            && others.clone().all(|(_, (_, longest))| *longest <= run);
        let equals = open[place + 1..].iter().any(|(_, longest)| *longest == run);
        is_longest.then_some(Reason::Longest { run, equals })
    }

    /// Finds a tag of the list that a PV shares with one that the LV is on.
    fn shared_tag(&self, pv: PvIndex) -> Option<(Tag, PvIndex)> {
        let list = &self.allocated.cling_tags;
        let names = || list.iter().map(|entry| entry.strip_prefix('@').unwrap_or(entry));
        let is_listed = |tag: &&Tag| names().any(|name| name == "*" || name == tag.as_str());
        let mut tags = self.vg.pv(pv).tags.iter().filter(is_listed);
        tags.find_map(|tag| {
            let mut home = self.home.iter().chain(&self.used);
            let other = home.find(|other| self.vg.pv(**other).tags.contains(tag))?;
            Some((tag.clone(), *other))
        })
    }
}

/// Returns true if so many rows need all that a PV has which cannot serve every row: with one
/// extent less on any of these they would not fit.
pub(super) fn is_tight(vg: &Vg, allocated: &Allocated, rows: Extents, stripes: usize) -> bool {
    if allocated.policy == AllocationPolicy::Anywhere {
        return false;
    }
    let free = allocated.candidates.iter().map(|candidate| {
        let runs = Runs::new(vg, candidate);
        runs.by_start.values().copied().sum::<Extents>()
    });
    let free: Vec<Extents> = free.filter(|free| !free.is_zero()).collect();
    if let ([only], 1) = (free.as_slice(), stripes) {
        return *only == rows;
    }
    let given: u128 = free.iter().map(|free| u128::from((*free).min(rows).get())).sum();
    let needed = u128::from(rows.get()) * stripes as u128;
    free.iter().any(|free| *free < rows) && given == needed
}

#[cfg(test)]
mod tests;
