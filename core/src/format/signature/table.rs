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
    for magic in MAGICS {
        let look = Look {
            start: &start,
            descriptors: &descriptors,
            offset: magic.offset,
            size: image.size,
        };
        if image.has(magic.offset, magic.bytes)? && (magic.check)(look) {
            found.push(Found::new(magic.kind, magic.offset, magic.bytes.len()));
        }
    }
    Ok(())
}

struct Magic {
    kind: &'static str,
    offset: u64,
    bytes: &'static [u8],
    check: Check,
}

const fn plain(kind: &'static str, offset: u64, bytes: &'static [u8]) -> Magic {
    Magic { kind, offset, bytes, check: any }
}

const fn checked(kind: &'static str, offset: u64, bytes: &'static [u8], check: Check) -> Magic {
    Magic { kind, offset, bytes, check }
}

const EXT: &[u8] = b"\x53\xef";
const SWAP_1: &[u8] = b"SWAP-SPACE";
const SWAP_2: &[u8] = b"SWAPSPACE2";
const LUKS_2: &[u8] = b"SKUL\xba\xbe";
const BCACHE: &[u8] = b"\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81";
const BCACHEFS: &[u8] = b"\xc6\x85\x73\xf6\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef";
const LVM2: &[u8] = b"LVM2 001";
const SQUASH: &[u8] = b"hsqs";

/// In the order in which `wipefs` looks: RAIDs and containers first.
const MAGICS: &[Magic] = &[
    plain("vdo", 0, b"dmvdo001"),
    plain("stratis", 0x204, b"!Stra0tis\x86\xff\x02^\x41rh"),
    plain("bcache", 0x1018, BCACHE),
    plain("bcachefs", 0x1018, BCACHEFS),
    plain("ceph_bluestore", 0, b"bluestore block device"),
    checked("LVM2_member", 0x018, LVM2, label),
    checked("LVM2_member", 0x218, LVM2, label),
    checked("LVM2_member", 0x418, LVM2, label),
    checked("LVM2_member", 0x618, LVM2, label),
    plain("LVM1_member", 0, b"HM\x01\x00"),
    plain("DM_snapshot_cow", 0, b"SnAp"),
    plain("DM_verity_hash", 0, b"verity\x00\x00"),
    plain("DM_integrity", 0, b"integrt\x00"),
    plain("crypto_LUKS", 0, b"LUKS\xba\xbe"),
    checked("crypto_LUKS", 0x4000, LUKS_2, luks2_second),
    checked("crypto_LUKS", 0x8000, LUKS_2, luks2_second),
    checked("crypto_LUKS", 0x1_0000, LUKS_2, luks2_second),
    checked("crypto_LUKS", 0x2_0000, LUKS_2, luks2_second),
    checked("crypto_LUKS", 0x4_0000, LUKS_2, luks2_second),
    checked("crypto_LUKS", 0x8_0000, LUKS_2, luks2_second),
    checked("crypto_LUKS", 0x10_0000, LUKS_2, luks2_second),
    checked("crypto_LUKS", 0x20_0000, LUKS_2, luks2_second),
    checked("crypto_LUKS", 0x40_0000, LUKS_2, luks2_second),
    plain("VMFS_volume_member", 0x10_0000, b"\x0d\xd0\x01\xc0"),
    plain("BitLocker", 3, b"-FVE-FS-"),
    plain("swsuspend", 0xff6, b"S1SUSPEND"),
    plain("swsuspend", 0xff6, b"S2SUSPEND"),
    plain("swsuspend", 0xff6, b"ULSUSPEND"),
    plain("swsuspend", 0xff6, b"LINHIB0001"),
    checked("swap", 0xff6, SWAP_1, swap),
    checked("swap", 0xff6, SWAP_2, swap),
    checked("swap", 0x1ff6, SWAP_1, swap),
    checked("swap", 0x1ff6, SWAP_2, swap),
    checked("swap", 0x3ff6, SWAP_1, swap),
    checked("swap", 0x3ff6, SWAP_2, swap),
    checked("swap", 0x7ff6, SWAP_1, swap),
    checked("swap", 0x7ff6, SWAP_2, swap),
    checked("swap", 0xfff6, SWAP_1, swap),
    checked("swap", 0xfff6, SWAP_2, swap),
    checked("xfs", 0, b"XFSB", xfs),
    checked("jbd", 0x438, EXT, jbd),
    checked("ext4", 0x438, EXT, ext4),
    checked("ext3", 0x438, EXT, ext3),
    checked("ext2", 0x438, EXT, ext2),
    plain("reiserfs", 0x2034, b"ReIsErFs"),
    plain("reiserfs", 0x1_0034, b"ReIsErFs"),
    plain("reiserfs", 0x1_0034, b"ReIsEr2Fs"),
    plain("reiserfs", 0x1_0034, b"ReIsEr3Fs"),
    plain("reiser4", 0x1_0000, b"ReIsEr4"),
    plain("jfs", 0x8000, b"JFS1"),
    checked("udf", 0x8001, b"BEA01", udf),
    checked("udf", 0x8001, b"BOOT2", udf),
    checked("udf", 0x8001, b"CD001", udf),
    checked("udf", 0x8001, b"NSR02", udf),
    checked("udf", 0x8001, b"NSR03", udf),
    checked("iso9660", 0x8001, b"CD001", iso9660),
    plain("iso9660", 0x8009, b"CDROM"),
    checked("hfsplus", 0x400, b"H+", hfs),
    checked("hfsplus", 0x400, b"HX", hfs),
    checked("hfs", 0x400, b"BD", hfs),
    plain("ufs", 0x2000 + 0x55c, b"\x54\x19\x01\x00"),
    plain("ufs", 0x1_0000 + 0x55c, b"\x19\x01\x54\x19"),
    plain("hpfs", 0x2000, b"\x49\xe8\x95\xf9"),
    plain("ntfs", 3, b"NTFS    "),
    plain("ReFS", 3, b"ReFS\x00\x00\x00\x00"),
    plain("cramfs", 0, b"\x45\x3d\xcd\x28"),
    plain("cramfs", 0, b"\x28\xcd\x3d\x45"),
    plain("romfs", 0, b"-rom1fs-"),
    checked("minix", 0x410, b"\x7f\x13", minix1),
    checked("minix", 0x410, b"\x8f\x13", minix1),
    checked("minix", 0x410, b"\x68\x24", minix2),
    checked("minix", 0x410, b"\x78\x24", minix2),
    checked("minix", 0x418, b"\x5a\x4d", minix3),
    plain("gfs2", 0x1_0000, b"\x01\x16\x19\x70"),
    plain("ocfs2", 0x400, b"OCFSV2"),
    plain("ocfs2", 0x800, b"OCFSV2"),
    plain("ocfs2", 0x1000, b"OCFSV2"),
    plain("ocfs2", 0x2000, b"OCFSV2"),
    plain("oracleasm", 0x20, b"ORCLDISK"),
    plain("vxfs", 0x400, b"\xf5\xfc\x01\xa5"),
    plain("squashfs", 0, SQUASH),
    plain("squashfs", 0, b"sqsh"),
    plain("squashfs", 0, b"hsqt"),
    plain("btrfs", 0x1_0040, b"_BHRfS_M"),
    plain("bfs", 0, b"\xce\xfa\xad\x1b"),
    plain("VMFS", 0x20_0000, b"\x5e\xf1\xab\x2f"),
    plain("befs", 0x220, b"BFS1"),
    plain("befs", 0x220, b"1SFB"),
    checked("nilfs2", 0x406, b"\x34\x34", nilfs2),
    plain("exfat", 3, b"EXFAT   "),
    plain("f2fs", 0x400, b"\x10\x20\xf5\xf2"),
    plain("apfs", 0x20, b"NXSB"),
    plain("zonefs", 0, b"SFOZ"),
    plain("erofs", 0x400, b"\xe2\xe1\xf5\xe0"),
];
