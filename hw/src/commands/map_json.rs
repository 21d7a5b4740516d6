//! The map of VGs as JSON: for each PV its runs of extents, with the LVs that have them.

use super::map::Drawn;
use extant_core::report::map::{PvMap, Run};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    map: Vec<VgEntry<'a>>,
}

#[derive(Serialize)]
struct VgEntry<'a> {
    vg_name: &'a str,
    vg_uuid: String,
    /// In bytes.
    extent_size: u64,
    extents: u64,
    free: u64,
    pvs: Vec<PvEntry<'a>>,
}

#[derive(Serialize)]
struct PvEntry<'a> {
    pv_name: &'a str,
    pv_uuid: String,
    missing: bool,
    allocatable: bool,
    extents: u64,
    free: u64,
    runs: Vec<RunEntry<'a>>,
}

/// A run; of free extents there is nothing but where they are.
#[derive(Serialize)]
struct RunEntry<'a> {
    start: u64,
    extents: u64,
    /// The LV whose extents these are.
    lv: Option<&'a str>,
    #[serde(flatten)]
    part: Option<PartEntry<'a>>,
    /// Further LVs that claim them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<&'a str>,
}

#[derive(Serialize)]
struct PartEntry<'a> {
    /// The LV that a user knows it by.
    of: &'a str,
    le: u64,
    les: u64,
    /// From 0.
    stripe: usize,
    stripes: usize,
}

/// Returns the text.
pub(super) fn write(drawn: &[Drawn<'_>]) -> String {
    let map = drawn.iter().map(vg_entry).collect();
    let mut text = serde_json::to_string_pretty(&Document { map }).expect("keys are strings");
    text.push('\n');
    text
}

fn vg_entry<'a>(drawn: &'a Drawn<'_>) -> VgEntry<'a> {
    let vg = &drawn.view.vg;
    VgEntry {
        vg_name: vg.name.as_str(),
        vg_uuid: vg.id.to_string(),
        extent_size: vg.extent_size.sectors().to_bytes().get(),
        extents: vg.extent_count().get(),
        free: vg.free_count().get(),
        pvs: drawn.map.pvs.iter().map(|pv| pv_entry(drawn, pv)).collect(),
    }
}

fn pv_entry<'a>(drawn: &'a Drawn<'_>, pv: &'a PvMap) -> PvEntry<'a> {
    PvEntry {
        pv_name: drawn.pv_name(pv.pv),
        pv_uuid: drawn.view.vg.pv(pv.pv).id.to_string(),
        missing: drawn.is_missing(pv.pv),
        allocatable: drawn.is_allocatable(pv.pv),
        extents: pv.count.get(),
        free: pv.free.get(),
        runs: pv.runs.iter().map(|run| run_entry(drawn, run)).collect(),
    }
}

fn run_entry<'a>(drawn: &'a Drawn<'_>, run: &Run) -> RunEntry<'a> {
    let lvs = &drawn.view.vg.lvs;
    let part = run.part.as_ref();
    RunEntry {
        start: run.start.get(),
        extents: run.extents.get(),
        lv: part.map(|part| lvs.name(part.lv)),
        part: part.map(|part| PartEntry {
            of: lvs.name(part.owner),
            le: part.le.get(),
            les: part.les.get(),
            stripe: part.stripe,
            stripes: part.stripes,
        }),
        also: run.others.iter().map(|lv| lvs.name(*lv)).collect(),
    }
}
