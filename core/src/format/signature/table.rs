//! Signatures at fixed places.

use super::checks::{
    any, ext2, ext3, ext4, hfs, iso9660, jbd, label, luks2_second, minix1, minix2, minix3, nilfs2,
    swap, udf, xfs,
};
use super::{Found, Image};
use std_alloc::vec::Vec;

/// Looks a second time at a magic that is short or shared.
type Check = fn(Look<'_>) -> bool;

/// What a check may look at.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    /// The first 8 KiB of the range, or all of it.
    pub(super) start: &'a [u8],
    /// 12 KiB from 32 KiB on: a CD's volume descriptors.
    pub(super) descriptors: &'a [u8],
    /// Where the magic is.
    pub(super) offset: u64,
    /// Size of the range.
    pub(super) size: u64,
}

impl Look<'_> {
    /// Returns the little-endian number of `N` bytes at `offset` of the start, 0 beyond it.
    pub(super) fn number<const N: usize>(&self, offset: usize) -> u64 {
        let mut bytes = [0; 8];
        if let Some(found) = self.start.get(offset..offset + N) {
            bytes[..N].copy_from_slice(found);
        }
        u64::from_le_bytes(bytes)
    }
}

/// Adds the signatures at fixed places.
pub(super) fn find<E>(image: &mut Image<'_, E>, found: &mut Vec<Found>) -> Result<(), E> {
    let start = image.get(0, 0x2000)?;
    let descriptors = image.get(0x8000, 0x3000)?;
    for Magic(kind, offsets, magics, check) in MAGICS {
        for &offset in *offsets {
            let look = Look { start: &start, descriptors: &descriptors, offset, size: image.size };
            for bytes in *magics {
                if image.has(offset, bytes)? && check(look) {
                    found.push(Found::new(kind, offset, bytes.len()));
                }
            }
        }
    }
    Ok(())
}

/// A kind of content, and where which bytes tell of it: any of them at any of the places.
struct Magic(&'static str, &'static [u64], &'static [&'static [u8]], Check);

/// In the order in which `wipefs` looks: RAIDs and containers first.
const MAGICS: &[Magic] = &[
    Magic("vdo", &[0], &[b"dmvdo001"], any),
    Magic("stratis", &[0x204], &[b"!Stra0tis\x86\xff\x02^\x41rh"], any),
    Magic(
        "bcache",
        &[0x1018],
        &[b"\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81"],
        any,
    ),
    Magic(
        "bcachefs",
        &[0x1018],
        &[b"\xc6\x85\x73\xf6\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef"],
        any,
    ),
    Magic("ceph_bluestore", &[0], &[b"bluestore block device"], any),
    Magic("LVM2_member", &[0x018, 0x218, 0x418, 0x618], &[b"LVM2 001"], label),
    Magic("LVM1_member", &[0], &[b"HM\x01\x00"], any),
    Magic("DM_snapshot_cow", &[0], &[b"SnAp"], any),
    Magic("DM_verity_hash", &[0], &[b"verity\x00\x00"], any),
    Magic("DM_integrity", &[0], &[b"integrt\x00"], any),
    Magic("crypto_LUKS", &[0], &[b"LUKS\xba\xbe"], any),
    Magic(
        "crypto_LUKS",
        &[0x4000, 0x8000, 0x1_0000, 0x2_0000, 0x4_0000, 0x8_0000, 0x10_0000, 0x20_0000, 0x40_0000],
        &[b"SKUL\xba\xbe"],
        luks2_second,
    ),
    Magic("VMFS_volume_member", &[0x10_0000], &[b"\x0d\xd0\x01\xc0"], any),
    Magic("BitLocker", &[3], &[b"-FVE-FS-"], any),
    Magic("swsuspend", &[0xff6], &[b"S1SUSPEND", b"S2SUSPEND", b"ULSUSPEND", b"LINHIB0001"], any),
    Magic("swap", &[0xff6, 0x1ff6, 0x3ff6, 0x7ff6, 0xfff6], &[b"SWAP-SPACE", b"SWAPSPACE2"], swap),
    Magic("xfs", &[0], &[b"XFSB"], xfs),
    Magic("jbd", &[0x438], &[b"\x53\xef"], jbd),
    Magic("ext4", &[0x438], &[b"\x53\xef"], ext4),
    Magic("ext3", &[0x438], &[b"\x53\xef"], ext3),
    Magic("ext2", &[0x438], &[b"\x53\xef"], ext2),
    Magic("reiserfs", &[0x2034, 0x1_0034], &[b"ReIsErFs"], any),
    Magic("reiserfs", &[0x1_0034], &[b"ReIsEr2Fs", b"ReIsEr3Fs"], any),
    Magic("reiser4", &[0x1_0000], &[b"ReIsEr4"], any),
    Magic("jfs", &[0x8000], &[b"JFS1"], any),
    Magic("udf", &[0x8001], &[b"BEA01", b"BOOT2", b"CD001", b"NSR02", b"NSR03"], udf),
    Magic("iso9660", &[0x8001], &[b"CD001"], iso9660),
    Magic("iso9660", &[0x8009], &[b"CDROM"], any),
    Magic("hfsplus", &[0x400], &[b"H+", b"HX"], hfs),
    Magic("hfs", &[0x400], &[b"BD"], hfs),
    Magic("ufs", &[0x2000 + 0x55c], &[b"\x54\x19\x01\x00"], any),
    Magic("ufs", &[0x1_0000 + 0x55c], &[b"\x19\x01\x54\x19"], any),
    Magic("hpfs", &[0x2000], &[b"\x49\xe8\x95\xf9"], any),
    Magic("ntfs", &[3], &[b"NTFS    "], any),
    Magic("ReFS", &[3], &[b"ReFS\x00\x00\x00\x00"], any),
    Magic("cramfs", &[0], &[b"\x45\x3d\xcd\x28", b"\x28\xcd\x3d\x45"], any),
    Magic("romfs", &[0], &[b"-rom1fs-"], any),
    Magic("minix", &[0x410], &[b"\x7f\x13", b"\x8f\x13"], minix1),
    Magic("minix", &[0x410], &[b"\x68\x24", b"\x78\x24"], minix2),
    Magic("minix", &[0x418], &[b"\x5a\x4d"], minix3),
    Magic("gfs2", &[0x1_0000], &[b"\x01\x16\x19\x70"], any),
    Magic("ocfs2", &[0x400, 0x800, 0x1000, 0x2000], &[b"OCFSV2"], any),
    Magic("oracleasm", &[0x20], &[b"ORCLDISK"], any),
    Magic("vxfs", &[0x400], &[b"\xf5\xfc\x01\xa5"], any),
    Magic("squashfs", &[0], &[b"hsqs", b"sqsh", b"hsqt"], any),
    Magic("btrfs", &[0x1_0040], &[b"_BHRfS_M"], any),
    Magic("bfs", &[0], &[b"\xce\xfa\xad\x1b"], any),
    Magic("VMFS", &[0x20_0000], &[b"\x5e\xf1\xab\x2f"], any),
    Magic("befs", &[0x220], &[b"BFS1", b"1SFB"], any),
    Magic("nilfs2", &[0x406], &[b"\x34\x34"], nilfs2),
    Magic("exfat", &[3], &[b"EXFAT   "], any),
    Magic("f2fs", &[0x400], &[b"\x10\x20\xf5\xf2"], any),
    Magic("apfs", &[0x20], &[b"NXSB"], any),
    Magic("zonefs", &[0], &[b"SFOZ"], any),
    Magic("erofs", &[0x400], &[b"\xe2\xe1\xf5\xe0"], any),
];
