//! From the names on a command line to LVs: all of them, before anything is done.

use crate::id::Uuid;
use crate::model::lv_table::LvId;
use crate::name::{Tag, VgName};
use crate::ops::Message;
use crate::ops::guard;
use crate::ops::roles::Roles;
use crate::ops::selector::VgSelector;
use crate::ops::system::{System, VgView};
use crate::size::path::Target;
use std_alloc::collections::BTreeMap;
use std_alloc::format;
use std_alloc::vec::Vec;

/// LVs of one VG.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VgTargets {
    /// The VG.
    pub vg: Uuid,
    /// The LVs, in the order of the metadata.
    pub lvs: Vec<LvId>,
    /// Whether the VG was named as a whole, so that all of its visible LVs are meant.
    pub whole: bool,
}

/// What arguments came to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Resolved {
    /// The LVs, VG by VG.
    pub targets: Vec<VgTargets>,
    /// What was not found, in LVM2's words. Commands that destroy end here if there is any; others
    /// go on with the rest and end with 5.
    pub errors: Vec<Message>,
}

/// What is wanted of one VG.
#[derive(Default)]
struct Wanted<'a> {
    whole: bool,
    names: Vec<&'a str>,
}

/// Finds what `arguments` name. Without arguments: all visible LVs of all VGs.
pub fn resolve(system: &System, arguments: &[Target]) -> Resolved {
    let mut resolved = Resolved::default();
    let mut order: Vec<&VgName> = Vec::new();
    let mut wanted: BTreeMap<&VgName, Wanted> = BTreeMap::new();
    let mut tags: Vec<&Tag> = Vec::new();
    for argument in arguments {
        let (vg, lv) = match argument {
            Target::Tag(tag) => {
                tags.push(tag);
                continue;
            }
            Target::Vg(vg) => (vg, None),
            Target::Lv { vg, lv } => (vg, Some(lv)),
        };
        if !wanted.contains_key(vg) {
            order.push(vg);
        }
        let entry = wanted.entry(vg).or_default();
        match lv {
            Some(lv) => entry.names.push(lv),
            None => entry.whole = true,
        }
    }
    for vg in order {
        match guard::find_vg(system, &VgSelector::Name(vg.clone())) {
            Ok(view) => resolve_in(view, &wanted[vg], &tags, &mut resolved),
            Err(refusal) => resolved.errors.extend(Message::errors(&refusal)),
        }
    }
    let everything = Wanted { whole: arguments.is_empty(), names: Vec::new() };
    if everything.whole || !tags.is_empty() {
        // Their names do not matter, so they need not be unique.
        let others = system.vgs.iter().filter(|view| !wanted.contains_key(&view.vg.name));
        for view in others {
            resolve_in(view, &everything, &tags, &mut resolved);
        }
    }
    resolved
}

fn resolve_in(view: &VgView, wanted: &Wanted, tags: &[&Tag], resolved: &mut Resolved) {
    let vg = &view.vg;
    let tagged = |found: &[Tag]| found.iter().any(|tag| tags.contains(&tag));
    let whole = wanted.whole || tagged(&vg.tags);
    let mut chosen = Vec::new();
    if whole {
        let roles = Roles::of(vg);
        chosen.extend(vg.lvs.ids().filter(|id| roles.is_visible(vg, *id)));
    } else if !tags.is_empty() {
        chosen.extend(vg.lvs.ids().filter(|id| tagged(&vg.lvs.get(*id).tags)));
    }
    // Few names are looked for one by one; many through an index.
    let index = (wanted.names.len() > 4).then(|| vg.lvs.by_name());
    for name in &wanted.names {
        let found = match &index {
            Some(index) => index.get(name).copied(),
            None => vg.lvs.find(name),
        };
        if let Some(id) = found {
            chosen.push(id);
        } else {
            let text = format!("Failed to find logical volume \"{}/{name}\"", vg.name);
            resolved.errors.push(Message::error(text));
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    if whole || !chosen.is_empty() {
        resolved.targets.push(VgTargets { vg: vg.id, lvs: chosen, whole });
    }
}

#[cfg(test)]
mod tests;
