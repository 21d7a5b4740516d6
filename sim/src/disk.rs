//! A disk in memory.
//!
//! Fault model: the disk writes whole logical blocks, each atomically. A write that has completed
//! sits in a volatile cache until the disk is flushed. When power is lost, every block keeps,
//! independently of all others, what was durable or any version written since the last flush: so
//! writes of several blocks tear, and writes are reordered. Reads, writes and flushes can be made
//! to fail; a write that fails has written nothing, all or the first half of its blocks. A disk can
//! vanish (everything fails) and come back with what it holds. It never lies about a flush and
//! never changes bytes by itself.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher};
use std::sync::Arc;

/// The bytes of one logical block.
pub type Block = Arc<[u8]>;

/// Why a disk refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DiskError {
    /// It has gone.
    #[error("No such device or address")]
    Vanished,
    /// It was told to fail.
    #[error("Input/output error")]
    Failed,
    /// The range is not on the disk, or does not consist of whole blocks.
    #[error("Invalid argument")]
    Range,
}

impl DiskError {
    /// Returns the system's number for it.
    pub const fn errno(self) -> i32 {
        match self {
            Self::Vanished => 6,
            Self::Failed => 5,
            Self::Range => 22,
        }
    }
}

/// A disk. Cloning it shares all blocks.
#[derive(Clone, Debug)]
pub struct Disk {
    size: u64,
    block_size: u64,
    /// Blocks that are not zero, by number.
    durable: BTreeMap<u64, Block>,
    /// Versions written since the last flush, by number of the block.
    cached: BTreeMap<u64, Vec<Block>>,
    zero: Block,
    vanished: bool,
    bytes_read: u64,
    bytes_written: u64,
}

impl Disk {
    /// Makes a disk of zeros.
    ///
    /// # Panics
    /// If the sizes are no multiples of 512 and of each other.
    pub fn new(size: u64, block_size: u64) -> Self {
        assert!(block_size.is_multiple_of(512), "blocks consist of sectors");
        assert!(block_size > 0, "blocks have bytes");
        assert!(size.is_multiple_of(block_size), "disks consist of blocks");
        let length = usize::try_from(block_size).expect("blocks are small");
        Self {
            size,
            block_size,
            durable: BTreeMap::new(),
            cached: BTreeMap::new(),
            zero: vec![0; length].into(),
            vanished: false,
            bytes_read: 0,
            bytes_written: 0,
        }
    }

    /// Returns its size in bytes.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns the size of its logical blocks in bytes.
    pub const fn block_size(&self) -> u64 {
        self.block_size
    }

    /// Makes the disk vanish, or come back.
    pub const fn set_vanished(&mut self, vanished: bool) {
        self.vanished = vanished;
    }

    /// Returns how many bytes have been read and written.
    pub const fn traffic(&self) -> (u64, u64) {
        (self.bytes_read, self.bytes_written)
    }

    fn blocks(&self, offset: u64, length: u64) -> Result<std::ops::Range<u64>, DiskError> {
        if self.vanished {
            return Err(DiskError::Vanished);
        }
        let end = offset.checked_add(length).ok_or(DiskError::Range)?;
        let is_whole =
            offset.is_multiple_of(self.block_size) && length.is_multiple_of(self.block_size);
        if is_whole && end <= self.size {
            Ok(offset / self.block_size..end / self.block_size)
        } else {
            Err(DiskError::Range)
        }
    }

    /// Returns what a read of a block gives.
    pub fn block(&self, number: u64) -> &Block {
        let newest = self.cached.get(&number).and_then(|versions| versions.last());
        newest.unwrap_or_else(|| self.durable_block(number))
    }

    /// Returns what a block certainly keeps when power is lost now, unless a newer version does.
    pub fn durable_block(&self, number: u64) -> &Block {
        self.durable.get(&number).unwrap_or(&self.zero)
    }

    /// Reads bytes; fewer at the end of the disk.
    ///
    /// # Errors
    /// If the disk has vanished.
    pub fn read(&mut self, offset: u64, length: u64) -> Result<Vec<u8>, DiskError> {
        if self.vanished {
            return Err(DiskError::Vanished);
        }
        let end = offset.saturating_add(length).min(self.size);
        let mut bytes = Vec::new();
        let mut at = offset;
        while at < end {
            let (number, skip) = (at / self.block_size, at % self.block_size);
            let take = (self.block_size - skip).min(end - at);
            let range = to_usize(skip)..to_usize(skip + take);
            bytes.extend_from_slice(&self.block(number)[range]);
            at += take;
        }
        self.bytes_read += bytes.len() as u64;
        Ok(bytes)
    }

    /// Writes whole blocks into the cache.
    ///
    /// # Errors
    /// If the disk has vanished or the range is not one of whole blocks on it.
    pub fn write(&mut self, offset: u64, bytes: &[u8]) -> Result<(), DiskError> {
        let blocks = self.blocks(offset, bytes.len() as u64)?;
        self.bytes_written += bytes.len() as u64;
        for (number, block) in blocks.zip(bytes.chunks_exact(to_usize(self.block_size))) {
            let block = if *block == *self.zero { Arc::clone(&self.zero) } else { block.into() };
            self.cached.entry(number).or_default().push(block);
        }
        Ok(())
    }

    /// Makes all that was written durable.
    ///
    /// # Errors
    /// If the disk has vanished.
    pub fn flush(&mut self) -> Result<(), DiskError> {
        if self.vanished {
            return Err(DiskError::Vanished);
        }
        for (number, mut versions) in std::mem::take(&mut self.cached) {
            let newest = versions.pop().expect("a cached block has a version");
            self.keep(number, newest);
        }
        Ok(())
    }

    fn keep(&mut self, number: u64, block: Block) {
        if block == self.zero {
            self.durable.remove(&number);
        } else {
            self.durable.insert(number, block);
        }
    }

    /// Returns the blocks written since the last flush, and how many versions each has.
    pub fn unflushed(&self) -> impl Iterator<Item = (u64, usize)> + '_ {
        self.cached.iter().map(|(number, versions)| (*number, versions.len()))
    }

    /// Loses power: of each unflushed block, `keep` says which version survives, 0 being the
    /// durable one.
    pub fn lose_power(&mut self, mut keep: impl FnMut(u64, usize) -> usize) {
        for (number, versions) in std::mem::take(&mut self.cached) {
            let choice = keep(number, versions.len());
            if let Some(kept) = choice.checked_sub(1) {
                self.keep(number, Arc::clone(&versions[kept]));
            }
        }
    }

    /// Feeds all that decides how the disk behaves from now on to a hasher.
    pub fn digest(&self, hasher: &mut impl Hasher) {
        (&self.durable, &self.cached, self.vanished).hash(hasher);
    }

    /// Returns the numbers of the blocks in which two disks read differently.
    pub fn differences(&self, other: &Self) -> Vec<u64> {
        let numbers = |disk: &Self| -> Vec<u64> {
            disk.durable.keys().chain(disk.cached.keys()).copied().collect()
        };
        let mut all = numbers(self);
        all.extend(numbers(other));
        all.sort_unstable();
        all.dedup();
        all.retain(|number| self.block(*number) != other.block(*number));
        all
    }
}

fn to_usize(count: u64) -> usize {
    usize::try_from(count).expect("what is kept in memory is counted by a usize")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_flushed_may_be_lost_block_by_block() {
        let mut disk = Disk::new(4096, 512);
        disk.write(0, &[1; 1024]).unwrap();
        disk.flush().unwrap();
        disk.write(0, &[2; 1024]).unwrap();
        disk.write(512, &[3; 512]).unwrap();
        assert_eq!(disk.unflushed().collect::<Vec<_>>(), [(0, 1), (1, 2)]);
        for (kept, expected) in [((0, 0), (1, 1)), ((1, 1), (2, 2)), ((0, 2), (1, 3))] {
            let mut lost = disk.clone();
            lost.lose_power(|number, _| if number == 0 { kept.0 } else { kept.1 });
            let bytes = lost.read(0, 1024).unwrap();
            assert_eq!((bytes[0], bytes[512]), expected);
        }
        assert_eq!(disk.read(512, 512).unwrap(), [3; 512]);
    }

    #[test]
    fn only_whole_blocks_of_the_disk_are_written() {
        let mut disk = Disk::new(8192, 4096);
        assert_eq!(disk.write(512, &[1; 4096]), Err(DiskError::Range));
        assert_eq!(disk.write(0, &[1; 512]), Err(DiskError::Range));
        assert_eq!(disk.write(8192, &[1; 4096]), Err(DiskError::Range));
        assert_eq!(disk.write(4096, &[1; 4096]), Ok(()));
        disk.set_vanished(true);
        assert_eq!(disk.write(4096, &[1; 4096]), Err(DiskError::Vanished));
        assert_eq!(disk.read(0, 1), Err(DiskError::Vanished));
    }

    #[test]
    fn zeros_take_no_room_and_differences_are_found() {
        let (mut one, two) = (Disk::new(1 << 40, 512), Disk::new(1 << 40, 512));
        one.write(1 << 30, &[0; 512]).unwrap();
        one.flush().unwrap();
        assert!(one.durable.is_empty());
        one.write(1 << 31, &[7; 512]).unwrap();
        assert_eq!(one.differences(&two), [(1 << 31) / 512]);
    }
}
