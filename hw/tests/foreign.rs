//! Volume groups of other machines and shared ones. What is said is what LVM2 2.03.16 said of the
//! same volume groups (`global/system_id_source="lvmlocal"`, no lvmlockd).
#![allow(missing_docs, reason = "tests")]

mod support;

use support::Lab;

const MINE: &str = "--config 'global/system_id_source=\"lvmlocal\" local/system_id=\"mine\"'";
const OTHER: &str = "--config 'global/system_id_source=\"lvmlocal\" local/system_id=\"other\"'";
const BOTH: &str = "--config 'global/system_id_source=\"lvmlocal\" local/system_id=\"mine\" \
                    local/extra_system_ids=[\"other\"]'";

/// A lab with `vf` (LV `l`) of the machine `other` on disk1, `vm` of `mine` on disk2, nothing on
/// disk3.
fn lab() -> Lab {
    let lab = Lab::new(3, "64m");
    lab.ok(&format!("vgcreate {OTHER} vf disk1"));
    lab.ok(&format!("lvcreate {OTHER} -n l -l 2 vf"));
    let out = lab.ok(&format!("vgcreate {MINE} vm disk2"));
    assert!(out.contains("Volume group \"vm\" successfully created with system ID mine"), "{out}");
    lab
}

#[test]
fn reports_leave_them_out_unless_asked() {
    let lab = lab();
    for (line, words) in [
        ("vgs --noheadings -o vg_name", "vm"),
        ("vgs --noheadings -o vg_name --foreign", "vf vm"),
        ("vgs --noheadings -o vg_name -S vg_name=vf", ""),
        ("vgs --noheadings -o vg_name --foreign vf", "vf"),
        ("lvs --noheadings -o lv_name", ""),
        ("lvs --noheadings -o lv_name --foreign", "l"),
        ("pvs --noheadings -o pv_name", "disk2"),
        ("pvs --noheadings -o pv_name,vg_name -a", "disk2 vm disk3"),
        ("pvs --noheadings -o pv_name --foreign", "disk1 disk2"),
        ("vgscan", "Found volume group \"vm\" using metadata type lvm2"),
        ("lvscan", ""),
        ("vgdisplay -s --foreign vm", "\"vm\" 60.00 MiB [0 used / 60.00 MiB free]"),
    ] {
        let out = lab.ok(&format!("{line} {MINE}"));
        let shown: Vec<&str> = out.split_whitespace().collect();
        assert_eq!(shown.join(" "), words, "{line}");
    }
    let out = lab.ok(&format!("vgs --noheadings -o vg_name {BOTH}"));
    assert_eq!(out.split_whitespace().collect::<Vec<_>>(), ["vf", "vm"]);
}

#[test]
fn what_names_them_fails() {
    let lab = lab();
    let before = lab.disks();
    let access = "Cannot access VG vf with system ID other with local system ID mine.";
    let device = "Cannot use PV disk1 in foreign VG vf.";
    for (line, words) in [
        ("vgs vf", access),
        ("vgs --readonly vf", access),
        ("lvs vf", access),
        ("lvs vf/l", access),
        ("vgdisplay vf", access),
        ("lvdisplay vf", access),
        ("fullreport vf", access),
        ("vgcfgbackup vf", access),
        ("vgck vf", access),
        ("vgck --updatemetadata vf", access),
        ("vgchange --addtag t vf", access),
        ("vgchange --systemid mine vf", access),
        ("lvcreate -n k -l 1 vf", access),
        ("lvremove -f vf/l", access),
        ("lvextend -l +1 vf/l", access),
        ("vgremove -f vf", access),
        ("vgrename vf x", access),
        ("vgexport vf", access),
        ("vgmerge vm vf", access),
        ("pvs disk1", device),
        ("pvdisplay disk1", device),
        ("pvchange --addtag t disk1", device),
        ("pvresize disk1", device),
        ("vgcreate vf disk3", "A volume group called vf already exists."),
        ("vgrename vm vf", "New VG name \"vf\" already exists"),
    ] {
        let ran = lab.run(&format!("{line} {MINE}"));
        assert_eq!(ran.code, 5, "{line}: {ran:?}");
        assert_eq!(ran.err.lines().next().map(str::trim), Some(words), "{line}: {ran:?}");
        assert_eq!(lab.disks(), before, "{line}");
    }
    let ran = lab.run(&format!("vgs --noheadings -o vg_name vm vf {MINE}"));
    assert_eq!((ran.code, ran.out.trim()), (5, "vm"));
}

#[test]
fn changes_of_all_leave_them_alone() {
    let lab = lab();
    lab.ok(&format!("vgchange --addtag t {MINE}"));
    let out = lab.ok("vgs --foreign --noheadings -o vg_name,vg_tags --separator=,");
    assert_eq!(out.split_whitespace().collect::<Vec<_>>(), ["vf,", "vm,t"]);
    lab.ok(&format!("vgchange --addtag q vf {BOTH}"));
    lab.ok(&format!("vgchange -y --systemid other vm {MINE}"));
    assert_eq!(lab.ok(&format!("vgs {MINE}")), "");
}

/// A machine that has no identity says of each that it cannot tell.
#[test]
fn without_an_identity_it_is_said() {
    let lab = lab();
    let ran = lab.run("vgs");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    let line = "Cannot access VG vf with system ID other with unknown local system ID.";
    assert!(ran.err.contains(line), "{ran:?}");
    assert_eq!(lab.run("vgs vf").code, 5);
}
