//! Values of LVs.

use crate::model::flags::Permission;
use crate::model::lv::{Lv, ReadAhead};
use crate::model::lv_table::LvId;
use crate::model::segment::{
    Cache, CachePool, Integrity, Raid, SegmentKind, Thin, ThinOrigin, ThinPool, VdoPool, WriteCache,
};
use crate::report::attr::{is_raid, move_source, write_lv_attr};
use crate::report::cell::{Cell, Key};
use crate::report::field::Field;
use crate::report::options::Activation;
use crate::report::relations::{Family, How, Relative, snapshot_in};
use crate::report::row::{LiveLv, LvRow, Row, VgContext};
use crate::report::values::layout;
use crate::report::values::pv::write_pv_name;
use crate::units::Sectors;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// Writes a value of the row's LV.
pub(super) fn write(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) {
    if of_kernel(field, row, cell) {
        return;
    }
    match (&row.lv, row.vg) {
        (LvRow::Live(live), Some(vg)) => Of { vg, live }.write(field, cell),
        (LvRow::Historical(lv), Some(vg)) => super::other_lv::write_historical(field, vg, lv, cell),
        (LvRow::Free | LvRow::None, _) | (_, None) => super::other_lv::write_free(field, row, cell),
    }
}

/// Writes what only the kernel knows: nothing is known of it. False for other fields.
fn of_kernel(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) -> bool {
    let Activation::Unknown = cell.options().activation;
    match field {
        Field::LvActive => cell.str("unknown"),
        Field::LvActiveLocally
        | Field::LvActiveRemotely
        | Field::LvActiveExclusively
        | Field::LvSuspended
        | Field::LvLiveTable
        | Field::LvInactiveTable
        | Field::LvDeviceOpen
        | Field::LvCheckNeeded
        | Field::LvMergeFailed
        | Field::LvSnapshotInvalid => cell.unknown_flag(),
        Field::LvKernelMajor | Field::LvKernelMinor | Field::LvKernelReadAhead => {
            cell.minus_one();
        }
        Field::LvImageSynced | Field::LvConverting => cell.flag(false, ""),
        Field::KernelCacheSettings
        | Field::KernelCachePolicy
        | Field::KernelDiscards
        | Field::RaidSyncAction
        | Field::VdoOperatingMode
        | Field::VdoCompressionState
        | Field::VdoIndexState
        | Field::ConvertLv
        | Field::ConvertLvUuid => {}
        Field::DataPercent
        | Field::SnapPercent
        | Field::MetadataPercent
        | Field::CopyPercent
        | Field::SyncPercent
        | Field::CacheTotalBlocks
        | Field::CacheUsedBlocks
        | Field::CacheDirtyBlocks
        | Field::CacheReadHits
        | Field::CacheReadMisses
        | Field::CacheWriteHits
        | Field::CacheWriteMisses
        | Field::KernelMetadataFormat
        | Field::RaidMismatchCount
        | Field::Integritymismatches
        | Field::VdoUsedSize
        | Field::VdoSavingPercent
        | Field::WritecacheTotalBlocks
        | Field::WritecacheFreeBlocks
        | Field::WritecacheWritebackBlocks
        | Field::WritecacheError => cell.no_number(),
        Field::LvPermissions => cell.str(permission_word(row)),
        _ => return false,
    }
    true
}

/// Without the kernel's word, a writable LV might be read-only all the same.
fn permission_word(row: &Row<'_, '_>) -> &'static str {
    match row.live() {
        Some(live) if live.flags().pvmove => "",
        Some(live) if live.permission() == Permission::ReadOnly => "read-only",
        _ => "unknown",
    }
}

/// The fields of one segment kind, if the LV's first segment is of it.
macro_rules! first_as {
    ($name:ident, $variant:ident, $type:ty) => {
        fn $name(&self) -> Option<&$type> {
            match self.live.special() {
                Some(SegmentKind::$variant(fields)) => Some(fields),
                _ => None,
            }
        }
    };
}

/// An LV that exists, in its VG.
pub(super) struct Of<'r, 'a> {
    pub(super) vg: &'r VgContext<'a>,
    pub(super) live: &'r LiveLv<'a>,
}

impl<'a> Of<'_, 'a> {
    first_as!(thin, Thin, Thin);
    first_as!(thin_pool, ThinPool, ThinPool);
    first_as!(cache, Cache, Cache);
    first_as!(cache_pool, CachePool, CachePool);
    first_as!(write_cache, WriteCache, WriteCache);
    first_as!(integrity, Integrity, Integrity);
    first_as!(raid, Raid, Raid);
    first_as!(vdo_pool, VdoPool, VdoPool);

    fn lv(&self) -> &Lv {
        self.live.lv()
    }

    fn write(&self, field: Field, cell: &mut Cell<'_>) {
        match field {
            Field::LvUuid => cell.uuid(self.lv().id),
            Field::LvName => cell.name(self.live.name(), !self.is_visible()),
            Field::LvFullName => self.write_joined(cell, "", "/"),
            Field::LvPath => {
                let used_pool = self.thin_pool().is_some_and(|pool| pool.transaction_id > 0);
                if self.is_visible() && !used_pool {
                    self.write_joined(cell, "/dev/", "/");
                }
            }
            Field::LvDmPath => self.write_dm_path(cell),
            Field::LvLayout => layout::write_layout(self.vg, self.live, cell),
            Field::LvRole => layout::write_role(self.vg, self.live, cell),
            Field::LvModules => layout::write_modules(self.vg, self.live, cell),
            Field::LvAttr => write_lv_attr(cell.text, self.vg, self.live),
            Field::LvHealthStatus => self.write_health(cell),
            Field::LvAllocationPolicy => cell.str(self.lv().policy.as_str()),
            Field::LvWhenFull => {
                if self.thin_pool().is_some() {
                    let fails = self.live.flags().error_when_full;
                    cell.str(if fails { "error" } else { "queue" });
                }
            }
            Field::LvTags => cell.sorted(self.lv().tags.iter().map(AsRef::as_ref)),
            Field::LvProfile => cell.str(self.lv().profile.as_deref().unwrap_or("")),
            Field::LvLockargs => cell.str(self.lv().lock_args.as_deref().unwrap_or("")),
            Field::LvTime => cell.time(self.lv().creation.as_ref().map(|made| made.time)),
            Field::LvTimeRemoved => cell.time(None),
            Field::LvHost => {
                cell.str(self.lv().creation.as_ref().map_or("", |made| made.host.as_str()));
            }
            _ => self.write_flag_or_number(field, cell),
        }
    }

    fn write_flag_or_number(&self, field: Field, cell: &mut Cell<'_>) {
        let flags = self.live.flags();
        match field {
            Field::LvInitialImageSync => {
                let mirrors = matches!(
                    self.live.special(),
                    Some(SegmentKind::Mirror(_) | SegmentKind::Raid(_))
                );
                cell.flag(mirrors && !flags.not_synced, "initial image sync");
            }
            Field::LvMerging => cell.flag(self.is_merging(), "merging"),
            Field::LvAllocationLocked => cell.flag(flags.locked, "allocation locked"),
            Field::LvFixedMinor => cell.flag(flags.fixed_minor, "fixed minor"),
            Field::LvSkipActivation => cell.flag(flags.activation_skip, "skip activation"),
            Field::LvAutoactivation => cell.flag(!flags.no_auto_activate, "enabled"),
            Field::LvHistorical => cell.flag(false, "historical"),
            Field::LvMajor => cell.number_or_minus_one(self.lv().numbers.major.map(u64::from)),
            Field::LvMinor => cell.number_or_minus_one(self.lv().numbers.minor.map(u64::from)),
            Field::LvReadAhead => match self.lv().read_ahead {
                ReadAhead::Auto => {
                    cell.str("auto");
                    cell.key = Key::Number(crate::report::cell::UNDEFINED - 1);
                }
                ReadAhead::None => cell.size(Sectors::ZERO),
                ReadAhead::Sectors(sectors) => cell.size(sectors),
            },
            Field::LvSize => cell.size(self.size_of(self.live.id)),
            Field::LvMetadataSize => cell.size_or_none(self.metadata_size()),
            Field::SegCount => cell.number(self.lv().segments.len() as u64),
            Field::OriginSize => cell.size_or_none(self.origin_size()),
            Field::RaidWriteBehind => {
                cell.number_or_none(self.raid_number(|raid| raid.write_behind));
            }
            Field::RaidMinRecoveryRate => {
                cell.number_or_none(self.raid_number(|raid| raid.min_recovery_rate));
            }
            Field::RaidMaxRecoveryRate => {
                cell.number_or_none(self.raid_number(|raid| raid.max_recovery_rate));
            }
            Field::Raidintegrityblocksize => {
                cell.number_or_minus_one(self.with_integrity(|i| i.block_size));
            }
            Field::WritecacheBlockSize => {
                cell.number_or_minus_one(self.write_cache().map(|cache| cache.block_size));
            }
            _ => self.write_related(field, cell),
        }
    }

    fn write_related(&self, field: Field, cell: &mut Cell<'_>) {
        match field {
            Field::LvParent => self.write_name(self.parent(), cell),
            Field::Origin => self.write_name(self.origin(), cell),
            Field::OriginUuid => self.write_uuid(self.origin(), cell),
            Field::LvAncestors => self.write_ancestors(false, cell),
            Field::LvFullAncestors => self.write_ancestors(true, cell),
            Field::LvDescendants => self.write_descendants(false, cell),
            Field::LvFullDescendants => self.write_descendants(true, cell),
            Field::Raidintegritymode => {
                let word = self.with_integrity(|integrity| match integrity.mode.as_str() {
                    "J" => "journal",
                    "B" => "bitmap",
                    "D" => "direct",
                    "R" => "recovery",
                    _ => "unknown",
                });
                cell.str(word.unwrap_or(""));
            }
            Field::MovePv | Field::MovePvUuid => {
                let moves = self.live.flags().pvmove;
                match moves.then(|| move_source(self.live)).flatten() {
                    Some(pv) if field == Field::MovePv => write_pv_name(self.vg, pv, cell),
                    Some(pv) => cell.uuid(self.vg.vg().pv(pv).id),
                    None => {}
                }
            }
            Field::MirrorLog => self.write_name(self.mirror_log(), cell),
            Field::MirrorLogUuid => self.write_uuid(self.mirror_log(), cell),
            Field::DataLv => self.write_name(self.data(), cell),
            Field::DataLvUuid => self.write_uuid(self.data(), cell),
            Field::MetadataLv => self.write_name(self.metadata(), cell),
            Field::MetadataLvUuid => self.write_uuid(self.metadata(), cell),
            Field::PoolLv => self.write_name(self.pool(), cell),
            Field::PoolLvUuid => self.write_uuid(self.pool(), cell),
            _ => unreachable!("{field:?} is no field of LVs"),
        }
    }

    pub(super) fn is_visible(&self) -> bool {
        self.vg.is_visible(self.live.id)
    }

    fn write_joined(&self, cell: &mut Cell<'_>, before: &str, between: &str) {
        cell.str(before);
        cell.str(self.vg.vg().name.as_str());
        cell.str(between);
        cell.str(self.live.name());
    }

    fn write_dm_path(&self, cell: &mut Cell<'_>) {
        cell.str("/dev/mapper/");
        super::other_lv::write_escaped(self.vg.vg().name.as_str(), cell);
        cell.str("-");
        super::other_lv::write_escaped(self.live.name(), cell);
    }

    fn write_health(&self, cell: &mut Cell<'_>) {
        if self.vg.relations().is_partial(self.live.id) {
            cell.str("partial");
        } else if is_raid(self.vg, self.live) {
            cell.str("unknown");
        }
    }

    fn size_of(&self, id: LvId) -> Sectors {
        let vg = self.vg.vg();
        let size = vg.extent_size.checked_to_sectors(vg.lvs.extents(id));
        size.unwrap_or(Sectors::new(u64::MAX / 512))
    }

    fn find(&self, name: &str) -> Option<LvId> {
        self.vg.relations().find(name)
    }

    fn write_name(&self, id: Option<LvId>, cell: &mut Cell<'_>) {
        if let Some(id) = id {
            cell.name(self.vg.vg().lvs.name(id), !self.vg.is_visible(id));
        }
    }

    fn write_uuid(&self, id: Option<LvId>, cell: &mut Cell<'_>) {
        if let Some(id) = id {
            cell.uuid(self.vg.vg().lvs.get(id).id);
        }
    }

    fn user(&self, hows: &[How]) -> Option<LvId> {
        let relations = self.vg.relations();
        relations.user_as(self.live.id, |how| hows.contains(&how))
    }

    fn parent(&self) -> Option<LvId> {
        if self.live.flags().visible {
            return None;
        }
        self.user(&[
            How::ThinPoolData,
            How::ThinPoolMetadata,
            How::CachePoolData,
            How::CachePoolMetadata,
            How::MirrorImage,
            How::MirrorLog,
            How::RaidImage,
            How::RaidMetadata,
        ])
    }

    /// The snapshot that this LV is the store of.
    fn snapshot_origin(&self) -> Option<LvId> {
        let (carrier, _) = self.vg.relations().cow_of(self.live.id)?;
        let carrier = self.vg.vg().lvs.get(carrier);
        self.find(snapshot_in(&carrier)?.origin.as_str())
    }

    fn origin(&self) -> Option<LvId> {
        if let Some(origin) = self.snapshot_origin() {
            return Some(origin);
        }
        let name = match self.live.special()? {
            SegmentKind::Thin(thin) => match (&thin.origin, &thin.external_origin) {
                (Some(ThinOrigin::Live(origin)), _) | (None, Some(origin)) => origin,
                (Some(ThinOrigin::Historical(_)), _) | (None, None) => return None,
            },
            SegmentKind::Cache(cache) => &cache.origin,
            SegmentKind::WriteCache(cache) => &cache.origin,
            SegmentKind::Integrity(integrity) => &integrity.origin,
            _ => return None,
        };
        self.find(name.as_str())
    }

    fn origin_size(&self) -> Option<Sectors> {
        if let Some(origin) = self.snapshot_origin() {
            return Some(self.size_of(origin));
        }
        if self.user(&[How::Origin]).is_some() {
            return Some(self.size_of(self.live.id));
        }
        let external = self.thin()?.external_origin.as_ref()?;
        Some(self.size_of(self.find(external.as_str())?))
    }

    fn metadata_size(&self) -> Option<Sectors> {
        if let Some(layout) = self.cache().and_then(|cache| cache.layout.as_ref()) {
            return Some(layout.metadata_len);
        }
        self.metadata().map(|id| self.size_of(id))
    }

    fn mirror_log(&self) -> Option<LvId> {
        match self.live.special()? {
            SegmentKind::Mirror(mirror) => self.find(mirror.log.as_ref()?.as_str()),
            _ => None,
        }
    }

    fn data(&self) -> Option<LvId> {
        let thin = self.thin_pool().map(|pool| &pool.data);
        let cache = || self.cache_pool().map(|pool| &pool.data);
        let vdo = || self.vdo_pool().map(|pool| &pool.data);
        self.find(thin.or_else(cache).or_else(vdo)?.as_str())
    }

    fn metadata(&self) -> Option<LvId> {
        let thin = self.thin_pool().map(|pool| &pool.metadata);
        let cache = || self.cache_pool().map(|pool| &pool.metadata);
        self.find(thin.or_else(cache)?.as_str())
    }

    fn pool(&self) -> Option<LvId> {
        let name = match self.live.special()? {
            SegmentKind::Thin(thin) => &thin.pool,
            SegmentKind::Cache(cache) => &cache.pool,
            SegmentKind::WriteCache(cache) => &cache.writecache,
            SegmentKind::Vdo(vdo) => &vdo.pool,
            _ => return None,
        };
        self.find(name.as_str())
    }

    fn raid_number(&self, number: impl Fn(&Raid) -> Option<u32>) -> Option<u64> {
        self.raid().and_then(number).filter(|number| *number > 0).map(u64::from)
    }

    /// Asks the integrity segment of the LV, or of its first image.
    fn with_integrity<T>(&self, ask: impl Fn(&Integrity) -> T) -> Option<T> {
        if let Some(integrity) = self.integrity() {
            return Some(ask(integrity));
        }
        let image = self.find(self.raid()?.images.first()?.data.as_str())?;
        let image = self.vg.vg().lvs.get(image);
        match image.segments.first().map(|segment| &segment.kind) {
            Some(SegmentKind::Integrity(integrity)) => Some(ask(integrity)),
            _ => None,
        }
    }

    fn is_merging(&self) -> bool {
        use crate::model::segment::CowRole::Merging;
        let relations = self.vg.relations();
        if relations.cow_of(self.live.id).is_some_and(|(_, role)| role == Merging) {
            return true;
        }
        if self.thin().is_some_and(|thin| thin.merge.is_some()) {
            return true;
        }
        relations.uses(self.live.id).iter().any(|link| {
            link.how == How::Origin
                && snapshot_in(&self.vg.vg().lvs.get(link.user))
                    .is_some_and(|snapshot| snapshot.role == Merging)
        })
    }

    fn family(&self, full: bool) -> Family<'a, '_> {
        Family { vg: self.vg.vg(), relations: self.vg.relations(), full }
    }

    fn write_ancestors(&self, full: bool, cell: &mut Cell<'_>) {
        let me = Relative::Live(Arc::clone(self.live.lv()));
        super::other_lv::write_ancestors(&self.family(full), &me, cell);
    }

    fn write_descendants(&self, full: bool, cell: &mut Cell<'_>) {
        let me = Relative::Live(Arc::clone(self.live.lv()));
        super::other_lv::write_descendants(&self.family(full), &me, cell);
    }
}

/// Collects the names of a pool's thin volumes.
pub(super) fn thins_of(vg: &VgContext<'_>, pool: LvId) -> Vec<LvId> {
    let uses = vg.relations().uses(pool).iter();
    uses.filter(|link| link.how == How::ThinPool).map(|link| link.user).collect()
}
