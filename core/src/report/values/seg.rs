//! Values of segments.

use crate::model::segment::{
    Area, CacheMode, CacheSettings, Discards, RaidLevel, Segment, SegmentKind, SettingValue,
};
use crate::report::attr::zeroes;
use crate::report::cell::Cell;
use crate::report::field::Field;
use crate::report::options::Options;
use crate::report::relations::snapshot_in;
use crate::report::row::{LiveLv, LvRow, Row, VgContext};
use crate::report::values::lv::thins_of;
use crate::report::values::pv::write_pv_name;
use crate::report::values::vdo;
use crate::size::units::write_number;
use crate::units::{Extents, Pe, Sectors};
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// Writes a value of the row's segment.
pub(super) fn write(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) {
    match (row.live(), row.vg) {
        (Some(live), Some(vg)) => match live.segment() {
            Some(segment) => Of { vg, live, segment }.write(field, cell),
            None => write_none(field, row, cell),
        },
        _ => write_none(field, row, cell),
    }
}

/// Writes a value of free space, of a PV without VG, or of an LV that was removed.
fn write_none(field: Field, row: &Row<'_, '_>, cell: &mut Cell<'_>) {
    let extents = match row.lv {
        LvRow::Free => row.pv_segment.map_or(Extents::ZERO, |run| run.extents),
        LvRow::Live(_) | LvRow::Historical(_) | LvRow::None => Extents::ZERO,
    };
    match field {
        Field::Segtype => match row.lv {
            LvRow::Historical(_) => cell.str("historical"),
            LvRow::Live(_) | LvRow::Free | LvRow::None => cell.str("free"),
        },
        Field::Stripes | Field::DataStripes | Field::SegStartPe => cell.number(0),
        // LVM2 takes one from the data copies of nothing.
        Field::ParityChunks => cell.number(u64::from(u32::MAX)),
        Field::StripeSize | Field::RegionSize | Field::ChunkSize | Field::SegStart => {
            cell.size(Sectors::ZERO);
        }
        Field::SegSize => {
            let size = row.vg.and_then(|vg| vg.vg().extent_size.checked_to_sectors(extents));
            cell.size(size.unwrap_or(Sectors::ZERO));
        }
        Field::SegSizePe => cell.number(extents.get()),
        Field::Zero => cell.unknown_flag(),
        _ if field.info().kind.is_numeric() => cell.no_number(),
        _ => {}
    }
}

/// A segment of an LV in its VG.
struct Of<'r, 'a> {
    vg: &'r VgContext<'a>,
    live: &'r LiveLv<'a>,
    segment: &'r Segment,
}

impl Of<'_, '_> {
    fn write(&self, field: Field, cell: &mut Cell<'_>) {
        let segment = self.segment;
        match field {
            Field::Segtype => cell.str(segment.shown_type()),
            Field::Stripes => cell.number(self.area_count()),
            Field::DataStripes => cell.number(self.data_stripes()),
            Field::ReshapeLen => {
                let extents = self.reshape();
                cell.size_or_none(extents.map(|extents| self.to_sectors(extents)));
            }
            Field::ReshapeLenLe => cell.number_or_none(self.reshape().map(Extents::get)),
            Field::DataCopies => cell.number(self.data_copies()),
            Field::DataOffset | Field::NewDataOffset => cell.no_number(),
            Field::ParityChunks => cell.number_or_none(self.parity_chunks()),
            Field::StripeSize => cell.size(self.stripe_size()),
            Field::RegionSize => cell.size(self.region_size()),
            Field::ChunkSize => cell.size(self.chunk_size()),
            Field::SegStart => cell.size(self.to_sectors(Extents::new(segment.start.get()))),
            Field::SegStartPe => cell.number(segment.start.get()),
            Field::SegSize => cell.size(self.to_sectors(segment.extents)),
            Field::SegSizePe => cell.number(segment.extents.get()),
            Field::SegTags => cell.sorted(segment.tags.iter().map(AsRef::as_ref)),
            Field::SegPeRanges => self.write_areas(Shape::PeRange, cell),
            Field::SegLeRanges => self.write_areas(Shape::LeRange, cell),
            Field::Devices => self.write_areas(Shape::Start, cell),
            Field::SegMetadataLeRanges => self.write_metadata(Shape::LeRange, cell),
            Field::MetadataDevices => self.write_metadata(Shape::Start, cell),
            Field::SegMonitor => self.write_monitor(cell),
            _ => self.write_pool(field, cell),
        }
    }

    fn write_pool(&self, field: Field, cell: &mut Cell<'_>) {
        match field {
            Field::ThinCount => {
                let pool = matches!(self.segment.kind, SegmentKind::ThinPool(_));
                let count = pool.then(|| thins_of(self.vg, self.live.id).len() as u64);
                cell.number_or_none(count);
            }
            Field::Discards => cell.str(self.discards().map_or("", Discards::as_str)),
            Field::CacheMetadataFormat => cell.number_or_none(self.cache_metadata_format()),
            Field::CacheMode => {
                let mode = self.with_cache_settings(|settings| settings.mode);
                cell.str(mode.flatten().map_or("", CacheMode::as_str));
            }
            Field::CachePolicy => {
                let policy = self.with_cache_settings(|settings| settings.policy.clone());
                cell.str(policy.flatten().as_deref().unwrap_or(""));
            }
            Field::CacheSettings => self.write_cache_settings(cell),
            Field::Zero => match zeroes(self.vg, &self.segment.kind) {
                Some(zero) => cell.flag(zero, "zero"),
                None => cell.unknown_flag(),
            },
            Field::TransactionId => cell.number_or_none(match &self.segment.kind {
                SegmentKind::ThinPool(pool) => Some(pool.transaction_id),
                SegmentKind::Thin(thin) => Some(thin.transaction_id),
                _ => None,
            }),
            Field::ThinId => cell.number_or_none(match &self.segment.kind {
                SegmentKind::Thin(thin) => Some(u64::from(thin.device_id)),
                _ => None,
            }),
            _ => vdo::write(field, self.vg, &self.segment.kind, cell),
        }
    }

    fn to_sectors(&self, extents: Extents) -> Sectors {
        let size = self.vg.vg().extent_size.checked_to_sectors(extents);
        size.unwrap_or(Sectors::new(u64::MAX / 512))
    }

    fn area_count(&self) -> u64 {
        match &self.segment.kind {
            SegmentKind::Raid(raid) => raid.images.len() as u64,
            SegmentKind::Thin(_)
            | SegmentKind::Snapshot(_)
            | SegmentKind::Error
            | SegmentKind::Zero => 0,
            SegmentKind::ThinPool(_)
            | SegmentKind::CachePool(_)
            | SegmentKind::Cache(_)
            | SegmentKind::WriteCache(_)
            | SegmentKind::Integrity(_)
            | SegmentKind::Vdo(_)
            | SegmentKind::VdoPool(_) => 1,
            SegmentKind::Striped(_) | SegmentKind::Mirror(_) | SegmentKind::Unknown(_) => {
                self.segment.areas().len() as u64
            }
        }
    }

    fn raid_level(&self) -> Option<RaidLevel> {
        match &self.segment.kind {
            SegmentKind::Raid(raid) => Some(raid.level),
            _ => None,
        }
    }

    fn data_copies(&self) -> u64 {
        let SegmentKind::Raid(raid) = &self.segment.kind else {
            return 1;
        };
        match raid.level {
            RaidLevel::Raid1 => raid.images.len() as u64,
            RaidLevel::Raid10 | RaidLevel::Raid10Near => u64::from(raid.data_copies.unwrap_or(2)),
            level => level.parity_devices() + 1,
        }
    }

    fn parity_chunks(&self) -> Option<u64> {
        match self.raid_level()? {
            RaidLevel::Raid0 | RaidLevel::Raid0Meta => None,
            _ => Some(self.data_copies().saturating_sub(1)),
        }
    }

    fn data_stripes(&self) -> u64 {
        let count = self.area_count();
        match self.raid_level() {
            Some(RaidLevel::Raid10 | RaidLevel::Raid10Near) => count / self.data_copies().max(1),
            Some(level) => count.saturating_sub(level.parity_devices()),
            None => count,
        }
    }

    /// Reshape space is known of RAID that can be reshaped, and of its images.
    fn reshape(&self) -> Option<Extents> {
        let reshapable = |level: RaidLevel| {
            !matches!(level, RaidLevel::Raid0 | RaidLevel::Raid0Meta | RaidLevel::Raid1)
        };
        if self.raid_level().is_some_and(reshapable) {
            return Some(self.segment.reshape.unwrap_or(Extents::ZERO));
        }
        let relations = self.vg.relations();
        let is_image = |how| how == crate::report::relations::How::RaidImage;
        let user = relations.user_as(self.live.id, is_image)?;
        match &self.vg.vg().lvs.get(user).segments.first()?.kind {
            SegmentKind::Raid(raid) if reshapable(raid.level) => {
                Some(self.segment.reshape.unwrap_or(Extents::ZERO))
            }
            _ => None,
        }
    }

    fn stripe_size(&self) -> Sectors {
        let size = match &self.segment.kind {
            SegmentKind::Striped(striped) => striped.stripe_size,
            SegmentKind::Raid(raid) => raid.stripe_size,
            _ => None,
        };
        size.unwrap_or(Sectors::ZERO)
    }

    fn region_size(&self) -> Sectors {
        let size = match &self.segment.kind {
            SegmentKind::Mirror(mirror) => mirror.region_size,
            SegmentKind::Raid(raid) => raid.region_size,
            _ => None,
        };
        size.unwrap_or(Sectors::ZERO)
    }

    fn chunk_size(&self) -> Sectors {
        if let Some((carrier, _)) = self.vg.relations().cow_of(self.live.id) {
            let carrier = self.vg.vg().lvs.get(carrier);
            return snapshot_in(&carrier).map_or(Sectors::ZERO, |snapshot| snapshot.chunk_size);
        }
        match &self.segment.kind {
            SegmentKind::ThinPool(pool) => pool.chunk_size,
            SegmentKind::Snapshot(snapshot) => snapshot.chunk_size,
            _ => {
                let size = self.with_cache_settings(|settings| settings.chunk_size);
                size.flatten().unwrap_or(Sectors::ZERO)
            }
        }
    }

    fn pool(&self, name: &str) -> Option<Arc<crate::model::lv::Lv>> {
        let id = self.vg.relations().find(name)?;
        Some(self.vg.vg().lvs.get(id))
    }

    fn discards(&self) -> Option<Discards> {
        match &self.segment.kind {
            SegmentKind::ThinPool(pool) => pool.discards,
            SegmentKind::Thin(thin) => match &self.pool(thin.pool.as_str())?.segments.first()?.kind
            {
                SegmentKind::ThinPool(pool) => pool.discards,
                _ => None,
            },
            _ => None,
        }
    }

    /// Asks the settings of a cache pool, of the one a cached LV has, or of its single LV.
    fn with_cache_settings<T>(&self, ask: impl Fn(&CacheSettings) -> T) -> Option<T> {
        match &self.segment.kind {
            SegmentKind::CachePool(pool) => Some(ask(&pool.settings)),
            SegmentKind::Cache(cache) => {
                let pool = self.pool(cache.pool.as_str())?;
                match pool.segments.first().map(|segment| &segment.kind) {
                    Some(SegmentKind::CachePool(pool)) => Some(ask(&pool.settings)),
                    _ => Some(ask(&cache.settings)),
                }
            }
            _ => None,
        }
    }

    fn cache_metadata_format(&self) -> Option<u64> {
        let format = match &self.segment.kind {
            SegmentKind::CachePool(pool) => pool.metadata_format,
            SegmentKind::Cache(cache) => {
                let pool = self.pool(cache.pool.as_str())?;
                match pool.segments.first().map(|segment| &segment.kind) {
                    Some(SegmentKind::CachePool(pool)) => pool.metadata_format,
                    _ => cache.metadata_format,
                }
            }
            _ => return None,
        };
        format.map(u64::from)
    }

    fn write_cache_settings(&self, cell: &mut Cell<'_>) {
        if let SegmentKind::WriteCache(cache) = &self.segment.kind {
            write_settings(&cache.settings, cell);
            return;
        }
        let settings = self.with_cache_settings(|settings| settings.policy_settings.clone());
        if let Some(settings) = settings.flatten() {
            write_settings(&settings, cell);
        }
    }

    fn write_monitor(&self, cell: &mut Cell<'_>) {
        let raid0 = matches!(self.raid_level(), Some(RaidLevel::Raid0 | RaidLevel::Raid0Meta));
        if raid0 || self.live.flags().pvmove {
            cell.str("not monitored");
        }
    }

    /// Writes where the segment lies.
    fn write_areas(&self, shape: Shape, cell: &mut Cell<'_>) {
        let segment = self.segment;
        let length = segment.area_extents();
        for area in segment.areas() {
            match area {
                Area::Pv { pv, start } => {
                    let mut name = String::new();
                    let mut name_cell_items = Vec::new();
                    let options: &Options = cell.options();
                    let mut name_cell = Cell::new(&mut name, &mut name_cell_items, options);
                    write_pv_name(self.vg, *pv, &mut name_cell);
                    shape.write(&name, *start, length, cell);
                }
                Area::Lv { lv, .. } => self.write_lv(lv.as_str(), shape, cell),
            }
        }
        match &segment.kind {
            SegmentKind::Raid(raid) => {
                for image in &raid.images {
                    self.write_lv(image.data.as_str(), shape, cell);
                }
            }
            SegmentKind::ThinPool(pool) => self.write_lv(pool.data.as_str(), shape, cell),
            SegmentKind::CachePool(pool) => self.write_lv(pool.data.as_str(), shape, cell),
            SegmentKind::Cache(cache) => self.write_lv(cache.origin.as_str(), shape, cell),
            SegmentKind::WriteCache(cache) => self.write_lv(cache.origin.as_str(), shape, cell),
            SegmentKind::Integrity(part) => self.write_lv(part.origin.as_str(), shape, cell),
            SegmentKind::Vdo(vdo) => self.write_lv(vdo.pool.as_str(), shape, cell),
            SegmentKind::VdoPool(pool) => self.write_lv(pool.data.as_str(), shape, cell),
            SegmentKind::Striped(_)
            | SegmentKind::Mirror(_)
            | SegmentKind::Snapshot(_)
            | SegmentKind::Thin(_)
            | SegmentKind::Error
            | SegmentKind::Zero
            | SegmentKind::Unknown(_) => {}
        }
    }

    fn write_metadata(&self, shape: Shape, cell: &mut Cell<'_>) {
        if let SegmentKind::Raid(raid) = &self.segment.kind {
            for metadata in raid.images.iter().filter_map(|image| image.metadata.as_ref()) {
                self.write_lv(metadata.as_str(), shape, cell);
            }
        }
    }

    /// An LV is shown as a whole, wherever in it the area begins.
    fn write_lv(&self, name: &str, shape: Shape, cell: &mut Cell<'_>) {
        let Some(id) = self.vg.relations().find(name) else {
            return;
        };
        let length = self.vg.vg().lvs.extents(id);
        let hidden = !self.vg.is_visible(id) && cell.options().mark_hidden;
        if hidden && shape == Shape::LeRange {
            let name = ["[", name, "]"].concat();
            shape.write(&name, Pe::ZERO, length, cell);
        } else {
            shape.write(name, Pe::ZERO, length, cell);
        }
    }
}

/// How an area is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `device(start)`
    Start,
    /// `device:first-last`, separated by blanks.
    PeRange,
    /// `device:first-last`
    LeRange,
}

impl Shape {
    fn write(self, name: &str, start: Pe, length: Extents, cell: &mut Cell<'_>) {
        match self {
            Self::PeRange => cell.begin_item_after(" "),
            Self::Start | Self::LeRange => cell.begin_item(),
        }
        cell.str(name);
        if self == Self::Start {
            cell.str("(");
            write_number(cell.text, start.get());
            cell.str(")");
        } else {
            cell.str(":");
            write_number(cell.text, start.get());
            cell.str("-");
            write_number(cell.text, (start.get() + length.get()).saturating_sub(1));
        }
        cell.end_item();
    }
}

/// Writes settings in the order of their names.
fn write_settings(settings: &[(String, SettingValue)], cell: &mut Cell<'_>) {
    for (name, value) in settings {
        cell.begin_item();
        cell.str(name);
        cell.str("=");
        match value {
            SettingValue::Number(number) => {
                if *number < 0 {
                    cell.str("-");
                }
                write_number(cell.text, number.unsigned_abs());
            }
            SettingValue::Text(text) => cell.str(text),
        }
        cell.end_item();
    }
}
