//! What is told by boot sectors: FAT, and partition tables.

use super::{Found, Image};
use std_alloc::vec::Vec;

const BOOT: [u8; 2] = [0x55, 0xaa];
const EFI: &[u8; 8] = b"EFI PART";

/// The type of the one partition of a table that only protects a GPT.
const PROTECTIVE: u8 = 0xee;

/// Returns true if the first sector has a partition table with a partition in it.
///
/// This is how LVM2 tells a partitioned disk, which cannot be a PV: the boot magic, four entries
/// that are active or not, and at least one that is not empty.
pub fn has_partitions(start: &[u8]) -> bool {
    let Some(entries) = dos_entries(start) else {
        return false;
    };
    let used = |entry: &[u8]| entry[12..16] != [0; 4];
    entries.iter().all(|entry| is_flag(entry[0])) && entries.iter().any(|entry| used(entry))
}

/// Returns true for the flag of an entry that is active or not, and nothing else.
fn is_flag(byte: u8) -> bool {
    matches!(byte, 0 | 0x80)
}

/// Returns the four entries of a table, if the sector ends as one.
fn dos_entries(start: &[u8]) -> Option<[&[u8]; 4]> {
    let table = start.get(446..512).filter(|table| table[64..] == BOOT)?;
    Some([&table[..16], &table[16..32], &table[32..48], &table[48..64]])
}

/// Adds FAT and partition tables.
pub(super) fn find<E>(
    image: &mut Image<'_, E>,
    block_size: u64,
    found: &mut Vec<Found>,
) -> Result<(), E> {
    let start = image.get(0, 512)?;
    let fat = find_fat(&start, found);
    let gpt = find_gpt(image, &start, block_size, found)?;
    if let Some(entries) = dos_entries(&start)
        && !fat
        && !gpt
        && entries.iter().all(|entry| is_flag(entry[0]) && entry[4] != PROTECTIVE)
    {
        found.push(Found::table("dos", 510, BOOT.len()));
    }
    Ok(())
}

/// FAT has up to three magics: a word for its kind, the first byte of a jump, and the boot sector's
/// end.
fn find_fat(start: &[u8], found: &mut Vec<Found>) -> bool {
    const WORDS: [(usize, &[u8]); 6] = [
        (0x52, b"MSWIN"),
        (0x52, b"FAT32   "),
        (0x36, b"MSDOS"),
        (0x36, b"FAT16   "),
        (0x36, b"FAT12   "),
        (0x36, b"FAT     "),
    ];
    let Some(sector) = start.get(..512).filter(|_| is_fat(start)) else {
        return false;
    };
    for (offset, word) in WORDS {
        if sector[offset..].starts_with(word) {
            found.push(Found::new("vfat", offset as u64, word.len()));
        }
    }
    if sector.starts_with(&[0xeb]) || sector.starts_with(&[0xe9]) {
        found.push(Found::new("vfat", 0, 1));
    }
    if sector[510..] == BOOT {
        found.push(Found::new("vfat", 510, BOOT.len()));
    }
    true
}

/// Returns true if the numbers of a FAT's boot sector are possible.
fn is_fat(start: &[u8]) -> bool {
    let Some(sector) = start.get(..512) else {
        return false;
    };
    let number = |at: usize| u64::from(u16::from_le_bytes([sector[at], sector[at + 1]]));
    let (sector_size, cluster, reserved) = (number(11), sector[13], number(14));
    let (fats, media) = (sector[16], sector[21]);
    let (short, long) =
        (number(22), u32::from_le_bytes([sector[36], sector[37], sector[38], sector[39]]));
    matches!(sector_size, 512 | 1024 | 2048 | 4096)
        && cluster.is_power_of_two()
        && reserved > 0
        && (1..=4).contains(&fats)
        && (media >= 0xf8 || media == 0xf0)
        && (short > 0 || long > 0)
        && sector[510..] == BOOT
}

/// A GPT has a header in the second block and one in the last, and a table before it that protects
/// it.
fn find_gpt<E>(
    image: &mut Image<'_, E>,
    start: &[u8],
    block_size: u64,
    found: &mut Vec<Found>,
) -> Result<bool, E> {
    let last = (image.size / block_size).saturating_sub(1) * block_size;
    let mut any = false;
    for place in [block_size, last] {
        if is_gpt(&image.get(place, 512)?, place / block_size) {
            found.push(Found::table("gpt", place, EFI.len()));
            any = true;
        }
    }
    let protects = |entries: [&[u8]; 4]| entries.iter().any(|entry| entry[4] == PROTECTIVE);
    if any && dos_entries(start).is_some_and(protects) {
        found.push(Found::table("PMBR", 510, BOOT.len()));
    }
    Ok(any)
}

/// Returns true if `bytes` begin a GPT's header that says it is in block `number`, with the right
/// checksum.
fn is_gpt(bytes: &[u8], number: u64) -> bool {
    let word = |at: usize| -> Option<u32> {
        let bytes = bytes.get(at..at + 4)?;
        Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    };
    let (Some(size), Some(checksum)) = (word(12), word(16)) else {
        return false;
    };
    let Some(header) = usize::try_from(size).ok().and_then(|size| bytes.get(..size)) else {
        return false;
    };
    if header.len() < 92 || !header.starts_with(EFI) || header[24..32] != number.to_le_bytes() {
        return false;
    }
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&header[..16]);
    hasher.update(&[0; 4]);
    hasher.update(&header[20..]);
    hasher.finalize() == checksum
}
