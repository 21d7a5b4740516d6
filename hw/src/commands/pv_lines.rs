//! What `pvdisplay` says about a physical volume.

use super::display::Display;
use extant_core::model::lv_table::Run;
use extant_core::model::pv::PvIndex;
use extant_core::ops::system::{Device, LabelState, PvOnDevice, System, VgView};
use extant_core::report::rows::Target;
use extant_core::report::units::{Units, display_size};
use extant_core::units::{Extents, Pe, Sectors};

/// A PV that is shown: of a VG, or of none.
#[derive(Clone, Copy, Debug)]
pub(super) enum ShownPv<'a> {
    /// Of a VG; the device may be missing.
    Member {
        /// The VG.
        view: &'a VgView,
        /// Which PV it is.
        pv: PvIndex,
        /// The device's name, `[unknown]` if it is missing.
        name: &'a str,
    },
    /// Of no VG.
    Orphan {
        /// The device.
        device: &'a Device,
        /// What it says.
        pv: &'a PvOnDevice,
    },
}

impl<'a> ShownPv<'a> {
    /// Returns what a device is as a PV of no VG.
    fn orphan(device: &'a Device) -> Option<Self> {
        match &device.label {
            LabelState::Pv(pv) => Some(Self::Orphan { device, pv }),
            LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => None,
        }
    }

    /// Returns its name.
    pub(super) fn name(&self) -> &'a str {
        match self {
            Self::Member { name, .. } => name,
            Self::Orphan { device, .. } => &device.name,
        }
    }

    fn id(&self) -> String {
        match self {
            Self::Member { view, pv, .. } => view.vg.pv(*pv).id.to_string(),
            Self::Orphan { pv, .. } => pv.label.header.id.to_string(),
        }
    }

    /// Returns the size of the whole PV, what cannot be used for extents included.
    fn size(&self) -> Sectors {
        match self {
            Self::Member { view, pv, .. } => {
                let pv = view.vg.pv(*pv);
                let data = view.vg.extent_size.to_sectors(pv.pe_count);
                let least = data + pv.pe_start;
                pv.device_size.map_or(least, |size| size.max(least))
            }
            Self::Orphan { pv, .. } => pv.label.header.device_size.to_sectors_floor(),
        }
    }

    /// Returns all and allocated extents, and the size of one.
    fn extents(&self) -> (Extents, Extents, Sectors) {
        match self {
            Self::Member { view, pv, .. } => {
                let runs = view.vg.lvs.runs_on(*pv);
                let used = runs.iter().map(Run::extents).sum();
                (view.vg.pv(*pv).pe_count, used, view.vg.extent_size.sectors())
            }
            Self::Orphan { .. } => (Extents::ZERO, Extents::ZERO, Sectors::ZERO),
        }
    }
}

/// Returns the PVs that targets are.
pub(super) fn of<'a>(system: &'a System, targets: &[Target]) -> Vec<ShownPv<'a>> {
    let mut pvs = Vec::new();
    for target in targets {
        match target {
            Target::Pv(place, pv) => {
                let view = &system.vgs[*place];
                let device = view.devices[pv.get()].map(|id| system.device(id));
                pvs.push(ShownPv::Member {
                    view,
                    pv: *pv,
                    name: device.map_or("[unknown]", |device| device.name.as_str()),
                });
            }
            Target::Device(id) => pvs.extend(ShownPv::orphan(system.device(*id))),
            Target::Vg(_) | Target::Lv(..) => {}
        }
    }
    pvs
}

/// Returns the line that comes before a PV that is special.
pub(super) fn note(pv: &ShownPv<'_>, units: Units, short: bool) -> Option<String> {
    match pv {
        ShownPv::Member { view, name, .. } if view.vg.flags.exported => Some(format!(
            "Physical volume \"{name}\" of volume group \"{}\" is exported",
            view.vg.name
        )),
        ShownPv::Member { .. } => None,
        ShownPv::Orphan { .. } if short => None,
        ShownPv::Orphan { device, .. } => Some(format!(
            "\"{}\" is a new physical volume of \"{}\"",
            device.name,
            display_size(pv.size(), units)
        )),
    }
}

/// Returns the line of `-s`.
pub(super) fn short(pv: &ShownPv<'_>, units: Units) -> String {
    let (all, used, extent) = pv.extents();
    let free = match pv {
        ShownPv::Member { .. } => Sectors::new(all.saturating_sub(used).get() * extent.get()),
        ShownPv::Orphan { .. } => pv.size(),
    };
    let size = display_size(free, units);
    format!("Device \"{}\" has a capacity of {size}", pv.name())
}

/// Returns the line of `-c`.
pub(super) fn colons(pv: &ShownPv<'_>) -> String {
    let (all, used, extent) = pv.extents();
    let (vg, status, allocatable) = match pv {
        ShownPv::Member { view, pv, .. } => {
            let flags = &view.vg.pv(*pv).flags;
            // The bits that LVM2 has in memory: it prints them as they are.
            let allocatable = if flags.allocatable { 8 } else { 0 };
            let exported = if view.vg.flags.exported { 2 } else { 0 };
            (view.vg.name.as_str(), allocatable + exported, allocatable)
        }
        ShownPv::Orphan { .. } => ("", 0, 0),
    };
    format!(
        "{}:{vg}:{}:-1:{status}:{allocatable}:-1:{}:{all}:{}:{used}:{}",
        pv.name(),
        pv.size(),
        extent.get() / 2,
        all.saturating_sub(used),
        pv.id()
    )
}

/// Describes a PV, with a map of its extents if wanted.
pub(super) fn describe(display: &mut Display, pv: &ShownPv<'_>, map: bool) {
    let (all, used, extent) = pv.extents();
    let free = all.saturating_sub(used);
    let size = display.size(pv.size());
    match pv {
        ShownPv::Member { view, pv: index, .. } => {
            let exported = if view.vg.flags.exported { " (exported)" } else { "" };
            let data = view.vg.extent_size.to_sectors(all);
            // What is before the first extent counts only if something is left behind the last.
            let start = view.vg.pv(*index).pe_start;
            let unusable = if pv.size().saturating_sub(start) > data {
                pv.size().saturating_sub(data)
            } else {
                Sectors::ZERO
            };
            let unusable = display.size(unusable);
            let allocatable = match (view.vg.pv(*index).flags.allocatable, free.is_zero()) {
                (true, true) => "yes (but full)",
                (true, false) => "yes ",
                (false, _) => "NO",
            };
            display.line("--- Physical volume ---");
            display.fact("PV Name", pv.name());
            display.fact("VG Name", format!("{}{exported}", view.vg.name));
            display.fact("PV Size", format!("{size} / not usable {unusable}"));
            display.fact("Allocatable", allocatable);
        }
        ShownPv::Orphan { .. } => {
            display.line("--- NEW Physical volume ---");
            display.fact("PV Name", pv.name());
            display.fact("VG Name", "");
            display.fact("PV Size", size);
            display.fact("Allocatable", "NO");
        }
    }
    let extent = display.size(extent);
    display.fact("PE Size", extent);
    display.fact("Total PE", all);
    display.fact("Free PE", free);
    display.fact("Allocated PE", used);
    display.fact("PV UUID", pv.id());
    display.gap();
    if let (true, ShownPv::Member { view, pv, .. }) = (map, pv) {
        describe_map(display, view, *pv);
    }
}

fn describe_map(display: &mut Display, view: &VgView, pv: PvIndex) {
    let vg = &view.vg;
    display.line("--- Physical Segments ---");
    let range = |start: Pe, end: Pe| format!("{} to {}", start, end.get() - 1);
    let mut next = Pe::ZERO;
    for run in vg.lvs.runs_on(pv) {
        if run.start() > next {
            display.line(format!("Physical extent {}:", range(next, run.start())));
            display.line("  FREE");
        }
        display.line(format!("Physical extent {}:", range(run.start(), run.end())));
        let (first, last) = logical_range(view, run);
        display.line(format!("  Logical volume\t/dev/{}/{}", vg.name, vg.lvs.name(run.lv)));
        display.line(format!("  Logical extents\t{first} to {last}"));
        next = next.max(run.end());
    }
    let end = Pe::ZERO.after(vg.pv(pv).pe_count);
    if end > next {
        display.line(format!("Physical extent {}:", range(next, end)));
        display.line("  FREE");
    }
    display.gap();
}

/// Returns the logical extents of the segment that a run belongs to.
fn logical_range(view: &VgView, run: &Run) -> (u64, u64) {
    use extant_core::model::segment::Area;
    let lv = view.vg.lvs.get(run.lv);
    let holds = |area: &Area| matches!(area, Area::Pv { pv, start } if *pv == run.pv && *start == run.start());
    lv.segments
        .iter()
        .find(|segment| segment.areas().iter().any(holds))
        .map_or((0, 0), |segment| (segment.start.get(), segment.end().get() - 1))
}
