use super::{MetadataCopies, Request, vgcreate};
use crate::model::flags::AllocationPolicy;
use crate::name::Tag;
use crate::ops::lab::{DEVICE_SIZE, Lab, device_name, name};
use crate::ops::layout::Parameters;
use crate::ops::system::{DeviceId, LabelState};
use crate::ops::{PvState, Stop};
use crate::units::{Bytes, Extents, Sectors};
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

fn request(devices: &[usize]) -> Request {
    Request::new(name("v"), devices.iter().map(|index| device_name(*index)).collect())
}

fn create(lab: &mut Lab, request: &Request) -> Result<Vec<String>, String> {
    let change = lab.run(|system| vgcreate(system, request))?;
    let messages = change.before.into_iter().chain(change.after);
    Ok(messages.map(|message| message.text).collect())
}

#[test]
fn devices_become_pvs_and_then_a_vg() {
    let mut lab = Lab::new(2).orphan(1);
    let Ok(change) = lab.run(|system| vgcreate(system, &request(&[0, 1]))) else { panic!() };
    let names: Vec<_> = change.stages.iter().map(|stage| stage.name).collect();
    assert_eq!(names, ["the devices are physical volumes", "the volume group exists"]);
    let told: Vec<_> = change.after.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(
        told,
        [
            "Physical volume \"/dev/d0\" successfully created.",
            "Volume group \"v\" successfully created",
        ]
    );
    let vg = lab.found("v");
    assert_eq!((vg.seqno, vg.extent_count(), vg.lvs.len()), (1, Extents::new(30), 0));
    assert!(vg.flags.resizeable && vg.pvs.iter().all(|pv| pv.flags.allocatable));
    assert_eq!(vg.pvs[0].device_size, Some(DEVICE_SIZE.to_sectors_floor()));
    // What was a PV before comes first.
    assert_eq!(lab.system.vgs[0].devices, [Some(DeviceId(1)), Some(DeviceId(0))]);
}

#[test]
fn attributes_are_those_asked_for() {
    let mut lab = Lab::new(1).orphan(0);
    let tag = |text: &str| Tag::new(text).unwrap();
    let told = create(
        &mut lab,
        &Request {
            extent_size: Some(Sectors::new(768)),
            max_lv: Some(5),
            max_pv: Some(1),
            policy: Some(AllocationPolicy::Cling),
            tags: [tag("a"), tag("b"), tag("a")].into(),
            metadata_copies: Some(MetadataCopies::Count(3)),
            system_id: Some("fo/o".into()),
            auto_activation: Some(false),
            ..request(&[0])
        },
    );
    assert_eq!(told.unwrap(), ["Volume group \"v\" successfully created with system ID foo"]);
    let vg = lab.found("v");
    assert_eq!(vg.extent_size.sectors(), Sectors::new(768));
    assert_eq!((vg.max_lv, vg.max_pv, vg.metadata_copies), (5, 1, 3));
    assert_eq!(vg.tags, [tag("a"), tag("b")]);
    assert_eq!(vg.system_id.as_deref(), Some("foo"));
    assert!(vg.flags.no_auto_activate);
    assert_eq!(vg.policy, AllocationPolicy::Cling);
}

#[test]
fn what_cannot_be_is_refused() {
    let sectors = |count| Some(Sectors::new(count));
    let cases = [
        (
            Request { extent_size: sectors(0), ..request(&[0]) },
            true,
            "Physical extent size may not be zero",
        ),
        (
            Request { extent_size: sectors(1 << 32), ..request(&[0]) },
            true,
            "Physical extent size must be smaller than <2.00 TiB.",
        ),
        (
            Request { extent_size: sectors(6), ..request(&[0]) },
            false,
            "Physical Extent size must be a multiple of 128.00 KiB when not a power of 2.",
        ),
        (
            Request { policy: Some(AllocationPolicy::Inherit), ..request(&[0]) },
            true,
            "Volume Group allocation policy cannot inherit from anything",
        ),
        (
            Request { clustered: Some(false), ..request(&[0]) },
            true,
            "The clustered option is deprecated, see --shared.",
        ),
        (
            Request { shared: true, ..request(&[0]) },
            true,
            "Using a shared lock type requires lvmlockd (lvm.conf use_lvmlockd.)",
        ),
        (
            Request { name: name("w"), ..request(&[0]) },
            false,
            "A volume group called w already exists.",
        ),
        (
            request(&[0, 0]),
            false,
            "Physical volume '/dev/d0' is already in volume group 'v'\n\
          PV /dev/d0 cannot be added to VG v.",
        ),
        (
            request(&[0, 1]),
            false,
            "Physical volume '/dev/d1' is already in volume group 'w'\n\
          Unable to add physical volume '/dev/d1' to volume group 'w'\n\
          /dev/d1: physical volume not initialized.",
        ),
        (
            Request { max_pv: Some(1), ..request(&[0, 2]) },
            false,
            "No space for '/dev/d2' - volume group 'v' holds max 1 physical volume(s).\n\
          PV /dev/d2 cannot be added to VG v.",
        ),
        (request(&[0, 9]), false, "Command requires all devices to be found."),
        (request(&[9]), false, "No device found for /dev/d9."),
        (request(&[0, 3]), false, "Devices have inconsistent logical block sizes (512 and 4096)."),
        (request(&[4]), false, "Aborting vg_write: No metadata areas to write to!"),
    ];
    for (request, usage, expected) in cases {
        let mut lab = Lab::new(5).orphan(0).vg("w", &[1]).orphan(2).orphan(3).orphan(4);
        lab.system.devices[3].block_size = Bytes::new(4096);
        if let LabelState::Pv(found) = &mut lab.system.devices[4].label {
            found.label.header.metadata_areas.clear();
            found.areas.clear();
        }
        assert_eq!(create(&mut lab, &request).unwrap_err(), expected);
        if let Err(Stop::Refused(refused)) = vgcreate(&lab.system, &request) {
            assert_eq!(refused.refusal.is_usage(), usage, "{expected}");
        }
    }
}

#[test]
fn extents_beyond_32_bits_are_refused() {
    let mut lab = Lab::new(2).orphan(0).orphan(1);
    for device in &mut lab.system.devices {
        device.size = Bytes::new(1 << 62);
        if let LabelState::Pv(found) = &mut device.label {
            found.label.header.device_size = device.size;
        }
    }
    let refusal = create(&mut lab, &request(&[0])).unwrap_err();
    assert!(refusal.starts_with("PV /dev/d0 too large for extent size of 8192 sectors."));
    // Each by itself can be counted, both together cannot.
    for device in &mut lab.system.devices {
        if let LabelState::Pv(found) = &mut device.label {
            found.label.header.device_size = Bytes::new(3 << 52);
        }
    }
    assert!(create(&mut lab, &request(&[0, 1])).unwrap_err().contains("exceeds limit"));
}

#[test]
fn as_many_areas_are_in_use_as_asked_for() {
    let ignored = |lab: &Lab| -> Vec<bool> {
        let devices = lab.system.devices.iter();
        devices
            .map(|device| match &device.label {
                LabelState::Pv(found) => {
                    crate::ops::membership::is_ignored(&found.areas[0].state).unwrap()
                }
                _ => panic!(),
            })
            .collect()
    };
    let copies = |count| Some(MetadataCopies::Count(count));
    let cases = [
        (copies(1), [true, true, false]),
        (copies(2), [false, true, false]),
        (copies(7), [false, false, false]),
        (Some(MetadataCopies::Unmanaged), [false, false, false]),
    ];
    for (metadata_copies, expected) in cases {
        let mut lab = Lab::new(3).orphan(2);
        create(&mut lab, &Request { metadata_copies, ..request(&[0, 1, 2]) }).unwrap();
        assert_eq!(ignored(&lab), expected, "{metadata_copies:?}");
    }
    // All are ignored: one is not any more, or none with `all`.
    let layout = Parameters { metadata_ignore: Some(true), ..Parameters::default() };
    let asked = |metadata_copies| Request {
        layout: layout.clone(),
        metadata_copies,
        ..request(&[0, 1, 2])
    };
    let mut lab = Lab::new(3);
    create(&mut lab, &asked(None)).unwrap();
    assert_eq!(ignored(&lab), [false, true, true]);
    let mut lab = Lab::new(3);
    create(&mut lab, &asked(Some(MetadataCopies::All))).unwrap();
    assert_eq!(ignored(&lab), [false, false, false]);
}

#[test]
fn an_empty_system_id_is_warned_about() {
    let mut lab = Lab::new(1).orphan(0);
    lab.system.host.system_id = Some("here".into());
    let request = Request { system_id: Some(String::new()), ..request(&[0]) };
    let told = create(&mut lab, &request).unwrap();
    assert_eq!(told[0], "WARNING: Empty system ID supplied.");
    assert_eq!(lab.found("v").system_id, None);
    let mut lab = Lab::new(1).orphan(0);
    lab.system.host.system_id = Some("here".into());
    create(&mut lab, &self::request(&[0])).unwrap();
    assert_eq!(lab.found("v").system_id.as_deref(), Some("here"));
}

#[test]
fn a_declined_signature_stops_it_all() {
    let mut lab = Lab::new(1);
    let request = request(&[0]);
    let Err(Stop::Probe(probe)) = vgcreate(&lab.system, &request) else { panic!() };
    let signature = crate::ops::system::Signature {
        kind: "xfs".into(),
        offset: Bytes::ZERO,
        length: Bytes::new(4),
        partition_table: false,
    };
    lab.system.probed.insert(probe, [signature].into());
    let Err(Stop::Ask(question)) = vgcreate(&lab.system, &request) else { panic!() };
    let mut yes = lab.system.clone();
    yes.answers.insert(question.clone(), true);
    let change = vgcreate(&yes, &request).unwrap();
    let PvState::Pv { wipe, .. } = &change.stages[0].pvs[0].state else { panic!() };
    assert_eq!(wipe.len(), 1);
    lab.system.answers.insert(question, false);
    let Err(Stop::Refused(refused)) = vgcreate(&lab.system, &request) else { panic!() };
    assert_eq!(
        refused.refusal.to_string(),
        "Aborted wiping of xfs.\n1 existing signature left on the device."
    );
}
