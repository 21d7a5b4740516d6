//! What LVs are made of: it is there, fits, serves one only, and is not made of what it is part of.

use super::Violation;
use crate::model::lv::Lv;
use crate::model::lv_table::LvId;
use crate::model::segment::{Area, Raid, Segment, SegmentKind, Thin, ThinMessage, ThinOrigin};
use crate::model::vg::Vg;
use crate::name::LvName;
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::vec::Vec;

/// Tells whether a segment is of the type that is needed.
type IsKind = fn(&SegmentKind) -> bool;

/// How an LV uses another.
struct Part<'a> {
    name: &'a LvName,
    /// How many extents it must have.
    extents: u64,
    /// Whether no other LV may use it.
    exclusive: bool,
    /// Whether it must not be visible.
    hidden: bool,
    /// Whether the LV cannot work without it: such uses make no circle.
    carries: bool,
    /// The segment type it must have, with that type's name.
    kind: Option<(IsKind, &'static str)>,
}

impl<'a> Part<'a> {
    /// A part that serves this LV only.
    const fn own(name: &'a LvName, extents: u64) -> Self {
        Self { name, extents, exclusive: true, hidden: false, carries: true, kind: None }
    }

    /// Something that others may use too.
    const fn shared(name: &'a LvName, extents: u64) -> Self {
        Self { exclusive: false, ..Self::own(name, extents) }
    }

    /// A relation that is only noted.
    const fn noted(name: &'a LvName) -> Self {
        Self { carries: false, ..Self::shared(name, 0) }
    }

    const fn hidden(self) -> Self {
        Self { hidden: true, ..self }
    }

    fn of_kind(self, is_kind: IsKind, kind: &'static str) -> Self {
        Self { kind: Some((is_kind, kind)), ..self }
    }
}

/// Calls `note` with everything that a segment names.
fn for_each_part<'a>(segment: &'a Segment, mut note: impl FnMut(Part<'a>)) {
    let extents = segment.extents.get();
    match &segment.kind {
        SegmentKind::Striped(striped) => {
            let length = extents / (striped.areas.len().max(1) as u64);
            for area in &striped.areas {
                if let Area::Lv { lv, start } = area {
                    note(Part::shared(lv, start.get().saturating_add(length)));
                }
            }
        }
        SegmentKind::Mirror(mirror) => {
            for area in &mirror.areas {
                if let Area::Lv { lv, start } = area {
                    note(Part::shared(lv, start.get().saturating_add(extents)));
                }
            }
            if let Some(log) = &mirror.log {
                note(Part::own(log, 1));
            }
        }
        SegmentKind::Snapshot(snapshot) => {
            note(Part::shared(&snapshot.origin, 1));
            note(Part::own(&snapshot.cow, 1).hidden());
        }
        SegmentKind::Raid(raid) => raid_parts(raid, segment, note),
        SegmentKind::ThinPool(pool) => {
            note(Part::own(&pool.metadata, 1).hidden());
            note(Part::own(&pool.data, extents).hidden());
        }
        SegmentKind::Thin(thin) => thin_parts(thin, note),
        SegmentKind::CachePool(pool) => {
            note(Part::own(&pool.metadata, 1).hidden());
            note(Part::own(&pool.data, extents).hidden());
        }
        SegmentKind::Cache(cache) => {
            let pool = Part::own(&cache.pool, 1);
            note(match &cache.layout {
                Some(_) => pool,
                None => {
                    pool.of_kind(|kind| matches!(kind, SegmentKind::CachePool(_)), "cache-pool")
                }
            });
            note(Part::own(&cache.origin, extents));
        }
        SegmentKind::WriteCache(cache) => {
            note(Part::own(&cache.writecache, 1));
            note(Part::own(&cache.origin, extents));
        }
        SegmentKind::Integrity(integrity) => {
            note(Part::own(&integrity.origin, extents));
            if let Some(metadata) = &integrity.metadata {
                note(Part::own(metadata, 1));
            }
        }
        SegmentKind::Vdo(vdo) => {
            let pool = Part::shared(&vdo.pool, 0);
            note(pool.of_kind(|kind| matches!(kind, SegmentKind::VdoPool(_)), "vdo-pool"));
        }
        SegmentKind::VdoPool(pool) => note(Part::own(&pool.data, extents).hidden()),
        SegmentKind::Error | SegmentKind::Zero | SegmentKind::Unknown(_) => {}
    }
}

fn raid_parts<'a>(raid: &'a Raid, segment: &Segment, mut note: impl FnMut(Part<'a>)) {
    let flags = segment.flags;
    let reshapes = flags.reshape
        || flags.reshape_data_offset
        || flags.reshape_delta_disks_plus
        || flags.reshape_delta_disks_minus
        || flags.remove_after_reshape;
    // While its shape changes, how much each image holds follows from two shapes.
    let stripes = raid.data_stripes().filter(|_| !reshapes);
    let extents = stripes.map_or(1, |stripes| segment.extents.get().div_ceil(stripes));
    for image in &raid.images {
        note(Part::own(&image.data, extents));
        if let Some(metadata) = &image.metadata {
            note(Part::own(metadata, 1));
        }
    }
}

fn thin_parts<'a>(thin: &'a Thin, mut note: impl FnMut(Part<'a>)) {
    let pool = Part::shared(&thin.pool, 1);
    note(pool.of_kind(|kind| matches!(kind, SegmentKind::ThinPool(_)), "thin-pool"));
    if let Some(origin) = &thin.external_origin {
        note(Part::shared(origin, 1));
    }
    if let Some(ThinOrigin::Live(origin)) = &thin.origin {
        note(Part::noted(origin));
    }
    if let Some(merge) = &thin.merge {
        note(Part::noted(merge));
    }
}

/// What has been found about the uses of LVs.
struct References<'a> {
    vg: &'a Vg,
    index: BTreeMap<&'a str, LvId>,
    /// The only user of each LV that has one.
    owners: BTreeMap<LvId, LvId>,
    /// What each LV is made of.
    edges: BTreeMap<LvId, Vec<LvId>>,
    /// Thin LVs by pool and number.
    thins: BTreeMap<(LvId, u32), LvName>,
}

/// Checks what these LVs name.
pub(super) fn check(vg: &Vg, ids: &[LvId], found: &mut Vec<Violation>) {
    let mut references: Option<References> = None;
    for id in ids.iter().filter(|id| !vg.lvs.is_source(**id)) {
        let lv = vg.lvs.get(*id);
        let mut names_others = false;
        for segment in &lv.segments {
            for_each_part(segment, |_| names_others = true);
        }
        if !names_others {
            continue;
        }
        // The index is made only if something is looked up in it.
        let references = references.get_or_insert_with(|| References {
            vg,
            index: vg.lvs.by_name(),
            owners: BTreeMap::new(),
            edges: BTreeMap::new(),
            thins: BTreeMap::new(),
        });
        for segment in &lv.segments {
            references.check_segment(*id, &lv, segment, found);
        }
    }
    if let Some(references) = references {
        references.check_cycles(found);
    }
}

impl References<'_> {
    fn check_segment(&mut self, id: LvId, lv: &Lv, segment: &Segment, found: &mut Vec<Violation>) {
        for_each_part(segment, |part| self.check_part(id, lv, &part, found));
        match &segment.kind {
            SegmentKind::Thin(thin) => self.check_thin(lv, thin, found),
            SegmentKind::ThinPool(pool) => {
                for message in &pool.messages {
                    if let ThinMessage::Create(thin) = message
                        && !self.index.contains_key(thin.as_str())
                    {
                        let (lv, part) = (lv.name.clone(), thin.clone());
                        found.push(Violation::NoSuchLv { lv, part });
                    }
                }
            }
            _ => {}
        }
    }

    fn check_part(&mut self, id: LvId, lv: &Lv, part: &Part, found: &mut Vec<Violation>) {
        let names = || (lv.name.clone(), part.name.clone());
        let Some(target) = self.index.get(part.name.as_str()).copied() else {
            let (lv, part) = names();
            found.push(Violation::NoSuchLv { lv, part });
            return;
        };
        let count = self.vg.lvs.extents(target);
        if count.get() < part.extents {
            let needed = part.extents;
            let (lv, part) = names();
            found.push(Violation::PartTooShort { lv, part, needed, count });
        }
        if part.hidden && self.vg.lvs.is_visible(target) {
            let (lv, part) = names();
            found.push(Violation::PartVisible { lv, part });
        }
        if let Some((is_kind, needed)) = part.kind {
            let body = self.vg.lvs.get(target);
            if !body.segments.iter().all(|segment| is_kind(&segment.kind)) {
                let (lv, part) = names();
                found.push(Violation::WrongKind { lv, part, needed });
            }
        }
        if part.carries {
            self.edges.entry(id).or_default().push(target);
        }
        if part.exclusive
            && let Some(owner) = self.owners.insert(target, id)
        {
            found.push(Violation::PartShared {
                part: part.name.clone(),
                one: self.vg.lvs.name(owner).into(),
                other: lv.name.as_str().into(),
            });
        }
    }

    fn check_thin(&mut self, lv: &Lv, thin: &Thin, found: &mut Vec<Violation>) {
        let Some(pool) = self.index.get(thin.pool.as_str()) else {
            return;
        };
        let key = (*pool, thin.device_id);
        if let Some(one) = self.thins.insert(key, lv.name.clone()) {
            found.push(Violation::DuplicateThinDeviceId {
                pool: thin.pool.clone(),
                one,
                other: lv.name.clone(),
                number: thin.device_id,
            });
        }
    }

    /// Looks for circles: depth first with a stack of its own. Each edge is walked once.
    fn check_cycles(&self, found: &mut Vec<Violation>) {
        let mut done: BTreeSet<LvId> = BTreeSet::new();
        for start in self.edges.keys() {
            if done.contains(start) {
                continue;
            }
            let mut open: BTreeSet<LvId> = BTreeSet::from([*start]);
            let mut stack: Vec<(LvId, usize)> = Vec::from([(*start, 0)]);
            while let Some((id, next)) = stack.last_mut() {
                let parts = self.edges.get(id).map_or(&[][..], Vec::as_slice);
                let Some(part) = parts.get(*next).copied() else {
                    open.remove(id);
                    done.insert(*id);
                    stack.pop();
                    continue;
                };
                *next += 1;
                if open.contains(&part) {
                    let lv = self.vg.lvs.get(part).name.clone();
                    found.push(Violation::Cycle { lv });
                } else if !done.contains(&part) {
                    open.insert(part);
                    stack.push((part, 0));
                }
            }
        }
    }
}
