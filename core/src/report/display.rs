//! The long forms of `pvdisplay`, `vgdisplay` and `lvdisplay`, and their `-c` and `-s`.
//!
//! Nothing is known of LVs in the kernel, so their status, open count and devices are not shown.

use crate::model::flags::{AllocationPolicy, Permission};
use crate::model::lv::ReadAhead;
use crate::model::pv::PvIndex;
use crate::model::segment::{SegmentKind, ThinOrigin};
use crate::ops::system::{LabelState, System};
use crate::report::options::Options;
use crate::report::relations::{How, snapshot_in};
use crate::report::row::{LiveLv, VgContext};
use crate::report::rows::{self, Target};
use crate::report::time::write_time;
use crate::report::units::display_size;
use crate::units::{Extents, Sectors};
use core::fmt::Display;
use core::fmt::Write;
use parts::{mirrors, snapshot_of, snapshots_of};
use std_alloc::string::{String, ToString};

mod parts;
#[cfg(test)]
mod tests;

/// How objects are displayed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Form {
    /// A block of lines for each.
    #[default]
    Long,
    /// `-c`: a line of fields with colons between.
    Colon,
    /// `-s`: a short line; LVs have none.
    Short,
}

/// Writes `pvdisplay` of all PVs, or of those given.
pub fn pvs(system: &System, targets: Option<&[Target]>, form: Form, options: &Options) -> String {
    let mut out = Out { text: String::new(), options };
    for place in rows::vg_order(system) {
        let vg = VgContext::new(system, place);
        for pv in vg.vg().pv_indices() {
            let is_wanted = |wanted: &[Target]| {
                wanted.contains(&Target::Pv(place, pv)) || wanted.contains(&Target::Vg(place))
            };
            if targets.is_none_or(is_wanted) {
                out.pv(&vg, pv, form);
            }
        }
    }
    for id in rows::orphans(system) {
        if targets.is_none_or(|targets| targets.contains(&Target::Device(id))) {
            out.orphan(system, id, form);
        }
    }
    out.text
}

/// Writes `vgdisplay` of all VGs, or of those given.
pub fn vgs(system: &System, targets: Option<&[Target]>, form: Form, options: &Options) -> String {
    let mut out = Out { text: String::new(), options };
    for place in rows::vg_order(system) {
        if targets.is_none_or(|targets| targets.contains(&Target::Vg(place))) {
            let vg = VgContext::new(system, place);
            match form {
                Form::Long => out.vg(&vg),
                Form::Colon => out.vg_colon(&vg),
                Form::Short => out.vg_short(&vg),
            }
        }
    }
    out.text
}

/// Writes `lvdisplay` of all LVs, or of those given; hidden ones with [`Options::all`].
pub fn lvs(system: &System, targets: Option<&[Target]>, form: Form, options: &Options) -> String {
    let mut out = Out { text: String::new(), options };
    for place in rows::vg_order(system) {
        let vg = VgContext::new(system, place);
        if vg.vg().flags.exported {
            continue;
        }
        let whole = targets.is_none_or(|targets| targets.contains(&Target::Vg(place)));
        for id in rows::lv_order(vg.vg()) {
            let named = || targets.is_some_and(|all| all.contains(&Target::Lv(place, id)));
            let shown = whole && (options.all || vg.is_visible(id)) || named();
            let live = LiveLv::new(&vg.vg().lvs, id, 0);
            if !shown || snapshot_in(live.lv()).is_some() {
                continue;
            }
            if form == Form::Colon {
                out.lv_colon(&vg, &live);
            } else {
                out.lv(&vg, &live);
            }
        }
    }
    out.text
}

struct Out<'o> {
    text: String,
    options: &'o Options,
}

fn sectors(vg: &VgContext<'_>, extents: Extents) -> Sectors {
    let size = vg.vg().extent_size.checked_to_sectors(extents);
    size.unwrap_or(Sectors::new(u64::MAX / 512))
}

fn kibibytes(size: Sectors) -> u64 {
    size.get() / 2
}

impl Out<'_> {
    fn push(&mut self, line: core::fmt::Arguments<'_>) {
        self.text.push_str("  ");
        self.text.write_fmt(line).expect("a String takes all that is written");
        self.text.push('\n');
    }

    /// A line of PVs and VGs, whose values stand in column 24.
    fn line(&mut self, name: &str, value: impl Display) {
        self.push(format_args!("{name:<21} {value}"));
    }

    /// A line of LVs, whose values stand in column 25.
    fn lv_line(&mut self, name: &str, value: impl Display) {
        self.push(format_args!("{name:<22} {value}"));
    }

    fn size(&self, size: Sectors) -> String {
        display_size(size, self.options.units)
    }

    fn pv(&mut self, vg: &VgContext<'_>, index: PvIndex, form: Form) {
        let pv = vg.vg().pv(index);
        let device = vg.device_of(index).map(|id| vg.system.device(id));
        let name = device.map_or("[unknown]", |device| device.name.as_str());
        let group = vg.vg().name.as_str();
        let allocated = vg.allocated(index);
        let free = pv.pe_count.saturating_sub(allocated);
        let data = sectors(vg, pv.pe_count);
        // The metadata knows a size of the device, too; the device itself comes first.
        let size = pv.device_size.unwrap_or_else(|| {
            device.map_or(Sectors::ZERO, |device| device.size.to_sectors_floor())
        });
        if form == Form::Short {
            let capacity = self.size(sectors(vg, free));
            return self.push(format_args!("Device \"{name}\" has a capacity of {capacity}"));
        }
        let exported = vg.vg().flags.exported;
        if exported {
            self.push(format_args!(
                "Physical volume \"{name}\" of volume group \"{group}\" is exported"
            ));
        }
        let extent_size = vg.vg().extent_size.sectors();
        if form == Form::Colon {
            let allocatable = if pv.flags.allocatable { 8 } else { 0 };
            let missing = if vg.is_missing(index) { 1 << 23 } else { 0 };
            let status = allocatable + missing + if exported { 2 } else { 0 };
            return self.push(format_args!(
                "{name}:{group}:{}:-1:{status}:{allocatable}:-1:{}:{}:{free}:{allocated}:{}",
                size.get(),
                kibibytes(extent_size),
                pv.pe_count,
                pv.id
            ));
        }
        let unusable = if size > pv.pe_start.checked_add(data).unwrap_or(data) {
            size.saturating_sub(data)
        } else {
            Sectors::ZERO
        };
        let note = if exported { " (exported)" } else { "" };
        let full = if free.is_zero() { "(but full)" } else { "" };
        self.push(format_args!("--- Physical volume ---"));
        self.line("PV Name", name);
        self.line("VG Name", format_args!("{group}{note}"));
        let (size, unusable) = (self.size(size), self.size(unusable));
        self.line("PV Size", format_args!("{size} / not usable {unusable}"));
        if pv.flags.allocatable {
            self.line("Allocatable", format_args!("yes {full}"));
        } else {
            self.line("Allocatable", "NO");
        }
        self.line("PE Size", self.size(extent_size));
        self.line("Total PE", pv.pe_count);
        self.line("Free PE", free);
        self.line("Allocated PE", allocated);
        self.line("PV UUID", pv.id);
        self.push(format_args!(" "));
    }

    fn orphan(&mut self, system: &System, id: crate::ops::system::DeviceId, form: Form) {
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
        self.line("Total PE", 0);
        self.line("Free PE", 0);
        self.line("Allocated PE", 0);
        self.line("PV UUID", header.id);
        self.push(format_args!(" "));
    }

    fn vg(&mut self, vg: &VgContext<'_>) {
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
        self.push(format_args!(" "));
    }

    fn vg_colon(&mut self, vg: &VgContext<'_>) {
        let model = vg.vg();
        let read_only = model.permission == Permission::ReadOnly;
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

    fn vg_short(&mut self, vg: &VgContext<'_>) {
        let model = vg.vg();
        let size = self.size(sectors(vg, model.extent_count()));
        let used = self.size(sectors(vg, model.allocated_count()));
        let free = self.size(sectors(vg, model.free_count()));
        let name = &model.name;
        self.push(format_args!("\"{name}\" {size} [{used:<9} used / {free} free]"));
    }

    fn lv_colon(&mut self, vg: &VgContext<'_>, live: &LiveLv<'_>) {
        let (model, lv) = (vg.vg(), live.lv());
        let extents = model.lvs.extents(live.id);
        let access = if lv.permission == Permission::ReadOnly { 1 } else { 3 };
        let ahead = match lv.read_ahead {
            ReadAhead::Auto => "-1".to_string(),
            ReadAhead::None => "0".to_string(),
            ReadAhead::Sectors(sectors) => sectors.get().to_string(),
        };
        let policy = match lv.policy {
            AllocationPolicy::Contiguous => 2,
            _ => 0,
        };
        self.push(format_args!(
            "/dev/{}/{}:{}:{access}:0:-1:0:{}:{extents}:-1:{policy}:{ahead}:-1:-1",
            model.name,
            lv.name,
            model.name,
            sectors(vg, extents).get()
        ));
    }

    fn lv(&mut self, vg: &VgContext<'_>, live: &LiveLv<'_>) {
        let (model, lv) = (vg.vg(), live.lv());
        self.push(format_args!("--- Logical volume ---"));
        if vg.is_visible(live.id) {
            let used_pool = matches!(
                live.special(),
                Some(SegmentKind::ThinPool(pool)) if pool.transaction_id > 0
            );
            if !used_pool {
                self.lv_line("LV Path", format_args!("/dev/{}/{}", model.name, lv.name));
            }
            self.lv_line("LV Name", &lv.name);
        } else {
            self.lv_line("Internal LV Name", &lv.name);
        }
        self.lv_line("VG Name", &model.name);
        self.lv_line("LV UUID", lv.id);
        let read_only = lv.permission == Permission::ReadOnly;
        self.lv_line("LV Write Access", if read_only { "read only" } else { "read/write" });
        let mut made = String::new();
        if let Some(creation) = &lv.creation {
            made.push_str(&creation.host);
            made.push_str(", ");
            let (format, zone) = (&self.options.time_format, &self.options.time_zone);
            write_time(&mut made, creation.time, format, zone);
        } else {
            made.push_str(", ");
        }
        self.push(format_args!("LV Creation host, time {made}"));
        self.lv_relations(vg, live);
        self.lv_sizes(vg, live);
        self.lv_line("Allocation", lv.policy.as_str());
        match lv.read_ahead {
            ReadAhead::Auto => self.lv_line("Read ahead sectors", "auto"),
            ReadAhead::None => self.lv_line("Read ahead sectors", 0),
            ReadAhead::Sectors(sectors) => self.lv_line("Read ahead sectors", sectors.get()),
        }
        if lv.flags.fixed_minor {
            if let Some(major) = lv.numbers.major {
                self.lv_line("Persistent major", major);
            }
            if let Some(minor) = lv.numbers.minor {
                self.lv_line("Persistent minor", minor);
            }
        }
        self.push(format_args!(" "));
    }

    /// What the LV is a snapshot, a pool or a cache of.
    fn lv_relations(&mut self, vg: &VgContext<'_>, live: &LiveLv<'_>) {
        if let Some((origin, _)) = snapshot_of(vg, live.id) {
            let name = vg.vg().lvs.name(origin);
            self.lv_line("LV snapshot status", format_args!("INACTIVE destination for {name}"));
        }
        let snapshots = snapshots_of(vg, live.id);
        if !snapshots.is_empty() {
            self.lv_line("LV snapshot status", "source of");
            for snapshot in snapshots {
                self.lv_line("", format_args!("{snapshot} [INACTIVE]"));
            }
        }
        match live.special() {
            Some(SegmentKind::ThinPool(pool)) => {
                self.lv_line("LV Pool metadata", &pool.metadata);
                self.lv_line("LV Pool data", &pool.data);
            }
            Some(SegmentKind::Thin(thin)) => {
                self.lv_line("LV Pool name", &thin.pool);
                if let Some(ThinOrigin::Live(origin)) = &thin.origin {
                    self.lv_line("LV Thin origin name", origin);
                }
                if let Some(origin) = &thin.external_origin {
                    self.push(format_args!("LV External origin name {origin}"));
                }
                if let Some(target) = &thin.merge {
                    self.lv_line("LV merging to", target);
                }
            }
            Some(SegmentKind::CachePool(pool)) => {
                self.lv_line("LV Pool metadata", &pool.metadata);
                self.lv_line("LV Pool data", &pool.data);
            }
            Some(SegmentKind::VdoPool(pool)) => self.lv_line("LV VDO Pool data", &pool.data),
            Some(SegmentKind::Vdo(vdo)) => self.lv_line("LV VDO Pool name", &vdo.pool),
            _ => {}
        }
        let relations = vg.relations();
        if let Some(merged) = relations.user_as(live.id, |how| how == How::ThinMerge) {
            self.lv_line("LV merged with", vg.vg().lvs.name(merged));
        }
        if let Some(cached) = relations.user_as(live.id, |how| how == How::CacheOrigin) {
            self.lv_line("LV origin of Cache LV", vg.vg().lvs.name(cached));
        }
    }

    fn lv_sizes(&mut self, vg: &VgContext<'_>, live: &LiveLv<'_>) {
        let lvs = &vg.vg().lvs;
        let own = lvs.extents(live.id);
        let snapshot = snapshot_of(vg, live.id);
        let extents = snapshot.map_or(own, |(origin, _)| lvs.extents(origin));
        self.lv_line("LV Size", self.size(sectors(vg, extents)));
        self.lv_line("Current LE", extents);
        if let Some((_, chunk_size)) = snapshot {
            self.lv_line("COW-table size", self.size(sectors(vg, own)));
            self.lv_line("COW-table LE", own);
            self.lv_line("Snapshot chunk size", self.size(chunk_size));
        }
        if let Some(count) = mirrors(live.lv()) {
            self.lv_line("Mirrored volumes", count);
        }
        self.lv_line("Segments", live.segments().len());
    }
}
