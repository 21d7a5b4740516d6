//! PVs and history.

use super::fields::{Context, Fields, Place, fits};
use super::{ReadError, ReadFault};
use crate::codec::flags;
use crate::format::text::{Item, Section};
use crate::model::flags::PvFlags;
use crate::model::lv::{HistoricalLv, HistoryName};
use crate::model::pv::Pv;
use crate::units::{ExtentSize, Extents, Sectors};
use std_alloc::vec::Vec;

pub(super) fn read_pvs(
    context: &mut Context<'_>,
    fields: &mut Fields<'_, '_>,
    extent_size: ExtentSize,
) -> Result<Vec<Pv>, ReadError> {
    let section = fields.take_section(context, "physical_volumes")?;
    let (section, _) = fields.need(context, "physical_volumes", section)?;
    let parent = fields.place();
    let parent = Place { parent: Some(&parent), key: "physical_volumes" };
    let mut pvs = Vec::with_capacity(section.entries.len());
    let mut total = Extents::ZERO;
    for entry in &section.entries {
        let place = Place { parent: Some(&parent), key: &entry.key };
        let Item::Section(inner) = &entry.item else {
            return Err(context.error(place, entry.at, ReadFault::Type("section")));
        };
        let pv = read_pv(context, inner, entry.at, place)?;
        total += pv.pe_count;
        if !fits(pv.pe_start, extent_size.checked_to_sectors(total)) {
            return Err(context.error(place, entry.at, ReadFault::Size));
        }
        pvs.push(pv);
    }
    Ok(pvs)
}

fn read_pv(
    context: &mut Context<'_>,
    section: &Section<'_>,
    at: u32,
    place: Place<'_>,
) -> Result<Pv, ReadError> {
    let mut fields = Fields::new(section, at, place);
    let id = fields.uuid(context, "id")?;
    let id = fields.need(context, "id", id)?;
    let device_hint = fields.string(context, "device")?.unwrap_or_default();
    let id_type = fields.string(context, "device_id_type")?;
    let device_id = fields.string(context, "device_id")?;
    let mut found = PvFlags::default();
    for word in fields.strings(context, "status")? {
        let known = flags::set(&mut found, &flags::PV_STATUS, word)
            || flags::set(&mut found, &flags::PV_FLAGS, word);
        if !known {
            context.note(place, &["status ", word].concat());
        }
    }
    for word in fields.strings(context, "flags")? {
        if !flags::set(&mut found, &flags::PV_FLAGS, word) {
            context.note(place, &["flag ", word].concat());
        }
    }
    let tags = fields.tags(context)?;
    let device_size = fields.sectors(context, "dev_size")?;
    let pe_start = fields.sectors(context, "pe_start")?;
    let pe_start = fields.need(context, "pe_start", pe_start)?;
    let pe_count = fields.extents(context, "pe_count")?;
    let pe_count = fields.need(context, "pe_count", pe_count)?;
    let area_start = fields.sectors(context, "ba_start")?;
    let area_size = fields.sectors(context, "ba_size")?;
    let bootloader_area = area_start.zip(area_size);
    if let Some((start, size)) = bootloader_area
        && !fits(start, Some(size))
    {
        return Err(fields.error(context, "ba_size", ReadFault::Size));
    }
    fields.finish(context)?;
    Ok(Pv {
        id,
        device_hint,
        device_id: id_type.zip(device_id),
        flags: found,
        tags,
        device_size,
        pe_start,
        pe_count,
        bootloader_area: bootloader_area.filter(|(start, _)| *start != Sectors::ZERO),
    })
}

pub(super) fn read_history(
    context: &mut Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<Vec<HistoricalLv>, ReadError> {
    const KEY: &str = "historical_logical_volumes";
    let Some((section, _)) = fields.take_section(context, KEY)? else {
        return Ok(Vec::new());
    };
    let parent = fields.place();
    let parent = Place { parent: Some(&parent), key: KEY };
    let mut history = Vec::with_capacity(section.entries.len());
    for entry in &section.entries {
        let place = Place { parent: Some(&parent), key: &entry.key };
        let Item::Section(inner) = &entry.item else {
            return Err(context.error(place, entry.at, ReadFault::Type("section")));
        };
        let mut fields = Fields::new(inner, entry.at, place);
        let name = fields.to_lv_name(context, "", &entry.key)?;
        let id = fields.uuid(context, "id")?;
        let id = fields.need(context, "id", id)?;
        let creation_time = fields.number(context, "creation_time")?;
        let removal_time = fields.number(context, "removal_time")?;
        let origin = fields.text(context, "origin")?;
        let origin = origin.map(|text| history_name(context, &fields, "origin", text));
        let descendants = fields.strings(context, "descendants")?.into_iter();
        let descendants: Result<Vec<HistoryName>, ReadError> =
            descendants.map(|text| history_name(context, &fields, "descendants", text)).collect();
        history.push(HistoricalLv {
            name,
            id,
            creation_time,
            removal_time,
            origin: origin.transpose()?,
            descendants: descendants?,
        });
        fields.finish(context)?;
    }
    Ok(history)
}

fn history_name(
    context: &Context<'_>,
    fields: &Fields<'_, '_>,
    key: &str,
    text: &str,
) -> Result<HistoryName, ReadError> {
    match text.strip_prefix('-') {
        Some(name) => fields.to_lv_name(context, key, name).map(HistoryName::Historical),
        None => fields.to_lv_name(context, key, text).map(HistoryName::Live),
    }
}
