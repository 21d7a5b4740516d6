//! Where things lie on a new PV: metadata areas, bootloader area, data.

use crate::ops::settings::Settings;
use crate::ops::system::Alignment;
use crate::units::{Bytes, ExtentSize, Extents, Sectors};
use std_alloc::vec::Vec;

/// What a user may say about the layout of a new PV; `None` is the configuration's.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Parameters {
    /// `-Z`: whether the first 2 KiB are zeroed; by default yes, unless a UUID or a restore file is
    /// given.
    pub zero: Option<bool>,
    /// `--labelsector`; by default 1.
    pub label_sector: Option<u64>,
    /// `--pvmetadatacopies`: 0 to 2.
    pub metadata_copies: Option<u32>,
    /// `--metadatasize`.
    pub metadata_size: Option<Sectors>,
    /// `--metadataignore`.
    pub metadata_ignore: Option<bool>,
    /// `--dataalignment`; 0 is none.
    pub data_alignment: Option<Sectors>,
    /// `--dataalignmentoffset`; 0 is none.
    pub data_alignment_offset: Option<Sectors>,
    /// `--bootloaderareasize`.
    pub bootloader_size: Option<Sectors>,
    /// `--setphysicalvolumesize`.
    pub device_size: Option<Sectors>,
}

/// Where the first metadata area begins: behind the sectors that labels are looked for in, at a
/// multiple of the page size.
const METADATA_START: Sectors = Sectors::new(8);

/// The shortest metadata area: eight pages.
const METADATA_SIZE_MIN: Sectors = Sectors::new(64);

/// The size of a metadata area that nobody asked for: it ends at 1 MiB.
const METADATA_SIZE_DEFAULT: Sectors = Sectors::new(2040);

/// Alignment of the data if the configuration's default is 0.
const ALIGNMENT_DEFAULT: Sectors = Sectors::new(128);

/// All that decides the layout of a PV.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plot {
    /// The size of the device, or what it is pretended to be.
    pub size: Sectors,
    /// Multiples of this are where things begin; not zero.
    pub alignment: Sectors,
    /// How far behind such a multiple the data begins.
    pub offset: Sectors,
    /// How many metadata areas: 0 to 2.
    pub copies: u32,
    /// How long they shall be at least.
    pub metadata_size: Option<Sectors>,
    /// How long the bootloader area shall be at least; 0 is none.
    pub bootloader_size: Sectors,
    /// What is given: the PV is made again.
    pub restored: Option<Restored>,
}

/// The layout that a PV made again has to keep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Restored {
    /// Where its data begins.
    pub pe_start: Sectors,
    /// How long its extents are in all.
    pub extents: Sectors,
    /// Its bootloader area: start and length.
    pub bootloader_area: Option<(Sectors, Sectors)>,
}

/// Where things lie on a PV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// Where extent 0 begins.
    pub pe_start: Sectors,
    /// The metadata areas, ascending: start and length.
    pub metadata_areas: Vec<(Sectors, Sectors)>,
    /// The bootloader area: start and length.
    pub bootloader_area: Option<(Sectors, Sectors)>,
}

/// Why a PV cannot be laid out like that.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// The first aligned place is behind the end of the device.
    #[error("Data alignment must not exceed device size.")]
    Alignment,
    /// The offset is longer than the alignment.
    #[error(
        "pe_align ({alignment} sectors) must not be less than pe_align_offset ({offset} sectors)"
    )]
    Offset {
        /// The alignment.
        alignment: Sectors,
        /// The offset.
        offset: Sectors,
    },
    /// The bootloader area does not fit.
    #[error("Bootloader area with data-aligned start must not exceed device size.")]
    Bootloader,
    /// The bootloader area that is restored reaches into the data.
    #[error("Bootloader area would overlap data area.")]
    BootloaderOverData,
    /// The extents that are restored do not fit the device.
    #[error("Physical extents ({} sectors) end beyond end of device ({} sectors).", end, size)]
    Extents {
        /// The end of the last extent.
        end: Sectors,
        /// The size of the device.
        size: Sectors,
    },
    /// A metadata area would be too short.
    #[error("Not enough space available for metadata area with index {index}: {size} bytes left, at least {} are needed.", METADATA_SIZE_MIN.to_bytes())]
    Metadata {
        /// Which, from 0.
        index: u32,
        /// How much would be left for it.
        size: Bytes,
    },
}

/// Returns the alignment of a PV's data and its offset on a device.
///
/// What the user says comes first, then what the configuration says, then the kernel's advice where
/// the default alignment is no multiple of it, then the default.
pub fn alignment(
    settings: &Settings,
    advice: Alignment,
    parameters: &Parameters,
) -> (Sectors, Sectors) {
    let given = |length: Option<Sectors>| length.filter(|length| !length.is_zero());
    let configured = Some(settings.data_alignment).filter(|length| !length.is_zero());
    let alignment = given(parameters.data_alignment)
        .or(configured)
        .unwrap_or_else(|| detected_alignment(settings, advice));
    let advised = if settings.data_alignment_offset_detection {
        advice.offset.to_sectors_floor()
    } else {
        Sectors::ZERO
    };
    let offset = given(parameters.data_alignment_offset).unwrap_or(advised);
    (alignment, offset)
}

fn detected_alignment(settings: &Settings, advice: Alignment) -> Sectors {
    let default = if settings.default_data_alignment.is_zero() {
        ALIGNMENT_DEFAULT
    } else {
        settings.default_data_alignment
    };
    if !settings.data_alignment_detection {
        return default;
    }
    // The preferred unit wins over the smallest one; either only if the default does not fit it.
    [advice.optimal_io, advice.minimum_io]
        .into_iter()
        .map(Bytes::to_sectors_floor)
        .find(|unit| !unit.is_zero() && !default.is_multiple_of(*unit))
        .unwrap_or(default)
}

/// Decides where things lie on a PV.
///
/// # Errors
/// If something does not fit.
pub fn lay_out(plot: &Plot) -> Result<Layout, LayoutError> {
    assert!(!plot.alignment.is_zero(), "an alignment is not zero");
    match plot.restored {
        Some(restored) => lay_out_restored(plot, &restored),
        None => lay_out_new(plot),
    }
}

fn lay_out_new(plot: &Plot) -> Result<Layout, LayoutError> {
    let (size, alignment, offset) = (plot.size, plot.alignment, plot.offset);
    let first = alignment
        .checked_add(offset)
        .filter(|first| *first <= size)
        .ok_or(LayoutError::Alignment)?;
    if alignment < offset {
        return Err(LayoutError::Offset { alignment, offset });
    }
    let behind = size - first;
    if plot.bootloader_size > behind {
        return Err(LayoutError::Bootloader);
    }
    let bootloader = plot
        .bootloader_size
        .checked_round_up(alignment)
        .map_or(behind, |rounded| rounded.min(behind));
    let metadata_size =
        plot.metadata_size.filter(|size| !size.is_zero()).unwrap_or(METADATA_SIZE_DEFAULT);

    let mut metadata_areas = Vec::new();
    let mut next = first;
    if plot.copies > 0 {
        let limit = size - bootloader;
        let end = first_area_end(plot, metadata_size, limit)
            .ok_or(LayoutError::Metadata { index: 0, size: Bytes::ZERO })?;
        metadata_areas.push(checked_area(0, METADATA_START, end)?);
        next = end;
    }
    let bootloader_area = (!bootloader.is_zero()).then_some((next, bootloader));
    let pe_start = next + bootloader;
    assert!(pe_start <= size, "the areas in front of the data fit the device");
    if plot.copies > 1 {
        metadata_areas.push(last_area(plot, metadata_size, pe_start)?);
    }
    Ok(Layout { pe_start, metadata_areas, bootloader_area })
}

/// Returns where the first metadata area of a new PV ends, if it can begin at all.
fn first_area_end(plot: &Plot, metadata_size: Sectors, limit: Sectors) -> Option<Sectors> {
    let room = limit.checked_sub(METADATA_START)?;
    if metadata_size > room {
        // All there is, but two units for data, unless there is not so much.
        let spare = plot.alignment.checked_add(plot.alignment);
        let left = spare.and_then(|spare| room.checked_sub(spare));
        let length = left.filter(|left| !left.is_zero()).unwrap_or(room);
        let end = METADATA_START + length;
        let aligned = end.checked_round_up(plot.alignment);
        return Some(aligned.filter(|aligned| *aligned <= limit).unwrap_or(end));
    }
    let end = METADATA_START + metadata_size;
    let aligned = end.checked_round_up(plot.alignment).filter(|aligned| *aligned <= limit);
    let Some(aligned) = aligned else {
        return Some(end);
    };
    let moved = aligned.checked_add(plot.offset);
    Some(moved.filter(|moved| *moved <= limit).unwrap_or(aligned))
}

/// Returns the metadata area at the end of the device, behind `limit`.
fn last_area(
    plot: &Plot,
    metadata_size: Sectors,
    limit: Sectors,
) -> Result<(Sectors, Sectors), LayoutError> {
    let start = plot.size.saturating_sub(metadata_size).round_down(plot.alignment).max(limit);
    checked_area(1, start, plot.size)
}

fn checked_area(
    index: u32,
    start: Sectors,
    end: Sectors,
) -> Result<(Sectors, Sectors), LayoutError> {
    let length = end.saturating_sub(start);
    if length < METADATA_SIZE_MIN {
        let size = length.to_bytes();
        return Err(LayoutError::Metadata { index, size });
    }
    Ok((start, length))
}

fn lay_out_restored(plot: &Plot, restored: &Restored) -> Result<Layout, LayoutError> {
    let pe_start = restored.pe_start;
    let overflow = LayoutError::Extents { end: Sectors::new(u64::MAX), size: plot.size };
    let end = pe_start.checked_add(restored.extents).ok_or(overflow)?;
    let bootloader_end = restored.bootloader_area.map(|(start, length)| start.checked_add(length));
    if bootloader_end.is_some_and(|end| end.is_none_or(|end| end > pe_start)) {
        return Err(LayoutError::BootloaderOverData);
    }
    if end > plot.size {
        return Err(LayoutError::Extents { end, size: plot.size });
    }
    let metadata_size = plot.metadata_size.filter(|size| !size.is_zero()).unwrap_or(pe_start);
    let mut metadata_areas = Vec::new();
    if plot.copies > 0 {
        let limit = restored.bootloader_area.map_or(pe_start, |(start, _)| start);
        let limit = limit.max(METADATA_START);
        let wanted = METADATA_START.checked_add(metadata_size);
        let wanted = wanted.filter(|wanted| *wanted <= limit).unwrap_or(limit);
        let aligned = wanted.checked_round_up(plot.alignment);
        let area_end = aligned.filter(|aligned| *aligned <= limit).unwrap_or(wanted);
        metadata_areas.push(checked_area(0, METADATA_START, area_end)?);
    }
    if plot.copies > 1 {
        metadata_areas.push(last_area(plot, metadata_size, end)?);
    }
    Ok(Layout { pe_start, metadata_areas, bootloader_area: restored.bootloader_area })
}

/// Returns how many extents fit on a PV between `pe_start` and what lies behind the data.
pub fn extent_count(
    size: Sectors,
    pe_start: Sectors,
    metadata_areas: &[(Sectors, Sectors)],
    extent_size: ExtentSize,
) -> Extents {
    let behind: Sectors = metadata_areas
        .iter()
        .filter(|(start, _)| *start >= pe_start)
        .map(|(_, length)| *length)
        .fold(Sectors::ZERO, |sum, length| Sectors::new(sum.get().saturating_add(length.get())));
    extent_size.extents_floor(size.saturating_sub(pe_start).saturating_sub(behind))
}

#[cfg(test)]
mod tests;
