use super::{Action, Request, Targets, pvchange};
use crate::name::Tag;
use crate::ops::lab::{Lab, device_name};
use crate::ops::membership::is_ignored;
use crate::ops::system::{LabelState, PvOnDevice};
use crate::units::Sectors;
use std_alloc::borrow::ToOwned;
use std_alloc::string::String;
use std_alloc::vec::Vec;

fn run(
    lab: &mut Lab,
    devices: &[usize],
    action: Action,
) -> Result<(Vec<String>, bool), Vec<String>> {
    let targets = if devices.is_empty() {
        Targets::All
    } else {
        Targets::Devices(devices.iter().map(|index| device_name(*index)).collect())
    };
    let request = Request { targets, action: Some(action) };
    let result = lab.run(|system| pvchange(system, &request));
    match result {
        Ok(change) => {
            let failed = change.failed;
            let messages = change.before.into_iter().chain(change.after);
            Ok((messages.map(|message| message.text).collect(), failed))
        }
        Err(_) => match pvchange(&lab.system, &request) {
            Err(crate::ops::Stop::Refused(refused)) => {
                Err(refused.messages().into_iter().map(|message| message.text).collect())
            }
            other => panic!("{other:?}"),
        },
    }
}

fn found(lab: &Lab, index: usize) -> &PvOnDevice {
    match &lab.system.devices[index].label {
        LabelState::Pv(found) => found,
        other => panic!("{other:?}"),
    }
}

fn ignored(lab: &Lab) -> Vec<bool> {
    let devices = 0..lab.system.devices.len();
    devices.map(|index| is_ignored(&found(lab, index).areas[0].state).unwrap()).collect()
}

fn tags(texts: &[&str]) -> Vec<Tag> {
    texts.iter().map(|text| Tag::new(text).unwrap()).collect()
}

#[test]
fn extents_are_taken_from_a_pv_or_not() {
    let mut lab = Lab::new(2).vg("v", &[0, 1]);
    let (told, _) = run(&mut lab, &[0], Action::Allocatable(false)).unwrap();
    assert_eq!(
        told,
        [
            "Physical volume \"/dev/d0\" changed",
            "1 physical volume changed / 0 physical volumes not changed",
        ]
    );
    assert!(!lab.found("v").pvs[0].flags.allocatable && lab.found("v").pvs[1].flags.allocatable);
    let (told, failed) = run(&mut lab, &[0, 1], Action::Allocatable(false)).unwrap();
    assert_eq!(
        told,
        [
            "Physical volume \"/dev/d0\" is already unallocatable.",
            "Physical volume /dev/d0 not changed",
            "Physical volume \"/dev/d1\" changed",
            "1 physical volume changed / 1 physical volume not changed",
        ]
    );
    assert!(!failed);
    assert_eq!(lab.found("v").seqno, 5);
    run(&mut lab, &[0, 1], Action::Allocatable(false)).unwrap();
    assert_eq!(lab.found("v").seqno, 5, "nothing is written where nothing changes");
}

#[test]
fn orphans_have_neither_tags_nor_extents() {
    let mut lab = Lab::new(1).orphan(0);
    assert_eq!(
        run(&mut lab, &[0], Action::Allocatable(false)).unwrap_err(),
        [
            "0 physical volumes changed / 1 physical volume not changed",
            "Allocatability not supported by orphan lvm2 format PV /dev/d0",
            "Physical volume /dev/d0 not changed",
        ]
    );
    let action = Action::Tags { add: tags(&["t"]), remove: Vec::new() };
    assert_eq!(
        run(&mut lab, &[0], action).unwrap_err()[1],
        "Can't change tag on Physical Volume /dev/d0 not in volume group"
    );
}

#[test]
fn tags_are_added_before_others_are_removed() {
    let mut lab = Lab::new(2).vg("v", &[0, 1]);
    let action = |add, remove| Action::Tags { add: tags(add), remove: tags(remove) };
    run(&mut lab, &[], action(&["a", "b", "a"], &[])).unwrap();
    run(&mut lab, &[1], action(&["c"], &["b", "c"])).unwrap();
    assert_eq!(lab.found("v").pvs[0].tags, tags(&["a", "b"]));
    assert_eq!(lab.found("v").pvs[1].tags, tags(&["a"]));
}

#[test]
fn a_new_identity_is_in_header_and_metadata() {
    let mut lab = Lab::new(2).vg("v", &[0]).orphan(1);
    let before = [0, 1].map(|index| found(&lab, index).label.header.id);
    run(&mut lab, &[], Action::NewId).unwrap();
    let after = [0, 1].map(|index| found(&lab, index).label.header.id);
    assert!(before[0] != after[0] && before[1] != after[1] && after[0] != after[1]);
    assert_eq!(lab.found("v").pvs[0].id, after[0]);
    assert!(lab.system.vgs[0].devices[0].is_some());
}

#[test]
fn one_metadata_area_of_a_vg_stays_in_use() {
    let mut lab = Lab::new(3).vg("v", &[0, 1, 2]);
    run(&mut lab, &[0], Action::MetadataIgnore(true)).unwrap();
    assert_eq!(ignored(&lab), [true, false, false]);
    let (told, failed) = run(&mut lab, &[1, 2], Action::MetadataIgnore(true)).unwrap();
    assert!(failed);
    assert_eq!(
        told[..2],
        [
            "Cannot disable all metadata areas in volume group v.",
            "Physical volume /dev/d2 not changed",
        ]
    );
    assert_eq!(ignored(&lab), [true, true, false]);
    let (told, _) = run(&mut lab, &[], Action::MetadataIgnore(false)).unwrap();
    assert!(told.contains(&"2 physical volumes changed / 1 physical volume not changed".into()));
    assert_eq!(ignored(&lab), [false; 3]);
    assert_eq!(
        run(&mut lab, &[0], Action::MetadataIgnore(false)).unwrap_err()[1],
        "Metadata areas on physical volume \"/dev/d0\" already marked as in-use."
    );
}

#[test]
fn a_preferred_number_of_copies_is_given_up_after_a_question() {
    let mut lab = Lab::new(2).vg("v", &[0, 1]);
    lab.system.vgs[0].vg.metadata_copies = 2;
    run(&mut lab, &[0], Action::MetadataIgnore(true)).unwrap();
    let question = lab.system.answers.keys().next().unwrap();
    assert_eq!(question.prompt, "Override preferred number of copies of VG v metadata?");
    assert_eq!((lab.found("v").metadata_copies, ignored(&lab)), (0, [true, false].into()));
}

#[test]
fn pvs_of_exported_and_broken_vgs_are_left_alone() {
    let mut lab = Lab::new(3).vg("v", &[0]).vg("w", &[1, 2]);
    lab.system.vgs[0].vg.flags.exported = true;
    lab.system.vgs[1].devices[1] = None;
    assert_eq!(
        run(&mut lab, &[0], Action::Allocatable(false)).unwrap_err(),
        [
            "0 physical volumes changed / 0 physical volumes not changed",
            "Cannot use PV /dev/d0 in exported VG v.",
        ]
    );
    let broken = run(&mut lab, &[1], Action::Allocatable(false)).unwrap_err();
    assert_eq!(broken[1], "Cannot change VG w while PVs are missing.");
    let nowhere = run(&mut lab, &[7], Action::Allocatable(false)).unwrap_err();
    assert_eq!(nowhere[1], "Cannot use /dev/d7: device not found");
}

/// VG by VG, the one found last first, in each as it has them, then the PVs of none.
#[test]
fn pvs_are_processed_as_lvm2_does() {
    let mut lab = Lab::new(5).vg("v", &[0, 3]).vg("w", &[2, 1]).orphan(4);
    let changed = |told: Vec<String>| -> Vec<String> {
        told.iter().filter_map(|text| Some(text.split('"').nth(1)?.to_owned())).collect()
    };
    let (told, _) = run(&mut lab, &[], Action::NewId).unwrap();
    assert_eq!(changed(told), [2, 1, 0, 3, 4].map(device_name));
    let (told, _) = run(&mut lab, &[3, 1, 3], Action::NewId).unwrap();
    assert_eq!(changed(told), [1, 3].map(device_name));
}

/// The label of a PV that is given a new identity says what the VG's text says of its size.
#[test]
fn a_new_identity_comes_with_the_recorded_size() {
    let mut lab = Lab::new(1).vg("v", &[0]);
    let size = Sectors::new(99 * 2048);
    lab.system.vgs[0].vg.pvs[0].device_size = Some(size);
    run(&mut lab, &[0], Action::NewId).unwrap();
    assert_eq!(found(&lab, 0).label.header.device_size, size.to_bytes());
}
