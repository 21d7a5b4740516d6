//! `vgmerge`: moves all that a volume group has into another.

use crate::ops::guard::{self, Tolerance};
use crate::ops::membership::balance_areas;
use crate::ops::moving::{Moving, check_compatible, transfer};
use crate::ops::plain::check_plain;
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::selector::VgSelector;
use crate::ops::system::System;
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
use std_alloc::boxed::Box;
use std_alloc::format;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG that grows.
    pub destination: VgSelector,
    /// The VG that ceases to be.
    pub source: VgSelector,
    /// `--poolmetadataspare`.
    pub pool_metadata_spare: Option<bool>,
}

/// Moves all that a volume group has into another.
///
/// # Errors
/// If they do not go together, or one of them may not be changed.
pub fn vgmerge(system: &System, request: &Request) -> Result<Change, Stop> {
    let source = guard::writable(system, &request.source, Tolerance::NONE)?;
    let destination = guard::writable(system, &request.destination, Tolerance::NONE)?;
    let vg = &source.vg;
    if vg.id == destination.vg.id {
        let vg = vg.name.clone();
        return Err(VgRefusal::SameVg { vg }.into());
    }
    for view in [destination, source] {
        if !view.vg.flags.resizeable {
            let vg = view.vg.name.clone();
            return Err(VgRefusal::NotResizeable { vg }.into());
        }
    }
    let moving = Moving { pvs: vg.pv_indices().collect(), lvs: vg.lvs.ids().collect() };
    for id in &moving.lvs {
        check_plain(vg, *id)?;
    }
    check_compatible(system, destination, source, &moving)?;
    let mut to = guard::successor(system, destination);
    let mut from = guard::successor(system, source);
    transfer(&mut to, &mut from, &moving, &mut system.entropy());
    to.historical.append(&mut from.historical);
    assert!(from.pvs.is_empty(), "all PVs have moved");
    let pvs = balance_areas(system, &to, &[], false)?;
    let text = format!("Volume group \"{}\" successfully merged into \"{}\"", vg.name, to.name);
    Ok(Change {
        stages: [Stage {
            name: "the volume groups are one",
            vgs: [VgAfter::Write(Box::new(to)), VgAfter::Remove(vg.id)].into(),
            pvs,
            ..Stage::default()
        }]
        .into(),
        after: [Message::print(text)].into(),
        ..Change::default()
    })
}

#[cfg(test)]
mod tests;
