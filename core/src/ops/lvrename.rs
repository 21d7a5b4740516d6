//! lvrename: another name for an LV.

use crate::model::lv::Lv;
use crate::name::{LvName, VgName};
use crate::ops::guard::{self, Tolerance};
use crate::ops::lv_common;
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::roles::Roles;
use crate::ops::selector::VgSelector;
use crate::ops::system::System;
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::sync::Arc;
use std_alloc::vec;

/// Another name for an LV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Its VG.
    pub vg: VgName,
    /// The name it has.
    pub old: LvName,
    /// The name it gets.
    pub new: LvName,
}

/// Renames an LV.
///
/// # Errors
/// If it may not be renamed.
pub fn lvrename(system: &System, request: &Request) -> Result<Change, Stop> {
    let Request { vg, old, new } = request;
    let max = lv_common::name_length_max(vg);
    if new.as_str().len() > max {
        let lv = new.clone();
        return Err(LvRefusal::LongNewName { lv, max }.into());
    }
    lv_common::check_reserved(new)?;
    if old == new {
        return Err(LvRefusal::SameName.into());
    }
    let selector = VgSelector::Name(vg.clone());
    let view = guard::writable(system, &selector, Tolerance::NONE)?;
    if view.vg.lvs.find(new.as_str()).is_some() {
        return Err(LvRefusal::Exists { vg: vg.clone(), lv: new.clone() }.into());
    }
    let id = view.vg.lvs.find(old.as_str());
    let id = id.ok_or_else(|| LvRefusal::RenameNotFound { vg: vg.clone(), lv: old.clone() })?;
    lv_common::check_plain(&view.vg, &Roles::of(&view.vg), id, "rename")?;
    let mut after = guard::successor(system, view);
    let lv = Lv { name: new.clone(), ..Lv::clone(&view.vg.lvs.get(id)) };
    after.lvs.replace_attributes(id, Arc::new(lv));
    let text = format!("Renamed \"{old}\" to \"{new}\" in volume group \"{vg}\"");
    Ok(Change {
        stages: vec![Stage {
            name: "renamed",
            vgs: vec![VgAfter::Write(Box::new(after))],
            ..Stage::default()
        }],
        after: vec![Message::print(text)],
        ..Change::default()
    })
}

#[cfg(test)]
mod tests;
