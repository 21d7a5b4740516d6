//! `pvdisplay`: PVs of VGs and of none.

use super::{Form, Out, kibibytes, sectors};
use crate::model::lv_table::Run;
use crate::model::pv::PvIndex;
use crate::ops::system::{DeviceId, LabelState, System};
use crate::report::row::{VgContext, segment_at};
use crate::units::{Extents, Pe, Sectors};

impl Out<'_> {
    pub(super) fn pv(&mut self, vg: &VgContext<'_>, index: PvIndex, form: Form) {
        let name = vg.pv_name(index, self.options);
        if form == Form::Short {
            let free = vg.vg().pv(index).pe_count.saturating_sub(vg.allocated(index));
            let capacity = self.size(sectors(vg, free));
            return self.push(format_args!("Device \"{name}\" has a capacity of {capacity}"));
        }
        if vg.vg().flags.exported {
            let group = &vg.vg().name;
            self.push(format_args!(
                "Physical volume \"{name}\" of volume group \"{group}\" is exported"
            ));
        }
        if form == Form::Colon {
            return self.pv_colon(vg, index);
        }
        self.pv_long(vg, index);
        if form == Form::Detailed {
            self.pv_segments(vg, index);
        }
    }

    fn pv_colon(&mut self, vg: &VgContext<'_>, index: PvIndex) {
        let pv = vg.vg().pv(index);
        let allocated = vg.allocated(index);
        // The bits that LVM2 has in memory: it prints them as they are.
        let allocatable = if pv.flags.allocatable { 8 } else { 0 };
        let missing = if vg.is_missing(index) { 1 << 23 } else { 0 };
        let exported = if vg.vg().flags.exported { 2 } else { 0 };
        self.push(format_args!(
            "{}:{}:{}:-1:{}:{allocatable}:-1:{}:{}:{}:{allocated}:{}",
            vg.pv_name(index, self.options),
            vg.vg().name,
            device_size(vg, index).get(),
            allocatable + missing + exported,
            kibibytes(vg.vg().extent_size.sectors()),
            pv.pe_count,
            pv.pe_count.saturating_sub(allocated),
            pv.id
        ));
    }

    fn pv_long(&mut self, vg: &VgContext<'_>, index: PvIndex) {
        let pv = vg.vg().pv(index);
        let allocated = vg.allocated(index);
        let free = pv.pe_count.saturating_sub(allocated);
        let data = sectors(vg, pv.pe_count);
        let size = device_size(vg, index);
        let least = pv.pe_start.checked_add(data).unwrap_or(data);
        // What is before the first extent counts only if something is left behind the last.
        let unusable =
            if size > least { size.saturating_sub(data) } else { least.saturating_sub(size) };
        let note = if vg.vg().flags.exported { " (exported)" } else { "" };
        self.push(format_args!("--- Physical volume ---"));
        self.line("PV Name", vg.pv_name(index, self.options));
        self.line("VG Name", format_args!("{}{note}", vg.vg().name));
        let (size, unusable) = (self.size(size.max(least)), self.size(unusable));
        self.line("PV Size", format_args!("{size} / not usable {unusable}"));
        match (pv.flags.allocatable, free.is_zero()) {
            (true, true) => self.line("Allocatable", "yes (but full)"),
            (true, false) => self.line("Allocatable", "yes "),
            (false, _) => self.line("Allocatable", "NO"),
        }
        self.line("PE Size", self.size(vg.vg().extent_size.sectors()));
        self.line("Total PE", pv.pe_count);
        self.line("Free PE", free);
        self.line("Allocated PE", allocated);
        self.line("PV UUID", pv.id);
        self.gap();
    }

    /// Which extents belong to which LV.
    fn pv_segments(&mut self, vg: &VgContext<'_>, index: PvIndex) {
        self.push(format_args!("--- Physical Segments ---"));
        let mut next = Pe::ZERO;
        for run in vg.vg().lvs.runs_on(index) {
            self.free_extents(next, run.start());
            self.run(vg, run);
            next = next.max(run.end());
        }
        self.free_extents(next, Pe::ZERO.after(vg.vg().pv(index).pe_count));
        self.gap();
    }

    fn free_extents(&mut self, start: Pe, end: Pe) {
        if end > start {
            self.push(format_args!("Physical extent {start} to {}:", end.get() - 1));
            self.push(format_args!("  FREE"));
        }
    }

    fn run(&mut self, vg: &VgContext<'_>, run: &Run) {
        let lv = vg.vg().lvs.get(run.lv);
        self.push(format_args!("Physical extent {} to {}:", run.start(), run.end().get() - 1));
        self.push(format_args!("  Logical volume\t/dev/{}/{}", vg.vg().name, lv.name));
        if let Some(segment) = segment_at(&lv.segments, run).map(|place| &lv.segments[place]) {
            let (start, end) = (segment.start, segment.end().get() - 1);
            self.push(format_args!("  Logical extents\t{start} to {end}"));
        }
    }

    pub(super) fn orphan(&mut self, system: &System, id: DeviceId, form: Form) {
        let device = system.device(id);
        let LabelState::Pv(on_device) = &device.label else {
            return;
        };
        let name = device.name.as_str();
        let header = &on_device.label.header;
        let sectors = header.device_size.to_sectors_floor();
        let size = self.size(sectors);
        if form == Form::Short {
            return self.push(format_args!("Device \"{name}\" has a capacity of {size}"));
        }
        self.push(format_args!("\"{name}\" is a new physical volume of \"{size}\""));
        if form == Form::Colon {
            let sectors = sectors.get();
            return self.push(format_args!("{name}::{sectors}:-1:0:0:-1:0:0:0:0:{}", header.id));
        }
        self.push(format_args!("--- NEW Physical volume ---"));
        self.line("PV Name", name);
        self.line("VG Name", "");
        self.line("PV Size", size);
        self.line("Allocatable", "NO");
        self.line("PE Size", self.size(Sectors::ZERO));
        self.line("Total PE", Extents::ZERO);
        self.line("Free PE", Extents::ZERO);
        self.line("Allocated PE", Extents::ZERO);
        self.line("PV UUID", header.id);
        self.gap();
        if form == Form::Detailed {
            self.gap();
        }
    }

    /// The PVs of a VG in short, as `vgdisplay -v` has them.
    pub(super) fn members(&mut self, vg: &VgContext<'_>) {
        self.push(format_args!("--- Physical volumes ---"));
        for index in vg.vg().pv_indices() {
            let pv = vg.vg().pv(index);
            let free = pv.pe_count.saturating_sub(vg.allocated(index));
            let not = if pv.flags.allocatable { "" } else { "NOT " };
            self.line("PV Name", format_args!("{}     ", vg.pv_name(index, self.options)));
            self.line("PV UUID", pv.id);
            self.line("PV Status", format_args!("{not}allocatable"));
            self.line("Total PE / Free PE", format_args!("{} / {free}", pv.pe_count));
            self.gap();
        }
    }
}

/// Returns the size of a PV's device: the metadata's word comes before the device's own.
fn device_size(vg: &VgContext<'_>, index: PvIndex) -> Sectors {
    vg.vg().pv(index).device_size.unwrap_or_else(|| {
        let device = vg.device_of(index).map(|id| vg.system.device(id));
        device.map_or(Sectors::ZERO, |device| device.size.to_sectors_floor())
    })
}
