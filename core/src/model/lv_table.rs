//! The LVs of a VG, many of which nobody asked for: an index, and bodies that may still be text.
//!
//! A reader recognises plain LVs (striped segments on PVs only) in one pass, completely validated,
//! and leaves their bodies in the source. Such a body is turned into an [`Lv`] when it is asked
//! for, and printed verbatim when it is not. All other LVs are parsed at once.

use crate::model::flags::Permission;
use crate::model::lv::Lv;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::units::{Extents, Pe};
use core::cell::OnceCell;
use core::fmt;
use std_alloc::borrow::Cow;
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// A range of bytes of a source text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

impl Span {
    /// Returns the range for use with a slice.
    pub const fn range(self) -> core::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A text that LVs can be read from again. Implemented by the codec.
///
/// The spans come from the implementation itself, which has validated what lies in them: none of
/// these methods can fail.
pub trait LvSource: fmt::Debug + Send + Sync {
    /// Returns the name that `span` covers.
    fn name(&self, span: Span) -> &str;
    /// Reads the LV whose section (name and body) `section` covers.
    fn decode(&self, section: Span) -> Lv;
    /// Reads nothing but the segments of that LV.
    fn segments(&self, section: Span) -> Vec<Segment>;
    /// Returns true if the text was written with [`crate::model::Vg::is_write_locked`]: otherwise
    /// it cannot stand in the text of such a VG as it is.
    fn is_write_locked(&self) -> bool;
    /// Returns the canonical text of the LV section, as it stands on disk.
    fn text(&self, section: Span) -> &[u8];
}

/// An LV's place in its table: stable while other LVs come and go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct LvId(u32);

impl LvId {
    /// Returns the number of the place, for use with a slice as long as [`LvTable::places`].
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

/// Where an LV's body is.
#[derive(Clone, Debug)]
pub enum Body {
    /// In the source; plain and validated.
    Source {
        /// Its name.
        name: Span,
        /// Its section, from the name to the closing brace.
        section: Span,
    },
    /// Here.
    Loaded(Arc<Lv>),
}

/// What is known of an LV without its body.
#[derive(Clone, Debug)]
struct Slot {
    body: Body,
    visible: bool,
    permission: Permission,
    extents: Extents,
}

impl Slot {
    fn loaded(lv: Arc<Lv>) -> Self {
        let (visible, permission, extents) = (lv.flags.visible, lv.permission, lv.extents());
        Self { body: Body::Loaded(lv), visible, permission, extents }
    }
}

/// A run of extents on a PV that belongs to an LV.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Run {
    /// The PV.
    pub pv: PvIndex,
    start: u32,
    extents: u32,
    /// The LV that has it.
    pub lv: LvId,
}

impl Run {
    /// Returns its first extent.
    pub const fn start(&self) -> Pe {
        Pe::new(self.start as u64)
    }

    /// Returns its length.
    pub const fn extents(&self) -> Extents {
        Extents::new(self.extents as u64)
    }

    /// Returns the extent behind its last.
    pub const fn end(&self) -> Pe {
        Pe::new(self.start as u64 + self.extents as u64)
    }
}

/// The LVs of a VG in the order of the metadata, and the map of the extents they have.
#[derive(Clone, Debug, Default)]
pub struct LvTable {
    source: Option<Arc<dyn LvSource>>,
    slots: Vec<Option<Slot>>,
    /// Runs as they came; sorted on demand.
    runs: Vec<Run>,
    sorted: OnceCell<Vec<Run>>,
}

impl LvTable {
    /// Makes an empty table whose LVs may be spans of `source`.
    pub fn with_source(source: Arc<dyn LvSource>) -> Self {
        Self { source: Some(source), ..Self::default() }
    }

    /// Makes room for more LVs.
    pub fn reserve(&mut self, lvs: usize) {
        self.slots.reserve(lvs);
        self.runs.reserve(lvs);
    }

    /// Returns the source of the bodies that are still text.
    pub fn source(&self) -> Option<&dyn LvSource> {
        self.source.as_deref()
    }

    /// Returns how many places the table has, those of removed LVs included.
    pub fn places(&self) -> usize {
        self.slots.len()
    }

    /// Returns how many LVs there are, visible and hidden.
    pub fn len(&self) -> usize {
        self.slots.iter().flatten().count()
    }

    /// Returns true if there is no LV.
    pub fn is_empty(&self) -> bool {
        self.slots.iter().all(Option::is_none)
    }

    /// Returns the LVs in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = LvId> + '_ {
        let ids = self.slots.iter().enumerate().filter(|(_, slot)| slot.is_some());
        ids.map(|(place, _)| LvId(u32::try_from(place).expect("a table has less than 2^32 places")))
    }

    fn slot(&self, id: LvId) -> &Slot {
        self.slots[id.get()].as_ref().expect("an LvId is not used after its LV was removed")
    }

    /// Returns the name of an LV.
    ///
    /// # Panics
    /// Like all methods that take an [`LvId`]: if the LV was removed.
    pub fn name(&self, id: LvId) -> &str {
        match &self.slot(id).body {
            Body::Source { name, .. } => self.expect_source().name(*name),
            Body::Loaded(lv) => lv.name.as_str(),
        }
    }

    /// Returns true if the LV has the status `VISIBLE`.
    pub fn is_visible(&self, id: LvId) -> bool {
        self.slot(id).visible
    }

    /// Returns whether an LV may be written.
    pub fn permission(&self, id: LvId) -> Permission {
        self.slot(id).permission
    }

    /// Returns the length of an LV.
    pub fn extents(&self, id: LvId) -> Extents {
        self.slot(id).extents
    }

    /// Returns true if an LV is plain: its body still is the text it was read from.
    pub fn is_source(&self, id: LvId) -> bool {
        matches!(self.slot(id).body, Body::Source { .. })
    }

    /// Returns where the body of an LV is, for printing.
    pub fn body(&self, id: LvId) -> &Body {
        &self.slot(id).body
    }

    /// Returns an LV, reading it from the source if that has not been done.
    pub fn get(&self, id: LvId) -> Arc<Lv> {
        match &self.slot(id).body {
            Body::Source { section, .. } => Arc::new(self.expect_source().decode(*section)),
            Body::Loaded(lv) => Arc::clone(lv),
        }
    }

    /// Returns the segments of an LV: less work than [`Self::get`] if nothing else is wanted.
    pub fn segments(&self, id: LvId) -> Cow<'_, [Segment]> {
        match &self.slot(id).body {
            Body::Source { section, .. } => Cow::Owned(self.expect_source().segments(*section)),
            Body::Loaded(lv) => Cow::Borrowed(&lv.segments),
        }
    }

    fn expect_source(&self) -> &dyn LvSource {
        self.source().expect("a body is a span only in a table with a source")
    }

    /// Finds an LV by its name, looking at all; for many names use [`Self::by_name`].
    pub fn find(&self, name: &str) -> Option<LvId> {
        self.ids().find(|id| self.name(*id) == name)
    }

    /// Returns the LVs by name, for many look-ups. Of two with one name (invalid), the later.
    pub fn by_name(&self) -> BTreeMap<&str, LvId> {
        self.ids().map(|id| (self.name(id), id)).collect()
    }

    /// Returns the map of allocated extents, sorted by PV, then by first extent.
    pub fn runs(&self) -> &[Run] {
        self.sorted.get_or_init(|| {
            let mut runs = self.runs.clone();
            runs.sort_unstable();
            runs
        })
    }

    /// Returns the map of allocated extents in no order: cheaper, for sums.
    pub fn runs_unsorted(&self) -> &[Run] {
        &self.runs
    }

    /// Returns the map of allocated extents of one PV, sorted by first extent.
    pub fn runs_on(&self, pv: PvIndex) -> &[Run] {
        let runs = self.runs();
        let start = runs.partition_point(|run| run.pv < pv);
        let end = runs.partition_point(|run| run.pv <= pv);
        &runs[start..end]
    }

    /// Adds a plain, validated LV that stays in the source. `areas` are its runs on PVs.
    pub fn push_source(
        &mut self,
        name: Span,
        section: Span,
        (visible, permission): (bool, Permission),
        areas: &[(PvIndex, Pe, Extents)],
        extents: Extents,
    ) -> LvId {
        assert!(self.source.is_some(), "only a table with a source has spans");
        let id = self.next_id();
        let body = Body::Source { name, section };
        self.slots.push(Some(Slot { body, visible, permission, extents }));
        for &(pv, start, extents) in areas {
            self.push_run(id, pv, start, extents);
        }
        id
    }

    /// Adds an LV at the end. That its name is new is the caller's to know.
    pub fn push(&mut self, lv: Arc<Lv>) -> LvId {
        let id = self.next_id();
        self.add_runs(id, &lv);
        self.slots.push(Some(Slot::loaded(lv)));
        id
    }

    /// Puts another body in the place of an LV, whose name may change.
    pub fn replace(&mut self, id: LvId, lv: Arc<Lv>) {
        let _ = self.slot(id);
        self.drop_runs(id);
        self.add_runs(id, &lv);
        self.slots[id.get()] = Some(Slot::loaded(lv));
    }

    /// Puts another body in the place of an LV, with the same extents in the same places: only its
    /// attributes differ. Costs the same whatever the size of the table.
    pub fn replace_attributes(&mut self, id: LvId, lv: Arc<Lv>) {
        let slot = self.slots[id.get()].as_mut();
        let slot = slot.expect("an LvId is not used after its LV was removed");
        assert!(lv.extents() == slot.extents, "the extents stay");
        *slot = Slot::loaded(lv);
    }

    /// Removes an LV.
    pub fn remove(&mut self, id: LvId) {
        let _ = self.slot(id);
        self.drop_runs(id);
        self.slots[id.get()] = None;
    }

    /// Removes many LVs in one walk.
    pub fn remove_all(&mut self, ids: &BTreeSet<LvId>) {
        for id in ids {
            let _ = self.slot(*id);
            self.slots[id.get()] = None;
        }
        self.runs.retain(|run| !ids.contains(&run.lv));
        self.sorted = OnceCell::new();
    }

    /// Gives all areas on PVs the places that `map` has for them: the PV with index `i` is now the
    /// one with index `map[i]`. One walk; LVs none of whose areas move stay as they are.
    ///
    /// # Panics
    /// If something lies on a PV that has no new place.
    pub fn remap_pvs(&mut self, map: &[Option<PvIndex>]) {
        let place = |pv: PvIndex| map[pv.get()].expect("nothing lies on a PV that goes");
        let mut moved = std_alloc::vec![false; self.slots.len()];
        for run in &mut self.runs {
            let to = place(run.pv);
            if to != run.pv {
                moved[run.lv.get()] = true;
                run.pv = to;
            }
        }
        self.sorted = OnceCell::new();
        let ids: Vec<LvId> = self.ids().filter(|id| moved[id.get()]).collect();
        for id in ids {
            let mut lv = Lv::clone(&self.get(id));
            let areas = lv.segments.iter_mut().flat_map(Segment::areas_mut);
            for area in areas {
                if let Area::Pv { pv, .. } = area {
                    *pv = place(*pv);
                }
            }
            let slot = self.slots[id.get()].as_mut();
            slot.expect("the LV is in the table").body = Body::Loaded(Arc::new(lv));
        }
    }

    fn next_id(&self) -> LvId {
        LvId(u32::try_from(self.slots.len()).expect("a table has less than 2^32 places"))
    }

    fn add_runs(&mut self, id: LvId, lv: &Lv) {
        for segment in &lv.segments {
            let length = segment.area_extents();
            for area in segment.areas() {
                if let Area::Pv { pv, start } = area {
                    self.push_run(id, *pv, *start, length);
                }
            }
        }
    }

    fn push_run(&mut self, id: LvId, pv: PvIndex, start: Pe, extents: Extents) {
        let start =
            u32::try_from(start.get()).expect("PE numbers are bounded to 32 bits when read");
        let extents =
            u32::try_from(extents.get()).expect("lengths are bounded to 32 bits when read");
        self.runs.push(Run { pv, start, extents, lv: id });
        self.sorted = OnceCell::new();
    }

    fn drop_runs(&mut self, id: LvId) {
        self.runs.retain(|run| run.lv != id);
        self.sorted = OnceCell::new();
    }
}

impl PartialEq for LvTable {
    /// Equal if the same LVs stand in the same order, wherever their bodies are.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.ids().zip(other.ids()).all(|(one, two)| self.get(one) == other.get(two))
    }
}
