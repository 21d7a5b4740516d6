//! The way most people go: disks, VG, striped LV, extend, report, picture, and away again.
#![allow(missing_docs, reason = "tests")]

mod support;

use support::Lab;

#[test]
fn from_disks_to_a_striped_volume_and_back() {
    let lab = Lab::new(4, "1g");
    assert_eq!(
        lab.ok("pvcreate disk1 disk2"),
        "  Physical volume \"disk1\" successfully created.\n  \
         Physical volume \"disk2\" successfully created.\n"
    );
    assert!(
        lab.ok("vgcreate vg disk1 disk2 disk3")
            .ends_with("  Volume group \"vg\" successfully created\n")
    );
    assert_eq!(
        lab.ok("lvcreate -i2 -L100m -n data vg"),
        "  Using default stripesize 64.00 KiB.\n  \
         Rounding size 100.00 MiB (25 extents) up to stripe boundary size 104.00 MiB (26 extents).\n  \
         Logical volume \"data\" created.\n"
    );
    assert_eq!(
        lab.ok("lvextend -L+96m vg/data"),
        "  Using stripesize of last segment 64.00 KiB\n  \
         Size of logical volume vg/data changed from 104.00 MiB (26 extents) to 200.00 MiB (50 extents).\n  \
         Logical volume vg/data successfully resized.\n"
    );
    assert_eq!(
        lab.ok("lvs --noheadings -o lv_name,stripes,lv_size --separator , vg"),
        "  data,2,200.00m\n"
    );
    assert_eq!(
        lab.ok("vgs --noheadings -o vg_name,pv_count,lv_count,vg_extent_count,vg_free_count"),
        "  vg   3   1  765  715\n"
    );
    let directory = lab.path().to_str().expect("the path is text").to_owned();
    let picture = lab.ok(&format!("lab show {directory}"));
    assert!(picture.contains("a data  200.00 MiB  50 extents"), "{picture}");
    assert_eq!(lab.ok("lvremove -y vg/data"), "  Logical volume \"data\" successfully removed.\n");
    assert_eq!(lab.ok("vgremove vg"), "  Volume group \"vg\" successfully removed\n");
    lab.ok("pvremove disk1 disk2 disk3");
    assert_eq!(lab.ok("pvs"), "");
}

/// LVM2 removes all LVs of `VG`, then `LV`: the trap of the blank instead of the slash.
#[test]
fn lvremove_with_a_blank_for_the_slash_removes_nothing() {
    let lab = Lab::new(1, "64m");
    lab.ok("vgcreate vg disk1");
    lab.ok("lvcreate -l1 -n a vg");
    lab.ok("lvcreate -l1 -n b vg");
    let before = lab.disks();
    let ran = lab.run("lvremove -y vg a");
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(lab.disks() == before, "something was removed");
}

#[test]
fn lvremove_of_a_whole_group_asks() {
    let lab = Lab::new(1, "64m");
    lab.ok("vgcreate vg disk1");
    lab.ok("lvcreate -l1 -n a vg");
    lab.ok("lvcreate -l1 -n b vg");
    let before = lab.disks();
    let ran = lab.answer("lvremove vg", "n\n");
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.err.contains("[y/n]: "), "{ran:?}");
    assert!(lab.disks() == before, "something was removed");
    let ran = lab.run("lvremove vg");
    assert_eq!(ran.code, 5, "{ran:?}");
    let ran = lab.answer("lvremove vg", "y\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(lab.ok("lvs --noheadings vg"), "");
}

#[test]
fn test_mode_and_plans_write_nothing() {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate vg disk1");
    let before = lab.disks();
    for line in [
        "pvcreate disk2",
        "vgextend vg disk2",
        "lvcreate -l3 -n a vg",
        "vgchange --addtag t vg",
        "vgrename vg other",
        "vgremove vg",
    ] {
        let ran = lab.run(&format!("{line} --test"));
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        assert!(ran.err.contains("TEST MODE"), "{line}: {ran:?}");
        assert!(lab.disks() == before, "{line} --test wrote something");
        let ran = lab.run(&format!("{line} --plan"));
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        assert!(ran.out.contains("disk"), "{line}: {ran:?}");
        assert!(lab.disks() == before, "{line} --plan wrote something");
    }
}

#[test]
fn a_saved_plan_is_applied_once() {
    let lab = Lab::new(1, "64m");
    lab.ok("vgcreate vg disk1");
    let plan = lab.path().join("plan.json");
    let plan = plan.to_str().expect("the path is text");
    lab.ok(&format!("lvcreate -l3 -n a vg --plan={plan}"));
    assert_eq!(lab.ok("lvs --noheadings vg"), "");
    lab.ok(&format!("apply {plan}"));
    assert_eq!(lab.ok("lvs --noheadings -o lv_name vg"), "  a   \n");
    let before = lab.disks();
    let ran = lab.run(&format!("apply {plan}"));
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(lab.disks() == before, "a plan was applied twice");
}

/// A selection that selects nothing must not be read as no selection, which would mean everything.
#[test]
fn a_selection_limits_what_is_changed() {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate vg disk1");
    lab.ok("vgcreate wg disk2");
    lab.ok("lvcreate -l1 -n a --addtag t vg");
    lab.ok("lvcreate -l1 -n b wg");
    let before = lab.disks();
    for line in [
        "lvremove -y -S lv_name=none",
        "lvremove -y vg -S lv_name=b",
        "lvchange -pr -S lv_name=none",
        "vgremove -y -S vg_name=none",
        "vgchange --addtag x -S vg_name=none",
        "vgexport -S vg_name=none",
    ] {
        lab.run(line);
        assert!(lab.disks() == before, "{line} changed something");
    }
    lab.ok("lvremove -y -S lv_tags=t");
    assert_eq!(lab.ok("lvs --noheadings -o lv_name"), "  b   \n");
    lab.ok("vgchange --addtag x -S lv_name=b");
    assert_eq!(lab.ok("vgs --noheadings -o vg_name @x"), "  wg\n");
}

#[test]
fn a_volume_group_comes_back_from_its_backup() {
    let lab = Lab::new(1, "64m");
    lab.ok("vgcreate vg disk1");
    lab.ok("lvcreate -l1 -n a vg");
    let file = lab.path().join("saved");
    let file = file.to_str().expect("the path is text");
    lab.ok(&format!("vgcfgbackup -f {file} vg"));
    lab.ok("lvremove -y vg/a");
    lab.ok(&format!("vgcfgrestore -f {file} vg"));
    assert_eq!(lab.ok("lvs --noheadings -o lv_name"), "  a   \n");
}

/// As with LVM2: reports and changes of LVs refuse an exported group that is named, and pass it
/// over otherwise; `vgs` shows it.
#[test]
fn an_exported_group_is_refused_where_it_is_named() {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate --addtag t vg disk1");
    lab.ok("vgcreate wg disk2");
    lab.ok("lvcreate -l1 -n a vg");
    lab.ok("lvcreate -l1 -n b wg");
    lab.ok("vgexport vg");
    for line in ["lvs vg", "lvs vg/a", "lvdisplay vg", "vgck vg", "vgck --updatemetadata vg"] {
        let ran = lab.run(line);
        assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{line}");
        assert_eq!(ran.err, "  Volume group vg is exported\n", "{line}");
    }
    let ran = lab.run("lvs --noheadings -o lv_name vg wg");
    assert_eq!((ran.code, ran.out.as_str()), (5, "  b   \n"));
    for line in ["lvs @t", "vgck", "lvchange -pr @t", "vgchange --addtag x @t", "lvremove -y @t"] {
        assert_eq!(lab.ok(line), "", "{line}");
    }
    assert_eq!(lab.ok("vgs --noheadings -o vg_name,vg_tags vg"), "  vg t      \n");
}

/// As with LVM2: only `vgremove` removes a backup; a group whose disks have gone to another keeps
/// it.
#[test]
fn a_group_that_others_took_over_keeps_its_backup() {
    let lab = Lab::new(3, "64m");
    let has_backup = |vg: &str| lab.path().join(".extant/backup").join(vg).exists();
    for (vg, disk) in [("vg", "disk1"), ("wg", "disk2"), ("xg", "disk3")] {
        lab.ok(&format!("vgcreate {vg} {disk}"));
    }
    lab.ok("vgsplit vg yg disk1");
    lab.ok("vgmerge yg wg");
    lab.ok("vgremove xg");
    assert_eq!(["vg", "wg", "xg", "yg"].map(has_backup), [true, true, false, true]);
}
