//! Values of VDO volumes and pools.

use crate::model::segment::{SegmentKind, SettingValue, VdoPool};
use crate::report::cell::Cell;
use crate::report::field::Field;
use crate::report::row::VgContext;
use crate::units::{Bytes, Sectors};

/// What a key of a VDO pool counts.
enum Unit {
    Count,
    Bytes,
    Mebibytes,
    Flag,
    Word,
}

fn key_of(field: Field) -> Option<(&'static str, Unit)> {
    Some(match field {
        Field::VdoCompression => ("use_compression", Unit::Flag),
        Field::VdoDeduplication => ("use_deduplication", Unit::Flag),
        Field::VdoUseMetadataHints => ("use_metadata_hints", Unit::Flag),
        Field::VdoMinimumIoSize => ("minimum_io_size", Unit::Bytes),
        Field::VdoBlockMapCacheSize => ("block_map_cache_size_mb", Unit::Mebibytes),
        Field::VdoBlockMapEraLength => ("block_map_era_length", Unit::Count),
        Field::VdoUseSparseIndex => ("use_sparse_index", Unit::Flag),
        Field::VdoIndexMemorySize => ("index_memory_size_mb", Unit::Mebibytes),
        Field::VdoSlabSize => ("slab_size_mb", Unit::Mebibytes),
        Field::VdoAckThreads => ("ack_threads", Unit::Count),
        Field::VdoBioThreads => ("bio_threads", Unit::Count),
        Field::VdoBioRotation => ("bio_rotation", Unit::Count),
        Field::VdoCpuThreads => ("cpu_threads", Unit::Count),
        Field::VdoHashZoneThreads => ("hash_zone_threads", Unit::Count),
        Field::VdoLogicalThreads => ("logical_threads", Unit::Count),
        Field::VdoPhysicalThreads => ("physical_threads", Unit::Count),
        Field::VdoMaxDiscard => ("max_discard", Unit::Count),
        Field::VdoWritePolicy => ("write_policy", Unit::Word),
        _ => return None,
    })
}

/// Writes a value of a VDO pool, or of the one that a VDO volume has.
pub(super) fn write(field: Field, vg: &VgContext<'_>, kind: &SegmentKind, cell: &mut Cell<'_>) {
    match kind {
        SegmentKind::VdoPool(pool) => write_pool(field, pool, cell),
        SegmentKind::Vdo(vdo) => {
            let pool = vg.relations().find(vdo.pool.as_str()).map(|id| vg.vg().lvs.get(id));
            let first = pool.as_ref().and_then(|pool| pool.segments.first());
            match first.map(|segment| &segment.kind) {
                Some(SegmentKind::VdoPool(pool)) => write_pool(field, pool, cell),
                _ => write_none(field, cell),
            }
        }
        _ => write_none(field, cell),
    }
}

fn write_none(field: Field, cell: &mut Cell<'_>) {
    match key_of(field) {
        Some((_, Unit::Word)) => {}
        Some(_) | None => cell.no_number(),
    }
}

fn write_pool(field: Field, pool: &VdoPool, cell: &mut Cell<'_>) {
    let Some((key, unit)) = key_of(field) else {
        cell.size(pool.header_size);
        return;
    };
    let value = pool.settings.iter().find(|(name, _)| name == key).map(|(_, value)| value);
    let number = match value {
        Some(SettingValue::Number(number)) => u64::try_from(*number).ok(),
        Some(SettingValue::Text(_)) | None => None,
    };
    match (unit, number) {
        (Unit::Flag, number) => cell.flag(number.unwrap_or(0) != 0, "enabled"),
        // The text has no key for the policy that is chosen by the kernel.
        (Unit::Word, _) => cell.str(match value {
            Some(SettingValue::Text(word)) => word,
            Some(SettingValue::Number(_)) | None => "auto",
        }),
        (Unit::Count, Some(number)) => cell.number(number),
        (Unit::Bytes, Some(number)) => cell.bytes(Bytes::new(number)),
        (Unit::Mebibytes, Some(number)) => cell.size(Sectors::new(number.saturating_mul(2048))),
        (Unit::Count | Unit::Bytes | Unit::Mebibytes, None) => cell.no_number(),
    }
}
