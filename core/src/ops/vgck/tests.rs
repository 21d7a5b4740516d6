use super::{Request, vgck};
use crate::ops::lab::{Lab, name};
use crate::ops::system::{DeviceId, Fork};
use crate::ops::{Stop, VgAfter};
use crate::units::Extents;
use std_alloc::string::ToString;

fn request(update: bool) -> Request {
    let vg = name("v").into();
    Request { vg, update }
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

#[test]
fn of_several_texts_a_person_chooses() {
    let mut lab = Lab::new(2).vg("v", &[0, 1]);
    let own = crate::crc::crc(&lab.system.vgs[0].text);
    lab.system.vgs[0].fork = Some(Fork {
        seqno: 3,
        texts: [(own, [(DeviceId(1), 0)].into()), (own ^ 1, [(DeviceId(0), 0)].into())].into(),
    });
    assert!(vgck(&lab.system, &request(false)).is_err());
    let Err(Stop::Ask(question)) = vgck(&lab.system, &request(true)) else { panic!() };
    assert_eq!(
        question.prompt,
        "Keep the metadata of volume group v on /dev/d1 and overwrite that on /dev/d0?"
    );
    assert!(!question.force_answers);
    let mut yes = lab.system.clone();
    yes.answers.insert(question.clone(), true);
    assert!(vgck(&yes, &request(true)).unwrap().stages[0].repair);
    lab.system.answers.insert(question, false);
    let Err(Stop::Refused(refused)) = vgck(&lab.system, &request(true)) else { panic!() };
    assert!(refused.refusal.to_string().contains("2 different copies"));
}
