//! What `--plan` says of new extents: where they go, and with `-v` why there.

#![allow(missing_docs, reason = "tests")]

mod support;

use support::Lab;

/// Returns the part of a shown plan that speaks of new extents.
fn pieces(out: &str) -> String {
    let lines = out.lines().skip_while(|line| !line.starts_with("New in "));
    let lines = lines.take_while(|line| !line.starts_with("Stage "));
    lines.map(|line| [line, "\n"].concat()).collect()
}

#[test]
fn a_plan_says_where_new_extents_go_and_on_request_why() {
    let lab = Lab::new(3, "32m");
    lab.ok("vgcreate -s 1m vg disk1 disk2 disk3");
    let before = lab.disks();
    let line = "lvcreate -n n -i 2 -l 40 vg --plan";
    let places = "New in vg/n: 40 extents in 20 rows of 2 stripes, policy normal:\n  \
                  LE 0-39: disk1:0-19 disk2:0-19\n";
    assert_eq!(pieces(&lab.ok(line)), places);
    assert_eq!(
        pieces(&lab.ok(&format!("{line} -v"))),
        [
            places,
            "    disk1: the first PV with 20 free extents in a row\n",
            "    disk2: the first PV with 20 free extents in a row\n"
        ]
        .concat()
    );
    assert!(lab.disks() == before, "a plan writes nothing");
    lab.ok("lvcreate -n n -i 2 -l 40 vg");
    lab.ok("lvcreate -n b -l 5 vg disk1:20-");
    assert_eq!(
        pieces(&lab.ok("lvextend --plan -v -l +4 vg/n")),
        "New in vg/n: 4 extents in 2 rows of 2 stripes, policy normal:\n  \
         LE 40-43: disk1:25-26 disk2:20-21\n    \
         disk1: the volume is on this PV already\n    \
         disk2: continues the last segment\n"
    );
    let tight = pieces(&lab.ok("lvextend --plan -v -l +34 vg/n"));
    assert!(
        tight.ends_with("  Only so do 17 rows fit: each PV gives them all that it can.\n"),
        "{tight}"
    );
    let ran = lab.run("lvremove -y --plan vg/b");
    assert_eq!(pieces(&ran.out), "");
}
