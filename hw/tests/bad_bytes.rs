//! Bytes that are not what was written: labels, headers, locations and texts, on one of two copies
//! and on all. What is wrong is told with its place; the VG lives on the copy that is right; only
//! `vgck --updatemetadata` mends the other.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs::OpenOptions;
use std::process::Command;
use support::image::{HEADER, Image, LABEL};
use support::{Lab, Ran};

/// A VG on two disks, each with a copy of its metadata.
fn lab() -> Lab {
    let lab = Lab::new(3, "8m");
    lab.ok("vgcreate -s 1m vg disk1 disk2");
    lab.ok("lvcreate -l4 -n a vg disk1");
    lab.ok("lvcreate -l4 -n b vg disk2");
    lab
}

struct Damage {
    name: &'static str,
    make: fn(&Image),
    /// What is said of it, `@` for the disk.
    told: &'static str,
    /// What `pvck` says of it.
    check: &'static str,
}

const TEXTS: &[Damage] = &[
    Damage {
        name: "a bit of the header",
        make: |disk| disk.flip(HEADER + 200),
        told: "wrong checksum ",
        check: "CHECK: mda_header_1.checksum expected 0x",
    },
    Damage {
        name: "the magic of the header",
        make: |disk| disk.change_header(|header| header[5] = 0),
        told: "wrong magic number in mda header on @ at 4096",
        check: "CHECK: mda_header_1.magic expected 0x204c564d3220785b35412572304e2a3e",
    },
    Damage {
        name: "the version of the header",
        make: |disk| disk.change_header(|header| header[20] = 2),
        told: "wrong version 2 in mda header on @ at 4096",
        check: "CHECK: mda_header_1.version expected 1",
    },
    Damage {
        name: "the place of the header",
        make: |disk| disk.change_header(|header| header[24] = 2),
        told: "wrong start sector 4098 in mda header on @ at 4096",
        check: "CHECK: mda_header_1.start does not match pv_header.disk_locn.offset 4096",
    },
    Damage {
        name: "the size of the area",
        make: |disk| disk.change_header(|header| header[39] = 0x80),
        told: "wrong size 9223372036855820288 in mda header on @ at 4096",
        check: "CHECK: mda_header_1.size does not match pv_header.disk_locn.size 1044480",
    },
    Damage {
        name: "the header is gone",
        make: |disk| disk.write(HEADER, &[0; 512]),
        told: "bad metadata header on @ at 4096",
        check: "CHECK: mda_header_1.checksum expected 0x",
    },
    Damage {
        name: "a text that begins behind the area",
        make: |disk| disk.relocate(|text| text.offset = 1 << 40),
        told: "metadata text at offset 1099511627776 does not begin in the ring of an area of \
               1044480 bytes",
        check: "CHECK: failed to read metadata text at mda_header_1.raw_locn[0].offset \
                1099511627776 size ",
    },
    Damage {
        name: "a text that begins in the header",
        make: |disk| disk.relocate(|text| text.offset = 100),
        told: "metadata text at offset 100 does not begin in the ring",
        check: "CHECK: failed to read metadata text at mda_header_1.raw_locn[0].offset 100 size ",
    },
    Damage {
        name: "a text longer than the area",
        make: |disk| disk.relocate(|text| text.size = 3 << 30),
        told: "metadata text of 3221225472 bytes does not fit an area of 1044480 bytes",
        check: "CHECK: mda_header_1.raw_locn[0].size larger than metadata area size",
    },
    Damage {
        name: "a text of the highest size there is",
        make: |disk| disk.relocate(|text| text.size = u64::MAX),
        told: "metadata text of 18446744073709551615 bytes does not fit an area",
        check: "CHECK: mda_header_1.raw_locn[0].size larger than metadata area size",
    },
    Damage {
        name: "a text without bytes",
        make: |disk| disk.relocate(|text| text.size = 0),
        told: "metadata text of 0 bytes does not fit an area",
        check: "CHECK: failed to read metadata text at mda_header_1.raw_locn[0].offset ",
    },
    Damage {
        name: "a bit of the text",
        make: |disk| disk.flip(disk.text_start() + 700),
        told: "Checksum error on @ at offset ",
        check: "crc does not match mda_header_1.raw_locn[0].checksum",
    },
    Damage {
        name: "a text that is cut off",
        make: |disk| disk.write(disk.text_start() + 600, &[0; 3000]),
        told: "Checksum error on @ at offset ",
        check: "CHECK: failed to parse metadata text at ",
    },
    Damage {
        name: "a text that is cut off at once",
        make: |disk| disk.write(disk.text_start() + 20, &[0; 4000]),
        told: "Bad metadata text on @ at ",
        check: "CHECK: failed to parse metadata text at ",
    },
    Damage {
        name: "a text that is another",
        make: |disk| disk.edit("seqno = ", "seqno # "),
        told: "Bad metadata text on @ at ",
        check: "CHECK: failed to parse metadata text at ",
    },
];

fn damage(lab: &Lab, damage: &Damage, disks: &[&str]) {
    for disk in disks {
        (damage.make)(&Image::open(lab, disk));
    }
}

fn tells(ran: &Ran, damage: &Damage, disk: &str) {
    let told = damage.told.replace('@', disk);
    let name = damage.name;
    assert!(ran.err.contains(&told), "{name}: {told:?} is not in {ran:?}");
    for line in [
        format!("WARNING: scanning {disk} mda1 failed to read metadata summary."),
        format!("WARNING: repair VG metadata on {disk} with vgck --updatemetadata."),
    ] {
        assert!(ran.err.contains(&line), "{name}: {line:?} is not in {ran:?}");
    }
}

#[test]
fn one_bad_copy_of_two_is_told_of_and_mended_only_when_asked_to() {
    let lab = lab();
    let good = lab.disks();
    for case in TEXTS {
        lab.restore(&good);
        damage(&lab, case, &["disk1"]);
        let before = lab.disks();
        // A report believes a header whose text it has read elsewhere; vgck reads all copies.
        let ran = lab.run("vgck vg");
        assert_eq!(ran.code, 0, "{}: {ran:?}", case.name);
        tells(&ran, case, "disk1");
        assert!(lab.ok("lvs --noheadings -o lv_name vg").contains('a'), "{}", case.name);
        assert!(lab.disks() == before, "{}: something was written", case.name);
        let first = Image::open(&lab, "disk1").read(0, 1 << 20);
        lab.ok("lvchange --addtag t vg/a");
        assert!(Image::open(&lab, "disk1").read(0, 1 << 20) == first, "{}: mended", case.name);
        lab.ok("vgck --updatemetadata vg");
        let ran = lab.run("vgck vg");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}: {ran:?}", case.name);
        assert_eq!(lab.run("pvck disk1").code, 0, "{}", case.name);
    }
}

#[test]
fn without_a_good_copy_there_is_no_vg_and_the_reason_is_told() {
    let lab = lab();
    let good = lab.disks();
    for case in TEXTS {
        lab.restore(&good);
        damage(&lab, case, &["disk1", "disk2"]);
        let before = lab.disks();
        for command in [
            "vgs vg",
            "lvs vg",
            "vgck vg",
            "lvchange --addtag t vg/a",
            "lvcreate -l1 -n n vg",
            "vgremove -ff -y vg",
            "vgck --updatemetadata vg",
            "vgcfgbackup vg",
            "vgrename vg w",
            "vgextend vg disk3",
        ] {
            let ran = lab.run(command);
            assert_eq!(ran.code, 5, "{}: {command}: {ran:?}", case.name);
            assert!(ran.err.contains("\"vg\" not found"), "{}: {command}: {ran:?}", case.name);
            tells(&ran, case, "disk1");
            tells(&ran, case, "disk2");
        }
        // What belongs to a VG that cannot be read is not taken for something else.
        for command in ["vgcreate n disk1", "pvcreate disk1", "pvremove disk2"] {
            assert_eq!(lab.run(command).code, 5, "{}: {command}", case.name);
        }
        assert!(lab.disks() == before, "{}: something was written", case.name);
        let ran = lab.run("pvck disk1");
        assert_eq!(ran.code, 5, "{}: {ran:?}", case.name);
        assert!(ran.out.contains(case.check), "{}: {ran:?}", case.name);
        assert!(ran.err.ends_with("Command failed with status code 5.\n"), "{ran:?}");
        for what in ["headers", "metadata"] {
            let ran = lab.run(&format!("pvck --dump {what} disk1"));
            assert_eq!(ran.code, 5, "{}: {what}: {ran:?}", case.name);
            assert!(ran.out.contains(case.check), "{}: {ran:?}", case.name);
            assert!(ran.err.ends_with("Found bad header or metadata values.\n"), "{ran:?}");
        }
        lab.run("pvck --dump metadata_all disk1");
        assert!(lab.disks() == before, "{}: something was written", case.name);
    }
}

/// A damaged label: what is damaged, how, and what is said of it.
type LabelCase = (&'static str, fn(&Image), &'static str);

/// Label and PV header: the device is no PV then, and the VG lacks it.
const LABELS: &[LabelCase] = &[
    ("a bit of the label", |disk| disk.flip(LABEL + 300), "sector 1: label checksum is "),
    (
        "the second half of the label",
        |disk| disk.write(LABEL + 40, &[0; 472]),
        "sector 1: label checksum is ",
    ),
    (
        "the sector of the label",
        |disk| disk.change_label(|label| label[8] = 3),
        "sector 1: label in sector 1 says it belongs to sector 3",
    ),
    (
        "the offset of the PV header",
        |disk| disk.change_label(|label| label[20..24].copy_from_slice(&u32::MAX.to_le_bytes())),
        "sector 1: label says its PV header is at offset 4294967295",
    ),
    (
        "the identity of the PV",
        |disk| disk.change_label(|label| label[32] = b'/'),
        "sector 1: PV header has an invalid UUID",
    ),
    (
        "areas without end",
        |disk| disk.change_label(|label| label[72..].fill(1)),
        "sector 1: PV header's list of data areas has no end",
    ),
];

#[test]
fn a_damaged_label_is_told_of_with_the_reason() {
    let lab = lab();
    let good = lab.disks();
    for (name, make, told) in LABELS {
        lab.restore(&good);
        make(&Image::open(&lab, "disk1"));
        let told = format!("WARNING: Ignoring damaged label on disk1 at {told}");
        let before = lab.disks();
        let ran = lab.run("pvs");
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        assert!(ran.err.contains(&told), "{name}: {told:?} is not in {ran:?}");
        assert!(ran.err.contains("WARNING: VG vg is missing PV "), "{name}: {ran:?}");
        assert!(ran.out.contains("[unknown]"), "{name}: {ran:?}");
        for command in ["lvcreate -l1 -n n vg", "lvextend -l+1 vg/b", "vgrename vg w"] {
            lab.refuses(command, 5, &[&told, "Cannot change VG vg while PVs are missing."]);
        }
        assert_eq!(lab.run("pvck disk1").code, 5, "{name}");
        assert!(lab.disks() == before, "{name}: something was written");
        make(&Image::open(&lab, "disk2"));
        lab.refuses("vgs vg", 5, &[&told, "Volume group \"vg\" not found"]);
    }
}

#[test]
fn an_area_that_lies_nowhere_is_told_of() {
    let lab = lab();
    let place = |label: &mut [u8], at: u64| label[104..112].copy_from_slice(&at.to_le_bytes());
    Image::open(&lab, "disk1").change_label(|label| place(label, u64::MAX - 1000));
    let ran = lab.run("vgs vg");
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = "WARNING: bad metadata area on disk1 at 18446744073709550615: it does not lie on the \
                device.";
    assert!(ran.err.contains(told), "{ran:?}");
    Image::open(&lab, "disk2").change_label(|label| place(label, 1 << 50));
    lab.refuses("vgs vg", 5, &[told, "bad metadata area on disk2 at 1125899906842624"]);
}

/// Runs a command with no more than so much memory to its name.
fn run_with_memory(lab: &Lab, line: &str, mib: u64) -> Ran {
    let script = format!("ulimit -v {}; exec \"$0\" {line}", mib * 1024);
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_extant")).env("EXTANT_LAB", lab.path());
    command.output().unwrap().into()
}

#[test]
fn memory_is_not_asked_for_because_a_header_says_so() {
    let lab = Lab::new(2, "16m");
    lab.ok("vgcreate -s 1m vg disk1");
    lab.ok("vgcreate other disk2");
    let disk = Image::open(&lab, "disk1");
    let area: u64 = 4 << 30;
    // The label, the header and the location agree on an area of 4 GiB and a text of 3 GiB.
    disk.change_label(|label| label[112..120].copy_from_slice(&area.to_le_bytes()));
    disk.change_header(|header| header[32..40].copy_from_slice(&area.to_le_bytes()));
    disk.relocate(|text| text.size = 3 << 30);
    let commands = [
        "vgs vg",
        "vgck vg",
        "vgchange --addtag t vg",
        "pvck disk1",
        "pvck --dump headers disk1",
        "pvck --dump metadata disk1",
    ];
    let before = lab.disks();
    for command in commands {
        let ran = run_with_memory(&lab, command, 256);
        assert_eq!(ran.code, 5, "{command}: {ran:?}");
        let told = if command.starts_with("pvck") {
            "CHECK: failed to read metadata text at mda_header_1.raw_locn[0].offset "
        } else {
            "metadata text of 3221225472 bytes reaches beyond the device, which has 16777216"
        };
        let all = [ran.out.as_str(), ran.err.as_str()].concat();
        assert!(all.contains(told), "{command}: {ran:?}");
    }
    assert!(lab.disks() == before, "something was written");
    let ran = run_with_memory(&lab, "vgs other", 256);
    assert_eq!(ran.code, 0, "{ran:?}");
    // The same on a disk that is long enough, all of it a hole.
    let path = lab.path().join("disk1.img");
    OpenOptions::new().write(true).open(path).unwrap().set_len(10 << 30).unwrap();
    for command in commands {
        let ran = run_with_memory(&lab, command, 256);
        assert_eq!(ran.code, 5, "{command}: {ran:?}");
        if !command.starts_with("pvck") {
            let told = "it does not end where its header says";
            assert!(ran.err.contains(told), "{command}: {ran:?}");
        }
    }
    let ran = run_with_memory(&lab, "pvck --dump metadata_all disk1", 256);
    assert_eq!(ran.code, 0, "{ran:?}");
}
