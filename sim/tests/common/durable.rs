//! The check that every crash and failure of an operation leaves one of its declared durable states,
//! and a machine on which the next operation works.

use super::{State, add_tag, assert_committed, everything, flush, scope, state};
use extant_core::driver::execute::{Execute, Executed};
use extant_core::driver::operation::Operation;
use extant_core::driver::run;
use extant_core::ops::system::System;
use extant_core::ops::{Change, Stop};
use extant_core::plan::Plan;
use extant_core::plan::effect::Effect;
use extant_sim::crash::{Event, Explorer, Visit};
use extant_sim::machine::Machine;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(crate) type Decide = Arc<dyn Fn(&System) -> Result<Change, Stop>>;

/// What an exploration saw.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) visits: usize,
    pub(crate) states: BTreeSet<usize>,
}

/// Explores an operation from `machine` on; `twist` changes its plan, for seeded mistakes.
pub(crate) fn explore(machine: &Machine, decide: &Decide) -> (Seen, Vec<String>) {
    let mut machine = machine.clone();
    flush(&mut machine);
    let plan = planned(&machine, decide);
    explore_plan(&machine, &plan, Some(decide), |machine| {
        let decide = Arc::clone(decide);
        let start = machine.start();
        Operation::new(start, scope(), move |system| decide(system))
    })
}

/// The plan that an operation comes to.
pub(crate) fn planned(machine: &Machine, decide: &Decide) -> Plan {
    let mut machine = machine.clone();
    let finished = machine.run(scope(), |system| decide(system));
    assert_committed(&finished);
    finished.plan.unwrap()
}

/// Explores an operation that is to come to `plan`. Returns what was wrong. Where the state is the old
/// one, `again` has to succeed.
pub(crate) fn explore_plan(
    machine: &Machine,
    plan: &Plan,
    again: Option<&Decide>,
    make: impl Fn(&mut Machine) -> Operation<'static>,
) -> (Seen, Vec<String>) {
    let states = declared(machine, plan);
    let touched = touched(plan);
    let mut seen = Seen::default();
    let mut wrong = Vec::new();
    let explorer = Explorer::default();
    let (finished, after) = explorer.explore(machine, make, |visit| {
        seen.visits += 1;
        match check(machine, &visit, &states, &touched) {
            Ok(place) => {
                if let Some(again) = again.filter(|_| place == 0 && states.len() > 1) {
                    let mut machine = visit.machine.clone();
                    let finished = machine.run(scope(), |system| again(system));
                    assert_committed(&finished);
                }
                seen.states.insert(place);
            }
            Err(reason) => {
                wrong.push(format!("{:?} in group {}: {reason}", visit.event, visit.groups));
            }
        }
    });
    assert_committed(&finished);
    let mut after = after;
    flush(&mut after);
    if state(&after.scan(everything())) != *states.last().unwrap() {
        wrong.push("the undisturbed end is not the last declared state".into());
    }
    (seen, wrong)
}

/// The durable states that a plan declares: that before it, that after each of its stages, and, where
/// a stage writes labels that give PVs another identity before the commit, that in between.
fn declared(machine: &Machine, plan: &Plan) -> Vec<State> {
    let mut states = vec![after(machine, plan, 0)];
    for count in 1..=plan.stages.len() {
        let mut prepared = plan.clone();
        let stage = &mut prepared.stages[count - 1];
        stage.commit.clear();
        stage.finish.clear();
        for plan in [&prepared, plan] {
            let state = after(machine, plan, count);
            if states.last() != Some(&state) {
                states.push(state);
            }
        }
    }
    states
}

/// The state after some of the stages of a plan.
fn after(machine: &Machine, plan: &Plan, count: usize) -> State {
    let mut machine = machine.clone();
    let mut part = plan.clone();
    part.stages.truncate(count);
    let executed = run(&mut Execute::new(&part), |group| {
        let one = |effect| machine.carry_out_one(effect);
        group.iter().map(one).collect()
    });
    assert!(matches!(executed, Executed::Committed { .. }));
    state(&machine.scan(everything()))
}

/// The blocks that a plan may write, as ranges of bytes.
fn touched(plan: &Plan) -> Vec<(usize, u64, u64)> {
    let stages = plan.stages.iter();
    let parts =
        stages.flat_map(|stage| [&stage.prepare, &stage.undo, &stage.commit, &stage.finish]);
    let range = |effect: &Effect| match effect {
        Effect::Write { device, offset, data, .. } => {
            let end = offset.get() + data.as_slice().len() as u64;
            Some((device.get(), offset.get(), end))
        }
        Effect::Zero { device, offset, length, .. } => {
            Some((device.get(), offset.get(), offset.get() + length.get()))
        }
        _ => None,
    };
    parts.flatten().flatten().filter_map(range).collect()
}

fn check(
    before: &Machine,
    visit: &Visit,
    states: &[State],
    touched: &[(usize, u64, u64)],
) -> Result<usize, String> {
    let mut machine = visit.machine.clone();
    for (place, (old, new)) in before.disks.iter().zip(&machine.disks).enumerate() {
        for block in old.disk.differences(&new.disk) {
            let offset = block * old.disk.block_size();
            let is_touched = touched
                .iter()
                .any(|(disk, start, end)| *disk == place && (*start..*end).contains(&offset));
            if !is_touched {
                return Err(format!("{} was changed at {offset}", old.name));
            }
        }
    }
    let scanned = machine.scan(everything());
    let found = state(&scanned);
    // Of equal states the last one: an operation may pass through stages that no VG shows.
    let place = states.iter().rposition(|declared| *declared == found);
    let place = place.ok_or_else(|| format!("undeclared state {found:#?}"))?;
    let is_said = matches!(visit.event, Event::Failed { committed: true, .. });
    if is_said && place + 1 != states.len() {
        return Err(format!("said to be committed, is state {place}"));
    }
    // The next operation works, and brings everything up to date.
    let names: Vec<String> = scanned.vgs.iter().map(|view| view.vg.name.to_string()).collect();
    for vg in &names {
        let now = machine.scan(everything());
        if now.vgs.iter().all(|view| view.vg.name.as_str() != vg) {
            return Err(format!(
                "{vg} was lost by writing another: {names:?}, {:?}\n{found:#?}\n{:#?}",
                now.messages,
                state(&now)
            ));
        }
        let finished = machine.run(scope(), |system| Ok(add_tag(system, vg, "next")));
        assert_committed(&finished);
        let scanned = machine.scan(everything());
        let view = scanned.vgs.iter().find(|view| view.vg.name.as_str() == vg);
        let view = view.ok_or("the VG was lost by the next operation")?;
        if view.vg.tags.iter().all(|tag| tag.as_str() != "next") {
            return Err("the next operation was lost".into());
        }
        if !view.lagging.is_empty() {
            return Err(format!("still lagging: {:?}", view.lagging));
        }
    }
    Ok(place)
}
