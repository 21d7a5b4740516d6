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
/// many pages at once, for about a fifth of the time. Nothing is lost if the system does not do it.
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
            if are_huge_pages_free(pages) {
                // SAFETY: the pages lie within what malloc returned.
                unsafe { libc::madvise(memory.add(skip), pages, libc::MADV_HUGEPAGE) };
            }
            // SAFETY: as above.
            unsafe { libc::madvise(memory.add(skip), pages, libc::MADV_POPULATE_WRITE) };
        }
        // SAFETY: it comes from malloc and is given back once.
        unsafe { libc::free(memory) };
    }
    #[cfg(not(target_env = "gnu"))]
    let _ = bytes;
}

/// Whether the system has huge pages for so many bytes at hand. Where it has not, it would move the
/// pages of others about to make some, for longer than we run.
///
/// *References*: `man 5 proc`, `/proc/buddyinfo`: for each zone how many blocks of 1, 2, 4 … pages
/// are free.
#[cfg(target_env = "gnu")]
fn are_huge_pages_free(bytes: usize) -> bool {
    const HUGE: usize = 2 << 20;
    const FIRST: usize = 9;
    let table = std::fs::read_to_string("/proc/buddyinfo").unwrap_or_default();
    let of_zone = |line: &str| -> usize {
        let counts = line.split_whitespace().skip(4).map(|count| count.parse().unwrap_or(0));
        counts
            .enumerate()
            .skip(FIRST)
            .map(|(order, count): (_, usize)| count << (order - FIRST))
            .sum()
    };
    let free: usize = table.lines().map(of_zone).sum();
    // Others want some too, and not all zones are for us.
    free / 4 > bytes / HUGE
}

/// The pages of the system, or a multiple of theirs.
#[cfg(target_env = "gnu")]
const PAGE: usize = 4096;
