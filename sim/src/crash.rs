//! Visits what every crash and every failure of an operation leaves behind.
//!
//! At each group of effects that changes something:
//! - the process dies with any subset of the group carried out;
//! - power is lost after the group was handed out: of every block that was not flushed any version may
//!   survive, which covers the subsets of the group too;
//! - each effect of the group fails with an error (nothing, all or half of it done), and the operation
//!   runs on to its end as it sees fit.
//!
//! Subsets and survivors are enumerated up to a cap, and sampled by the seed above it; none, all, each
//! one alone lost and each one alone kept are always among the samples.

use crate::machine::{Failure, Fault, Machine};
use extant_core::driver::execute::Executed;
use extant_core::driver::host::Host;
use extant_core::driver::operation::{Finished, Operation, Outcome, Reply, Step};
use extant_core::id::Entropy;
use extant_core::ops::system::DeviceId;
use extant_core::plan::effect::Effect;

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// The process died; the caches live on.
    Died,
    /// Power was lost.
    PowerLost,
    /// An effect failed; this is how the operation ended.
    Failed {
        /// The effect, for a person.
        effect: String,
        /// How.
        failure: Failure,
        /// Whether the operation said that its change is committed.
        committed: bool,
        /// Whether the operation said that it cannot know.
        unknown: bool,
    },
}

/// A state that a crash or failure left behind.
#[derive(Clone, Debug)]
pub struct Visit {
    /// What happened.
    pub event: Event,
    /// How many groups had been carried out completely.
    pub groups: usize,
    /// The machine after a restart.
    pub machine: Machine,
}

/// Explores the crashes and failures of operations.
#[derive(Clone, Copy, Debug)]
pub struct Explorer {
    /// Up to how many combinations are enumerated at one place; more are sampled.
    pub cap: usize,
    /// How many samples are taken above the cap.
    pub samples: usize,
    /// Where the samples come from.
    pub seed: u64,
}

impl Default for Explorer {
    fn default() -> Self {
        Self { cap: 64, samples: 24, seed: 1 }
    }
}

impl Explorer {
    /// Runs an operation that `make` makes on a clone of the machine, visiting every state that a crash
    /// or a failure on the way leaves. Returns how it ends undisturbed, and the machine then.
    pub fn explore<'a>(
        &self,
        machine: &Machine,
        make: impl Fn(&mut Machine) -> Operation<'a>,
        mut visit: impl FnMut(Visit),
    ) -> (Finished, Machine) {
        let mut machine = machine.clone();
        let mut operation = make(&mut machine);
        let mut groups = 0;
        loop {
            match operation.step() {
                Step::Do(group) => {
                    if group.iter().any(changes) {
                        self.visit_group(&operation, &machine, &group, groups, &mut visit);
                        groups += 1;
                    }
                    let results = machine.carry_out(&group);
                    operation.reply(Reply::Completed(results));
                }
                step => {
                    if let Some(finished) = answer(step, &mut operation, &mut machine) {
                        return (finished, machine);
                    }
                }
            }
        }
    }

    fn visit_group(
        &self,
        operation: &Operation<'_>,
        machine: &Machine,
        group: &[Effect],
        groups: usize,
        visit: &mut impl FnMut(Visit),
    ) {
        let mut entropy = self.entropy(groups);
        let counts = vec![2; group.len()];
        for subset in self.choices(&counts, &mut entropy) {
            let mut machine = machine.clone();
            for (effect, _) in group.iter().zip(subset).filter(|(_, chosen)| *chosen == 1) {
                machine.carry_out_one(effect);
            }
            machine.restart();
            visit(Visit { event: Event::Died, groups, machine });
        }
        self.visit_power_loss(machine, group, groups, &mut entropy, visit);
        for (place, effect) in group.iter().enumerate() {
            for failure in [Failure::Before, Failure::After, Failure::Half] {
                if failure == Failure::Half && !matches!(effect, Effect::Write { .. }) {
                    continue;
                }
                let fault = Fault { effect: machine.effects + place as u64, failure };
                visit(fail(operation, machine, group, groups, (effect, fault)));
            }
        }
    }

    fn visit_power_loss(
        &self,
        machine: &Machine,
        group: &[Effect],
        groups: usize,
        entropy: &mut Entropy,
        visit: &mut impl FnMut(Visit),
    ) {
        // Flushes come last, or not at all: before them the caches hold the most.
        let mut machine = machine.clone();
        for effect in group.iter().filter(|effect| !is_flush(effect)) {
            machine.carry_out_one(effect);
        }
        let disks = (0..).map(DeviceId).zip(&machine.disks);
        let unflushed: Vec<(DeviceId, u64, usize)> = disks
            .flat_map(|(id, attached)| {
                let unflushed = attached.disk.unflushed();
                unflushed.map(move |(number, versions)| (id, number, versions))
            })
            .collect();
        let counts: Vec<usize> = unflushed.iter().map(|(_, _, versions)| versions + 1).collect();
        for choice in self.choices(&counts, entropy) {
            let mut machine = machine.clone();
            let mut choices = choice.into_iter();
            machine.lose_power(|_, _, _| choices.next().expect("one choice for each block"));
            visit(Visit { event: Event::PowerLost, groups, machine });
        }
    }

    fn entropy(&self, groups: usize) -> Entropy {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_le_bytes());
        seed[8..16].copy_from_slice(&(groups as u64).to_le_bytes());
        Entropy::from_seed(seed)
    }

    /// Returns combinations of one number below each of `counts`.
    fn choices(&self, counts: &[usize], entropy: &mut Entropy) -> Vec<Vec<usize>> {
        let product = counts.iter().try_fold(1_usize, |product, count| product.checked_mul(*count));
        match product.filter(|product| *product <= self.cap) {
            Some(product) => (0..product).map(|number| digits(number, counts)).collect(),
            None => self.sampled(counts, entropy),
        }
    }

    fn sampled(&self, counts: &[usize], entropy: &mut Entropy) -> Vec<Vec<usize>> {
        let none = vec![0; counts.len()];
        let all: Vec<usize> = counts.iter().map(|count| count - 1).collect();
        let mut choices = vec![none.clone(), all.clone()];
        let step = counts.len().div_ceil(self.samples);
        for place in (0..counts.len()).step_by(step.max(1)) {
            let (mut kept, mut lost) = (none.clone(), all.clone());
            kept[place] = all[place];
            lost[place] = 0;
            choices.extend([kept, lost]);
        }
        for _ in 0..self.samples {
            choices.push(counts.iter().map(|count| entropy.below(*count)).collect());
        }
        choices
    }
}

fn digits(mut number: usize, counts: &[usize]) -> Vec<usize> {
    let digit = |count: &usize| {
        let digit = number % count;
        number /= count;
        digit
    };
    counts.iter().map(digit).collect()
}

fn fail(
    operation: &Operation<'_>,
    machine: &Machine,
    group: &[Effect],
    groups: usize,
    (effect, fault): (&Effect, Fault),
) -> Visit {
    let (mut operation, mut machine) = (operation.clone(), machine.clone());
    machine.faults.push(fault);
    let results = machine.carry_out(group);
    operation.reply(Reply::Completed(results));
    let finished = loop {
        match operation.step() {
            Step::Do(group) => {
                let results = machine.carry_out(&group);
                operation.reply(Reply::Completed(results));
            }
            step => {
                if let Some(finished) = answer(step, &mut operation, &mut machine) {
                    break finished;
                }
            }
        }
    };
    machine.restart();
    let executed = match &finished.outcome {
        Outcome::Executed(executed) => Some(executed),
        _ => None,
    };
    Visit {
        event: Event::Failed {
            effect: format!("{effect:?}"),
            failure: fault.failure,
            committed: matches!(executed, Some(Executed::Committed { .. })),
            unknown: matches!(executed, Some(Executed::Unknown { .. })),
        },
        groups,
        machine,
    }
}

/// Does what a step other than effects wants.
fn answer(step: Step, operation: &mut Operation<'_>, machine: &mut Machine) -> Option<Finished> {
    match step {
        Step::Lock(locks) => {
            let result = machine.lock(&locks);
            operation.reply(Reply::Locked(result));
        }
        Step::Unlock => machine.unlock(),
        Step::Ask(question) => {
            let answer = machine.ask(&question);
            operation.reply(Reply::Answered(answer));
        }
        Step::Tell(message) => machine.tell(&message),
        Step::Do(_) => unreachable!("effects are carried out by the caller"),
        Step::Done(finished) => return Some(*finished),
    }
    None
}

fn is_flush(effect: &Effect) -> bool {
    matches!(effect, Effect::Flush { .. })
}

/// Returns true if an effect changes something.
fn changes(effect: &Effect) -> bool {
    !matches!(effect, Effect::Read { .. } | Effect::Probe(_))
}
