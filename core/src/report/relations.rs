//! Which LV of a VG is part, origin or user of which: the links that metadata states once, seen
//! from both ends. Only LVs that are more than plain text are looked at.

use crate::model::lv::{HistoricalLv, HistoryName, Lv};
use crate::model::lv_table::LvId;
use crate::model::segment::{Area, CowRole, SegmentKind, ThinOrigin};
use crate::model::vg::Vg;
use crate::name::LvName;
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// How one LV uses another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum How {
    ThinPoolData,
    ThinPoolMetadata,
    CachePoolData,
    CachePoolMetadata,
    VdoPoolData,
    MirrorImage,
    MirrorLog,
    RaidImage,
    RaidMetadata,
    CacheOrigin,
    /// A pool or a single LV that caches.
    Cache,
    WriteCacheOrigin,
    WriteCache,
    IntegrityOrigin,
    IntegrityMetadata,
    ThinPool,
    ThinOrigin,
    ThinMerge,
    ExternalOrigin,
    VdoPool,
    /// The user is the carrier of a snapshot.
    Origin,
    Cow(CowRole),
    /// A piece of a pvmove's copying LV, or of another stacked LV.
    Piece,
}

/// A link, seen from the LV that is used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) user: LvId,
    pub(super) how: How,
}

/// Calls `found` with the name of every LV that `lv` uses.
fn each_used(lv: &Lv, found: &mut impl FnMut(&LvName, How)) {
    for segment in &lv.segments {
        for area in segment.areas() {
            if let Area::Lv { lv, .. } = area {
                let how = match &segment.kind {
                    SegmentKind::Mirror(_) => How::MirrorImage,
                    _ => How::Piece,
                };
                found(lv, how);
            }
        }
        each_used_by(&segment.kind, found);
    }
}

fn each_used_by(kind: &SegmentKind, found: &mut impl FnMut(&LvName, How)) {
    match kind {
        SegmentKind::Striped(_)
        | SegmentKind::Error
        | SegmentKind::Zero
        | SegmentKind::Unknown(_) => {}
        SegmentKind::Mirror(mirror) => {
            if let Some(log) = &mirror.log {
                found(log, How::MirrorLog);
            }
        }
        SegmentKind::Snapshot(snapshot) => {
            found(&snapshot.origin, How::Origin);
            found(&snapshot.cow, How::Cow(snapshot.role));
        }
        SegmentKind::Raid(raid) => {
            for image in &raid.images {
                found(&image.data, How::RaidImage);
                if let Some(metadata) = &image.metadata {
                    found(metadata, How::RaidMetadata);
                }
            }
        }
        SegmentKind::ThinPool(pool) => {
            found(&pool.data, How::ThinPoolData);
            found(&pool.metadata, How::ThinPoolMetadata);
        }
        SegmentKind::Thin(thin) => {
            found(&thin.pool, How::ThinPool);
            if let Some(origin) = &thin.external_origin {
                found(origin, How::ExternalOrigin);
            }
            if let Some(ThinOrigin::Live(origin)) = &thin.origin {
                found(origin, How::ThinOrigin);
            }
            if let Some(target) = &thin.merge {
                found(target, How::ThinMerge);
            }
        }
        SegmentKind::CachePool(pool) => {
            found(&pool.data, How::CachePoolData);
            found(&pool.metadata, How::CachePoolMetadata);
        }
        SegmentKind::Cache(cache) => {
            found(&cache.pool, How::Cache);
            found(&cache.origin, How::CacheOrigin);
        }
        SegmentKind::WriteCache(cache) => {
            found(&cache.writecache, How::WriteCache);
            found(&cache.origin, How::WriteCacheOrigin);
        }
        SegmentKind::Integrity(integrity) => {
            found(&integrity.origin, How::IntegrityOrigin);
            if let Some(metadata) = &integrity.metadata {
                found(metadata, How::IntegrityMetadata);
            }
        }
        SegmentKind::Vdo(vdo) => found(&vdo.pool, How::VdoPool),
        SegmentKind::VdoPool(pool) => found(&pool.data, How::VdoPoolData),
    }
}

/// The links between the LVs of a VG.
#[derive(Debug, Default)]
pub(super) struct Relations<'a> {
    by_name: BTreeMap<&'a str, LvId>,
    uses: BTreeMap<LvId, Vec<Use>>,
    /// LVs that lie, wholly or in part, on PVs that are missing.
    partial: BTreeSet<LvId>,
}

/// An LV that exists or one that is remembered.
#[derive(Clone)]
pub(super) enum Relative<'a> {
    Live(Arc<Lv>),
    Historical(&'a HistoricalLv),
}

impl<'a> Relations<'a> {
    /// Looks at all LVs that are not plain; `missing` tells of each PV whether it is.
    pub(super) fn new(vg: &'a Vg, missing: &[bool]) -> Self {
        let loaded: Vec<LvId> = vg.lvs.ids().filter(|id| !vg.lvs.is_source(*id)).collect();
        let mut relations = Self::default();
        if missing.contains(&true) {
            let runs = vg.lvs.runs_unsorted().iter();
            let lost = runs.filter(|run| missing.get(run.pv.get()).is_some_and(|lost| *lost));
            relations.partial = lost.map(|run| run.lv).collect();
        }
        if loaded.is_empty() {
            return relations;
        }
        relations.by_name = vg.lvs.by_name();
        let mut edges = Vec::new();
        for id in loaded {
            each_used(&vg.lvs.get(id), &mut |name, how| {
                if let Some(used) = relations.by_name.get(name.as_str()) {
                    edges.push((*used, Use { user: id, how }));
                }
            });
        }
        for (used, link) in edges {
            relations.uses.entry(used).or_default().push(link);
        }
        relations.spread_partial();
        relations
    }

    /// An LV that uses a partial one as its storage is partial itself.
    fn spread_partial(&mut self) {
        let mut queue: Vec<LvId> = self.partial.iter().copied().collect();
        while let Some(id) = queue.pop() {
            for link in self.uses(id) {
                let storage = !matches!(
                    link.how,
                    How::Origin
                        | How::Cow(_)
                        | How::ThinOrigin
                        | How::ThinMerge
                        | How::IntegrityMetadata
                );
                if storage && !self.partial.contains(&link.user) {
                    queue.push(link.user);
                }
            }
            self.partial.extend(queue.iter().copied());
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<LvId> {
        self.by_name.get(name).copied()
    }

    pub(super) fn uses(&self, id: LvId) -> &[Use] {
        self.uses.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn user_as(&self, id: LvId, how: impl Fn(How) -> bool) -> Option<LvId> {
        self.uses(id).iter().find(|link| how(link.how)).map(|link| link.user)
    }

    pub(super) fn is_used_as(&self, id: LvId, how: How) -> bool {
        self.user_as(id, |found| found == how).is_some()
    }

    pub(super) fn is_partial(&self, id: LvId) -> bool {
        self.partial.contains(&id)
    }

    /// The snapshot that this LV is the COW store of: its carrier and its role.
    pub(super) fn cow_of(&self, id: LvId) -> Option<(LvId, CowRole)> {
        self.uses(id).iter().find_map(|link| match link.how {
            How::Cow(role) => Some((link.user, role)),
            _ => None,
        })
    }
}

/// Reads the snapshot that a carrier carries.
pub(super) fn snapshot_in(lv: &Lv) -> Option<&crate::model::segment::Snapshot> {
    lv.segments.iter().find_map(|segment| match &segment.kind {
        SegmentKind::Snapshot(snapshot) => Some(&**snapshot),
        _ => None,
    })
}

/// A VG's family trees.
pub(super) struct Family<'a, 'r> {
    pub(super) vg: &'a Vg,
    pub(super) relations: &'r Relations<'a>,
    /// Whether LVs that were removed count.
    pub(super) full: bool,
}

impl<'a> Family<'a, '_> {
    fn live(&self, name: &str) -> Option<Relative<'a>> {
        let id = self.relations.find(name).or_else(|| self.vg.lvs.find(name))?;
        Some(Relative::Live(self.vg.lvs.get(id)))
    }

    fn historical(&self, name: &str) -> Option<&'a HistoricalLv> {
        self.vg.historical.iter().find(|found| found.name.as_str() == name)
    }

    fn by_history_name(&self, name: &HistoryName) -> Option<Relative<'a>> {
        match name {
            HistoryName::Live(name) => self.live(name.as_str()),
            HistoryName::Historical(name) => {
                self.historical(name.as_str()).map(Relative::Historical)
            }
        }
    }

    /// Returns what `relative` is a snapshot of.
    pub(super) fn parent(&self, relative: &Relative<'a>) -> Option<Relative<'a>> {
        let lv = match relative {
            Relative::Historical(lv) => return self.by_history_name(lv.origin.as_ref()?),
            Relative::Live(lv) => lv,
        };
        let id = self.relations.find(lv.name.as_str())?;
        if let Some((carrier, _)) = self.relations.cow_of(id) {
            let carrier = self.vg.lvs.get(carrier);
            return self.live(snapshot_in(&carrier)?.origin.as_str());
        }
        if let Some(SegmentKind::Thin(thin)) = lv.segments.first().map(|first| &first.kind) {
            match (&thin.origin, &thin.external_origin) {
                (Some(ThinOrigin::Live(origin)), _) | (None, Some(origin)) => {
                    return self.live(origin.as_str());
                }
                (Some(ThinOrigin::Historical(origin)), _) if self.full => {
                    return self.historical(origin.as_str()).map(Relative::Historical);
                }
                (Some(ThinOrigin::Historical(_)), _) | (None, None) => {}
            }
        }
        // The link may be stated at the historical end only.
        let is_child = |found: &&HistoricalLv| {
            let mut children = found.descendants.iter();
            children.any(|child| matches!(child, HistoryName::Live(name) if *name == lv.name))
        };
        let parent = self.vg.historical.iter().find(is_child).filter(|_| self.full);
        parent.map(Relative::Historical)
    }

    /// Returns what are snapshots of `relative`.
    pub(super) fn children(&self, relative: &Relative<'a>) -> Vec<Relative<'a>> {
        let lv = match relative {
            Relative::Historical(lv) => {
                let children = lv.descendants.iter();
                return children.filter_map(|name| self.by_history_name(name)).collect();
            }
            Relative::Live(lv) => lv,
        };
        let mut children = Vec::new();
        let id = self.relations.find(lv.name.as_str());
        for link in id.map_or(&[][..], |id| self.relations.uses(id)) {
            match link.how {
                How::ThinOrigin | How::ExternalOrigin => {
                    children.push(Relative::Live(self.vg.lvs.get(link.user)));
                }
                How::Origin => {
                    let carrier = self.vg.lvs.get(link.user);
                    let cow = snapshot_in(&carrier).map(|snapshot| snapshot.cow.as_str());
                    children.extend(cow.and_then(|cow| self.live(cow)));
                }
                _ => {}
            }
        }
        if self.full {
            let of = |found: &&HistoricalLv| match &found.origin {
                Some(HistoryName::Live(name)) => *name == lv.name,
                _ => false,
            };
            children.extend(self.vg.historical.iter().filter(of).map(Relative::Historical));
        }
        children
    }
}
