//! What a scan makes of disks that disagree, are damaged, missing, doubled or outdated; and how
//! little it reads.

#![allow(clippy::unwrap_used)] // helpers may fail as tests do

mod common;

use common::{AREA, add_tag, done, everything, extend, flush, machine, machine_with_vg, make_pvs};
use common::{new_vg, reduce, write};
use extant_core::driver::scan::{Needs, Scanned, Verify, VgScope};
use extant_core::format::label::DiskArea;
use extant_core::name::Tag;
use extant_core::ops::VgAfter;
use extant_core::ops::system::DeviceId;
use extant_core::units::Bytes;
use extant_sim::machine::{Failure, Fault, Machine};

/// Overwrites the block of a disk at a byte.
fn damage(machine: &mut Machine, disk: usize, offset: u64) {
    let disk = &mut machine.disks[disk].disk;
    let size = disk.block_size();
    let start = offset - offset % size;
    let mut bytes = disk.read(start, size).unwrap();
    bytes[100] ^= 0x55;
    disk.write(start, &bytes).unwrap();
}

fn says(scanned: &Scanned, text: &str) -> bool {
    scanned.messages.iter().any(|message| message.text == text)
}

#[test]
fn the_newest_text_wins_and_older_ones_lag_until_the_next_write() {
    let mut machine = machine_with_vg(3, 3, 512);
    let old = machine.disks[2].disk.clone();
    done(&mut machine, |system| Ok(add_tag(system, "v", "t")));
    machine.disks[2].disk = old;
    let scanned = machine.scan(everything());
    let view = &scanned.vgs[0];
    assert_eq!(view.vg.seqno, 2);
    assert_eq!(view.lagging, [(DeviceId(2), 0)]);
    let expected = "WARNING: ignoring metadata seqno 1 on d2 for seqno 2 on d0 for VG v.";
    assert!(says(&scanned, expected), "{:?}", scanned.messages);
    done(&mut machine, |system| Ok(add_tag(system, "v", "u")));
    let scanned = machine.scan(everything());
    assert!(scanned.vgs[0].lagging.is_empty() && scanned.messages.is_empty());
}

#[test]
fn damaged_copies_are_passed_over_and_repaired_only_when_asked_to() {
    for (offset, what) in [(4096, "header"), (4608, "text")] {
        let mut machine = machine_with_vg(3, 3, 512);
        damage(&mut machine, 0, offset);
        let scanned = machine.scan(everything());
        assert_eq!(scanned.vgs[0].vg.seqno, 1, "{what}");
        assert_eq!(scanned.vgs[0].lagging, [(DeviceId(0), 0)], "{what}");
        let advice = "WARNING: repair VG metadata on d0 with vgck --updatemetadata.";
        assert!(says(&scanned, advice), "{what}: {:?}", scanned.messages);
        let before = machine.disks[0].disk.clone();
        done(&mut machine, |system| Ok(add_tag(system, "v", "t")));
        assert!(before.differences(&machine.disks[0].disk).is_empty(), "{what}");
        done(&mut machine, |system| {
            let mut change = add_tag(system, "v", "u");
            change.stages[0].repair = true;
            Ok(change)
        });
        let scanned = machine.scan(everything());
        assert!(scanned.vgs[0].lagging.is_empty(), "{what}");
        assert!(scanned.messages.is_empty(), "{what}: {:?}", scanned.messages);
    }
}

#[test]
fn without_an_intact_copy_there_is_no_vg() {
    let mut machine = machine_with_vg(2, 2, 512);
    damage(&mut machine, 0, 4608);
    damage(&mut machine, 1, 4608);
    let scanned = machine.scan(everything());
    assert!(scanned.vgs.is_empty());
    assert!(scanned.messages.len() >= 2);
}

#[test]
fn two_texts_with_one_seqno_are_a_fork() {
    let mut machine = machine_with_vg(2, 2, 512);
    let mut other = machine.clone();
    done(&mut machine, |system| Ok(add_tag(system, "v", "one")));
    done(&mut other, |system| Ok(add_tag(system, "v", "two")));
    machine.disks[1] = other.disks[1].clone();
    let scanned = machine.scan(everything());
    let view = &scanned.vgs[0];
    let fork = view.fork.as_ref().expect("a fork");
    assert_eq!((fork.seqno, fork.texts.len()), (2, 2));
    assert_eq!(view.vg.tags, [Tag::new("one").unwrap()], "the first one scanned is shown");
}

#[test]
fn a_missing_pv_is_marked_and_comes_back() {
    let mut machine = machine_with_vg(2, 2, 512);
    machine.disks[1].disk.set_vanished(true);
    let scanned = machine.scan(everything());
    let view = &scanned.vgs[0];
    assert_eq!(view.devices, [Some(DeviceId(0)), None]);
    assert!(view.vg.pvs[1].flags.missing && view.vg.pvs[1].device_hint == "[unknown]");
    done(&mut machine, |system| Ok(add_tag(system, "v", "t")));
    machine.disks[1].disk.set_vanished(false);
    let scanned = machine.scan(everything());
    let view = &scanned.vgs[0];
    assert_eq!(view.devices, [Some(DeviceId(0)), Some(DeviceId(1))]);
    assert!(!view.vg.pvs[1].flags.missing, "nothing lies on it");
    let expected = "WARNING: VG v was previously updated while PV d1 was missing.";
    assert!(says(&scanned, expected), "{:?}", scanned.messages);
}

#[test]
fn a_pv_that_was_removed_elsewhere_is_outdated() {
    let mut machine = machine_with_vg(2, 2, 512);
    let old = machine.disks[1].disk.clone();
    done(&mut machine, |system| Ok(reduce(system, "v", 1)));
    machine.disks[1].disk = old;
    let scanned = machine.scan(everything());
    assert_eq!(scanned.vgs[0].outdated, [DeviceId(1)]);
    let expected = "WARNING: outdated PV d1 seqno 1 has been removed in current VG v seqno 2.";
    assert!(says(&scanned, expected), "{:?}", scanned.messages);
    done(&mut machine, |system| {
        let mut change = add_tag(system, "v", "t");
        change.stages[0].repair = true;
        Ok(change)
    });
    let scanned = machine.scan(everything());
    assert!(scanned.vgs[0].outdated.is_empty());
    assert_eq!(common::orphans(&scanned), [1]);
}

#[test]
fn of_duplicates_the_one_that_was_used_before_is_used() {
    let mut machine = machine_with_vg(3, 2, 512);
    machine.disks[2].disk = machine.disks[0].disk.clone();
    machine.disks.swap(0, 2);
    machine.disks[0].name = "d9".into();
    let scanned = machine.scan(everything());
    let view = &scanned.vgs[0];
    assert_eq!(view.devices[0], Some(DeviceId(2)), "its name is the one in the metadata");
    assert_eq!(view.duplicates.len(), 1);
    let name = &scanned.devices[2].name;
    let expected = format!(
        "WARNING: PV {} prefers device {name} because device name matches previous.",
        view.vg.pvs[0].id
    );
    assert!(says(&scanned, &expected), "{:?}", scanned.messages);
}

#[test]
fn names_narrow_what_is_read() {
    let mut machine = machine_with_vg(3, 2, 512);
    done(&mut machine, |system| Ok(write(vec![new_vg(system, "w", &[2])])));
    let needs = |vgs| Needs { vgs, verify: Verify::One };
    let names = |scanned: Scanned| -> Vec<String> {
        let vgs = scanned.vgs.iter();
        vgs.map(|view| view.vg.name.to_string()).collect()
    };
    let only_w = VgScope::Named([common::name("w")].into());
    assert_eq!(names(machine.scan(needs(only_w))), ["w"]);
    assert_eq!(names(machine.scan(needs(VgScope::All))), ["v", "w"]);
    assert!(names(machine.scan(needs(VgScope::None))).is_empty());
}

#[test]
fn one_copy_is_read_in_full_and_the_others_by_their_headers() {
    let mut machine = machine(100, 512);
    let all: Vec<u32> = (0..100).collect();
    let area = DiskArea { offset: AREA.offset, size: Bytes::new((1 << 20) - 4096) };
    done(&mut machine, |system| Ok(make_pvs(system, &all, &[area])));
    done(&mut machine, |system| Ok(write(vec![new_vg(system, "v", &all)])));
    done(&mut machine, |system| {
        let mut change = add_tag(system, "v", "t");
        if let VgAfter::Write(vg) = &mut change.stages[0].vgs[0] {
            // As long as a thousand LVs.
            let tags = (0..250).map(|number| Tag::new(&format!("{number:01000}")).unwrap());
            vg.tags.extend(tags);
        }
        Ok(change)
    });
    flush(&mut machine);
    let read = |machine: &Machine| -> u64 {
        let disks = machine.disks.iter();
        disks.map(|attached| attached.disk.traffic().0).sum()
    };
    let before = read(&machine);
    let scanned = machine.scan(Needs::default());
    let (text, bytes) = (scanned.vgs[0].text.len() as u64, read(&machine) - before);
    assert!(text > 250_000, "{text}");
    assert!(bytes <= text + 100 * 4608 + 2048, "{bytes} bytes for {text}");
    assert!(bytes <= 1_200_000);
    done(&mut machine, |system| Ok(reduce(system, "v", 99)));
    done(&mut machine, |system| Ok(extend(system, "v", 99)));
}

#[test]
fn a_disk_that_fails_to_read_half_way_is_named_with_the_reason() {
    let needs = || Needs { vgs: VgScope::All, verify: Verify::All };
    for block_size in [512, 4096] {
        let mut machine = machine_with_vg(2, 2, block_size);
        let first = machine.effects;
        machine.scan(needs());
        let reads = machine.effects - first;
        assert!(reads >= 4, "{reads} reads: heads and texts");
        for number in 0..reads {
            let effect = machine.effects + number;
            machine.faults = vec![Fault { effect, failure: Failure::Before }];
            let scanned = machine.scan(needs());
            let told: Vec<&str> =
                scanned.messages.iter().map(|message| message.text.as_str()).collect();
            let is_named = |text: &&str| {
                (text.contains(" d0 ") || text.contains(" d1 "))
                    && text.contains("Input/output error")
            };
            assert!(told.iter().any(is_named), "{block_size}, read {number}: {told:?}");
            assert_eq!(scanned.vgs.len(), 1, "{block_size}, read {number}: {told:?}");
            assert_eq!(scanned.vgs[0].vg.seqno, 1, "{block_size}, read {number}");
        }
        machine.faults.clear();
        assert!(machine.scan(needs()).messages.is_empty());
    }
}
