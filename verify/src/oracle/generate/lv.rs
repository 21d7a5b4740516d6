//! Steps on LVs.

use super::{Kind, Made, Maker, command};

macro_rules! kinds {
    ($($name:literal $weight:literal $make:ident),* $(,)?) => {
        &[$(Kind { name: $name, weight: $weight, make: $make }),*]
    };
}

/// Kinds of steps on LVs.
pub(super) const KINDS: &[Kind] = kinds![
    "lvcreate-linear" 16 lvcreate_linear,
    "lvcreate-striped" 8 lvcreate_striped,
    "lvcreate-settings" 5 lvcreate_settings,
    "lvremove" 5 lvremove,
    "lvrename" 3 lvrename,
    "lvchange-tags" 4 lvchange_tags,
    "lvchange-permission" 2 lvchange_permission,
    "lvchange-alloc" 2 lvchange_alloc,
    "lvchange-readahead" 2 lvchange_readahead,
    "lvchange-autoactivation" 1 lvchange_autoactivation,
    "lvchange-skip" 2 lvchange_skip,
    "lvchange-minor" 1 lvchange_minor,
    "lvextend" 8 lvextend,
    "lvreduce" 5 lvreduce,
    "lvresize" 5 lvresize,
];

/// Always there: nothing is activated, and LVM2 without activation can't wipe.
const QUIET: &str = "-an -Zn -Wn -y";

/// A size for a new LV in a VG with so many extents free, rarely one that doesn't fit.
fn new_size(maker: &mut Maker<'_>, free: u64) -> String {
    let some = 1 + maker.rng.below((free / 3).max(1));
    match maker.rng.below(12) {
        0 => format!("-L {}m", 1 + maker.rng.below(24)),
        1 => format!("-L {}k", 4 + maker.rng.below(5000)),
        2 => format!("-L {}.5m", maker.rng.below(12)),
        3 => format!("-l {}%FREE", 1 + maker.rng.below(60)),
        4 => format!("-l {}%VG", 1 + maker.rng.below(40)),
        5 => format!("-l {}%PVS", 1 + maker.rng.below(60)),
        6 => format!("-L {}s", 1 + maker.rng.below(40_000)),
        7 if maker.chance(30) => format!("-l {}", free + 1 + maker.rng.below(3)),
        8 if maker.chance(20) => "-l 100%FREE".to_owned(),
        _ => format!("-l {some}"),
    }
}

fn name_option(maker: &mut Maker<'_>, vg: &str) -> String {
    if maker.chance(35) { String::new() } else { format!("-n {}", maker.new_lv_name(vg)) }
}

fn policy_option(maker: &mut Maker<'_>) -> String {
    if maker.chance(70) {
        return String::new();
    }
    maker.one_of(&[
        "--alloc contiguous",
        "--alloc cling",
        "--alloc normal",
        "--alloc anywhere",
        "-C y",
    ])
}

fn lvcreate_linear(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg()?;
    let size = new_size(maker, vg.free);
    let name = name_option(maker, &vg.name);
    let policy = policy_option(maker);
    let pvs = maker.pv_arguments(&vg.name);
    command(&format!("lvcreate {QUIET} {size} {name} {policy} {} {pvs}", vg.name))
}

fn lvcreate_striped(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg()?;
    let size = new_size(maker, vg.free / 2);
    let name = name_option(maker, &vg.name);
    let pv_count = maker.state.disks_of(&vg.name).len().max(1);
    let most = if maker.chance(90) { pv_count } else { 5 };
    let stripes = 1 + maker.rng.index(most);
    let chunk = maker.one_of(&["", "-I 4k", "-I 128k", "-I 16", "-I 512"]);
    let policy = policy_option(maker);
    let pvs = maker.pv_arguments(&vg.name);
    command(&format!(
        "lvcreate {QUIET} -i {stripes} {chunk} {size} {name} {policy} {} {pvs}",
        vg.name
    ))
}

fn lvcreate_settings(maker: &mut Maker<'_>) -> Option<Made> {
    let vg = maker.vg()?;
    let size = new_size(maker, vg.free);
    let name = name_option(maker, &vg.name);
    let setting = match maker.rng.below(7) {
        0 => "-pr".to_owned(),
        1 => format!("--addtag {} --addtag {}", maker.tag(), maker.tag()),
        2 => "-r 256".to_owned(),
        3 => "-r none".to_owned(),
        4 => "-ky".to_owned(),
        5 => "--setautoactivation n".to_owned(),
        _ => "-r auto".to_owned(),
    };
    command(&format!("lvcreate {QUIET} {setting} {size} {name} {}", vg.name))
}

fn lvremove(maker: &mut Maker<'_>) -> Option<Made> {
    if maker.chance(10) {
        let tag = maker.tag();
        return command(&format!("lvremove -y @{tag}"));
    }
    let lv = maker.lv_path()?;
    let how = maker.one_of(&["-y", "-y", "-f"]);
    let more = if maker.chance(15) { maker.lv_path().unwrap_or_default() } else { String::new() };
    command(&format!("lvremove {how} {lv} {more}"))
}

fn lvrename(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv()?;
    let new = maker.new_lv_name(&lv.vg);
    if maker.chance(40) {
        return command(&format!("lvrename {}/{} {new}", lv.vg, lv.name));
    }
    command(&format!("lvrename {} {} {new}", lv.vg, lv.name))
}

fn lvchange_tags(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv()?;
    let change = maker.tag_change(&lv.tags);
    let target = match maker.rng.below(10) {
        0 => lv.vg.clone(),
        1 => format!("@{}", maker.tag()),
        _ => format!("{}/{}", lv.vg, lv.name),
    };
    command(&format!("lvchange {change} {target}"))
}

fn lvchange_permission(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv_path()?;
    let permission = maker.one_of(&["r", "rw"]);
    command(&format!("lvchange -y -p {permission} {lv}"))
}

fn lvchange_alloc(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv_path()?;
    let policy = maker.one_of(&[
        "--alloc contiguous",
        "--alloc cling",
        "--alloc normal",
        "--alloc anywhere",
        "--alloc inherit",
        "-C y",
        "-C n",
    ]);
    command(&format!("lvchange {policy} {lv}"))
}

fn lvchange_readahead(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv_path()?;
    let value = maker.one_of(&["auto", "none", "8", "256", "4096", "128k"]);
    command(&format!("lvchange -r {value} {lv}"))
}

fn lvchange_autoactivation(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv_path()?;
    let state = maker.one_of(&["y", "n"]);
    command(&format!("lvchange --setautoactivation {state} {lv}"))
}

fn lvchange_skip(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv_path()?;
    let state = maker.one_of(&["-ky", "-kn", "--setactivationskip y"]);
    command(&format!("lvchange {state} {lv}"))
}

fn lvchange_minor(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv_path()?;
    let number = maker.rng.below(200);
    let how = if maker.chance(60) {
        format!("-My --major 253 --minor {number}")
    } else {
        "-Mn".to_owned()
    };
    command(&format!("lvchange -y {how} {lv}"))
}

fn lvextend(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv()?;
    let free = maker.state.vgs.iter().find(|vg| vg.name == lv.vg)?.free;
    let some = 1 + maker.rng.below((free / 3).max(1));
    let size = match maker.rng.below(9) {
        0 => format!("-L +{}m", 1 + maker.rng.below(16)),
        1 => format!("-L {}m", 1 + maker.rng.below(64)),
        2 => format!("-l +{}%FREE", 1 + maker.rng.below(60)),
        3 => format!("-l +{}%LV", 1 + maker.rng.below(100)),
        4 => format!("-l {}", lv.extents + some),
        5 => format!("-l {}%VG", 1 + maker.rng.below(60)),
        _ => format!("-l +{some}"),
    };
    let stripes = match maker.rng.below(10) {
        0 => "-i 1".to_owned(),
        1 => "-i 2 -I 64k".to_owned(),
        _ => String::new(),
    };
    let policy = policy_option(maker);
    let pvs = maker.pv_arguments(&lv.vg);
    command(&format!("lvextend -y {size} {stripes} {policy} {}/{} {pvs}", lv.vg, lv.name))
}

fn lvreduce(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv()?;
    let some = 1 + maker.rng.below(lv.extents.max(1));
    let size = match maker.rng.below(6) {
        0 => format!("-L -{}m", 1 + maker.rng.below(8)),
        1 => format!("-l -{}%LV", 1 + maker.rng.below(99)),
        2 => format!("-l {some}"),
        _ => format!("-l -{some}"),
    };
    let how = maker.one_of(&["-y", "-f", "-f"]);
    command(&format!("lvreduce {how} {size} {}/{}", lv.vg, lv.name))
}

fn lvresize(maker: &mut Maker<'_>) -> Option<Made> {
    let lv = maker.lv()?;
    let some = 1 + maker.rng.below(lv.extents.max(1) * 2);
    let size = match maker.rng.below(6) {
        0 => format!("-L {}m", 1 + maker.rng.below(40)),
        1 => format!("-l +{}%FREE", 1 + maker.rng.below(30)),
        2 => format!("-l -{}", 1 + maker.rng.below(lv.extents.max(1))),
        3 => format!("-l +{}", 1 + maker.rng.below(10)),
        _ => format!("-l {some}"),
    };
    let pvs = maker.pv_arguments(&lv.vg);
    let how = maker.one_of(&["-y", "-f"]);
    command(&format!("lvresize {how} {size} {}/{} {pvs}", lv.vg, lv.name))
}
