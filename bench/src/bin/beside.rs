//! Extant beside LVM2 on the same volume groups, in one run: the tables of the README.

use anyhow::ensure;
use clap::Parser;
use extant_bench::allocation::{Share, Space, Width};
use extant_bench::bed::Bed;
use extant_bench::hole_rows;
use extant_bench::holes::{Holes, Length};
use extant_bench::parse;
use extant_bench::rows::{self, measure, measure_extras};
use extant_bench::targets::{self, Target, allocator_targets, hole_targets, targets};
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
    /// Instead volume groups with so many free runs: 10000,50000,500000
    #[arg(long, value_delimiter = ',')]
    holes: Vec<u64>,
    /// Instead the allocator alone, with so many free runs on 16 PVs: 1000000
    #[arg(long)]
    allocator: Option<u64>,
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
    let mut targets = Vec::new();
    if !cli.holes.is_empty() {
        targets.extend(holes(&cli, &subject)?);
    }
    if let Some(runs) = cli.allocator {
        targets.extend(allocator(runs, cli.runs)?);
    }
    if (cli.holes.is_empty() && cli.allocator.is_none()) || !cli.lvs.is_empty() {
        targets.extend(commands(&cli, &subject)?);
    }
    println!("{}", targets::table(&targets));
    let broken = targets.iter().filter(|t| t.holds() == Some(false));
    let broken: Vec<&Target> = broken.collect();
    ensure!(!cli.strict || broken.is_empty(), "{} targets do not hold", broken.len());
    Ok(())
}

/// Measures all commands on VGs of many LVs.
fn commands(cli: &Cli, subject: &Program) -> anyhow::Result<Vec<Target>> {
    let mut all = Vec::new();
    let mut extras = Vec::new();
    for (lvs, pvs) in SHAPES {
        if !cli.lvs.is_empty() && !cli.lvs.contains(&lvs) {
            continue;
        }
        eprintln!("{lvs} LVs on {pvs} PVs …");
        let bed = Bed::new(Shape { lvs, pvs }, &Program::lvm2())?;
        all.extend(measure(&bed, subject, cli.runs)?);
        extras.push(measure_extras(&bed, subject)?);
    }
    println!("{}", rows::table(&all));
    let many = Shape { lvs: 20_000, pvs: 4 };
    Ok(targets(&all, &extras, Some(parse::rate(many, 21))))
}

/// Measures making LVs in holes of two extents.
fn holes(cli: &Cli, subject: &Program) -> anyhow::Result<Vec<Target>> {
    let mut all = Vec::new();
    for runs in &cli.holes {
        eprintln!("{runs} free runs on 4 PVs …");
        all.extend(hole_rows::measure(Holes::of_two(*runs, 4), subject, cli.runs)?);
    }
    println!("{}", hole_rows::table(&all));
    Ok(hole_targets(&all))
}

/// Measures the allocator alone: runs of two extents, and of one to 64.
fn allocator(runs: u64, times: usize) -> anyhow::Result<Vec<Target>> {
    let mut all = Vec::new();
    for (length, of) in [(Length::Two, "2"), (Length::Mixed, "1 to 64")] {
        let space = Space::new(Holes { runs, pvs: 16, length });
        for (name, share) in Share::all() {
            for stripes in [1, 2] {
                let time = space.time(share, Width::of_stripes(stripes), times)?;
                let what = format!("`{name} -i {stripes}` in runs of {of} extents");
                println!("{what}: {time:.1?}");
                all.push((what, time));
            }
        }
    }
    println!();
    Ok(if runs == 1_000_000 { allocator_targets(&all) } else { Vec::new() })
}
