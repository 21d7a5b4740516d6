//! Memory for I/O past the page cache: aligned, small, and used again and again.
//!
//! Large transfers go through it in pieces. Copying costs less than the page faults of fresh memory
//! as large as the transfer.

use crate::sys::memory::Filling;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Where such memory begins: a multiple of this.
const ALIGNMENT: usize = 4096;

/// The largest piece; a multiple of every block size.
pub(crate) const PIECE: usize = 512 * 1024;

/// Memory for I/O past the page cache, kept from one use to the next.
#[derive(Debug, Default)]
pub(crate) struct Aligned {
    memory: Vec<u8>,
}

impl Aligned {
    /// Returns `length` bytes, at most [`PIECE`], with anything in them.
    pub(crate) fn get(&mut self, length: usize) -> &mut [u8] {
        assert!(length <= PIECE, "large transfers are made in pieces");
        if self.memory.len() < length + ALIGNMENT {
            self.memory = vec![0; length + ALIGNMENT];
        }
        let start = self.memory.as_ptr().align_offset(ALIGNMENT);
        &mut self.memory[start..start + length]
    }

    /// Writes all of `bytes`, whole blocks, to `file` at `offset`: from where they are, if their
    /// address allows that.
    ///
    /// # Errors
    /// The system's; any part may have been written then.
    pub(crate) fn write(
        &mut self,
        file: &File,
        bytes: &[u8],
        offset: u64,
        block: usize,
    ) -> io::Result<()> {
        if bytes.as_ptr().align_offset(block) == 0 {
            return file.write_all_at(bytes, offset);
        }
        for (number, piece) in (0_u64..).zip(bytes.chunks(PIECE)) {
            let target = self.get(piece.len());
            target.copy_from_slice(piece);
            file.write_all_at(target, offset + number * PIECE as u64)?;
        }
        Ok(())
    }

    /// Reads whole blocks from `file` at `offset` until `target` is full or the device ends; the
    /// first `skip` bytes read are left out.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn read(
        &mut self,
        file: &File,
        target: &mut Filling,
        offset: u64,
        skip: usize,
        block: usize,
    ) -> io::Result<()> {
        let whole = skip + target.missing();
        let mut done = 0;
        while target.missing() > 0 {
            let piece = self.get((whole - done).next_multiple_of(block).min(PIECE));
            let got = read_at(file, piece, offset + done as u64)?;
            let from = skip.saturating_sub(done).min(got);
            let count = (got - from).min(target.missing());
            target.push(&piece[from..from + count]);
            done += got;
            if got < piece.len() {
                break;
            }
        }
        Ok(())
    }
}

/// Reads until `target` is full or the device ends; returns how much was read.
fn read_at(file: &File, target: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while done < target.len() {
        match file.read_at(&mut target[done..], offset + done as u64) {
            Ok(0) => break,
            Ok(count) => done += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        // Past the page cache a read that stops within a block has met the end.
        if done < target.len() && !done.is_multiple_of(512) {
            break;
        }
    }
    Ok(done)
}
