use super::{Tolerance, missing_pvs, successor, writable};
use crate::model::flags::Permission;
use crate::model::pv::PvIndex;
use crate::ops::Stop;
use crate::ops::lab::{Lab, name};
use crate::ops::selector::VgSelector;
use crate::ops::system::{DeviceId, Fork, ForkText, System, VgView};
use std_alloc::string::String;

fn refusal(system: &System, tolerance: Tolerance) -> Option<String> {
    let vg = VgSelector::Name(name("v"));
    match writable(system, &vg, tolerance) {
        Ok(_) => None,
        Err(Stop::Refused(refused)) => Some(refused.messages()[0].text.clone()),
        Err(stop) => panic!("{stop:?}"),
    }
}

#[test]
fn a_vg_that_is_whole_may_be_changed() {
    let system = Lab::new(2).vg("v", &[0, 1]).system;
    assert_eq!(refusal(&system, Tolerance::default()), None);
}

#[test]
fn each_obstacle_has_its_reason() {
    type Spoil = fn(&mut VgView);
    let table: [(&str, Spoil); 11] = [
        ("Volume group v is exported", |view| {
            view.vg.flags.exported = true;
        }),
        ("Volume group v is read-only", |view| {
            view.vg.permission = Permission::ReadOnly;
        }),
        ("Skipping clustered volume group v", |view| {
            view.vg.flags.clustered = true;
        }),
        ("Cannot access VG v with lock type sanlock that requires lvmlockd.", |view| {
            view.vg.lock_type = Some("sanlock".into());
        }),
        ("Cannot access VG v with system ID foo with unknown local system ID.", |view| {
            view.vg.system_id = Some("foo".into());
        }),
        ("Cannot change VG v with unknown segments in it!", |view| {
            view.vg.unknown.push("segment type foo".into());
        }),
        ("Cannot change VG v while PVs are missing.", |view| {
            view.devices[1] = None;
        }),
        ("Cannot update volume group v with duplicate PV devices.", |view| {
            view.duplicates.push((PvIndex(0), DeviceId(7)));
        }),
        ("Volume group v has 2 different copies of its metadata with seqno 7.", |view| {
            let text = |checksum| ForkText { checksum, areas: [].into(), rival: None };
            view.fork = Some(Fork { seqno: 7, texts: [text(1), text(2)].into() });
        }),
        ("Volume group v has seqno 4294967295, the highest there is", |view| {
            view.vg.seqno = u32::MAX;
        }),
        ("Volume group \"v\" not found", |view| {
            view.vg.name = name("w");
        }),
    ];
    for (reason, spoil) in table {
        let mut system = Lab::new(2).vg("v", &[0, 1]).system;
        spoil(&mut system.vgs[0]);
        assert_eq!(refusal(&system, Tolerance::default()).as_deref(), Some(reason));
    }
}

#[test]
fn what_is_tolerated_is_no_obstacle() {
    let mut system = Lab::new(2).vg("v", &[0, 1]).system;
    system.vgs[0].devices[1] = None;
    assert_eq!(refusal(&system, Tolerance::MISSING), None);
    system.vgs[0].vg.flags.exported = true;
    let tolerance = Tolerance { exported: true, ..Tolerance::MISSING };
    assert_eq!(refusal(&system, tolerance), None);
}

#[test]
fn two_vgs_of_one_name_have_to_be_told_apart() {
    let mut system = Lab::new(2).vg("v", &[0]).vg("w", &[1]).system;
    system.vgs[1].vg.name = name("v");
    let reason = "Multiple VGs found with the same name: skipping v";
    assert_eq!(refusal(&system, Tolerance::default()).as_deref(), Some(reason));
    let id = VgSelector::Id(system.vgs[1].vg.id);
    assert!(writable(&system, &id, Tolerance::default()).is_ok());
}

#[test]
fn missing_pvs_are_marked_and_empty_ones_that_came_back_are_not() {
    let mut system = Lab::new(3).vg("v", &[0, 1, 2]).lv("v", "l", &[(1, 0, 3)]).system;
    let view = &mut system.vgs[0];
    view.devices[0] = None;
    view.vg.pvs[1].flags.missing = true;
    view.vg.pvs[2].flags.missing = true;
    assert_eq!(missing_pvs(view), [PvIndex(0), PvIndex(1)]);
    let vg = successor(&system, &system.vgs[0]);
    let marks = vg.pvs.iter().map(|pv| (pv.flags.missing, pv.device_hint.as_str()));
    assert!(marks.eq([(true, "[unknown]"), (true, "/dev/d1"), (false, "/dev/d2")]));
    assert_eq!(vg.seqno, system.vgs[0].vg.seqno + 1);
}
