//! Steps on PVs, and what happens to disks.

use super::{Kind, Made, Maker, command};
use crate::oracle::step::Step;

/// Kinds of steps on PVs and disks.
pub(super) const KINDS: &[Kind] = &[
    Kind { name: "pvcreate", weight: 8, make: pvcreate },
    Kind { name: "pvremove", weight: 3, make: pvremove },
    Kind { name: "pvchange-tags", weight: 3, make: pvchange_tags },
    Kind { name: "pvchange-allocatable", weight: 2, make: pvchange_allocatable },
    Kind { name: "pvchange-uuid", weight: 2, make: pvchange_uuid },
    Kind { name: "pvchange-metadataignore", weight: 2, make: pvchange_metadataignore },
    Kind { name: "pvresize", weight: 3, make: pvresize },
    Kind { name: "disk-resize", weight: 2, make: disk_resize },
    Kind { name: "disk-hide", weight: 1, make: disk_hide },
    Kind { name: "disk-show", weight: 2, make: disk_show },
];

/// Settings of a new PV that move its areas about.
pub(super) fn layout_options(maker: &mut Maker<'_>) -> String {
    match maker.rng.below(10) {
        0 => "--metadatasize 64k".to_owned(),
        1 => "--metadatasize 100k --dataalignment 64k".to_owned(),
        2 => "--pvmetadatacopies 2".to_owned(),
        3 => "--pvmetadatacopies 0".to_owned(),
        4 => "--dataalignment 2m".to_owned(),
        5 => "--metadataignore y".to_owned(),
        6 => "--pvmetadatacopies 2 --metadatasize 300k".to_owned(),
        7 => "--dataalignment 512k --dataalignmentoffset 7s".to_owned(),
        _ => String::new(),
    }
}

fn pvcreate(maker: &mut Maker<'_>) -> Option<Made> {
    let disks = maker.free_disks(3);
    if disks.is_empty() {
        return None;
    }
    let options = match maker.rng.below(12) {
        0 => "--bootloaderareasize 512k --dataalignment 256k".to_owned(),
        1 => format!("--setphysicalvolumesize {}m", 8 + maker.rng.below(20)),
        2 => "-Zn".to_owned(),
        _ => layout_options(maker),
    };
    let force = maker.maybe(10, "-ff");
    // Asked for several devices and answered no, LVM2 makes PVs of some all the same.
    let yes =
        if options.contains("--setphysicalvolumesize") || maker.chance(90) { "-y" } else { "" };
    if disks.len() == 1 && maker.chance(8) {
        let digit = maker.rng.below(10);
        return command(&format!(
            "pvcreate {yes} --norestorefile --uuid Uuid0{digit}-abcd-efgh-ijkl-mnop-qrst-uvwxyz {{{}}}",
            disks[0]
        ));
    }
    let names: Vec<String> = disks.iter().map(|disk| format!("{{{disk}}}")).collect();
    command(&format!("pvcreate {yes} {force} {options} {}", names.join(" ")))
}

fn pvremove(maker: &mut Maker<'_>) -> Option<Made> {
    let disk = maker.free_disk()?;
    let force = maker.one_of(&["", "", "-y", "-f", "-ff -y"]);
    command(&format!("pvremove {force} {{{disk}}}"))
}

fn pvchange_tags(maker: &mut Maker<'_>) -> Option<Made> {
    let disk = maker.pv_disk()?;
    let tags = maker.state.pv_on(disk).map(|pv| pv.tags.clone())?;
    let change = maker.tag_change(&tags);
    command(&format!("pvchange {change} {{{disk}}}"))
}

fn pvchange_allocatable(maker: &mut Maker<'_>) -> Option<Made> {
    let disk = maker.pv_disk()?;
    let state = maker.one_of(&["-xn", "-xy", "-xy", "--allocatable y"]);
    command(&format!("pvchange {state} {{{disk}}}"))
}

fn pvchange_uuid(maker: &mut Maker<'_>) -> Option<Made> {
    let disk = maker.pv_disk()?;
    let which = if maker.chance(15) { "--all".to_owned() } else { format!("{{{disk}}}") };
    command(&format!("pvchange -y -u {which}"))
}

fn pvchange_metadataignore(maker: &mut Maker<'_>) -> Option<Made> {
    let disk = maker.pv_disk()?;
    let ignore = maker.one_of(&["y", "n", "n"]);
    command(&format!("pvchange -y --metadataignore {ignore} {{{disk}}}"))
}

fn pvresize(maker: &mut Maker<'_>) -> Option<Made> {
    let disk = maker.pv_disk()?;
    if maker.chance(50) {
        return command(&format!("pvresize {{{disk}}}"));
    }
    // An area at a PV's end would come to lie where the harness does not look.
    let size = 8 + maker.rng.below((maker.disks[disk].size >> 20) + 4);
    let yes = maker.maybe(85, "-y");
    command(&format!("pvresize {yes} --setphysicalvolumesize {size}m {{{disk}}}"))
}

fn disk_resize(maker: &mut Maker<'_>) -> Option<Made> {
    let visible = maker.visible_disks();
    let disk = *maker.rng.pick_any(&visible)?;
    let size = maker.disks[disk].size;
    if size > 300 << 20 {
        return None;
    }
    let step = *maker.rng.pick(&[8 << 20, 512, (4 << 20) + 4096]);
    Some(Made::Event(Step::Resize { disk, size: size + step }))
}

fn disk_hide(maker: &mut Maker<'_>) -> Option<Made> {
    let hidden = maker.disks.iter().filter(|disk| disk.hidden).count();
    if hidden > 0 {
        return None;
    }
    let disk = maker.pv_disk()?;
    Some(Made::Event(Step::Hide(disk)))
}

fn disk_show(maker: &mut Maker<'_>) -> Option<Made> {
    let disk = maker.disks.iter().position(|disk| disk.hidden)?;
    Some(Made::Event(Step::Show(disk)))
}
