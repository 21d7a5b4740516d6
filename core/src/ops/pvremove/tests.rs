use super::{Request, pvremove};
use crate::ops::lab::{Lab, device_name};
use crate::ops::system::LabelState;
use std_alloc::string::String;
use std_alloc::vec::Vec;

fn request(devices: &[usize], force: u32) -> Request {
    let devices = devices.iter().map(|index| device_name(*index)).collect();
    Request { devices, force }
}

fn remove(lab: &mut Lab, request: &Request) -> Result<Vec<String>, String> {
    let change = lab.run(|system| pvremove(system, request))?;
    let messages = change.before.into_iter().chain(change.after);
    Ok(messages.map(|message| message.text).collect())
}

#[test]
fn an_orphan_is_removed() {
    let mut lab = Lab::new(2).orphan(0);
    let told = remove(&mut lab, &request(&[0, 1], 0)).unwrap();
    assert_eq!(
        told,
        [
            "No PV found on device /dev/d1.",
            "Labels on physical volume \"/dev/d0\" successfully wiped.",
        ]
    );
    assert!(matches!(lab.system.devices[0].label, LabelState::None));
    let nothing = remove(&mut lab, &request(&[0], 0)).unwrap_err();
    assert_eq!(nothing, "No PV found on device /dev/d0.");
    let forced = remove(&mut lab, &request(&[0], 1)).unwrap();
    assert_eq!(forced, ["Labels on physical volume \"/dev/d0\" successfully wiped."]);
}

#[test]
fn a_pv_in_use_needs_force_and_a_yes() {
    let mut lab = Lab::new(1).vg("v", &[0]);
    for force in [0, 1] {
        let refusal = remove(&mut lab, &request(&[0], force)).unwrap_err();
        assert_eq!(
            refusal,
            "PV /dev/d0 is used by VG v so please use vgreduce first.\n\
             (If you are certain you need pvremove, then confirm by using --force twice.)\n\
             /dev/d0: physical volume label not removed."
        );
    }
    let told = remove(&mut lab, &request(&[0], 2)).unwrap();
    assert_eq!(
        told,
        [
            "WARNING: PV /dev/d0 is used by VG v.",
            "WARNING: Wiping physical volume label from /dev/d0 of volume group \"v\".",
            "Labels on physical volume \"/dev/d0\" successfully wiped.",
        ]
    );
    assert_eq!(lab.system.vgs[0].devices, [None]);
}

#[test]
fn a_pv_whose_vg_is_unknown_needs_force_too() {
    let mut lab = Lab::new(1).vg("v", &[0]);
    lab.system.vgs.clear();
    let refusal = remove(&mut lab, &request(&[0], 1)).unwrap_err();
    assert!(refusal.starts_with("PV /dev/d0 is used by a VG but its metadata is missing."));
    let told = remove(&mut lab, &request(&[0], 2)).unwrap();
    assert_eq!(told[0], "WARNING: PV /dev/d0 is used by VG <unknown>.");
}
