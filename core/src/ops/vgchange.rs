//! `vgchange`: changes attributes of a volume group.

use crate::model::flags::AllocationPolicy;
use crate::model::vg::Vg;
use crate::name::Tag;
use crate::ops::attributes::{change_tags, check_extent_size, clean_system_id};
use crate::ops::extents::resize_extents;
use crate::ops::guard::{self, Tolerance};
use crate::ops::membership::{balance_areas, stored_copies};
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::selector::VgSelector;
use crate::ops::system::{Question, System};
use crate::ops::vgcreate::MetadataCopies;
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
use crate::size::units::{Units, display_size};
use crate::units::Sectors;
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// What is asked for: everything that is not `None` or empty, in one commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The VG.
    pub vg: VgSelector,
    /// `-l`; 0 is unlimited.
    pub max_lv: Option<u32>,
    /// `-p`; 0 is unlimited.
    pub max_pv: Option<u32>,
    /// `-u`: a new identity.
    pub new_id: bool,
    /// `-s`.
    pub extent_size: Option<Sectors>,
    /// `-x`.
    pub resizeable: Option<bool>,
    /// `--addtag`.
    pub add_tags: Vec<Tag>,
    /// `--deltag`.
    pub remove_tags: Vec<Tag>,
    /// `--alloc`.
    pub policy: Option<AllocationPolicy>,
    /// `--vgmetadatacopies` (also `--pvmetadatacopies`, which LVM2 takes for the same here).
    pub metadata_copies: Option<MetadataCopies>,
    /// `--metadataprofile` (also `--profile`) and `--detachprofile`.
    pub profile: Option<ProfileChange>,
    /// `--setautoactivation`.
    pub auto_activation: Option<bool>,
    /// `--systemid`; empty is none.
    pub system_id: Option<String>,
    /// `--locktype`.
    pub lock_type: Option<String>,
}

/// What becomes of a profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProfileChange {
    /// This one is attached.
    Attach(String),
    /// There is none any more.
    Detach,
}

impl Request {
    /// Makes a request that changes nothing yet.
    pub const fn new(vg: VgSelector) -> Self {
        Self {
            vg,
            max_lv: None,
            max_pv: None,
            new_id: false,
            extent_size: None,
            resizeable: None,
            add_tags: Vec::new(),
            remove_tags: Vec::new(),
            policy: None,
            metadata_copies: None,
            profile: None,
            auto_activation: None,
            system_id: None,
            lock_type: None,
        }
    }
}

/// Changes attributes of a volume group.
///
/// # Errors
/// If one of them cannot be changed: then none is.
pub fn vgchange(system: &System, request: &Request) -> Result<Change, Stop> {
    let tags_only = Request {
        add_tags: request.add_tags.clone(),
        remove_tags: request.remove_tags.clone(),
        ..Request::new(request.vg.clone())
    };
    if *request == Request::new(request.vg.clone()) {
        return Err(VgRefusal::NothingAsked.into());
    }
    let tolerance = if *request == tags_only { Tolerance::MISSING } else { Tolerance::NONE };
    let view = guard::writable(system, &request.vg, tolerance)?;
    if request.lock_type.as_deref().is_some_and(|kind| kind != "none") {
        return Err(VgRefusal::LockType.into());
    }
    let mut vg = guard::successor(system, view);
    let mut notes = Vec::new();
    change_limits(&mut vg, request)?;
    if let Some(resizeable) = request.resizeable {
        if vg.flags.resizeable == resizeable {
            let vg = vg.name.clone();
            return Err(VgRefusal::AlreadyResizeable { vg, resizeable }.into());
        }
        vg.flags.resizeable = resizeable;
    }
    // The other way round than for PVs, as LVM2 has it.
    change_tags(&mut vg.tags, &[], &request.remove_tags);
    change_tags(&mut vg.tags, &request.add_tags, &[]);
    if let Some(size) = request.extent_size {
        change_extent_size(&mut vg, size, &mut notes)?;
    }
    change_attributes(&mut vg, request, &mut notes)?;
    if let Some(given) = &request.system_id {
        change_system_id(system, &mut vg, given, &mut notes)?;
    }
    let all = request.metadata_copies == Some(MetadataCopies::All);
    let pvs = balance_areas(system, &vg, &[], all)?;
    let text = format!("Volume group \"{}\" successfully changed", vg.name);
    let mut vgs = Vec::new();
    if request.new_id {
        let old = core::mem::replace(&mut vg.id, system.entropy().uuid());
        vgs.push(VgAfter::Write(Box::new(vg)));
        vgs.push(VgAfter::Remove(old));
    } else {
        vgs.push(VgAfter::Write(Box::new(vg)));
    }
    Ok(Change {
        stages: [Stage { name: "the volume group is changed", vgs, pvs, ..Stage::default() }]
            .into(),
        before: notes,
        after: [Message::print(text)].into(),
        ..Change::default()
    })
}

fn change_limits(vg: &mut Vg, request: &Request) -> Result<(), VgRefusal> {
    let name = || vg.name.clone();
    let fixed = |what| VgRefusal::LimitFixed { vg: name(), what };
    if let Some(max) = request.max_lv {
        if !vg.flags.resizeable {
            return Err(fixed("MaxLogicalVolume"));
        }
        let count = vg.lvs.ids().filter(|id| vg.lvs.is_visible(*id)).count();
        if max != 0 && count > max as usize {
            return Err(VgRefusal::MaxLvTooSmall { vg: name(), count });
        }
    }
    if let Some(max) = request.max_pv {
        if !vg.flags.resizeable {
            return Err(fixed("MaxPhysicalVolumes"));
        }
        let count = vg.pvs.len();
        if max != 0 && count > max as usize {
            return Err(VgRefusal::MaxPvTooSmall { vg: name(), count });
        }
    }
    vg.max_lv = request.max_lv.unwrap_or(vg.max_lv);
    vg.max_pv = request.max_pv.unwrap_or(vg.max_pv);
    Ok(())
}

fn change_extent_size(
    vg: &mut Vg,
    size: Sectors,
    notes: &mut Vec<Message>,
) -> Result<(), VgRefusal> {
    if !vg.flags.resizeable {
        let vg = vg.name.clone();
        return Err(VgRefusal::ExtentSizeFixed { vg });
    }
    let size = check_extent_size(size, false)?;
    if size == vg.extent_size {
        notes.push(Message::error(format!(
            "Physical extent size of VG {} is already {}.",
            vg.name,
            display_size(size.sectors(), Units::ROUNDED)
        )));
        return Ok(());
    }
    resize_extents(vg, size)
}

fn change_attributes(
    vg: &mut Vg,
    request: &Request,
    notes: &mut Vec<Message>,
) -> Result<(), VgRefusal> {
    if let Some(policy) = request.policy {
        if policy == AllocationPolicy::Inherit {
            return Err(VgRefusal::PolicyInherits { new: false });
        }
        if policy == vg.policy {
            let policy = policy.as_str();
            return Err(VgRefusal::AlreadyPolicy { policy });
        }
        vg.policy = policy;
    }
    if let Some(copies) = request.metadata_copies {
        let stored = stored_copies(copies);
        if stored == vg.metadata_copies && copies != MetadataCopies::All {
            let shown = match stored {
                0 => String::from("unmanaged"),
                count => count.to_string(),
            };
            let text = format!("Number of metadata copies for VG {} is already {shown}.", vg.name);
            notes.push(Message::error(text));
        }
        vg.metadata_copies = stored;
    }
    if let Some(enabled) = request.auto_activation {
        if vg.flags.no_auto_activate != enabled {
            return Err(VgRefusal::AlreadyAutoActivation { enabled });
        }
        vg.flags.no_auto_activate = !enabled;
    }
    match &request.profile {
        Some(ProfileChange::Attach(profile)) => vg.profile = Some(profile.clone()),
        Some(ProfileChange::Detach) => vg.profile = None,
        None => {}
    }
    Ok(())
}

fn change_system_id(
    system: &System,
    vg: &mut Vg,
    given: &str,
    notes: &mut Vec<Message>,
) -> Result<(), Stop> {
    let new = clean_system_id(given);
    if new.is_none() {
        notes.push(Message::warning("Empty system ID supplied."));
    }
    let shown = new.clone().unwrap_or_default();
    if new == vg.system_id.clone().filter(|id| !id.is_empty()) {
        let refusal = VgRefusal::AlreadySystemId { system_id: shown };
        return Err(Stop::refuse(core::mem::take(notes), refusal));
    }
    let local = system.host.system_id.as_deref();
    let warning = match (&new, local) {
        (None, _) => Some(format!(
            "Removing the system ID allows unsafe access from other hosts on volume group {}.",
            vg.name
        )),
        (Some(_), None) => Some(String::from("No local system ID is set.")),
        (Some(new), Some(local)) if new != local => {
            Some(format!("Requested system ID {new} does not match local system ID {local}."))
        }
        (Some(_), Some(_)) => None,
    };
    if let Some(warning) = warning {
        notes.push(Message::warning(warning));
        let prompt = if new.is_none() {
            format!(
                "Remove system ID {} from volume group {}?",
                vg.system_id.clone().unwrap_or_default(),
                vg.name
            )
        } else {
            notes.push(Message::warning(format!(
                "Volume group {} might become inaccessible from this machine.",
                vg.name
            )));
            format!("Set foreign system ID {shown} on volume group {}?", vg.name)
        };
        let question = Question { prompt, force_answers: false };
        if !system.ask(question)? {
            let vg = vg.name.clone();
            let refusal = VgRefusal::SystemIdKept { vg };
            return Err(Stop::refuse(core::mem::take(notes), refusal));
        }
    }
    vg.system_id = new;
    Ok(())
}

#[cfg(test)]
mod tests;
