//! Metadata that is intact as bytes and makes no sense: it is shown or refused with a reason, and
//! nothing else is written.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use extant_core::crc::crc;
use std::fs;
use support::Lab;

/// Where the header of the first metadata area stands, and in it the location of the text.
const HEADER: usize = 4096;
const LOCATION: usize = HEADER + 40;

/// Changes the committed text on a disk, in its length, and makes the checksums right again.
fn edit(lab: &Lab, disk: &str, from: &str, to: &str) {
    assert_eq!(from.len(), to.len(), "a text keeps its length");
    let path = lab.path().join(format!("{disk}.img"));
    let mut bytes = fs::read(&path).unwrap();
    let number = |bytes: &[u8], at: usize| {
        usize::try_from(u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())).unwrap()
    };
    let start = HEADER + number(&bytes, LOCATION);
    let end = start + number(&bytes, LOCATION + 8);
    let text = String::from_utf8(bytes[start..end].to_vec()).unwrap();
    assert!(text.contains(from), "{from:?} is not in {text}");
    bytes[start..end].copy_from_slice(text.replacen(from, to, 1).as_bytes());
    let sum = crc(&bytes[start..end]).to_le_bytes();
    bytes[LOCATION + 16..LOCATION + 20].copy_from_slice(&sum);
    let sum = crc(&bytes[HEADER + 4..HEADER + 512]).to_le_bytes();
    bytes[HEADER..HEADER + 4].copy_from_slice(&sum);
    fs::write(path, bytes).unwrap();
}

fn lab() -> Lab {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate -s 1m vg disk1");
    lab.ok("lvcreate -l4 -n a vg");
    lab.ok("lvcreate -l4 -n b vg");
    lab
}

/// Commands that are refused with a reason, and write nothing.
fn are_refused(lab: &Lab, commands: &[&str], reason: &str) {
    let before = lab.disks();
    for command in commands {
        let ran = lab.run(command);
        assert_eq!(ran.code, 5, "{command}: {ran:?}");
        assert!(ran.err.contains(reason), "{command}: {ran:?}");
        assert!(lab.disks() == before, "{command}: something was written");
    }
}

#[test]
fn a_vg_with_overlapping_lvs_is_not_changed_until_one_of_them_goes() {
    let lab = lab();
    edit(&lab, "disk1", "\"pv0\", 4", "\"pv0\", 2");
    let commands = [
        "lvcreate -l1 -n c vg",
        "lvextend -l+1 vg/a",
        "vgchange --addtag t vg",
        "lvrename vg a z",
        "vgextend vg disk2",
        "vgrename vg other",
    ];
    let reason = "Volume group \"vg\" is inconsistent: LVs a and b both lie on extent 2 of PV";
    are_refused(&lab, &commands, reason);
    let ran = lab.run("vgck vg");
    assert_eq!(ran.code, 5, "{ran:?}");
    lab.ok("lvremove -y vg/b");
    lab.ok("lvcreate -l1 -n c vg");
    lab.ok("vgck vg");
}

#[test]
fn unknown_content_is_kept_and_can_be_replaced_by_a_backup() {
    let lab = lab();
    edit(&lab, "disk1", "type = \"striped\"", "type = \"strange\"");
    are_refused(&lab, &["lvcreate -l1 -n c vg"], "strange");
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
    are_refused(&lab, &commands, "Cannot use small: device is too small (pv_min_size)");
}
