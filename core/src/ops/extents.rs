//! The same volume group in extents of another size.

use crate::model::lv::Lv;
use crate::model::lv_table::LvTable;
use crate::model::segment::{Area, Segment, SegmentKind};
use crate::model::vg::Vg;
use crate::ops::refusal::vg::VgRefusal;
use crate::units::{ExtentSize, Extents, Le, Pe, Sectors};
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::sync::Arc;

/// Turns numbers of extents of one size into numbers of another.
struct Scale {
    old: ExtentSize,
    new: ExtentSize,
}

impl Scale {
    fn count(&self, count: u64, what: impl FnOnce() -> String) -> Result<u64, VgRefusal> {
        let too_many = |what, count| VgRefusal::ExtentsOverflow { what, count };
        let Some(size) = self.old.checked_to_sectors(Extents::new(count)) else {
            return Err(too_many(what(), count));
        };
        if !size.is_multiple_of(self.new.sectors()) {
            let what = what();
            return Err(VgRefusal::NotDivisible { what, size });
        }
        let count = self.new.extents_floor(size).get();
        if count > u64::from(u32::MAX) {
            return Err(too_many(what(), count));
        }
        Ok(count)
    }

    fn extents(
        &self,
        extents: &mut Extents,
        what: impl FnOnce() -> String,
    ) -> Result<(), VgRefusal> {
        *extents = Extents::new(self.count(extents.get(), what)?);
        Ok(())
    }

    fn le(&self, le: &mut Le, what: impl FnOnce() -> String) -> Result<(), VgRefusal> {
        *le = Le::new(self.count(le.get(), what)?);
        Ok(())
    }

    fn area(&self, area: &mut Area, lv: &Lv) -> Result<(), VgRefusal> {
        let what = || format!("{} segment area start", lv.name);
        match area {
            Area::Pv { start, .. } => *start = Pe::new(self.count(start.get(), what)?),
            Area::Lv { start, .. } => self.le(start, what)?,
        }
        Ok(())
    }

    fn segment(&self, segment: &mut Segment, lv: &Lv) -> Result<(), VgRefusal> {
        let what = |what| move || format!("{} segment {what}", lv.name);
        self.le(&mut segment.start, what("start"))?;
        self.extents(&mut segment.extents, what("length"))?;
        if let Some(reshape) = &mut segment.reshape {
            self.extents(reshape, what("reshape space"))?;
        }
        for area in segment.areas_mut() {
            self.area(area, lv)?;
        }
        match &mut segment.kind {
            SegmentKind::Mirror(mirror) => {
                if let Some(moved) = &mut mirror.extents_moved {
                    self.extents(moved, what("moved extents"))?;
                }
            }
            SegmentKind::Vdo(vdo) => self.le(&mut vdo.offset, what("offset"))?,
            SegmentKind::VdoPool(pool) => {
                self.extents(&mut pool.virtual_extents, what("virtual length"))?;
            }
            SegmentKind::Striped(striped) => {
                let stripes = striped.areas.len().max(1) as u64;
                if !segment.extents.get().is_multiple_of(stripes) {
                    let size = self.new.to_sectors(segment.extents);
                    let what = format!("{} segment stripes", lv.name);
                    return Err(VgRefusal::NotDivisible { what, size });
                }
            }
            SegmentKind::Snapshot(_)
            | SegmentKind::Raid(_)
            | SegmentKind::ThinPool(_)
            | SegmentKind::Thin(_)
            | SegmentKind::CachePool(_)
            | SegmentKind::Cache(_)
            | SegmentKind::WriteCache(_)
            | SegmentKind::Integrity(_)
            | SegmentKind::Error
            | SegmentKind::Zero
            | SegmentKind::Unknown(_) => {}
        }
        Ok(())
    }
}

/// Gives the extents of a VG another size; nothing moves.
///
/// # Errors
/// If something is no whole number of new extents; the VG is then half changed and of no use.
pub(super) fn resize_extents(vg: &mut Vg, new: ExtentSize) -> Result<(), VgRefusal> {
    let scale = Scale { old: vg.extent_size, new };
    // The totals first: their words are LVM2's.
    scale.count(vg.extent_count().get(), || format!("{}", vg.name))?;
    scale.count(vg.free_count().get(), || format!("{} free space", vg.name))?;
    let size_before: Sectors = vg.size();
    for pv in &mut vg.pvs {
        let hint = pv.device_hint.clone();
        scale.extents(&mut pv.pe_count, || hint)?;
    }
    let mut lvs = LvTable::default();
    for id in vg.lvs.ids() {
        let old = vg.lvs.get(id);
        let mut lv = Lv::clone(&old);
        for segment in &mut lv.segments {
            scale.segment(segment, &old)?;
        }
        lvs.push(Arc::new(lv));
    }
    vg.lvs = lvs;
    vg.extent_size = new;
    assert_eq!(vg.size(), size_before, "no space comes or goes");
    Ok(())
}
