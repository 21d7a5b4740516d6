//! A segment's section, from its tree.

use super::area::{read_areas, unknown_kind};
use super::fields::{Context, Fields, Place};
use super::lv::Scope;
use super::settings::{INTEGRITY, VDO_POOL, WRITE_CACHE, read_policy_settings, take_settings};
use super::{ReadError, ReadFault};
use crate::codec::flags;
use crate::format::text::{Item, Section};
use crate::model::flags::SegmentFlags;
use crate::model::segment::{
    Cache, CacheMode, CachePool, CacheSettings, CacheVolLayout, CowRole, Discards, Integrity,
    Mirror, Raid, RaidImage, RaidLevel, Segment, SegmentKind, SettingValue, Snapshot, Striped,
    Thin, ThinMessage, ThinOrigin, ThinPool, Vdo, VdoPool, WriteCache,
};
use crate::units::Le;
use std_alloc::borrow::ToOwned;
use std_alloc::boxed::Box;
use std_alloc::vec::Vec;

pub(super) fn read_segment(
    context: &mut Context<'_>,
    scope: &Scope,
    section: &Section<'_>,
    at: u32,
    place: Place<'_>,
) -> Result<Segment, ReadError> {
    let mut fields = Fields::new(section, at, place);
    let start = fields.extents(context, "start_extent")?;
    let start = fields.need(context, "start_extent", start)?;
    let extents = fields.extents(context, "extent_count")?;
    let extents = fields.need(context, "extent_count", extents)?;
    if extents.is_zero() {
        return Err(fields.error(context, "extent_count", ReadFault::Range(0)));
    }
    let reshape = fields.extents(context, "reshape_count")?;
    let type_text = fields.need_text(context, "type")?;
    let tags = fields.tags(context)?;
    let (word, segment_flags) = split_type(type_text);
    let known = match segment_flags {
        Some(_) => read_kind(context, scope, &mut fields, word)?,
        None => None,
    };
    let kind = if let Some(kind) = known {
        fields.finish(context)?;
        kind
    } else {
        context.note(place, &["segment type ", type_text].concat());
        unknown_kind(context, scope, section, at, type_text)
    };
    Ok(Segment {
        start: Le::new(start.get()),
        extents,
        reshape,
        tags,
        flags: segment_flags.unwrap_or_default(),
        kind,
    })
}

/// Splits `type+FLAG+FLAG`; no flags if one of them is not known.
fn split_type(text: &str) -> (&str, Option<SegmentFlags>) {
    let mut parts = text.split('+');
    let word = parts.next().unwrap_or_default();
    let mut found = SegmentFlags::default();
    let known = parts.all(|part| flags::set(&mut found, &flags::SEGMENT_FLAGS, part));
    (word, known.then_some(found))
}

/// Reads the fields of a kind; `None` if the type is not known.
fn read_kind(
    context: &mut Context<'_>,
    scope: &Scope,
    fields: &mut Fields<'_, '_>,
    word: &str,
) -> Result<Option<SegmentKind>, ReadError> {
    Ok(Some(match word {
        "striped" | "linear" => SegmentKind::Striped(read_striped(context, scope, fields)?),
        "mirror" => SegmentKind::Mirror(Box::new(read_mirror(context, scope, fields)?)),
        "snapshot" => SegmentKind::Snapshot(Box::new(read_snapshot(context, fields)?)),
        "thin-pool" => SegmentKind::ThinPool(Box::new(read_thin_pool(context, fields)?)),
        "thin" => SegmentKind::Thin(Box::new(read_thin(context, fields)?)),
        "cache-pool" => SegmentKind::CachePool(Box::new(read_cache_pool(context, fields)?)),
        "cache" => SegmentKind::Cache(Box::new(read_cache(context, fields)?)),
        "writecache" => SegmentKind::WriteCache(Box::new(read_write_cache(context, fields)?)),
        "integrity" => SegmentKind::Integrity(Box::new(read_integrity(context, fields)?)),
        "vdo" => SegmentKind::Vdo(read_vdo(context, fields)?),
        "vdo-pool" => SegmentKind::VdoPool(Box::new(read_vdo_pool(context, fields)?)),
        "error" => SegmentKind::Error,
        "zero" => SegmentKind::Zero,
        _ => match RaidLevel::from_name(word) {
            Some(level) => SegmentKind::Raid(Box::new(read_raid(context, fields, level)?)),
            None => return Ok(None),
        },
    }))
}

fn read_striped(
    context: &Context<'_>,
    scope: &Scope,
    fields: &mut Fields<'_, '_>,
) -> Result<Striped, ReadError> {
    let count = fields.number(context, "stripe_count")?;
    let count = fields.need(context, "stripe_count", count)?;
    let stripe_size = fields.sectors(context, "stripe_size")?;
    let stripe_size = match count {
        // LVM2 drops it.
        1 => None,
        _ => Some(fields.need(context, "stripe_size", stripe_size)?),
    };
    Ok(Striped { stripe_size, areas: read_areas(context, scope, fields, "stripes", count)? })
}

fn read_mirror(
    context: &Context<'_>,
    scope: &Scope,
    fields: &mut Fields<'_, '_>,
) -> Result<Mirror, ReadError> {
    let count = fields.number(context, "mirror_count")?;
    let count = fields.need(context, "mirror_count", count)?;
    Ok(Mirror {
        extents_moved: fields.extents(context, "extents_moved")?,
        log: fields.lv_name(context, "mirror_log")?,
        region_size: fields.sectors(context, "region_size")?,
        areas: read_areas(context, scope, fields, "mirrors", count)?,
    })
}

fn read_snapshot(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<Snapshot, ReadError> {
    let chunk_size = fields.sectors(context, "chunk_size")?;
    let chunk_size = fields.need(context, "chunk_size", chunk_size)?;
    let origin = fields.need_lv_name(context, "origin")?;
    let store = fields.lv_name(context, "cow_store")?;
    let merging = fields.lv_name(context, "merging_store")?;
    let (cow, role) = match (store, merging) {
        (Some(cow), None) => (cow, CowRole::Store),
        (None, Some(cow)) => (cow, CowRole::Merging),
        (None, None) => return Err(fields.error(context, "cow_store", ReadFault::Missing)),
        (Some(_), Some(_)) => {
            return Err(fields.error(context, "merging_store", ReadFault::Duplicate));
        }
    };
    Ok(Snapshot { chunk_size, origin, cow, role })
}

fn read_raid(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
    level: RaidLevel,
) -> Result<Raid, ReadError> {
    let devices = fields.number::<u32>(context, "device_count")?;
    let stripes = fields.number::<u32>(context, "stripe_count")?;
    let count = match (devices, stripes) {
        (Some(count), None) | (None, Some(count)) => u64::from(count),
        (None, None) => return Err(fields.error(context, "device_count", ReadFault::Missing)),
        (Some(_), Some(_)) => {
            return Err(fields.error(context, "stripe_count", ReadFault::Duplicate));
        }
    };
    let images = read_images(context, fields, level)?;
    let found = u64::try_from(images.len()).expect("images are in memory");
    if count != found || count == 0 {
        let fault = ReadFault::Count { stated: count, found };
        return Err(fields.error(context, "raids", fault));
    }
    Ok(Raid {
        level,
        data_copies: fields.number(context, "data_copies")?,
        region_size: fields.sectors(context, "region_size")?,
        stripe_size: fields.sectors(context, "stripe_size")?,
        write_behind: fields.number(context, "writebehind")?,
        min_recovery_rate: fields.number(context, "min_recovery_rate")?,
        max_recovery_rate: fields.number(context, "max_recovery_rate")?,
        data_offset: fields.sectors(context, "data_offset")?,
        images,
    })
}

/// `raid0_lvs` names data LVs; `raids` metadata and data LVs in turn.
fn read_images(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
    level: RaidLevel,
) -> Result<Vec<RaidImage>, ReadError> {
    let data_only = level == RaidLevel::Raid0;
    let key = if data_only { "raid0_lvs" } else { "raids" };
    let names = fields.strings(context, key)?;
    let mut images = Vec::with_capacity(names.len());
    for group in names.chunks(if data_only { 1 } else { 2 }) {
        let (metadata, data) = match group {
            [data] if data_only => (None, *data),
            [metadata, data] => (Some(*metadata), *data),
            _ => return Err(fields.error(context, key, ReadFault::Type("list of pairs"))),
        };
        let metadata = metadata.map(|name| fields.to_lv_name(context, key, name));
        images.push(RaidImage {
            metadata: metadata.transpose()?,
            data: fields.to_lv_name(context, key, data)?,
        });
    }
    Ok(images)
}

fn read_thin_pool(
    context: &mut Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<ThinPool, ReadError> {
    let metadata = fields.need_lv_name(context, "metadata")?;
    let data = fields.need_lv_name(context, "pool")?;
    let transaction_id = fields.number(context, "transaction_id")?;
    let chunk_size = fields.sectors(context, "chunk_size")?;
    let discards = fields.word(context, "discards", Discards::from_word)?;
    let zero_new_blocks = fields.int(context, "zero_new_blocks")?;
    let crop_metadata = fields.number(context, "crop_metadata")?;
    let mut messages = Vec::new();
    for entry in fields.take_rest() {
        let parent = fields.place();
        let place = Place { parent: Some(&parent), key: &entry.key };
        match &entry.item {
            Item::Section(section) if entry.key.starts_with("message") => {
                messages.push(read_message(context, section, entry.at, place)?);
            }
            Item::Section(_) | Item::Value(_) => context.note(place, "key is not known"),
        }
    }
    Ok(ThinPool {
        metadata,
        data,
        transaction_id: fields.need(context, "transaction_id", transaction_id)?,
        chunk_size: fields.need(context, "chunk_size", chunk_size)?,
        discards,
        zero_new_blocks: zero_new_blocks.is_some_and(|number| number != 0),
        crop_metadata,
        messages,
    })
}

fn read_message(
    context: &mut Context<'_>,
    section: &Section<'_>,
    at: u32,
    place: Place<'_>,
) -> Result<ThinMessage, ReadError> {
    let mut fields = Fields::new(section, at, place);
    let create = fields.lv_name(context, "create")?;
    let delete = fields.number(context, "delete")?;
    let message = match (create, delete) {
        (Some(name), None) => ThinMessage::Create(name),
        (None, Some(number)) => ThinMessage::Delete(number),
        (None, None) => return Err(fields.error(context, "create", ReadFault::Missing)),
        (Some(_), Some(_)) => return Err(fields.error(context, "delete", ReadFault::Duplicate)),
    };
    fields.finish(context)?;
    Ok(message)
}

fn read_thin(context: &Context<'_>, fields: &mut Fields<'_, '_>) -> Result<Thin, ReadError> {
    let pool = fields.need_lv_name(context, "thin_pool")?;
    let transaction_id = fields.number(context, "transaction_id")?;
    let device_id = fields.number(context, "device_id")?;
    let external_origin = fields.lv_name(context, "external_origin")?;
    let origin = match fields.text(context, "origin")? {
        None => None,
        Some(text) => Some(match text.strip_prefix('-') {
            Some(name) => ThinOrigin::Historical(fields.to_lv_name(context, "origin", name)?),
            None => ThinOrigin::Live(fields.to_lv_name(context, "origin", text)?),
        }),
    };
    Ok(Thin {
        pool,
        transaction_id: fields.need(context, "transaction_id", transaction_id)?,
        device_id: fields.need(context, "device_id", device_id)?,
        external_origin,
        origin,
        merge: fields.lv_name(context, "merge")?,
    })
}

fn read_cache_settings(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<CacheSettings, ReadError> {
    let chunk_size = fields.sectors(context, "chunk_size")?;
    let mode = fields.word(context, "cache_mode", CacheMode::from_word)?;
    let policy = fields.string(context, "policy")?;
    let settings = fields.take_section(context, "policy_settings")?;
    let settings = settings.map(|(section, _)| read_policy_settings(context, fields, section));
    Ok(CacheSettings { chunk_size, mode, policy, policy_settings: settings.transpose()? })
}

fn read_cache_pool(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<CachePool, ReadError> {
    Ok(CachePool {
        data: fields.need_lv_name(context, "data")?,
        metadata: fields.need_lv_name(context, "metadata")?,
        // The first format, if it is not named; LVM2 writes it then.
        metadata_format: Some(fields.number(context, "metadata_format")?.unwrap_or(1)),
        settings: read_cache_settings(context, fields)?,
    })
}

fn read_cache(context: &Context<'_>, fields: &mut Fields<'_, '_>) -> Result<Cache, ReadError> {
    Ok(Cache {
        pool: fields.need_lv_name(context, "cache_pool")?,
        origin: fields.need_lv_name(context, "origin")?,
        cleaner: fields.number(context, "cleaner")?,
        metadata_format: fields.number(context, "metadata_format")?,
        settings: read_cache_settings(context, fields)?,
        layout: read_layout(context, fields)?,
    })
}

fn read_layout(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<Option<CacheVolLayout>, ReadError> {
    let Some(metadata_start) = fields.sectors(context, "metadata_start")? else {
        return Ok(None);
    };
    let metadata_len = fields.sectors(context, "metadata_len")?;
    let data_start = fields.sectors(context, "data_start")?;
    let data_len = fields.sectors(context, "data_len")?;
    Ok(Some(CacheVolLayout {
        metadata_start,
        metadata_len: fields.need(context, "metadata_len", metadata_len)?,
        data_start: fields.need(context, "data_start", data_start)?,
        data_len: fields.need(context, "data_len", data_len)?,
        metadata_id: fields.uuid(context, "metadata_id")?,
        data_id: fields.uuid(context, "data_id")?,
    }))
}

fn read_write_cache(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<WriteCache, ReadError> {
    let writecache = fields.need_lv_name(context, "writecache")?;
    let origin = fields.need_lv_name(context, "origin")?;
    let block_size = fields.number(context, "writecache_block_size")?;
    Ok(WriteCache {
        writecache,
        origin,
        block_size: fields.need(context, "writecache_block_size", block_size)?,
        settings: take_settings(context, fields, &WRITE_CACHE)?,
    })
}

fn read_integrity(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<Integrity, ReadError> {
    let origin = fields.need_lv_name(context, "origin")?;
    let data_sectors = fields.sectors(context, "data_sectors")?;
    let mode = fields.need_text(context, "mode")?.to_owned();
    let tag_size = fields.number(context, "tag_size")?;
    let block_size = fields.number(context, "block_size")?;
    let internal_hash = fields.need_text(context, "internal_hash")?.to_owned();
    Ok(Integrity {
        origin,
        data_sectors: fields.need(context, "data_sectors", data_sectors)?,
        mode,
        tag_size: fields.need(context, "tag_size", tag_size)?,
        block_size: fields.need(context, "block_size", block_size)?,
        internal_hash,
        metadata: fields.lv_name(context, "meta_dev")?,
        settings: take_settings(context, fields, &INTEGRITY)?,
    })
}

fn read_vdo(context: &Context<'_>, fields: &mut Fields<'_, '_>) -> Result<Vdo, ReadError> {
    let pool = fields.need_lv_name(context, "vdo_pool")?;
    let offset = fields.extents(context, "vdo_offset")?;
    let offset = fields.need(context, "vdo_offset", offset)?;
    Ok(Vdo { pool, offset: Le::new(offset.get()) })
}

fn read_vdo_pool(context: &Context<'_>, fields: &mut Fields<'_, '_>) -> Result<VdoPool, ReadError> {
    let data = fields.need_lv_name(context, "data")?;
    let header_size = fields.sectors(context, "header_size")?;
    let virtual_extents = fields.extents(context, "virtual_extents")?;
    let mut settings = take_settings(context, fields, &VDO_POOL)?;
    // The default, which LVM2 does not write.
    settings.retain(|(key, value)| {
        key != "write_policy" || *value != SettingValue::Text("auto".to_owned())
    });
    Ok(VdoPool {
        data,
        header_size: fields.need(context, "header_size", header_size)?,
        virtual_extents: fields.need(context, "virtual_extents", virtual_extents)?,
        settings,
    })
}
