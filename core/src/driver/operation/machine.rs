//! The machine that an operation is.

use super::{Finished, Mode, Outcome, Reply, Scope, Start, Step};
use crate::driver::execute::{EffectError, Execute, Executed};
use crate::driver::scan::{Needs, Scan, Scanned, Verify, VgScope};
use crate::driver::{Machine, Poll};
use crate::ops::system::{IoError, Probe, Question, System};
use crate::ops::{Change, Level, Message, Refused, Stop};
use crate::plan::Plan;
use crate::plan::apply::{self, Stale};
use crate::plan::effect::{Completion, Effect, Lock, LockMode, LockName};
use crate::plan::lower::lower;
use core::mem;
use std_alloc::boxed::Box;
use std_alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

type Decide<'a> = Arc<dyn Fn(&System) -> Result<Change, Stop> + 'a>;
type Resolve<'a> = Arc<dyn Fn(&System) -> Result<Scope, Stop> + 'a>;

/// How often what an operation is about may change between a look without locks and one under them.
const ROUNDS_MAX: u32 = 8;

/// What decides.
#[derive(Clone)]
enum Job<'a> {
    /// An operation of [`crate::ops`].
    Decide(Decide<'a>),
    /// A saved plan.
    Apply(Box<Plan>),
}

#[derive(Clone)]
enum State {
    /// Looking without locks.
    Look(Scan),
    /// The locks are to be taken.
    Lock(Scope),
    /// The host was asked to take them.
    Locking(Scope),
    /// Looking under locks.
    Scan(Scope, Scan),
    /// All that was asked for is known.
    Decide(Box<System>),
    /// A person was asked.
    Asking(Box<System>, Question),
    /// A range was asked for.
    Probing(Box<System>, Probe),
    /// The bytes that a saved plan builds on were asked for.
    Checking(Box<System>, Box<Plan>),
    /// The plan is carried out.
    Execute(Box<Running>),
    /// There is nothing left but to say so.
    Finish(Box<Finished>),
    /// It has been said.
    Over,
}

#[derive(Clone)]
struct Running {
    execute: Execute,
    system: System,
    change: Option<Change>,
    plan: Plan,
}

/// A command as a machine. A host runs it with [`crate::driver::host::drive`].
#[derive(Clone)]
pub struct Operation<'a> {
    start: Start,
    job: Job<'a>,
    /// How the scope follows from a look without locks; the first look's needs.
    resolve: Option<(Needs, Resolve<'a>)>,
    state: State,
    told: VecDeque<Step>,
    rounds: u32,
    is_locked: bool,
    are_warnings_told: bool,
}

impl<'a> Operation<'a> {
    /// Makes an operation whose scope follows from its arguments alone.
    pub fn new(
        start: Start,
        scope: Scope,
        decide: impl Fn(&System) -> Result<Change, Stop> + 'a,
    ) -> Self {
        let state = State::Lock(scope);
        Self::make(start, Job::Decide(Arc::new(decide)), None, state)
    }

    /// Makes an operation whose arguments name tags or selections: `resolve` says by what was
    /// observed without locks (as far as `needs` goes) what to lock, and is asked again under the
    /// locks.
    pub fn resolving(
        start: Start,
        needs: Needs,
        resolve: impl Fn(&System) -> Result<Scope, Stop> + 'a,
        decide: impl Fn(&System) -> Result<Change, Stop> + 'a,
    ) -> Self {
        let scan = Scan::new(start.devices.clone(), needs.clone());
        let resolve: Resolve<'a> = Arc::new(resolve);
        let job = Job::Decide(Arc::new(decide));
        Self::make(start, job, Some((needs, resolve)), State::Look(scan))
    }

    /// Makes the operation that applies a saved plan.
    pub fn apply(start: Start, plan: Plan) -> Self {
        let scope = Scope {
            locks: apply::locks(&plan),
            needs: Needs { vgs: VgScope::All, verify: Verify::Disputed },
        };
        Self::make(start, Job::Apply(Box::new(plan)), None, State::Lock(scope))
    }

    fn make(
        start: Start,
        job: Job<'a>,
        resolve: Option<(Needs, Resolve<'a>)>,
        state: State,
    ) -> Self {
        Self {
            start,
            job,
            resolve,
            state,
            told: VecDeque::new(),
            rounds: 0,
            is_locked: false,
            are_warnings_told: false,
        }
    }

    /// Returns what is wanted next. What has an answer must be answered before the next call.
    pub fn step(&mut self) -> Step {
        loop {
            if let Some(step) = self.told.pop_front() {
                return step;
            }
            match mem::replace(&mut self.state, State::Over) {
                State::Look(scan) => {
                    if let Some(step) = self.look(scan) {
                        return step;
                    }
                }
                State::Lock(scope) => {
                    let locks = ordered(&scope.locks);
                    self.state = State::Locking(scope);
                    return Step::Lock(locks);
                }
                State::Scan(scope, scan) => {
                    if let Some(step) = self.scan(scope, scan) {
                        return step;
                    }
                }
                State::Decide(system) => {
                    if let Some(step) = self.decide(*system) {
                        return step;
                    }
                }
                State::Execute(running) => {
                    if let Some(step) = self.execute(*running) {
                        return step;
                    }
                }
                State::Finish(finished) => {
                    if mem::take(&mut self.is_locked) {
                        self.state = State::Finish(finished);
                        return Step::Unlock;
                    }
                    return Step::Done(finished);
                }
                State::Locking(_)
                | State::Asking(..)
                | State::Probing(..)
                | State::Checking(..)
                | State::Over => {
                    panic!("a step that has an answer is answered before the next")
                }
            }
        }
    }

    /// Takes the answer to the last step.
    ///
    /// # Panics
    /// If the last step has another kind of answer.
    pub fn reply(&mut self, reply: Reply) {
        let state = mem::replace(&mut self.state, State::Over);
        self.state = match (state, reply) {
            (State::Look(mut scan), Reply::Completed(results)) => {
                scan.complete(results);
                State::Look(scan)
            }
            (State::Scan(scope, mut scan), Reply::Completed(results)) => {
                scan.complete(results);
                State::Scan(scope, scan)
            }
            (State::Locking(scope), Reply::Locked(Ok(()))) => {
                self.is_locked = true;
                let scan = Scan::new(self.start.devices.clone(), scope.needs.clone());
                State::Scan(scope, scan)
            }
            (State::Locking(_), Reply::Locked(Err(reason))) => {
                self.say(Level::Error, reason.clone());
                let system = self.system(Scanned::default());
                finish(Outcome::NotLocked(reason), system, None, None)
            }
            (State::Asking(mut system, question), Reply::Answered(answer)) => {
                system.answers.insert(question, answer);
                State::Decide(system)
            }
            (State::Probing(system, probe), Reply::Completed(results)) => {
                self.probed(system, probe, results)
            }
            (State::Checking(system, plan), Reply::Completed(results)) => {
                match apply::check_bytes(&plan, &results) {
                    Ok(()) => State::Execute(Box::new(Running {
                        execute: Execute::new(&plan),
                        system: *system,
                        change: None,
                        plan: *plan,
                    })),
                    Err(stale) => self.stale(*system, stale),
                }
            }
            (State::Execute(mut running), Reply::Completed(results)) => {
                running.execute.complete(results);
                State::Execute(running)
            }
            _ => panic!("the answer is of another kind than the step"),
        };
    }

    fn look(&mut self, mut scan: Scan) -> Option<Step> {
        match scan.poll() {
            Poll::Do(group) => {
                self.state = State::Look(scan);
                Some(Step::Do(group))
            }
            Poll::Done(scanned) => {
                let system = self.system(scanned);
                self.state = match self.resolved(&system) {
                    Ok(scope) => State::Lock(scope),
                    Err(refused) => self.refuse(refused, system),
                };
                None
            }
        }
    }

    /// What the arguments come to in what was observed.
    fn resolved(&self, system: &System) -> Result<Scope, Box<Refused>> {
        let (_, resolve) = self.resolve.as_ref().expect("only what resolves looks first");
        match resolve(system) {
            Ok(scope) => Ok(scope),
            Err(Stop::Refused(refused)) => Err(refused),
            Err(Stop::Ask(_) | Stop::Probe(_)) => {
                unreachable!("nothing is asked before the locks are held")
            }
        }
    }

    fn scan(&mut self, scope: Scope, mut scan: Scan) -> Option<Step> {
        match scan.poll() {
            Poll::Do(group) => {
                self.state = State::Scan(scope, scan);
                Some(Step::Do(group))
            }
            Poll::Done(scanned) => {
                let messages = scanned.messages.clone();
                let system = self.system(scanned);
                if self.resolve.is_some() {
                    match self.resolved(&system) {
                        Ok(now) if now != scope && self.rounds < ROUNDS_MAX => {
                            self.rounds += 1;
                            self.is_locked = false;
                            self.state = State::Lock(now);
                            return Some(Step::Unlock);
                        }
                        Ok(_) => {}
                        Err(refused) => {
                            self.state = self.refuse(refused, system);
                            return None;
                        }
                    }
                }
                if !mem::replace(&mut self.are_warnings_told, true) {
                    self.told.extend(messages.into_iter().map(Step::Tell));
                }
                self.state = State::Decide(Box::new(system));
                None
            }
        }
    }

    fn decide(&mut self, system: System) -> Option<Step> {
        let decide = match &self.job {
            Job::Decide(decide) => Arc::clone(decide),
            Job::Apply(plan) => {
                return match apply::bind(plan, &system) {
                    Ok(plan) => {
                        let group = apply::reads(&plan);
                        self.state = State::Checking(Box::new(system), Box::new(plan));
                        Some(Step::Do(group))
                    }
                    Err(stale) => {
                        self.state = self.stale(system, stale);
                        None
                    }
                };
            }
        };
        match decide(&system) {
            Ok(change) => {
                self.state = self.decided(system, change);
                None
            }
            Err(Stop::Refused(refused)) => {
                self.state = self.refuse(refused, system);
                None
            }
            Err(Stop::Ask(question)) if self.start.mode == Mode::Plan => {
                // A plan writes nothing, so nothing is asked; what would be is told.
                self.say(Level::Warning, format!("Would ask: {}", question.prompt));
                let mut system = system;
                system.answers.insert(question, true);
                self.state = State::Decide(Box::new(system));
                None
            }
            Err(Stop::Ask(question)) => {
                self.state = State::Asking(Box::new(system), question.clone());
                Some(Step::Ask(question))
            }
            Err(Stop::Probe(probe)) => {
                let group = [Effect::Probe(probe.clone())].into();
                self.state = State::Probing(Box::new(system), probe);
                Some(Step::Do(group))
            }
        }
    }

    fn decided(&mut self, system: System, change: Change) -> State {
        let plan = match lower(&system, &change) {
            Ok(plan) => plan,
            Err(error) => {
                self.tell(&change.before);
                self.say(Level::Error, error.to_string());
                return finish(Outcome::NotPlanned(error), system, Some(change), None);
            }
        };
        self.tell(&change.before);
        match self.start.mode {
            Mode::Execute => State::Execute(Box::new(Running {
                execute: Execute::new(&plan),
                system,
                change: Some(change),
                plan,
            })),
            Mode::Test => {
                self.tell(&change.after);
                finish(Outcome::Planned, system, Some(change), Some(plan))
            }
            Mode::Plan => finish(Outcome::Planned, system, Some(change), Some(plan)),
        }
    }

    fn execute(&mut self, mut running: Running) -> Option<Step> {
        match running.execute.poll() {
            Poll::Do(group) => {
                self.state = State::Execute(Box::new(running));
                Some(Step::Do(group))
            }
            Poll::Done(executed) => {
                let Running { system, change, plan, .. } = running;
                self.report(&executed, &system);
                if let (Executed::Committed { .. }, Some(change)) = (&executed, &change) {
                    let after = change.after.clone();
                    self.tell(&after);
                }
                self.state = finish(Outcome::Executed(executed), system, change, Some(plan));
                None
            }
        }
    }

    fn report(&mut self, executed: &Executed, system: &System) {
        let level = match executed {
            Executed::Committed { .. } => Level::Warning,
            Executed::Abandoned { .. } | Executed::Unknown { .. } => Level::Error,
        };
        let lines: Vec<String> = executed
            .failures()
            .map(|failure| failure.describe(|id| system.device(id).name.clone()))
            .collect();
        for line in lines {
            self.say(level, line);
        }
        if let Executed::Unknown { .. } = executed {
            let text = "Whether the change is committed will show when the devices can be read.";
            self.say(Level::Error, String::from(text));
        }
    }

    fn probed(&mut self, mut system: Box<System>, probe: Probe, results: Vec<Completion>) -> State {
        match results.into_iter().next() {
            Some(Completion::Signatures(found)) => {
                system.probed.insert(probe, found);
                State::Decide(system)
            }
            result => {
                let error = match result {
                    Some(Completion::Failed(error)) => error,
                    _ => IoError {
                        message: String::from("the host did not answer a probe with signatures"),
                        errno: None,
                    },
                };
                let failure = EffectError { effect: Effect::Probe(probe), error };
                let text = failure.describe(|id| system.device(id).name.clone());
                self.say(Level::Error, text);
                let executed =
                    Executed::Abandoned { stage: 0, failures: [failure].into(), undo: Vec::new() };
                finish(Outcome::Executed(executed), *system, None, None)
            }
        }
    }

    fn stale(&mut self, system: System, stale: Stale) -> State {
        self.say(Level::Error, stale.to_string());
        finish(Outcome::Stale(stale), system, None, None)
    }

    fn refuse(&mut self, refused: Box<Refused>, system: System) -> State {
        self.tell(&refused.notes);
        self.say(Level::Error, refused.refusal.to_string());
        finish(Outcome::Refused(refused), system, None, None)
    }

    fn tell(&mut self, messages: &[Message]) {
        self.told.extend(messages.iter().cloned().map(Step::Tell));
    }

    fn say(&mut self, level: Level, text: String) {
        self.told.push_back(Step::Tell(Message { level, text }));
    }

    fn system(&self, scanned: Scanned) -> System {
        System {
            devices: scanned.devices,
            vgs: scanned.vgs,
            unusable: self.start.unusable.clone(),
            hidden: BTreeSet::new(),
            settings: self.start.settings.clone(),
            host: self.start.host.clone(),
            answers: BTreeMap::new(),
            probed: BTreeMap::new(),
        }
    }
}

fn finish(outcome: Outcome, system: System, change: Option<Change>, plan: Option<Plan>) -> State {
    State::Finish(Box::new(Finished { outcome, system, change, plan }))
}

/// Locks in the order of their names, each once, in the stronger mode.
fn ordered(locks: &[Lock]) -> Vec<Lock> {
    let mut modes: BTreeMap<LockName, LockMode> = BTreeMap::new();
    for lock in locks {
        let mode = modes.entry(lock.name.clone()).or_insert(lock.mode);
        *mode = (*mode).max(lock.mode);
    }
    let lock = |(name, mode)| Lock { name, mode };
    modes.into_iter().map(lock).collect()
}
