//! Every crash and every failure of an operation leaves one of its declared durable states. The
//! operations here are made by hand; those of the commands are in `operations.rs`.

#![allow(clippy::unwrap_used)] // helpers may fail as tests do

mod common;

use common::durable::{Decide, RECOVERED, explore, explore_plan, planned};
use common::{
    AREA, add_tag, change, done, extend, machine_with_vg, make_pvs, new_vg, next, reduce, remove,
    write,
};
use extant_core::driver::operation::Operation;
use extant_core::name::Tag;
use extant_core::ops::system::{DeviceId, System};
use extant_core::ops::{Change, Init, Stage, VgAfter};
use extant_core::plan::Plan;
use extant_core::plan::effect::Effect;
use extant_core::units::Bytes;
use extant_sim::machine::Machine;
use std::sync::Arc;

fn decide(change: impl Fn(&System) -> Change + 'static) -> Decide {
    Arc::new(move |system| Ok(change(system)))
}

/// A new LV's extents are zeroed and the VG is written, in one stage.
fn with_init(system: &System) -> Change {
    let mut change = add_tag(system, "v", "lv");
    change.stages[0].init = vec![Init {
        device: DeviceId(1),
        offset: Bytes::new(1 << 20),
        length: Bytes::new(4096),
        why: "start of an LV".into(),
    }];
    change
}

fn two_stages(system: &System) -> Change {
    let first = add_tag(system, "v", "one");
    let VgAfter::Write(vg) = &first.stages[0].vgs[0] else {
        panic!("a write");
    };
    let mut second = vg.clone();
    second.seqno += 1;
    second.tags.push(Tag::new("two").unwrap());
    let mut stages = first.stages;
    stages.push(Stage { name: "two", vgs: vec![VgAfter::Write(second)], ..Stage::default() });
    change(stages)
}

fn operations() -> Vec<(&'static str, Decide)> {
    vec![
        ("tag", decide(|system| add_tag(system, "v", "t"))),
        ("init", decide(with_init)),
        ("two stages", decide(two_stages)),
        ("pvcreate", decide(|system| make_pvs(system, &[2, 3], &[AREA]))),
        ("vgcreate", decide(|system| write(vec![new_vg(system, "w", &[2, 3])]))),
        ("vgextend", decide(|system| extend(system, "v", 2))),
        ("vgreduce", decide(|system| reduce(system, "v", 0))),
        ("vgremove", decide(|system| remove(system, "v"))),
    ]
}

#[test]
fn crashes_leave_declared_states() {
    for block_size in [512, 4096] {
        let machine = machine_with_vg(4, 2, block_size);
        for (name, decide) in operations() {
            let (seen, wrong) = explore(&machine, &decide, RECOVERED);
            assert!(
                wrong.is_empty(),
                "{name}, {block_size}: {} of {}: {}",
                wrong.len(),
                seen.visits,
                wrong[0]
            );
            println!("{name} {block_size} {seen:?}");
            assert!(seen.visits > 20, "{name}: {seen:?}");
        }
    }
}

/// Three texts are longer than the ring: the one after the next takes the place of the committed
/// one. Where a crash leaves the headers of the next in the caches only, it must not do so yet.
#[test]
fn a_text_does_not_take_the_place_of_one_that_power_may_bring_back() {
    for block_size in [512, 4096] {
        let mut machine = machine_with_vg(2, 2, block_size);
        let decide = decide(|system| {
            let mut vg = next(system, "v");
            let tags = (0..10).map(|place| format!("{:01000}", vg.seqno * 10 + place));
            vg.tags = tags.map(|tag| Tag::new(&tag).unwrap()).collect();
            write(vec![vg])
        });
        for _ in 0..2 {
            done(&mut machine, |system| decide(system));
            let (seen, wrong) = explore(&machine, &decide, 24);
            println!("{block_size} {seen:?}");
            assert!(wrong.is_empty(), "{} of {}: {}", wrong.len(), seen.visits, wrong[0]);
        }
    }
}

/// Changes a plan into one that is wrong.
type Mistake = fn(&mut Plan);

fn without_text_flush(plan: &mut Plan) {
    for stage in &mut plan.stages {
        for group in &mut stage.prepare {
            group.retain(|effect| !matches!(effect, Effect::Flush { .. }));
        }
    }
}

fn text_with_commit(plan: &mut Plan) {
    for stage in &mut plan.stages {
        let mut all: Vec<Effect> = stage.prepare.drain(..).flatten().collect();
        all.append(&mut stage.commit[0]);
        stage.commit[0] = all;
    }
}

fn commit_before_text(plan: &mut Plan) {
    for stage in &mut plan.stages {
        let prepare = std::mem::take(&mut stage.prepare);
        stage.prepare = std::mem::take(&mut stage.commit);
        stage.commit = prepare;
    }
}

fn text_over_the_old_one(plan: &mut Plan) {
    // The text goes to where the area's first text is.
    for effect in plan.stages.iter_mut().flat_map(|stage| &mut stage.prepare).flatten() {
        match effect {
            Effect::Write { offset, why, .. } if why.contains("text") => {
                *offset = Bytes::new(4608);
            }
            _ => {}
        }
    }
}

fn one_byte_beside(plan: &mut Plan) {
    if let Some(Effect::Write { offset, .. }) = plan.stages[0].commit[0].first_mut() {
        *offset = Bytes::new(offset.get() + 512);
    }
}

#[test]
fn seeded_mistakes_are_caught() {
    let machine = machine_with_vg(4, 2, 512);
    let decide = decide(|system| add_tag(system, "v", "t"));
    let plan = planned(&machine, &decide);
    let mistakes: [(&str, Mistake); 5] = [
        ("no flush of the text", without_text_flush),
        ("text and headers in one group", text_with_commit),
        ("headers before texts", commit_before_text),
        ("text over the committed one", text_over_the_old_one),
        ("header in the wrong place", one_byte_beside),
    ];
    for (name, mistake) in mistakes {
        let mut wrong_plan = plan.clone();
        mistake(&mut wrong_plan);
        assert_ne!(plan, wrong_plan, "{name}");
        let result = std::panic::catch_unwind(|| {
            let wrong_plan = wrong_plan.clone();
            let make =
                move |machine: &mut Machine| Operation::apply(machine.start(), wrong_plan.clone());
            explore_plan(&machine, &plan, None, make)
        });
        println!(
            "{name}: {:?}",
            result
                .as_ref()
                .map(|(seen, wrong)| (
                    seen.visits,
                    wrong.len(),
                    wrong.first().map(|w| w.chars().take(150).collect::<String>())
                ))
                .ok()
        );
        let is_caught = result.map_or(true, |(_, wrong)| !wrong.is_empty());
        assert!(is_caught, "{name} was not caught");
    }
    let make = {
        let plan = plan.clone();
        move |machine: &mut Machine| Operation::apply(machine.start(), plan.clone())
    };
    let (seen, wrong) = explore_plan(&machine, &plan, None, make);
    assert!(wrong.is_empty(), "the right plan is right: {seen:?} {wrong:?}");
}
