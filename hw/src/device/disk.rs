//! One device or image file: opened, asked and moved bytes to and from.
//!
//! Block devices are read and written past the page cache, in whole logical blocks from aligned
//! memory: what another machine or LVM2 wrote is seen, and what was written is on its way to the
//! device. Image files go through the page cache.

use super::aligned::{Aligned, PIECE};
use super::nodes::Name;
use crate::sys::block;
use crate::sys::memory::Filling;
use extant_core::ops::system::{Alignment, Device, LabelState};
use extant_core::units::Bytes;
use nix::fcntl::{FallocateFlags, OFlag, fallocate};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Longer ranges are zeroed by the device itself, if it can.
const ZERO_BY_WRITING: u64 = 128 * 1024;

/// What a disk is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DiskKind {
    /// A block device.
    Block,
    /// A file.
    Image,
}

/// An open device or image file.
#[derive(Debug)]
pub struct Disk {
    /// What operations may know of it; its label has not been read.
    pub facts: Device,
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: DiskKind,
    /// The number of the partition, if it is one.
    pub partition: Option<u32>,
    reader: File,
    writer: Option<File>,
    exclusive: bool,
    direct: bool,
    scratch: Aligned,
}

impl Disk {
    /// Opens a block device for reading; `names` has the preferred one first.
    ///
    /// # Errors
    /// If it can't be opened, or is none.
    pub fn open_block(names: &[Name], number: (u32, u32)) -> io::Result<Self> {
        let name = names.first().ok_or(io::ErrorKind::NotFound)?;
        let (reader, direct) = open_direct(OpenOptions::new().read(true), Path::new(&name.path))?;
        let size = block::size(&reader)?;
        let mut facts = facts(name.path.clone(), size);
        facts.aliases = names.iter().map(|name| name.path.clone()).collect();
        facts.number = Some(number);
        if size > 0 {
            facts.block_size = Bytes::new(block::logical_block(&reader)?.max(512));
            facts.read_only = block::read_only(&reader).is_ok_and(|answer| answer != 0);
            let ask =
                |question: fn(&File) -> io::Result<u64>| Bytes::new(question(&reader).unwrap_or(0));
            facts.alignment = Alignment {
                minimum_io: ask(block::minimum_io),
                optimal_io: ask(block::optimal_io),
                offset: ask(block::alignment),
            };
        }
        Ok(Self::new(facts, PathBuf::from(&name.path), DiskKind::Block, reader, direct))
    }

    /// Opens an image file for reading, and calls it `name`.
    ///
    /// # Errors
    /// If it can't be opened, or is no file.
    pub fn open_image(path: &Path, name: String) -> io::Result<Self> {
        let reader = File::open(path)?;
        let metadata = reader.metadata()?;
        if !metadata.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        // A file's end need not be that of a sector; what is behind the last whole one is not used.
        let mut facts = facts(name, metadata.len() / 512 * 512);
        facts.aliases = vec![facts.name.clone()];
        if let Some(text) = path.to_str().filter(|text| *text != facts.name) {
            facts.aliases.push(text.to_owned());
        }
        facts.read_only = metadata.permissions().readonly();
        Ok(Self::new(facts, path.to_owned(), DiskKind::Image, reader, false))
    }

    fn new(facts: Device, path: PathBuf, kind: DiskKind, reader: File, direct: bool) -> Self {
        Self {
            facts,
            path,
            kind,
            partition: None,
            reader,
            writer: None,
            exclusive: false,
            direct,
            scratch: Aligned::default(),
        }
    }

    fn block_size(&self) -> u64 {
        self.facts.block_size.get()
    }

    /// Reads up to `length` bytes from `offset`: fewer at the end of the device.
    ///
    /// # Errors
    /// The system's.
    pub fn read(&mut self, offset: u64, length: u64) -> io::Result<Arc<[u8]>> {
        let size = self.facts.size.get();
        let start = offset.min(size);
        let length = length.min(size - start);
        let mut bytes = Filling::new(to_size(length)?);
        // Files have no blocks to keep to.
        let block = if self.direct { self.block_size() } else { 1 };
        let first = start / block * block;
        let (skip, block) = (to_size(start - first)?, to_size(block)?);
        self.scratch.read(&self.reader, &mut bytes, first, skip, block)?;
        Ok(bytes.finish())
    }

    /// Opens it for writing so that nobody else can have it exclusively: fails if it is mounted.
    ///
    /// # Errors
    /// The system's; `EBUSY` if it is in use.
    pub fn open_exclusive(&mut self) -> io::Result<()> {
        if !self.exclusive {
            self.writer = None;
            self.writer = Some(self.open_writer(true)?);
            self.exclusive = true;
        }
        Ok(())
    }

    fn open_writer(&self, exclusive: bool) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        if self.kind == DiskKind::Image {
            return options.open(&self.path);
        }
        let mut flags = OFlag::empty();
        flags.set(OFlag::O_EXCL, exclusive);
        flags.set(OFlag::O_DIRECT, self.direct);
        options.custom_flags(flags.bits()).open(&self.path)
    }

    fn prepare_writer(&mut self) -> io::Result<()> {
        if self.writer.is_none() {
            self.writer = Some(self.open_writer(false)?);
        }
        Ok(())
    }

    /// Returns an error unless the range lies within the device: files would grow otherwise.
    fn check_range(&self, offset: u64, length: u64) -> io::Result<()> {
        match offset.checked_add(length) {
            Some(end) if end <= self.facts.size.get() => Ok(()),
            _ => Err(nix::errno::Errno::ENOSPC.into()),
        }
    }

    /// Writes bytes.
    ///
    /// # Errors
    /// The system's; any part may have been written then.
    pub fn write(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.check_range(offset, bytes.len() as u64)?;
        self.prepare_writer()?;
        let writer = self.writer.as_ref().expect("it was just opened");
        if !self.direct {
            return writer.write_all_at(bytes, offset);
        }
        let block = to_size(self.facts.block_size.get())?;
        self.scratch.write(writer, bytes, offset, block)
    }

    /// Writes zeros.
    ///
    /// # Errors
    /// The system's; any part may have been written then.
    pub fn zero(&mut self, offset: u64, length: u64) -> io::Result<()> {
        self.check_range(offset, length)?;
        self.prepare_writer()?;
        if length > ZERO_BY_WRITING && self.zero_at_once(offset, length).is_ok() {
            return Ok(());
        }
        let piece = usize::try_from(length).map_or(PIECE, |length| length.min(PIECE));
        let writer = self.writer.as_ref().expect("it was just opened");
        let zeros = self.scratch.get(piece);
        zeros.fill(0);
        let mut done = 0;
        while done < length {
            let now = usize::try_from(length - done).map_or(piece, |rest| rest.min(piece));
            writer.write_all_at(&zeros[..now], offset + done)?;
            done += now as u64;
        }
        Ok(())
    }

    fn zero_at_once(&self, offset: u64, length: u64) -> io::Result<()> {
        let writer = self.writer.as_ref().expect("it was opened before");
        match self.kind {
            DiskKind::Block => block::zero_out(writer, offset, length),
            DiskKind::Image => {
                allocate(writer, FallocateFlags::FALLOC_FL_ZERO_RANGE, offset, length)
            }
        }
    }

    /// Tells the device that bytes are no longer needed. A device that can't hear it is no error.
    ///
    /// # Errors
    /// The system's, other than that it isn't supported.
    pub fn discard(&mut self, offset: u64, length: u64) -> io::Result<()> {
        self.check_range(offset, length)?;
        self.prepare_writer()?;
        let writer = self.writer.as_ref().expect("it was just opened");
        let told = match self.kind {
            DiskKind::Block => block::discard(writer, offset, length),
            DiskKind::Image => {
                allocate(writer, FallocateFlags::FALLOC_FL_PUNCH_HOLE, offset, length)
            }
        };
        match told {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
            told => told,
        }
    }

    /// Makes what was written durable: the device's own cache is flushed too.
    ///
    /// # Errors
    /// The system's.
    pub fn flush(&self) -> io::Result<()> {
        self.writer.as_ref().unwrap_or(&self.reader).sync_data()
    }
}

fn allocate(writer: &File, how: FallocateFlags, offset: u64, length: u64) -> io::Result<()> {
    let signed = |count: u64| i64::try_from(count).map_err(|_| io::ErrorKind::InvalidInput);
    let how = how | FallocateFlags::FALLOC_FL_KEEP_SIZE;
    Ok(fallocate(writer, how, signed(offset)?, signed(length)?)?)
}

fn facts(name: String, size: u64) -> Device {
    Device {
        name,
        aliases: Vec::new(),
        number: None,
        size: Bytes::new(size),
        block_size: Bytes::new(512),
        read_only: false,
        alignment: Alignment::default(),
        device_id: None,
        label: LabelState::None,
        head: Arc::from([]),
    }
}

/// Opens a device past the page cache if it allows that.
fn open_direct(options: &mut OpenOptions, path: &Path) -> io::Result<(File, bool)> {
    match options.custom_flags(OFlag::O_DIRECT.bits()).open(path) {
        Err(error) if error.raw_os_error() == Some(nix::libc::EINVAL) => {
            options.custom_flags(0).open(path).map(|file| (file, false))
        }
        opened => opened.map(|file| (file, true)),
    }
}

/// Returns a count of bytes as memory counts them.
fn to_size(count: u64) -> io::Result<usize> {
    usize::try_from(count).map_err(|_| io::ErrorKind::OutOfMemory.into())
}

#[cfg(test)]
mod tests;
