//! Metadata that is intact as bytes and makes no sense: it is shown or refused with a reason, and
//! nothing else is written.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use support::Lab;
use support::image::Image;

fn lab() -> Lab {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate -s 1m vg disk1");
    lab.ok("lvcreate -l4 -n a vg");
    lab.ok("lvcreate -l4 -n b vg");
    lab
}

/// The same, smaller.
fn small_lab() -> Lab {
    let lab = Lab::new(2, "8m");
    lab.ok("vgcreate -s 1m vg disk1");
    lab.ok("lvcreate -l2 -n a vg");
    lab.ok("lvcreate -l2 -n b vg");
    lab
}

#[test]
fn a_vg_with_overlapping_lvs_is_not_changed_until_one_of_them_goes() {
    let lab = lab();
    Image::open(&lab, "disk1").edit("\"pv0\", 4", "\"pv0\", 2");
    let commands = [
        "lvcreate -l1 -n c vg",
        "lvextend -l+1 vg/a",
        "vgchange --addtag t vg",
        "lvrename vg a z",
        "vgextend vg disk2",
        "vgrename vg other",
    ];
    let reason = "Volume group \"vg\" is inconsistent: LVs a and b both lie on extent 2 of PV";
    for command in commands {
        lab.refuses(command, 5, &[reason]);
    }
    let ran = lab.run("vgck vg");
    assert_eq!(ran.code, 5, "{ran:?}");
    lab.ok("lvremove -y vg/b");
    lab.ok("lvcreate -l1 -n c vg");
    lab.ok("vgck vg");
}

#[test]
fn unknown_content_is_kept_and_can_be_replaced_by_a_backup() {
    let lab = lab();
    Image::open(&lab, "disk1").edit("type = \"striped\"", "type = \"strange\"");
    lab.refuses("lvcreate -l1 -n c vg", 5, &["strange"]);
    assert!(lab.ok("lvs --noheadings -o lv_name vg").contains('a'));
    lab.ok("vgcfgrestore -y --force vg");
    lab.ok("lvcreate -l1 -n c vg");
    let archive = lab.path().join(".extant");
    let mut texts = Vec::new();
    let mut directories = vec![archive];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap().flatten() {
            if entry.path().is_dir() {
                directories.push(entry.path());
            } else if entry.file_name().to_string_lossy().ends_with(".vg") {
                texts.push(fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    assert!(texts.iter().any(|text| text.contains("strange")), "what was replaced is archived");
}

#[test]
fn a_device_that_has_shrunk_is_told_of() {
    let lab = lab();
    let path = lab.path().join("disk1.img");
    fs::OpenOptions::new().write(true).open(path).unwrap().set_len(32 << 20).unwrap();
    for command in ["vgs", "lvs", "pvs", "vgck vg", "lvchange --addtag t vg/a"] {
        let ran = lab.run(command);
        assert_eq!(ran.code, 0, "{command}: {ran:?}");
        let told = "  WARNING: Device disk1 has size of 65536 sectors which is smaller than \
                    corresponding PV size of 131072 sectors. Was device resized?\n  \
                    WARNING: One or more devices used as PVs in VG vg have changed sizes.\n";
        assert_eq!(ran.err, told, "{command}");
    }
}

#[test]
fn devices_that_may_not_be_pvs_are_refused_with_the_reason() {
    let lab = lab();
    let small = fs::File::create(lab.path().join("small.img")).unwrap();
    small.set_len(1 << 20).unwrap();
    let commands = [
        "pvcreate small",
        "pvremove small",
        "pvchange -x n small",
        "pvresize small",
        "vgcreate v small",
        "vgextend vg small",
        "vgreduce vg small",
    ];
    for command in commands {
        lab.refuses(command, 5, &["Cannot use small: device is too small (pv_min_size)"]);
    }
}

/// Changes that come to the whole VG, to one LV, and to its PVs.
const CHANGES: &[&str] = &[
    "vgchange --addtag t vg",
    "lvcreate -l1 -n c vg",
    "lvchange --addtag t vg/a",
    "lvextend -l+1 vg/a",
    "lvrename vg b z",
    "vgrename vg w",
    "vgextend vg disk2",
    "vgck --updatemetadata vg",
    "vgremove -ff -y vg",
];

#[test]
fn numbers_too_large_to_be_any_are_refused_with_their_place() {
    let lab = small_lab();
    let good = lab.disks();
    for (from, to, place, reason) in [
        ("pe_count = 7", "pe_count = 4294967296", "vg/physical_volumes/pv0/pe_count", "range"),
        ("pe_count = 7", "pe_count = 99999999999999999999", "byte ", "does not fit 64 bits"),
        ("pe_count = 7", "pe_count = -1", "vg/physical_volumes/pv0/pe_count", "range"),
        ("extent_size = 2048", "extent_size = 0", "vg/extent_size", "not allowed"),
        ("extent_size = 2048", "extent_size = 1099511627776", "vg/extent_size", ""),
        ("extent_count = 2", "extent_count = 8589934592", "vg/logical_volumes/a/segment1", ""),
        ("extent_count = 2", "extent_count = 0", "vg/logical_volumes/a/segment1", ""),
        ("segment_count = 1", "segment_count = 4294967295", "vg/logical_volumes/a", "found"),
        ("stripe_count = 1", "stripe_count = 4294967295", "segment1", ""),
        ("\"pv0\", 0", "\"pv7\", 0", "segment1/stripes", "value \"pv7\" is not known"),
        ("\"pv0\", 0", "\"pv0\", -1", "segment1/stripes", ""),
    ] {
        lab.restore(&good);
        Image::open(&lab, "disk1").edit(from, to);
        let told = "WARNING: couldn't read volume group metadata from disk1: ";
        let missing = "Volume group \"vg\" not found";
        for command in ["vgs vg", "lvs vg", "vgck vg", "vgcfgbackup vg"].iter().chain(CHANGES) {
            lab.refuses(command, 5, &[told, place, reason, missing]);
        }
    }
}

#[test]
fn extents_that_are_not_there_are_refused_with_the_lv() {
    let lab = small_lab();
    let good = lab.disks();
    for (from, to) in [
        ("extent_count = 2", "extent_count = 4294967295"),
        ("extent_count = 2", "extent_count = 400"),
        ("\"pv0\", 0", "\"pv0\", 4294967295"),
        ("\"pv0\", 0", "\"pv0\", 60"),
    ] {
        lab.restore(&good);
        Image::open(&lab, "disk1").edit(from, to);
        lab.refuses("vgck vg", 5, &["LV a lies on extents up to "]);
        assert_eq!(lab.run("vgs vg").code, 0, "{to}");
        for command in ["vgchange --addtag t vg", "lvchange --addtag t vg/a", "vgrename vg w"] {
            lab.refuses(command, 5, &["\"vg\" is inconsistent: LV a lies on extents up to "]);
        }
        for command in ["lvcreate -l1 -n c vg", "vgck --updatemetadata vg"] {
            lab.refuses(command, 5, &["\"vg\""]);
        }
    }
}

#[test]
fn cycles_between_lvs_are_refused_with_one_of_them() {
    let lab = small_lab();
    let good = lab.disks();
    for edits in [
        &[("\"pv0\", 0", "\"b\", 0"), ("\"pv0\", 2", "\"a\", 0")][..],
        &[("\"pv0\", 0", "\"a\", 0")],
    ] {
        lab.restore(&good);
        for (from, to) in edits {
            Image::open(&lab, "disk1").edit(from, to);
        }
        for command in
            ["vgs vg", "lvs -a -o+devices,seg_pe_ranges vg", "pvs -o+lv_name", "lvdisplay -m vg"]
        {
            assert_eq!(lab.run(command).code, 0, "{command}");
        }
        lab.refuses("vgck vg", 5, &["LV a is, in the end, made of itself"]);
        let reason = "\"vg\" is inconsistent: LV a is, in the end, made of itself.";
        for command in ["vgchange --addtag t vg", "lvcreate -l1 -n c vg", "vgrename vg w"] {
            lab.refuses(command, 5, &[reason]);
        }
        for command in ["lvremove -y vg/a", "lvextend -l+1 vg/a", "lvreduce -fy -l1 vg/b"] {
            lab.refuses(command, 5, &["vg"]);
        }
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let lab = small_lab();
    let good = lab.disks();
    let sections = format!("x {}{}", "{a ".repeat(100_000), "}".repeat(100_000));
    let open = "a {".repeat(100_000);
    let lists = format!("flags = {}{}", "[".repeat(200_000), "]".repeat(200_000));
    for (to, reason) in [
        (sections.as_str(), "nested more than 64 deep"),
        (&open, "nested more than 64 deep"),
        (&lists, "expected a value"),
        ("flags = [\"", ""),
    ] {
        lab.restore(&good);
        Image::open(&lab, "disk1").edit("flags = []", to);
        for command in ["vgs vg", "vgck vg", "vgchange --addtag t vg", "vgremove -ff -y vg"] {
            let told = "WARNING: couldn't read volume group metadata from disk1: ";
            lab.refuses(command, 5, &[told, reason, "Volume group \"vg\" not found"]);
        }
    }
}
