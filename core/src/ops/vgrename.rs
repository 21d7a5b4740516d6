//! `vgrename`: gives a volume group another name.

use crate::name::VgName;
use crate::ops::guard::{self, Tolerance};
use crate::ops::refusal::vg::VgRefusal;
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
    /// Its new name.
    pub name: VgName,
}

/// Gives a volume group another name.
///
/// # Errors
/// If the name is taken, or the VG may not be changed.
pub fn vgrename(system: &System, request: &Request) -> Result<Change, Stop> {
    if request.vg == VgSelector::Name(request.name.clone()) {
        return Err(VgRefusal::SameName.into());
    }
    let tolerance = Tolerance { exported: true, ..Tolerance::NONE };
    let view = guard::writable(system, &request.vg, tolerance)?;
    if view.vg.name == request.name {
        return Err(VgRefusal::SameName.into());
    }
    if system.find_vgs(request.name.as_str()).next().is_some() {
        let vg = request.name.clone();
        return Err(VgRefusal::NameTaken { vg }.into());
    }
    let mut vg = guard::successor(system, view);
    vg.name = request.name.clone();
    let mut change = Change::default();
    if let VgSelector::Id(id) = &request.vg {
        let name = &view.vg.name;
        let text = format!("Processing VG {name} because of matching UUID {id}");
        change.before.push(Message::print(text));
    }
    change.after.push(Message::print(format!(
        "Volume group \"{}\" successfully renamed to \"{}\"",
        request.vg, request.name
    )));
    change.stages.push(Stage {
        name: "the volume group has its new name",
        vgs: [VgAfter::Write(Box::new(vg))].into(),
        ..Stage::default()
    });
    Ok(change)
}

#[cfg(test)]
mod tests;
