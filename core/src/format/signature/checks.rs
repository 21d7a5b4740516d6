//! Second looks at magics that are short or shared by several formats.

use super::table::Look;

/// The magic is enough.
pub(super) fn any(_: Look<'_>) -> bool {
    true
}

/// The sector of an LVM2 label begins with the label's own magic.
pub(super) fn label(look: Look<'_>) -> bool {
    let sector = usize::try_from(look.offset - 0x18).unwrap_or(usize::MAX);
    look.start.get(sector..sector + 8) == Some(b"LABELONE")
}

/// The second header of LUKS2 counts only where there is no first: `wipefs` shows both, so it
/// counts.
pub(super) fn luks2_second(look: Look<'_>) -> bool {
    look.size > look.offset
}

/// A swap header of the new kind has version 1 and a last page.
pub(super) fn swap(look: Look<'_>) -> bool {
    let version = look.number::<4>(0x400);
    let last_page = look.number::<4>(0x404);
    (version == 1 || version == 1 << 24) && last_page != 0
}

/// An XFS superblock has sizes that are possible.
pub(super) fn xfs(look: Look<'_>) -> bool {
    let byte = |offset| look.start.get(offset).copied().unwrap_or(0);
    let (sector_log, block_log) = (byte(0x79), byte(0x78));
    (9..=15).contains(&sector_log) && (9..=16).contains(&block_log)
}

mod ext {
    pub(super) const COMPAT_JOURNAL: u64 = 0x4;
    pub(super) const INCOMPAT_JOURNAL_DEVICE: u64 = 0x8;
    /// File types, and unused groups at the end.
    pub(super) const INCOMPAT_2: u64 = 0x2 | 0x10;
    /// And a journal that has to be replayed.
    pub(super) const INCOMPAT_3: u64 = INCOMPAT_2 | 0x4;
    /// Sparse superblocks, large files, trees.
    pub(super) const READ_ONLY_3: u64 = 0x1 | 0x2 | 0x4;
}

/// The three sets of features of ext's superblock.
fn ext_features(look: Look<'_>) -> (u64, u64, u64) {
    (look.number::<4>(0x45c), look.number::<4>(0x460), look.number::<4>(0x464))
}

/// A journal of ext on a device of its own.
pub(super) fn jbd(look: Look<'_>) -> bool {
    ext_features(look).1 & ext::INCOMPAT_JOURNAL_DEVICE != 0
}

/// What neither ext2 nor ext3 can be.
pub(super) fn ext4(look: Look<'_>) -> bool {
    !jbd(look) && !ext3(look) && !ext2(look)
}

/// A journal, and no feature that ext3 does not know.
pub(super) fn ext3(look: Look<'_>) -> bool {
    let (compat, incompat, read_only) = ext_features(look);
    compat & ext::COMPAT_JOURNAL != 0
        && incompat & !ext::INCOMPAT_3 == 0
        && read_only & !ext::READ_ONLY_3 == 0
}

/// No journal, and no feature that ext2 does not know.
pub(super) fn ext2(look: Look<'_>) -> bool {
    let (compat, incompat, read_only) = ext_features(look);
    compat & ext::COMPAT_JOURNAL == 0
        && incompat & !ext::INCOMPAT_2 == 0
        && read_only & !ext::READ_ONLY_3 == 0
}

/// UDF's recognition sequence names the version of UDF's descriptors.
pub(super) fn udf(look: Look<'_>) -> bool {
    let descriptors = look.descriptors.chunks(2048);
    let mut names = descriptors.filter_map(|descriptor| descriptor.get(1..6));
    names.any(|name| name == b"NSR02" || name == b"NSR03")
}

/// A CD that is not UDF too.
pub(super) fn iso9660(look: Look<'_>) -> bool {
    !udf(look)
}

/// HFS's block size is a multiple of a sector.
pub(super) fn hfs(look: Look<'_>) -> bool {
    let bytes = |at: usize| look.start.get(at..at + 4).unwrap_or(&[0; 4]);
    let number = |at| bytes(at).iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let plain = look.start.get(0x400..0x402) == Some(b"BD");
    let block = if plain { number(0x414) } else { number(0x428) };
    block >= 512 && block.is_multiple_of(512)
}

/// Minix' superblock, little-endian: numbers of inodes, zones and blocks of maps fit each other.
fn minix(look: Look<'_>, inodes: u64, zones: u64, maps: (u64, u64), block: u64) -> bool {
    let bits = block * 8;
    let needed = |count: u64| count.div_ceil(bits);
    inodes > 0
        && zones > 0
        && maps.0 >= needed(inodes)
        && maps.1 >= needed(zones.min(look.size / block))
        && zones <= look.size / 512
}

/// Version 1 counts zones in 16 bits.
pub(super) fn minix1(look: Look<'_>) -> bool {
    let maps = (look.number::<2>(0x404), look.number::<2>(0x406));
    minix(look, look.number::<2>(0x400), look.number::<2>(0x402), maps, 1024)
}

/// Version 2 counts zones in 32 bits.
pub(super) fn minix2(look: Look<'_>) -> bool {
    let maps = (look.number::<2>(0x404), look.number::<2>(0x406));
    minix(look, look.number::<2>(0x400), look.number::<4>(0x414), maps, 1024)
}

/// Version 3 has another order.
pub(super) fn minix3(look: Look<'_>) -> bool {
    let maps = (look.number::<2>(0x406), look.number::<2>(0x408));
    let block = look.number::<2>(0x41c);
    let sane = (1024..=4096).contains(&block) && block.is_multiple_of(1024);
    sane && minix(look, look.number::<4>(0x400), look.number::<4>(0x414), maps, block)
}

/// The size of NILFS2's superblock is possible.
pub(super) fn nilfs2(look: Look<'_>) -> bool {
    let bytes = look.number::<2>(0x408 + 8);
    (0x10..=1024).contains(&bytes)
}
