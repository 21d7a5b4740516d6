//! Where rows come from: which PVs, VGs, LVs and segments a report is about.

use crate::model::lv::Lv;
use crate::model::lv_table::LvId;
use crate::model::pv::PvIndex;
use crate::model::segment::SegmentKind;
use crate::model::vg::Vg;
use crate::ops::system::{DeviceId, LabelState, System, VgView};
use crate::report::Report;
use crate::report::options::Kind;
use crate::report::relations::snapshot_in;
use crate::report::row::{LiveLv, LvRow, NamedVg, PvRow, PvSegment, Row, VgContext, segment_at};
use crate::units::{Extents, Pe};
use std_alloc::collections::BTreeSet;
use std_alloc::vec::Vec;

/// An object that a report is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Target {
    /// A VG and all in it: its place in [`System::vgs`].
    Vg(usize),
    /// An LV, also a hidden one.
    Lv(usize, LvId),
    /// A PV of a VG.
    Pv(usize, PvIndex),
    /// A device: a PV of no VG, or no PV at all.
    Device(DeviceId),
}

/// Calls `push` with each row, in LVM2's order before sorting: the VG found last comes first.
pub(super) fn each(
    report: &Report,
    system: &System,
    targets: Option<&[Target]>,
    push: &mut dyn FnMut(&Row<'_, '_>),
) {
    let places = 0..system.vgs.len();
    let contexts: Vec<VgContext<'_>> = places.map(|place| VgContext::new(system, place)).collect();
    let source = |place: usize| Source { report, context: &contexts[place], place, targets };
    if report.columns.labels_only {
        each_label(system, targets, &source, push);
        return;
    }
    let of_pvs = matches!(report.asked, Kind::Pvs | Kind::PvSegs);
    let order = if of_pvs { system.vg_order() } else { vgs_of(system, targets) };
    for place in order {
        source(place).each(push);
    }
    if of_pvs {
        each_outside(report, system, targets, push);
    }
}

/// Returns about how many rows there will be, where these are many: one for each LV.
pub(super) fn expected(kind: Kind, system: &System, targets: Option<&[Target]>) -> usize {
    let of_vg = |place: usize| system.vgs[place].vg.lvs.len();
    match (kind, targets) {
        (Kind::Vgs | Kind::Pvs, _) => 0,
        (Kind::Lvs | Kind::Segs | Kind::PvSegs, None) => (0..system.vgs.len()).map(of_vg).sum(),
        (Kind::Lvs | Kind::Segs | Kind::PvSegs, Some(targets)) => targets
            .iter()
            .map(|target| match target {
                Target::Vg(place) => of_vg(*place),
                Target::Lv(..) | Target::Pv(..) | Target::Device(_) => 1,
            })
            .sum(),
    }
}

/// Returns the object that a row is about.
pub(super) fn target_of(kind: Kind, row: &Row<'_, '_>) -> Option<Target> {
    let place = row.vg.map(|vg| vg.place);
    match kind {
        Kind::Vgs => place.map(Target::Vg),
        Kind::Lvs | Kind::Segs => Some(Target::Lv(place?, row.live()?.id)),
        Kind::Pvs | Kind::PvSegs => match row.pv {
            PvRow::InVg(pv, _) => Some(Target::Pv(place?, pv)),
            PvRow::Orphan(id, _) | PvRow::Duplicate(id, ..) | PvRow::Device(id) => {
                Some(Target::Device(id))
            }
            PvRow::None => None,
        },
    }
}

/// Returns the places of VGs that are looked at for their own sake or that of their LVs: all, or
/// those that targets name, in their order.
pub(super) fn vgs_of(system: &System, targets: Option<&[Target]>) -> Vec<usize> {
    let Some(targets) = targets else {
        return system.vg_order();
    };
    let mut seen = BTreeSet::new();
    let places = targets.iter().filter_map(|target| match target {
        Target::Vg(place) | Target::Lv(place, _) => Some(*place),
        Target::Pv(..) | Target::Device(_) => None,
    });
    places.filter(|place| seen.insert(*place)).collect()
}

/// Calls `push` with each PV that has a label, in the order of the devices.
fn each_label<'a, 'c>(
    system: &'a System,
    targets: Option<&[Target]>,
    source: &dyn Fn(usize) -> Source<'a, 'c>,
    push: &mut dyn FnMut(&Row<'_, '_>),
) where
    'a: 'c,
{
    let mut members = Vec::new();
    for (place, view) in system.vgs.iter().enumerate() {
        let found = view.vg.pv_indices().zip(&view.devices);
        members.extend(found.filter_map(|(pv, device)| Some(((*device)?, place, pv))));
    }
    members.sort_unstable();
    let duplicates = system.duplicates();
    for (id, device) in system.device_ids() {
        let at = members.partition_point(|(member, ..)| *member < id);
        match members.get(at) {
            Some((member, place, pv)) if *member == id => {
                let source = source(*place);
                let row = PvRow::InVg(*pv, source.context.vg().pv(*pv));
                if source.has_pv(*pv) {
                    push(&source.row(LvRow::None, row, None));
                }
            }
            _ => {
                let is_duplicate = duplicates.contains(&id);
                if let LabelState::Pv(on_device) = &device.label
                    && !system.hidden.contains(&id)
                    && !system.is_outdated(id)
                    && targets.map_or(!is_duplicate, |all| all.contains(&Target::Device(id)))
                {
                    let pv = if is_duplicate {
                        PvRow::Duplicate(id, on_device, None)
                    } else {
                        PvRow::Orphan(id, on_device)
                    };
                    push(&Row { system, vg: None, lv: LvRow::None, pv, pv_segment: None });
                }
            }
        }
    }
}

/// One VG as a source of rows.
struct Source<'a, 'c> {
    report: &'c Report,
    context: &'c VgContext<'a>,
    place: usize,
    targets: Option<&'c [Target]>,
}

impl<'a, 'c> Source<'a, 'c> {
    fn each(&self, push: &mut dyn FnMut(&Row<'_, '_>)) {
        match self.report.columns.kind {
            Kind::Vgs => {
                if self.targets.is_none_or(|targets| targets.contains(&Target::Vg(self.place))) {
                    push(&self.row(LvRow::None, PvRow::None, None));
                }
            }
            Kind::Lvs | Kind::Segs => self.each_lv(push),
            Kind::Pvs | Kind::PvSegs => self.each_pv(push),
        }
    }

    fn row(&self, lv: LvRow<'a>, pv: PvRow<'a>, run: Option<PvSegment>) -> Row<'a, 'c> {
        Row { system: self.context.system, vg: Some(self.context), lv, pv, pv_segment: run }
    }

    fn has_whole_vg(&self) -> bool {
        self.targets.is_none_or(|targets| targets.contains(&Target::Vg(self.place)))
    }

    fn has_pv(&self, index: PvIndex) -> bool {
        let target = Target::Pv(self.place, index);
        self.has_whole_vg() || self.targets.is_some_and(|targets| targets.contains(&target))
    }

    fn each_lv(&self, push: &mut dyn FnMut(&Row<'_, '_>)) {
        let vg = self.context.vg();
        let of_lvs = matches!(self.report.asked, Kind::Lvs | Kind::Segs);
        // `lvs` does not show LVs of a VG that is on its way to another machine.
        if of_lvs && vg.flags.exported && !self.report.options.full {
            return;
        }
        let whole = self.has_whole_vg();
        let mut single: Vec<LvId> = Vec::new();
        if !whole {
            let of_this = |target: &Target| match target {
                Target::Lv(place, id) if *place == self.place => Some(*id),
                _ => None,
            };
            single = self.targets.unwrap_or(&[]).iter().filter_map(of_this).collect();
            single.sort_unstable();
            single.dedup();
        }
        let mut ids: Vec<LvId> = if whole { vg.lvs.ids().collect() } else { single };
        let all_plain = vg.lvs.ids().all(|id| vg.lvs.is_source(id));
        if !all_plain {
            pools_first(vg, &mut ids);
        }
        for id in ids {
            let visible = || {
                if all_plain { vg.lvs.is_visible(id) } else { self.context.is_visible(id) }
            };
            if whole && !self.report.options.all && !visible() {
                continue;
            }
            let mut live = LiveLv::new(&vg.lvs, id, 0);
            if whole && !live.is_plain() && snapshot_in(live.lv()).is_some() {
                continue;
            }
            let segments = match self.report.columns.kind {
                Kind::Segs => live.segments().len(),
                _ => 1,
            };
            for _ in 1..segments {
                push(&self.row(LvRow::Live(live.clone()), PvRow::None, None));
                live.segment += 1;
            }
            if segments > 0 {
                push(&self.row(LvRow::Live(live), PvRow::None, None));
            }
        }
        if whole && self.report.options.history {
            for lv in &vg.historical {
                push(&self.row(LvRow::Historical(lv), PvRow::None, None));
            }
        }
    }

    fn each_pv(&self, push: &mut dyn FnMut(&Row<'_, '_>)) {
        let vg = self.context.vg();
        for index in vg.pv_indices().filter(|index| self.has_pv(*index)) {
            let pv = PvRow::InVg(index, vg.pv(index));
            if self.report.columns.kind == Kind::Pvs {
                push(&self.row(LvRow::None, pv, None));
            } else {
                self.each_run(index, pv, push);
            }
        }
    }

    /// Calls `push` with each run of a PV's extents that belongs to one LV, or to none.
    fn each_run(&self, index: PvIndex, pv: PvRow<'a>, push: &mut dyn FnMut(&Row<'_, '_>)) {
        let vg = self.context.vg();
        let mut next = Pe::ZERO;
        let free = |start: Pe, end: Pe| PvSegment { start, extents: end.since(start) };
        for run in vg.lvs.runs_on(index) {
            if run.start() > next {
                push(&self.row(LvRow::Free, pv, Some(free(next, run.start()))));
            }
            next = next.max(run.end());
            let mut live = LiveLv::new(&vg.lvs, run.lv, 0);
            live.segment = segment_at(live.segments(), run).unwrap_or(0);
            let run = PvSegment { start: run.start(), extents: run.extents() };
            push(&self.row(LvRow::Live(live), pv, Some(run)));
        }
        let end = Pe::ZERO.after(vg.pv(index).pe_count);
        if end > next || end == next && end == Pe::ZERO {
            push(&self.row(LvRow::Free, pv, Some(free(next, end))));
        }
    }
}

/// Returns the LVs in the order LVM2 looks at them.
pub(super) fn lv_order(vg: &Vg) -> Vec<LvId> {
    let mut ids: Vec<LvId> = vg.lvs.ids().collect();
    if ids.iter().any(|id| !vg.lvs.is_source(*id)) {
        pools_first(vg, &mut ids);
    }
    ids
}

/// LVM2 looks at thin pools first, at the last one before all.
fn pools_first(vg: &Vg, ids: &mut [LvId]) {
    let is_pool = |id: &LvId| {
        let lvs = &vg.lvs;
        let kind = |lv: &Lv| {
            matches!(lv.segments.first().map(|s| &s.kind), Some(SegmentKind::ThinPool(_)))
        };
        !lvs.is_source(*id) && kind(&lvs.get(*id))
    };
    ids.sort_by_cached_key(|id| if is_pool(id) { (0, usize::MAX - id.get()) } else { (1, 0) });
}

/// Returns the VG of the PV that a device has the UUID of.
fn vg_of_duplicate(system: &System, device: DeviceId) -> NamedVg<'_> {
    let has = |view: &&VgView| view.duplicates.iter().any(|(_, id)| *id == device);
    match system.vgs.iter().find(has) {
        Some(view) => NamedVg { name: view.vg.name.as_str(), id: Some(view.vg.id) },
        None => NamedVg { name: "[unknown]", id: None },
    }
}

/// PVs that belong to no VG and, with `-a`, duplicates and devices that are no PVs.
fn each_outside(
    report: &Report,
    system: &System,
    targets: Option<&[Target]>,
    push: &mut dyn FnMut(&Row<'_, '_>),
) {
    let (members, duplicates) = (system.members(), system.duplicates());
    let segments = report.columns.kind == Kind::PvSegs;
    for (id, device) in system.device_ids() {
        if members.binary_search(&id).is_ok() {
            continue;
        }
        let named = targets.is_some_and(|targets| targets.contains(&Target::Device(id)));
        if targets.is_some() && !named {
            continue;
        }
        let pv = match &device.label {
            LabelState::Pv(on_device) if duplicates.contains(&id) => {
                if !report.options.all && !named {
                    continue;
                }
                let vg = (!segments).then(|| vg_of_duplicate(system, id));
                PvRow::Duplicate(id, on_device, vg)
            }
            LabelState::Pv(on_device) => PvRow::Orphan(id, on_device),
            LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => {
                if !report.options.all || targets.is_some() {
                    continue;
                }
                PvRow::Device(id)
            }
        };
        let run = PvSegment { start: Pe::ZERO, extents: Extents::ZERO };
        let lv = if segments { LvRow::Free } else { LvRow::None };
        push(&Row { system, vg: None, lv, pv, pv_segment: Some(run) });
    }
}
