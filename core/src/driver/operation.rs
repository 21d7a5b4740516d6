//! A whole command as a machine: locks, observation, the operation, questions, the plan, its
//! execution.
//!
//! ```text
//! look without locks ─▶ resolve ─▶ lock ─▶ scan ─▶ resolve again ─▶ run ─▶ lower ─▶ execute
//!                         ▲                               │          │ ▲
//!                         └─────────── unlock ◀───────────┘          └─┘ asks or probes
//!                                                  differs
//! ```

mod machine;

use crate::driver::execute::Executed;
use crate::driver::scan::Needs;
use crate::ops::settings::Settings;
use crate::ops::system::{Device, HostFacts, Question, System};
use crate::ops::{Change, Message, Refused};
use crate::plan::Plan;
use crate::plan::apply::Stale;
use crate::plan::effect::{Completion, Group, Lock};
use crate::plan::lower::LowerError;
use std_alloc::boxed::Box;
use std_alloc::collections::BTreeMap;
use std_alloc::string::String;
use std_alloc::vec::Vec;

pub use machine::Operation;

/// How far an operation goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// All the way.
    #[default]
    Execute,
    /// Test mode (`-t`): everything is decided, nothing is written, success is reported.
    Test,
    /// `--plan`: the plan is the result.
    Plan,
}

/// What an operation starts from.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The devices that passed the filters; their labels and heads are not known yet.
    pub devices: Vec<Device>,
    /// Names of devices that did not, and why, to stand behind `device`.
    pub unusable: BTreeMap<String, String>,
    /// The configuration.
    pub settings: Settings,
    /// The machine and the moment.
    pub host: HostFacts,
    /// How far to go.
    pub mode: Mode,
}

/// What an operation locks and looks at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// Locks; taken in the order of their names, each once, in the stronger mode.
    pub locks: Vec<Lock>,
    /// What is observed under them.
    pub needs: Needs,
}

/// What an operation wants from its host next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Take these locks; answered by [`Reply::Locked`].
    Lock(Vec<Lock>),
    /// Release all locks; no answer.
    Unlock,
    /// Carry out these effects; answered by [`Reply::Completed`].
    Do(Group),
    /// Ask this; answered by [`Reply::Answered`].
    Ask(Question),
    /// Tell this; no answer.
    Tell(Message),
    /// It is over.
    Done(Box<Finished>),
}

/// A host's answer to a [`Step`].
#[derive(Clone, Debug)]
pub enum Reply {
    /// The locks are held, or why they are not.
    Locked(Result<(), String>),
    /// What became of each effect, in their order.
    Completed(Vec<Completion>),
    /// The answer to a question.
    Answered(bool),
}

/// How an operation ended, with what is needed to report on it.
#[derive(Clone, Debug)]
pub struct Finished {
    /// How it ended.
    pub outcome: Outcome,
    /// What was observed last, before the change.
    pub system: System,
    /// What was decided, if it came to that.
    pub change: Option<Change>,
    /// The plan, if it came to that.
    pub plan: Option<Plan>,
}

/// How an operation ended. What there was to say has been told, errors included.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The plan was carried out, at least to its last commit; or there was nothing to do.
    Executed(Executed),
    /// The mode was [`Mode::Plan`] or [`Mode::Test`]: there is a plan and nothing was written.
    Planned,
    /// The operation may not be done.
    Refused(Box<Refused>),
    /// A lock could not be taken.
    NotLocked(String),
    /// The change could not be turned into a plan.
    NotPlanned(LowerError),
    /// A saved plan no longer holds.
    Stale(Stale),
}
