//! `lvdisplay`: LVs, and their relatives.

use super::parts::{mirrors, snapshot_of, snapshots_of};
use super::{Out, sectors};
use crate::model::flags::{AllocationPolicy, Permission};
use crate::model::lv::ReadAhead;
use crate::model::segment::{SegmentKind, ThinOrigin};
use crate::report::relations::How;
use crate::report::row::{LiveLv, VgContext};
use crate::time::{STANDARD, write_time};
use std_alloc::string::{String, ToString};

impl Out<'_> {
    pub(super) fn lv_colon(&mut self, vg: &VgContext<'_>, live: &LiveLv<'_>) {
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

    pub(super) fn lv(&mut self, vg: &VgContext<'_>, live: &LiveLv<'_>) {
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
            // Only reports follow `report/time_format`.
            write_time(&mut made, creation.time, STANDARD, &self.options.time_zone);
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
        self.gap();
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
