//! lvchange against what LVM2 2.03.16 did.

use super::{Request, lvchange};
use crate::model::flags::{AllocationPolicy, Permission};
use crate::model::lv::{DeviceNumbers, Lv, ReadAhead};
use crate::name::Tag;
use crate::ops::resolve::resolve;
use crate::ops::samples;
use crate::ops::system::System;
use crate::ops::{Change, Message};
use crate::size::path;
use crate::units::Sectors;
use std_alloc::vec::Vec;

fn system() -> System {
    let mut vg = samples::vg("vg", &[31]);
    samples::add(&mut vg, "a", &[(5, &[(0, 0)])]);
    samples::add(&mut vg, "b", &[(5, &[(0, 5)])]);
    samples::system(vg)
}

fn change_of(
    system: &mut System,
    argument: &str,
    request: Request,
) -> Result<Change, Vec<Message>> {
    let arguments = [path::parse(argument, "/dev").unwrap()];
    let request = Request { targets: resolve(system, &arguments).targets, ..request };
    let change = samples::run(system, true, |system| lvchange(system, &request))?;
    samples::apply(system, &change);
    Ok(change)
}

fn lv(system: &System, name: &str) -> Lv {
    let lvs = &system.vgs[0].vg.lvs;
    Lv::clone(&lvs.get(lvs.find(name).unwrap()))
}

fn tag(text: &str) -> Tag {
    Tag::new(text).unwrap()
}

#[test]
fn tags_are_added_before_they_are_removed() {
    let mut system = system();
    let request = Request {
        tags_added: [tag("t"), tag("u"), tag("t")].into(),
        tags_removed: [tag("u"), tag("nosuch")].into(),
        ..Request::default()
    };
    let change = change_of(&mut system, "vg", request).unwrap();
    assert_eq!(
        samples::texts(&change.after),
        ["Logical volume vg/a changed.", "Logical volume vg/b changed."]
    );
    assert_eq!(change.stages.len(), 1);
    assert_eq!(lv(&system, "a").tags, [tag("t")]);
    assert_eq!(lv(&system, "b").tags, [tag("t")]);
}

#[test]
fn what_is_so_already_is_an_error_and_the_rest_is_done() {
    let mut system = system();
    let read_only = Request { read_only: Some(true), ..Request::default() };
    change_of(&mut system, "vg/a", read_only.clone()).unwrap();
    assert_eq!(lv(&system, "a").permission, Permission::ReadOnly);
    let again = change_of(&mut system, "vg/a", read_only.clone()).unwrap_err();
    let words = "Logical volume \"vg/a\" is already read only.";
    assert_eq!(samples::texts(&again), [words]);
    let both =
        Request { read_ahead: Some(ReadAhead::Sectors(Sectors::new(256))), ..read_only.clone() };
    let change = change_of(&mut system, "vg/a", both).unwrap();
    assert!(change.failed);
    assert_eq!(samples::texts(&change.before), [words]);
    assert_eq!(samples::texts(&change.after), ["Logical volume vg/a changed."]);
    let change = change_of(&mut system, "vg", read_only).unwrap();
    assert!(change.failed);
    assert_eq!(samples::texts(&change.after), ["Logical volume vg/b changed."]);
}

#[test]
fn each_attribute_has_its_words() {
    let mut system = system();
    let default = Request::default;
    for (request, words) in [
        (
            Request { read_only: Some(false), ..default() },
            "Logical volume \"vg/a\" is already writable.",
        ),
        (
            Request { policy: Some(AllocationPolicy::Inherit), ..default() },
            "Allocation policy of logical volume vg/a is already inherit.",
        ),
        (
            Request { read_ahead: Some(ReadAhead::Auto), ..default() },
            "Read ahead is already auto for vg/a.",
        ),
        (
            Request { numbers: Some(None), ..default() },
            "Minor number is already not persistent for vg/a.",
        ),
        (
            Request {
                numbers: Some(Some(DeviceNumbers { major: None, minor: Some(1 << 20) })),
                ..default()
            },
            "Minor number 1048576 outside range 0-1048575.",
        ),
    ] {
        let refused = change_of(&mut system, "vg/a", request).unwrap_err();
        assert_eq!(samples::texts(&refused), [words]);
    }
    let numbers =
        Request { numbers: Some(Some(DeviceNumbers { major: None, minor: Some(5) })), ..default() };
    let change = change_of(&mut system, "vg/a", numbers).unwrap();
    assert!(change.after.is_empty(), "LVM2 says nothing then");
    let lv = lv(&system, "a");
    assert_eq!((lv.numbers.major, lv.numbers.minor), (Some(0), Some(5)));
    assert!(lv.flags.fixed_minor);
    let flags = Request {
        activation_skip: Some(true),
        auto_activate: Some(false),
        policy: Some(AllocationPolicy::Contiguous),
        profile: Some(Some("p".into())),
        ..default()
    };
    change_of(&mut system, "vg/a", flags).unwrap();
    let lv = self::lv(&system, "a");
    assert!(lv.flags.activation_skip && lv.flags.no_auto_activate);
    assert_eq!(lv.policy, AllocationPolicy::Contiguous);
    assert_eq!(lv.profile.as_deref(), Some("p"));
}

/// LVM2 refuses `--alloc`, and nothing else, where extents are missing.
#[test]
fn the_policy_of_an_lv_with_missing_extents_stays() {
    let mut vg = samples::vg("vg", &[31, 31]);
    samples::add(&mut vg, "a", &[(5, &[(0, 0)])]);
    samples::add(&mut vg, "b", &[(5, &[(1, 0)])]);
    let mut system = samples::system(vg);
    system.vgs[0].devices[1] = None;
    let cling = || Request { policy: Some(AllocationPolicy::Cling), ..Request::default() };
    change_of(&mut system, "vg/a", cling()).unwrap();
    let refused = change_of(&mut system, "vg/b", cling()).unwrap_err();
    assert_eq!(
        samples::texts(&refused),
        [
            "Command on LV vg/b uses options that are invalid with LV properties: lv_is_partial .",
            "Command not permitted on LV vg/b.",
        ]
    );
    for request in [
        Request { contiguous: Some(true), ..Request::default() },
        Request { tags_added: [tag("x")].into(), ..Request::default() },
    ] {
        change_of(&mut system, "vg/b", request).unwrap();
    }
    assert_eq!(lv(&system, "b").policy, AllocationPolicy::Contiguous);
}
