//! Reading labels: any bytes give a value or a reason.

use super::{
    AREA_SIZE, CRC_AT, DiskArea, Found, HEADER_OFFSET_AT, LABEL_END, LABEL_SCAN_SECTORS,
    LABEL_SECTOR_SIZE, Label, LabelFault, PV_HEADER_FIXED, PvExtension, PvHeader, SECTOR_AT,
    SIGNATURE, TYPE, TYPE_AT,
};
use crate::crc::crc;
use crate::id::Uuid;
use crate::units::Bytes;
use std_alloc::vec::Vec;

/// Looks for labels in the first sectors of a device. `head` may be shorter or longer than the
/// searched part.
pub fn find(head: &[u8]) -> Found {
    let mut found = Found::default();
    let sectors = head.chunks(LABEL_SECTOR_SIZE);
    for (number, sector) in (0..LABEL_SCAN_SECTORS).zip(sectors) {
        if !sector.starts_with(SIGNATURE) {
            continue;
        }
        match decode(sector, number) {
            Ok(Decoded::Pv(label)) if found.label.is_none() => found.label = Some(label),
            Ok(Decoded::Pv(_)) => found.further.push(number),
            Ok(Decoded::Foreign(kind)) => found.foreign.push((number, kind)),
            Err(fault) => found.damaged.push((number, fault)),
        }
    }
    found
}

enum Decoded {
    Pv(Label),
    Foreign([u8; 8]),
}

fn decode(sector: &[u8], number: u8) -> Result<Decoded, LabelFault> {
    let short = LabelFault::Short(sector.len());
    let sector: &[u8; LABEL_SECTOR_SIZE] = sector.try_into().map_err(|_| short)?;
    let stored_sector = u64_at(sector, SECTOR_AT);
    if stored_sector != u64::from(number) {
        return Err(LabelFault::Sector { stored: stored_sector, found: number });
    }
    let stored = u32_at(sector, CRC_AT);
    let computed = crc(&sector[HEADER_OFFSET_AT..]);
    if stored != computed {
        return Err(LabelFault::Checksum { stored, computed });
    }
    let kind: [u8; 8] = array_at(sector, TYPE_AT);
    if kind != *TYPE {
        return Ok(Decoded::Foreign(kind));
    }
    let offset = u32_at(sector, HEADER_OFFSET_AT);
    let bad_offset = LabelFault::HeaderOffset(offset);
    let start = usize::try_from(offset).map_err(|_| bad_offset)?;
    if !(LABEL_END..=LABEL_SECTOR_SIZE - PV_HEADER_FIXED).contains(&start) {
        return Err(bad_offset);
    }
    let header = decode_header(sector, start)?;
    Ok(Decoded::Pv(Label { sector: number, header }))
}

fn decode_header(sector: &[u8; LABEL_SECTOR_SIZE], start: usize) -> Result<PvHeader, LabelFault> {
    let id = Uuid::from_raw(array_at(sector, start)).map_err(LabelFault::Uuid)?;
    let device_size = Bytes::new(u64_at(sector, start + 32));
    let mut at = start + PV_HEADER_FIXED;
    let data_areas = take_areas(sector, &mut at).ok_or(LabelFault::Unended("data"))?;
    let metadata_areas = take_areas(sector, &mut at).ok_or(LabelFault::Unended("metadata"))?;
    Ok(PvHeader {
        id,
        device_size,
        data_areas,
        metadata_areas,
        extension: decode_extension(sector, at)?,
    })
}

/// Headers of old tools end here: with zeros, or with the sector.
fn decode_extension(
    sector: &[u8; LABEL_SECTOR_SIZE],
    start: usize,
) -> Result<Option<PvExtension>, LabelFault> {
    if start + 8 > LABEL_SECTOR_SIZE {
        return Ok(None);
    }
    let version = u32_at(sector, start);
    if version == 0 {
        return Ok(None);
    }
    let mut at = start + 8;
    let bootloader_areas = take_areas(sector, &mut at).ok_or(LabelFault::Unended("bootloader"))?;
    Ok(Some(PvExtension { version, flags: u32_at(sector, start + 4), bootloader_areas }))
}

/// Reads areas from `at` on and moves it behind the entry that ends the list.
fn take_areas(sector: &[u8; LABEL_SECTOR_SIZE], at: &mut usize) -> Option<Vec<DiskArea>> {
    let mut areas = Vec::new();
    loop {
        if *at + AREA_SIZE > LABEL_SECTOR_SIZE {
            return None;
        }
        let area = DiskArea {
            offset: Bytes::new(u64_at(sector, *at)),
            size: Bytes::new(u64_at(sector, *at + 8)),
        };
        *at += AREA_SIZE;
        if area.offset.is_zero() {
            return Some(areas);
        }
        areas.push(area);
    }
}

fn array_at<const N: usize>(sector: &[u8; LABEL_SECTOR_SIZE], at: usize) -> [u8; N] {
    sector[at..at + N].try_into().expect("the slice has this length")
}

fn u32_at(sector: &[u8; LABEL_SECTOR_SIZE], at: usize) -> u32 {
    u32::from_le_bytes(array_at(sector, at))
}

fn u64_at(sector: &[u8; LABEL_SECTOR_SIZE], at: usize) -> u64 {
    u64::from_le_bytes(array_at(sector, at))
}
