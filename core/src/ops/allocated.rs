//! What was asked of the allocator, kept for those who want to know where extents go and why.

use crate::alloc::{Candidate, Request};
use crate::id::Uuid;
use crate::model::flags::AllocationPolicy;
use crate::model::lv::Lv;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::model::vg::Vg;
use crate::name::LvName;
use crate::units::{Extents, Le, Pe};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// New extents of an LV, as they were asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allocated {
    /// The VG.
    pub vg: Uuid,
    /// The LV.
    pub lv: LvName,
    /// How many extents it had before.
    pub before: Extents,
    /// The policy that counts.
    pub policy: AllocationPolicy,
    /// The PVs that might be used, in order of preference.
    pub candidates: Vec<Candidate>,
    /// `allocation/cling_tag_list`.
    pub cling_tags: Vec<String>,
}

/// New rows of an LV that lie side by side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPiece {
    /// The first logical extent.
    pub le: Le,
    /// How many rows there are.
    pub rows: Extents,
    /// Where each stripe begins.
    pub areas: Vec<(PvIndex, Pe)>,
}

impl NewPiece {
    /// Returns how many logical extents it has.
    pub fn extents(&self) -> Extents {
        Extents::new(self.rows.get() * self.areas.len() as u64)
    }
}

impl Allocated {
    /// Notes what is asked for.
    pub(super) fn new(vg: &Vg, lv: &LvName, before: Extents, request: &Request<'_>) -> Self {
        Self {
            vg: vg.id,
            lv: lv.clone(),
            before,
            policy: request.policy,
            candidates: request.candidates.clone(),
            cling_tags: request.cling_tags.to_vec(),
        }
    }

    /// Returns what is new of the LV.
    pub fn pieces(&self, lv: &Lv) -> Vec<NewPiece> {
        let old = self.before.get();
        let new = lv.segments.iter().filter(|segment| segment.end().get() > old);
        let piece = |segment: &Segment| {
            let stripes = segment.areas().len().max(1) as u64;
            // An LV grows by whole rows.
            let skipped = Extents::new(old.saturating_sub(segment.start.get()) / stripes);
            let area = |area: &Area| match area {
                Area::Pv { pv, start } => Some((*pv, start.after(skipped))),
                Area::Lv { .. } => None,
            };
            NewPiece {
                le: segment.start.after(Extents::new(skipped.get() * stripes)),
                rows: segment.area_extents() - skipped,
                areas: segment.areas().iter().filter_map(area).collect(),
            }
        };
        new.map(piece).collect()
    }
}
