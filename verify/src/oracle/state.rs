//! What the generator of steps has to know of the present: read from LVM2's own reports.

use serde_json::Value;

/// The PVs, VGs and LVs that LVM2 sees.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// All PVs.
    pub pvs: Vec<PvFacts>,
    /// All VGs.
    pub vgs: Vec<VgFacts>,
    /// All LVs.
    pub lvs: Vec<LvFacts>,
}

/// A PV.
#[derive(Clone, Debug)]
pub struct PvFacts {
    /// The number of its disk; none if it is missing.
    pub disk: Option<usize>,
    /// Its VG, empty for an orphan.
    pub vg: String,
    /// Its extents.
    pub extents: u64,
    /// Its allocated extents.
    pub allocated: u64,
    /// Its tags.
    pub tags: Vec<String>,
}

/// A VG.
#[derive(Clone, Debug)]
pub struct VgFacts {
    /// Its name.
    pub name: String,
    /// Free extents.
    pub free: u64,
    /// All extents.
    pub extents: u64,
    /// Whether it is exported.
    pub exported: bool,
    /// Whether PVs are missing.
    pub partial: bool,
    /// Its tags.
    pub tags: Vec<String>,
}

/// An LV.
#[derive(Clone, Debug)]
pub struct LvFacts {
    /// Its VG.
    pub vg: String,
    /// Its name.
    pub name: String,
    /// Its extents, of all segments.
    pub extents: u64,
    /// Its tags.
    pub tags: Vec<String>,
}

impl State {
    /// Reads LVM2's JSON reports of VGs, LVs, PVs and segments of LVs.
    pub fn from_reports(reports: &[Value], devices: &[&str]) -> Self {
        let mut state = Self::default();
        for row in reports.iter().flat_map(|report| rows(report, "vg")) {
            state.vgs.push(VgFacts {
                name: text(row, "vg_name"),
                free: number(row, "vg_free_count"),
                extents: number(row, "vg_extent_count"),
                exported: !text(row, "vg_exported").is_empty(),
                partial: !text(row, "vg_partial").is_empty(),
                tags: list(row, "vg_tags"),
            });
        }
        for row in reports.iter().flat_map(|report| rows(report, "pv")) {
            let device = text(row, "pv_name");
            state.pvs.push(PvFacts {
                disk: devices.iter().position(|known| *known == device),
                vg: text(row, "vg_name"),
                extents: number(row, "pv_pe_count"),
                allocated: number(row, "pv_pe_alloc_count"),
                tags: list(row, "pv_tags"),
            });
        }
        for row in reports.iter().flat_map(|report| rows(report, "seg")) {
            let (vg, name) = (text(row, "vg_name"), text(row, "lv_name"));
            let extents = number(row, "seg_size_pe");
            let known = state.lvs.iter_mut().find(|lv| lv.vg == vg && lv.name == name);
            match known {
                Some(lv) => lv.extents += extents,
                None => state.lvs.push(LvFacts { vg, name, extents, tags: Vec::new() }),
            }
        }
        for row in reports.iter().flat_map(|report| rows(report, "lv")) {
            let (vg, name) = (text(row, "vg_name"), text(row, "lv_name"));
            for lv in &mut state.lvs {
                if lv.vg == vg && lv.name == name {
                    lv.tags = list(row, "lv_tags");
                }
            }
        }
        state
    }

    /// Returns the disks of a VG's PVs.
    pub fn disks_of(&self, vg: &str) -> Vec<usize> {
        let of_vg = self.pvs.iter().filter(|pv| pv.vg == vg);
        of_vg.filter_map(|pv| pv.disk).collect()
    }

    /// Returns the facts of the PV on a disk.
    pub fn pv_on(&self, disk: usize) -> Option<&PvFacts> {
        self.pvs.iter().find(|pv| pv.disk == Some(disk))
    }
}

/// Returns the rows of one kind in a JSON report.
pub fn rows<'a>(report: &'a Value, kind: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    report["report"]
        .as_array()
        .and_then(|groups| groups.iter().find_map(|group| group[kind].as_array()))
        .into_iter()
        .flatten()
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or_default().to_owned()
}

fn number(row: &Value, field: &str) -> u64 {
    row[field].as_str().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn list(row: &Value, field: &str) -> Vec<String> {
    let text = text(row, field);
    text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
}
