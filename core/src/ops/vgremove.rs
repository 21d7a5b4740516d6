//! `vgremove`: removes a volume group with all it holds.

use crate::ops::guard::{self, Tolerance};
use crate::ops::plain::{check_plain, removed};
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::selector::VgSelector;
use crate::ops::system::{Question, System};
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
use std_alloc::format;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// `-f` (1) and `-ff` (2).
    pub force: u32,
}

/// Removes a volume group with all it holds.
///
/// # Errors
/// If it cannot be removed, or a person has to decide first.
pub fn vgremove(system: &System, request: &Request) -> Result<Change, Stop> {
    let view = guard::find_vg(system, &request.vg)?;
    let vg = &view.vg;
    // As in LVM2: on the other device of a PV its LVs would live on.
    let tolerance = Tolerance { duplicates: vg.lvs.is_empty(), ..Tolerance::MISSING };
    guard::check_writable(system, view, tolerance)?;
    let mut change = Change::default();
    let missing = guard::missing_pvs(view).len();
    if missing > 0 {
        change.before.push(Message::warning(format!(
            "{missing} physical volumes are currently missing from the system."
        )));
    }
    for id in vg.lvs.ids() {
        check_plain(vg, id)?;
    }
    if !vg.lvs.is_empty() {
        let question = Question {
            prompt: format!(
                "Do you really want to remove volume group \"{}\" containing {} logical volumes?",
                vg.name,
                vg.lvs.len()
            ),
            force_answers: true,
        };
        if request.force == 0 && !system.ask(question)? {
            let vg = vg.name.clone();
            return Err(Stop::refuse(change.before, VgRefusal::NotRemoved { vg }));
        }
    }
    let names = vg.lvs.ids().map(|id| vg.lvs.name(id));
    change.after.extend(names.map(removed));
    change.after.push(Message::print(format!("Volume group \"{}\" successfully removed", vg.name)));
    change.stages.push(Stage {
        name: "the volume group is gone",
        vgs: [VgAfter::Remove(vg.id)].into(),
        ..Stage::default()
    });
    Ok(change)
}

#[cfg(test)]
mod tests;
