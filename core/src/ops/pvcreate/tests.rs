use super::{Request, Restore, pvcreate};
use crate::id::Uuid;
use crate::ops::lab::{Lab, device_name, pv};
use crate::ops::layout::Parameters;
use crate::ops::samples::empty_vg;
use crate::ops::system::{DeviceId, LabelState, Probe, Question, Signature, System};
use crate::ops::{Change, Level, PvState, Stop};
use crate::units::{Bytes, Sectors};
use std_alloc::boxed::Box;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

fn request(devices: &[usize]) -> Request {
    Request {
        devices: devices.iter().map(|index| device_name(*index)).collect(),
        ..Request::default()
    }
}

/// Runs with these signatures on device 0 and these answers.
fn run(
    lab: &mut Lab,
    request: &Request,
    found: &[(&str, u64, bool)],
    yes: bool,
) -> (Result<Change, Vec<String>>, Vec<Question>) {
    let mut asked = Vec::new();
    loop {
        match pvcreate(&lab.system, request) {
            Ok(change) => return (Ok(change), asked),
            Err(Stop::Ask(question)) => {
                asked.push(question.clone());
                lab.system.answers.insert(question, yes);
            }
            Err(Stop::Probe(probe)) => {
                let found = if probe.device == DeviceId(0) { found } else { &[] };
                let signatures = found.iter().map(|&(kind, offset, partition_table)| Signature {
                    kind: kind.into(),
                    offset: Bytes::new(offset),
                    length: Bytes::new(2),
                    partition_table,
                });
                lab.system.probed.insert(probe, signatures.collect());
            }
            Err(Stop::Refused(refused)) => {
                let messages = refused.messages();
                return (Err(messages.into_iter().map(|message| message.text).collect()), asked);
            }
        }
    }
}

fn refused(lab: &mut Lab, request: &Request) -> Vec<String> {
    run(lab, request, &[], false).0.unwrap_err()
}

fn told(change: &Change) -> Vec<&str> {
    let messages = change.before.iter().chain(&change.after);
    messages.map(|message| message.text.as_str()).collect()
}

#[test]
fn an_empty_device_becomes_a_pv_with_lvm2s_layout() {
    let mut lab = Lab::new(2);
    let change = run(&mut lab, &request(&[0, 1]), &[], false).0.unwrap();
    assert_eq!(
        told(&change),
        [
            "Physical volume \"/dev/d0\" successfully created.",
            "Physical volume \"/dev/d1\" successfully created.",
        ]
    );
    let [stage] = change.stages.as_slice() else { panic!() };
    let PvState::Pv { header, label_sector, ignored, fresh, zero_start, wipe } =
        &stage.pvs[0].state
    else {
        panic!()
    };
    assert_eq!(header.device_size, Bytes::new(64 << 20));
    assert_eq!(header.data_areas[0].offset, Bytes::new(1 << 20));
    assert_eq!(header.metadata_areas[0].size, Bytes::new(1_044_480));
    assert_eq!((*label_sector, *fresh, *zero_start), (1, true, true));
    assert_eq!((ignored.as_slice(), wipe.len()), ([false].as_slice(), 0));
    lab.apply(&change);
    let ids: Vec<Uuid> = lab
        .system
        .devices
        .iter()
        .map(|device| match &device.label {
            LabelState::Pv(found) => found.label.header.id,
            _ => panic!("no PV"),
        })
        .collect();
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_device_that_is_not_there_does_not_stop_the_others() {
    let mut lab = Lab::new(1);
    let mut request = request(&[0]);
    request.devices.insert(0, "/dev/nosuch".into());
    let change = run(&mut lab, &request, &[], false).0.unwrap();
    assert!(change.failed);
    assert_eq!(change.before[0].level, Level::Error);
    assert_eq!(told(&change)[0], "No device found for /dev/nosuch.");
    request.devices.pop();
    assert_eq!(refused(&mut lab, &request), ["No device found for /dev/nosuch."]);
}

#[test]
fn what_makes_no_sense_is_a_usage_error() {
    let sectors = |count| Some(Sectors::new(count));
    let id = Some("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap());
    let with = |layout| Request { layout, ..request(&[0]) };
    let table = [
        (
            with(Parameters { label_sector: Some(4), ..Parameters::default() }),
            "labelsector must be less than 4.",
        ),
        (
            with(Parameters { data_alignment: sectors(1 << 32), ..Parameters::default() }),
            "Physical volume data alignment is too big.",
        ),
        (
            with(Parameters { data_alignment_offset: sectors(1 << 32), ..Parameters::default() }),
            "Physical volume data alignment offset is too big.",
        ),
        (
            with(Parameters { metadata_copies: Some(3), ..Parameters::default() }),
            "Invalid argument for --pvmetadatacopies: 3",
        ),
        (
            with(Parameters {
                metadata_copies: Some(0),
                metadata_ignore: Some(true),
                ..Parameters::default()
            }),
            "metadataignore only applies to metadatacopies > 0.",
        ),
        (Request { id, ..request(&[0]) }, "--restorefile is required with --uuid"),
        (
            Request { id, restore: Restore::No, ..request(&[0, 1]) },
            "Can only set uuid on one volume at once",
        ),
        (
            Request { restore: restore(2048, 15), ..request(&[0]) },
            "--uuid is required with --restorefile",
        ),
    ];
    for (request, expected) in table {
        let Err(Stop::Refused(refused)) = pvcreate(&Lab::new(2).system, &request) else {
            panic!("{expected}")
        };
        assert_eq!(refused.refusal.to_string(), expected);
        assert!(refused.refusal.is_usage(), "{expected}");
    }
}

fn restore(pe_start: u64, pe_count: u64) -> Restore {
    let mut vg = empty_vg("v", "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv".parse().unwrap());
    let mut pv = pv("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap(), 0);
    pv.pe_start = Sectors::new(pe_start);
    pv.pe_count = crate::units::Extents::new(pe_count);
    vg.pvs.push(pv);
    Restore::File { path: "file".into(), vg: Box::new(vg) }
}

#[test]
fn a_pv_is_made_again_where_it_was() {
    let mut lab = Lab::new(2);
    let id: Uuid = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap();
    let again = Request { id: Some(id), restore: restore(4096, 14), ..request(&[0]) };
    let change = run(&mut lab, &again, &[], false).0.unwrap();
    let PvState::Pv { header, zero_start, .. } = &change.stages[0].pvs[0].state else { panic!() };
    assert_eq!((header.id, *zero_start), (id, false));
    assert_eq!(header.data_areas[0].offset, Bytes::new(2 << 20));
    lab.apply(&change);
    let other = Request { devices: [device_name(1)].into(), ..again };
    assert_eq!(
        refused(&mut lab, &other),
        ["UUID aaaaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaaaa already in use on \"/dev/d0\"."]
    );
    let unknown =
        Request { id: Some("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb".parse().unwrap()), ..other };
    assert_eq!(
        refused(&mut lab, &unknown),
        ["Can't find uuid bbbbbb-bbbb-bbbb-bbbb-bbbb-bbbb-bbbbbb in backup file file"]
    );
}

#[test]
fn signatures_are_wiped_when_a_person_agrees() {
    let ext4 = [("ext4", 1080, false)];
    let mut lab = Lab::new(1);
    let (change, asked) = run(&mut lab, &request(&[0]), &ext4, true);
    let change = change.unwrap();
    assert_eq!(
        asked[0].prompt,
        "WARNING: ext4 signature detected on /dev/d0 at offset 1080. Wipe it?"
    );
    assert_eq!(told(&change)[0], "Wiping ext4 signature on /dev/d0.");
    let PvState::Pv { wipe, .. } = &change.stages[0].pvs[0].state else { panic!() };
    assert_eq!(wipe[0].kind, "ext4");

    let mut lab = Lab::new(1);
    assert_eq!(
        run(&mut lab, &request(&[0]), &ext4, false).0.unwrap_err(),
        ["Aborted wiping of ext4.", "1 existing signature left on the device."]
    );
    let force = Request { force: 1, ..request(&[0]) };
    let (change, asked) = run(&mut Lab::new(1), &force, &ext4, false);
    assert!(change.is_ok() && asked.is_empty());
    let own = [("LVM2_member", 536, false)];
    let (change, asked) = run(&mut Lab::new(1), &request(&[0]), &own, false);
    assert!(change.is_ok() && asked.is_empty());
}

#[test]
fn a_divided_device_is_refused_unless_it_is_a_loop_device() {
    let dos = [("dos", 510, true)];
    let force = Request { force: 2, ..request(&[0]) };
    assert_eq!(
        run(&mut Lab::new(1), &force, &dos, true).0.unwrap_err(),
        ["Cannot use /dev/d0: device is partitioned"]
    );
    let mut lab = Lab::new(1);
    lab.system.devices[0].number = Some((7, 0));
    assert!(run(&mut lab, &force, &dos, true).0.is_ok());
}

#[test]
fn a_pv_in_use_needs_force_and_a_yes() {
    let lab = || Lab::new(1).vg("v", &[0]);
    for force in [0, 1] {
        assert_eq!(
            refused(&mut lab(), &Request { force, ..request(&[0]) }),
            [
                "Can't initialize physical volume \"/dev/d0\" of volume group \"v\" without -ff",
                "/dev/d0: physical volume not initialized.",
            ]
        );
    }
    let force = Request { force: 2, ..request(&[0]) };
    let (no, asked) = run(&mut lab(), &force, &[], false);
    assert_eq!(no.unwrap_err(), ["/dev/d0: physical volume not initialized."]);
    assert_eq!(
        asked[0].prompt,
        "Really INITIALIZE physical volume \"/dev/d0\" of volume group \"v\""
    );
    assert!(!asked[0].force_answers);
    assert!(run(&mut lab(), &force, &[], true).0.is_ok());

    // The VG is gone, but the header still says that there is one.
    let mut forgotten = lab();
    forgotten.system.vgs.clear();
    assert_eq!(
        refused(&mut forgotten, &request(&[0])),
        [
            "PV /dev/d0 is used by a VG but its metadata is missing.",
            "Can't initialize PV '/dev/d0' without -ff.",
            "/dev/d0: physical volume not initialized.",
        ]
    );
}

#[test]
fn devices_that_cannot_be_pvs_are_refused() {
    type Spoil = fn(&mut System);
    let table: [(Spoil, &str); 4] = [
        (
            |system| system.devices[0].size = Bytes::new((2 << 20) - 512),
            "Cannot use /dev/d0: device is too small (pv_min_size)",
        ),
        (|system| system.devices[0].read_only = true, "Cannot use /dev/d0: device is read-only"),
        (
            |system| {
                let message = "Input/output error".to_string();
                let error = crate::ops::system::IoError { message, errno: Some(5) };
                system.devices[0].label = LabelState::Unreadable(error);
            },
            "Cannot use /dev/d0: Input/output error",
        ),
        (
            |system| {
                let duplicate = (crate::model::pv::PvIndex(0), DeviceId(0));
                system.vgs[0].duplicates.push(duplicate);
            },
            "Cannot use device /dev/d0 with duplicates.",
        ),
    ];
    for (spoil, expected) in table {
        let mut lab = Lab::new(2).vg("v", &[1]);
        spoil(&mut lab.system);
        assert_eq!(refused(&mut lab, &request(&[0])), [expected]);
    }
}

#[test]
fn a_size_that_is_not_the_devices_has_to_be_confirmed() {
    let sized = |megabytes: u64| Request {
        layout: Parameters {
            device_size: Some(Sectors::new(megabytes * 2048)),
            ..Parameters::default()
        },
        ..request(&[0])
    };
    let (change, asked) = run(&mut Lab::new(1), &sized(100), &[], true);
    assert_eq!(
        asked[0].prompt,
        "WARNING: /dev/d0: device size 64.00 MiB does not match requested size 100.00 MiB. Proceed?"
    );
    assert_eq!(
        told(&change.unwrap())[..2],
        [
            "WARNING: Faking size of PV /dev/d0. Don't write outside real device.",
            "WARNING: /dev/d0: Overriding real size. You could lose data.",
        ]
    );
    assert_eq!(
        run(&mut Lab::new(1), &sized(20), &[], false).0.unwrap_err(),
        ["/dev/d0: physical volume not initialized."]
    );
    assert_eq!(
        run(&mut Lab::new(1), &sized(1), &[], true).0.unwrap_err(),
        [
            "/dev/d0: Size must exceed minimum of 4096 sectors.",
            "Failed to setup physical volume \"/dev/d0\".",
        ]
    );
    // Two areas, the second behind the end of the real device.
    let mut two = sized(100);
    two.layout.metadata_copies = Some(2);
    assert!(run(&mut Lab::new(1), &two, &[], true).0.is_err());
}

#[test]
fn the_whole_device_is_probed() {
    let Err(Stop::Probe(probe)) = pvcreate(&Lab::new(1).system, &request(&[0])) else { panic!() };
    let whole = [(Bytes::ZERO, Bytes::new(64 << 20))];
    assert_eq!(probe, Probe { device: DeviceId(0), runs: whole.into() });
}
