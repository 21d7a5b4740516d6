//! The `verify` program: the checks that need real devices, LVM2 or much time.

use anyhow::{Context, bail, ensure};
use clap::{Args, Parser, Subcommand};
use extant_verify::allocator::{self, command::Ask};
use extant_verify::fuzz;
use extant_verify::ledger::Ledger;
use extant_verify::oracle::{Broken, Runner, Setup, mutant, shrink};
use extant_verify::placements::compare::{self, Verdict};
use extant_verify::placements::maximum;
use extant_verify::proof::{self, command::ProofArgs};
use extant_verify::race::Race;
use extant_verify::world::program::Program;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Holds Extant against LVM2, and its readers against rubbish.
#[derive(Parser)]
#[command(name = "verify")]
struct Cli {
    #[command(subcommand)]
    check: Check,
}

#[derive(Subcommand)]
enum Check {
    /// Random sequences of commands by both programs, everything compared after each step
    Oracle(OracleArgs),
    /// Seeded mistakes in LVM2's place, each of which the oracle must see
    Teeth(TeethArgs),
    /// Both programs change one VG at once from several processes
    Race(RaceArgs),
    /// Feeds rubbish to everything that reads bytes
    Fuzz {
        /// How
        #[command(subcommand)]
        way: Fuzz,
    },
    /// Asks both programs where extents go
    Placements {
        /// Which questions
        #[command(subcommand)]
        which: Placements,
    },
    /// Asks the allocator every small question, and random larger ones
    Alloc {
        /// Which questions
        #[command(subcommand)]
        ask: Ask,
    },
    /// Holds the checker against the one that is proved
    Proof(ProofArgs),
    /// Plays LVM2 with one mistake
    #[command(hide = true)]
    Mutant {
        /// Which mistake
        mistake: String,
        /// The command and its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

#[derive(Args)]
struct OracleArgs {
    /// The program held against LVM2, with its first arguments
    #[arg(long, default_value = "target/release/extant")]
    subject: String,
    /// How many sequences
    #[arg(long, default_value_t = 30)]
    sequences: u64,
    /// How many steps each has
    #[arg(long, default_value_t = 40)]
    steps: usize,
    /// The seed of the first one [default: 1, or the first that the ledger lacks]
    #[arg(long)]
    seed: Option<u64>,
    /// How many disks there are
    #[arg(long, default_value_t = 6)]
    disks: usize,
    /// The size of their sectors, in bytes
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(512..=4096))]
    sector_size: u32,
    /// Appends each result to this file and goes on where it ended
    #[arg(long)]
    ledger: Option<PathBuf>,
    /// Repeats the sequence in this file instead
    #[arg(long)]
    replay: Option<PathBuf>,
    /// Goes on with the next sequence after a failure
    #[arg(long)]
    keep_going: bool,
    /// Does each step once only, without comparing what both programs make of it
    #[arg(long)]
    no_rehearsal: bool,
    /// Does not compare what changing commands write to standard output
    #[arg(long)]
    no_messages: bool,
    /// Draws these kinds of steps only
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Leaves failing sequences as long as they are
    #[arg(long)]
    no_shrink: bool,
}

#[derive(Args)]
struct TeethArgs {
    /// How many sequences may pass before a mistake is seen
    #[arg(long, default_value_t = 6)]
    sequences: u64,
    /// How many steps each has
    #[arg(long, default_value_t = 40)]
    steps: usize,
}

#[derive(Args)]
struct RaceArgs {
    /// The program that runs beside LVM2, with its first arguments
    #[arg(long, default_value = "target/release/extant")]
    subject: String,
    /// How many changes are made in all
    #[arg(long, default_value_t = 1000)]
    changes: u64,
    /// How many processes change the VG at once
    #[arg(long, default_value_t = 4)]
    workers: u64,
    /// What all is drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Subcommand)]
enum Fuzz {
    /// Runs all readers briefly, without instrumentation
    Smoke {
        /// This reader only
        #[arg(long)]
        only: Option<String>,
        /// Seconds for each
        #[arg(long, default_value_t = 3)]
        seconds: u64,
        /// What all is drawn from
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Runs a reader that has a mistake: must fail
    Canary,
    /// Runs one reader on one file
    One {
        /// The reader
        target: String,
        /// The file
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Placements {
    /// The largest striped LVs, and 90 and 80 % of them: fails unless Extant finds room for all
    Maximum {
        /// The program held against LVM2, with its first arguments
        #[arg(long, default_value = "target/release/extant")]
        subject: String,
    },
    /// Random questions: fails if a layout of Extant's is worse than LVM2's
    Compare {
        /// The program held against LVM2, with its first arguments
        #[arg(long, default_value = "target/release/extant")]
        subject: String,
        /// How many
        #[arg(long, default_value_t = 500)]
        cases: u64,
        /// The seed of the first
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many examples are shown of each kind
        #[arg(long, default_value_t = 1)]
        examples: u64,
        /// Mirrors that are extended, by LVM2 and by the allocator alone; worse ones are counted
        #[arg(long)]
        mirrors: bool,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().check {
        Check::Oracle(args) => oracle(&args),
        Check::Teeth(args) => teeth(&args),
        Check::Race(args) => race(&args),
        Check::Fuzz { way } => fuzz(way),
        Check::Placements { which } => placements(&which),
        Check::Alloc { ask } => allocator::command::run(&ask),
        Check::Proof(args) => proof::command::run(&args),
        Check::Mutant { mistake, args } => {
            mutant::play(&mistake, &args).map(|status| std::process::exit(status))
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn oracle(args: &OracleArgs) -> anyhow::Result<()> {
    let mut runner = Runner::new(Setup {
        oracle: Program::lvm2(),
        subject: Program::from_words("Extant", &args.subject)?,
        disks: args.disks,
        sector_size: args.sector_size,
        rehearse: !args.no_rehearsal,
        messages: !args.no_messages,
        only: args.only.clone(),
    })?;
    if let Some(path) = &args.replay {
        let sequence = std::fs::read_to_string(path)?.parse()?;
        match runner.run_again(&sequence)? {
            Some(broken) => bail!("{}\n{}", broken.failure.kind, broken.failure.detail),
            None => println!("{} steps, no difference", sequence.steps.len()),
        }
        return Ok(());
    }
    let ledger = args.ledger.as_deref().map(Ledger::open).transpose()?;
    let what = match args.sector_size {
        512 => format!("oracle {}", args.steps),
        size => format!("oracle-{size} {}", args.steps),
    };
    let first = match (args.seed, &ledger) {
        (Some(seed), _) => seed,
        (None, Some(ledger)) => ledger.next_seed(&what)?,
        (None, None) => 1,
    };
    let start = Instant::now();
    let mut failed = 0;
    for seed in first..first + args.sequences {
        let broken = runner.run_random(seed, args.steps)?;
        if let Some(ledger) = &ledger {
            let kind = broken.as_ref().map(|broken| &broken.failure.kind);
            let result = kind.map_or("same".to_owned(), |kind| format!("differs: {kind}"));
            ledger.record(&what, seed, &result)?;
        }
        if let Some(broken) = broken {
            failed += 1;
            tell(&mut runner, args, seed, broken)?;
            if !args.keep_going {
                break;
            }
        }
    }
    println!("kind of step: drawn, succeeded");
    for (kind, (drawn, succeeded)) in &runner.counts {
        println!("  {kind}: {drawn}, {succeeded}");
    }
    if runner.ended_early > 0 {
        println!(
            "{} sequences ended in a state that each shows in its own way",
            runner.ended_early
        );
    }
    let seconds = start.elapsed().as_secs();
    ensure!(failed == 0, "{failed} sequences differ, in {seconds} s");
    println!(
        "{} sequences of {} steps from seed {first}, no difference, in {seconds} s",
        args.sequences, args.steps
    );
    Ok(())
}

/// Prints a failure with all that is needed to repeat it.
fn tell(runner: &mut Runner, args: &OracleArgs, seed: u64, broken: Broken) -> anyhow::Result<()> {
    println!(
        "seed {seed}, step {}: {}\n{}",
        broken.sequence.steps.len(),
        broken.failure.kind,
        broken.failure.detail
    );
    let broken = if args.no_shrink { broken } else { shrink::shrink(runner, broken)? };
    let path = std::env::temp_dir().join(format!("extant-oracle-{seed}.steps"));
    std::fs::write(&path, broken.sequence.to_string())?;
    println!(
        "after shrinking: {}\n{}\n{}\nto repeat it:\n  cargo run -p extant-verify -- oracle \
         --subject '{}' --replay {}\nor, as it was drawn:\n  cargo run -p extant-verify -- oracle \
         --subject '{}' --seed {seed} --sequences 1 --steps {}\n",
        broken.failure.kind,
        broken.failure.detail,
        broken.sequence,
        args.subject,
        path.display(),
        args.subject,
        args.steps
    );
    Ok(())
}

fn race(args: &RaceArgs) -> anyhow::Result<()> {
    let start = Instant::now();
    let race = Race {
        programs: vec![Program::lvm2(), Program::from_words("Extant", &args.subject)?],
        workers: args.workers,
        changes: args.changes,
        seed: args.seed,
    };
    let finish = race.run()?;
    println!(
        "{} changes by {} processes acknowledged and found, {} reports in between, in {} s",
        finish.acknowledged,
        args.workers,
        finish.reports,
        start.elapsed().as_secs()
    );
    Ok(())
}

fn fuzz(way: Fuzz) -> anyhow::Result<()> {
    match way {
        Fuzz::Smoke { only, seconds, seed } => {
            fuzz::smoke(only.as_deref(), seed, Duration::from_secs(seconds))
        }
        Fuzz::Canary => fuzz::canary(1, Duration::from_secs(20)),
        Fuzz::One { target, file } => {
            let target = fuzz::find(&target).context("no such reader")?;
            target.try_run(&std::fs::read(&file)?)
        }
    }
}

fn teeth(args: &TeethArgs) -> anyhow::Result<()> {
    for (mistake, what) in mutant::MISTAKES {
        let mut runner = Runner::new(Setup {
            oracle: Program::lvm2(),
            subject: mutant::program(mistake)?,
            disks: 5,
            sector_size: 512,
            rehearse: true,
            messages: true,
            only: Vec::new(),
        })?;
        let mut seen = None;
        for seed in 1..=args.sequences {
            if let Some(broken) = runner.run_random(seed, args.steps)? {
                seen = Some((seed, broken));
                break;
            }
        }
        match seen {
            Some((seed, broken)) => println!(
                "{mistake} ({what}): seen with seed {seed} at step {}: {}",
                broken.sequence.steps.len(),
                broken.failure.kind
            ),
            None => bail!("{mistake} ({what}) was not seen in {} sequences", args.sequences),
        }
    }
    let race = Race {
        programs: vec![Program::lvm2(), mutant::program(mutant::RACE_MISTAKE)?],
        workers: 4,
        changes: 1000,
        seed: 1,
    };
    let Err(error) = race.run() else {
        bail!("a program that takes no locks was not seen in a race");
    };
    let words: String = format!("{error:#}").chars().take(200).collect();
    println!("no-lock (a program takes no locks): seen: {words}");
    Ok(())
}

fn placements(which: &Placements) -> anyhow::Result<()> {
    let start = Instant::now();
    match which {
        Placements::Maximum { subject } => {
            let groups = maximum::run(Program::from_words("Extant", subject)?)?;
            println!("{}in {} s", maximum::table(&groups), start.elapsed().as_secs());
            let missed = groups.iter().any(|group| group.extant < maximum::PER_GROUP);
            ensure!(!missed, "Extant has not found all");
        }
        Placements::Compare { subject, cases, seed, examples, mirrors } => {
            let (seed, cases, examples, mirrors) = (*seed, *cases, *examples, *mirrors);
            let range = compare::Range { seed, cases, examples, mirrors };
            let tally = compare::run(Program::from_words("Extant", subject)?, range)?;
            println!("{}in {} s", compare::report(&tally), start.elapsed().as_secs());
            let odd = tally.count(|verdict| *verdict == Verdict::OtherMeasure);
            ensure!(odd == 0, "the allocator measures {odd} layouts otherwise");
            let missed = tally.count(|verdict| *verdict == Verdict::OnlyLvm2);
            ensure!(missed == 0, "only LVM2 has found {missed} layouts");
            // Of legs only what is allowed is promised, not the order.
            let worse = tally.count(|verdict| *verdict == Verdict::Worse);
            ensure!(worse == 0 || mirrors, "{worse} layouts are worse than LVM2's");
        }
    }
    Ok(())
}
