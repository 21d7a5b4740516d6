//! lvrename against what LVM2 2.03.16 said.

use super::{Request, lvrename};
use crate::name::{LvName, VgName};
use crate::ops::samples;

#[test]
fn names_change_or_the_reason_is_told() {
    let mut vg = samples::vg("vg", &[31]);
    samples::add(&mut vg, "a", &[(5, &[(0, 0)])]);
    samples::add(&mut vg, "b", &[(5, &[(0, 5)])]);
    let mut system = samples::system(vg);
    let request = |old: &str, new: &str| Request {
        vg: VgName::new("vg").unwrap(),
        old: LvName::new(old).unwrap(),
        new: LvName::new(new).unwrap(),
    };
    let long = "x".repeat(123);
    for (old, new, words) in [
        ("a", "b", "Logical Volume \"b\" already exists in volume group \"vg\""),
        ("a", "a", "Old and new logical volume names must differ"),
        ("c", "d", "Existing logical volume \"c\" not found in volume group \"vg\""),
        (
            "a",
            "pvmove1",
            "Names starting \"pvmove\" are reserved. Please choose a different LV name.",
        ),
        (
            "a",
            long.as_str(),
            &std_alloc::format!(
                "New logical volume name \"{long}\" may not exceed 122 characters."
            ),
        ),
    ] {
        let request = request(old, new);
        let refused = samples::run(&mut system, true, |system| lvrename(system, &request));
        assert_eq!(samples::texts(&refused.unwrap_err()), [words]);
    }
    let request = request("a", "c");
    let change = lvrename(&system, &request).unwrap();
    assert_eq!(samples::texts(&change.after), ["Renamed \"a\" to \"c\" in volume group \"vg\""]);
    let vg = samples::written(&change);
    assert_eq!(samples::place(vg, "c"), "5@0:0");
    assert_eq!(vg.seqno, 2);
    assert!(vg.lvs.find("a").is_none());
}
