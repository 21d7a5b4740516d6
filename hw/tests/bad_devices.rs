//! Devices that cannot be written or read: what was committed stays, and the device and the reason
//! are told. What fails at which step, and what becomes of it, is the simulator's to try
//! (`sim/tests/operations.rs`, `rule.rs` and `scan.rs`).

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use support::image::Image;
use support::{Lab, Ran};

/// Runs a command whose files cannot be written behind so many sectors.
fn run_with_limit(lab: &Lab, line: &str, sectors: u64) -> Ran {
    let script = format!("trap '' XFSZ; ulimit -f {sectors}; exec \"$0\" {line}");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_extant")).env("EXTANT_LAB", lab.path());
    command.output().unwrap().into()
}

#[test]
fn a_device_that_fails_while_the_text_is_written_keeps_the_old_one() {
    let lab = Lab::new(2, "16m");
    lab.ok("vgcreate -s 1m vg disk1 disk2");
    let text = |disk: &str| {
        let disk = Image::open(&lab, disk);
        (disk.location(), disk.read(disk.text_start(), disk.location().size))
    };
    let before = (text("disk1"), text("disk2"));
    let disk = Image::open(&lab, "disk1");
    let next = (disk.text_start() + disk.location().size).next_multiple_of(512);
    for command in ["vgchange --addtag t vg", "vgrename vg w"] {
        // The limit is in the middle of the new text.
        for limit in [next / 512, next / 512 + 1] {
            let ran = run_with_limit(&lab, command, limit);
            assert_eq!(ran.code, 5, "{command}: {ran:?}");
            assert!(ran.err.contains("disk1") && ran.err.contains("disk2"), "{command}: {ran:?}");
            assert!(ran.err.contains("File too large"), "{command}: {ran:?}");
            assert!((text("disk1"), text("disk2")) == before, "{command}: the old text is gone");
            let ran = lab.run("vgck vg");
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{command}: {ran:?}");
        }
    }
    let before = lab.disks();
    for limit in [0, 2, 4] {
        let ran = run_with_limit(&lab, "vgchange --addtag t vg", limit);
        assert_eq!(ran.code, 5, "{ran:?}");
        assert!(ran.err.contains("File too large"), "{ran:?}");
        assert!(lab.disks() == before, "something was written");
    }
    lab.ok("vgchange --addtag t vg");
}

#[test]
fn a_read_only_disk_is_named() {
    let lab = Lab::new(2, "16m");
    lab.ok("vgcreate -s 1m vg disk1");
    for disk in ["disk1", "disk2"] {
        let path = lab.path().join(format!("{disk}.img"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o444)).unwrap();
    }
    lab.refuses("pvcreate disk2", 5, &["disk2"]);
    lab.refuses("vgextend vg disk2", 5, &["disk2"]);
    lab.refuses("vgcreate n disk2", 5, &["disk2"]);
}
