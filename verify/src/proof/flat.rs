//! Problems and answers as arrays of numbers, which is what the proved checker takes.

use super::extracted::{self, RawLayout, RawProblem};
use extant_core::alloc::Layout;
use extant_core::alloc::cover::Node;
use extant_core::alloc::problem::{Problem, Rule};
use extant_core::alloc::refusal::Certificate;
use extant_core::model::pv::PvIndex;

/// The bounds of `sized` in `model.mlw`, within which nothing overflows.
const ROWS_MAX: i64 = 1 << 40;
const COLUMNS_MAX: i64 = 1024;
const PVS_MAX: i64 = 1024;

/// A problem in arrays.
pub(super) struct Flat {
    /// The PVs by their numbers in the arrays.
    pvs: Vec<PvIndex>,
    legs: i64,
    stripes: i64,
    rows: i64,
    rule: i64,
    group: Vec<i64>,
    leg: Vec<i64>,
    first: Vec<i64>,
    start: Vec<i64>,
    stop: Vec<i64>,
    given_pv: Vec<i64>,
    given_pe: Vec<i64>,
}

/// A number that is too large is as wrong as the largest.
fn number<T: TryInto<i64>>(value: T) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

impl Flat {
    /// # Panics
    /// If the problem is beyond the bounds that are proved.
    pub(super) fn new(problem: &Problem) -> Self {
        let pvs: Vec<PvIndex> = problem.pvs.iter().map(|usable| usable.pv).collect();
        let (rule, given) = match &problem.rule {
            Rule::OnePiece { starts: None } => (0, &[][..]),
            Rule::OnePiece { starts: Some(starts) } => (1, starts.as_slice()),
            Rule::WithinGroups => (2, &[][..]),
            Rule::Apart => (3, &[][..]),
            Rule::Anywhere => (4, &[][..]),
        };
        let (mut first, mut start, mut stop) = (vec![0], Vec::new(), Vec::new());
        for usable in &problem.pvs {
            start.extend(usable.runs().iter().map(|run| number(run.start.get())));
            stop.extend(usable.runs().iter().map(|run| number(run.end().get())));
            first.push(number(start.len()));
        }
        let group = problem.pvs.iter().map(|usable| {
            let same = problem.pvs.iter().position(|other| other.group == usable.group);
            number(same.expect("a PV is in its own group"))
        });
        let flat = Self {
            legs: number(problem.legs),
            stripes: number(problem.stripes),
            rows: number(problem.rows.get()),
            rule,
            group: group.collect(),
            leg: problem.pvs.iter().map(|usable| usable.leg.map_or(-1, number)).collect(),
            first,
            start,
            stop,
            given_pv: given.iter().map(|(pv, _)| number_of(&pvs, *pv)).collect(),
            given_pe: given.iter().map(|(_, pe)| number(pe.get())).collect(),
            pvs,
        };
        flat.assert_sized();
        flat
    }

    /// `sized` of `model.mlw`: what the proof takes for granted.
    fn assert_sized(&self) {
        let pvs = self.pvs.len();
        assert!(number(pvs) <= PVS_MAX, "so many PVs are not proved");
        assert!(self.legs >= 1 && self.stripes >= 1, "there are legs and stripes");
        assert!(self.columns() <= COLUMNS_MAX, "so many columns are not proved");
        assert!((0..=ROWS_MAX).contains(&self.rows), "so many rows are not proved");
        assert!(number(self.start.len()) <= ROWS_MAX, "so many runs are not proved");
        assert!(self.group.len() == pvs && self.leg.len() == pvs && self.first.len() == pvs + 1);
        assert_eq!(self.start.len(), self.stop.len());
        let given = if self.rule == 1 { self.columns() } else { 0 };
        assert_eq!(number(self.given_pv.len()), given, "each stripe has a start");
        assert_eq!(number(self.given_pe.len()), given, "each stripe has a start");
    }

    fn columns(&self) -> i64 {
        self.legs.saturating_mul(self.stripes)
    }

    fn raw(&self) -> RawProblem {
        RawProblem {
            pvs: number(self.pvs.len()),
            legs: self.legs,
            stripes: self.stripes,
            rows: self.rows,
            rule: self.rule,
            group: self.group.as_ptr(),
            leg: self.leg.as_ptr(),
            runs: number(self.start.len()),
            first: self.first.as_ptr(),
            start: self.start.as_ptr(),
            stop: self.stop.as_ptr(),
            given_pv: self.given_pv.as_ptr(),
            given_pe: self.given_pe.as_ptr(),
        }
    }

    /// Asks the proved checker about a layout.
    ///
    /// # Panics
    /// If a piece of it has not as many areas as the problem has columns.
    pub(super) fn accepts_layout(&self, layout: &Layout) -> bool {
        let (mut rows_of, mut pv, mut pe, mut length_of) = (vec![], vec![], vec![], vec![]);
        for piece in &layout.pieces {
            assert_eq!(number(piece.areas.len()), self.columns(), "an area for each column");
            rows_of.push(number(piece.rows.get()));
            for (of, start) in &piece.areas {
                pv.push(number_of(&self.pvs, *of));
                pe.push(number(start.get()));
                length_of.push(number(piece.rows.get()));
            }
        }
        let mut sorted: Vec<usize> = (0..pv.len()).collect();
        sorted.sort_by_key(|area| (pv[*area], pe[*area], *area));
        let mut position = vec![0; sorted.len()];
        for (place, area) in sorted.iter().enumerate() {
            position[*area] = number(place);
        }
        let order: Vec<i64> = sorted.into_iter().map(number).collect();
        let raw = RawLayout {
            pieces: number(rows_of.len()),
            rows_of: rows_of.as_ptr(),
            areas: number(pv.len()),
            pv: pv.as_ptr(),
            pe: pe.as_ptr(),
            length_of: length_of.as_ptr(),
            order: order.as_ptr(),
            position: position.as_ptr(),
        };
        assert!(raw.pieces <= ROWS_MAX, "so many pieces are not proved");
        let (mut owner, mut mark) = (vec![0; self.pvs.len()], vec![0; self.pvs.len()]);
        // SAFETY: all arrays live until the call returns and have the lengths that `sized` and
        // `layout_sized` name; the two that are written have one number for each PV, as the
        // contract of `check_layout` in layouts.mlw asks.
        let answer = unsafe {
            extracted::check_layout(self.raw(), raw, owner.as_mut_ptr(), mark.as_mut_ptr())
        };
        answer != 0
    }

    /// Asks the proved checker about a certificate.
    pub(super) fn accepts_certificate(&self, certificate: &Certificate) -> bool {
        let raw = self.raw();
        let stripe = |column: &usize| {
            let column = number(*column);
            (column / self.stripes, column % self.stripes)
        };
        let answer = match certificate {
            Certificate::Cover(nodes) => {
                let nodes: Vec<i64> = nodes.iter().map(node).collect();
                let mut wanted = vec![0; usize::try_from(self.legs).expect("legs are few")];
                let mut weights = vec![0; self.pvs.len()];
                // SAFETY: all arrays live until the call returns and have the lengths that `sized`
                // names; those that are written have one number for each leg and for each PV, as
                // the contract of `check_cover` in covers.mlw asks.
                unsafe {
                    let size = number(nodes.len());
                    let (d, u) = (wanted.as_mut_ptr(), weights.as_mut_ptr());
                    extracted::check_cover(raw, nodes.as_ptr(), size, d, u)
                }
            }
            Certificate::NothingBehind { column, free } => {
                let (leg, stripe) = stripe(column);
                // SAFETY: the arrays of the problem live until the call returns and are `sized`.
                unsafe { extracted::check_nothing_behind(raw, leg, stripe, number(free.get())) }
            }
            Certificate::SharedEnd { column, other } => {
                let ((leg, one), (other, two)) = (stripe(column), stripe(other));
                // SAFETY: as above.
                unsafe { extracted::check_shared_end(raw, leg, one, other, two) }
            }
            Certificate::WrongLeg { column } => {
                let (leg, stripe) = stripe(column);
                // SAFETY: as above.
                unsafe { extracted::check_wrong_leg(raw, leg, stripe) }
            }
        };
        answer != 0
    }
}

/// Returns the number of a PV in the arrays; of one that may not be used one beyond all others.
fn number_of(pvs: &[PvIndex], pv: PvIndex) -> i64 {
    number(pvs.iter().position(|other| *other == pv).unwrap_or(pvs.len() + pv.get()))
}

fn node(node: &Node) -> i64 {
    match node {
        Node::Branch(item) => number(*item),
        // No leaf has this unit.
        Node::Leaf(0) => i64::MIN,
        // What is beyond is rounded up to one, as with the largest.
        Node::Leaf(unit) => -number(*unit),
    }
}
