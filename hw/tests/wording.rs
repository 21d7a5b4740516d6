//! Wrong command lines: exit code and words are those of the real LVM2, asked at the same time.
#![allow(missing_docs, reason = "tests")]

mod support;

use std::process::Command;
use support::{Lab, Ran};

/// Command lines that LVM2 2.03.16 refuses before it looks at a device, or for want of an object.
const LINES: &[&str] = &[
    "lvs --badopt",
    "lvs -X",
    "lvs --un",
    "lvs -o",
    "lvs --units",
    "lvs --all=foo",
    "lvs --units x",
    "lvs --size 5",
    "lvs --noheadings --noheadings",
    "lvs -a -a",
    "lvs --reportformat foo",
    "lvs nosuch",
    "lvs nosuch/lv",
    "lvs a:b",
    "lvs a:b/c",
    "lvs vg/lv/x",
    "vgs nosuch",
    "vgs vg/lv",
    "vgs --driverloaded x",
    "pvs nosuch",
    "lvcreate",
    "lvcreate -L x vg",
    "lvcreate -L 5 -L 6 vg",
    "lvcreate -L -5 vg",
    "lvcreate -l 5 -L5 vg",
    "lvcreate -n a vg",
    "lvcreate -L5 -Z q vg",
    "lvcreate --alloc foo -L5 vg",
    "lvcreate -i 0 -L4 vg",
    "lvcreate -i x -L4 vg",
    "lvcreate --addtag * -L4 vg",
    "lvcreate --si 5 nosuch",
    "lvcreate -n a:b -L5 vg",
    "lvcreate -n snapshot1 -L5 vg",
    "lvcreate -n a -l 5%FOO vg",
    "lvcreate -L4 a:b",
    "lvcreate -L4 vg/foo",
    "lvcreate -n vg2/foo -L4 vg",
    "pvcreate",
    "pvcreate nosuch",
    "vgcreate",
    "vgcreate vg",
    "vgcreate a:b nosuch",
    "vgcreate . nosuch",
    "vgrename a",
    "vgrename a b c",
    "vgrename nosuch other",
    "lvrename",
    "lvrename a",
    "lvrename vg a b:c",
    "lvrename vg v1 snapshot",
    "lvrename vg/v1 vg/v1",
    "lvrename vg/a b/c",
    "vgextend",
    "lvextend vg/lv",
    "lvextend -L",
    "lvextend -L+4 vg",
    "lvextend -l5 -L5 vg/lv",
    "lvextend -L+4 nosuch/lv",
    "lvremove",
    "lvremove nosuch/lv",
    "lvchange",
    "lvchange vg/lv",
    "lvchange --addtag t nosuch/lv",
    "vgchange",
    "vgchange -an -p 5 nosuch",
    "vgchange -aq nosuch",
    "vgchange --addtag t nosuch",
    "pvchange",
    "pvchange nosuch",
    "pvremove",
    "pvresize",
    "vgreduce",
    "vgreduce a",
    "vgreduce -a vg disk1",
    "vgreduce --removemissing vg disk1",
    "vgsplit a b",
    "vgmerge a",
    "vgexport",
    "vgexport vg -a",
    "vgimport",
    "vgremove nosuch",
    "vgremove vg/lv",
    "vgcfgrestore",
    "vgcfgbackup a/b",
    "vgcfgbackup nosuch",
    "vgck nosuch",
    "vgck --updatemetadata",
    "pvck",
    "pvck --dump foo disk1",
    "nosuch",
    "-v version",
    "help nosuch",
];

/// Runs LVM2 with a configuration that sees no device.
fn lvm(system: &std::path::Path, line: &str) -> Ran {
    Command::new("lvm")
        .args(line.split(' '))
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("LC_ALL", "C")
        .env("LVM_SYSTEM_DIR", system)
        .env("LVM_SUPPRESS_FD_WARNINGS", "1")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("lvm runs")
        .into()
}

/// Leaves out what is said because there is no device-mapper.
fn without_warning(text: &str) -> String {
    let lines = text.lines().filter(|line| {
        *line != "  WARNING: Activation disabled. No device-mapper interaction will be attempted."
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Leaves out examples of the syntax: they are our own.
fn without_syntax(text: &str) -> &str {
    let examples = ["  Nearest similar command has syntax:", "  Correct command syntax is:"];
    let ends = examples.iter().filter_map(|example| text.find(example));
    ends.min().map_or(text, |end| &text[..end])
}

#[test]
fn wrong_command_lines_get_lvm2s_words() {
    let present = Command::new("lvm").arg("version").output();
    if !present.is_ok_and(|output| output.status.success()) {
        println!("skipped: there is no lvm here");
        return;
    }
    if !nix::unistd::geteuid().is_root() {
        println!("skipped: lvm wants root");
        return;
    }
    let system = tempfile::tempdir().expect("there is room for a directory");
    let lock = system.path().join("lock");
    let config = format!(
        "global {{ activation=0 locking_dir=\"{}\" }}\n\
         devices {{ use_devicesfile=0 obtain_device_list_from_udev=0 hints=\"none\" filter=[\"r|.*|\"] }}\n",
        lock.display()
    );
    std::fs::write(system.path().join("lvm.conf"), config).expect("it can be written");
    let lab = Lab::new(1, "16m");
    let mut different = Vec::new();
    for line in LINES {
        let mut theirs = lvm(system.path(), line);
        theirs.err = without_syntax(&without_warning(&theirs.err)).to_owned();
        let mut ours = lab.run(line);
        ours.err = without_syntax(&ours.err).to_owned();
        if ours != theirs {
            different.push(format!("{line}\n  lvm:    {theirs:?}\n  extant: {ours:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
