//! Why there is no layout, as a proof that can be checked.

use super::Refusal;
use super::cover::{Cover, Found, Node};
use super::problem::{Problem, Rule};
use crate::units::Extents;
use std_alloc::vec::Vec;

/// Why a problem has no solution.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Certificate {
    /// The LV cannot go on where a stripe of it ends.
    NothingBehind {
        /// The stripe, from 0, leg by leg.
        column: usize,
        /// How many extents are free behind it.
        free: Extents,
    },
    /// Two stripes end on one PV, and would go on there.
    SharedEnd {
        /// The stripe, from 0.
        column: usize,
        /// An earlier one that ends on the same PV.
        other: usize,
    },
    /// A stripe ends on a PV that serves another leg.
    WrongLeg {
        /// The stripe, from 0.
        column: usize,
    },
    /// What PVs can give does not cover what the legs need: of one leg a sum, of several a tree of
    /// cases that ends in sums.
    Cover(Vec<Node>),
}

/// What is known of a problem without a layout.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// There is none, and this proves it.
    Proved(Certificate),
    /// None was found. Only of several legs: the search was given up.
    Undecided {
        /// Behind so many branches.
        limit: u64,
    },
}

/// Returns why a problem has no solution; nothing if it has one.
pub(super) fn refute(problem: &Problem) -> Option<Verdict> {
    let rows = problem.rows;
    if rows.is_zero() {
        return None;
    }
    let Rule::OnePiece { starts: Some(starts) } = &problem.rule else {
        return match Cover::new(problem, &problem.rule, rows).solve() {
            Found::Legs(_) => None,
            Found::Nothing(nodes) => Some(Verdict::Proved(Certificate::Cover(nodes))),
            Found::Unknown => Some(Verdict::Undecided { limit: super::cover::BRANCHES_MAX }),
        };
    };
    let mut ends = starts.iter().enumerate();
    let certificate = ends.find_map(|(column, (pv, start))| {
        let usable = problem.usable(*pv);
        let free = usable.map_or(Extents::ZERO, |usable| usable.from(*start));
        let own = usable.and_then(|usable| usable.leg);
        let other = starts[..column].iter().position(|(other, _)| other == pv);
        if free < rows {
            Some(Certificate::NothingBehind { column, free })
        } else if own.is_some_and(|own| own != column / problem.stripes) {
            Some(Certificate::WrongLeg { column })
        } else {
            other.map(|other| Certificate::SharedEnd { column, other })
        }
    });
    certificate.map(Verdict::Proved)
}

impl Refusal {
    /// Returns how many extents all stripes need together.
    pub fn needed(&self) -> Extents {
        self.of_rows(self.problem.rows)
    }

    /// Returns how many extents may be used.
    pub fn free(&self) -> Extents {
        self.problem.free()
    }

    /// Returns how many extents LVM2 would count as found: of a piece that must be whole none.
    pub fn found(&self) -> Extents {
        match self.problem.rule {
            Rule::OnePiece { .. } => Extents::ZERO,
            _ => self.of_rows(self.most),
        }
    }

    fn of_rows(&self, rows: Extents) -> Extents {
        Extents::new(rows.get().saturating_mul(self.problem.columns() as u64))
    }
}
