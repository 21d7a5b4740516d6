//! The checker that is proved, in C as Why3 extracts it, against the one in Rust that runs.
//!
//! The proof is of the sources in `verify/proof`; `verify/all.sh proof` repeats it. What is proved
//! is not the Rust checker, but that it decides as the proved one does is seen here: on every input
//! up to a bound, and on random ones.

pub mod command;
pub mod exhaustive;
mod extracted;
mod flat;
pub mod random;

use extant_core::alloc::check::{self, Wrong};
use extant_core::alloc::problem::{Problem, Rule};
use extant_core::alloc::refusal::Certificate;
use extant_core::alloc::{Layout, spec};
use flat::Flat;
use std::fmt;

/// A checker that is compared with the proved one.
#[derive(Clone, Copy)]
pub struct Checker {
    /// Judges a layout.
    pub layout: fn(&Problem, &Layout) -> Result<(), Wrong>,
    /// Judges a certificate.
    pub certificate: fn(&Problem, &Certificate) -> Result<(), Wrong>,
}

/// The checker that every answer passes.
pub const RUST: Checker = Checker { layout: check::layout, certificate: check::certificate };

/// How many inputs both checkers judged alike.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Count {
    /// Problems.
    pub problems: u64,
    /// Layouts that both accept.
    pub layouts_accepted: u64,
    /// Layouts that both reject.
    pub layouts_rejected: u64,
    /// Certificates that both accept.
    pub certificates_accepted: u64,
    /// Certificates that both reject.
    pub certificates_rejected: u64,
}

impl Count {
    /// Returns how many answers were judged.
    pub fn answers(&self) -> u64 {
        self.layouts_accepted
            + self.layouts_rejected
            + self.certificates_accepted
            + self.certificates_rejected
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(
            f,
            "{} problems, {} layouts accepted by both checkers and {} rejected, {} certificates \
             accepted and {} rejected",
            self.problems,
            self.layouts_accepted,
            self.layouts_rejected,
            self.certificates_accepted,
            self.certificates_rejected
        )
    }
}

/// One problem, of which answers are judged by both checkers.
struct Case<'a> {
    checker: Checker,
    problem: &'a Problem,
    flat: Flat,
    /// Whether layouts are held against the specification too.
    with_spec: bool,
    count: &'a mut Count,
}

impl<'a> Case<'a> {
    fn new(checker: Checker, problem: &'a Problem, count: &'a mut Count) -> Self {
        count.problems += 1;
        Self { checker, problem, flat: Flat::new(problem), with_spec: false, count }
    }

    fn layout(&mut self, layout: &Layout) -> Result<(), String> {
        let proved = self.flat.accepts_layout(layout);
        let rust = (self.checker.layout)(self.problem, layout);
        if proved != rust.is_ok() {
            return Err(self.differ("layout", proved, &rust, &format!("{layout:?}")));
        }
        // Pieces that follow one another denote what one denotes, but are not one: refused.
        let in_pieces =
            matches!(self.problem.rule, Rule::OnePiece { .. }) && layout.pieces.len() > 1;
        if self.with_spec && !in_pieces && proved != spec::allows(self.problem, layout) {
            return Err(format!(
                "the specification and the checkers ({proved}) differ on {layout:?}\nof {:?}",
                self.problem
            ));
        }
        let Count { layouts_accepted: accepted, layouts_rejected: rejected, .. } = &mut *self.count;
        *(if proved { accepted } else { rejected }) += 1;
        Ok(())
    }

    fn certificate(&mut self, certificate: &Certificate) -> Result<(), String> {
        let proved = self.flat.accepts_certificate(certificate);
        let rust = (self.checker.certificate)(self.problem, certificate);
        if proved != rust.is_ok() {
            return Err(self.differ("certificate", proved, &rust, &format!("{certificate:?}")));
        }
        let Count { certificates_accepted: accepted, certificates_rejected: rejected, .. } =
            &mut *self.count;
        *(if proved { accepted } else { rejected }) += 1;
        Ok(())
    }

    fn differ(&self, what: &str, proved: bool, rust: &Result<(), Wrong>, answer: &str) -> String {
        let verdict = if proved { "accepts" } else { "rejects" };
        let problem = self.problem;
        format!(
            "the proved checker {verdict} a {what}, the other says {rust:?}: {answer}\nof {problem:?}"
        )
    }
}
