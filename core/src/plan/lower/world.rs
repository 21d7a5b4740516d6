//! The devices as they will be while a plan is carried out, block by block as far as it is known.
//!
//! A write that does not cover whole logical blocks is completed from the bytes that were observed.
//! Blocks that were observed and are touched become guards: the plan builds on what stood in them.

use super::LowerError;
use crate::crc::crc;
use crate::format::label::Label;
use crate::format::mda::MdaHeader;
use crate::format::mda::ring::Area;
use crate::id::Uuid;
use crate::ops::system::{Device, DeviceId, LabelState, MdaOnDevice, MdaState, System};
use crate::plan::effect::{Effect, Payload};
use crate::plan::{DeviceRef, Guard};
use crate::units::Bytes;
use core::ops::Range;
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// A metadata area while the plan goes on.
#[derive(Clone, Debug)]
pub(super) struct AreaNow {
    pub(super) start: Bytes,
    pub(super) size: Bytes,
    /// The header, if it is right.
    pub(super) header: Option<MdaHeader>,
    /// Whether ordinary writes leave it alone: header or text is damaged.
    pub(super) damaged: bool,
    /// Whether it could not even be read.
    pub(super) unreadable: bool,
    /// The VG whose text it holds, with the seqno.
    pub(super) holds: Option<(Uuid, u32)>,
}

/// A device while the plan goes on.
#[derive(Clone, Debug)]
pub(super) struct DiskNow {
    pub(super) name: String,
    pub(super) size: Bytes,
    pub(super) block_size: u64,
    pub(super) label: Option<Label>,
    pub(super) areas: Vec<AreaNow>,
    /// Blocks whose bytes are known, by offset.
    known: BTreeMap<u64, Vec<u8>>,
    /// Known blocks that were not observed.
    learned: BTreeSet<u64>,
    /// Those of them whose bytes were not known in full.
    assumed: BTreeSet<u64>,
    /// The bytes that were observed in blocks that are touched.
    observed: BTreeMap<u64, Vec<u8>>,
    /// The bytes before this stage in blocks that it touches.
    before: BTreeMap<u64, Vec<u8>>,
    touched: bool,
}

/// All devices.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) disks: Vec<DiskNow>,
}

/// A write that is not yet in whole blocks.
pub(super) struct Patch<'a> {
    pub(super) offset: Bytes,
    pub(super) bytes: &'a [u8],
    pub(super) why: String,
}

impl World {
    pub(super) fn new(system: &System) -> Self {
        Self { disks: system.devices.iter().map(DiskNow::new).collect() }
    }

    pub(super) fn disk(&mut self, id: DeviceId) -> &mut DiskNow {
        &mut self.disks[id.get()]
    }

    /// Finds the device that carries a PV, among those that are not duplicates.
    pub(super) fn find_pv(&self, pv: Uuid, duplicates: &BTreeSet<DeviceId>) -> Option<DeviceId> {
        let ids = (0..).map(DeviceId).zip(&self.disks);
        let is_it = |disk: &DiskNow| disk.label.as_ref().is_some_and(|label| label.header.id == pv);
        let mut found = ids.filter(|(id, disk)| is_it(disk) && !duplicates.contains(id));
        found.next().map(|(id, _)| id)
    }

    /// Begins a stage: from here on [`Self::restores`] leads back to this state.
    pub(super) fn begin_stage(&mut self) {
        for disk in &mut self.disks {
            disk.before.clear();
        }
    }

    /// Returns the writes that take back what has been done since the stage began.
    pub(super) fn restores(&self) -> Vec<Effect> {
        let mut writes = Vec::new();
        for (id, disk) in (0..).map(DeviceId).zip(&self.disks) {
            let changed = |(at, bytes): &(&u64, &Vec<u8>)| disk.known.get(at) != Some(bytes);
            let changed = disk.before.iter().filter(changed);
            writes.extend(changed.map(|(at, bytes)| Effect::Write {
                device: id,
                offset: Bytes::new(*at),
                data: Payload::new(bytes.clone()),
                why: String::from("what stood there before"),
            }));
        }
        writes
    }

    /// Returns the devices that the plan touches, and what has to stand on them still.
    pub(super) fn into_guards(self, system: &System) -> (Vec<DeviceRef>, Vec<Guard>) {
        let mut devices = Vec::new();
        let mut guards = Vec::new();
        for (id, disk) in (0..).map(DeviceId).zip(&self.disks) {
            if !disk.touched {
                continue;
            }
            devices.push(DeviceRef {
                id,
                name: disk.name.clone(),
                pv: pv_of(system.device(id)),
                size: disk.size,
                block_size: Bytes::new(disk.block_size),
            });
            guards.extend(disk.observed.iter().map(|(offset, bytes)| Guard::Bytes {
                device: id,
                offset: Bytes::new(*offset),
                length: Bytes::new(bytes.len() as u64),
                checksum: crc(bytes),
            }));
        }
        (devices, guards)
    }
}

fn pv_of(device: &Device) -> Option<Uuid> {
    match &device.label {
        LabelState::Pv(pv) => Some(pv.label.header.id),
        LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => None,
    }
}

impl AreaNow {
    fn new(area: &MdaOnDevice, block_size: u64) -> Self {
        let skip = to_usize(area.start.get() % block_size);
        let bytes = area.head.get(skip..).unwrap_or(&[]);
        let header = MdaHeader::decode(bytes, area.start, area.size).ok();
        let (damaged, unreadable, holds) = match &area.state {
            MdaState::Unreadable(_) => (true, true, None),
            MdaState::BadHeader(_) | MdaState::BadText { .. } => (true, false, None),
            MdaState::Empty { .. } => (header.is_none(), false, None),
            MdaState::Text { vg, seqno, .. } => (header.is_none(), false, Some((*vg, *seqno))),
        };
        Self { start: area.start, size: area.size, header, damaged, unreadable, holds }
    }

    /// A new area with an empty header.
    pub(super) fn fresh(header: MdaHeader) -> Self {
        Self {
            start: header.start,
            size: header.size,
            header: Some(header),
            damaged: false,
            unreadable: false,
            holds: None,
        }
    }

    pub(super) fn is_ignored(&self) -> bool {
        let header = self.header.as_ref();
        header.is_some_and(|header| header.committed.is_ignored())
    }
}

impl DiskNow {
    fn new(device: &Device) -> Self {
        let block_size = device.block_size.get();
        assert!(block_size >= 512, "{} has blocks", device.name);
        let mut known = BTreeMap::new();
        keep_blocks(&mut known, 0, &device.head, block_size);
        let (label, areas) = match &device.label {
            LabelState::Pv(pv) => {
                for area in &pv.areas {
                    let start = area.start.get() - area.start.get() % block_size;
                    keep_blocks(&mut known, start, &area.head, block_size);
                }
                let areas = pv.areas.iter().map(|area| AreaNow::new(area, block_size));
                (Some(pv.label.clone()), areas.collect())
            }
            LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => {
                (None, Vec::new())
            }
        };
        Self {
            name: device.name.clone(),
            size: device.size,
            block_size,
            label,
            areas,
            known,
            learned: BTreeSet::new(),
            assumed: BTreeSet::new(),
            observed: BTreeMap::new(),
            before: BTreeMap::new(),
            touched: false,
        }
    }

    /// Notes that the plan depends on this device.
    pub(super) fn touch(&mut self) {
        self.touched = true;
    }

    /// Returns the ring of one of its areas.
    pub(super) fn ring(&self, area: &AreaNow) -> Area {
        Area { start: area.start, size: area.size, block_size: Bytes::new(self.block_size) }
    }

    /// Returns the blocks of a range: the first byte of the first one, the byte behind the last.
    fn blocks(&self, range: &Range<u64>) -> Range<u64> {
        let start = range.start - range.start % self.block_size;
        let end = range.end.next_multiple_of(self.block_size);
        start..end
    }

    /// Returns true if a run of bytes consists of whole blocks.
    pub(super) fn is_whole(&self, offset: u64, length: u64) -> bool {
        offset.is_multiple_of(self.block_size) && length.is_multiple_of(self.block_size)
    }

    /// Returns the bytes of the blocks around `range`, where they are known.
    pub(super) fn known(&self, range: Range<u64>) -> Option<Vec<u8>> {
        let blocks = self.blocks(&range);
        let mut bytes = Vec::new();
        let mut at = blocks.start;
        while at < blocks.end {
            bytes.extend_from_slice(self.known.get(&at)?);
            at += self.block_size;
        }
        Some(bytes)
    }

    /// Makes the write of whole blocks that `patches` (of neighbouring bytes) come to, and makes it
    /// the known state.
    ///
    /// # Errors
    /// If bytes beside them in their blocks are not known.
    pub(super) fn compose(
        &mut self,
        device: DeviceId,
        patches: &[Patch<'_>],
    ) -> Result<Effect, LowerError> {
        let (Some(first), Some(last)) = (patches.first(), patches.last()) else {
            unreachable!("a write has something to write");
        };
        let end = last.offset.get() + last.bytes.len() as u64;
        let blocks = self.blocks(&(first.offset.get()..end));
        let covers = |block: u64| {
            let start = first.offset.get();
            start <= block && block + self.block_size <= start + first.bytes.len() as u64
        };
        let mut bytes = Vec::with_capacity(to_usize(blocks.end - blocks.start));
        for block in blocks.clone().step_by(to_usize(self.block_size)) {
            match self.known.get(&block) {
                Some(known) => bytes.extend_from_slice(known),
                None if covers(block) => bytes.resize(bytes.len() + to_usize(self.block_size), 0),
                None => {
                    return Err(LowerError::Unaligned {
                        what: first.why.clone(),
                        device: self.name.clone(),
                        offset: first.offset.get(),
                        block_size: self.block_size,
                    });
                }
            }
        }
        for patch in patches {
            let start = to_usize(patch.offset.get() - blocks.start);
            bytes[start..start + patch.bytes.len()].copy_from_slice(patch.bytes);
        }
        self.take_write(blocks.start, &bytes);
        Ok(Effect::Write {
            device,
            offset: Bytes::new(blocks.start),
            data: Payload::new(bytes),
            why: first.why.clone(),
        })
    }

    /// Makes what is written the known state of the blocks that are known.
    pub(super) fn take_write(&mut self, offset: u64, data: &[u8]) {
        assert!(self.is_whole(offset, data.len() as u64), "writes consist of whole blocks");
        self.touched = true;
        let end = offset + data.len() as u64;
        for (at, block) in self.known.range_mut(offset..end) {
            if !self.learned.contains(at) {
                self.observed.entry(*at).or_insert_with(|| block.clone());
            }
            if !self.assumed.contains(at) {
                self.before.entry(*at).or_insert_with(|| block.clone());
            }
            let start = to_usize(at - offset);
            let length = block.len();
            block.copy_from_slice(&data[start..start + length]);
        }
    }

    /// Adds to the known blocks one of which only what matters is known. It is not restored.
    pub(super) fn assume(&mut self, offset: u64, block: &[u8]) {
        self.assumed.insert(offset);
        self.learn(offset, block);
    }

    /// Adds blocks to the known ones that were not observed: what this plan has written. They are
    /// no guards.
    pub(super) fn learn(&mut self, offset: u64, data: &[u8]) {
        let end = offset + data.len() as u64;
        let blocks = (offset..end).step_by(to_usize(self.block_size));
        let unknown: Vec<u64> = blocks.filter(|at| !self.known.contains_key(at)).collect();
        self.learned.extend(unknown);
        keep_blocks(&mut self.known, offset, data, self.block_size);
    }
}

fn keep_blocks(known: &mut BTreeMap<u64, Vec<u8>>, start: u64, bytes: &[u8], block_size: u64) {
    let blocks = bytes.chunks_exact(to_usize(block_size));
    for (number, block) in (0..).zip(blocks) {
        let at = start + number * block_size;
        known.entry(at).or_insert_with(|| block.to_vec());
    }
}

pub(super) fn to_usize(count: u64) -> usize {
    usize::try_from(count).expect("what is kept in memory is counted by a usize")
}
