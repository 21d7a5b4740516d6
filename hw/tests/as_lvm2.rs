//! What the program says and does where it once did otherwise than LVM2 2.03.16.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use support::{Lab, extant};

#[test]
fn a_lab_has_only_the_disks_that_are_listed() {
    let lab = Lab::new(3, "64m");
    lab.ok("vgcreate a disk1");
    lab.ok("vgcreate b disk2");
    assert_eq!(lab.ok("vgs --noheadings -o name --devices disk1").trim(), "a");
    assert_eq!(lab.ok("vgs --noheadings -o name --devices disk2,disk3").trim(), "b");
    let ran = lab.run("pvs --noheadings -o pv_name --devices disk1,nosuch");
    assert_eq!((ran.code, ran.out.trim()), (0, "disk1"));
    assert_eq!(ran.err, "  Device not found for nosuch.\n");
    let ran = lab.run("pvs --devices disk1 disk2");
    assert_eq!((ran.code, ran.out.as_str()), (5, ""));
    assert_eq!(ran.err, "  Cannot use disk2: device is not in devices list\n");
    assert_eq!(lab.run("pvcreate --devices disk1 disk3").code, 5);
    // A devices file is used where it is named, and made by the first PV.
    lab.ok("vgcreate --devicesfile mine c disk3");
    assert_eq!(lab.ok("vgs --noheadings -o name --devicesfile mine").trim(), "c");
    assert_eq!(lab.ok("vgs --noheadings -o name --devicesfile none").lines().count(), 3);
    assert_eq!(lab.ok("vgs --noheadings -o name").lines().count(), 3);
    for (line, said) in [
        (
            "vgs --devices disk1 --devicesfile x",
            "A --devices list cannot be used with --devicesfile.",
        ),
        ("vgs --devicesfile a/b", "Invalid devices file name."),
    ] {
        let ran = lab.run(line);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.err.contains(said), "{ran:?}");
    }
}

/// Copies a disk's first MiB, which holds the label and the metadata.
fn copy(lab: &Lab, from: &str, to: &str) {
    use std::os::unix::fs::FileExt as _;
    let bytes = std::fs::read(lab.path().join(from)).unwrap();
    let to = std::fs::OpenOptions::new().write(true).open(lab.path().join(to)).unwrap();
    to.write_all_at(&bytes[..1 << 20], 0).unwrap();
}

#[test]
fn a_copy_of_a_pv_is_a_duplicate() {
    let lab = Lab::new(3, "64m");
    lab.ok("vgcreate v disk1");
    copy(&lab, "disk1.img", "disk2.img");
    let report = "-o pv_name,vg_name,pv_fmt,pv_attr,pv_size,pv_duplicate,pv_in_use --noheadings";
    let ran = lab.run(&format!("pvs {report}"));
    assert_eq!(ran.out.split_whitespace().next(), Some("disk1"));
    assert_eq!(ran.out.lines().count(), 1, "{ran:?}");
    assert!(ran.err.contains("WARNING: Not using device disk2 for PV "), "{ran:?}");
    let words = |line: &str| -> Vec<String> {
        let out = lab.ok(line);
        let line = out.lines().find(|line| line.contains("disk2")).unwrap();
        line.split_whitespace().map(str::to_owned).collect()
    };
    let expected = ["disk2", "v", "lvm2", "d--", "0", "duplicate", "used"];
    assert_eq!(words(&format!("pvs -a {report}")), expected);
    assert_eq!(words(&format!("pvs {report} disk2")), expected);
    assert_eq!(lab.ok("pvs --noheadings -o pv_name").trim(), "disk1");
    let before = lab.disks();
    for (line, code, said) in [
        ("pvchange -u disk2", 5, "Cannot use device disk2 with duplicates."),
        ("pvresize disk2", 5, "Cannot use device disk2 with duplicates."),
        ("pvremove disk2", 5, "No PV found on device disk2."),
        ("pvcreate disk2", 5, "Cannot use device disk2 with duplicates."),
        ("vgchange --addtag t v", 5, "Cannot update volume group v with duplicate PV devices."),
    ] {
        let ran = lab.run(line);
        assert_eq!(ran.code, code, "{line}: {ran:?}");
        assert!(ran.out.contains(said) || ran.err.contains(said), "{line}: {ran:?}");
    }
    assert_eq!(lab.disks(), before);
}

#[test]
fn a_copy_of_a_pv_of_no_vg_is_a_duplicate_too() {
    let lab = Lab::new(2, "64m");
    lab.ok("pvcreate disk1");
    copy(&lab, "disk1.img", "disk2.img");
    let ran = lab.run("pvs -a --noheadings -o pv_name,vg_name,pv_attr");
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    assert_eq!(words, ["disk1", "---", "disk2", "[unknown]", "d--"]);
    assert!(ran.err.contains("prefers device disk1 because device was seen first."), "{ran:?}");
    let ran = lab.run("pvremove disk2");
    assert_eq!(ran.code, 5, "{ran:?}");
    lab.ok("pvremove disk1");
    assert_eq!(lab.run("pvs").err, "");
}

/// The lines and codes of LVM2 with `activation=0`.
#[test]
fn the_vg_of_a_pv_whose_metadata_is_gone_is_unknown() {
    let lab = Lab::new(2, "64m");
    lab.ok("pvcreate --pvmetadatacopies 0 disk2");
    lab.ok("vgcreate v disk1 disk2");
    lab.ok("pvremove -y -ff disk1");
    let shown = |line: &str| lab.ok(line).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(shown("pvs --noheadings -o pv_name,vg_name,pv_attr"), "disk2 [unknown] u--");
    assert_eq!(shown("pvs --noheadings --segments -o pv_name,vg_name,pv_attr"), "disk2 u--");
}

#[test]
fn a_pv_with_outdated_metadata_is_not_shown_and_not_taken() {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate v disk1 disk2");
    let hidden = lab.path().join("disk2.away");
    std::fs::rename(lab.path().join("disk2.img"), &hidden).unwrap();
    lab.ok("vgreduce --removemissing v");
    std::fs::rename(&hidden, lab.path().join("disk2.img")).unwrap();
    assert!(!lab.ok("pvs -a --noheadings -o pv_name").contains("disk2"));
    for line in ["pvs disk2", "pvchange -x n disk2", "pvresize disk2", "pvdisplay disk2"] {
        lab.refuses(line, 5, &["Failed to find physical volume \"disk2\"."]);
    }
    lab.refuses("pvcreate disk2", 5, &["physical volume \"disk2\" of volume group \"v\""]);
    lab.refuses("pvremove disk2", 5, &["PV disk2 is used by VG v"]);
    lab.refuses("vgextend v disk2", 5, &["'disk2' is already in volume group 'v'"]);
    lab.ok("vgck --updatemetadata v");
    assert!(lab.ok("pvs --noheadings -o pv_name,vg_name").contains("disk2"));
}

#[test]
fn an_area_in_use_that_is_empty_is_not_counted_for_its_vg() {
    let lab = Lab::new(3, "64m");
    lab.ok("pvcreate disk1");
    copy(&lab, "disk1.img", "disk3.img");
    lab.ok("vgcreate v disk1 disk2 --devices disk1,disk2");
    copy(&lab, "disk3.img", "disk1.img");
    let report = |line: &str| lab.ok(&format!("{line} --noheadings --devices disk1,disk2"));
    assert_eq!(report("vgs -o vg_mda_count,vg_mda_used_count,pv_count").trim(), "1        1   2");
    let pvs = report("pvs -o vg_name,pv_mda_count");
    assert_eq!(pvs.split_whitespace().collect::<Vec<_>>(), ["v", "1", "v", "1"]);
}

#[test]
fn activation_is_answered_as_where_it_is_off() {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate v disk1");
    lab.ok("vgcreate w disk2");
    lab.ok("lvcreate -n a -l 1 v");
    lab.ok("vgexport w");
    let none = "  0 logical volume(s) in volume group \"v\" now active\n";
    for (line, code, out, err) in [
        ("vgchange -ay v", 0, none, ""),
        ("vgchange -aay", 0, none, ""),
        ("vgchange -an", 0, none, ""),
        ("vgchange -an w v", 5, none, "  Volume group w is exported\n"),
        (
            "vgchange -ay nosuch",
            5,
            "",
            "  Volume group \"nosuch\" not found\n  Cannot process volume group nosuch\n",
        ),
        ("vgchange --refresh v", 0, "", ""),
        ("vgchange --poll y --monitor y v", 0, "", ""),
        (
            "vgchange -aay --autoactivation other v",
            0,
            "  Skip vgchange for unknown autoactivation value.\n",
            "",
        ),
        ("lvchange -ay v/a", 0, "", ""),
        ("lvchange -an v", 0, "", ""),
        ("lvchange -aay v/b", 5, "", "  Failed to find logical volume \"v/b\"\n"),
        ("lvchange -an w", 5, "", "  Volume group w is exported\n"),
        ("lvchange --refresh v/a", 0, "", ""),
        ("lvchange --monitor y v/a", 5, "", "  Logical volume v/a is not active.\n"),
        (
            "lvchange -ay -P v/a",
            0,
            "",
            "  PARTIAL MODE. Incomplete logical volumes will be processed.\n",
        ),
        (
            "lvchange -ay --addtag t v/a",
            0,
            "  Logical volume v/a changed.\n",
            "  WARNING: Combining activation change with other commands is not advised.\n",
        ),
        ("lvcreate -ay -n c -l 1 v", 0, "  Logical volume \"c\" created.\n", ""),
    ] {
        let ran = lab.run(line);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (code, out, err), "{line}");
    }
    lab.ok("vgchange --setautoactivation n v");
    assert_eq!(lab.ok("vgchange -aay v"), "");
    assert_eq!(lab.run("vgchange --autoactivation event v").code, 3);
}

#[test]
fn warnings_are_told_once() {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate v disk1 disk2");
    std::fs::remove_file(lab.path().join("disk2.img")).unwrap();
    for line in ["vgck", "vgck v", "vgchange --addtag t -S vg_name=v", "vgs", "pvs"] {
        let ran = lab.run(line);
        let count = ran.err.matches("Couldn't find device with uuid").count();
        assert_eq!(count, 1, "{line}: {ran:?}");
    }
}

#[test]
fn a_plan_asks_nothing_and_applying_it_tells_what_was_done() {
    let lab = Lab::new(1, "64m");
    lab.ok("vgcreate v disk1");
    lab.ok("lvcreate -n a -l 4 v");
    let before = lab.disks();
    let file = lab.path().join("plan");
    let file = file.to_str().unwrap();
    let ran = lab.run("lvreduce -l 2 --plan v/a");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("Would ask: ") && ran.err.contains("reduce v/a?"), "{ran:?}");
    let ran = lab.run(&format!("lvremove --plan={file} v"));
    assert_eq!((ran.code, ran.out), (0, format!("  Plan saved in \"{file}\".\n")));
    assert_eq!(lab.disks(), before);
    let said = "  Logical volume \"a\" successfully removed.\n";
    assert_eq!(lab.ok(&format!("apply {file}")), said);
}

#[test]
fn a_lab_has_bounds() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("lab");
    let place = place.to_str().unwrap();
    for (words, said) in [
        (["lab", "create", place, "--disks", "1000000"], "A lab has at most 1000 disks."),
        (["lab", "create", place, "--size", "2000t"], "A disk of a lab has at most 1 PiB."),
        (["lab", "create", place, "--size", "99999999e"], "Invalid argument for --size"),
    ] {
        let ran = extant(&words);
        assert_eq!(ran.code, 3, "{words:?}: {ran:?}");
        assert!(ran.err.contains(said), "{words:?}: {ran:?}");
    }
    assert!(!std::path::Path::new(place).exists());
    let ran = extant(&["lab", "show"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("There is no lab"), "{ran:?}");
    let empty = directory.path().to_str().unwrap();
    let ran = extant(&["lab", "show", empty]);
    assert_eq!(
        (ran.code, ran.err),
        (5, format!("  {empty} has no disks: there is no *.img in it.\n"))
    );
}

/// LVM2 does so in `vgs`, `vgdisplay` and `vgscan`, and nowhere else.
#[test]
fn backups_are_renewed_where_vgs_are_shown() {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate v disk1");
    lab.ok("vgcreate w disk2");
    let backup = |vg: &str| lab.path().join(".extant/backup").join(vg);
    let remove = || ["v", "w"].map(|vg| std::fs::remove_file(backup(vg)).unwrap_or(()));
    let has = || ["v", "w"].map(|vg| backup(vg).is_file());
    for (line, left) in [
        ("vgs", [true, true]),
        ("vgs v", [true, false]),
        ("vgdisplay -s w", [false, true]),
        ("vgdisplay -C", [true, true]),
        ("vgscan", [true, true]),
        ("vgs --readonly", [false, false]),
        ("vgs -t", [false, false]),
        ("vgs --config backup/backup=0", [false, false]),
        ("lvs", [false, false]),
        ("pvs", [false, false]),
        ("vgck v", [false, false]),
    ] {
        remove();
        lab.ok(line);
        assert_eq!(has(), left, "{line}");
    }
    lab.ok("vgs");
    let text = std::fs::read_to_string(backup("v")).unwrap();
    assert!(text.contains("description = \"Created *after* executing 'vgs'\""), "{text}");
    std::fs::write(backup("v"), text.replace("seqno = 1", "seqno = 0")).unwrap();
    lab.ok("vgs");
    assert!(std::fs::read_to_string(backup("v")).unwrap().contains("seqno = 1"));
    lab.ok("vgexport v");
    remove();
    lab.ok("vgs");
    assert_eq!(has(), [false, true]);
}

#[test]
fn no_directory_is_made_for_a_backup_that_is_named() {
    let lab = Lab::new(1, "64m");
    lab.ok("vgcreate v disk1");
    let place = lab.path().join("new");
    let ran = lab.run(&format!("vgcfgbackup -f {}/v v", place.display()));
    assert_eq!((ran.code, ran.err.as_str()), (5, "  Couldn't create temporary text file name.\n"));
    assert!(!place.exists());
}

#[test]
fn a_test_begins_where_the_command_line_is_right() {
    let lab = Lab::new(1, "64m");
    for (line, is_test) in [
        ("lvcreate -t", false),
        ("vgchange -t v", false),
        ("vgck -t --updatemetadata", false),
        ("lvcreate -t -i 0 -l 1 v", true),
        ("vgremove -t nosuch", true),
        ("vgs -t", true),
    ] {
        let err = lab.run(line).err;
        assert_eq!(err.starts_with("  TEST MODE: "), is_test, "{line}: {err}");
    }
}

/// A change that waits for its lock while what chose the VG goes away.
#[test]
fn what_chose_a_vg_is_asked_again_under_its_lock() {
    for line in ["vgchange -S vg_tags=x --addtag y", "vgchange --addtag y @x"] {
        let lab = Lab::new(1, "64m");
        lab.ok("vgcreate --addtag x v disk1");
        let path = lab.path().join(".extant/lock/V_v");
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        let lock = nix::fcntl::Flock::lock(file, nix::fcntl::FlockArg::LockExclusive).unwrap();
        let ran = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| lab.run(line));
            std::thread::sleep(std::time::Duration::from_millis(600));
            lab.ok("vgchange --nolocking --deltag x v");
            drop(lock);
            waiting.join().unwrap()
        });
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{line}: {ran:?}");
        assert_eq!(lab.ok("vgs --noheadings -o vg_tags").trim(), "", "{line}");
    }
}

#[test]
fn what_needs_active_volumes_is_refused_before_anything_is_changed() {
    let lab = Lab::new(1, "64m");
    lab.ok("vgcreate v disk1");
    lab.ok("lvcreate -n a -l 4 v");
    let before = lab.disks();
    let inactive = "Logical volume v/a must be activated before resizing filesystem.";
    let policy =
        "Policy-based resize is supported only for snapshot, thin pool and vdo pool volumes.";
    for (line, code, said) in [
        ("lvextend -r -l +1 v/a", 5, inactive),
        ("lvreduce -r -l -1 v/a", 5, inactive),
        ("lvextend -r -l +1 v/b", 5, "Logical volume b not found in volume group v."),
        ("lvextend --use-policies v/a", 5, policy),
        ("lvextend --use-policies -L +4m v/a", 3, "Command does not accept option: --usepolicies."),
        ("lvextend --use-policies v", 3, "Please specify a logical volume path."),
    ] {
        let ran = lab.run(line);
        assert_eq!(ran.code, code, "{line}: {ran:?}");
        assert!(ran.err.contains(said), "{line}: {ran:?}");
    }
    assert_eq!(lab.disks(), before);
}

#[test]
fn a_major_number_is_the_kernels() {
    let lab = Lab::new(1, "64m");
    lab.ok("vgcreate v disk1");
    for (options, code, warned, numbers) in [
        ("--major 253", 0, true, "-1 -1"),
        ("--major 0 --minor 7", 0, true, "0 7"),
        ("--minor 8", 0, false, "0 8"),
        ("-My --major 253", 5, false, ""),
    ] {
        let ran = lab.run(&format!("lvcreate -n a -l 1 {options} v"));
        assert_eq!(ran.code, code, "{options}: {ran:?}");
        assert_eq!(ran.err.contains("WARNING: Ignoring supplied major number"), warned, "{ran:?}");
        let shown = lab.ok("lvs --noheadings -o lv_major,lv_minor v");
        assert_eq!(shown.split_whitespace().collect::<Vec<_>>().join(" "), numbers, "{options}");
        lab.run("lvremove -y v/a");
    }
}

/// `--profile` is the profile of what can have one, else that of the command.
#[test]
fn a_profile_is_the_objects_or_the_commands() {
    let lab = Lab::new(2, "64m");
    let profiles = lab.path().join(".extant/profile");
    std::fs::create_dir_all(&profiles).unwrap();
    std::fs::write(profiles.join("tp.profile"), "allocation { thin_pool_zero=0 }").unwrap();
    lab.ok("vgcreate --profile tp v disk1");
    lab.ok("lvcreate --profile tp -n a -l 1 v");
    lab.ok("lvcreate --metadataprofile tp -n b -l 1 v");
    lab.ok("lvcreate -n c -l 1 v");
    let shown = lab.ok("lvs --noheadings -o vg_profile,lv_name,lv_profile v");
    let words: Vec<&str> = shown.split_whitespace().collect();
    assert_eq!(words, ["tp", "a", "tp", "tp", "b", "tp", "tp", "c"]);
    lab.ok("lvchange --profile tp v/c");
    lab.ok("vgchange --detachprofile v");
    assert_eq!(lab.ok("lvs --noheadings -o vg_profile,lv_profile v/c").trim(), "tp");
    for line in [
        "lvcreate --profile nosuch -l 1 v",
        "vgcreate --metadataprofile nosuch w disk2",
        "vgchange --profile nosuch v",
        "lvchange --profile nosuch v/a",
    ] {
        let ran = lab.run(line);
        assert_eq!(ran.code, 5, "{line}: {ran:?}");
        assert!(
            ran.err.ends_with("  Failed to apply metadata profile nosuch.\n"),
            "{line}: {ran:?}"
        );
    }
    let ran = lab.run("lvs --profile tp v");
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.err.ends_with("  Failed to apply command profile tp.\n"), "{ran:?}");
}

#[test]
fn options_before_the_parts_of_a_full_report_are_for_none() {
    let lab = Lab::new(1, "64m");
    lab.ok("vgcreate v disk1");
    let whole = lab.ok("fullreport v");
    assert_eq!(lab.ok("fullreport -o, v"), whole);
    assert_eq!(lab.ok("fullreport -o vg_name -S vg_name=w v"), whole);
    assert_ne!(lab.ok("fullreport --configreport vg -o, v"), whole);
}
