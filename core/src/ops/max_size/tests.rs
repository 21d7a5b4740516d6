//! The largest LV against the commands that make it.

use super::{MaxSize, Request, max_size};
use crate::model::flags::AllocationPolicy;
use crate::name::{LvName, VgName};
use crate::ops::system::System;
use crate::ops::{Stop, lvcreate, lvresize, samples};
use crate::size::Amount;
use crate::size::extents;
use crate::size::ranges::PvArg;
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::{String, ToString};

fn amount(text: &str) -> Amount {
    Amount::Extents(extents::parse(text, crate::size::Signs::Both).unwrap())
}

fn new(stripes: u32, policy: AllocationPolicy, pvs: &[&str]) -> lvcreate::Request {
    lvcreate::Request {
        stripes: Some(stripes),
        policy,
        pvs: pvs.iter().map(|pv| PvArg::parse(pv)).collect(),
        ..lvcreate::Request::new(VgName::new("vg").unwrap(), amount("1"))
    }
}

fn more(lv: &str, stripes: Option<u32>, policy: AllocationPolicy) -> lvresize::Request {
    lvresize::Request {
        vg: VgName::new("vg").unwrap(),
        lv: LvName::new(lv).unwrap(),
        direction: lvresize::Direction::Extend,
        amount: None,
        stripes,
        stripe_size: None,
        pvs: [].into(),
        policy: Some(policy),
        force: true,
        beside: lvresize::Beside::Nothing,
    }
}

/// Three PVs of 31 extents, with holes.
fn system() -> System {
    let mut vg = samples::vg("vg", &[31, 31, 31]);
    samples::add(&mut vg, "a", &[(4, &[(0, 0)])]);
    samples::add(&mut vg, "b", &[(9, &[(0, 7)]), (24, &[(2, 3)])]);
    samples::add(&mut vg, "c", &[(4, &[(0, 20), (1, 5)])]);
    samples::system(vg)
}

const POLICIES: [AllocationPolicy; 4] = [
    AllocationPolicy::Contiguous,
    AllocationPolicy::Cling,
    AllocationPolicy::Normal,
    AllocationPolicy::Anywhere,
];

fn refusal(stop: Stop) -> String {
    match stop {
        Stop::Refused(refused) => refused.refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Does exactly that, and a row more.
fn check(max: &MaxSize, make: impl Fn(Amount) -> Result<(), Stop>) {
    make(amount(&format!("+{}", max.extents))).unwrap();
    let row = u64::try_from(max.stripes).unwrap();
    assert!(max.extents.get().is_multiple_of(row), "{max:?}");
    let more = refusal(make(amount(&format!("+{}", max.extents.get() + row))).unwrap_err());
    assert_eq!(max.bound.as_ref().unwrap().to_string(), more);
}

#[test]
fn what_is_said_to_fit_fits_and_a_row_more_does_not() {
    let system = system();
    let mut sizes = 0;
    for policy in POLICIES {
        for stripes in 1..=3 {
            for pvs in
                [&[][..], &["/dev/sda", "/dev/sdb"], &["/dev/sda:5-30", "/dev/sdc", "/dev/sdb:9-"]]
            {
                let request = new(stripes, policy, pvs);
                let Ok(max) = max_size(&system, &Request::New(Box::new(request.clone()))) else {
                    // Two PVs for three stripes.
                    assert!(pvs.len() == 2 && stripes == 3, "{request:?}");
                    continue;
                };
                assert_eq!((max.total, max.stripes), (max.extents, stripes as usize));
                sizes += max.extents.get();
                check(&max, |amount| {
                    let request = lvcreate::Request {
                        amount,
                        zero: Some(false),
                        wipe_signatures: Some(false),
                        ..request.clone()
                    };
                    lvcreate::lvcreate(&system, &request).map(|_| ())
                });
            }
        }
        for (lv, stripes) in [("a", None), ("b", Some(2)), ("c", None), ("c", Some(3))] {
            let request = more(lv, stripes, policy);
            match max_size(&system, &Request::More(Box::new(request.clone()))) {
                Ok(max) => {
                    assert!(max.total > max.extents);
                    check(&max, |amount| {
                        let request = lvresize::Request { amount: Some(amount), ..request.clone() };
                        lvresize::lvresize(&system, &request).map(|_| ())
                    });
                }
                Err(stop) => {
                    // Then there is no room for one row.
                    let request =
                        lvresize::Request { amount: Some(amount("+1")), ..request.clone() };
                    let one = lvresize::lvresize(&system, &request).unwrap_err();
                    assert_eq!(refusal(stop), refusal(one));
                }
            }
        }
    }
    assert!(sizes > 0);
}

#[test]
fn sizes_are_what_the_policy_leaves() {
    let system = system();
    let size = |stripes, policy| {
        let request = Request::New(Box::new(new(stripes, policy, &[])));
        max_size(&system, &request).unwrap().extents.get()
    };
    // Free: sda 4-6, 16-19, 22-30; sdb 0-4, 7-30; sdc 0-2, 27-30.
    assert_eq!(size(1, AllocationPolicy::Contiguous), 24);
    assert_eq!(size(1, AllocationPolicy::Normal), 52);
    assert_eq!(size(2, AllocationPolicy::Contiguous), 18);
    assert_eq!(size(2, AllocationPolicy::Normal), 46);
    assert_eq!(size(3, AllocationPolicy::Normal), 21);
    assert_eq!(size(3, AllocationPolicy::Anywhere), 51);
}

#[test]
fn an_lv_of_no_extents_has_no_largest() {
    let mut vg = samples::vg("vg", &[31]);
    let mut lv = samples::lv("e", &[(4, &[(0, 0)])]);
    lv.segments[0].kind = crate::model::segment::SegmentKind::Error;
    vg.lvs.push(std_alloc::sync::Arc::new(lv));
    let system = samples::system(vg);
    let request = Request::More(Box::new(more("e", None, AllocationPolicy::Normal)));
    let told = refusal(max_size(&system, &request).unwrap_err());
    assert_eq!(told, "Can't bound logical volume vg/e of type error: not supported.");
}

#[test]
fn an_lv_has_as_many_extents_as_there_are_numbers() {
    let count = u64::from(u32::MAX);
    let system = samples::system(samples::vg("vg", &[count, 10]));
    let request = Request::New(Box::new(new(1, AllocationPolicy::Normal, &[])));
    let max = max_size(&system, &request).unwrap();
    assert_eq!((max.extents.get(), max.bound), (count, None));
    let mut vg = samples::vg("vg", &[count, 10]);
    samples::add(&mut vg, "a", &[(5, &[(1, 0)])]);
    let system = samples::system(vg);
    let request = Request::More(Box::new(more("a", None, AllocationPolicy::Normal)));
    let max = max_size(&system, &request).unwrap();
    assert_eq!(max.total.get(), count - 1);
    assert!(max.bound.unwrap().to_string().contains("exceeds limit"));
}
