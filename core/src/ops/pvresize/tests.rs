use super::{Request, pvresize};
use crate::format::label::DiskArea;
use crate::ops::Stop;
use crate::ops::lab::{Lab, device_name};
use crate::ops::system::{LabelState, PvOnDevice};
use crate::units::{Bytes, Extents, Sectors};
use std_alloc::string::String;
use std_alloc::vec::Vec;

fn run(lab: &mut Lab, devices: &[usize], megabytes: u64) -> Result<Vec<String>, Vec<String>> {
    let request = Request {
        devices: devices.iter().map(|index| device_name(*index)).collect(),
        size: Some(Sectors::new(megabytes * 2048)),
    };
    match lab.run(|system| pvresize(system, &request)) {
        Ok(change) => {
            let messages = change.before.into_iter().chain(change.after);
            Ok(messages.map(|message| message.text).collect())
        }
        Err(_) => match pvresize(&lab.system, &request) {
            Err(Stop::Refused(refused)) => {
                Err(refused.messages().into_iter().map(|message| message.text).collect())
            }
            other => panic!("{other:?}"),
        },
    }
}

fn found(lab: &mut Lab, index: usize) -> &mut PvOnDevice {
    match &mut lab.system.devices[index].label {
        LabelState::Pv(found) => found,
        other => panic!("{other:?}"),
    }
}

fn grow(lab: &mut Lab, index: usize, megabytes: u64) {
    lab.system.devices[index].size = Bytes::new(megabytes << 20);
}

#[test]
fn pvs_follow_their_devices() {
    let mut lab = Lab::new(2).vg("v", &[0]).orphan(1);
    grow(&mut lab, 0, 100);
    grow(&mut lab, 1, 70);
    let told = run(&mut lab, &[0, 1], 0).unwrap();
    assert_eq!(
        told,
        [
            "Physical volume \"/dev/d0\" changed",
            "Physical volume \"/dev/d1\" changed",
            "2 physical volume(s) resized or updated / 0 physical volume(s) not resized",
        ]
    );
    let pv = &lab.found("v").pvs[0];
    assert_eq!((pv.pe_count, pv.device_size), (Extents::new(24), Some(Sectors::new(204_800))));
    assert_eq!(found(&mut lab, 0).label.header.device_size, Bytes::new(100 << 20));
    assert_eq!(found(&mut lab, 1).label.header.device_size, Bytes::new(70 << 20));
}

#[test]
fn another_size_needs_a_yes() {
    let mut lab = Lab::new(1).vg("v", &[0]);
    let told = run(&mut lab, &[0], 50).unwrap();
    assert_eq!(told[0], "WARNING: /dev/d0: Pretending size is 102400 not 131072 sectors.");
    assert_eq!(lab.found("v").pvs[0].pe_count, Extents::new(12));
    let told = run(&mut lab, &[0], 80).unwrap();
    assert_eq!(told[0], "WARNING: /dev/d0: Overriding real size 64.00 MiB. You could lose data.");
    assert_eq!(lab.found("v").pvs[0].pe_count, Extents::new(19));
    let prompts: Vec<&str> = lab.system.answers.keys().map(|q| q.prompt.as_str()).collect();
    assert_eq!(
        prompts,
        [
            "/dev/d0: Requested size 50.00 MiB is less than real size 64.00 MiB. Proceed?",
            "/dev/d0: Requested size 80.00 MiB exceeds real size 64.00 MiB. Proceed?",
        ]
    );
    for answer in lab.system.answers.values_mut() {
        *answer = false;
    }
    assert_eq!(
        run(&mut lab, &[0], 50).unwrap_err(),
        [
            "0 physical volume(s) resized or updated / 1 physical volume(s) not resized",
            "Physical Volume /dev/d0 not resized.",
        ]
    );
}

#[test]
fn allocated_extents_are_not_cut_off() {
    let lab = || Lab::new(1).vg("v", &[0]).lv("v", "l", &[(0, 5, 3), (0, 10, 2)]);
    let last = |megabytes| run(&mut lab(), &[0], megabytes).unwrap_err().pop().unwrap();
    assert_eq!(last(30), "/dev/d0: cannot resize to 7 extents as later ones are allocated.");
    assert_eq!(last(45), "/dev/d0: cannot resize to 11 extents as later ones are allocated.");
    assert_eq!(last(15), "/dev/d0: cannot resize to 3 extents as 5 are allocated.");
    assert_eq!(last(1), "Size must exceed minimum of 4096 sectors on PV /dev/d0.");
    assert_eq!(
        last(2),
        "Size must leave space for at least one physical extent of 8192 sectors on PV /dev/d0."
    );
    assert!(run(&mut lab(), &[0], 49).is_ok());
}

#[test]
fn a_metadata_area_at_the_end_stays_at_the_end() {
    let mut lab = Lab::new(1).vg("v", &[0]);
    let area = |offset: u64, size: u64| DiskArea {
        offset: Bytes::new(offset << 20),
        size: Bytes::new(size),
    };
    found(&mut lab, 0).label.header.metadata_areas.push(area(63, 1 << 20));
    let last = |lab: &mut Lab| *found(lab, 0).label.header.metadata_areas.last().unwrap();
    grow(&mut lab, 0, 100);
    run(&mut lab, &[0], 0).unwrap();
    assert_eq!(last(&mut lab), area(99, 1 << 20));
    assert_eq!(lab.found("v").pvs[0].pe_count, Extents::new(24));
    lab.system.devices[0].size = Bytes::new((61 << 20) + 5 * 512);
    run(&mut lab, &[0], 0).unwrap();
    assert_eq!(last(&mut lab), area(60, (1 << 20) + 5 * 512));
    assert_eq!(lab.found("v").pvs[0].pe_count, Extents::new(14));
    grow(&mut lab, 0, 64);
    run(&mut lab, &[0], 0).unwrap();
    assert_eq!(last(&mut lab), area(63, 1 << 20), "its length does not creep");
}

#[test]
fn pvs_that_cannot_be_found_do_not_stop_the_others() {
    let mut lab = Lab::new(3).orphan(0).vg("v", &[1]);
    lab.system.vgs[0].vg.flags.exported = true;
    let told = run(&mut lab, &[0, 1, 2, 9], 0).unwrap();
    assert_eq!(
        told,
        [
            "Failed to find physical volume \"/dev/d2\".",
            "Cannot use /dev/d9: device not found",
            "Cannot use PV /dev/d1 in exported VG v.",
            "Physical volume \"/dev/d0\" changed",
            "1 physical volume(s) resized or updated / 0 physical volume(s) not resized",
        ]
    );
}
