//! `verify proof`: both checkers in the long run.

use super::exhaustive::{self, Bound};
use super::{RUST, random};
use anyhow::{Result, anyhow};
use clap::Args;
use std::time::Instant;

/// What is compared.
#[derive(Args)]
pub struct ProofArgs {
    /// How many random answers
    #[arg(long, default_value_t = 10_000_000)]
    random: u64,
    /// The seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leaves out the comparison on all inputs up to a bound
    #[arg(long)]
    random_only: bool,
}

/// What is compared exhaustively: layouts of two stripes or legs, of one stripe in more pieces, and
/// certificates of three legs.
const BOUNDS: [Bound; 3] = [
    Bound { pvs: 2, extents: 2, shapes: &[(1, 2), (2, 1)], rows: 2, pieces: 2, nodes: 5 },
    Bound { pvs: 2, extents: 3, shapes: &[(1, 1)], rows: 3, pieces: 3, nodes: 4 },
    Bound { pvs: 3, extents: 1, shapes: &[(3, 1)], rows: 1, pieces: 1, nodes: 4 },
];

/// Compares, and prints bounds and counts.
///
/// # Errors
/// The first difference.
pub fn run(args: &ProofArgs) -> Result<()> {
    let bounds = if args.random_only { &[][..] } else { &BOUNDS };
    for bound in bounds {
        let start = Instant::now();
        let count = exhaustive::run(*bound, RUST).map_err(|wrong| anyhow!("{wrong}"))?;
        println!("every input of {bound:?}:");
        println!("  {count}, no difference, in {} s", start.elapsed().as_secs());
    }
    let start = Instant::now();
    let count = random::run(args.seed, args.random, RUST).map_err(|wrong| anyhow!("{wrong}"))?;
    println!("random answers from seed {}:", args.seed);
    println!("  {count}, no difference, in {} s", start.elapsed().as_secs());
    Ok(())
}
