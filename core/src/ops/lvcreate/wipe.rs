//! What of a new LV is zeroed before it is seen.

use super::{Failure, Request};
use crate::model::lv::Lv;
use crate::model::segment::SegmentKind;
use crate::ops::lv_common::{self, DeviceRun};
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::system::{Probe, Question, System, VgView};
use crate::ops::{Init, Message};
use crate::units::{Bytes, Sectors};
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// How much of a new LV is zeroed.
const ZEROED: Bytes = Bytes::new(4096);

/// Decides what of the new LV is zeroed before it is seen.
pub(super) fn wipe(
    system: &System,
    view: &VgView,
    request: &Request,
    lv: &Lv,
    notes: &mut Vec<Message>,
) -> Result<Vec<Init>, Failure> {
    let zero = request.zero.unwrap_or(!request.read_only);
    let wipe = request.wipe_signatures.unwrap_or(zero && system.settings.wipe_signatures);
    let mut init = Vec::new();
    if wipe {
        wipe_signatures(system, view, lv, notes, &mut init)?;
    }
    if zero {
        for run in lv_common::first_runs(view, lv, ZEROED) {
            let why = format!("first 4 KiB of LV {}/{}", view.vg.name, lv.name);
            init.extend(whole_blocks(system, run, why));
        }
    }
    Ok(init)
}

/// Looks for signatures where the LV begins on its first device, and wipes them if that is wanted.
fn wipe_signatures(
    system: &System,
    view: &VgView,
    lv: &Lv,
    notes: &mut Vec<Message>,
    init: &mut Vec<Init>,
) -> Result<(), Failure> {
    let runs = probed_runs(view, lv);
    let Some(device) = runs.first().map(|run| run.device) else {
        return Ok(());
    };
    let probe = Probe { device, runs: runs.iter().map(|run| (run.offset, run.length)).collect() };
    let path = lv_common::device_path(&view.vg.name, &lv.name);
    for signature in system.probe(probe)? {
        let kind = &signature.kind;
        let wanted = system.ask(Question {
            prompt: format!(
                "WARNING: {kind} signature detected on {path} at offset {}. Wipe it?",
                signature.offset.get()
            ),
            force_answers: true,
        })?;
        if !wanted {
            return Err(Failure::from(LvRefusal::SignatureKept {
                vg: view.vg.name.clone(),
                lv: lv.name.clone(),
                kind: kind.clone(),
            }));
        }
        lv_common::print(notes, format!("Wiping {kind} signature on {path}."));
        let (mut skip, mut left) = (signature.offset, signature.length);
        for run in &runs {
            let skipped = skip.min(run.length);
            let length = left.min(run.length - skipped);
            skip -= skipped;
            left -= length;
            if !length.is_zero() {
                let part = DeviceRun { device, offset: run.offset + skipped, length };
                let why = format!("{kind} signature on {path}");
                init.extend(covering_blocks(system, *run, part, why));
            }
        }
    }
    Ok(())
}

/// Returns the runs at the start of an LV that lie on one device; of stripes the first chunk.
fn probed_runs(view: &VgView, lv: &Lv) -> Vec<DeviceRun> {
    let mut length = Bytes::ZERO;
    for segment in &lv.segments {
        match &segment.kind {
            SegmentKind::Striped(striped) if striped.areas.len() == 1 => {
                length += view.vg.extent_size.to_sectors(segment.extents).to_bytes();
            }
            SegmentKind::Striped(striped) => {
                length += striped.stripe_size.unwrap_or(Sectors::ZERO).to_bytes();
                break;
            }
            _ => break,
        }
    }
    let mut runs = lv_common::first_runs(view, lv, length);
    let same = |run: &DeviceRun| run.device == runs[0].device;
    let count = runs.iter().take_while(|run| same(run)).count();
    runs.truncate(count);
    runs
}

/// Returns the zeroing of the whole blocks that lie in a run.
fn whole_blocks(system: &System, run: DeviceRun, why: String) -> Option<Init> {
    let block = system.device(run.device).block_size;
    let start = run.offset.checked_round_up(block)?;
    let end = (run.offset + run.length).round_down(block);
    (start < end).then(|| Init { device: run.device, offset: start, length: end - start, why })
}

/// Returns the zeroing of the blocks that hold `part`, as far as they lie in `run`.
fn covering_blocks(system: &System, run: DeviceRun, part: DeviceRun, why: String) -> Option<Init> {
    let block = system.device(run.device).block_size;
    let end = part.offset + part.length;
    let start = part.offset.round_down(block).max(run.offset);
    let end = end.checked_round_up(block)?.min(run.offset + run.length);
    let blocks = DeviceRun { device: run.device, offset: start, length: end - start };
    whole_blocks(system, blocks, why)
}
