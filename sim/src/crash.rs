//! Visits what crashes and failures of an operation leave behind.
//!
//! At each group of effects that changes something:
//! - the process dies with any subset of the group carried out;
//! - power is lost after the group was handed out: of every block that was not flushed any version
//!   may survive, which covers the subsets of the group too;
//! - each effect of the group fails with an error (nothing, all or half of it done), and the
//!   operation runs on to its end as it sees fit; on the way there it dies or loses power as above,
//!   at each group.
//!
//! Power is also lost right after the operation has ended, disturbed or not.
//!
//! What is covered: all combinations (subsets of a group; versions of the unflushed blocks) where
//! there are at most [`Sampling::cap`] of them. Above that: none, all, and as many of "one alone
//! lost" and "one alone kept" as there are samples (all of them up to that number of blocks), and
//! [`Sampling::random`] combinations that follow from the seed. One effect fails in a run, and
//! after it comes one crash at most; faults that come in pairs are explored by exploring again what
//! a visit left behind.

use crate::machine::{Failure, Fault, Machine};
use extant_core::driver::execute::Executed;
use extant_core::driver::host::Host;
use extant_core::driver::operation::{Finished, Operation, Outcome, Reply, Step};
use extant_core::id::Entropy;
use extant_core::ops::system::DeviceId;
use extant_core::plan::effect::{Effect, Group};

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// The effect that failed before, if one did, for a person.
    pub failed: Option<(String, Failure)>,
    /// How it ended.
    pub end: End,
}

/// How an operation ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The process died; the caches live on.
    Died,
    /// Power was lost.
    PowerLost,
    /// It came to its end.
    Returned(Said),
    /// It came to its end, and then power was lost.
    ReturnedAndPowerLost(Said),
}

/// What an operation said of its change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// It is committed.
    Committed,
    /// It is not.
    Abandoned,
    /// That it cannot know.
    Unknown,
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

/// How many of the combinations at one place are visited.
#[derive(Clone, Copy, Debug)]
pub struct Sampling {
    /// Up to how many are enumerated; more are sampled.
    pub cap: usize,
    /// How many places are looked at alone, and how many combinations are drawn, above the cap.
    pub random: usize,
}

/// Explores the crashes and failures of operations.
#[derive(Clone, Copy, Debug)]
pub struct Explorer {
    /// The crashes of an operation that nothing else disturbs.
    pub crashes: Sampling,
    /// The crashes after an effect that failed; without it effects do not fail.
    pub after_failure: Option<Sampling>,
    /// Where the samples come from.
    pub seed: u64,
}

impl Default for Explorer {
    fn default() -> Self {
        Self {
            crashes: Sampling { cap: 256, random: 48 },
            after_failure: Some(Sampling { cap: 8, random: 3 }),
            seed: 1,
        }
    }
}

/// What the visits of one place have in common.
struct Place<'a> {
    machine: &'a Machine,
    groups: usize,
    failed: Option<(String, Failure)>,
    sampling: Sampling,
}

impl Place<'_> {
    fn visit(&self, end: End, machine: Machine) -> Visit {
        let event = Event { failed: self.failed.clone(), end };
        Visit { event, groups: self.groups, machine }
    }
}

impl Explorer {
    /// Runs an operation that `make` makes on a clone of the machine, visiting every state that a
    /// crash or a failure on the way leaves. Returns how it ends undisturbed, and the machine then.
    pub fn explore<'a>(
        &self,
        machine: &Machine,
        make: impl Fn(&mut Machine) -> Operation<'a>,
        mut visit: impl FnMut(Visit),
    ) -> (Finished, Machine) {
        let mut machine = machine.clone();
        let mut operation = make(&mut machine);
        let (mut groups, sampling) = (0, self.crashes);
        let finished = run_on(&mut operation, &mut machine, |operation, machine, group| {
            let place = Place { machine, groups, failed: None, sampling };
            self.visit_crashes(&place, group, &mut visit);
            self.visit_failures(operation, &place, group, &mut visit);
            groups += 1;
        });
        let place = Place { machine: &machine, groups, failed: None, sampling };
        let end = End::ReturnedAndPowerLost(said(&finished));
        self.visit_power_losses(&place, end, &[], &mut visit);
        (finished, machine)
    }

    fn visit_crashes(&self, place: &Place<'_>, group: &[Effect], visit: &mut impl FnMut(Visit)) {
        let counts = vec![2; group.len()];
        for subset in self.choices(&counts, place) {
            let mut machine = place.machine.clone();
            for (effect, _) in group.iter().zip(subset).filter(|(_, chosen)| *chosen == 1) {
                machine.carry_out_one(effect);
            }
            machine.restart();
            visit(place.visit(End::Died, machine));
        }
        self.visit_power_losses(place, End::PowerLost, group, visit);
    }

    fn visit_power_losses(
        &self,
        place: &Place<'_>,
        end: End,
        group: &[Effect],
        visit: &mut impl FnMut(Visit),
    ) {
        // Flushes come last, or not at all: before them the caches hold the most.
        let mut machine = place.machine.clone();
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
        for choice in self.choices(&counts, place) {
            let mut machine = machine.clone();
            let mut choices = choice.into_iter();
            machine.lose_power(|_, _, _| choices.next().expect("one choice for each block"));
            visit(place.visit(end, machine));
        }
    }

    fn visit_failures(
        &self,
        operation: &Operation<'_>,
        place: &Place<'_>,
        group: &[Effect],
        visit: &mut impl FnMut(Visit),
    ) {
        let Some(sampling) = self.after_failure else {
            return;
        };
        for (number, effect) in (0..).zip(group) {
            for failure in [Failure::Before, Failure::After, Failure::Half] {
                if failure == Failure::Half && !matches!(effect, Effect::Write { .. }) {
                    continue;
                }
                let (mut operation, mut machine) = (operation.clone(), place.machine.clone());
                machine.faults.push(Fault { effect: machine.effects + number, failure });
                let results = machine.carry_out(group);
                operation.reply(Reply::Completed(results));
                let failed = Some((format!("{effect:?}"), failure));
                let mut groups = place.groups;
                let finished = run_on(&mut operation, &mut machine, |_, machine, group| {
                    groups += 1;
                    let place = Place { machine, groups, failed: failed.clone(), sampling };
                    self.visit_crashes(&place, group, visit);
                });
                let said = said(&finished);
                let place = Place { machine: &machine, groups, failed: failed.clone(), sampling };
                self.visit_power_losses(&place, End::ReturnedAndPowerLost(said), &[], visit);
                let mut machine = machine.clone();
                machine.restart();
                visit(place.visit(End::Returned(said), machine));
            }
        }
    }

    fn entropy(&self, place: &Place<'_>) -> Entropy {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_le_bytes());
        seed[8..16].copy_from_slice(&(place.groups as u64).to_le_bytes());
        seed[16..24].copy_from_slice(&place.machine.effects.to_le_bytes());
        Entropy::from_seed(seed)
    }

    /// Returns combinations of one number below each of `counts`.
    fn choices(&self, counts: &[usize], place: &Place<'_>) -> Vec<Vec<usize>> {
        let product = counts.iter().try_fold(1_usize, |product, count| product.checked_mul(*count));
        match product.filter(|product| *product <= place.sampling.cap) {
            Some(product) => (0..product).map(|number| digits(number, counts)).collect(),
            None => sampled(counts, place.sampling.random, &mut self.entropy(place)),
        }
    }
}

fn sampled(counts: &[usize], random: usize, entropy: &mut Entropy) -> Vec<Vec<usize>> {
    let none = vec![0; counts.len()];
    let all: Vec<usize> = counts.iter().map(|count| count - 1).collect();
    let mut choices = vec![none.clone(), all.clone()];
    let step = counts.len().div_ceil(random);
    for place in (0..counts.len()).step_by(step.max(1)) {
        let (mut kept, mut lost) = (none.clone(), all.clone());
        kept[place] = all[place];
        lost[place] = 0;
        choices.extend([kept, lost]);
    }
    for _ in 0..random {
        choices.push(counts.iter().map(|count| entropy.below(*count)).collect());
    }
    choices
}

fn digits(mut number: usize, counts: &[usize]) -> Vec<usize> {
    let digit = |count: &usize| {
        let digit = number % count;
        number /= count;
        digit
    };
    counts.iter().map(digit).collect()
}

/// Runs an operation to its end; `before` sees each group that changes something before it is
/// carried out.
fn run_on<'a>(
    operation: &mut Operation<'a>,
    machine: &mut Machine,
    mut before: impl FnMut(&Operation<'a>, &Machine, &Group),
) -> Finished {
    loop {
        match operation.step() {
            Step::Do(group) => {
                if group.iter().any(changes) {
                    before(operation, machine, &group);
                }
                let results = machine.carry_out(&group);
                operation.reply(Reply::Completed(results));
            }
            step => {
                if let Some(finished) = answer(step, operation, machine) {
                    return finished;
                }
            }
        }
    }
}

fn said(finished: &Finished) -> Said {
    match &finished.outcome {
        Outcome::Executed(Executed::Committed { .. }) => Said::Committed,
        Outcome::Executed(Executed::Unknown { .. }) => Said::Unknown,
        _ => Said::Abandoned,
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
