//! How the C library's allocator treats large blocks, and memory that is filled once.
//!
//! *References*: `man 3 mallopt`, `man 2 madvise`.

use std::mem::MaybeUninit;
use std::sync::Arc;

/// Has the allocator keep freed memory for the next use.
///
/// It would give each large block back to the system and take a new one for the next, and the
/// system fills each new page with zeros: for texts of megabytes that costs more than reading them.
pub fn keep_freed() {
    #[cfg(target_env = "gnu")]
    {
        use nix::libc;
        // SAFETY: mallopt takes two numbers and touches nothing but the allocator's own settings.
        unsafe { libc::mallopt(libc::M_MMAP_MAX, 0) };
        // SAFETY: as above.
        unsafe { libc::mallopt(libc::M_TRIM_THRESHOLD, libc::c_int::MAX) };
        // Threads share one heap: one of its own would cost each of them more than it does.
        // SAFETY: as above.
        unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
    }
}

/// Has so many bytes of memory ready that the next allocations find them.
///
/// The system hands out memory page by page as it is touched, an interruption each; this asks for
/// many pages at once. With it `perf stat -r 20 extant lvs` at 10 000 LVs on 4 PVs takes 8.4 to 9.5
/// ms of CPU time and 250 page faults, without it 9.6 to 12.6 ms and 1800. Nothing is lost if the
/// system does not do it.
pub fn make_ready(bytes: usize) {
    #[cfg(target_env = "gnu")]
    {
        use nix::libc;
        // SAFETY: nothing is done with the memory but to give it back; it may be null.
        let memory = unsafe { libc::malloc(bytes) };
        if memory.is_null() {
            return;
        }
        let skip = memory.align_offset(PAGE);
        let pages = bytes.saturating_sub(skip) / PAGE * PAGE;
        if pages > 0 {
            // Not huge ones: where none is at hand, or the machine is a guest whose host has taken
            // them back, making some takes longer than all that we do.
            // SAFETY: the pages lie within what malloc returned.
            unsafe { libc::madvise(memory.add(skip), pages, libc::MADV_POPULATE_WRITE) };
        }
        // SAFETY: it comes from malloc and is given back once.
        unsafe { libc::free(memory) };
    }
    #[cfg(not(target_env = "gnu"))]
    let _ = bytes;
}

/// The pages of the system, or a multiple of theirs.
#[cfg(target_env = "gnu")]
const PAGE: usize = 4096;

/// Bytes that are put together from pieces, without zeros in their place before.
#[derive(Debug)]
pub struct Filling {
    memory: Arc<[MaybeUninit<u8>]>,
    filled: usize,
}

impl Filling {
    /// Takes memory for so many bytes.
    pub fn new(length: usize) -> Self {
        Self { memory: Arc::new_uninit_slice(length), filled: 0 }
    }

    /// Returns how many bytes are still to come.
    pub fn missing(&self) -> usize {
        self.memory.len() - self.filled
    }

    /// Appends a piece.
    ///
    /// # Panics
    /// If it is longer than what is missing.
    pub fn push(&mut self, piece: &[u8]) {
        let end = self.filled + piece.len();
        let memory = Arc::get_mut(&mut self.memory).expect("nobody else has it yet");
        memory[self.filled..end].write_copy_of_slice(piece);
        self.filled = end;
    }

    /// Returns the bytes that have come.
    pub fn finish(self) -> Arc<[u8]> {
        let memory = match self.missing() {
            0 => self.memory,
            _ => Arc::from(&self.memory[..self.filled]),
        };
        // SAFETY: `push` has filled the memory from its start on, as far as it is kept.
        unsafe { memory.assume_init() }
    }
}

#[cfg(test)]
mod tests {
    use super::Filling;

    #[test]
    fn pieces_become_bytes() {
        let mut filling = Filling::new(5);
        filling.push(b"ab");
        filling.push(b"");
        assert_eq!(filling.missing(), 3);
        filling.push(b"cde");
        assert_eq!(*filling.finish(), *b"abcde");
        let mut short = Filling::new(1 << 20);
        short.push(b"short");
        assert_eq!(*short.finish(), *b"short");
        assert!(Filling::new(9).finish().is_empty());
    }

    #[test]
    #[should_panic(expected = "range end index 3 out of range")]
    fn more_than_was_taken_is_refused() {
        Filling::new(2).push(b"abc");
    }
}
