//! The check that every crash and failure of an operation leaves one of its declared durable
//! states, and a machine on which the next operation works; and that all this holds of that next
//! operation again, where it is the one to recover from the crash.
//!
//! An operation is explored with [`Explorer::default`]: from what its crashes, its failures and the
//! crashes after these leave, distinct machines (caches included) are kept, and on some of them
//! ([`RECOVERED`] by default), spread evenly, each VG is changed, and repaired with `vgck
//! --updatemetadata` (an exported one with `vgimport`). Both are explored in the same way with the
//! smaller [`recovery`], and each of *their* crashes has to leave a declared state, on which a
//! further run finishes.

use super::{State, add_tag, assert_committed, everything, flush, scope, state};
use extant_core::driver::execute::{Execute, Executed};
use extant_core::driver::operation::Operation;
use extant_core::driver::run;
use extant_core::ops::selector::VgSelector;
use extant_core::ops::system::System;
use extant_core::ops::{Change, Stop, vgck, vgimport};
use extant_core::plan::Plan;
use extant_core::plan::effect::Effect;
use extant_sim::crash::{End, Event, Explorer, Said, Sampling, Visit};
use extant_sim::machine::{Failure, Machine};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(crate) type Decide = Arc<dyn Fn(&System) -> Result<Change, Stop>>;

/// On how many of the machines that an operation leaves behind the recovery is crashed.
pub(crate) const RECOVERED: usize = 6;

/// How a recovery is explored.
fn recovery() -> Explorer {
    Explorer { crashes: Sampling { cap: 16, random: 4 }, after_failure: None, seed: 2 }
}

/// What an exploration saw.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) visits: usize,
    /// Distinct machines among what was visited.
    pub(crate) machines: usize,
    /// Crashes of recoveries.
    pub(crate) recoveries: usize,
    pub(crate) states: BTreeSet<usize>,
}

/// What an operation may leave behind.
struct Allowed {
    states: Vec<State>,
    /// What it may leave behind where it recovers from a crash.
    earlier: Option<Earlier>,
    touched: Vec<(usize, u64, u64)>,
}

/// A crash before the operation: of what it left in the caches power may still take what no flush
/// has reached since.
struct Earlier {
    /// The VG that the recovery changes.
    vg: String,
    /// What the crash itself may leave behind.
    states: Vec<State>,
    /// What the recovery makes of a machine whose caches are lost.
    lost: Vec<State>,
}

impl Allowed {
    /// The place of a state: of equal ones the last, as an operation may pass through stages that
    /// no VG shows. After an earlier crash what counts is the VG that is changed; the rest may be
    /// as that crash left it.
    fn place(&self, found: &State) -> Option<usize> {
        let last = self.states.len() - 1;
        let place = self.states.iter().rposition(|declared| declared == found);
        place.or_else(|| {
            let earlier = self.earlier.as_ref()?;
            if earlier.lost.last() == Some(found) {
                return Some(last);
            }
            let prefix = format!("VG {} ", earlier.vg);
            let part = |state: &State, of_vg: bool| -> State {
                let lines = state.iter().filter(|(key, _)| key.starts_with(&prefix) == of_vg);
                lines.map(|(key, value)| (key.clone(), value.clone())).collect()
            };
            let is_same = |state: &State, of_vg| part(state, of_vg) == part(found, of_vg);
            let others = || earlier.states.iter().chain(&earlier.lost);
            let is_rest_allowed = self.states.iter().chain(others()).any(|it| is_same(it, false));
            let place = self.states.iter().rposition(|state| is_same(state, true));
            let before = || others().any(|state| is_same(state, true)).then_some(0);
            place.or_else(before).filter(|_| is_rest_allowed)
        })
    }
}

/// Explores an operation from `machine` on; on `recovered` of the machines that it leaves behind
/// the recovery is crashed too.
pub(crate) fn explore(machine: &Machine, decide: &Decide, recovered: usize) -> (Seen, Vec<String>) {
    let mut machine = machine.clone();
    flush(&mut machine);
    let plan = planned(&machine, decide);
    explore_plan(&machine, &plan, Some((decide, recovered)), |machine| operation(machine, decide))
}

fn operation(machine: &mut Machine, decide: &Decide) -> Operation<'static> {
    let decide = Arc::clone(decide);
    Operation::new(machine.start(), scope(), move |system| decide(system))
}

/// The plan that an operation comes to.
pub(crate) fn planned(machine: &Machine, decide: &Decide) -> Plan {
    let mut machine = machine.clone();
    let finished = machine.run(scope(), |system| decide(system));
    assert_committed(&finished);
    finished.plan.unwrap()
}

/// Explores an operation that is to come to `plan`. Returns what was wrong. Where the state is the
/// old one, `again` has to succeed, and recoveries are crashed.
pub(crate) fn explore_plan(
    machine: &Machine,
    plan: &Plan,
    again: Option<(&Decide, usize)>,
    make: impl Fn(&mut Machine) -> Operation<'static>,
) -> (Seen, Vec<String>) {
    let allowed =
        Allowed { states: declared(machine, plan), earlier: None, touched: touched(plan) };
    let mut seen = Seen::default();
    let mut wrong = Vec::new();
    let mut left = Vec::new();
    let explorer = Explorer::default();
    explore_within(&explorer, machine, &allowed, make, &mut seen, &mut wrong, |machine, place| {
        if let Some((again, _)) = again {
            left.push(machine.clone());
            if place == 0 && allowed.states.len() > 1 {
                assert_committed(&machine.clone().run(scope(), |system| again(system)));
            }
        }
    });
    seen.machines = left.len();
    let recovered = again.map_or(1, |(_, recovered)| recovered);
    let step = left.len().div_ceil(recovered).max(1);
    for machine in left.iter().step_by(step) {
        if wrong.is_empty() {
            crash_recoveries(machine, &allowed, &mut seen, &mut wrong);
        }
    }
    (seen, wrong)
}

/// Explores an operation; `distinct` sees each distinct machine once, with the place of its state.
fn explore_within(
    explorer: &Explorer,
    machine: &Machine,
    allowed: &Allowed,
    make: impl Fn(&mut Machine) -> Operation<'static>,
    seen: &mut Seen,
    wrong: &mut Vec<String>,
    mut distinct: impl FnMut(&Machine, usize),
) {
    let mut known: BTreeMap<u64, Option<usize>> = BTreeMap::new();
    let (finished, mut after) = explorer.explore(machine, make, |visit| {
        seen.visits += 1;
        let place = *known.entry(visit.machine.digest()).or_insert_with(|| {
            let place = check(machine, &visit, allowed);
            if let Err(reason) = &place {
                wrong.push(format!("{:?} in group {}: {reason}", visit.event, visit.groups));
            }
            let place = place.ok()?;
            distinct(&visit.machine, place);
            Some(place)
        });
        seen.states.extend(place);
        let is_last = place.is_none_or(|place| place + 1 == allowed.states.len());
        if !is_last && claims_commit(&visit.event) {
            wrong.push(format!("{:?}: said to be committed, is state {place:?}", visit.event));
        }
    });
    assert_committed(&finished);
    flush(&mut after);
    if state(&after.scan(everything())) != *allowed.states.last().unwrap() {
        wrong.push("the undisturbed end is not the last declared state".into());
    }
}

/// Whether a state other than the last one would break what the operation has said. Where a flush
/// failed, it has said that too, and power may take what was committed.
fn claims_commit(event: &Event) -> bool {
    let is_flush = |(effect, _): &(String, Failure)| effect.starts_with("Flush");
    match event.end {
        End::Returned(said) => said == Said::Committed,
        End::ReturnedAndPowerLost(said) => {
            said == Said::Committed && !event.failed.as_ref().is_some_and(is_flush)
        }
        End::Died | End::PowerLost => false,
    }
}

/// Crashes what recovers from a crash: the next change of each VG, and its repair.
fn crash_recoveries(
    machine: &Machine,
    crashed: &Allowed,
    seen: &mut Seen,
    wrong: &mut Vec<String>,
) {
    let vgs = machine.clone().scan(everything()).vgs;
    let mut lost = machine.clone();
    lost.lose_power(|_, _, _| 0);
    let found = vgs.iter().flat_map(|view| [(view, false), (view, true)]);
    for (view, is_repair) in found {
        let vg = view.vg.name.to_string();
        let selector = VgSelector::Name(view.vg.name.clone());
        let decide: Decide = if is_repair && view.vg.flags.exported {
            // Such as a split leaves halfway; `vgck` does not touch it.
            let request = vgimport::Request { vg: selector, force: 0 };
            Arc::new(move |system| vgimport::vgimport(system, &request))
        } else if is_repair {
            let copy = view.fork.as_ref().map(|fork| fork.texts[1].areas[0].0);
            let keep = copy.map(|device| machine.disks[device.get()].name.clone());
            let request = vgck::Request { vg: selector, update: true, keep };
            Arc::new(move |system| vgck::vgck(system, &request))
        } else {
            let vg = vg.clone();
            Arc::new(move |system| Ok(add_tag(system, &vg, "recovered")))
        };
        let plan = planned(machine, &decide);
        let allowed = Allowed {
            states: declared(machine, &plan),
            earlier: Some(Earlier {
                vg: vg.clone(),
                states: crashed.states.clone(),
                lost: declared(&lost, &plan),
            }),
            // What the crashed operation had in the caches may still be lost.
            touched: [touched(&plan), crashed.touched.clone()].concat(),
        };
        let mut nested = Seen::default();
        let mut found = Vec::new();
        let make = |machine: &mut Machine| operation(machine, &decide);
        explore_within(&recovery(), machine, &allowed, make, &mut nested, &mut found, |_, _| {});
        seen.recoveries += nested.visits;
        let what = if is_repair { "the repair" } else { "the next change" };
        wrong.extend(found.into_iter().map(|reason| format!("{what} of {vg}: {reason}")));
    }
}

/// The durable states that a plan declares: that before it, that after each of its stages, and,
/// where a stage writes labels that give PVs another identity before the commit, that in between.
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

/// Checks a visit, and returns the place of its state.
fn check(before: &Machine, visit: &Visit, allowed: &Allowed) -> Result<usize, String> {
    let mut machine = visit.machine.clone();
    check_touched(before, &machine, &allowed.touched)?;
    let scanned = machine.scan(everything());
    let found = state(&scanned);
    let place = allowed.place(&found);
    let place = place.ok_or_else(|| format!("undeclared state {found:#?}"))?;
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

/// Checks that nothing was written beside what a plan names.
fn check_touched(
    before: &Machine,
    after: &Machine,
    touched: &[(usize, u64, u64)],
) -> Result<(), String> {
    for (place, (old, new)) in before.disks.iter().zip(&after.disks).enumerate() {
        for block in old.disk.differences(&new.disk) {
            let offset = block * old.disk.block_size();
            let mut ranges = touched.iter();
            if !ranges.any(|(disk, start, end)| *disk == place && (*start..*end).contains(&offset))
            {
                return Err(format!("{} was changed at {offset}", old.name));
            }
        }
    }
    Ok(())
}
