//! Executing a plan, and the rule for a commit that goes wrong half way.
//!
//! ```text
//! prepare ──▶ commit ──▶ finish ──▶ next stage … ──▶ Committed
//!    │          │ a write or flush failed
//!    │          ▼
//!    │      read all headers again ──▶ one is new: the flushes that are left, finish
//!    │          │            └───────▶ none is readable: Unknown
//!    ▼          ▼ all readable ones are old
//!    └──────▶ undo ──▶ Abandoned
//! ```
//!
//! Where a VG is removed ([`CommitRule::All`]) one header that is still old keeps the VG alive, so
//! there all readable ones have to be new. A header is new if the block that the plan wrote reads
//! back as written: blocks are written whole or not at all. What fails after the commit is reported
//! and does not stop the rest. But where flushes of it failed, so that a loss of power may take it
//! back, nothing is written to a device that builds on it.

use crate::driver::{Machine, Poll};
use crate::ops::system::{DeviceId, IoError};
use crate::plan::effect::{Completion, Effect, Group, Payload};
use crate::plan::{CommitRule, Plan, PlannedStage};
use crate::units::Bytes;
use core::mem;
use std_alloc::collections::BTreeSet;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// An effect that failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EffectError {
    /// Which.
    pub effect: Effect,
    /// Why.
    pub error: IoError,
}

/// What became of a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Executed {
    /// All stages are committed. What failed after the commits is listed: it can be redone from the
    /// metadata.
    Committed {
        /// Failures that the commit outlived.
        failures: Vec<EffectError>,
    },
    /// The stage was given up; the state is the one before it.
    Abandoned {
        /// Its number.
        stage: usize,
        /// Its first failures: why.
        failures: Vec<EffectError>,
        /// Failures in taking back what had been prepared; also why, the cause is not lost.
        undo: Vec<EffectError>,
    },
    /// No header could be read after one could not be written: whether the stage is committed shows
    /// when the devices come back. Until they are read again nothing may be written to them.
    Unknown {
        /// Its number.
        stage: usize,
        /// What failed.
        failures: Vec<EffectError>,
    },
}

/// Where the execution is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Prepare,
    Commit,
    Reread,
    /// The rest of the commit group's flushes after headers were read again.
    Settle,
    Undo,
    Finish,
}

/// A header that the commit writes.
#[derive(Clone, Debug)]
struct NewHeader {
    device: DeviceId,
    offset: Bytes,
    data: Payload,
}

/// The machine that executes a plan.
#[derive(Clone, Debug)]
pub struct Execute {
    stages: Vec<PlannedStage>,
    stage: usize,
    phase: Phase,
    /// The next group of the phase.
    next: usize,
    /// The group that was given out last.
    pending: Group,
    /// What failed in this stage before it was decided, or after.
    failures: Vec<EffectError>,
    /// What failed and no longer matters for the outcome.
    outlived: Vec<EffectError>,
    undo_failures: Vec<EffectError>,
    /// Devices on which a header or flush of this stage's commit failed, or was left out.
    unsure: BTreeSet<DeviceId>,
    result: Option<Executed>,
}

impl Execute {
    /// Starts to execute a plan whose guards hold.
    pub fn new(plan: &Plan) -> Self {
        Self {
            stages: plan.stages.clone(),
            stage: 0,
            phase: Phase::Prepare,
            next: 0,
            pending: Vec::new(),
            failures: Vec::new(),
            outlived: Vec::new(),
            undo_failures: Vec::new(),
            unsure: BTreeSet::new(),
            result: None,
        }
    }

    fn groups(&self) -> &[Group] {
        let stage = &self.stages[self.stage];
        match self.phase {
            Phase::Prepare => &stage.prepare,
            Phase::Commit | Phase::Settle => &stage.commit,
            Phase::Undo => &stage.undo,
            Phase::Finish => &stage.finish,
            Phase::Reread => &[],
        }
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.next = 0;
    }

    /// Takes the machine to where there is a group to do, or a result.
    fn advance(&mut self) -> Option<Group> {
        while self.result.is_none() {
            if self.stage == self.stages.len() {
                let failures = mem::take(&mut self.outlived);
                self.result = Some(Executed::Committed { failures });
                break;
            }
            if self.phase == Phase::Reread {
                return Some(self.reads());
            }
            if let Some(group) = self.groups().get(self.next) {
                let mut group = group.clone();
                self.next += 1;
                if matches!(self.phase, Phase::Settle | Phase::Finish) && !self.is_durable() {
                    let skipped = group.iter().filter(|effect| is_write(effect));
                    self.unsure.extend(skipped.filter_map(device_of));
                    group.retain(|effect| !is_write(effect));
                }
                if !group.is_empty() {
                    return Some(group);
                }
                continue;
            }
            self.leave_phase();
        }
        None
    }

    fn leave_phase(&mut self) {
        match self.phase {
            Phase::Prepare => self.enter(Phase::Commit),
            Phase::Commit | Phase::Settle => self.enter(Phase::Finish),
            Phase::Finish => {
                let is_durable = self.is_durable();
                self.unsure.clear();
                self.stage += 1;
                self.enter(Phase::Prepare);
                if !is_durable && self.stage < self.stages.len() {
                    self.result = Some(Executed::Abandoned {
                        stage: self.stage,
                        failures: mem::take(&mut self.outlived),
                        undo: Vec::new(),
                    });
                }
            }
            Phase::Undo => {
                self.result = Some(Executed::Abandoned {
                    stage: self.stage,
                    failures: mem::take(&mut self.failures),
                    undo: mem::take(&mut self.undo_failures),
                });
            }
            Phase::Reread => unreachable!("what was read again decides at once"),
        }
    }

    /// Whether the commit of this stage, as far as it has come, outlives a loss of power: as many
    /// of its headers were written and flushed as its rule wants.
    fn is_durable(&self) -> bool {
        let stage = &self.stages[self.stage];
        let commit = &stage.commit;
        let done = if self.phase == Phase::Finish { commit.len() } else { self.next - 1 };
        let headers = commit[..done].iter().flatten().filter(|effect| is_write(effect));
        let mut durable = headers.filter_map(device_of).map(|id| !self.unsure.contains(&id));
        match stage.rule {
            CommitRule::Any => self.unsure.is_empty() || durable.any(|is_durable| is_durable),
            CommitRule::All => durable.all(|is_durable| is_durable),
        }
    }

    fn new_headers(&self) -> Vec<NewHeader> {
        let effects = self.stages[self.stage].commit.iter().flatten();
        let header = |effect: &Effect| match effect {
            Effect::Write { device, offset, data, .. } => {
                Some(NewHeader { device: *device, offset: *offset, data: data.clone() })
            }
            _ => None,
        };
        effects.filter_map(header).collect()
    }

    fn reads(&self) -> Group {
        let read = |header: NewHeader| Effect::Read {
            device: header.device,
            offset: header.offset,
            length: Bytes::new(header.data.as_slice().len() as u64),
        };
        self.new_headers().into_iter().map(read).collect()
    }

    /// Decides by the headers as they read now whether the stage is committed.
    fn decide(&mut self, results: Vec<Completion>) {
        let headers = self.new_headers();
        assert_eq!(results.len(), headers.len(), "each read is answered");
        let (mut readable, mut new) = (0, 0);
        for (header, result) in headers.iter().zip(results) {
            if let Completion::Bytes(bytes) = result {
                readable += 1;
                new += usize::from(*bytes == *header.data.as_slice());
            }
        }
        assert!(new <= readable, "what is new was read");
        let committed = match self.stages[self.stage].rule {
            CommitRule::Any => new > 0,
            CommitRule::All => new > 0 && new == readable,
        };
        if committed {
            self.outlived.append(&mut self.failures);
            // The flushes that have not been done are still due; the next group is theirs.
            self.phase = Phase::Settle;
        } else if readable > 0 {
            self.enter(Phase::Undo);
        } else {
            self.result = Some(Executed::Unknown {
                stage: self.stage,
                failures: mem::take(&mut self.failures),
            });
        }
    }
}

/// The device that a write or flush is of.
fn device_of(effect: &Effect) -> Option<DeviceId> {
    match effect {
        Effect::Write { device, .. } | Effect::Flush { device } => Some(*device),
        _ => None,
    }
}

fn is_write(effect: &Effect) -> bool {
    matches!(effect, Effect::Write { .. } | Effect::Zero { .. } | Effect::Discard { .. })
}

fn failures_of(group: Group, results: Vec<Completion>) -> Vec<EffectError> {
    let pairs = group.into_iter().zip(results);
    let failed = |(effect, result)| match result {
        Completion::Failed(error) => Some(EffectError { effect, error }),
        Completion::Done | Completion::Bytes(_) | Completion::Signatures(_) => None,
    };
    pairs.filter_map(failed).collect()
}

impl Machine for Execute {
    type Output = Executed;

    fn poll(&mut self) -> Poll<Executed> {
        assert!(self.pending.is_empty(), "a group is answered before the next");
        if let Some(group) = self.advance() {
            self.pending.clone_from(&group);
            return Poll::Do(group);
        }
        let result = self.result.take();
        Poll::Done(result.expect("a machine that has nothing to do has come to a result"))
    }

    fn complete(&mut self, results: Vec<Completion>) {
        let group = mem::take(&mut self.pending);
        assert_eq!(results.len(), group.len(), "each effect is answered");
        if self.phase == Phase::Reread {
            self.decide(results);
            return;
        }
        let mut failures = failures_of(group, results);
        if failures.is_empty() {
            return;
        }
        if matches!(self.phase, Phase::Commit | Phase::Settle) {
            self.unsure.extend(failures.iter().filter_map(|failure| device_of(&failure.effect)));
        }
        match self.phase {
            Phase::Prepare => {
                self.failures = failures;
                self.enter(Phase::Undo);
            }
            Phase::Commit => {
                self.failures.append(&mut failures);
                self.phase = Phase::Reread;
            }
            Phase::Undo => self.undo_failures.append(&mut failures),
            Phase::Settle | Phase::Finish => self.outlived.append(&mut failures),
            Phase::Reread => unreachable!("handled above"),
        }
    }
}

impl Executed {
    /// Returns the failures in words, one line each.
    pub fn failures(&self) -> impl Iterator<Item = &EffectError> {
        match self {
            Self::Committed { failures } | Self::Unknown { failures, .. } => {
                failures.iter().chain([].iter())
            }
            Self::Abandoned { failures, undo, .. } => failures.iter().chain(undo.iter()),
        }
    }
}

impl EffectError {
    /// Returns what failed, in words; `name` gives a device's name.
    pub fn describe(&self, name: impl Fn(DeviceId) -> String) -> String {
        use std_alloc::format;
        let error = &self.error;
        match &self.effect {
            Effect::Read { device, offset, .. } => {
                format!("Failed to read {} at {}: {error}", name(*device), offset.get())
            }
            Effect::Probe(probe) => {
                format!("Failed to read {}: {error}", name(probe.device))
            }
            Effect::OpenExclusive { device } => {
                format!("Can't open {} exclusively.  Mounted filesystem?", name(*device))
            }
            Effect::Write { device, offset, why, .. }
            | Effect::Zero { device, offset, why, .. } => {
                format!("Failed to write {why} on {} at {}: {error}", name(*device), offset.get())
            }
            Effect::Discard { device, .. } => {
                format!("Failed to discard on {}: {error}", name(*device))
            }
            Effect::Flush { device } => format!("Failed to flush {}: {error}", name(*device)),
            Effect::Archive { vg, .. } => {
                format!("Volume group {vg} metadata archive failed: {error}")
            }
            Effect::Backup { vg, .. } => {
                format!("Backup of volume group {vg} metadata failed: {error}")
            }
            Effect::RemoveBackup { vg } => {
                format!("Failed to remove backup of volume group {vg}: {error}")
            }
            Effect::DevicesFile { device, .. } => {
                format!("Failed to update devices file for {}: {error}", name(*device))
            }
            Effect::InvalidateHints => format!("Failed to invalidate hints: {error}"),
        }
    }
}
