//! What LVs are to one another: which are parts of others, and which a user sees.

use crate::model::lv::Lv;
use crate::model::lv_table::LvId;
use crate::model::segment::{Area, SegmentKind};
use crate::model::vg::Vg;
use crate::name::LvName;
use std_alloc::collections::{BTreeMap, BTreeSet};

/// What LVs are to one another, found from the LVs that are not plain.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    /// Name of a used LV → those that use it.
    users: BTreeMap<LvName, BTreeSet<LvId>>,
    /// COW stores, each with the hidden LV that carries its snapshot segment.
    cows: BTreeMap<LvName, LvId>,
    /// Carriers of snapshot segments.
    carriers: BTreeSet<LvId>,
}

impl Roles {
    /// Looks at all LVs that are not plain.
    pub fn of(vg: &Vg) -> Self {
        let mut roles = Self::default();
        for id in vg.lvs.ids().filter(|id| !vg.lvs.is_source(*id)) {
            let lv = vg.lvs.get(id);
            for_each_part(&lv, |part| {
                roles.users.entry(part.clone()).or_default().insert(id);
            });
            for segment in &lv.segments {
                if let SegmentKind::Snapshot(snapshot) = &segment.kind {
                    roles.cows.insert(snapshot.cow.clone(), id);
                    roles.carriers.insert(id);
                }
            }
        }
        roles
    }

    /// Returns true if no LV uses another.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// Returns the LVs that use the one of this name.
    pub fn users(&self, name: &str) -> impl Iterator<Item = LvId> + '_ {
        self.users.get(name).into_iter().flatten().copied()
    }

    /// Returns true if the LV of this name holds the exceptions of a snapshot.
    pub fn is_cow(&self, name: &str) -> bool {
        self.cows.contains_key(name)
    }

    /// Returns true if the LV is the hidden carrier of a snapshot segment.
    pub fn is_carrier(&self, id: LvId) -> bool {
        self.carriers.contains(&id)
    }

    /// Returns true if a user sees the LV: it is visible, or holds the exceptions of a snapshot
    /// whose carrier is; carriers themselves are not seen.
    pub fn is_visible(&self, vg: &Vg, id: LvId) -> bool {
        if self.carriers.contains(&id) {
            return false;
        }
        vg.lvs.is_visible(id)
            || self.cows.get(vg.lvs.name(id)).is_some_and(|carrier| vg.lvs.is_visible(*carrier))
    }
}

/// Calls `note` with each LV that `lv` names as a part, an origin or a pool.
fn for_each_part(lv: &Lv, mut note: impl FnMut(&LvName)) {
    for segment in &lv.segments {
        for area in segment.areas() {
            if let Area::Lv { lv, .. } = area {
                note(lv);
            }
        }
        match &segment.kind {
            SegmentKind::Striped(_)
            | SegmentKind::Error
            | SegmentKind::Zero
            | SegmentKind::Unknown(_) => {}
            SegmentKind::Mirror(mirror) => mirror.log.iter().for_each(&mut note),
            SegmentKind::Snapshot(snapshot) => {
                note(&snapshot.origin);
                note(&snapshot.cow);
            }
            SegmentKind::Raid(raid) => {
                for image in &raid.images {
                    note(&image.data);
                    image.metadata.iter().for_each(&mut note);
                }
            }
            SegmentKind::ThinPool(pool) => {
                note(&pool.metadata);
                note(&pool.data);
            }
            SegmentKind::Thin(thin) => {
                note(&thin.pool);
                thin.external_origin.iter().for_each(&mut note);
                thin.merge.iter().for_each(&mut note);
            }
            SegmentKind::CachePool(pool) => {
                note(&pool.metadata);
                note(&pool.data);
            }
            SegmentKind::Cache(cache) => {
                note(&cache.pool);
                note(&cache.origin);
            }
            SegmentKind::WriteCache(cache) => {
                note(&cache.writecache);
                note(&cache.origin);
            }
            SegmentKind::Integrity(integrity) => {
                note(&integrity.origin);
                integrity.metadata.iter().for_each(&mut note);
            }
            SegmentKind::Vdo(vdo) => note(&vdo.pool),
            SegmentKind::VdoPool(pool) => note(&pool.data),
        }
    }
}
