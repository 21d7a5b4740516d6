//! How the C library's allocator treats large blocks.
//!
//! *References*: `man 3 mallopt`.

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
    }
}
