//! Saved plans: applied, they write exactly the bytes they name; they are refused when anything
//! they were made for has changed.

#![allow(clippy::unwrap_used)] // helpers may fail as tests do

mod common;

use common::{
    AREA, add_tag, extend, machine_with_vg, make_pvs, new_vg, reduce, remove, scope, write,
};
use extant_core::driver::execute::Executed;
use extant_core::driver::host::drive;
use extant_core::driver::operation::{Finished, Mode, Operation, Outcome};
use extant_core::ops::Change;
use extant_core::ops::system::System;
use extant_core::plan::Plan;
use extant_core::plan::effect::Effect;
use extant_core::plan::pieces::Detail;
use extant_core::plan::saved::Saved;
use extant_core::plan::show::show;
use extant_sim::machine::Machine;

type Decide = fn(&System) -> Change;

const OPERATIONS: [(&str, Decide); 6] = [
    ("tag", |system| add_tag(system, "v", "t")),
    ("pvcreate", |system| make_pvs(system, &[2, 3], &[AREA])),
    ("vgcreate", |system| write(vec![new_vg(system, "w", &[2, 3])])),
    ("vgextend", |system| extend(system, "v", 2)),
    ("vgreduce", |system| reduce(system, "v", 0)),
    ("vgremove", |system| remove(system, "v")),
];

fn plan(machine: &mut Machine, decide: Decide) -> Saved {
    machine.mode = Mode::Plan;
    let before = machine.clone();
    let finished = machine.run(scope(), |system| Ok(decide(system)));
    machine.mode = Mode::Execute;
    assert!(matches!(finished.outcome, Outcome::Planned));
    assert_same(&before, machine);
    let plan = finished.plan.unwrap();
    let shown = show(&finished.system, &finished.change.unwrap(), &plan, Detail::Places);
    let writes = effects(&plan).filter(|effect| matches!(effect, Effect::Write { .. }));
    assert_eq!(shown.matches("    write ").count(), writes.count(), "{shown}");
    let saved = Saved::new(plan, &finished.system.host, Vec::new());
    let read = Saved::from_json(&saved.to_json()).unwrap();
    assert_eq!(read, saved);
    read
}

fn effects(plan: &Plan) -> impl Iterator<Item = &Effect> {
    let stages = plan.stages.iter();
    let parts = stages.flat_map(|stage| [&stage.prepare, &stage.commit, &stage.finish]);
    parts.flatten().flatten()
}

fn apply(machine: &mut Machine, saved: &Saved) -> Finished {
    let mut operation = Operation::apply(machine.start(), saved.plan.clone());
    drive(&mut operation, machine)
}

fn assert_same(one: &Machine, two: &Machine) {
    for (one, two) in one.disks.iter().zip(&two.disks) {
        assert_eq!(one.disk.differences(&two.disk), Vec::<u64>::new());
    }
    assert_eq!(one.archive, two.archive);
    assert_eq!(one.backup, two.backup);
}

#[test]
fn an_applied_plan_writes_exactly_the_bytes_it_names() {
    for (name, decide) in OPERATIONS {
        let mut machine = machine_with_vg(4, 2, 512);
        let saved = plan(&mut machine, decide);
        // The devices come in another order now.
        machine.disks.reverse();
        let mut expected = machine.clone();
        for effect in effects(&saved.plan) {
            if let Effect::Write { device, offset, data, .. } = effect {
                let name = &saved.plan.devices.iter().find(|known| known.id == *device);
                let name = &name.unwrap().name;
                let disk = expected.disks.iter_mut().find(|disk| disk.name == *name);
                disk.unwrap().disk.write(offset.get(), data.as_slice()).unwrap();
            }
        }
        let finished = apply(&mut machine, &saved);
        let is_done = matches!(
            &finished.outcome,
            Outcome::Executed(Executed::Committed { failures }) if failures.is_empty()
        );
        assert!(is_done, "{name}: {:?}", finished.outcome);
        for (one, two) in expected.disks.iter().zip(&machine.disks) {
            assert_eq!(one.disk.differences(&two.disk), Vec::<u64>::new(), "{name}");
        }
        // Once more: it was made for another state.
        let before = machine.clone();
        let finished = apply(&mut machine, &saved);
        assert!(matches!(finished.outcome, Outcome::Stale(_)), "{name}");
        assert_same(&before, &machine);
    }
}

#[test]
fn a_plan_is_refused_when_the_state_has_moved_on() {
    type Move = fn(&mut Machine);
    let moves: [(&str, Move); 4] = [
        ("the VG was changed", |machine| {
            common::done(machine, |system| Ok(add_tag(system, "v", "other")));
        }),
        ("the VG was extended", |machine| {
            common::done(machine, |system| Ok(extend(system, "v", 3)));
        }),
        ("a device has gone", |machine| {
            machine.disks.iter_mut().for_each(|disk| disk.name.push('x'));
        }),
        ("the heads are others", |machine| {
            for attached in &mut machine.disks {
                attached.disk.write(1024, &[7; 512]).unwrap();
                attached.disk.write(4096, &[7; 512]).unwrap();
            }
        }),
    ];
    for (name, decide) in OPERATIONS {
        for (what, happens) in moves {
            let mut machine = machine_with_vg(4, 2, 512);
            let saved = plan(&mut machine, decide);
            happens(&mut machine);
            let before = machine.clone();
            let finished = apply(&mut machine, &saved);
            let is_stale = matches!(finished.outcome, Outcome::Stale(_));
            let is_indifferent =
                matches!(name, "vgcreate" | "pvcreate") && what == "the VG was changed";
            if !is_indifferent {
                assert!(is_stale, "{name}, {what}: {:?}", finished.outcome);
                assert_same(&before, &machine);
            }
        }
    }
}
