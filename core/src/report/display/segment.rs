//! `lvdisplay -m`: the segments of an LV, each with what there is to say of its kind.

use super::{Out, Sectors, sectors};
use crate::model::segment::{Area, Raid, RaidLevel, Segment, SegmentKind};
use crate::report::cell::{Cell, Key, UNDEFINED};
use crate::report::field::Field;
use crate::report::row::{LiveLv, LvRow, PvRow, Row, VgContext};
use crate::report::{Type, values};
use crate::units::{Extents, Le};
use core::ops::Range;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What stands before a value, with the tabs between, and where the value comes from.
type Fact = (&'static str, Field);

const MONITORING: Fact = ("Monitoring\t\t", Field::SegMonitor);
const CHUNK_SIZE: Fact = ("Chunk size\t\t", Field::ChunkSize);

const STRIPED: &[Fact] = &[("Stripes\t\t", Field::Stripes), ("Stripe size\t\t", Field::StripeSize)];
const MIRROR: &[Fact] = &[MONITORING, ("Mirrors\t\t", Field::Stripes)];
const THIN_POOL: &[Fact] = &[
    MONITORING,
    CHUNK_SIZE,
    ("Discards\t\t", Field::Discards),
    ("Thin count\t\t", Field::ThinCount),
    ("Transaction ID\t", Field::TransactionId),
    ("Zero new blocks\t", Field::Zero),
];
const THIN: &[Fact] = &[("Device ID\t\t", Field::ThinId)];
const CACHE: &[Fact] = &[
    CHUNK_SIZE,
    ("Metadata format\t", Field::CacheMetadataFormat),
    ("Mode\t\t", Field::CacheMode),
    ("Policy\t\t", Field::CachePolicy),
];
const VDO_POOL: &[Fact] = &[
    ("Header size\t\t", Field::VdoHeaderSize),
    ("Compression\t\t", Field::VdoCompression),
    ("Deduplication\t", Field::VdoDeduplication),
    ("Metadata hints\t", Field::VdoUseMetadataHints),
    ("Minimum IO size\t", Field::VdoMinimumIoSize),
    ("Block map cache sz\t", Field::VdoBlockMapCacheSize),
    ("Block map era length\t", Field::VdoBlockMapEraLength),
    ("Sparse index\t", Field::VdoUseSparseIndex),
    ("Index memory size\t", Field::VdoIndexMemorySize),
    ("Slab size\t\t", Field::VdoSlabSize),
    ("# Ack threads\t", Field::VdoAckThreads),
    ("# Bio threads\t", Field::VdoBioThreads),
    ("Bio rotation\t", Field::VdoBioRotation),
    ("# CPU threads\t", Field::VdoCpuThreads),
    ("# Hash zone threads\t", Field::VdoHashZoneThreads),
    ("# Logical threads\t", Field::VdoLogicalThreads),
    ("# Physical threads\t", Field::VdoPhysicalThreads),
    ("Max discard\t", Field::VdoMaxDiscard),
    ("Write policy\t", Field::VdoWritePolicy),
];

impl Out<'_> {
    pub(super) fn lv_segments<'a>(&mut self, vg: &VgContext<'a>, live: LiveLv<'a>) {
        self.push(format_args!("--- Segments ---"));
        let is_virtual = live.segments().iter().any(|segment| match segment.kind {
            SegmentKind::Thin(_)
            | SegmentKind::Vdo(_)
            | SegmentKind::Error
            | SegmentKind::Zero
            | SegmentKind::Snapshot(_) => true,
            SegmentKind::Striped(_)
            | SegmentKind::Mirror(_)
            | SegmentKind::Raid(_)
            | SegmentKind::ThinPool(_)
            | SegmentKind::CachePool(_)
            | SegmentKind::Cache(_)
            | SegmentKind::WriteCache(_)
            | SegmentKind::Integrity(_)
            | SegmentKind::VdoPool(_)
            | SegmentKind::Unknown(_) => false,
        });
        let kind = if is_virtual { "Virtual" } else { "Logical" };
        let lv = live.lv().clone();
        let lv_row = LvRow::Live(live);
        let mut row =
            Row { system: vg.system, vg: Some(vg), lv: lv_row, pv: PvRow::None, pv_segment: None };
        for (place, segment) in lv.segments.iter().enumerate() {
            if let LvRow::Live(live) = &mut row.lv {
                live.segment = place;
            }
            let (start, end) = (segment.start, segment.end().get() - 1);
            self.push(format_args!("{kind} extents {start} to {end}:"));
            self.push(format_args!("  Type\t\t{}", segment.shown_type()));
            self.segment(vg, &row, segment);
        }
        self.gap();
    }

    fn segment(&mut self, vg: &VgContext<'_>, row: &Row<'_, '_>, segment: &Segment) {
        match &segment.kind {
            SegmentKind::Striped(striped) if striped.areas.len() == 1 => {
                self.area(vg, segment, &striped.areas[0], 2);
            }
            SegmentKind::Striped(striped) => {
                self.facts(row, STRIPED);
                for (number, area) in striped.areas.iter().enumerate() {
                    self.push(format_args!("  Stripe {number}:"));
                    self.area(vg, segment, area, 4);
                }
            }
            SegmentKind::Mirror(mirror) => {
                self.facts(row, MIRROR);
                self.push(format_args!("  Mirror size\t\t{}", segment.extents));
                if let Some(log) = &mirror.log {
                    self.push(format_args!("  Mirror log volume\t{log}"));
                }
                self.facts(row, &[("Mirror region size\t", Field::RegionSize)]);
                for (number, area) in mirror.areas.iter().enumerate() {
                    match number {
                        0 => self.push(format_args!("  Mirror original:")),
                        1 => self.push(format_args!("  Mirror destinations:")),
                        _ => {}
                    }
                    self.area(vg, segment, area, 4);
                }
            }
            SegmentKind::Raid(raid) => self.raid(row, segment, raid),
            SegmentKind::ThinPool(_) => self.facts(row, THIN_POOL),
            SegmentKind::Thin(_) => self.facts(row, THIN),
            SegmentKind::CachePool(_) | SegmentKind::Cache(_) => {
                self.facts(row, CACHE);
                let (text, _, items) = value(self, row, Field::CacheSettings);
                for item in items {
                    self.push(format_args!("    Setting\t\t{}", &text[item]));
                }
            }
            SegmentKind::Vdo(vdo) => {
                let last = segment.extents.get() + vdo.offset.get() - 1;
                self.push(format_args!("    Logical volume\t{}", vdo.pool));
                return self.push(format_args!("    Logical extents\t{} to {last}", vdo.offset));
            }
            SegmentKind::VdoPool(pool) => {
                self.facts(row, &[MONITORING]);
                // There is a header at either end.
                let headers = Sectors::new(pool.header_size.get().saturating_mul(2));
                let data = sectors(vg, pool.virtual_extents);
                let size = self.size(data.checked_add(headers).unwrap_or(data));
                self.push(format_args!("  Virtual size\t{size}"));
                return self.facts(row, VDO_POOL);
            }
            // LVM2 has nothing to say of these, not even an empty line.
            SegmentKind::Snapshot(_)
            | SegmentKind::WriteCache(_)
            | SegmentKind::Integrity(_)
            | SegmentKind::Error
            | SegmentKind::Zero
            | SegmentKind::Unknown(_) => return,
        }
        self.gap();
    }

    fn raid(&mut self, row: &Row<'_, '_>, segment: &Segment, raid: &Raid) {
        self.facts(row, &[MONITORING]);
        let stripes = match raid.level {
            // Each image counts as if it held all.
            RaidLevel::Raid10 | RaidLevel::Raid10Near => 1,
            _ => raid.data_stripes().unwrap_or(1),
        };
        for (number, image) in raid.images.iter().enumerate() {
            self.push(format_args!("  Raid Data LV {number}"));
            let length = Extents::new(segment.extents.get() / stripes);
            self.lv_area(image.data.as_str(), Le::ZERO, length, 4);
        }
        for (number, image) in raid.images.iter().enumerate() {
            if let Some(metadata) = &image.metadata {
                self.push(format_args!("  Raid Metadata LV {number}\t{metadata}"));
            }
        }
    }

    /// Where an area lies, so many columns to the right.
    fn area(&mut self, vg: &VgContext<'_>, segment: &Segment, area: &Area, indent: usize) {
        let length = segment.area_extents();
        match area {
            Area::Pv { pv, start } => {
                let last = start.after(length).get().saturating_sub(1);
                let name = vg.pv_name(*pv, self.options);
                self.push(format_args!("{:indent$}Physical volume\t{name}", ""));
                self.push(format_args!("{:indent$}Physical extents\t{start} to {last}", ""));
            }
            Area::Lv { lv, start } => self.lv_area(lv.as_str(), *start, length, indent),
        }
    }

    fn lv_area(&mut self, name: &str, start: Le, length: Extents, indent: usize) {
        let last = start.after(length).get().saturating_sub(1);
        self.push(format_args!("{:indent$}Logical volume\t{name}", ""));
        self.push(format_args!("{:indent$}Logical extents\t{start} to {last}", ""));
    }

    fn facts(&mut self, row: &Row<'_, '_>, facts: &[Fact]) {
        for (name, field) in facts {
            let (text, key, _) = value(self, row, *field);
            let text = match (field.info().kind, key) {
                (Type::Flag, Key::Number(1)) => String::from("yes"),
                (Type::Flag, _) => String::from("no"),
                (Type::Size, Key::Number(size)) if size != UNDEFINED => {
                    self.size(Sectors::new(size))
                }
                // A number to reports.
                (_, Key::Number(size)) if *field == Field::VdoMinimumIoSize => {
                    self.size(Sectors::new(size))
                }
                _ => text,
            };
            self.push(format_args!("  {name}{text}"));
        }
    }
}

/// Returns a value as reports have it, what it is compared by, and where the items of a list are.
fn value(out: &Out<'_>, row: &Row<'_, '_>, field: Field) -> (String, Key, Vec<Range<usize>>) {
    let (mut text, mut items) = (String::new(), Vec::new());
    let mut cell = Cell::new(&mut text, &mut items, out.options);
    values::write(field, row, &mut cell);
    let key = cell.key;
    (text, key, items)
}
