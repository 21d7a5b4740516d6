//! How the C library's allocator treats large blocks.
//!
//! *References*: `man 3 mallopt`, `man 2 madvise`.

/// Has the allocator keep freed memory for the next use.
///
/// It would give each large block back to the system and take a new one for the next, and the
/// system fills each new page with zeros: for texts of megabytes that costs more than reading them.
pub fn keep_freed() {
    #[cfg(target_env = "gnu")]
    {
        use nix::libc;
        const LARGEST: libc::c_int = 32 << 20;
        // SAFETY: mallopt takes two numbers and touches nothing but the allocator's own settings.
        unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, LARGEST) };
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
