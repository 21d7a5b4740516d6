//! What arguments name.

use super::{Resolved, resolve};
use crate::name::Tag;
use crate::ops::samples;
use crate::ops::system::System;
use crate::size::path;
use std_alloc::string::String;
use std_alloc::vec;
use std_alloc::vec::Vec;

fn system() -> System {
    let tag = |text| Tag::new(text).unwrap();
    let mut one = samples::vg("one", &[31]);
    one.id = samples::id(11);
    one.tags.push(tag("all"));
    samples::add(&mut one, "a", &[(5, &[(0, 0)])]);
    let mut hidden = samples::lv("h_rimage_0", &[(5, &[(0, 5)])]);
    hidden.flags.visible = false;
    one.lvs.push(hidden.into());
    let mut two = samples::vg("two", &[31]);
    two.id = samples::id(12);
    for name in ["x", "y", "z"] {
        samples::add(&mut two, name, &[]);
    }
    let mut lv = samples::lv("tagged", &[]);
    lv.tags.push(tag("all"));
    two.lvs.push(lv.into());
    let mut system = samples::system(one);
    system.vgs.extend(samples::system(two.clone()).vgs);
    for number in [13, 14] {
        let mut twin = samples::vg("twin", &[31]);
        twin.id = samples::id(number);
        system.vgs.extend(samples::system(twin).vgs);
    }
    system
}

fn found(arguments: &[&str]) -> (Vec<String>, Vec<String>) {
    let system = system();
    let parse = |text: &&str| path::parse(text, "/dev").unwrap();
    let arguments: Vec<path::Target> = arguments.iter().map(parse).collect();
    let Resolved { targets, errors } = resolve(&system, &arguments);
    let mut names = Vec::new();
    for target in targets {
        let view = system.vgs.iter().find(|view| view.vg.id == target.vg);
        let vg = &view.unwrap().vg;
        for id in target.lvs {
            let whole = if target.whole { "*" } else { "" };
            names.push([vg.name.as_str(), "/", vg.lvs.name(id), whole].concat());
        }
    }
    (names, errors.into_iter().map(|message| message.text).collect())
}

#[test]
fn arguments_name_lvs_in_the_order_of_the_metadata() {
    let none: Vec<String> = Vec::new();
    assert_eq!(
        found(&["two/y", "two/x", "/dev/two/y"]),
        (vec!["two/x".into(), "two/y".into()], none.clone())
    );
    assert_eq!(found(&["one"]), (vec!["one/a*".into()], none.clone()));
    assert_eq!(found(&["one/h_rimage_0"]), (vec!["one/h_rimage_0".into()], none.clone()));
    assert_eq!(found(&["@all"]).0, ["one/a*", "two/tagged"],);
    assert_eq!(found(&["@nosuch"]).0, none);
    assert_eq!(
        found(&["two/x", "two/y", "two/z", "two/tagged", "two/w", "two/v"]).1,
        ["Failed to find logical volume \"two/w\"", "Failed to find logical volume \"two/v\"",]
    );
}

#[test]
fn what_is_not_found_is_told_and_the_rest_is_found() {
    let (names, errors) = found(&["two/nosuch", "nosuch/x", "two/x", "twin"]);
    assert_eq!(names, ["two/x"]);
    assert_eq!(
        errors,
        [
            "Failed to find logical volume \"two/nosuch\"",
            "Volume group \"nosuch\" not found",
            "Cannot process volume group nosuch",
            "Multiple VGs found with the same name: skipping twin",
            "Use --select vg_uuid=<uuid> in place of the VG name.",
        ]
    );
}
