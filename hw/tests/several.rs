//! Commands that change several objects, each in a transaction of its own.
#![allow(missing_docs, reason = "tests")]

mod support;

use std::collections::BTreeSet;
use support::Lab;

fn lab() -> Lab {
    let lab = Lab::new(4, "64m");
    lab.ok("vgcreate one disk1 disk2");
    lab.ok("vgcreate two disk3 disk4");
    lab
}

#[test]
fn each_gets_an_identity_of_its_own() {
    let lab = lab();
    let distinct = |command: &str, report: &str, count: usize| {
        let before = lab.ok(report);
        lab.ok(command);
        let after = lab.ok(report);
        let ids: BTreeSet<&str> =
            before.split_whitespace().chain(after.split_whitespace()).collect();
        assert_eq!(ids.len(), 2 * count, "{command}: {ids:?}");
    };
    distinct("vgchange --uuid one two", "vgs --noheadings -o vg_uuid", 2);
    distinct("pvchange --uuid disk1 disk2 disk3 disk4", "pvs --noheadings -o pv_uuid", 4);
}

#[test]
fn a_saved_plan_is_about_all_of_them() {
    for (prepare, command, report, expected) in [
        ("", "vgchange --addtag t", "vgs --noheadings -o vg_name,vg_tags", "one t two t"),
        ("", "vgexport -a", "vgs --noheadings -o vg_name -S vg_exported=1", "one two"),
        ("", "vgremove -y one two", "vgs --noheadings", ""),
        ("lvs", "lvremove -y one two", "lvs --noheadings", ""),
        ("lvs", "lvchange --addtag t one two", "lvs --noheadings -o lv_tags", "t t"),
    ] {
        let lab = lab();
        if prepare == "lvs" {
            lab.ok("lvcreate -l1 one");
            lab.ok("lvcreate -l1 two");
        }
        let before = lab.disks();
        let file = lab.path().join("plan").to_string_lossy().into_owned();
        lab.ok(&format!("{command} --plan={file}"));
        assert!(lab.disks() == before, "{command}: a plan writes nothing");
        lab.ok(&format!("apply {file}"));
        let shown = lab.ok(report);
        let words: Vec<&str> = shown.split_whitespace().collect();
        assert_eq!(words.join(" "), expected, "{command}");
        let after = lab.disks();
        let again = lab.run(&format!("apply {file}"));
        assert_eq!(again.code, 5, "{command}: {again:?}");
        assert!(again.err.contains("0 of 2 plans were carried out."), "{command}: {again:?}");
        assert!(lab.disks() == after, "{command}: a stale plan writes nothing");
    }
}
