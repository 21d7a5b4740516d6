//! Signatures whose place depends on the size of the device: most kinds of RAID, and ZFS.

use super::{Found, Image};
use std_alloc::vec::Vec;

const MD: [u8; 4] = [0xfc, 0x4e, 0x2b, 0xa9];
const MD_SWAPPED: [u8; 4] = [0xa9, 0x2b, 0x4e, 0xfc];
const DDF: [u8; 4] = [0xde, 0x11, 0xde, 0x11];
const ISW: &[u8; 24] = b"Intel Raid ISM Cfg Sig. ";

/// Adds the signatures of RAIDs.
pub(super) fn find_raids<E>(image: &mut Image<'_, E>, found: &mut Vec<Found>) -> Result<(), E> {
    find_md(image, found)?;
    let sectors = image.size / 512;
    if let Some(last) = sectors.checked_sub(1) {
        for sector in [last, last.saturating_sub(256)] {
            if image.has(sector * 512, &DDF)? {
                found.push(Found::new("ddf_raid_member", sector * 512, DDF.len()));
                break;
            }
        }
    }
    if let Some(sector) = sectors.checked_sub(2)
        && image.has(sector * 512, ISW)?
    {
        found.push(Found::new("isw_raid_member", sector * 512, ISW.len()));
    }
    Ok(())
}

/// Linux' software RAID. Version 0.90 has its superblock in the last whole 64 KiB but one, 1.0 in
/// the last 8 to 12 KiB, 1.1 at the start, 1.2 4 KiB from the start.
fn find_md<E>(image: &mut Image<'_, E>, found: &mut Vec<Found>) -> Result<(), E> {
    let size = image.size;
    if let Some(old) = (size & !0xffff).checked_sub(0x1_0000)
        && (image.has(old, &MD)? || image.has(old, &MD_SWAPPED)?)
    {
        found.push(Found::new("linux_raid_member", old, MD.len()));
    }
    let behind = (size / 512).checked_sub(16).map(|sector| (sector & !7) * 512);
    for place in behind.into_iter().chain([0, 4096]) {
        if is_md_1(&image.get(place, 256)?, place) {
            found.push(Found::new("linux_raid_member", place, MD.len()));
        }
    }
    Ok(())
}

/// Returns true if `bytes` begin a superblock of version 1 that says it is at `place`.
pub(super) fn is_md_1(bytes: &[u8], place: u64) -> bool {
    let field = |range: core::ops::Range<usize>| bytes.get(range);
    field(0..4) == Some(&MD)
        && field(4..8) == Some(&1_u32.to_le_bytes())
        && field(144..152) == Some(&(place / 512).to_le_bytes())
}

/// ZFS has four labels of 256 KiB, two at each end; the second half of each is a ring of 128
/// uberblocks.
pub(super) fn find_zfs<E>(image: &mut Image<'_, E>, found: &mut Vec<Found>) -> Result<(), E> {
    const LABEL: u64 = 256 * 1024;
    const MAGIC: [u8; 8] = [0x0c, 0xb1, 0xba, 0, 0, 0, 0, 0];
    const SWAPPED: [u8; 8] = [0, 0, 0, 0, 0, 0xba, 0xb1, 0x0c];
    let Some(end) = (image.size / LABEL).checked_sub(4).map(|_| image.size / LABEL * LABEL) else {
        return Ok(());
    };
    // A look at the first uberblock of each label's ring, and only where that is one at the whole
    // ring.
    let mut blocks = Vec::new();
    for label in [0, LABEL, end - 2 * LABEL, end - LABEL] {
        let ring = label + LABEL / 2;
        for place in (ring..ring + LABEL / 2).step_by(1024) {
            if image.has(place, &MAGIC)? || image.has(place, &SWAPPED)? {
                blocks.push(Found::new("zfs_member", place, MAGIC.len()));
            } else if place == ring && blocks.is_empty() {
                break;
            }
        }
    }
    // Fewer are leftovers that nothing would take for a pool.
    if blocks.len() >= 4 {
        found.append(&mut blocks);
    }
    Ok(())
}
