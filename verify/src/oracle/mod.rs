//! LVM2 as oracle: random sequences of commands, each step done by LVM2 or by the program that is
//! held against it, and everything both say compared after each.
//!
//! Every command is carried out twice from the same state: first, as a rehearsal, by the program
//! whose turn it is not; then the disks are put back and the other one does it for good. Both must
//! come to the same exit status, the same words on standard output, and, but for identities and
//! times, the same bytes of meaning on disk and in the backup files.

pub mod check;
mod disputed;
mod exceptions;
pub mod fields;
pub mod generate;
pub mod mutant;
mod placed;
pub mod shrink;
pub mod state;
pub mod step;

use crate::rng::Rng;
use crate::world::World;
use crate::world::loops::LoopDisk;
use crate::world::program::Program;
use crate::world::raw::{self, Names};
use check::{Failure, Judge, compare_maps, plain_backup, read_backups};
use exceptions::Case;
use fields::Fields;
use generate::DiskFacts;
use state::State;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use step::{Role, Sequence, Step, resolve};

/// The two programs, and what is compared.
#[derive(Clone, Debug)]
pub struct Setup {
    /// LVM2.
    pub oracle: Program,
    /// The program held against it.
    pub subject: Program,
    /// How many disks the world has.
    pub disks: usize,
    /// The size of their sectors, in bytes.
    pub sector_size: u32,
    /// Whether each step is also done by the other program, from the same state.
    pub rehearse: bool,
    /// Whether what both write to standard output in rehearsals must be equal.
    pub messages: bool,
    /// Names of the kinds of steps that are drawn; all if empty.
    pub only: Vec<String>,
}

/// Runs sequences in a world of its own.
#[derive(Debug)]
pub struct Runner {
    setup: Setup,
    world: World,
    fields: Fields,
    /// How often each kind of step was drawn, and how often it succeeded.
    pub counts: BTreeMap<&'static str, (u64, u64)>,
    /// How many sequences ended where the programs show a state in their own ways.
    pub ended_early: u64,
    /// Whether LVM2 has restored a VG in this sequence.
    restored: bool,
}

/// What became of a step.
enum Verdict {
    /// Both programs see the same.
    Same(State),
    /// They see it in their own ways from here on; see [`disputed`].
    Disputed,
    /// They should see the same, and don't.
    Differs(Failure),
}

/// A sequence that failed.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The sequence, up to the step that failed.
    pub sequence: Sequence,
    /// What went wrong.
    pub failure: Failure,
}

impl Runner {
    /// Makes a world and learns which fields there are.
    ///
    /// # Errors
    /// If there are no loop devices or no LVM2, or if the subject lacks a field.
    pub fn new(setup: Setup) -> anyhow::Result<Self> {
        let world = World::new(&vec![64 << 20; setup.disks], setup.sector_size)?;
        let fields = Fields::ask(&setup.oracle, &world.system_dir())?;
        let theirs = Fields::ask(&setup.subject, &world.system_dir())?;
        let missing = fields.missing_in(&theirs);
        anyhow::ensure!(
            missing.is_empty(),
            "{} lacks the fields {}",
            setup.subject.name,
            missing.join(",")
        );
        Ok(Self { setup, world, fields, counts: BTreeMap::new(), ended_early: 0, restored: false })
    }

    /// Draws and runs a sequence of up to `steps` steps.
    ///
    /// # Errors
    /// If the world or a program fails to work at all.
    pub fn run_random(&mut self, seed: u64, steps: usize) -> anyhow::Result<Option<Broken>> {
        let mut rng = Rng::new(seed);
        let mut sequence =
            Sequence { sizes: generate::draw_sizes(&mut rng, self.setup.disks), steps: Vec::new() };
        self.reset(&sequence)?;
        let mut state = State::default();
        for _ in 0..steps {
            let disks = self.disk_facts();
            let (kind, step) = generate::draw_step(&mut rng, &state, &disks, &self.setup.only);
            sequence.steps.push(step.clone());
            let (succeeded, judged) = self.run_step(&step)?;
            let count = self.counts.entry(kind).or_default();
            count.0 += 1;
            count.1 += u64::from(succeeded);
            match judged {
                Verdict::Same(next) => state = next,
                Verdict::Disputed => {
                    self.ended_early += 1;
                    break;
                }
                Verdict::Differs(failure) => return Ok(Some(Broken { sequence, failure })),
            }
        }
        Ok(None)
    }

    /// Runs a sequence that was printed before, or a part of one.
    ///
    /// # Errors
    /// If the world or a program fails to work at all.
    pub fn run_again(&mut self, sequence: &Sequence) -> anyhow::Result<Option<Broken>> {
        self.reset(sequence)?;
        for (number, step) in sequence.steps.iter().enumerate() {
            match self.run_step(step)?.1 {
                Verdict::Same(_) => {}
                Verdict::Disputed => break,
                Verdict::Differs(failure) => {
                    let sequence = Sequence {
                        sizes: sequence.sizes.clone(),
                        steps: sequence.steps[..=number].to_vec(),
                    };
                    return Ok(Some(Broken { sequence, failure }));
                }
            }
        }
        Ok(None)
    }

    fn reset(&mut self, sequence: &Sequence) -> anyhow::Result<()> {
        self.restored = false;
        self.world.reset(&sequence.sizes)
    }

    fn disk_facts(&self) -> Vec<DiskFacts> {
        let disks = self.world.disks.iter().enumerate();
        disks
            .map(|(number, disk)| DiskFacts {
                size: disk.size(),
                hidden: self.world.is_hidden(number),
            })
            .collect()
    }

    /// Runs one step and judges what it left; returns whether its command succeeded.
    fn run_step(&mut self, step: &Step) -> anyhow::Result<(bool, Verdict)> {
        let mut succeeded = true;
        let is_restore = |args: &[String]| args.first().is_some_and(|name| name == "vgcfgrestore");
        self.restored |= matches!(step, Step::Run { by: Role::Oracle, args } if is_restore(args));
        match step {
            Step::Run { by, args } => match self.run_command(*by, args)? {
                Ok(success) => succeeded = success,
                Err(failure) => return Ok((false, Verdict::Differs(failure))),
            },
            Step::Resize { disk, size } => self.world.disks[*disk].resize(*size)?,
            Step::Hide(disk) => self.world.show(*disk, false)?,
            Step::Show(disk) => self.world.show(*disk, true)?,
        }
        let judge = Judge {
            oracle: &self.setup.oracle,
            subject: &self.setup.subject,
            fields: &self.fields,
        };
        let verdict = match judge.judge(&self.world, variant(step))? {
            Ok(state) => Verdict::Same(state),
            Err(_) if disputed::is_disputed(&self.world, self.restored)? => Verdict::Disputed,
            Err(failure) => Verdict::Differs(failure),
        };
        Ok((succeeded, verdict))
    }

    fn program(&self, role: Role) -> &Program {
        match role {
            Role::Oracle => &self.setup.oracle,
            Role::Subject => &self.setup.subject,
        }
    }

    /// Runs a command in rehearsal and for good; returns whether it succeeded.
    fn run_command(&self, by: Role, args: &[String]) -> anyhow::Result<Result<bool, Failure>> {
        let args = resolve(args, &self.world);
        if !self.setup.rehearse {
            let outcome = self.program(by).run(&self.world.system_dir(), &args)?;
            return Ok(Ok(outcome.is_success()));
        }
        let before = raw::describe(&self.world)?;
        let moment = self.world.moment()?;
        let rehearsed = self.perform(by.other(), &args, true)?;
        self.world.go_back(&moment)?;
        let performed = self.perform(by, &args, false)?;
        let success = performed.status == Some(0);
        let (mut oracle, mut subject) = match by {
            Role::Oracle => (performed, rehearsed),
            Role::Subject => (rehearsed, performed),
        };
        let devices: Vec<&str> = self.world.disks.iter().map(LoopDisk::device).collect();
        let case = Case { args: &args, devices: &devices, before: &before };
        exceptions::excuse(&case, &mut oracle, &mut subject);
        let names = (self.setup.oracle.name.as_str(), self.setup.subject.name.as_str());
        let command = args.first().map_or("", String::as_str);
        Ok(compare_performances(command, names, &oracle, &subject, self.setup.messages)
            .map(|()| success))
    }

    fn perform(&self, role: Role, args: &[String], rehearsal: bool) -> anyhow::Result<Performance> {
        let dir = if rehearsal { self.world.rehearsal_dir() } else { self.world.system_dir() };
        let outcome = self.program(role).run(&dir, args)?;
        let mut names = Names::default();
        let disks = raw::describe(&self.world)?;
        let stdout = outcome.stdout.lines().map(|line| names.replace(line) + "\n");
        Ok(Performance {
            status: outcome.status,
            stdout: stdout.collect(),
            stderr: outcome.stderr,
            disks,
            backups: read_backups(&dir.join("backup"), plain_backup)?,
        })
    }
}

/// What one program made of a command.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
struct Performance {
    status: Option<i32>,
    stdout: String,
    stderr: String,
    disks: String,
    backups: BTreeMap<String, String>,
}

/// Compares what two programs made of one command from the same state.
fn compare_performances(
    command: &str,
    names: (&str, &str),
    left: &Performance,
    right: &Performance,
    messages: bool,
) -> Result<(), Failure> {
    let described = |mut failure: Failure| {
        for (name, side) in [(names.0, left), (names.1, right)] {
            let _ = write!(
                failure.detail,
                "=== {name}: status {:?}\n{}{}",
                side.status, side.stdout, side.stderr
            );
        }
        failure
    };
    if left.status != right.status {
        return Err(described(Failure {
            kind: format!("status of {command}"),
            detail: String::new(),
        }));
    }
    if left.disks != right.disks {
        let kind = format!("disks after {command}");
        let texts = (left.disks.as_str(), right.disks.as_str());
        return Err(described(Failure::difference(&kind, names, texts)));
    }
    compare_maps(&format!("backup after {command}"), names, &left.backups, &right.backups)
        .map_err(described)?;
    // What is told on the way to a refusal depends on how far each came.
    if messages && left.status == Some(0) && left.stdout != right.stdout {
        return Err(described(Failure {
            kind: format!("output of {command}"),
            detail: String::new(),
        }));
    }
    Ok(())
}

/// Chooses units and reports by the step itself, so that a shrunk sequence still shows the same.
fn variant(step: &Step) -> usize {
    let sum = step
        .to_string()
        .bytes()
        .fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    usize::try_from(sum >> 8).expect("24 bits fit")
}
