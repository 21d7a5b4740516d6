//! What an LV is made of and what it is for: `lv_layout`, `lv_role`, `lv_modules`.

use crate::model::lv_table::LvId;
use crate::model::segment::{Area, RaidLevel, SegmentKind};
use crate::report::attr::is_spare;
use crate::report::cell::Cell;
use crate::report::relations::How;
use crate::report::row::{LiveLv, VgContext};
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

pub(super) fn write_layout(vg: &VgContext<'_>, live: &LiveLv<'_>, cell: &mut Cell<'_>) {
    let relations = vg.relations();
    let mut items = |words: &[&str]| words.iter().for_each(|word| cell.item(word));
    if relations.is_used_as(live.id, How::Cache) && live.flags().cache_vol {
        return items(&["cache", "cachevol"]);
    }
    if relations.is_used_as(live.id, How::WriteCache) && live.flags().cache_vol {
        return items(&["writecache", "cachevol"]);
    }
    match live.first() {
        Some(SegmentKind::Striped(_)) => items(striped_layout(live)),
        Some(SegmentKind::Mirror(_)) => items(&["mirror"]),
        Some(SegmentKind::Raid(raid)) => items(raid_layout(raid.level)),
        Some(SegmentKind::ThinPool(_)) => items(&["thin", "pool"]),
        Some(SegmentKind::Thin(_)) => items(&["thin", "sparse"]),
        Some(SegmentKind::CachePool(_)) => items(&["cache", "pool"]),
        Some(SegmentKind::Cache(_)) => items(&["cache"]),
        Some(SegmentKind::WriteCache(_)) => items(&["writecache"]),
        Some(SegmentKind::Integrity(_)) => items(&["integrity"]),
        Some(SegmentKind::Vdo(_)) => items(&["vdo", "sparse"]),
        Some(SegmentKind::VdoPool(_)) => items(&["vdo", "pool"]),
        Some(SegmentKind::Zero) if vg.is_virtual_origin(live.id) => items(&["virtual"]),
        Some(
            SegmentKind::Zero
            | SegmentKind::Error
            | SegmentKind::Snapshot(_)
            | SegmentKind::Unknown(_),
        )
        | None => items(&["unknown"]),
    }
}

/// An LV may be linear in one part and striped in another.
fn striped_layout(live: &LiveLv<'_>) -> &'static [&'static str] {
    let has = |linear: bool| {
        live.segments().iter().any(|segment| match &segment.kind {
            SegmentKind::Striped(striped) => (striped.areas.len() == 1) == linear,
            _ => false,
        })
    };
    match (has(true), has(false)) {
        (true, true) => &["linear", "striped"],
        (true, false) => &["linear"],
        _ => &["striped"],
    }
}

fn raid_layout(level: RaidLevel) -> &'static [&'static str] {
    match level {
        RaidLevel::Raid0 => &["raid", "raid0"],
        RaidLevel::Raid0Meta => &["raid"],
        RaidLevel::Raid1 => &["raid", "raid1"],
        RaidLevel::Raid10 => &["raid", "raid10"],
        RaidLevel::Raid10Near => &["raid", "raid10", "raid10_near"],
        RaidLevel::Raid4 => &["raid", "raid4"],
        RaidLevel::Raid5 | RaidLevel::Raid5Ls => &["raid", "raid5", "raid5_ls"],
        RaidLevel::Raid5N => &["raid", "raid5", "raid5_n"],
        RaidLevel::Raid5La => &["raid", "raid5", "raid5_la"],
        RaidLevel::Raid5Ra => &["raid", "raid5", "raid5_ra"],
        RaidLevel::Raid5Rs => &["raid", "raid5", "raid5_rs"],
        RaidLevel::Raid6 | RaidLevel::Raid6Zr => &["raid", "raid6", "raid6_zr"],
        RaidLevel::Raid6Nc => &["raid", "raid6", "raid6_nc"],
        RaidLevel::Raid6Nr => &["raid", "raid6", "raid6_nr"],
        RaidLevel::Raid6La6 => &["raid", "raid6", "raid6_la_6"],
        RaidLevel::Raid6Ls6 => &["raid", "raid6", "raid6_ls_6"],
        RaidLevel::Raid6Ra6 => &["raid", "raid6", "raid6_ra_6"],
        RaidLevel::Raid6Rs6 => &["raid", "raid6", "raid6_rs_6"],
        RaidLevel::Raid6N6 => &["raid", "raid6", "raid6_n_6"],
    }
}

pub(super) fn write_role(vg: &VgContext<'_>, live: &LiveLv<'_>, cell: &mut Cell<'_>) {
    let relations = vg.relations();
    let uses = relations.uses(live.id);
    let used = |how: How| uses.iter().any(|link| link.how == how);
    let count = |how: How| uses.iter().filter(|link| link.how == how).count();
    let parts: [(How, &[&str]); 16] = [
        (How::MirrorImage, &["mirror", "image"]),
        (How::MirrorLog, &["mirror", "log"]),
        (How::RaidImage, &["raid", "image"]),
        (How::RaidMetadata, &["raid", "metadata"]),
        (How::ThinPoolData, &["thin", "pool", "data"]),
        (How::ThinPoolMetadata, &["thin", "pool", "metadata"]),
        (How::CachePoolData, &["cache", "pool", "data"]),
        (How::CachePoolMetadata, &["cache", "pool", "metadata"]),
        (How::CacheOrigin, &["cache", "origin", "cacheorigin"]),
        (How::WriteCacheOrigin, &["writecache", "origin", "writecacheorigin"]),
        (How::VdoPoolData, &["vdo", "pool", "data"]),
        (How::IntegrityOrigin, &["integrity", "origin", "integrityorigin"]),
        (How::IntegrityMetadata, &["integrity", "metadata"]),
        // A pool or a single LV that caches is private, and nothing more.
        (How::Cache, &[]),
        (How::WriteCache, &[]),
        (How::Piece, &["pvmove"]),
    ];
    let part = parts.iter().find(|(how, _)| used(*how)).map(|(_, words)| *words);
    let pool = matches!(
        live.special(),
        Some(SegmentKind::ThinPool(_) | SegmentKind::CachePool(_) | SegmentKind::VdoPool(_))
    );
    let private = part.is_some()
        || pool
        || is_spare(live)
        || live.flags().pvmove
        || vg.is_virtual_origin(live.id);
    cell.item(if private { "private" } else { "public" });
    match part {
        Some(words) if !live.flags().pvmove => words.iter().for_each(|word| cell.item(word)),
        _ if live.flags().pvmove => cell.item("pvmove"),
        _ if is_spare(live) => ["pool", "spare"].iter().for_each(|word| cell.item(word)),
        _ => {}
    }
    write_origin_role(cell, count);
    if relations.cow_of(live.id).is_some() {
        cell.item("snapshot");
        cell.item("thicksnapshot");
    }
    if let Some(SegmentKind::Thin(thin)) = live.special()
        && (thin.origin.is_some() || thin.external_origin.is_some())
    {
        cell.item("snapshot");
        cell.item("thinsnapshot");
    }
}

fn write_origin_role(cell: &mut Cell<'_>, count: impl Fn(How) -> usize) {
    let kinds = [
        (How::ExternalOrigin, "extthinorigin", "multiextthinorigin"),
        (How::ThinOrigin, "thinorigin", "multithinorigin"),
        (How::Origin, "thickorigin", "multithickorigin"),
    ];
    if kinds.iter().any(|(how, _, _)| count(*how) > 0) {
        cell.item("origin");
    }
    for (how, one, many) in kinds {
        let snapshots = count(how);
        if snapshots > 0 {
            cell.item(one);
        }
        if snapshots > 1 {
            cell.item(many);
        }
    }
}

/// More LVs than any stack has: damaged metadata may describe a long chain.
const STACK_MAX: usize = 1000;

pub(super) fn write_modules(vg: &VgContext<'_>, live: &LiveLv<'_>, cell: &mut Cell<'_>) {
    let mut modules = BTreeSet::new();
    collect_modules(vg, live, &mut modules, &mut BTreeSet::new());
    let relations = vg.relations();
    if relations.cow_of(live.id).is_some() || relations.is_used_as(live.id, How::Origin) {
        modules.insert("snapshot");
    }
    for module in modules {
        cell.item(module);
    }
}

fn collect_modules(
    vg: &VgContext<'_>,
    live: &LiveLv<'_>,
    modules: &mut BTreeSet<&'static str>,
    seen: &mut BTreeSet<LvId>,
) {
    if !seen.insert(live.id) || seen.len() > STACK_MAX {
        return;
    }
    for segment in live.segments() {
        let names: &[&'static str] = match &segment.kind {
            SegmentKind::Striped(_) | SegmentKind::Unknown(_) => &[],
            SegmentKind::Mirror(_) => &["mirror"],
            SegmentKind::Snapshot(_) => &["snapshot"],
            SegmentKind::Raid(_) => &["raid"],
            SegmentKind::ThinPool(_) => &["thin-pool"],
            SegmentKind::Thin(_) => &["thin", "thin-pool"],
            SegmentKind::CachePool(_) | SegmentKind::Cache(_) => &["cache"],
            SegmentKind::WriteCache(_) => &["writecache"],
            SegmentKind::Integrity(_) => &["integrity"],
            SegmentKind::Vdo(_) | SegmentKind::VdoPool(_) => &["kvdo"],
            SegmentKind::Error => &["error"],
            SegmentKind::Zero => &["zero"],
        };
        modules.extend(names);
    }
    for name in storage_of(live) {
        if let Some(id) = vg.relations().find(name) {
            collect_modules(vg, &LiveLv::new(&vg.vg().lvs, id, 0), modules, seen);
        }
    }
}

fn storage_of<'l>(live: &'l LiveLv<'_>) -> Vec<&'l str> {
    let mut names = Vec::new();
    for segment in live.segments() {
        for area in segment.areas() {
            if let Area::Lv { lv, .. } = area {
                names.push(lv.as_str());
            }
        }
        match &segment.kind {
            SegmentKind::Raid(raid) => {
                names.extend(raid.images.iter().map(|image| image.data.as_str()));
            }
            SegmentKind::Cache(cache) => names.push(cache.origin.as_str()),
            SegmentKind::WriteCache(cache) => names.push(cache.origin.as_str()),
            SegmentKind::Integrity(integrity) => names.push(integrity.origin.as_str()),
            SegmentKind::ThinPool(pool) => names.push(pool.data.as_str()),
            _ => {}
        }
    }
    names
}
