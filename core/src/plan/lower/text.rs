//! Texts in the rings of metadata areas.

use super::areas::Target;
use super::world::{AreaNow, Patch, to_usize};
use super::{LowerError, Lowering};
use crate::codec::print;
use crate::crc::crc;
use crate::format::mda::RawLocation;
use crate::format::mda::ring::{Area, PlaceError, Placement, text_size_max};
use crate::model::vg::{Provenance, Vg};
use crate::ops::system::DeviceId;
use crate::plan::effect::{Effect, Group, Payload};
use crate::units::Bytes;
use core::ops::Range;
use std_alloc::collections::BTreeSet;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// Texts are followed by zeros up to the next multiple of this, as LVM2 does it.
const PADDING: usize = 512;

/// The largest logical block.
pub(super) const BLOCK_SIZE_MAX: usize = 4096;

/// A text, padded so that whole blocks can be cut from it.
#[derive(Clone)]
pub(super) struct PaddedText {
    padded: Payload,
    length: usize,
    checksum: u32,
}

impl PaddedText {
    /// Prints the text of a VG. It begins at an address from which blocks of any size can be
    /// written without being copied.
    pub(super) fn print(vg: &Vg, provenance: &Provenance) -> Self {
        let (mut text, start) = print::disk_aligned(vg, provenance, BLOCK_SIZE_MAX);
        let length = text.len() - start;
        let checksum = crc(&text[start..]);
        let end = start + length.next_multiple_of(BLOCK_SIZE_MAX) + BLOCK_SIZE_MAX;
        text.resize(end, 0);
        Self { padded: Payload::new(text).part(start..end), length, checksum }
    }

    /// Returns the text without the padding.
    fn text(&self) -> &[u8] {
        &self.padded.as_slice()[..self.length]
    }
}

impl Lowering<'_> {
    /// The writes of a text into the free space of an area.
    pub(super) fn text_writes(
        &mut self,
        vg: &Vg,
        target: Target,
        text: &PaddedText,
    ) -> Result<(RawLocation, Group), LowerError> {
        let disk = self.world.disk(target.device);
        let area = &disk.areas[target.number];
        let size = Bytes::new(text.length as u64);
        let placement = place(disk.ring(area), area, size).map_err(|error| match error {
            PlaceError::Full { .. } | PlaceError::Overlap { .. } => LowerError::TextTooLarge {
                vg: vg.name.clone(),
                device: disk.name.clone(),
                text: size.get(),
                limit: text_size_max(area.size).get(),
            },
            PlaceError::Committed(_) => LowerError::Unwritable {
                what: String::from("metadata text"),
                device: disk.name.clone(),
                reason: error.to_string(),
            },
        })?;
        let start = area.start;
        self.learn_edges(target, &placement)?;
        let why = format!("metadata text of VG {}, seqno {}", vg.name, vg.seqno);
        let mut group = Vec::new();
        let mut from = 0;
        let is_shared = placement.shares_header || placement.shares_committed;
        for piece in placement.pieces.iter() {
            let offset = start + piece.offset;
            let range = from..from + to_usize(piece.size.get());
            from = range.end;
            group.push(self.piece_write(target.device, offset, range, text, is_shared, &why)?);
        }
        let location =
            RawLocation { offset: placement.offset, size, checksum: text.checksum, flags: 0 };
        Ok((location, group))
    }

    /// Flushes of devices where the text would take the place of the one before the committed one.
    /// A process that died may have left the committed header in a cache, and power may bring back
    /// the one before.
    pub(super) fn flushes_before(&mut self, targets: &[Target], text: &PaddedText) -> Group {
        let size = Bytes::new(text.length as u64);
        let mut devices = BTreeSet::new();
        for target in targets {
            let disk = self.world.disk(target.device);
            let area = &disk.areas[target.number];
            let ring = disk.ring(area);
            let committed = area.header.as_ref().map(|header| &header.committed);
            let committed = committed.filter(|location| !location.is_none());
            if committed.is_some_and(|committed| ring.may_reach_previous(committed, size)) {
                devices.insert(target.device);
            }
        }
        devices.into_iter().map(|device| Effect::Flush { device }).collect()
    }

    /// Makes the blocks known that a text covers in part: in the ring stands the committed text,
    /// which has to stay, and besides it nothing that is needed.
    fn learn_edges(&mut self, target: Target, placement: &Placement) -> Result<(), LowerError> {
        let disk = &self.world.disks[target.device.get()];
        let area = &disk.areas[target.number];
        let block_size = disk.block_size;
        let (ring_start, ring_end) = (area.start.get(), area.start.get() + area.size.get());
        let mut learned = Vec::new();
        for piece in placement.pieces.iter() {
            let start = ring_start + piece.offset.get();
            let end = (ring_start + piece.end().get()).next_multiple_of(PADDING as u64);
            for edge in [start, end].into_iter().filter(|edge| edge % block_size != 0) {
                let block = edge - edge % block_size;
                let range = block..block + block_size;
                if disk.known(range.clone()).is_some() {
                    continue;
                }
                let is_inside = ring_start <= range.start && range.end <= ring_end;
                let bytes = is_inside.then(|| self.ring_bytes(area, range.clone()));
                let bytes = bytes.flatten().ok_or_else(|| LowerError::Unaligned {
                    what: String::from("metadata text"),
                    device: disk.name.clone(),
                    offset: edge,
                    block_size,
                })?;
                learned.push((block, bytes));
            }
        }
        for (block, bytes) in learned {
            self.world.disk(target.device).assume(block, &bytes);
        }
        Ok(())
    }

    /// What has to stay in a block of a ring; `None` if the text in it is not known.
    fn ring_bytes(&self, area: &AreaNow, range: Range<u64>) -> Option<Vec<u8>> {
        let mut bytes = std_alloc::vec![0; to_usize(range.end - range.start)];
        let location = area.header.as_ref().map(|header| header.committed)?;
        let Ok(pieces) = location.pieces(area.size) else {
            return Some(bytes);
        };
        let mut from = 0;
        for piece in pieces.iter() {
            let start = area.start.get() + piece.offset.get();
            let end = start + piece.size.get();
            let (first, last) = (start.max(range.start), end.min(range.end));
            if first < last {
                let text = self.known_text(&location)?;
                let at = from + to_usize(first - start);
                let length = to_usize(last - first);
                let to = to_usize(first - range.start);
                bytes[to..to + length].copy_from_slice(&text[at..at + length]);
            }
            from += to_usize(piece.size.get());
        }
        Some(bytes)
    }

    /// The text that a location is one of, if it was read or is written by this plan.
    fn known_text(&self, location: &RawLocation) -> Option<&[u8]> {
        let read = self.system.vgs.iter().map(|view| &view.text[..]);
        let mut texts = read.chain(self.texts.iter().map(PaddedText::text));
        texts
            .find(|text| text.len() as u64 == location.size.get() && crc(text) == location.checksum)
    }

    /// The write of one run of a text.
    fn piece_write(
        &mut self,
        device: DeviceId,
        offset: Bytes,
        range: Range<usize>,
        text: &PaddedText,
        is_shared: bool,
        why: &str,
    ) -> Result<Effect, LowerError> {
        let disk = self.world.disk(device);
        let is_last = range.end == text.length;
        let block = to_usize(disk.block_size);
        let unit = if is_shared { PADDING } else { block };
        let length = if is_last {
            (range.end - range.start).next_multiple_of(unit)
        } else {
            range.end - range.start
        };
        let range = range.start..range.start + length;
        if disk.is_whole(offset.get(), length as u64) {
            let data = text.padded.part(range);
            disk.take_write(offset.get(), data.as_slice());
            return Ok(Effect::Write { device, offset, data, why: why.into() });
        }
        let patch = Patch { offset, bytes: &text.padded.as_slice()[range], why: why.into() };
        disk.compose(device, &[patch])
    }
}

/// Finds the place of a text. Text that is damaged already need not be kept.
fn place(ring: Area, area: &AreaNow, size: Bytes) -> Result<Placement, PlaceError> {
    let committed = area.header.as_ref().map(|header| &header.committed);
    let committed = committed.filter(|location| !location.is_none());
    let committed = committed.filter(|location| {
        !area.damaged && !area.is_ignored() || location.pieces(area.size).is_ok()
    });
    ring.place(committed, size)
}
