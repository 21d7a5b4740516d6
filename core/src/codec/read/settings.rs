//! Keys of segments that are kept as a list of names and values, in the order in which LVM2 writes
//! them.

use super::fields::{Context, Fields};
use super::{ReadError, ReadFault};
use crate::format::text::{Item, Section, Value};
use crate::model::segment::SettingValue;
use std_alloc::borrow::ToOwned;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Of write caches.
pub(super) const WRITE_CACHE: [&str; 13] = [
    "high_watermark",
    "low_watermark",
    "writeback_jobs",
    "autocommit_blocks",
    "autocommit_time",
    "fua",
    "nofua",
    "cleaner",
    "max_age",
    "metadata_only",
    "pause_writeback",
    "writecache_setting_key",
    "writecache_setting_val",
];

/// Of integrity.
pub(super) const INTEGRITY: [&str; 9] = [
    "recalculate",
    "journal_sectors",
    "interleave_sectors",
    "buffer_sectors",
    "journal_watermark",
    "commit_time",
    "bitmap_flush_interval",
    "sectors_per_bit",
    "allow_discards",
];

/// Of VDO pools.
pub(super) const VDO_POOL: [&str; 18] = [
    "use_compression",
    "use_deduplication",
    "use_metadata_hints",
    "minimum_io_size",
    "block_map_cache_size_mb",
    "block_map_era_length",
    "use_sparse_index",
    "index_memory_size_mb",
    "max_discard",
    "slab_size_mb",
    "ack_threads",
    "bio_threads",
    "bio_rotation",
    "cpu_threads",
    "hash_zone_threads",
    "logical_threads",
    "physical_threads",
    "write_policy",
];

/// Takes those of `keys` that are there, in their order.
pub(super) fn take_settings(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
    keys: &[&str],
) -> Result<Vec<(String, SettingValue)>, ReadError> {
    let mut settings = Vec::new();
    for key in keys {
        if let Some(value) = fields.take_value(context, key)? {
            let value = setting(value)
                .ok_or_else(|| fields.error(context, key, ReadFault::Type("setting")))?;
            settings.push(((*key).to_owned(), value));
        }
    }
    Ok(settings)
}

/// Takes a section of settings with any names, in its order.
pub(super) fn read_policy_settings(
    context: &Context<'_>,
    fields: &Fields<'_, '_>,
    section: &Section<'_>,
) -> Result<Vec<(String, SettingValue)>, ReadError> {
    let read = |entry: &crate::format::text::Entry<'_>| {
        let value = match &entry.item {
            Item::Value(value) => setting(value),
            Item::Section(_) => None,
        };
        let wrong = || fields.error(context, "policy_settings", ReadFault::Type("setting"));
        Ok((entry.key.as_ref().to_owned(), value.ok_or_else(wrong)?))
    };
    section.entries.iter().map(read).collect()
}

fn setting(value: &Value<'_>) -> Option<SettingValue> {
    match value {
        Value::Int(number) => Some(SettingValue::Number(*number)),
        Value::Text(text) => Some(SettingValue::Text(text.as_ref().to_owned())),
        Value::Float(_) | Value::List(_) => None,
    }
}
