//! Two texts with one seqno, as the program shows and resolves them.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use support::Lab;

/// A lab whose VG `v` was changed on disk1 without disk2, and on disk2 without disk1.
fn forked() -> Lab {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate v disk1 disk2");
    let (one, two) = (lab.path().join("disk1.img"), lab.path().join("disk2.img"));
    let keep = lab.path().join("before");
    std::fs::create_dir(&keep).unwrap();
    for disk in [&one, &two] {
        std::fs::copy(disk, keep.join(disk.file_name().unwrap())).unwrap();
    }
    lab.ok("lvcreate -n other -l 3 v");
    let changed = std::fs::read(&two).unwrap();
    for disk in [&one, &two] {
        std::fs::copy(keep.join(disk.file_name().unwrap()), disk).unwrap();
    }
    lab.ok("vgchange --addtag tagged v");
    std::fs::write(&two, changed).unwrap();
    lab
}

#[test]
fn a_fork_is_shown_and_refused_for_change() {
    let lab = forked();
    let before = lab.disks();
    assert_eq!(lab.ok("vgs --noheadings -o vg_tags v").trim(), "tagged");
    let ran = lab.run("vgchange --addtag t v");
    assert_eq!(ran.code, 5);
    assert!(ran.err.contains("vgck --updatemetadata --keep PV v"), "{ran:?}");
    for line in ["vgck v", "vgck --updatemetadata v", "vgck --updatemetadata -y v"] {
        let ran = lab.run(line);
        assert_eq!(ran.code, 5, "{line}");
        let words = [
            "Volume group v has 2 different copies of its metadata with seqno 2.",
            "Copy on disk1, shown by all commands: seqno 2, written 20",
            "Copy on disk2: seqno 2, written 20",
            "+     other {",
        ];
        for word in words {
            assert!(ran.err.contains(word), "{line}: {word}: {ran:?}");
        }
    }
    assert_eq!(lab.disks(), before);
}

#[test]
fn the_copy_that_is_named_is_kept() {
    for (disk, tags, lvs) in [("disk1", "tagged", ""), ("disk2", "", "other")] {
        let lab = forked();
        let shown = lab.ok(&format!("vgck --updatemetadata --keep {disk} --plan v"));
        assert!(shown.contains("metadata text of VG v, seqno 3"), "{shown}");
        lab.ok(&format!("vgck --updatemetadata --keep {disk} v"));
        assert_eq!(lab.ok("vgs --noheadings -o vg_tags v").trim(), tags, "{disk}");
        assert_eq!(lab.ok("lvs --noheadings -o lv_name v").trim(), lvs, "{disk}");
        let ran = lab.run("vgck v");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{disk}");
        lab.ok("vgchange --addtag t v");
    }
}

/// What LVM2 2.03.16 says of the same copies.
#[test]
fn copies_that_are_repaired_are_named() {
    let lab = Lab::new(3, "64m");
    lab.ok("vgcreate v disk1 disk2 disk3");
    let (two, three) = (lab.path().join("disk2.img"), lab.path().join("disk3.img"));
    let (old_two, old_three) = (std::fs::read(&two).unwrap(), std::fs::read(&three).unwrap());
    lab.ok("vgreduce v disk3");
    std::fs::write(&two, old_two).unwrap();
    std::fs::write(&three, old_three).unwrap();
    let ran = lab.run("vgck --updatemetadata v");
    let lines: Vec<&str> = ran.err.lines().map(str::trim).collect();
    let expected = [
        "WARNING: wiping mda on outdated PV disk3",
        "WARNING: wiping header on outdated PV disk3",
        "WARNING: updating old metadata to 3 on disk2 for VG v.",
    ];
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(lines.ends_with(&expected), "{lines:#?}");
    let ran = lab.run("pvs --noheadings -o pv_name,vg_name,pv_in_use");
    assert_eq!(ran.err, "");
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    assert_eq!(words, ["disk1", "v", "used", "disk2", "v", "used", "disk3"]);
}

#[test]
fn there_is_nothing_to_keep_where_all_copies_agree() {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate v disk1 disk2");
    let before = lab.disks();
    assert_eq!(lab.run("vgck --updatemetadata --keep disk1 v").code, 5);
    assert_eq!(lab.run("vgck --keep disk1 v").code, 3);
    assert_eq!(lab.disks(), before);
}

#[test]
fn a_plan_to_keep_a_copy_is_applied_unless_the_fork_has_changed() {
    let lab = forked();
    let file = lab.path().join("plan");
    let file = file.to_str().unwrap();
    lab.ok(&format!("vgck --updatemetadata --keep disk2 --plan={file} v"));
    lab.ok(&format!("apply {file}"));
    assert_eq!(lab.ok("lvs --noheadings -o lv_name v").trim(), "other");
    let ran = lab.run("vgck v");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(lab.run(&format!("apply {file}")).code, 5);
}
