//! A segment's section.

use super::vg::push_tags;
use super::writer::{Writer, historical};
use crate::codec::flags;
use crate::model::segment::{
    Area, Cache, CacheMode, CachePool, CacheSettings, CowRole, Integrity, Mirror, Raid, RaidLevel,
    Segment, SegmentKind, SettingValue, Snapshot, Striped, Thin, ThinMessage, ThinOrigin, ThinPool,
    VdoPool, WriteCache,
};
use crate::units::Extents;
use std_alloc::string::{String, ToString};

pub(super) fn push_segment(writer: &mut Writer<'_>, segment: &Segment) {
    writer.number("start_extent", segment.start.get());
    writer.start_number("extent_count", segment.extents.get());
    writer.end_with_extents(segment.extents);
    writer.number_if("reshape_count", segment.reshape.map(Extents::get));
    writer.blank();
    push_type(writer, segment);
    push_tags(writer, &segment.tags);
    match &segment.kind {
        SegmentKind::Striped(striped) => push_striped(writer, striped),
        SegmentKind::Mirror(mirror) => push_mirror(writer, mirror),
        SegmentKind::Snapshot(snapshot) => push_snapshot(writer, snapshot),
        SegmentKind::Raid(raid) => push_raid(writer, raid),
        SegmentKind::ThinPool(pool) => push_thin_pool(writer, pool),
        SegmentKind::Thin(thin) => push_thin(writer, thin),
        SegmentKind::CachePool(pool) => push_cache_pool(writer, pool),
        SegmentKind::Cache(cache) => push_cache(writer, cache),
        SegmentKind::WriteCache(cache) => push_write_cache(writer, cache),
        SegmentKind::Integrity(integrity) => push_integrity(writer, integrity),
        SegmentKind::Vdo(vdo) => {
            writer.text("vdo_pool", vdo.pool.as_str());
            writer.number("vdo_offset", vdo.offset.get());
        }
        SegmentKind::VdoPool(pool) => push_vdo_pool(writer, pool),
        SegmentKind::Error | SegmentKind::Zero => {}
        SegmentKind::Unknown(_) => unreachable!("a VG with unknown content is not written"),
    }
}

fn push_type(writer: &mut Writer<'_>, segment: &Segment) {
    let mut text = String::from(segment.type_name());
    for flag in flags::names(&segment.flags, &flags::SEGMENT_FLAGS) {
        text.push('+');
        text.push_str(flag);
    }
    writer.text("type", &text);
}

/// A list of pairs of a name and a first extent, one pair a line.
fn push_areas(writer: &mut Writer<'_>, key: &str, areas: &[Area]) {
    writer.blank();
    writer.open_list(key);
    for (place, area) in areas.iter().enumerate() {
        writer.start();
        let start = match area {
            Area::Pv { pv, start } => {
                writer.push(b"\"pv");
                writer.push_number(u64::from(pv.0));
                writer.push(b"\"");
                start.get()
            }
            Area::Lv { lv, start } => {
                writer.push_quoted(lv.as_str());
                start.get()
            }
        };
        writer.push(b", ");
        writer.push_number(start);
        if place + 1 < areas.len() {
            writer.push(b",");
        }
        writer.end();
    }
    writer.close_list();
}

fn count<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).expect("items are in memory")
}

fn push_striped(writer: &mut Writer<'_>, striped: &Striped) {
    writer.start_number("stripe_count", count(&striped.areas));
    if striped.areas.len() == 1 {
        writer.end_with("linear");
    } else {
        writer.end();
    }
    if let Some(size) = striped.stripe_size {
        writer.start_number("stripe_size", size.get());
        writer.end_with_size(size.get());
    }
    push_areas(writer, "stripes", &striped.areas);
}

fn push_mirror(writer: &mut Writer<'_>, mirror: &Mirror) {
    writer.number("mirror_count", count(&mirror.areas));
    if let Some(moved) = mirror.extents_moved {
        writer.start_number("extents_moved", moved.get());
        writer.end_with_extents(moved);
    }
    writer.text_if("mirror_log", mirror.log.as_ref());
    writer.sectors_if("region_size", mirror.region_size);
    push_areas(writer, "mirrors", &mirror.areas);
}

fn push_snapshot(writer: &mut Writer<'_>, snapshot: &Snapshot) {
    writer.number("chunk_size", snapshot.chunk_size.get());
    writer.text("origin", snapshot.origin.as_str());
    let key = match snapshot.role {
        CowRole::Store => "cow_store",
        CowRole::Merging => "merging_store",
    };
    writer.text(key, snapshot.cow.as_str());
}

fn push_raid(writer: &mut Writer<'_>, raid: &Raid) {
    let striped = matches!(raid.level, RaidLevel::Raid0 | RaidLevel::Raid0Meta);
    let key = if striped { "stripe_count" } else { "device_count" };
    writer.number(key, count(&raid.images));
    writer.number_if("data_copies", raid.data_copies);
    writer.sectors_if("region_size", raid.region_size);
    writer.sectors_if("stripe_size", raid.stripe_size);
    writer.number_if("writebehind", raid.write_behind);
    writer.number_if("min_recovery_rate", raid.min_recovery_rate);
    writer.number_if("max_recovery_rate", raid.max_recovery_rate);
    writer.sectors_if("data_offset", raid.data_offset);
    writer.blank();
    let data_only = raid.level == RaidLevel::Raid0;
    writer.open_list(if data_only { "raid0_lvs" } else { "raids" });
    for (place, image) in raid.images.iter().enumerate() {
        writer.start();
        if let Some(metadata) = &image.metadata {
            writer.push_quoted(metadata.as_str());
            writer.push(b", ");
        }
        writer.push_quoted(image.data.as_str());
        if place + 1 < raid.images.len() {
            writer.push(b",");
        }
        writer.end();
    }
    writer.close_list();
}

fn push_thin_pool(writer: &mut Writer<'_>, pool: &ThinPool) {
    writer.text("metadata", pool.metadata.as_str());
    writer.text("pool", pool.data.as_str());
    writer.number("transaction_id", pool.transaction_id);
    writer.start_number("chunk_size", pool.chunk_size.get());
    writer.end_with_size(pool.chunk_size.get());
    if let Some(discards) = pool.discards {
        writer.text("discards", discards.as_str());
    }
    if pool.zero_new_blocks {
        writer.number("zero_new_blocks", 1_u64);
    }
    writer.number_if("crop_metadata", pool.crop_metadata);
    if !pool.messages.is_empty() {
        writer.blank();
    }
    for (number, message) in (1..).zip(&pool.messages) {
        writer.open_numbered("message", number);
        match message {
            ThinMessage::Create(name) => writer.text("create", name.as_str()),
            ThinMessage::Delete(number) => writer.number("delete", *number),
        }
        writer.close();
    }
}

fn push_thin(writer: &mut Writer<'_>, thin: &Thin) {
    writer.text("thin_pool", thin.pool.as_str());
    writer.number("transaction_id", thin.transaction_id);
    writer.number("device_id", thin.device_id);
    writer.text_if("external_origin", thin.external_origin.as_ref());
    match &thin.origin {
        None => {}
        Some(ThinOrigin::Live(name)) => writer.text("origin", name.as_str()),
        Some(ThinOrigin::Historical(name)) => writer.text("origin", &historical(name.as_str())),
    }
    writer.text_if("merge", thin.merge.as_ref());
}

fn push_cache_settings(writer: &mut Writer<'_>, settings: &CacheSettings) {
    writer.sectors_if("chunk_size", settings.chunk_size);
    writer.text_if("cache_mode", settings.mode.map(CacheMode::as_str));
    writer.text_if("policy", settings.policy.as_ref());
    let Some(policy_settings) = &settings.policy_settings else {
        return;
    };
    writer.open("policy_settings");
    for (key, value) in policy_settings {
        writer.start();
        if !writer.is_file() {
            // Printed by LVM2's configuration printer, which indents on disk too.
            writer.push(b"\t");
        }
        writer.push(key.as_bytes());
        writer.push(b"=");
        match value {
            SettingValue::Number(number) => writer.push(number.to_string().as_bytes()),
            SettingValue::Text(text) => writer.push_quoted(text),
        }
        writer.end();
    }
    writer.close();
}

fn push_cache_pool(writer: &mut Writer<'_>, pool: &CachePool) {
    writer.text("data", pool.data.as_str());
    writer.text("metadata", pool.metadata.as_str());
    writer.number_if("metadata_format", pool.metadata_format);
    push_cache_settings(writer, &pool.settings);
}

fn push_cache(writer: &mut Writer<'_>, cache: &Cache) {
    writer.text("cache_pool", cache.pool.as_str());
    writer.text("origin", cache.origin.as_str());
    writer.number_if("cleaner", cache.cleaner);
    writer.number_if("metadata_format", cache.metadata_format);
    push_cache_settings(writer, &cache.settings);
    if let Some(layout) = &cache.layout {
        writer.number("metadata_start", layout.metadata_start.get());
        writer.number("metadata_len", layout.metadata_len.get());
        writer.number("data_start", layout.data_start.get());
        writer.number("data_len", layout.data_len.get());
        writer.text_if("metadata_id", layout.metadata_id.map(|id| id.to_string()));
        writer.text_if("data_id", layout.data_id.map(|id| id.to_string()));
    }
}

fn push_setting(writer: &mut Writer<'_>, key: &str, value: &SettingValue) {
    match value {
        SettingValue::Number(number) => writer.signed(key, *number),
        SettingValue::Text(text) => writer.text(key, text),
    }
}

fn push_write_cache(writer: &mut Writer<'_>, cache: &WriteCache) {
    writer.text("writecache", cache.writecache.as_str());
    writer.text("origin", cache.origin.as_str());
    writer.number("writecache_block_size", cache.block_size);
    for (key, value) in &cache.settings {
        push_setting(writer, key, value);
    }
}

fn push_integrity(writer: &mut Writer<'_>, integrity: &Integrity) {
    writer.text("origin", integrity.origin.as_str());
    writer.number("data_sectors", integrity.data_sectors.get());
    writer.text("mode", &integrity.mode);
    writer.number("tag_size", integrity.tag_size);
    writer.number("block_size", integrity.block_size);
    writer.text("internal_hash", &integrity.internal_hash);
    writer.text_if("meta_dev", integrity.metadata.as_ref());
    for (key, value) in &integrity.settings {
        push_setting(writer, key, value);
    }
}

fn push_vdo_pool(writer: &mut Writer<'_>, pool: &VdoPool) {
    writer.text("data", pool.data.as_str());
    writer.start_number("header_size", pool.header_size.get());
    writer.end_with_size(pool.header_size.get());
    writer.start_number("virtual_extents", pool.virtual_extents.get());
    writer.end_with_extents(pool.virtual_extents);
    writer.blank();
    for (key, value) in &pool.settings {
        match (key.as_str(), value) {
            (
                "block_map_cache_size_mb" | "index_memory_size_mb" | "slab_size_mb",
                SettingValue::Number(number),
            ) => writer.megabytes(key, *number),
            ("write_policy", SettingValue::Text(word)) => writer.word(key, word),
            _ => push_setting(writer, key, value),
        }
    }
}
