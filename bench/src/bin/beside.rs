//! Extant beside LVM2 on the same volume groups, in one run: the tables of the README.

use anyhow::ensure;
use clap::Parser;
use extant_bench::bed::Bed;
use extant_bench::parse;
use extant_bench::rows::{self, measure, measure_extras};
use extant_bench::targets::{self, Target, targets};
use extant_bench::texts::Shape;
use extant_verify::world::program::Program;

/// The volume groups: LVs and PVs.
const SHAPES: [(u64, u64); 5] = [(10, 4), (1000, 4), (10_000, 4), (20_000, 4), (1000, 100)];

/// Measures Extant beside LVM2 on loop devices (needs root)
#[derive(Parser)]
struct Cli {
    /// The program held against LVM2, with its first arguments
    #[arg(long, default_value = "target/release/extant")]
    subject: String,
    /// How often each command runs; the median counts
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Only volume groups with so many LVs
    #[arg(long, value_delimiter = ',')]
    lvs: Vec<u64>,
    /// Ends with an error if a target does not hold
    #[arg(long)]
    strict: bool,
}

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().collect();
    if words.get(1).is_some_and(|word| word == "peak") {
        return rows::play_peak(&words[2..]);
    }
    let cli = Cli::parse();
    let subject = Program::from_words("Extant", &cli.subject)?;
    let mut all = Vec::new();
    let mut extras = Vec::new();
    for (lvs, pvs) in SHAPES {
        if !cli.lvs.is_empty() && !cli.lvs.contains(&lvs) {
            continue;
        }
        eprintln!("{lvs} LVs on {pvs} PVs …");
        let bed = Bed::new(Shape { lvs, pvs })?;
        all.extend(measure(&bed, &subject, cli.runs)?);
        extras.push(measure_extras(&bed, &subject)?);
    }
    println!("{}", rows::table(&all));
    let many = Shape { lvs: 20_000, pvs: 4 };
    let targets = targets(&all, &extras, Some(parse::rate(many, 21)));
    println!("{}", targets::table(&targets));
    let broken = targets.iter().filter(|t| t.holds() == Some(false));
    let broken: Vec<&Target> = broken.collect();
    ensure!(!cli.strict || broken.is_empty(), "{} targets do not hold", broken.len());
    Ok(())
}
