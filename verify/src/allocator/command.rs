//! `verify alloc`: the same in the long run.

use super::exhaustive::{self, Bound};
use super::{Solver, greedy, preference, random};
use anyhow::{Result, bail};
use clap::{Subcommand, ValueEnum};
use extant_core::alloc::solve;
use std::thread;
use std::time::Instant;

/// What is asked.
#[derive(Subcommand)]
pub enum Ask {
    /// Every problem of PVs with so many extents, against existence by trying
    Exhaustive {
        /// How many PVs
        #[arg(long, default_value_t = 4)]
        pvs: usize,
        /// How many extents each has
        #[arg(long, default_value_t = 4)]
        extents: u32,
        /// Try PVs with the same free extents in all orders
        #[arg(long)]
        all_orders: bool,
        /// Who answers
        #[arg(long, default_value = "extant")]
        solver: Who,
    },
    /// Random problems beyond that, against maximum flows
    Random {
        /// How many
        #[arg(long, default_value_t = 1_000_000)]
        count: u64,
        /// The seed
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Who answers
        #[arg(long, default_value = "extant")]
        solver: Who,
    },
    /// Every layout of one leg, against the best by trying all
    Preference {
        /// How many PVs
        #[arg(long, default_value_t = 3)]
        pvs: usize,
        /// How many extents each has
        #[arg(long, default_value_t = 3)]
        extents: u32,
        /// How many stripes
        #[arg(long, default_value_t = 1)]
        stripes: usize,
    },
}

/// Who answers.
#[derive(Clone, Copy, ValueEnum)]
pub enum Who {
    /// The real solver
    Extant,
    /// One with the usual mistake, which must be seen
    Greedy,
}

impl Who {
    fn solver(self) -> Solver {
        match self {
            Self::Extant => solve::solve,
            Self::Greedy => greedy::solve,
        }
    }
}

/// Asks, and prints bound and count.
///
/// # Errors
/// The first wrong answer.
pub fn run(ask: &Ask) -> Result<()> {
    let start = Instant::now();
    match *ask {
        Ask::Exhaustive { pvs, extents, all_orders, solver } => {
            let threads = thread::available_parallelism().map_or(1, usize::from) as u64;
            let bound = Bound { pvs, extents, all_orders };
            let count = match exhaustive::run(bound, solver.solver(), threads) {
                Ok(count) => count,
                Err(wrong) => bail!("{wrong}"),
            };
            let orders = if all_orders { "in all orders" } else { "in one order each" };
            println!(
                "{pvs} PVs of {extents} extents, {orders}: {} patterns of free extents, {} problems \
                 solved, {} refuted, no difference, in {} s",
                count.patterns,
                count.solved,
                count.refuted,
                start.elapsed().as_secs()
            );
        }
        Ask::Random { count, seed, solver } => match random::run(seed, count, solver.solver()) {
            Ok(solved) => println!(
                "{count} random problems from seed {seed}: {solved} solved, {} refuted, no \
                 difference, in {} s",
                count - solved,
                start.elapsed().as_secs()
            ),
            Err(wrong) => bail!("{wrong}"),
        },
        Ask::Preference { pvs, extents, stripes } => match preference::run(pvs, extents, stripes) {
            Ok(seen) => println!(
                "{pvs} PVs of {extents} extents, {stripes} stripes: {} layouts as good as any, \
                     {} with {} segments too many, in {} s",
                seen.best,
                seen.longer,
                seen.segments,
                start.elapsed().as_secs()
            ),
            Err(wrong) => bail!("{wrong}"),
        },
    }
    Ok(())
}
