use super::{Request, vgck};
use crate::crc::crc;
use crate::model::vg::Provenance;
use crate::name::Tag;
use crate::ops::lab::{Lab, name};
use crate::ops::system::{DeviceId, Fork, ForkText, Rival};
use crate::ops::{Stop, VgAfter};
use crate::units::Extents;
use std_alloc::boxed::Box;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

fn request(update: bool) -> Request {
    let vg = name("v").into();
    Request { vg, update, keep: None }
}

#[test]
fn a_vg_that_is_right_gives_no_word() {
    let lab = Lab::new(2).vg("v", &[0, 1]).lv("v", "l", &[(0, 0, 2)]);
    let change = vgck(&lab.system, &request(false)).unwrap();
    assert!(change.stages.is_empty() && change.before.is_empty() && change.after.is_empty());
}

#[test]
fn all_that_is_wrong_is_told() {
    let mut lab = Lab::new(2).vg("v", &[0, 1]).lv("v", "l", &[(0, 0, 2)]);
    lab.system.vgs[0].vg.pvs[0].pe_count = Extents::new(1);
    lab.system.vgs[0].devices[1] = None;
    let refusal = lab.run(|system| vgck(system, &request(false))).unwrap_err();
    let mut lines = refusal.lines();
    assert_eq!(lines.next(), Some("The volume group is missing 1 physical volumes."));
    assert!(lines.next().unwrap().starts_with("LV l lies on extents up to 2 of PV"));
}

#[test]
fn an_update_repairs_all_copies() {
    let lab = Lab::new(2).vg("v", &[0, 1]);
    let change = vgck(&lab.system, &request(true)).unwrap();
    assert!(change.stages[0].repair);
    let [VgAfter::Write(vg)] = change.stages[0].vgs.as_slice() else { panic!() };
    assert_eq!(vg.seqno, 4);
}

#[test]
fn an_exported_vg_is_refused() {
    let mut lab = Lab::new(2).vg("v", &[0, 1]);
    lab.system.vgs[0].vg.flags.exported = true;
    for update in [false, true] {
        let stop = vgck(&lab.system, &request(update)).unwrap_err();
        let Stop::Refused(refused) = stop else { panic!("{stop:?}") };
        assert_eq!(refused.refusal.to_string(), "Volume group v is exported");
    }
}

/// A VG of which the copy on the first disk says something else than the one that was read: another
/// tag, and a third PV.
fn forked() -> Lab {
    let mut lab = Lab::new(3).vg("v", &[0, 1, 2]);
    let mut vg = lab.system.vgs[0].vg.clone();
    vg.tags.push(Tag::new("rival").unwrap());
    lab.system.vgs[0].vg.pvs.pop();
    lab.system.vgs[0].devices.pop();
    let own = crc(&lab.system.vgs[0].text);
    let provenance = Provenance { creation_host: "other".into(), ..Provenance::default() };
    let rival = Some(Box::new(Rival { vg, provenance, text: [].into() }));
    let seqno = lab.system.vgs[0].vg.seqno;
    lab.system.vgs[0].fork = Some(Fork {
        seqno,
        texts: [
            ForkText { checksum: own, areas: [(DeviceId(1), 0)].into(), rival: None },
            ForkText { checksum: own ^ 1, areas: [(DeviceId(0), 0)].into(), rival },
        ]
        .into(),
    });
    lab
}

fn keep(device: &str) -> Request {
    Request { keep: Some(device.into()), ..request(true) }
}

#[test]
fn the_texts_of_a_fork_are_shown_and_a_person_has_to_name_one() {
    let lab = forked();
    let Err(Stop::Refused(refused)) = vgck(&lab.system, &request(true)) else { panic!() };
    let lines: Vec<String> = refused.messages().into_iter().map(|message| message.text).collect();
    assert!(lines[0].starts_with("Copy on /dev/d1, shown by all commands: seqno 3, written 1970"));
    assert!(lines[1].starts_with("Copy on /dev/d0: seqno 3, written 1970"), "{lines:?}");
    assert!(lines[1].ends_with(" on other; where it differs:"), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("+ ") && line.contains("rival")), "{lines:?}");
    assert!(lines.last().unwrap().contains("vgck --updatemetadata --keep PV v"), "{lines:?}");
    let Err(Stop::Refused(checked)) = vgck(&lab.system, &request(false)) else { panic!() };
    assert!(checked.refusal.to_string().contains("where it differs:"));
}

#[test]
fn the_copy_that_is_named_is_kept() {
    let lab = forked();
    for (device, pvs, tags) in [("/dev/d1", 2, 0), ("/dev/d0", 3, 1)] {
        let change = vgck(&lab.system, &keep(device)).unwrap();
        assert!(change.stages[0].repair);
        let [VgAfter::Write(vg)] = change.stages[0].vgs.as_slice() else { panic!() };
        assert_eq!((vg.seqno, vg.pvs.len(), vg.tags.len()), (4, pvs, tags), "{device}");
        assert!(vg.pvs.iter().all(|pv| !pv.flags.missing), "{device}");
    }
    let refusal = |system, request| match vgck(system, &request) {
        Err(Stop::Refused(refused)) => refused.refusal.to_string(),
        other => panic!("{other:?}"),
    };
    let nothing = "/dev/d2 has no copy of the metadata of volume group v that could be kept.";
    assert_eq!(refusal(&lab.system, keep("/dev/d2")), nothing);
    let agreed = Lab::new(2).vg("v", &[0, 1]);
    assert!(refusal(&agreed.system, keep("/dev/d0")).contains("there is none to choose"));
}

/// What the copy says that is kept decides whether it may be.
#[test]
fn a_copy_that_may_not_be_changed_is_not_kept() {
    let mut lab = forked();
    let fork = lab.system.vgs[0].fork.as_mut().unwrap();
    let rival = fork.texts[1].rival.as_mut().unwrap();
    rival.vg.system_id = Some("other".into());
    assert!(vgck(&lab.system, &keep("/dev/d1")).is_ok());
    assert!(vgck(&lab.system, &keep("/dev/d0")).is_err());
}
