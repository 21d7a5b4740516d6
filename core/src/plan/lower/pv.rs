//! Devices that become PVs, change as PVs, or cease to be PVs: their commit is the label.

use super::world::{AreaNow, Patch, to_usize};
use super::{LowerError, Lowering, flushes};
use crate::format::label::{
    DiskArea, LABEL_SCAN_SIZE, LABEL_SECTOR_SIZE, Label, PV_EXTENSION_USED, PvExtension, PvHeader,
};
use crate::format::mda::{MdaHeader, RAW_LOCATION_IGNORED};
use crate::id::Uuid;
use crate::ops::system::{DeviceId, Signature};
use crate::ops::{PvAfter, PvState, Stage};
use crate::plan::effect::{Effect, Group};
use crate::plan::{CommitRule, PlannedStage};
use crate::units::Bytes;
use std_alloc::collections::BTreeSet;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// How much of a new area is written: its header and zeros.
const FRESH_AREA_SIZE: u64 = 4096;

/// How much is zeroed at the start of a new PV.
const START_SIZE: usize = LABEL_SCAN_SIZE;

/// Returns true if a device's change is a stage of its own: it is made or unmade, or belongs to no
/// VG of the stage.
pub(super) fn stands_alone(after: &PvAfter, members: &BTreeSet<DeviceId>) -> bool {
    match &after.state {
        PvState::None => true,
        PvState::Pv { fresh, .. } => *fresh || !members.contains(&after.device),
    }
}

impl Lowering<'_> {
    pub(super) fn lower_pv(
        &mut self,
        stage: &Stage,
        after: &PvAfter,
    ) -> Result<PlannedStage, LowerError> {
        self.world.begin_stage();
        self.hints = true;
        let device = after.device;
        let name = &self.world.disk(device).name;
        let name = format!("{}: {name}", stage.name);
        match &after.state {
            PvState::None => self.lower_pv_removal(device, name),
            PvState::Pv { header, label_sector, ignored, fresh: false, .. } => {
                let prepare = self.moved_areas(device, header, ignored)?;
                let undo = self.world.restores();
                let label = self.label_of(device, header, *label_sector);
                let mut commit = self.label_writes(device, label)?;
                commit.extend(self.ignore_writes(device, ignored)?);
                let mut planned = self.label_stage(device, name, prepare, commit);
                planned.undo = [undo.clone(), flushes(&undo)].into();
                Ok(planned)
            }
            PvState::Pv { header, label_sector, ignored, fresh: true, zero_start, wipe } => {
                let mut prepare = self.start_writes(device, *zero_start, *label_sector, wipe)?;
                let had_areas = !self.world.disk(device).areas.is_empty();
                let areas = self.fresh_areas(device, header, ignored)?;
                // Where a VG still reads this copy until the label is another, its header goes
                // first: so it is empty, never a header whose text is no more.
                let size = to_usize(self.world.disk(device).block_size);
                let first = areas.iter().filter(|_| had_areas);
                let first: Group = first.filter_map(|write| first_block(write, size)).collect();
                prepare.extend(areas);
                let label = new_label(header, *label_sector, false);
                let undo = self.world.restores();
                let commit = self.label_writes(device, label)?;
                let mut planned = self.label_stage(device, name, prepare, commit);
                let flush = flushes(&first);
                planned.prepare.splice(1..1, [first, flush]);
                planned.undo = [undo.clone(), flushes(&undo)].into();
                Ok(planned)
            }
        }
    }

    fn label_stage(
        &mut self,
        device: DeviceId,
        name: String,
        prepare: Group,
        commit: Group,
    ) -> PlannedStage {
        let pv = self.world.disk(device).label.as_ref();
        let pv = pv.map(|label| label.header.id);
        let flush = flushes(&prepare);
        PlannedStage {
            name,
            prepare: [[Effect::OpenExclusive { device }].into(), prepare, flush].into(),
            undo: Vec::new(),
            rule: CommitRule::Any,
            commit: [commit, [Effect::Flush { device }].into()].into(),
            finish: [[Effect::DevicesFile { device, pv }].into()].into(),
        }
    }

    /// The label that a PV gets: `USED` stays as it is, whatever the change says.
    pub(super) fn label_of(&mut self, device: DeviceId, header: &PvHeader, sector: u8) -> Label {
        let label = self.world.disk(device).label.as_ref();
        let is_used = label.is_some_and(|label| label.header.is_used());
        new_label(header, sector, is_used)
    }

    /// The write of a label.
    pub(super) fn label_writes(
        &mut self,
        device: DeviceId,
        label: Label,
    ) -> Result<Group, LowerError> {
        let disk = self.world.disk(device);
        let encoded = label.encode().map_err(|error| LowerError::Unwritable {
            what: String::from("label"),
            device: disk.name.clone(),
            reason: error.to_string(),
        })?;
        let why = format!("label of PV {}", label.header.id);
        let patch = Patch { offset: sector_offset(label.sector), bytes: &encoded, why };
        let write = disk.compose(device, &[patch])?;
        disk.label = Some(label);
        Ok([write].into())
    }

    /// The writes that set which areas of an orphan are ignored.
    fn ignore_writes(&mut self, device: DeviceId, ignored: &[bool]) -> Result<Group, LowerError> {
        let disk = self.world.disk(device);
        let mut group = Vec::new();
        for (number, ignored) in (0..disk.areas.len()).zip(ignored) {
            let area = &mut disk.areas[number];
            let Some(header) = area.header.as_mut() else {
                continue;
            };
            if header.committed.is_ignored() == *ignored {
                continue;
            }
            header.committed.flags ^= RAW_LOCATION_IGNORED;
            let (bytes, offset) = (header.encode(), area.start);
            group.push(disk.compose(
                device,
                &[Patch {
                    offset,
                    bytes: &bytes,
                    why: format!("header of metadata area {}", number + 1),
                }],
            )?);
        }
        Ok(group)
    }

    /// Zeroes the start of a device that becomes a PV, its old labels, and signatures.
    fn start_writes(
        &mut self,
        device: DeviceId,
        zero: bool,
        label_sector: u8,
        wipe: &[Signature],
    ) -> Result<Group, LowerError> {
        let disk = self.world.disk(device);
        let head = disk.known(0..START_SIZE as u64);
        let head = head.ok_or_else(|| LowerError::Unwritable {
            what: String::from("label"),
            device: disk.name.clone(),
            reason: String::from("the first sectors could not be read"),
        })?;
        let mut new = head.clone();
        // The label's own sector is left to the commit, so that a PV that is made anew is always
        // one.
        let sectors = new[..START_SIZE].chunks_mut(LABEL_SECTOR_SIZE);
        let others = (0..).zip(sectors).filter(|(number, _)| *number != label_sector);
        for (_, sector) in others {
            if zero || sector.starts_with(b"LABELONE") {
                sector.fill(0);
            }
        }
        let mut group = Vec::new();
        let mut blocks = BTreeSet::new();
        for signature in wipe {
            let start = signature.offset.get();
            let end = start.saturating_add(signature.length.get());
            if end <= new.len() as u64 {
                new[to_usize(start)..to_usize(end)].fill(0);
            } else {
                let size = disk.block_size;
                let last = end.min(disk.size.get()).saturating_sub(1) / size;
                blocks.extend((start / size..=last).map(|block| block * size));
            }
        }
        if new != head {
            let patch = Patch {
                offset: Bytes::ZERO,
                bytes: &new,
                why: String::from("start of the device, signatures wiped"),
            };
            group.push(disk.compose(device, &[patch])?);
        }
        let length = Bytes::new(disk.block_size);
        let in_head = new.len() as u64;
        for offset in blocks.into_iter().filter(|offset| *offset >= in_head) {
            disk.touch();
            group.push(Effect::Zero {
                device,
                offset: Bytes::new(offset),
                length,
                why: String::from("signature"),
            });
        }
        Ok(group)
    }

    /// Writes empty headers into the areas of a new PV.
    fn fresh_areas(
        &mut self,
        device: DeviceId,
        header: &PvHeader,
        ignored: &[bool],
    ) -> Result<Group, LowerError> {
        self.world.disk(device).areas.clear();
        self.moved_areas(device, header, ignored)
    }

    /// Areas of members that move: they are made before a label points to them.
    pub(super) fn area_changes(
        &mut self,
        stage: &Stage,
        members: &[(Uuid, Option<DeviceId>)],
    ) -> Result<Group, LowerError> {
        let mut group = Vec::new();
        for after in &stage.pvs {
            if let PvState::Pv { header, ignored, fresh: false, .. } = &after.state
                && members.iter().any(|(_, device)| *device == Some(after.device))
            {
                group.extend(self.moved_areas(after.device, header, ignored)?);
            }
        }
        Ok(group)
    }

    /// The writes of areas that are at another place, or of another size, from now on: empty there.
    /// What stays where it was keeps what it holds.
    pub(super) fn moved_areas(
        &mut self,
        device: DeviceId,
        header: &PvHeader,
        ignored: &[bool],
    ) -> Result<Group, LowerError> {
        let mut group = Vec::new();
        let mut areas = Vec::new();
        let before = core::mem::take(&mut self.world.disk(device).areas);
        for (number, area) in header.metadata_areas.iter().enumerate() {
            let place = (area.offset, area.size);
            let stays = before.iter().find(|old| (old.start, old.size) == place);
            if let Some(old) = stays {
                areas.push(old.clone());
                continue;
            }
            let is_ignored = ignored.get(number).copied().unwrap_or(false);
            let (write, fresh) = self.fresh_area(device, number, *area, is_ignored)?;
            group.push(write);
            areas.push(fresh);
        }
        self.world.disk(device).areas = areas;
        Ok(group)
    }

    /// The write of one empty area.
    fn fresh_area(
        &mut self,
        device: DeviceId,
        number: usize,
        area: DiskArea,
        is_ignored: bool,
    ) -> Result<(Effect, AreaNow), LowerError> {
        let disk = self.world.disk(device);
        let mut empty = MdaHeader::empty(area.offset, area.size);
        empty.committed.flags = if is_ignored { RAW_LOCATION_IGNORED } else { 0 };
        let length = FRESH_AREA_SIZE.max(disk.block_size).min(area.size.get());
        let mut bytes = std_alloc::vec![0; to_usize(length)];
        let encoded = empty.encode();
        bytes[..encoded.len()].copy_from_slice(&encoded);
        let patch = Patch {
            offset: area.offset,
            bytes: &bytes,
            why: format!("empty metadata area {}", number + 1),
        };
        let write = disk.compose(device, &[patch])?;
        if let Effect::Write { offset, data, .. } = &write {
            disk.learn(offset.get(), data.as_slice());
        }
        Ok((write, AreaNow::fresh(empty)))
    }

    /// Wipes the labels of a device.
    fn lower_pv_removal(
        &mut self,
        device: DeviceId,
        name: String,
    ) -> Result<PlannedStage, LowerError> {
        let disk = self.world.disk(device);
        let head = disk.known(0..START_SIZE as u64).unwrap_or_default();
        let mut group = Vec::new();
        let sectors = head.chunks(LABEL_SECTOR_SIZE).take(4);
        for (number, _) in (0..).zip(sectors).filter(|(_, bytes)| bytes.starts_with(b"LABELONE")) {
            let patch = Patch {
                offset: sector_offset(number),
                bytes: &[0; LABEL_SECTOR_SIZE],
                why: format!("label in sector {number}, wiped"),
            };
            group.push(disk.compose(device, &[patch])?);
        }
        disk.label = None;
        disk.areas.clear();
        // Several labels in one block of 4096 bytes: only the last of the writes has them all
        // wiped.
        group.dedup_by(|later, earlier| {
            let is_same = offset_of(later) == offset_of(earlier);
            if is_same {
                core::mem::swap(later, earlier);
            }
            is_same
        });
        Ok(self.label_stage(device, name, Vec::new(), group))
    }
}

fn new_label(header: &PvHeader, sector: u8, used: bool) -> Label {
    let mut label = Label { sector, header: header.clone() };
    set_used(&mut label.header, used);
    label
}

/// The part of a write that is its first block; none if there is no more than that.
fn first_block(effect: &Effect, size: usize) -> Option<Effect> {
    match effect {
        Effect::Write { device, offset, data, why } if data.as_slice().len() > size => {
            let (device, offset, why) = (*device, *offset, why.clone());
            Some(Effect::Write { device, offset, data: data.part(0..size), why })
        }
        _ => None,
    }
}

fn offset_of(effect: &Effect) -> Option<Bytes> {
    match effect {
        Effect::Write { offset, .. } => Some(*offset),
        _ => None,
    }
}

/// Returns where a label sector begins.
fn sector_offset(sector: u8) -> Bytes {
    Bytes::new(u64::from(sector) * LABEL_SECTOR_SIZE as u64)
}

/// Sets or clears `USED`, and brings the extension to the version that has it.
pub(super) fn set_used(header: &mut PvHeader, used: bool) {
    let extension = header.extension.get_or_insert(PvExtension {
        version: 2,
        flags: 0,
        bootloader_areas: Vec::new(),
    });
    extension.version = extension.version.max(2);
    if used {
        extension.flags |= PV_EXTENSION_USED;
    } else {
        extension.flags &= !PV_EXTENSION_USED;
    }
}
