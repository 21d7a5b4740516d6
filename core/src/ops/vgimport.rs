//! `vgimport`: makes an exported volume group usable here.

use crate::ops::guard::{self, Tolerance};
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::selector::VgSelector;
use crate::ops::system::System;
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::vec::Vec;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// `-f`: although PVs are missing.
    pub force: u32,
}

/// Makes an exported volume group usable here: it belongs to this machine.
///
/// # Errors
/// If it is not exported, or may not be changed.
pub fn vgimport(system: &System, request: &Request) -> Result<Change, Stop> {
    let tolerance = Tolerance { exported: true, missing_pvs: request.force > 0, ..Tolerance::NONE };
    let view = guard::writable(system, &request.vg, tolerance)?;
    let mut before = Vec::new();
    if request.force > 0 {
        before.push(Message::warning(
            "Volume groups with missing PVs will be imported with --force.",
        ));
    }
    if !view.vg.flags.exported {
        let vg = view.vg.name.clone();
        return Err(Stop::refuse(before, VgRefusal::NotExported { vg }));
    }
    let mut vg = guard::successor(system, view);
    let mut stages = Vec::new();
    if !view.lagging.is_empty() {
        // After a split that was interrupted the other VG claims these PVs too, and yields them
        // only to one that is exported: so that stays until all of them say whose they are.
        stages.push(Stage {
            name: "all copies say that the volume group is exported",
            vgs: [VgAfter::Write(Box::new(vg.clone()))].into(),
            ..Stage::default()
        });
        vg.seqno += 1;
    }
    vg.flags.exported = false;
    vg.system_id.clone_from(&system.host.system_id);
    for pv in &mut vg.pvs {
        pv.flags.exported = false;
    }
    let text = format!("Volume group \"{}\" successfully imported", vg.name);
    stages.push(Stage {
        name: "the volume group is imported",
        vgs: [VgAfter::Write(Box::new(vg))].into(),
        ..Stage::default()
    });
    Ok(Change { stages, before, after: [Message::print(text)].into(), ..Change::default() })
}

#[cfg(test)]
mod tests;
