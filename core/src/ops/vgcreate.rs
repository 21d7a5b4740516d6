//! `vgcreate`: makes a volume group of devices, which are made PVs if they are none.

use crate::id::Uuid;
use crate::model::flags::{AllocationPolicy, Permission, VgFlags};
use crate::model::lv_table::LvTable;
use crate::model::vg::Vg;
use crate::name::{Tag, VgName};
use crate::ops::attributes::{check_extent_size, clean_system_id, system_id_warnings};
use crate::ops::initialize::{Prepared, Wish, first_stage, prepare_all};
use crate::ops::layout::Parameters;
use crate::ops::membership::{balance_areas, check_block_sizes, join, stored_copies};
use crate::ops::refusal::guard::GuardRefusal;
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::system::System;
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
use crate::units::{ExtentSize, Sectors};
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for; `None` is the configuration's.
#[derive(Clone, Debug)]
pub struct Request {
    /// The new VG's name.
    pub name: VgName,
    /// The devices, as the user called them.
    pub devices: Vec<String>,
    /// `-f` (1) and `-ff` (2), for devices that are made PVs.
    pub force: u32,
    /// The layout of devices that are made PVs.
    pub layout: Parameters,
    /// `-s`.
    pub extent_size: Option<Sectors>,
    /// `-l`; 0 is unlimited.
    pub max_lv: Option<u32>,
    /// `-p`; 0 is unlimited.
    pub max_pv: Option<u32>,
    /// `--alloc`.
    pub policy: Option<AllocationPolicy>,
    /// `--addtag`.
    pub tags: Vec<Tag>,
    /// `-c`; `y` is refused.
    pub clustered: Option<bool>,
    /// `--vgmetadatacopies`.
    pub metadata_copies: Option<MetadataCopies>,
    /// `--metadataprofile`.
    pub profile: Option<String>,
    /// `--systemid`; empty is none.
    pub system_id: Option<String>,
    /// `--shared`, or `--locktype` other than `none`: both need lvmlockd.
    pub shared: bool,
    /// `--setautoactivation`.
    pub auto_activation: Option<bool>,
}

impl Request {
    /// Asks for a VG with all settings as they are by default.
    pub fn new(name: VgName, devices: Vec<String>) -> Self {
        Self {
            name,
            devices,
            force: 0,
            layout: Parameters::default(),
            extent_size: None,
            max_lv: None,
            max_pv: None,
            policy: None,
            tags: Vec::new(),
            clustered: None,
            metadata_copies: None,
            profile: None,
            system_id: None,
            shared: false,
            auto_activation: None,
        }
    }
}

/// How many metadata areas of a VG are in use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MetadataCopies {
    /// `all`: all, now; none is ignored any more.
    All,
    /// `unmanaged`, or 0: those that are not ignored.
    Unmanaged,
    /// This many.
    Count(u32),
}

/// Makes a volume group.
///
/// # Errors
/// If it cannot be made as asked for, or a person has to decide about a device first.
pub fn vgcreate(system: &System, request: &Request) -> Result<Change, Stop> {
    let extent_size = check_request(request, system)?;
    if system.settings.metadata_read_only {
        return Err(GuardRefusal::MetadataReadOnly.into());
    }
    if system.find_vgs(request.name.as_str()).next().is_some() {
        let vg = request.name.clone();
        return Err(VgRefusal::Exists { vg }.into());
    }
    let mut entropy = system.entropy();
    let mut vg = new_vg(system, request, extent_size, entropy.uuid());
    let wish = Wish {
        force: request.force,
        layout: &request.layout,
        for_vg: true,
        id: None,
        restored: None,
    };
    let prepared = prepare_all(system, &request.devices, &wish, &mut entropy)?;
    for pv in &prepared {
        join(system, &mut vg, pv)?;
    }
    check_block_sizes(system, prepared.iter().map(Prepared::device))?;
    let mut change = Change::default();
    let made = first_stage(system, &prepared, &mut change);
    let all = request.metadata_copies == Some(MetadataCopies::All);
    let pvs = balance_areas(system, &vg, &made, all)?;
    system_id_warnings(request.system_id.as_deref(), &mut change.before);
    let owner = vg.system_id.as_ref();
    change.after.push(Message::print(format!(
        "Volume group \"{}\" successfully created{}",
        vg.name,
        owner.map_or(String::new(), |id| format!(" with system ID {id}"))
    )));
    change.stages.push(Stage {
        name: "the volume group exists",
        vgs: [VgAfter::Write(Box::new(vg))].into(),
        pvs,
        ..Stage::default()
    });
    Ok(change)
}

/// Checks what can be checked without looking at the system.
fn check_request(request: &Request, system: &System) -> Result<ExtentSize, VgRefusal> {
    if request.clustered.is_some() {
        return Err(VgRefusal::Clustered);
    }
    if request.shared {
        return Err(VgRefusal::Shared);
    }
    if request.policy == Some(AllocationPolicy::Inherit) {
        return Err(VgRefusal::PolicyInherits { new: true });
    }
    let size = request.extent_size.unwrap_or(system.settings.extent_size);
    check_extent_size(size, true)
}

fn new_vg(system: &System, request: &Request, extent_size: ExtentSize, id: Uuid) -> Vg {
    let mut tags: Vec<Tag> = Vec::new();
    for tag in &request.tags {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    let owner = match &request.system_id {
        Some(given) => clean_system_id(given),
        None => system.host.system_id.clone(),
    };
    let default_copies = system.settings.vg_metadata_copies;
    Vg {
        name: request.name.clone(),
        id,
        seqno: 1,
        format: Some(String::from("lvm2")),
        permission: Permission::ReadWrite,
        flags: VgFlags {
            resizeable: true,
            no_auto_activate: request.auto_activation == Some(false),
            ..VgFlags::default()
        },
        tags,
        system_id: owner,
        lock_type: None,
        lock_args: None,
        persistent_reservation: Vec::new(),
        extent_size,
        max_lv: request.max_lv.unwrap_or(0),
        max_pv: request.max_pv.unwrap_or(0),
        policy: request.policy.unwrap_or(system.settings.policy),
        profile: request.profile.clone(),
        metadata_copies: request.metadata_copies.map_or(default_copies, stored_copies),
        pvs: Vec::new(),
        lvs: LvTable::default(),
        historical: Vec::new(),
        unknown: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
