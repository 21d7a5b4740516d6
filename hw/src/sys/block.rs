//! Questions to block devices, and the two commands that move no data.
//!
//! *References*: `man 2 ioctl_list`, Linux: `include/uapi/linux/fs.h`.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

mod raw {
    nix::ioctl_read!(size64, 0x12, 114, usize);
    nix::ioctl_read_bad!(logical_block, nix::request_code_none!(0x12, 104), nix::libc::c_int);
    nix::ioctl_read_bad!(physical_block, nix::request_code_none!(0x12, 123), nix::libc::c_uint);
    nix::ioctl_read_bad!(read_only, nix::request_code_none!(0x12, 94), nix::libc::c_int);
    nix::ioctl_read_bad!(minimum_io, nix::request_code_none!(0x12, 120), nix::libc::c_uint);
    nix::ioctl_read_bad!(optimal_io, nix::request_code_none!(0x12, 121), nix::libc::c_uint);
    nix::ioctl_read_bad!(alignment, nix::request_code_none!(0x12, 122), nix::libc::c_int);
    nix::ioctl_write_ptr_bad!(discard, nix::request_code_none!(0x12, 119), [u64; 2]);
    nix::ioctl_write_ptr_bad!(zero_out, nix::request_code_none!(0x12, 127), [u64; 2]);
}

/// Returns the size of a block device in bytes.
///
/// # Errors
/// If `device` is no block device.
pub fn size(device: &File) -> io::Result<u64> {
    let mut bytes: u64 = 0;
    // SAFETY: the descriptor is open for the length of the call; BLKGETSIZE64 writes 8 bytes,
    // whatever the type in its number says, and `bytes` has 8.
    unsafe { raw::size64(device.as_raw_fd(), (&raw mut bytes).cast()) }?;
    Ok(bytes)
}

macro_rules! question {
    ($(#[$doc:meta])* $name:ident, $type:ty) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// If `device` is no block device, or its driver doesn't know.
        pub fn $name(device: &File) -> io::Result<u64> {
            let mut answer: $type = 0;
            // SAFETY: the descriptor is open for the length of the call; the kernel writes one
            // integer of the type of `answer`.
            unsafe { raw::$name(device.as_raw_fd(), &raw mut answer) }?;
            Ok(u64::try_from(answer).unwrap_or(0))
        }
    };
}

question!(
    /// Returns the size of a logical block in bytes.
    logical_block,
    nix::libc::c_int
);
question!(
    /// Returns the size of a physical block in bytes.
    physical_block,
    nix::libc::c_uint
);
question!(
    /// Returns 1 if the device refuses writes.
    read_only,
    nix::libc::c_int
);
question!(
    /// Returns the smallest I/O that is done without penalty, in bytes.
    minimum_io,
    nix::libc::c_uint
);
question!(
    /// Returns the size that I/O best is a multiple of, in bytes, or 0.
    optimal_io,
    nix::libc::c_uint
);
question!(
    /// Returns how far the first aligned byte is from the start; 0 if nothing is known.
    alignment,
    nix::libc::c_int
);

/// Tells a block device that the bytes from `start` are no longer needed.
///
/// # Errors
/// If the device doesn't support it, or the range is not made of whole sectors.
pub fn discard(device: &File, start: u64, length: u64) -> io::Result<()> {
    let range = [start, length];
    // SAFETY: the descriptor is open for the length of the call; BLKDISCARD reads two 64-bit
    // numbers.
    unsafe { raw::discard(device.as_raw_fd(), &raw const range) }?;
    Ok(())
}

/// Makes a block device read as zeros in `length` bytes from `start`.
///
/// # Errors
/// If the device can't, or the range is not made of whole logical blocks.
pub fn zero_out(device: &File, start: u64, length: u64) -> io::Result<()> {
    let range = [start, length];
    // SAFETY: the descriptor is open for the length of the call; BLKZEROOUT reads two 64-bit
    // numbers.
    unsafe { raw::zero_out(device.as_raw_fd(), &raw const range) }?;
    Ok(())
}
