use super::{Request, vgextend};
use crate::ops::lab::{Lab, device_name, name};
use crate::ops::layout::Parameters;
use crate::ops::system::DeviceId;
use crate::units::Extents;
use std_alloc::string::String;
use std_alloc::vec::Vec;

fn request(devices: &[usize]) -> Request {
    Request {
        vg: name("v").into(),
        devices: devices.iter().map(|index| device_name(*index)).collect(),
        restore_missing: false,
        force: 0,
        layout: Parameters::default(),
    }
}

fn extend(lab: &mut Lab, request: &Request) -> Result<Vec<String>, String> {
    let change = lab.run(|system| vgextend(system, request))?;
    let messages = change.before.into_iter().chain(change.after);
    Ok(messages.map(|message| message.text).collect())
}

#[test]
fn new_devices_and_orphans_join_behind_the_others() {
    let mut lab = Lab::new(3).vg("v", &[2]).orphan(0).lv("v", "l", &[(0, 3, 4)]);
    let told = extend(&mut lab, &request(&[1, 0])).unwrap();
    assert_eq!(
        told,
        [
            "Physical volume \"/dev/d1\" successfully created.",
            "Volume group \"v\" successfully extended",
        ]
    );
    let view = &lab.system.vgs[0];
    assert_eq!(view.devices, [2, 0, 1].map(|id| Some(DeviceId(id))));
    assert_eq!((view.vg.seqno, view.vg.free_count()), (4, Extents::new(41)));
}

#[test]
fn refusals_name_the_device() {
    let mut lab = Lab::new(3).vg("v", &[0]).vg("w", &[1]).orphan(2);
    assert!(extend(&mut lab, &request(&[0])).unwrap_err().contains("already in volume group 'v'"));
    assert!(extend(&mut lab, &request(&[1])).unwrap_err().contains("already in volume group 'w'"));
    let twice = extend(&mut lab, &request(&[2, 2])).unwrap_err();
    assert_eq!(
        twice,
        "Physical volume '/dev/d2' is already in volume group 'v'\n\
         PV /dev/d2 cannot be added to VG v."
    );
    lab.system.vgs[0].vg.flags.resizeable = false;
    let fixed = extend(&mut lab, &request(&[2])).unwrap_err();
    assert_eq!(fixed, "Volume group v is not resizeable.");
}

#[test]
fn a_vg_with_missing_pvs_can_grow() {
    let mut lab = Lab::new(3).vg("v", &[0, 1]).orphan(2);
    lab.system.devices[0].label = crate::ops::system::LabelState::None;
    lab.system.vgs[0].devices[0] = None;
    extend(&mut lab, &request(&[2])).unwrap();
    let vg = lab.found("v");
    assert!(vg.pvs[0].flags.missing && !vg.pvs[1].flags.missing && !vg.pvs[2].flags.missing);
}

#[test]
fn pvs_that_came_back_are_restored() {
    let mut lab = Lab::new(3).vg("v", &[0, 1]).orphan(2).lv("v", "l", &[(0, 0, 1)]);
    lab.system.vgs[0].vg.pvs[0].flags.missing = true;
    let restore = |devices| Request { restore_missing: true, ..request(devices) };
    let told = extend(&mut lab, &restore(&[0, 1, 2])).unwrap();
    assert_eq!(
        told,
        [
            "WARNING: PV /dev/d1 was not missing in VG v",
            "WARNING: PV /dev/d2 not found in VG v",
            "Volume group \"v\" successfully extended",
        ]
    );
    assert!(!lab.found("v").pvs[0].flags.missing);
    assert_eq!(extend(&mut lab, &restore(&[0])).unwrap_err(), "No PV has been restored.");
}
