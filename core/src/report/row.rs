//! The objects that rows show, and what several values of a row have in common.

use crate::crc::crc;
use crate::format::label::PvExtension;
use crate::id::Uuid;
use crate::model::flags::{AllocationPolicy, LvFlags, Permission};
use crate::model::lv::{HistoricalLv, Lv};
use crate::model::lv_table::{LvId, LvTable, Run};
use crate::model::pv::{Pv, PvIndex};
use crate::model::segment::{Area, CowRole, Segment, SegmentKind};
use crate::model::vg::Vg;
use crate::ops::system::{
    Device, DeviceId, Fork, LabelState, MdaOnDevice, MdaState, PvOnDevice, System, VgView,
};
use crate::report::options::Options;
use crate::report::relations::{How, Relations, snapshot_in};
use crate::units::{Extents, Pe};
use core::cell::OnceCell;
use std_alloc::borrow::Cow;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// A VG, and what is found out about it at most once.
pub(super) struct VgContext<'a> {
    pub(super) system: &'a System,
    pub(super) view: &'a VgView,
    /// Where the VG is in [`System::vgs`].
    pub(super) place: usize,
    relations: OnceCell<Relations<'a>>,
    allocated: OnceCell<Vec<Extents>>,
}

impl<'a> VgContext<'a> {
    pub(super) fn new(system: &'a System, place: usize) -> Self {
        Self {
            system,
            view: &system.vgs[place],
            place,
            relations: OnceCell::new(),
            allocated: OnceCell::new(),
        }
    }

    pub(super) fn vg(&self) -> &'a Vg {
        &self.view.vg
    }

    pub(super) fn device_of(&self, pv: PvIndex) -> Option<DeviceId> {
        self.view.devices.get(pv.get()).copied().flatten()
    }

    /// Returns the name of a PV's device.
    pub(super) fn pv_name(&self, pv: PvIndex, options: &Options) -> &'a str {
        let device = self.device_of(pv).map(|id| self.system.device(id));
        device.map_or(options.unknown_device(), |device| &device.name)
    }

    /// Returns the device of a PV, and the PV on it as its label says.
    pub(super) fn pv_on_device(&self, pv: PvIndex) -> Option<(&'a Device, &'a PvOnDevice)> {
        let device = self.system.device(self.device_of(pv)?);
        match &device.label {
            LabelState::Pv(on_device) => Some((device, on_device)),
            LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => None,
        }
    }

    /// A PV is missing if it was not found, or if the metadata says that it had been.
    pub(super) fn is_missing(&self, pv: PvIndex) -> bool {
        self.device_of(pv).is_none() || self.vg().pv(pv).flags.missing
    }

    pub(super) fn missing_count(&self) -> usize {
        let pvs = self.vg().pv_indices();
        pvs.filter(|pv| self.is_missing(*pv)).count()
    }

    pub(super) fn relations(&self) -> &Relations<'a> {
        self.relations.get_or_init(|| {
            let missing: Vec<bool> = self.vg().pv_indices().map(|pv| self.is_missing(pv)).collect();
            Relations::new(self.vg(), &missing)
        })
    }

    pub(super) fn allocated(&self, pv: PvIndex) -> Extents {
        let sums = self.allocated.get_or_init(|| self.vg().allocated_per_pv());
        sums[pv.get()]
    }

    /// Returns the areas of the VG. As with LVM2 a PV whose areas are in use, but empty, gives it
    /// none.
    pub(super) fn areas(&self) -> impl Iterator<Item = &'a MdaOnDevice> + '_ {
        let is_empty =
            |area: &MdaOnDevice| matches!(area.state, MdaState::Empty { ignored: false });
        let areas = self.vg().pv_indices().map(|pv| self.areas_of(pv));
        areas.filter(move |areas| !areas.iter().all(is_empty)).flatten()
    }

    /// Returns the areas of a PV. Of a fork LVM2 does not count the first area of a device on which
    /// there is another text than the one that is shown.
    pub(super) fn areas_of(&self, pv: PvIndex) -> &'a [MdaOnDevice] {
        let (Some(id), Some((_, on_device))) = (self.device_of(pv), self.pv_on_device(pv)) else {
            return &[];
        };
        let is_other = |fork: &Fork| {
            let shown = crc(&self.view.text);
            let mut others = fork.texts.iter().filter(|text| text.checksum != shown);
            others.any(|text| text.areas.contains(&(id, 0)))
        };
        &on_device.areas[usize::from(self.view.fork.as_ref().is_some_and(is_other))..]
    }

    /// Whether users see this LV: those marked so, and the COW stores of snapshots they see.
    pub(super) fn is_visible(&self, id: LvId) -> bool {
        let lvs = &self.vg().lvs;
        if !lvs.is_source(id) && snapshot_in(&lvs.get(id)).is_some() {
            return false;
        }
        let Some((carrier, role)) = self.relations().cow_of(id) else {
            return lvs.is_visible(id);
        };
        let carrier = lvs.get(carrier);
        let origin = snapshot_in(&carrier).map(|snapshot| snapshot.origin.as_str());
        let Some(origin) = origin.and_then(|origin| self.relations().find(origin)) else {
            return false;
        };
        if self.is_virtual_origin(origin) {
            return true;
        }
        role == CowRole::Store && lvs.is_visible(origin)
    }

    /// Whether this LV is the origin that a sparse snapshot pretends to have.
    pub(super) fn is_virtual_origin(&self, id: LvId) -> bool {
        let origin = self.relations().user_as(id, |how| how == How::Origin).is_some();
        origin && self.vg().lvs.name(id).ends_with("_vorigin")
    }

    /// Counts the LVs that users see, looking closely at none that is plain.
    pub(super) fn visible_count(&self) -> u64 {
        let lvs = &self.vg().lvs;
        let all_plain = lvs.ids().all(|id| lvs.is_source(id));
        let visible = |id: &LvId| {
            if all_plain { lvs.is_visible(*id) } else { self.is_visible(*id) }
        };
        lvs.ids().filter(visible).count() as u64
    }

    /// Counts the snapshots with COW stores.
    pub(super) fn snapshot_count(&self) -> u64 {
        let lvs = &self.vg().lvs;
        let loaded = lvs.ids().filter(|id| !lvs.is_source(*id));
        let count = loaded.filter(|id| snapshot_in(&lvs.get(*id)).is_some()).count();
        count as u64
    }
}

/// What a row says of LVs.
#[derive(Clone)]
pub(super) enum LvRow<'a> {
    /// An LV that exists.
    Live(LiveLv<'a>),
    /// One that was removed.
    Historical(&'a HistoricalLv),
    /// The space that no LV has.
    Free,
    /// Nothing: the row is about a VG or a PV.
    None,
}

/// An LV that exists. Its body is read when a value needs it.
#[derive(Clone)]
pub(super) struct LiveLv<'a> {
    pub(super) id: LvId,
    /// The segment that the row is about; the first where it is about the LV.
    pub(super) segment: usize,
    table: &'a LvTable,
    lv: OnceCell<Arc<Lv>>,
    segments: OnceCell<Cow<'a, [Segment]>>,
}

impl<'a> LiveLv<'a> {
    pub(super) fn new(table: &'a LvTable, id: LvId, segment: usize) -> Self {
        Self { id, segment, table, lv: OnceCell::new(), segments: OnceCell::new() }
    }

    pub(super) fn lv(&self) -> &Arc<Lv> {
        self.lv.get_or_init(|| self.table.get(self.id))
    }

    /// Whether it is nothing but stripes on PVs, without flags.
    pub(super) fn is_plain(&self) -> bool {
        self.table.is_source(self.id)
    }

    pub(super) fn name(&self) -> &'a str {
        self.table.name(self.id)
    }

    pub(super) fn permission(&self) -> Permission {
        self.table.permission(self.id)
    }

    pub(super) fn policy(&self) -> AllocationPolicy {
        if self.is_plain() { AllocationPolicy::Inherit } else { self.lv().policy }
    }

    pub(super) fn flags(&self) -> LvFlags {
        if self.is_plain() {
            return LvFlags { visible: self.table.is_visible(self.id), ..LvFlags::default() };
        }
        self.lv().flags
    }

    pub(super) fn segment(&self) -> Option<&Segment> {
        self.segments().get(self.segment)
    }

    pub(super) fn segments(&self) -> &[Segment] {
        self.segments.get_or_init(|| self.table.segments(self.id))
    }

    pub(super) fn first(&self) -> Option<&SegmentKind> {
        self.segments().first().map(|segment| &segment.kind)
    }

    /// What it begins with, unless it is plain.
    pub(super) fn special(&self) -> Option<&SegmentKind> {
        if self.is_plain() { None } else { self.first() }
    }
}

/// A VG of which no more is shown.
#[derive(Clone, Copy)]
pub(super) struct NamedVg<'a> {
    pub(super) name: &'a str,
    pub(super) id: Option<Uuid>,
}

/// What a row says of PVs.
#[derive(Clone, Copy)]
pub(super) enum PvRow<'a> {
    /// A PV of the row's VG.
    InVg(PvIndex, &'a Pv),
    /// A PV that belongs to no VG.
    Orphan(DeviceId, &'a PvOnDevice),
    /// A device with the UUID of a PV that lives on another one, and that PV's VG as far as it is
    /// shown.
    Duplicate(DeviceId, &'a PvOnDevice, Option<NamedVg<'a>>),
    /// A device that is no PV.
    Device(DeviceId),
    /// Nothing.
    None,
}

/// A run of extents of a PV.
#[derive(Clone, Copy)]
pub(super) struct PvSegment {
    pub(super) start: Pe,
    pub(super) extents: Extents,
}

/// Returns the place of the segment of its LV that a run of extents begins.
pub(super) fn segment_at(segments: &[Segment], run: &Run) -> Option<usize> {
    let at = Area::Pv { pv: run.pv, start: run.start() };
    segments.iter().position(|segment| segment.areas().contains(&at))
}

/// The objects that one row shows.
pub(super) struct Row<'a, 'c> {
    pub(super) system: &'a System,
    pub(super) vg: Option<&'c VgContext<'a>>,
    pub(super) lv: LvRow<'a>,
    pub(super) pv: PvRow<'a>,
    pub(super) pv_segment: Option<PvSegment>,
}

impl<'a> Row<'a, '_> {
    pub(super) fn live(&self) -> Option<&LiveLv<'a>> {
        match &self.lv {
            LvRow::Live(live) => Some(live),
            LvRow::Historical(_) | LvRow::Free | LvRow::None => None,
        }
    }

    pub(super) fn device(&self) -> Option<&'a Device> {
        let id = match self.pv {
            PvRow::InVg(pv, _) => self.vg.and_then(|vg| vg.device_of(pv)),
            PvRow::Orphan(id, _) | PvRow::Duplicate(id, ..) | PvRow::Device(id) => Some(id),
            PvRow::None => None,
        };
        id.map(|id| self.system.device(id))
    }

    /// Whether it is a device that carries the identity of a PV on another one.
    pub(super) const fn is_duplicate(&self) -> bool {
        matches!(self.pv, PvRow::Duplicate(..))
    }

    pub(super) fn on_device(&self) -> Option<&'a PvOnDevice> {
        match self.pv {
            PvRow::InVg(pv, _) => self.vg?.pv_on_device(pv).map(|(_, on_device)| on_device),
            PvRow::Orphan(_, on_device) => Some(on_device),
            PvRow::Duplicate(..) | PvRow::Device(_) | PvRow::None => None,
        }
    }

    /// Returns the metadata areas of the row's PV.
    pub(super) fn areas(&self) -> &'a [MdaOnDevice] {
        match (self.pv, self.vg) {
            (PvRow::InVg(pv, _), Some(vg)) => vg.areas_of(pv),
            _ => self.on_device().map_or(&[], |on_device| &on_device.areas),
        }
    }

    pub(super) fn extension(&self) -> Option<&'a PvExtension> {
        self.on_device()?.label.header.extension.as_ref()
    }
}
