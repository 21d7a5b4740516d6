//! Signatures of file systems, RAIDs, encryption, swap spaces and partition tables.
//!
//! What is found, what it is called and which bytes are its magic is as `wipefs` tells it. Most
//! signatures are fixed bytes at a fixed place; a few need a second look, because their magic is
//! short or shared. Those near the end of a device have a place that depends on its size.
//!
//! Sources of facts: the formats' own descriptions, and the output of util-linux's `wipefs` 2.38.

mod boot;
mod checks;
mod end;
mod table;

use crate::units::Bytes;
use std_alloc::collections::BTreeMap;
use std_alloc::string::{String, ToString};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

pub use boot::has_partitions;

/// Returns true if these first bytes of a device are those of a component of Linux software RAID
/// whose superblock is at the start (versions 1.1 and 1.2).
pub fn is_md_component(start: &[u8]) -> bool {
    let at_4096 = start.get(4096..).is_some_and(|rest| end::is_md_1(rest, 4096));
    at_4096 || end::is_md_1(start, 0)
}

/// A signature that was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Found {
    /// Its name as `wipefs` has it.
    pub kind: &'static str,
    /// Where its magic bytes are.
    pub offset: Bytes,
    /// How many they are.
    pub length: Bytes,
    /// Whether it divides the device: `dos`, `gpt`, ….
    pub partition_table: bool,
}

impl Found {
    fn new(kind: &'static str, offset: u64, length: usize) -> Self {
        Self {
            kind,
            offset: Bytes::new(offset),
            length: Bytes::new(length as u64),
            partition_table: false,
        }
    }

    fn table(kind: &'static str, offset: u64, length: usize) -> Self {
        Self { partition_table: true, ..Self::new(kind, offset, length) }
    }

    /// Returns the name, owned.
    pub fn kind_name(&self) -> String {
        self.kind.to_string()
    }
}

/// Bytes of a range, of which only the blocks that are looked at are read.
struct Image<'a, E> {
    size: u64,
    blocks: BTreeMap<u64, Arc<[u8]>>,
    read: &'a mut dyn FnMut(Bytes, Bytes) -> Result<Arc<[u8]>, E>,
}

/// Blocks are read and kept in this size.
const BLOCK: u64 = 4096;

/// So much is read at once at the start, where most signatures are.
const START: u64 = 72 * 1024;

impl<E> Image<'_, E> {
    /// Returns up to `length` bytes from `offset`; fewer at the end.
    fn get(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, E> {
        let end = offset.saturating_add(length as u64).min(self.size);
        let mut bytes = Vec::new();
        let mut at = offset;
        while at < end {
            let block = self.block(at / BLOCK)?;
            let from = usize::try_from(at % BLOCK).unwrap_or(0);
            let until = usize::try_from((end - at / BLOCK * BLOCK).min(BLOCK)).unwrap_or(0);
            let Some(part) =
                block.get(from..until.min(block.len())).filter(|part| !part.is_empty())
            else {
                break;
            };
            bytes.extend_from_slice(part);
            at += part.len() as u64;
        }
        Ok(bytes)
    }

    fn block(&mut self, number: u64) -> Result<Arc<[u8]>, E> {
        if !self.blocks.contains_key(&number) {
            let start = number * BLOCK;
            let length = if number == 0 { START } else { BLOCK };
            let length = length.min(self.size.saturating_sub(start));
            let bytes = (self.read)(Bytes::new(start), Bytes::new(length))?;
            for (place, part) in (number..).zip(bytes.chunks(4096)) {
                self.blocks.insert(place, Arc::from(part));
            }
            self.blocks.entry(number).or_insert_with(|| Arc::from([]));
        }
        Ok(Arc::clone(&self.blocks[&number]))
    }

    /// Returns true if `magic` stands at `offset`.
    fn has(&mut self, offset: u64, magic: &[u8]) -> Result<bool, E> {
        Ok(self.get(offset, magic.len())? == magic)
    }
}

/// Finds the signatures in a range of `size` bytes; `read` returns the bytes at an offset, fewer at
/// the end.
///
/// The logical block size tells where a GPT is; it is that of the device.
///
/// # Errors
/// The first of `read`.
pub fn find<E>(
    size: Bytes,
    block_size: Bytes,
    read: &mut dyn FnMut(Bytes, Bytes) -> Result<Arc<[u8]>, E>,
) -> Result<Vec<Found>, E> {
    let mut image = Image { size: size.get(), blocks: BTreeMap::new(), read };
    let mut found = Vec::new();
    end::find_raids(&mut image, &mut found)?;
    table::find(&mut image, &mut found)?;
    end::find_zfs(&mut image, &mut found)?;
    boot::find(&mut image, block_size.get(), &mut found)?;
    Ok(found)
}

#[cfg(test)]
mod tests;
