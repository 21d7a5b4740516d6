//! `vgdisplay`: VGs.

use super::{Out, kibibytes, sectors};
use crate::model::flags::Permission;
use crate::report::attr::is_shared;
use crate::report::row::VgContext;

impl Out<'_> {
    pub(super) fn vg(&mut self, vg: &VgContext<'_>) {
        let model = vg.vg();
        let (free, allocated) = (model.free_count(), model.allocated_count());
        self.push(format_args!("--- Volume group ---"));
        self.line("VG Name", &model.name);
        self.line("System ID", model.system_id.as_deref().unwrap_or(""));
        self.line("Format", "lvm2");
        self.line("Metadata Areas", vg.areas().count());
        self.line("Metadata Sequence No", model.seqno);
        let read_only = model.permission == Permission::ReadOnly;
        self.line("VG Access", if read_only { "read" } else { "read/write" });
        let exported = if model.flags.exported { "exported/" } else { "" };
        let resizable = if model.flags.resizeable { "resizable" } else { "NOT resizable" };
        self.line("VG Status", format_args!("{exported}{resizable}"));
        if is_shared(model) {
            self.line("Shared", "yes");
        }
        self.line("MAX LV", model.max_lv);
        self.line("Cur LV", vg.visible_count());
        self.line("Open LV", 0);
        self.line("Max PV", model.max_pv);
        self.line("Cur PV", model.pvs.len());
        self.line("Act PV", model.pvs.len() - vg.missing_count());
        self.line("VG Size", self.size(sectors(vg, model.extent_count())));
        self.line("PE Size", self.size(model.extent_size.sectors()));
        self.line("Total PE", model.extent_count());
        let size = self.size(sectors(vg, allocated));
        self.line("Alloc PE / Size", format_args!("{allocated} / {size}"));
        let size = self.size(sectors(vg, free));
        self.line("Free  PE / Size", format_args!("{free} / {size}"));
        self.line("VG UUID", model.id);
        self.gap();
    }

    pub(super) fn vg_colon(&mut self, vg: &VgContext<'_>) {
        let model = vg.vg();
        let read_only = model.permission == Permission::ReadOnly;
        // The bits that LVM2 has in memory: it prints them as they are.
        let flags = [
            (true, 0x100),
            (!read_only, 0x200),
            (model.flags.resizeable, 4),
            (model.flags.exported, 2),
            (model.flags.no_auto_activate, 16),
        ];
        let status: u32 = flags.iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum();
        self.push(format_args!(
            "{}:{}:{status}:-1:{}:{}:0:-1:{}:{}:{}:{}:{}:{}:{}:{}:{}",
            model.name,
            if read_only { "r" } else { "r/w" },
            model.max_lv,
            vg.visible_count(),
            model.max_pv,
            model.pvs.len(),
            model.pvs.len() - vg.missing_count(),
            kibibytes(sectors(vg, model.extent_count())),
            kibibytes(model.extent_size.sectors()),
            model.extent_count(),
            model.allocated_count(),
            model.free_count(),
            model.id
        ));
    }

    pub(super) fn vg_short(&mut self, vg: &VgContext<'_>) {
        let model = vg.vg();
        let size = self.size(sectors(vg, model.extent_count()));
        let used = self.size(sectors(vg, model.allocated_count()));
        let free = self.size(sectors(vg, model.free_count()));
        let name = &model.name;
        self.push(format_args!("\"{name}\" {size:<9} [{used:<9} used / {free} free]"));
    }
}
