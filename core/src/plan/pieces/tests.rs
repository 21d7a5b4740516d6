//! What is said of new extents.

use super::{Detail, show};
use crate::model::flags::AllocationPolicy;
use crate::name::{LvName, Tag, VgName};
use crate::ops::lvcreate::{self, lvcreate};
use crate::ops::lvresize::{self, lvresize};
use crate::ops::samples;
use crate::ops::system::System;
use crate::size::extents::parse;
use crate::size::ranges::PvArg;
use crate::size::{Amount, Signs};
use std_alloc::string::String;
use std_alloc::vec::Vec;

fn amount(text: &str) -> Amount {
    Amount::Extents(parse(text, Signs::Plus).unwrap())
}

fn pvs(names: &[&str]) -> Vec<PvArg> {
    names.iter().map(|name| PvArg::parse(name)).collect()
}

fn create(stripes: u32, extents: &str) -> lvcreate::Request {
    lvcreate::Request {
        name: Some(LvName::new("n").unwrap()),
        stripes: Some(stripes),
        zero: Some(false),
        wipe_signatures: Some(false),
        ..lvcreate::Request::new(VgName::new("vg").unwrap(), amount(extents))
    }
}

fn extend(lv: &str, extents: &str) -> lvresize::Request {
    lvresize::Request {
        vg: VgName::new("vg").unwrap(),
        lv: LvName::new(lv).unwrap(),
        direction: lvresize::Direction::Extend,
        amount: Some(amount(extents)),
        stripes: None,
        stripe_size: None,
        pvs: Vec::new(),
        policy: None,
        force: true,
        beside: lvresize::Beside::Nothing,
    }
}

fn made(system: &System, request: &lvcreate::Request, detail: Detail) -> String {
    let mut text = String::new();
    show(system, &lvcreate(system, request).unwrap(), detail, &mut text);
    text
}

fn grown(system: &System, request: &lvresize::Request) -> String {
    let mut text = String::new();
    show(system, &lvresize(system, request).unwrap(), Detail::Reasons, &mut text);
    text
}

#[test]
fn a_new_lv_says_where_and_why() {
    let system = samples::system(samples::vg("vg", &[31; 3]));
    let request = create(1, "10");
    assert_eq!(
        made(&system, &request, Detail::Places),
        "New in vg/n: 10 extents, policy normal:\n  LE 0-9: /dev/sda:0-9\n"
    );
    assert_eq!(
        made(&system, &request, Detail::Reasons),
        "New in vg/n: 10 extents, policy normal:\n  LE 0-9: /dev/sda:0-9\n    \
         /dev/sda: the first PV with 10 free extents in a row\n"
    );
    assert_eq!(
        made(&system, &create(1, "93"), Detail::Reasons),
        "New in vg/n: 93 extents, policy normal:\n  \
         LE 0-30: /dev/sda:0-30\n    \
         /dev/sda: the longest free run, 31 extents; of equal ones that of the first PV\n  \
         LE 31-61: /dev/sdb:0-30\n    \
         /dev/sdb: the first PV with 31 free extents in a row\n  \
         LE 62-92: /dev/sdc:0-30\n    \
         /dev/sdc: no other PV has free extents for these rows\n  \
         That is all that is free where the volume may be.\n"
            .replace(
                "/dev/sdb: the first PV with 31 free extents in a row",
                "/dev/sdb: the longest free run, 31 extents; of equal ones that of the first PV"
            )
    );
}

#[test]
fn rows_that_fit_in_one_way_only_say_so() {
    let system = samples::system(samples::vg("vg", &[2; 3]));
    let text = made(&system, &create(2, "6"), Detail::Reasons);
    assert!(text.starts_with("New in vg/n: 6 extents in 3 rows of 2 stripes, policy normal:\n"));
    assert!(
        text.ends_with("  Only so do 3 rows fit: each PV gives them all that it can.\n"),
        "{text}"
    );
    let text = made(&system, &create(2, "4"), Detail::Reasons);
    assert!(!text.contains("Only so"), "{text}");
}

#[test]
fn an_extension_says_what_it_has_to_do_with_the_lv() {
    let mut vg = samples::vg("vg", &[31; 3]);
    samples::add(&mut vg, "a", &[(4, &[(1, 0)])]);
    samples::add(&mut vg, "b", &[(4, &[(1, 10)])]);
    samples::add(&mut vg, "c", &[(31, &[(2, 0)])]);
    vg.pvs[0].tags.push(Tag::new("site").unwrap());
    vg.pvs[2].tags.push(Tag::new("site").unwrap());
    let mut system = samples::system(vg);
    assert_eq!(
        grown(&system, &extend("a", "+8")),
        "New in vg/a: 8 extents, policy normal:\n  \
         LE 4-9: /dev/sdb:4-9\n    /dev/sdb: continues the last segment\n  \
         LE 10-11: /dev/sdb:14-15\n    /dev/sdb: the volume is on this PV already\n"
    );
    let given = lvresize::Request { pvs: pvs(&["/dev/sda:3-20"]), ..extend("a", "+5") };
    assert_eq!(
        grown(&system, &given),
        "New in vg/a: 5 extents, policy normal:\n  \
         LE 4-8: /dev/sda:3-7\n    /dev/sda: no other PV has free extents for these rows\n"
    );
    system.settings.cling_tags.push("@site".into());
    let tied = lvresize::Request { policy: Some(AllocationPolicy::Cling), ..extend("c", "+5") };
    assert_eq!(
        grown(&system, &tied),
        "New in vg/c: 5 extents, policy cling:\n  \
         LE 31-35: /dev/sda:0-4\n    \
         /dev/sda: shares the tag site with /dev/sdc, that the volume is on\n"
    );
}

#[test]
fn a_change_without_new_extents_says_nothing() {
    let mut vg = samples::vg("vg", &[31]);
    samples::add(&mut vg, "a", &[(4, &[(0, 0)])]);
    let system = samples::system(vg);
    let request = lvresize::Request {
        direction: lvresize::Direction::Reduce,
        amount: Some(Amount::Extents(parse("-2", Signs::Both).unwrap())),
        ..extend("a", "+1")
    };
    assert_eq!(grown(&system, &request), "");
    let error = lvcreate::Request { kind: lvcreate::Kind::Error, ..create(1, "5") };
    assert_eq!(made(&system, &error, Detail::Reasons), "");
}
