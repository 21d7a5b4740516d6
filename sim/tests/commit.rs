//! A commit as such: what stands on the disks after it, ring by ring, block size by block size.

mod common;

use common::{
    AREA, add_tag, done, everything, extend, machine, machine_with_vg, make_pvs, new_vg, orphans,
    reduce, remove, write,
};
use extant_core::ops::system::LabelState;
use extant_core::plan::effect::Effect;

#[test]
fn a_new_vg_is_found_on_all_its_pvs() {
    for block_size in [512, 4096] {
        let mut machine = machine_with_vg(3, 2, block_size);
        let scanned = machine.scan(everything());
        assert!(scanned.messages.is_empty(), "{:?}", scanned.messages);
        assert_eq!(scanned.vgs.len(), 1);
        let view = &scanned.vgs[0];
        assert_eq!((view.vg.seqno, view.devices.len()), (1, 2));
        assert!(view.lagging.is_empty(), "{:?}", view.lagging);
        assert_eq!(orphans(&scanned), [2]);
        for device in &scanned.devices[..2] {
            let LabelState::Pv(pv) = &device.label else {
                panic!("a PV");
            };
            assert!(pv.label.header.is_used());
        }
        assert!(machine.archive.is_empty(), "there was nothing to archive");
        assert!(machine.backup.contains_key("v"));
        assert!(machine.hints_invalidated > 0);
    }
}

#[test]
fn many_commits_go_round_the_ring() {
    for block_size in [512, 4096] {
        let mut machine = machine_with_vg(2, 2, block_size);
        for number in 0..150 {
            let tag = format!("tag{number}");
            let finished = done(&mut machine, |system| Ok(add_tag(system, "v", &tag)));
            let view = &finished.system.vgs[0];
            assert!(view.lagging.is_empty() && view.fork.is_none());
            assert_eq!(view.vg.tags.len(), number);
            assert_eq!(machine.archive.len(), number + 1);
        }
    }
}

#[test]
fn pvs_join_and_leave_and_the_vg_goes() {
    let mut machine = machine_with_vg(3, 2, 512);
    done(&mut machine, |system| Ok(extend(system, "v", 2)));
    assert!(orphans(&machine.scan(everything())).is_empty());
    done(&mut machine, |system| Ok(reduce(system, "v", 0)));
    let scanned = machine.scan(everything());
    assert_eq!(orphans(&scanned), [0]);
    assert_eq!(scanned.vgs[0].vg.seqno, 3);
    assert!(scanned.messages.is_empty(), "{:?}", scanned.messages);
    done(&mut machine, |system| Ok(remove(system, "v")));
    let scanned = machine.scan(everything());
    assert_eq!(orphans(&scanned), [0, 1, 2]);
    assert!(scanned.vgs.is_empty());
    assert!(machine.backup.is_empty());
}

#[test]
fn a_commit_writes_little_more_than_the_text() {
    for block_size in [512, 4096] {
        let mut machine = machine_with_vg(3, 3, block_size);
        let finished = done(&mut machine, |system| Ok(add_tag(system, "v", "t")));
        let plan = finished.plan.unwrap();
        let text = machine.scan(everything()).vgs[0].text.len() as u64;
        let stage = &plan.stages[0];
        let parts = [&stage.prepare, &stage.commit, &stage.finish];
        let written: u64 = parts
            .into_iter()
            .flatten()
            .flatten()
            .map(|effect| match effect {
                Effect::Write { data, .. } => data.as_slice().len() as u64,
                _ => 0,
            })
            .sum();
        assert!(written <= 3 * (text + text / 20 + 4 * block_size), "{written}");
        assert!(stage.commit[0].iter().all(|effect| matches!(
            effect,
            Effect::Write { data, .. } if data.as_slice().len() as u64 == block_size
        )));
    }
}

#[test]
fn a_text_that_does_not_fit_is_refused_before_anything_is_written() {
    let mut machine = machine_with_vg(1, 1, 512);
    let before = machine.disks.clone();
    let finished = machine.run(common::scope(), |system| {
        let mut change = add_tag(system, "v", "t");
        let after = &mut change.stages[0].vgs[0];
        if let extant_core::ops::VgAfter::Write(vg) = after {
            for number in 0..3000 {
                vg.tags.push(extant_core::name::Tag::new(&format!("tag{number}")).unwrap());
            }
        }
        Ok(change)
    });
    let error = format!("{:?}", finished.outcome);
    assert!(error.contains("TextTooLarge"), "{error}");
    assert!(before[0].disk.differences(&machine.disks[0].disk).is_empty());
    assert_eq!(machine.told.len(), 1);
}

#[test]
fn a_pv_without_areas_is_a_member_by_the_metadata_of_others() {
    let mut machine = machine(2, 512);
    done(&mut machine, |system| Ok(make_pvs(system, &[0], &[AREA])));
    done(&mut machine, |system| Ok(make_pvs(system, &[1], &[])));
    done(&mut machine, |system| Ok(write(vec![new_vg(system, "v", &[0, 1])])));
    let scanned = machine.scan(everything());
    assert_eq!(scanned.vgs[0].devices.iter().flatten().count(), 2);
    assert!(orphans(&scanned).is_empty());
}

#[test]
fn texts_of_nearly_half_the_ring_go_round_it_too() {
    for block_size in [512, 4096] {
        let mut machine = machine_with_vg(2, 2, block_size);
        for number in 0..40 {
            // Between a quarter of the ring and the longest text that is allowed.
            let length = 8000 + number * 1237 % 7000;
            done(&mut machine, |system| {
                let mut change = add_tag(system, "v", "t");
                if let extant_core::ops::VgAfter::Write(vg) = &mut change.stages[0].vgs[0] {
                    let tags = (0..length / 1000).map(|place| format!("{place:01000}"));
                    vg.tags = tags.map(|tag| extant_core::name::Tag::new(&tag).unwrap()).collect();
                }
                Ok(change)
            });
            let scanned = machine.scan(everything());
            assert!(scanned.messages.is_empty(), "{:?}", scanned.messages);
            assert_eq!(scanned.vgs[0].vg.seqno, number + 2);
        }
    }
}
