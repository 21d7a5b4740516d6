//! Saved plans: of every changing command, applied to the byte, once.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use extant_core::plan::effect::Effect;
use extant_core::plan::saved::Saved;
use std::collections::{BTreeMap, BTreeSet};
use support::{Lab, extant};

/// Command lines, each with what has to be done before it in the lab that [`lab`] makes.
const LINES: &[(&str, &str)] = &[
    ("", "pvcreate disk5"),
    ("", "pvremove disk4"),
    ("", "pvchange -u disk4"),
    ("", "pvchange -x n disk1"),
    ("", "pvchange --metadataignore y disk2"),
    ("", "pvresize -y --setphysicalvolumesize 8m disk4"),
    ("", "vgcreate n disk4 disk5"),
    ("", "vgextend v disk5"),
    ("", "vgreduce v disk2"),
    ("", "vgremove w"),
    ("", "vgremove -f v"),
    ("", "vgrename w z"),
    ("", "vgchange --addtag t v"),
    ("", "vgchange -u v"),
    ("", "vgchange -l 7 v w"),
    ("", "vgexport w"),
    ("vgexport w", "vgimport w"),
    ("", "vgmerge v w"),
    ("", "vgsplit v n disk2"),
    ("", "vgck --updatemetadata v"),
    ("", "vgcfgrestore v"),
    ("", "lvcreate -n c -l 2 v"),
    ("", "lvcreate -n c -i 2 -l 2 v"),
    ("", "lvextend -l +1 v/a"),
    ("", "lvreduce -l 1 v/a"),
    ("", "lvresize -l 5 v/b"),
    ("", "lvrename v a z"),
    ("", "lvchange --addtag t v/a"),
    ("", "lvchange -p r v"),
    ("", "lvremove v/b"),
    ("", "lvremove v"),
];

/// A VG of two PVs with two LVs, one without LVs, a PV of no VG and a device that is no PV.
fn lab() -> Lab {
    let lab = Lab::new(5, "16m");
    lab.ok("vgcreate -s 1m v disk1 disk2");
    lab.ok("lvcreate -n a -l 3 v disk1");
    lab.ok("lvcreate -n b -l 2 v disk1");
    lab.ok("vgcreate -s 1m w disk3");
    lab.ok("pvcreate disk4");
    lab
}

/// What reports say but for identities and times.
fn shown(lab: &Lab) -> String {
    [
        "pvs -o pv_name,vg_name,pv_attr,pv_size,pv_free,pv_tags,pv_mda_used_count",
        "vgs -o vg_name,vg_attr,vg_seqno,vg_tags,vg_free,vg_extent_size,max_lv",
        "lvs -o vg_name,lv_name,lv_attr,lv_size,lv_tags,devices",
    ]
    .map(|line| lab.ok(line))
    .concat()
}

/// The disks as they are after the writes of plans.
fn written(lab: &Lab, plans: &[Saved]) -> BTreeMap<String, Vec<u8>> {
    let mut disks = lab.disks();
    for saved in plans {
        let stages = saved.plan.stages.iter();
        let groups = stages.flat_map(|s| s.prepare.iter().chain(&s.commit).chain(&s.finish));
        for effect in groups.flatten() {
            let (device, offset, bytes) = match effect {
                Effect::Write { device, offset, data, .. } => {
                    (device, offset, data.as_slice().to_vec())
                }
                Effect::Zero { device, offset, length, .. } => {
                    (device, offset, vec![0; usize::try_from(length.get()).unwrap()])
                }
                _ => continue,
            };
            let known = saved.plan.devices.iter().find(|known| known.id == *device).unwrap();
            let disk = disks.get_mut(&format!("{}.img", known.name)).unwrap();
            let start = usize::try_from(offset.get()).unwrap();
            disk.resize(disk.len().max(start + bytes.len()), 0);
            disk[start..start + bytes.len()].copy_from_slice(&bytes);
        }
    }
    for disk in disks.values_mut() {
        let end = disk.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        disk.truncate(end);
    }
    disks
}

#[test]
fn every_command_does_what_its_plan_says() {
    let template = lab();
    for (before, line) in LINES {
        let lab = template.copy();
        if !before.is_empty() {
            lab.ok(before);
        }
        let direct = lab.copy();
        let file = lab.path().join("plan");
        let (command, rest) = line.split_once(' ').unwrap();
        let untouched = lab.disks();
        lab.ok(&format!("{command} --plan={} {rest}", file.display()));
        assert_eq!(lab.disks(), untouched, "{line}");
        let plans = Saved::all_from_json(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let expected = written(&lab, &plans);
        assert_ne!(expected, untouched, "{line}");
        let said = lab.ok(&format!("apply {}", file.display()));
        assert!(lab.disks() == expected, "{line}: other bytes than those of the plan");

        // The same as without a plan, in what is there and in what is said of it.
        let ran = direct.answer(line, "y\ny\ny\n");
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        assert_eq!(shown(&lab), shown(&direct), "{line}");
        assert!(!said.is_empty() || ran.out.is_empty(), "{line}: {ran:?}");
        assert!(ran.out.ends_with(&said), "{line}: {said} {ran:?}");

        let again = lab.run(&format!("apply {}", file.display()));
        assert_eq!(again.code, 5, "{line}: {again:?}");
        assert!(lab.disks() == expected, "{line}: a plan that no longer holds was applied");
    }
}

#[test]
fn no_changing_command_is_left_out() {
    let covered: BTreeSet<&str> =
        LINES.iter().filter_map(|(_, line)| line.split(' ').next()).collect();
    let list = extant(&["help"]);
    let list = format!("{}{}", list.out, list.err);
    let commands = list.lines().filter_map(|line| line.split_whitespace().next());
    let changing = commands.filter(|command| {
        let is_name = command.chars().all(|c| c.is_ascii_lowercase());
        is_name && extant(&[command, "--help"]).out.contains(" --plan[")
    });
    assert_eq!(changing.collect::<BTreeSet<_>>(), covered);
}
