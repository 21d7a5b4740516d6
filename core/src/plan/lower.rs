//! From what will be true to the writes that make it true.
//!
//! A stage of a change becomes stages of a plan, each with one commit, in this order:
//! 1. each device that becomes a PV or ceases to be one (its commit is its label);
//! 2. each VG that is written or removed, in the order of the change (its commit is its headers).
//!
//! Of a VG that is written:
//! - before the commit: where the ring is short of room a flush, so that no text is overwritten
//!   that a loss of power may bring back; the text goes into free space of every area in use, fresh
//!   extents are initialised, labels that change are written, those of PVs that leave lose `USED`;
//!   flush;
//! - the commit: all headers in one group; those of areas that carry another VG's text, which this
//!   VG takes over, follow in a second one, so that no PV is lost to both; flush;
//! - after it: PVs that have left are cleared, those that joined are marked `USED`; flush; backup.
//!
//! Areas that lag are written like the others. Damaged ones are left alone unless the stage
//! repairs.

mod areas;
mod pv;
mod text;
mod valid;
mod vg;
mod world;

use crate::codec::print;
use crate::codec::print::files::Files;
use crate::crc::crc;
use crate::id::Uuid;
use crate::model::vg::{Provenance, Vg};
use crate::name::VgName;
use crate::ops::system::{DeviceId, System, VgView};
use crate::ops::{Change, Stage, VgAfter};
use crate::plan::effect::{Effect, Group, Payload};
use crate::plan::{Guard, Plan, PlannedStage};
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;
use text::{BLOCK_SIZE_MAX, PaddedText};
use world::World;

/// Why a change cannot be turned into a plan. Nothing has been written.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LowerError {
    /// The text does not fit into a metadata area beside the one it replaces.
    #[error(
        "VG {vg} metadata on {device} ({text} bytes) exceeds maximum metadata size ({limit} bytes)"
    )]
    TextTooLarge {
        /// The VG.
        vg: VgName,
        /// The device with the area.
        device: String,
        /// The length of the text.
        text: u64,
        /// What would fit.
        limit: u64,
    },
    /// No metadata area that is in use can be written.
    #[error("No usable metadata areas in volume group {0}")]
    NoArea(VgName),
    /// A range that is to be written does not consist of whole logical blocks of its device.
    #[error("{what} on {device} at {offset} is not aligned to blocks of {block_size} bytes")]
    Unaligned {
        /// What was to be written.
        what: String,
        /// The device.
        device: String,
        /// Where.
        offset: u64,
        /// The block size.
        block_size: u64,
    },
    /// A header or text cannot be written as the change wants it.
    #[error("cannot write {what} on {device}: {reason}")]
    Unwritable {
        /// What was to be written.
        what: String,
        /// The device.
        device: String,
        /// Why not.
        reason: String,
    },
    /// It is not known where the data of a VG lies: only what mends that may be written.
    #[error(
        "Volume group \"{vg}\" is inconsistent: {reason}.\nCannot change it before it is mended."
    )]
    Inconsistent {
        /// The VG.
        vg: VgName,
        /// The violation.
        reason: String,
    },
    /// A change breaks an invariant of volume groups. A defect of ours, caught before it is
    /// written.
    #[error("Internal error: volume group {vg} would be invalid: {reason}")]
    Invalid {
        /// The VG.
        vg: VgName,
        /// The violation.
        reason: String,
    },
}

/// A VG while the plan goes on.
#[derive(Clone, Debug)]
struct VgNow {
    name: VgName,
    seqno: u32,
    /// Its PVs and where they are.
    members: Vec<(Uuid, Option<DeviceId>)>,
    /// Devices with text of a time when they were members.
    outdated: Vec<DeviceId>,
}

/// What is known while a change is lowered.
struct Lowering<'a> {
    system: &'a System,
    world: World,
    vgs: BTreeMap<Uuid, VgNow>,
    /// Devices that carry a PV's label but are not taken for it.
    duplicates: BTreeSet<DeviceId>,
    stages: Vec<PlannedStage>,
    guards: Vec<Guard>,
    /// Prints archives and backups.
    files: Files<'a>,
    /// The texts that the plan writes.
    texts: Vec<text::PaddedText>,
    /// Whether LVM2's hints no longer hold after this.
    hints: bool,
}

/// Turns a change into the plan that makes it true.
///
/// # Errors
/// Why that is not possible.
pub fn lower(system: &System, change: &Change) -> Result<Plan, LowerError> {
    let mut lowering = Lowering::new(system);
    for stage in &change.stages {
        lowering.guard(stage);
        lowering.lower_stage(stage)?;
    }
    Ok(lowering.finish(change))
}

impl<'a> Lowering<'a> {
    fn new(system: &'a System) -> Self {
        let views = system.vgs.iter();
        Self {
            system,
            world: World::new(system),
            vgs: views.clone().map(|view| (view.vg.id, VgNow::of(view))).collect(),
            duplicates: views
                .flat_map(|view| view.duplicates.iter().map(|(_, device)| *device))
                .collect(),
            stages: Vec::new(),
            guards: Vec::new(),
            files: Files::new(&system.host.zone),
            texts: Vec::new(),
            hints: false,
        }
    }

    /// Notes what must still hold of the VGs of a stage when the plan is executed.
    fn guard(&mut self, stage: &Stage) {
        for after in &stage.vgs {
            let (id, name) = match after {
                VgAfter::Write(vg) => (vg.id, Some(&vg.name)),
                VgAfter::Remove(id) => (*id, None),
            };
            let view = self.system.vgs.iter().find(|view| view.vg.id == id);
            if let Some(view) = view {
                self.add_guard(Guard::Vg {
                    id,
                    name: view.vg.name.clone(),
                    seqno: view.vg.seqno,
                    checksum: crc(&view.text),
                });
            }
            let is_named_anew = view.map(|view| &view.vg.name) != name;
            if let Some(name) = name.filter(|_| is_named_anew) {
                let is_new = self.system.vgs.iter().all(|view| view.vg.name != *name);
                if is_new {
                    self.add_guard(Guard::NoVg(name.clone()));
                }
            }
        }
    }

    fn add_guard(&mut self, guard: Guard) {
        if !self.guards.contains(&guard) {
            self.guards.push(guard);
        }
    }

    fn lower_stage(&mut self, stage: &Stage) -> Result<(), LowerError> {
        let members = self.devices_of_stage(stage);
        for after in &stage.pvs {
            if pv::stands_alone(after, &members) {
                let planned = self.lower_pv(stage, after)?;
                self.stages.push(planned);
            }
        }
        let mut is_first = true;
        for after in &stage.vgs {
            let planned = match after {
                VgAfter::Write(vg) => Some(self.lower_vg(stage, vg, is_first)?),
                VgAfter::Remove(id) => self.lower_vg_removal(stage, *id)?,
            };
            is_first = false;
            self.stages.extend(planned);
        }
        if stage.vgs.is_empty() && !stage.init.is_empty() {
            let group = self.init_effects(stage)?;
            self.stages.push(bare_stage(stage.name, group));
        }
        Ok(())
    }

    /// The devices of the PVs of all VGs that a stage writes or removes, before and after.
    fn devices_of_stage(&self, stage: &Stage) -> BTreeSet<DeviceId> {
        let mut devices = BTreeSet::new();
        for after in &stage.vgs {
            let (id, pvs) = match after {
                VgAfter::Write(vg) => (vg.id, &vg.pvs[..]),
                VgAfter::Remove(id) => (*id, &[][..]),
            };
            if let Some(now) = self.vgs.get(&id) {
                devices.extend(now.members.iter().filter_map(|(_, device)| *device));
            }
            devices.extend(pvs.iter().filter_map(|pv| self.find_pv(pv.id)));
        }
        devices
    }

    /// Finds the device of a PV: where it was observed as a member, or else by its label.
    fn find_pv(&self, pv: Uuid) -> Option<DeviceId> {
        let members = self.vgs.values().flat_map(|vg| &vg.members);
        let mut found = members.filter(|(id, _)| *id == pv).filter_map(|(_, device)| *device);
        found.next().or_else(|| self.world.find_pv(pv, &self.duplicates))
    }

    fn finish(mut self, change: &Change) -> Plan {
        let mut first: Group = Vec::new();
        if self.system.settings.archive {
            first.extend(self.archives(change));
        }
        if self.hints {
            first.push(Effect::InvalidateHints);
        }
        if let Some(stage) = self.stages.first_mut().filter(|_| !first.is_empty()) {
            stage.prepare.insert(0, first);
        }
        let (devices, guards) = self.world.into_guards(self.system);
        self.guards.extend(guards);
        Plan { devices, guards: self.guards, stages: self.stages }
    }

    /// The state before the change of every VG in it, for the archive.
    fn archives(&mut self, change: &Change) -> Vec<Effect> {
        let afters = change.stages.iter().flat_map(|stage| &stage.vgs);
        let ids: BTreeSet<Uuid> = afters
            .map(|after| match after {
                VgAfter::Write(vg) => vg.id,
                VgAfter::Remove(id) => *id,
            })
            .collect();
        let views = self.system.vgs.iter();
        let provenance = self
            .provenance(format!("Created *before* executing '{}'", self.system.host.command_line));
        let mut archives = Vec::new();
        for view in views.filter(|view| ids.contains(&view.vg.id)) {
            let texts = view.fork.iter().flat_map(|fork| &fork.texts);
            // What a fork's other texts say is overwritten too.
            for rival in texts.filter_map(|text| text.rival.as_ref()) {
                let text = self.archived(&rival.vg, &rival.text, &provenance);
                archives.push(Effect::Archive { vg: rival.vg.name.clone(), text });
            }
            let text = self.archived(&view.vg, &view.text, &provenance);
            archives.push(Effect::Archive { vg: view.vg.name.clone(), text });
        }
        archives
    }

    /// The text of an archive: of content that is not known, what stands on disk.
    fn archived(&mut self, vg: &Vg, text: &[u8], provenance: &Provenance) -> Payload {
        if vg.unknown.is_empty() {
            return self.file_text(vg, provenance);
        }
        let text = print::file_from_text(text, provenance);
        Payload::new(text.expect("the text was read, though not understood"))
    }

    fn backup(&mut self, vg: &Vg) -> Effect {
        let provenance = self
            .provenance(format!("Created *after* executing '{}'", self.system.host.command_line));
        Effect::Backup { vg: vg.name.clone(), text: self.file_text(vg, &provenance) }
    }

    /// The text of a file, to be written from where it is.
    fn file_text(&mut self, vg: &Vg, provenance: &Provenance) -> Payload {
        let (text, start) = self.files.print(vg, provenance, BLOCK_SIZE_MAX);
        let end = text.len();
        Payload::shared(text).part(start..end)
    }

    fn disk_text(&self, vg: &Vg) -> PaddedText {
        let provenance = self.provenance(format!("Write from {}.", self.system.host.command_line));
        PaddedText::print(vg, &provenance)
    }

    fn provenance(&self, description: String) -> Provenance {
        let host = &self.system.host;
        Provenance {
            description,
            creation_host: host.node_name.clone(),
            creation_host_system_id: host.system_id.clone(),
            generator: String::new(),
            creation_time: host.time,
            host_comment: host.uname.clone(),
            time_comment: host.ctime.clone(),
        }
    }

    /// The zeroing of fresh extents.
    fn init_effects(&mut self, stage: &Stage) -> Result<Group, LowerError> {
        let mut group = Vec::new();
        for init in &stage.init {
            let disk = self.world.disk(init.device);
            if !disk.is_whole(init.offset.get(), init.length.get()) {
                return Err(LowerError::Unaligned {
                    what: init.why.clone(),
                    device: disk.name.clone(),
                    offset: init.offset.get(),
                    block_size: disk.block_size,
                });
            }
            disk.touch();
            group.push(Effect::Zero {
                device: init.device,
                offset: init.offset,
                length: init.length,
                why: init.why.clone(),
            });
        }
        Ok(group)
    }
}

impl VgNow {
    fn of(view: &VgView) -> Self {
        let pvs = view.vg.pvs.iter().map(|pv| pv.id);
        Self {
            name: view.vg.name.clone(),
            seqno: view.vg.seqno,
            members: pvs.zip(view.devices.iter().copied()).collect(),
            outdated: view.outdated.clone(),
        }
    }
}

/// A stage that changes bytes which no metadata describes: it has no commit.
fn bare_stage(name: &str, group: Group) -> PlannedStage {
    let flushes = flushes(&group);
    PlannedStage {
        name: name.into(),
        prepare: [group, flushes].into(),
        undo: Vec::new(),
        rule: crate::plan::CommitRule::Any,
        commit: Vec::new(),
        finish: Vec::new(),
    }
}

/// Returns a flush for every device that a group writes to.
fn flushes(group: &[Effect]) -> Group {
    let devices: BTreeSet<DeviceId> = group.iter().filter_map(written_device).collect();
    devices.into_iter().map(|device| Effect::Flush { device }).collect()
}

fn written_device(effect: &Effect) -> Option<DeviceId> {
    match effect {
        Effect::Write { device, .. } | Effect::Zero { device, .. } => Some(*device),
        Effect::Read { .. }
        | Effect::Probe(_)
        | Effect::OpenExclusive { .. }
        | Effect::Discard { .. }
        | Effect::Flush { .. }
        | Effect::Archive { .. }
        | Effect::Backup { .. }
        | Effect::RemoveBackup { .. }
        | Effect::DevicesFile { .. }
        | Effect::InvalidateHints => None,
    }
}
