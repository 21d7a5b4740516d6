//! `vgexport`: makes a volume group ready to move to another machine.

use crate::ops::guard::{self, Tolerance};
use crate::ops::selector::VgSelector;
use crate::ops::system::System;
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
use std_alloc::boxed::Box;
use std_alloc::format;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
}

/// Makes a volume group ready to move to another machine: it belongs to none.
///
/// # Errors
/// If the VG may not be changed.
pub fn vgexport(system: &System, request: &Request) -> Result<Change, Stop> {
    let view = guard::writable(system, &request.vg, Tolerance::NONE)?;
    let mut vg = guard::successor(system, view);
    vg.flags.exported = true;
    vg.system_id = None;
    for pv in &mut vg.pvs {
        pv.flags.exported = true;
    }
    let text = format!("Volume group \"{}\" successfully exported", vg.name);
    Ok(Change {
        stages: [Stage {
            name: "the volume group is exported",
            vgs: [VgAfter::Write(Box::new(vg))].into(),
            ..Stage::default()
        }]
        .into(),
        after: [Message::print(text)].into(),
        ..Change::default()
    })
}

#[cfg(test)]
mod tests;
