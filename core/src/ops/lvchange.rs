//! lvchange: attributes of LVs.

use crate::model::flags::{AllocationPolicy, Permission};
use crate::model::lv::{DeviceNumbers, Lv, ReadAhead};
use crate::model::lv_table::LvId;
use crate::name::{Tag, VgName};
use crate::ops::guard::{self, Tolerance};
use crate::ops::lv_common;
use crate::ops::lvcreate::check_numbers;
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::resolve::VgTargets;
use crate::ops::roles::Roles;
use crate::ops::selector::VgSelector;
use crate::ops::system::{System, VgView};
use crate::ops::{Change, Level, Message, Stage, Stop, VgAfter};
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::sync::Arc;
use std_alloc::vec;
use std_alloc::vec::Vec;

/// Attributes to change; what is `None` or empty stays.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Request {
    /// Which LVs, resolved in the system that the operation is given.
    pub targets: Vec<VgTargets>,
    /// `-p`: read-only or not.
    pub read_only: Option<bool>,
    /// `--alloc`.
    pub policy: Option<AllocationPolicy>,
    /// `-C`: contiguous or inherited. Unlike the other it may change what lies on missing PVs.
    pub contiguous: Option<bool>,
    /// `-r`.
    pub read_ahead: Option<ReadAhead>,
    /// `-M`: the numbers to keep, or `Some(None)` to keep none any more.
    pub numbers: Option<Option<DeviceNumbers>>,
    /// `-k`.
    pub activation_skip: Option<bool>,
    /// `--setautoactivation`.
    pub auto_activate: Option<bool>,
    /// `--metadataprofile`, or `Some(None)` for `--detachprofile`.
    pub profile: Option<Option<String>>,
    /// `--addtag`.
    pub tags_added: Vec<Tag>,
    /// `--deltag`.
    pub tags_removed: Vec<Tag>,
}

/// Changes attributes of LVs.
///
/// What cannot be changed on one LV does not keep the rest from being changed; the change then has
/// failed in part.
///
/// # Errors
/// If nothing at all can be changed.
pub fn lvchange(system: &System, request: &Request) -> Result<Change, Stop> {
    let mut change = Change::default();
    let mut numbers = request.numbers;
    if let Some(Some(asked)) = request.numbers {
        numbers = Some(Some(check_numbers(asked, &mut change.before)?));
    }
    let read_ahead =
        request.read_ahead.map(|wanted| lv_common::round_read_ahead(wanted, &mut change.before));
    let request = &Request { read_ahead, numbers, ..request.clone() };
    let mut refusals: Vec<LvRefusal> = Vec::new();
    for target in &request.targets {
        let selector = VgSelector::Id(target.vg);
        let view = guard::writable(system, &selector, Tolerance::MISSING)?;
        let roles = Roles::of(&view.vg);
        let mut after = guard::successor(system, view);
        let mut changed = false;
        for id in &target.lvs {
            if let Err(hidden) = lv_common::check_visible(&view.vg, &roles, *id) {
                refusals.push(hidden);
                continue;
            }
            let before = view.vg.lvs.get(*id);
            if request.policy.is_some() && is_partial(view, *id) {
                let (vg, lv) = (view.vg.name.clone(), before.name.clone());
                refusals.push(LvRefusal::Partial { vg, lv });
                continue;
            }
            let mut lv = Lv::clone(&before);
            let whole = Subject {
                vg: &view.vg.name,
                plain: lv_common::check_plain(&view.vg, &roles, *id, "change permission of"),
            };
            if apply(request, &whole, &mut lv, &mut refusals) {
                if !matches!(request.numbers, Some(Some(_))) {
                    let text = format!("Logical volume {}/{} changed.", view.vg.name, lv.name);
                    change.after.push(Message::print(text));
                }
                after.lvs.replace_attributes(*id, Arc::new(lv));
                changed = true;
            }
        }
        if changed {
            change.stages.push(Stage {
                name: "changed",
                vgs: vec![VgAfter::Write(Box::new(after))],
                ..Stage::default()
            });
        }
    }
    let error = |refusal: &LvRefusal| Message::new(Level::Error, refusal.to_string());
    if change.stages.is_empty()
        && let Some(last) = refusals.pop()
    {
        change.before.extend(refusals.iter().map(error));
        return Err(Stop::refuse(change.before, last));
    }
    change.failed = !refusals.is_empty();
    change.before.extend(refusals.iter().map(error));
    Ok(change)
}

/// Returns true if extents of an LV lie on missing PVs.
fn is_partial(view: &VgView, id: LvId) -> bool {
    let missing = guard::missing_pvs(view).into_iter();
    missing.flat_map(|pv| view.vg.lvs.runs_on(pv)).any(|run| run.lv == id)
}

/// What is known of the LV that is changed.
struct Subject<'a> {
    vg: &'a VgName,
    /// Whether its kind allows all changes.
    plain: Result<(), LvRefusal>,
}

/// Changes an LV; returns whether anything was done, which may also be to leave it as it is.
fn apply(request: &Request, subject: &Subject, lv: &mut Lv, refusals: &mut Vec<LvRefusal>) -> bool {
    let mut done = false;
    let mut note = |result: Result<bool, LvRefusal>| match result {
        Ok(applied) => done |= applied,
        Err(refusal) => refusals.push(refusal),
    };
    note(change_permission(request, subject, lv));
    note(change_policy(request, subject, lv));
    note(change_read_ahead(request, subject, lv));
    note(change_numbers(request, subject, lv));
    if let Some(skip) = request.activation_skip {
        lv.flags.activation_skip = skip;
        note(Ok(true));
    }
    if let Some(automatic) = request.auto_activate {
        lv.flags.no_auto_activate = !automatic;
        note(Ok(true));
    }
    if let Some(profile) = &request.profile {
        lv.profile.clone_from(profile);
        note(Ok(true));
    }
    if !request.tags_added.is_empty() || !request.tags_removed.is_empty() {
        for tag in &request.tags_added {
            if !lv.tags.contains(tag) {
                lv.tags.push(tag.clone());
            }
        }
        lv.tags.retain(|tag| !request.tags_removed.contains(tag));
        note(Ok(true));
    }
    done
}

fn change_permission(request: &Request, subject: &Subject, lv: &mut Lv) -> Result<bool, LvRefusal> {
    let Some(read_only) = request.read_only else {
        return Ok(false);
    };
    if read_only == (lv.permission == Permission::ReadOnly) {
        return Err(LvRefusal::AlreadyPermission {
            vg: subject.vg.clone(),
            lv: lv.name.clone(),
            read_only,
        });
    }
    subject.plain.clone()?;
    lv.permission = if read_only { Permission::ReadOnly } else { Permission::ReadWrite };
    Ok(true)
}

fn change_policy(request: &Request, subject: &Subject, lv: &mut Lv) -> Result<bool, LvRefusal> {
    let contiguous = request.contiguous.map(|contiguous| {
        if contiguous { AllocationPolicy::Contiguous } else { AllocationPolicy::Inherit }
    });
    let Some(policy) = request.policy.or(contiguous) else {
        return Ok(false);
    };
    if policy == lv.policy {
        return Err(LvRefusal::AlreadyPolicy {
            vg: subject.vg.clone(),
            lv: lv.name.clone(),
            policy,
        });
    }
    lv.policy = policy;
    Ok(true)
}

fn change_read_ahead(request: &Request, subject: &Subject, lv: &mut Lv) -> Result<bool, LvRefusal> {
    let Some(read_ahead) = request.read_ahead else {
        return Ok(false);
    };
    if read_ahead == lv.read_ahead {
        return Err(LvRefusal::AlreadyReadAhead {
            vg: subject.vg.clone(),
            lv: lv.name.clone(),
            read_ahead: match read_ahead {
                ReadAhead::Auto => "auto".to_string(),
                ReadAhead::None => "0".to_string(),
                ReadAhead::Sectors(size) => size.to_string(),
            },
        });
    }
    lv.read_ahead = read_ahead;
    Ok(true)
}

fn change_numbers(request: &Request, subject: &Subject, lv: &mut Lv) -> Result<bool, LvRefusal> {
    match request.numbers {
        None => Ok(false),
        Some(Some(numbers)) => {
            lv.flags.fixed_minor = true;
            lv.numbers = numbers;
            Ok(true)
        }
        Some(None) if !lv.flags.fixed_minor => {
            Err(LvRefusal::AlreadyNotPersistent { vg: subject.vg.clone(), lv: lv.name.clone() })
        }
        Some(None) => {
            lv.flags.fixed_minor = false;
            lv.numbers = DeviceNumbers::default();
            Ok(true)
        }
    }
}

#[cfg(test)]
mod tests;
