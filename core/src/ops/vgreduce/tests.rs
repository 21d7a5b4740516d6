use super::{Request, What, vgreduce};
use crate::model::pv::PvIndex;
use crate::ops::lab::{Lab, device_name, name};
use crate::ops::samples::striped;
use crate::ops::system::{DeviceId, LabelState};
use crate::units::Extents;
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

fn reduce(lab: &mut Lab, what: What, force: u32) -> Result<(Vec<String>, bool), String> {
    let vg = name("v").into();
    let request = Request { vg, what, force };
    let change = lab.run(|system| vgreduce(system, &request))?;
    let failed = change.failed;
    let messages = change.before.into_iter().chain(change.after);
    Ok((messages.map(|message| message.text).collect(), failed))
}

fn devices(devices: &[usize]) -> What {
    What::Devices(devices.iter().map(|index| device_name(*index)).collect())
}

const MISSING: What = What::Missing { mirrors_only: false };

#[test]
fn unused_pvs_leave_and_lvs_stay_where_they_are() {
    let mut lab = Lab::new(4).vg("v", &[0, 1, 2, 3]).lv("v", "first", &[(0, 0, 2)]).lv(
        "v",
        "last",
        &[(3, 5, 2), (2, 0, 1)],
    );
    let (told, failed) = reduce(&mut lab, devices(&[1]), 0).unwrap();
    assert_eq!(
        (told, failed),
        (["Removed \"/dev/d1\" from volume group \"v\"".into()].into(), false)
    );
    let view = &lab.system.vgs[0];
    assert_eq!(view.devices, [0, 2, 3].map(|id| Some(DeviceId(id))));
    let last = view.vg.lvs.get(view.vg.lvs.find("last").unwrap());
    assert_eq!(last.segments, [striped(0, 2, None, &[(2, 5)]), striped(2, 1, None, &[(1, 0)])]);
    assert_eq!(view.vg.lvs.runs_on(PvIndex(2)).len(), 1);
    assert_eq!(view.vg.allocated_count(), Extents::new(5));
    assert!(matches!(lab.system.devices[1].label, LabelState::Pv(_)));
}

#[test]
fn pvs_in_use_stay() {
    let mut lab = Lab::new(3).vg("v", &[0, 1, 2]).lv("v", "l", &[(0, 0, 2)]);
    let (told, failed) = reduce(&mut lab, devices(&[0, 1]), 0).unwrap();
    assert_eq!(
        told,
        ["Physical volume \"/dev/d0\" still in use", "Removed \"/dev/d1\" from volume group \"v\"",]
    );
    assert!(failed);
    let (_, failed) = reduce(&mut lab, What::Unused, 0).unwrap();
    assert!(failed);
    assert_eq!(lab.found("v").pvs.len(), 1);
    let refusal = reduce(&mut lab, What::Unused, 0).unwrap_err();
    assert_eq!(refusal, "Physical volume \"/dev/d0\" still in use");
}

#[test]
fn the_last_pv_stays() {
    let mut lab = Lab::new(2).vg("v", &[0, 1]);
    let (told, failed) = reduce(&mut lab, What::Unused, 0).unwrap();
    assert!(failed);
    assert_eq!(told[0], "Can't remove final physical volume \"/dev/d1\" from volume group \"v\"");
    assert!(reduce(&mut lab, devices(&[1]), 0).is_err());
    lab.system.vgs[0].vg.flags.resizeable = false;
    let refusal = reduce(&mut lab, What::Unused, 0).unwrap_err();
    assert_eq!(refusal, "Volume group v is not resizeable.");
}

#[test]
fn devices_that_are_no_pvs_of_the_vg_are_named() {
    let mut lab = Lab::new(3).vg("v", &[0, 1]);
    let no_pv = reduce(&mut lab, devices(&[2]), 0).unwrap_err();
    assert_eq!(no_pv, "Failed to find physical volume \"/dev/d2\".");
    let no_device = reduce(&mut lab, devices(&[9]), 0).unwrap_err();
    assert_eq!(no_device, "Cannot use /dev/d9: device not found");
}

/// An LV's name and its runs: PV, first extent, length.
type Lvs<'a> = (&'a str, &'a [(u32, u64, u64)]);

/// PV 1 of three is missing.
fn broken(lvs: &[Lvs]) -> Lab {
    let mut lab = Lab::new(3).vg("v", &[0, 1, 2]);
    for (lv, runs) in lvs {
        lab = lab.lv("v", lv, runs);
    }
    lab.system.devices[1].label = LabelState::None;
    lab.system.vgs[0].devices[1] = None;
    lab
}

#[test]
fn missing_pvs_that_hold_nothing_leave() {
    let mut lab = broken(&[("l", &[(2, 0, 1)])]);
    let (told, failed) = reduce(&mut lab, MISSING, 0).unwrap();
    assert_eq!(told, ["Wrote out consistent volume group v."]);
    assert!(!failed);
    assert_eq!(lab.found("v").pvs.len(), 2);
    let (told, _) = reduce(&mut lab, MISSING, 0).unwrap();
    assert_eq!(told, ["Volume group \"v\" is already consistent."]);
    assert_eq!(lab.found("v").seqno, 4);
}

#[test]
fn partial_lvs_go_with_force_only() {
    let lvs: [Lvs; 2] = [("whole", &[(0, 0, 1)]), ("part", &[(2, 0, 1), (1, 0, 1)])];
    let mut lab = broken(&lvs);
    let refusal = reduce(&mut lab, MISSING, 0).unwrap_err();
    assert!(refusal.starts_with("There are still partial LVs in VG v."));
    let mirrors = What::Missing { mirrors_only: true };
    assert!(reduce(&mut lab, mirrors, 1).is_err());
    let (told, failed) = reduce(&mut lab, MISSING, 1).unwrap();
    assert_eq!(
        told,
        [
            "WARNING: Removing partial LV v/part.",
            "Logical volume \"part\" successfully removed.",
            "Wrote out consistent volume group v.",
        ]
    );
    assert!(!failed);
    let vg = lab.found("v");
    assert_eq!((vg.pvs.len(), vg.lvs.len()), (2, 1));
}

#[test]
fn of_several_missing_pvs_the_empty_ones_leave_without_force() {
    let mut lab = broken(&[("part", &[(1, 0, 1)])]);
    lab.system.vgs[0].devices[2] = None;
    lab.system.devices[2].label = LabelState::None;
    let (told, failed) = reduce(&mut lab, MISSING, 0).unwrap();
    assert!(failed);
    assert_eq!(told[0], "WARNING: Partial LV part needs to be repaired or removed. ");
    assert_eq!(told.last().unwrap(), "WARNING: Proceeding to remove empty missing PVs.");
    let vg = lab.found("v");
    assert_eq!((vg.pvs.len(), vg.lvs.len()), (2, 1));
    assert!(vg.pvs[1].flags.missing);
}

#[test]
fn parts_of_other_lvs_are_not_removed() {
    let mut lab = broken(&[("l_rimage_0", &[(1, 0, 1)])]);
    let vg = &mut lab.system.vgs[0].vg;
    let id = vg.lvs.find("l_rimage_0").unwrap();
    let mut lv = (*vg.lvs.get(id)).clone();
    lv.flags.visible = false;
    vg.lvs.replace(id, Arc::new(lv));
    let refusal = reduce(&mut lab, MISSING, 1).unwrap_err();
    assert!(refusal.contains("v/l_rimage_0 is of type part of another"), "{refusal}");
}
