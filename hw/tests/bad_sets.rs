//! Disks that do not fit together: some are missing, some are copies, two VGs have one name; and
//! metadata areas that are full.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use support::Lab;

/// A VG on two disks with an LV on each, and a third disk.
fn lab() -> Lab {
    let lab = Lab::new(3, "16m");
    lab.ok("vgcreate -s 1m vg disk1 disk2");
    lab.ok("lvcreate -l4 -n a vg disk1");
    lab.ok("lvcreate -l4 -n b vg disk2");
    lab
}

fn copy(from: &Lab, disk: &str, to: &Lab, new: &str) {
    let path = |lab: &Lab, name: &str| lab.path().join(format!("{name}.img"));
    fs::copy(path(from, disk), path(to, new)).unwrap();
}

/// Returns what a report has in its only field.
fn value(lab: &Lab, line: &str) -> String {
    lab.ok(line).trim().to_owned()
}

#[test]
fn while_a_pv_is_missing_changes_that_need_it_are_refused() {
    let lab = lab();
    let id = value(&lab, "pvs --noheadings -o pv_uuid disk1");
    fs::remove_file(lab.path().join("disk1.img")).unwrap();
    let lost = format!("WARNING: Couldn't find device with uuid {id}.");
    let last = format!("WARNING: VG vg is missing PV {id} (last written to disk1).");
    for command in [
        "lvcreate -l1 -n n vg",
        "lvextend -l+1 vg/b",
        "lvreduce -fy -l1 vg/b",
        "lvrename vg b z",
        "vgrename vg w",
        "vgsplit vg w disk2",
        "vgexport vg",
        "vgchange -s 512k vg",
        "pvchange -x n disk2",
        "pvresize disk2",
    ] {
        let reason = "Cannot change VG vg while PVs are missing.";
        let hint = "See vgreduce --removemissing and vgextend --restoremissing.";
        lab.refuses(command, 5, &[&lost, &last, reason, hint]);
    }
    lab.refuses("vgck vg", 5, &["The volume group is missing 1 physical volumes."]);
    let none = "No backup taken: specify filename with -f to backup with missing PVs.";
    lab.refuses("vgcfgbackup vg", 5, &[&last, none]);
    let partial = "WARNING: Partial LV a needs to be repaired or removed.";
    lab.refuses("vgreduce --removemissing vg", 5, &[partial, "still partial LVs in VG vg"]);
    let ran = lab.run("lvs --noheadings -o lv_name,lv_attr vg");
    assert_eq!(ran.code, 0, "{ran:?}");
    let rows: Vec<Vec<&str>> =
        ran.out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows, [["a", "-wi-XX--p-"], ["b", "-wi-XX----"]]);
    lab.ok("vgreduce --removemissing --force vg");
    let ran = lab.run("vgck vg");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert_eq!(value(&lab, "lvs --noheadings -o lv_name vg"), "b");
    lab.ok("lvcreate -l1 -n n vg");
}

#[test]
fn of_two_devices_with_one_pv_both_are_named_and_neither_is_written() {
    let lab = lab();
    let id = value(&lab, "pvs --noheadings -o pv_uuid disk1");
    copy(&lab, "disk1", &lab, "copy");
    let not_used = format!("WARNING: Not using device copy for PV {id}.");
    let used = format!("WARNING: PV {id} prefers device disk1 because ");
    let vg = "Cannot update volume group vg with duplicate PV devices.";
    for command in [
        "lvcreate -l1 -n n vg",
        "lvchange --addtag t vg/a",
        "lvremove -y vg/a",
        "vgchange --addtag t vg",
        "vgrename vg w",
        "vgremove -y vg",
        "vgexport vg",
        "vgreduce vg disk1",
        "vgextend vg copy",
        "vgck --updatemetadata vg",
        "pvresize disk1",
        "pvchange -x n disk1",
    ] {
        lab.refuses(command, 5, &[&not_used, &used, vg]);
    }
    let device = "Cannot use device copy with duplicates.";
    for command in [
        "pvcreate copy",
        "pvcreate -ff -y copy",
        "vgcreate n copy",
        "pvresize --setphysicalvolumesize 8m -y copy",
        "pvchange -u copy",
        "pvchange --metadataignore y copy",
    ] {
        lab.refuses(command, 5, &[&not_used, &used, device]);
    }
    lab.refuses("pvremove copy", 5, &[&not_used, &used, "copy"]);
    let names = |line: &str| -> Vec<String> {
        let ran = lab.run(line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(names("pvs --noheadings -o pv_name"), ["disk1", "disk2"]);
    let all = names("pvs -a --noheadings -o pv_name,pv_duplicate,pv_attr");
    assert_eq!(all, ["copy duplicate d--", "disk1 a--", "disk2 a--", "disk3 ---"]);
    // Nothing of it lives on when it has nothing.
    fs::remove_file(lab.path().join("copy.img")).unwrap();
    lab.ok("lvremove -y vg");
    copy(&lab, "disk1", &lab, "copy");
    lab.ok("vgremove vg");
}

#[test]
fn of_two_vgs_of_one_name_one_is_meant_by_its_identity() {
    let lab = lab();
    let other = Lab::new(1, "16m");
    other.ok("vgcreate -s 1m vg disk1");
    other.ok("lvcreate -l2 -n c vg");
    let id = value(&other, "vgs --noheadings -o vg_uuid");
    let ours = value(&lab, "vgs --noheadings -o vg_uuid");
    copy(&other, "disk1", &lab, "guest");
    let mut ids = [id.as_str(), ours.as_str()];
    ids.sort_unstable();
    let told = format!("WARNING: VG name vg is used by VGs {} and {}.", ids[0], ids[1]);
    for command in [
        "vgs vg",
        "vgdisplay vg",
        "lvs vg",
        "lvs vg/a",
        "vgck vg",
        "vgcfgbackup vg",
        "lvcreate -l1 -n n vg",
        "lvextend -l+1 vg/a",
        "lvchange --addtag t vg/a",
        "lvremove -y vg/a",
        "lvrename vg a z",
        "vgchange --addtag t vg",
        "vgrename vg w",
        "vgremove -ff -y vg",
        "vgextend vg disk3",
        "vgreduce vg disk2",
        "vgexport vg",
        "vgsplit vg x disk2",
        "vgck --updatemetadata vg",
    ] {
        let reason = "Multiple VGs found with the same name: skipping vg\n  \
                      Use --select vg_uuid=<uuid> in place of the VG name.";
        lab.refuses(command, 5, &[&told, reason]);
    }
    lab.refuses("vgcreate vg disk3", 5, &["A volume group called vg already exists."]);
    let both = lab.run("vgs --noheadings -o vg_name");
    assert_eq!((both.code, both.out.as_str()), (0, "  vg\n  vg\n"), "{both:?}");
    let tags = |lab: &Lab| value(lab, &format!("vgs --noheadings -o vg_tags -S vg_uuid={id}"));
    let before = lab.disks();
    lab.ok(&format!("vgchange --addtag t --select vg_uuid={id}"));
    assert_eq!(tags(&lab), "t");
    let after = lab.disks();
    let changed: Vec<&String> =
        before.keys().filter(|disk| before[*disk] != after[*disk]).collect();
    assert_eq!(changed, ["guest.img"]);
    let lvs = |lab: &Lab| value(lab, &format!("lvs --noheadings -o lv_tags -S vg_uuid={id}"));
    lab.ok(&format!("lvchange --addtag u --select vg_uuid={id}"));
    assert_eq!(lvs(&lab), "u");
    assert_eq!(lab.run("vgck").code, 0);
    lab.ok(&format!("vgrename {id} w"));
    let ran = lab.run("vgs --noheadings -o vg_name");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "  vg\n  w \n", ""));
    lab.ok("lvcreate -l1 -n n vg");
}

#[test]
fn a_text_that_no_longer_fits_is_refused() {
    let lab = Lab::new(2, "16m");
    lab.ok("vgcreate -s 1m --metadatasize 64k vg disk1");
    lab.ok("lvcreate -l4 -n a vg");
    let room = "vgs --noheadings --nosuffix --units b -o vg_mda_free vg";
    let mut number = 0;
    let tags = |number: u32| {
        let tag = |place: u32| format!("--addtag {}{number}_{place}", "t".repeat(900));
        (0..50).map(tag).collect::<Vec<_>>().join(" ")
    };
    let refused = loop {
        number += 1;
        let before = lab.disks();
        let ran = lab.run(&format!("vgchange {} vg", tags(number)));
        if ran.code != 0 {
            assert!(lab.disks() == before, "something was written");
            break ran;
        }
        assert!(number < 100, "it never fills up");
    };
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(refused.err.contains("VG vg metadata on disk1 ("), "{refused:?}");
    assert!(refused.err.contains(" bytes) exceeds maximum metadata size ("), "{refused:?}");
    let left: u64 = value(&lab, room).parse().unwrap();
    assert!(left < 50_000, "{left}");
    // What fits is still done, and so is what makes room.
    lab.ok("vgck vg");
    lab.ok("lvchange --addtag small vg/a");
    lab.ok("lvremove -y vg/a");
    lab.ok("vgremove vg");
}
