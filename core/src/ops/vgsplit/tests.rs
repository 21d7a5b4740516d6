use super::{Request, What, vgsplit};
use crate::model::check::check;
use crate::model::flags::AllocationPolicy;
use crate::ops::VgAfter;
use crate::ops::lab::{Lab, device_name, lv_name, name};
use crate::ops::samples::striped;
use crate::ops::system::DeviceId;
use std_alloc::string::String;
use std_alloc::vec::Vec;

fn lab() -> Lab {
    Lab::new(5).vg("w", &[0, 1, 2, 3]).lv("w", "a", &[(0, 0, 2)]).lv("w", "b", &[(1, 3, 2)]).lv(
        "w",
        "c",
        &[(2, 0, 1), (3, 0, 1)],
    )
}

fn request(devices: &[usize]) -> Request {
    Request {
        source: name("w").into(),
        destination: name("v"),
        what: What::Devices(devices.iter().map(|index| device_name(*index)).collect()),
        max_lv: None,
        max_pv: None,
        policy: None,
        metadata_copies: None,
        pool_metadata_spare: None,
    }
}

fn split(lab: &mut Lab, request: &Request) -> Result<String, String> {
    let change = lab.run(|system| vgsplit(system, request))?;
    Ok(change.after[0].text.clone())
}

#[test]
fn a_new_vg_goes_through_named_states() {
    let mut lab = lab();
    let change = lab.run(|system| vgsplit(system, &request(&[1]))).unwrap();
    assert_eq!(change.after[0].text, "New volume group \"v\" successfully split from \"w\"");
    let states: Vec<(String, u32, bool)> = change
        .stages
        .iter()
        .map(|stage| match &stage.vgs[0] {
            VgAfter::Write(vg) => (vg.name.as_str().into(), vg.seqno, vg.flags.exported),
            VgAfter::Remove(_) => panic!(),
        })
        .collect();
    assert_eq!(states, [("v".into(), 1, true), ("w".into(), 4, false), ("v".into(), 2, false)]);
    for vg in ["v", "w"] {
        assert_eq!(check(lab.found(vg)), [], "{vg}");
    }
    let v = lab.found("v");
    let b = v.lvs.get(v.lvs.find("b").unwrap());
    assert_eq!((v.pvs.len(), v.lvs.len()), (1, 1));
    assert_eq!(b.segments, [striped(0, 2, None, &[(0, 3)])]);
    let w = lab.found("w");
    let c = w.lvs.get(w.lvs.find("c").unwrap());
    assert_eq!(c.segments, [striped(0, 1, None, &[(1, 0)]), striped(1, 1, None, &[(2, 0)])]);
    assert_eq!(lab.system.vgs[1].devices, [Some(DeviceId(1))]);
}

#[test]
fn an_lv_takes_its_pvs_along() {
    let mut lab = lab();
    let by_lv = Request { what: What::Lv(lv_name("c")), ..request(&[]) };
    split(&mut lab, &by_lv).unwrap();
    assert_eq!(lab.found("v").pvs.len(), 2);
    let existing = split(&mut lab, &request(&[0])).unwrap();
    assert_eq!(existing, "Existing volume group \"v\" successfully split from \"w\"");
    assert_eq!(lab.found("v").pvs.len(), 3);
    assert_eq!(check(lab.found("v")), []);
    let nothing = split(&mut lab, &by_lv).unwrap_err();
    assert_eq!(nothing, "Logical volume c not in volume group w");
}

/// As with LVM2: PVs arrive in the order in which they are named, or in which the LV lies on them.
#[test]
fn pvs_arrive_in_the_order_given() {
    let devices = |lab: &Lab| -> Vec<String> {
        lab.found("v").pvs.iter().map(|pv| pv.device_hint.clone()).collect()
    };
    let mut lab = lab();
    split(&mut lab, &request(&[3, 2])).unwrap();
    assert_eq!(devices(&lab), [3, 2].map(device_name));
    let v = lab.found("v");
    let c = v.lvs.get(v.lvs.find("c").unwrap());
    assert_eq!(c.segments, [striped(0, 1, None, &[(1, 0)]), striped(1, 1, None, &[(0, 0)])]);
    assert_eq!(check(v), []);
    split(&mut lab, &request(&[1, 0])).unwrap();
    assert_eq!(devices(&lab), [3, 2, 1, 0].map(device_name));

    let mut lab = Lab::new(3).vg("w", &[0, 1, 2]).lv("w", "a", &[(2, 0, 1), (0, 0, 1), (2, 1, 1)]);
    split(&mut lab, &Request { what: What::Lv(lv_name("a")), ..request(&[]) }).unwrap();
    assert_eq!(devices(&lab), [2, 0].map(device_name));
}

#[test]
fn a_vg_from_which_all_is_taken_is_gone() {
    let mut lab = lab();
    split(&mut lab, &request(&[0, 1, 2, 3])).unwrap();
    assert_eq!(lab.system.vgs.len(), 1);
    assert_eq!((lab.found("v").pvs.len(), lab.found("v").lvs.len()), (4, 3));
}

#[test]
fn attributes_are_for_new_vgs() {
    let mut lab = lab();
    let source = &mut lab.system.vgs[0].vg;
    (source.max_lv, source.max_pv) = (7, 8);
    source.policy = AllocationPolicy::Contiguous;
    split(&mut lab, &request(&[0])).unwrap();
    let vg = lab.found("v");
    assert_eq!((vg.max_lv, vg.max_pv), (7, 8), "the source's are the default");
    assert_eq!(vg.policy, AllocationPolicy::Contiguous);
    let mut lab = self::lab();
    let options = Request {
        max_lv: Some(3),
        max_pv: Some(4),
        policy: Some(AllocationPolicy::Cling),
        ..request(&[0])
    };
    split(&mut lab, &options).unwrap();
    let vg = lab.found("v");
    assert_eq!((vg.max_lv, vg.max_pv, vg.policy), (3, 4, AllocationPolicy::Cling));
    let again = Request { what: request(&[1]).what, ..options };
    assert_eq!(
        split(&mut lab, &again).unwrap_err(),
        "Volume group \"v\" exists, but new VG option specified"
    );
}

#[test]
fn what_cannot_be_split_is_refused() {
    let cases = [
        (request(&[2]), "Can't split Logical Volume c between two Volume Groups"),
        (request(&[4]), "Physical volume /dev/d4 not in volume group w"),
        (request(&[9]), "Physical volume /dev/d9 not in volume group w"),
        (Request { destination: name("w"), ..request(&[0]) }, "Duplicate volume group name \"w\""),
    ];
    for (request, expected) in cases {
        assert_eq!(split(&mut lab(), &request).unwrap_err(), expected);
    }
    let mut fixed = lab();
    fixed.system.vgs[0].vg.flags.resizeable = false;
    assert_eq!(split(&mut fixed, &request(&[0])).unwrap_err(), "Volume group w is not resizeable.");
}
