//! lvremove: LVs cease to be.

use crate::model::lv_table::LvId;
use crate::ops::guard::{self, Tolerance};
use crate::ops::lv_common;
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::resolve::VgTargets;
use crate::ops::roles::Roles;
use crate::ops::selector::VgSelector;
use crate::ops::system::{Question, System, VgView};
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::vec;
use std_alloc::vec::Vec;

/// LVs to remove.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Which, all of them resolved in the system that the operation is given.
    pub targets: Vec<VgTargets>,
    /// Whether `-y` or `-f` was given: nothing is asked.
    pub force: bool,
}

/// Removes LVs.
///
/// # Errors
/// If one of them may not be removed (then none is), or if a person has to be asked: before all LVs
/// of a VG go because the VG was named, whether they are active or not.
pub fn lvremove(system: &System, request: &Request) -> Result<Change, Stop> {
    let mut change = Change::default();
    for target in &request.targets {
        let selector = VgSelector::Id(target.vg);
        let view = guard::writable(system, &selector, Tolerance::MISSING)?;
        let vg = &view.vg;
        let roles = Roles::of(vg);
        for id in &target.lvs {
            lv_common::check_plain(vg, &roles, *id, "remove")?;
        }
    }
    for target in request.targets.iter().filter(|target| !target.lvs.is_empty()) {
        let view = guard::find_vg(system, &VgSelector::Id(target.vg))?;
        if target.whole && !request.force {
            confirm(system, view, target)?;
        }
        let mut after = guard::successor(system, view);
        for id in &target.lvs {
            let text = format!("Logical volume \"{}\" successfully removed.", vg_name(view, *id));
            change.after.push(Message::print(text));
        }
        after.lvs.remove_all(&target.lvs.iter().copied().collect());
        assert_eq!(after.lvs.len() + target.lvs.len(), view.vg.lvs.len(), "each is removed once");
        change.stages.push(Stage {
            name: "removed",
            vgs: vec![VgAfter::Write(Box::new(after))],
            ..Stage::default()
        });
    }
    Ok(change)
}

fn vg_name(view: &VgView, id: LvId) -> &str {
    view.vg.lvs.name(id)
}

/// Asks before the LVs of a whole VG go: who wrote `lvremove VG LV` meant one of them.
fn confirm(system: &System, view: &VgView, target: &VgTargets) -> Result<(), Stop> {
    let vg = &view.vg.name;
    let count = target.lvs.len();
    let prompt = match target.lvs.as_slice() {
        [only] => {
            let lv = vg_name(view, *only);
            format!("Do you really want to remove {vg}/{lv}, the only logical volume of {vg}?")
        }
        _ => format!("Do you really want to remove all {count} logical volumes of {vg}?"),
    };
    let wanted = system.ask(Question { prompt, force_answers: true })?;
    if wanted {
        return Ok(());
    }
    Err(LvRefusal::NotRemoved { vg: vg.clone() }.into())
}

#[cfg(test)]
mod tests;
