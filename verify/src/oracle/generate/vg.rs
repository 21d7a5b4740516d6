//! Steps on VGs.

use super::pv::layout_options;
use super::{Kind, Made, Maker, command};

macro_rules! kinds {
    ($($name:literal $weight:literal $make:ident),* $(,)?) => {
        &[$(Kind { name: $name, weight: $weight, make: $make }),*]
    };
}

/// Kinds of steps on VGs.
pub(super) const KINDS: &[Kind] = kinds![
    "vgcreate" 10 vgcreate,
    "vgremove" 2 vgremove,
    "vgextend" 6 vgextend,
    "vgreduce" 3 vgreduce,
    "vgreduce-removemissing" 2 vgreduce_removemissing,
    "vgextend-restoremissing" 1 vgextend_restoremissing,
    "vgrename" 3 vgrename,
    "vgchange-tags" 3 vgchange_tags,
    "vgchange-limits" 2 vgchange_limits,
    "vgchange-resizeable" 1 vgchange_resizeable,
    "vgchange-alloc" 2 vgchange_alloc,
    "vgchange-extentsize" 2 vgchange_extentsize,
    "vgchange-uuid" 1 vgchange_uuid,
    "vgchange-autoactivation" 1 vgchange_autoactivation,
    "vgchange-metadatacopies" 1 vgchange_metadatacopies,
    "vgsplit" 4 vgsplit,
    "vgmerge" 3 vgmerge,
    "vgexport" 1 vgexport,
    "vgimport" 4 vgimport,
    "vgcfgbackup" 2 vgcfgbackup,
    "vgcfgrestore" 3 vgcfgrestore,
    "vgck" 2 vgck,
];

fn vgcreate(maker: &mut Maker<'_>) -> Option<Made> {
    if maker.state.vgs.len() >= 3 && !maker.chance(10) {
        return None;
    }
    let disks = maker.free_disks(4);
    if disks.is_empty() {
        return None;
    }
    let name = maker.new_vg_name();
    let size = maker.one_of(&["", "-s 1m", "-s 512k", "-s 256k", "-s 2m", "-s 384k", "-s 3m"]);
    let more = match maker.rng.below(12) {
        0 => "-l 3".to_owned(),
        1 => "-p 4".to_owned(),
        2 => "--alloc cling".to_owned(),
        3 => "--alloc anywhere".to_owned(),
        4 => format!("--addtag {}", maker.tag()),
        5 => "--vgmetadatacopies 1".to_owned(),
        6 => "--setautoactivation n".to_owned(),
        7 => layout_options(maker),
        _ => String::new(),
    };
    let names: Vec<String> = disks.iter().map(|disk| format!("{{{disk}}}")).collect();
    command(&format!("vgcreate -y {size} {more} {name} {}", names.join(" ")))
}

fn vgremove(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    let how = maker.one_of(&["-y", "-f", "-ff", ""]);
    command(&format!("vgremove {how} {vg}"))
}

fn vgextend(maker: &mut Maker<'_>) -> Option<Made> {
    // Of a VG that is not there, LVM2 makes the PVs before it finds that out; Extant does not.
    let vg = maker.vg()?.name.clone();
    let disks = maker.free_disks(2);
    if disks.is_empty() {
        return None;
    }
    let names: Vec<String> = disks.iter().map(|disk| format!("{{{disk}}}")).collect();
    let options = if maker.chance(25) { layout_options(maker) } else { String::new() };
    command(&format!("vgextend -y {options} {vg} {}", names.join(" ")))
}

fn vgreduce(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    if maker.chance(20) {
        return command(&format!("vgreduce -y --all {vg}"));
    }
    let disks = maker.state.disks_of(&vg);
    let disk = maker.rng.pick_any(&disks)?;
    command(&format!("vgreduce -y {vg} {{{disk}}}"))
}

fn vgreduce_removemissing(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg()?;
    if !vg.partial && !maker.chance(20) {
        return None;
    }
    let force = maker.maybe(60, "--force");
    command(&format!("vgreduce -y --removemissing {force} {}", vg.name))
}

fn vgextend_restoremissing(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg()?;
    let disk = maker.pv_disk()?;
    if !vg.partial && !maker.chance(20) {
        return None;
    }
    command(&format!("vgextend -y --restoremissing {} {{{disk}}}", vg.name))
}

fn vgrename(maker: &mut Maker<'_>) -> Option<Made> {
    let old = maker.vg_name()?;
    let new = maker.new_vg_name();
    command(&format!("vgrename {old} {new}"))
}

fn vgchange_tags(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg()?;
    let change = maker.tag_change(&vg.tags);
    command(&format!("vgchange {change} {}", vg.name))
}

fn vgchange_limits(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    let limit = maker.rng.below(8);
    let which = maker.one_of(&["-l", "-p", "--logicalvolume", "--maxphysicalvolumes"]);
    command(&format!("vgchange {which} {limit} {vg}"))
}

fn vgchange_resizeable(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    let state = maker.one_of(&["-xn", "-xy", "-xy", "-xy"]);
    command(&format!("vgchange {state} {vg}"))
}

fn vgchange_alloc(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    let policy = maker.one_of(&["normal", "normal", "cling", "contiguous", "anywhere", "inherit"]);
    command(&format!("vgchange --alloc {policy} {vg}"))
}

fn vgchange_extentsize(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    let size = maker.one_of(&["1m", "512k", "2m", "4m", "256k", "3k", "128k", "8m"]);
    command(&format!("vgchange -s {size} {vg}"))
}

fn vgchange_uuid(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    command(&format!("vgchange -u {vg}"))
}

fn vgchange_autoactivation(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    let state = maker.one_of(&["y", "n"]);
    command(&format!("vgchange --setautoactivation {state} {vg}"))
}

fn vgchange_metadatacopies(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    let copies = maker.one_of(&["1", "2", "all", "unmanaged", "unmanaged"]);
    command(&format!("vgchange -y --vgmetadatacopies {copies} {vg}"))
}

fn vgsplit(maker: &mut Maker<'_>) -> Option<Made> {
    let from = maker.vg()?;
    let to = maker.new_vg_name();
    let options = match maker.rng.below(10) {
        0 => "-s 4m".to_owned(),
        1 => "-l 5".to_owned(),
        2 => "--alloc cling".to_owned(),
        _ => String::new(),
    };
    if maker.chance(25) {
        let lv = maker.lv()?;
        return command(&format!("vgsplit {options} -n {} {} {to}", lv.name, lv.vg));
    }
    let disks = maker.state.disks_of(&from.name);
    let disk = maker.rng.pick_any(&disks)?;
    let more = match maker.rng.pick(&disks) {
        second if second != disk => format!("{{{second}}}"),
        _ => String::new(),
    };
    command(&format!("vgsplit {options} {} {to} {{{disk}}} {more}", from.name))
}

fn vgmerge(maker: &mut Maker<'_>) -> Option<Made> {
    let to = maker.vg_name()?;
    let from = maker.vg_name()?;
    if to == from && !maker.chance(5) {
        return None;
    }
    command(&format!("vgmerge {to} {from}"))
}

fn vgexport(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    command(&format!("vgexport {vg}"))
}

fn vgimport(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg()?;
    if !vg.exported && !maker.chance(5) {
        return None;
    }
    let which = if maker.chance(10) { "-a" } else { &vg.name };
    command(&format!("vgimport {which}"))
}

fn vgcfgbackup(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    let file = maker.maybe(60, "-f {dir}/saved-%s");
    command(&format!("vgcfgbackup {file} {vg}"))
}

fn vgcfgrestore(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    let file = if maker.chance(50) { format!("-f {{dir}}/saved-{vg}") } else { String::new() };
    command(&format!("vgcfgrestore -y {file} {vg}"))
}

fn vgck(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg_name()?;
    let update = maker.maybe(40, "--updatemetadata");
    command(&format!("vgck {update} {vg}"))
}
