//! The fields of reports: name, heading, width, type and group of each.
//!
//! The order is that in which `all` and the group names expand. Names, headings and widths are
//! those of LVM2 2.03.16, captured by `golden/make.sh`.

use crate::report::Type::{Flag, List, Number, Percent, Size, Text, Time};

/// The groups of fields. Which groups a report shows decides what its rows are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Group {
    /// Of LVs, from the metadata.
    Lv,
    /// Of LVs, from device-mapper's tables.
    LvInfo,
    /// Of LVs, from device-mapper's status.
    LvStatus,
    /// Of LVs, from both.
    LvInfoStatus,
    /// Of PVs, from their labels.
    Label,
    /// Of PVs.
    Pv,
    /// Of VGs.
    Vg,
    /// Of segments of LVs.
    Seg,
    /// Of segments of PVs.
    PvSeg,
    /// Of rows.
    Special,
}

/// What is known of a field without an object.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Its name.
    pub name: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// Its least width.
    pub width: usize,
    /// Its type.
    pub kind: super::Type,
    /// Its group.
    pub group: Group,
}

macro_rules! fields {
    ($(
        $variant:ident, $name:literal, $heading:literal, $width:literal, $kind:ident, $group:ident;
    )*) => {
        /// A field of a report.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
        #[expect(missing_docs, reason = "the variants are the fields' names")]
        pub enum Field { $($variant,)* }

        impl Field {
            /// All fields, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            const INFOS: &'static [Info] = &[$(Info {
                name: $name,
                heading: $heading,
                width: $width,
                kind: $kind,
                group: Group::$group,
            },)*];

            /// Returns what is known of the field.
            pub const fn info(self) -> &'static Info {
                &Self::INFOS[self as usize]
            }
        }
    };
}

fields! {
    LvUuid, "lv_uuid", "LV UUID", 38, Text, Lv;
    LvName, "lv_name", "LV", 4, Text, Lv;
    LvFullName, "lv_full_name", "LV", 4, Text, Lv;
    LvPath, "lv_path", "Path", 4, Text, Lv;
    LvDmPath, "lv_dm_path", "DMPath", 6, Text, Lv;
    LvParent, "lv_parent", "Parent", 6, Text, Lv;
    LvLayout, "lv_layout", "Layout", 10, List, Lv;
    LvRole, "lv_role", "Role", 10, List, Lv;
    LvInitialImageSync, "lv_initial_image_sync", "InitImgSync", 10, Flag, Lv;
    LvImageSynced, "lv_image_synced", "ImgSynced", 10, Flag, Lv;
    LvMerging, "lv_merging", "Merging", 10, Flag, Lv;
    LvConverting, "lv_converting", "Converting", 10, Flag, Lv;
    LvAllocationPolicy, "lv_allocation_policy", "AllocPol", 10, Text, Lv;
    LvAllocationLocked, "lv_allocation_locked", "AllocLock", 10, Flag, Lv;
    LvFixedMinor, "lv_fixed_minor", "FixMin", 10, Flag, Lv;
    LvSkipActivation, "lv_skip_activation", "SkipAct", 15, Flag, Lv;
    LvAutoactivation, "lv_autoactivation", "AutoAct", 7, Flag, Lv;
    LvWhenFull, "lv_when_full", "WhenFull", 15, Text, Lv;
    LvActive, "lv_active", "Active", 6, Text, Lv;
    LvActiveLocally, "lv_active_locally", "ActLocal", 10, Flag, Lv;
    LvActiveRemotely, "lv_active_remotely", "ActRemote", 10, Flag, Lv;
    LvActiveExclusively, "lv_active_exclusively", "ActExcl", 10, Flag, Lv;
    LvMajor, "lv_major", "Maj", 3, Number, Lv;
    LvMinor, "lv_minor", "Min", 3, Number, Lv;
    LvReadAhead, "lv_read_ahead", "Rahead", 6, Size, Lv;
    LvSize, "lv_size", "LSize", 5, Size, Lv;
    LvMetadataSize, "lv_metadata_size", "MSize", 5, Size, Lv;
    SegCount, "seg_count", "#Seg", 4, Number, Lv;
    Origin, "origin", "Origin", 6, Text, Lv;
    OriginUuid, "origin_uuid", "Origin UUID", 38, Text, Lv;
    OriginSize, "origin_size", "OSize", 5, Size, Lv;
    LvAncestors, "lv_ancestors", "Ancestors", 9, List, Lv;
    LvFullAncestors, "lv_full_ancestors", "FAncestors", 10, List, Lv;
    LvDescendants, "lv_descendants", "Descendants", 11, List, Lv;
    LvFullDescendants, "lv_full_descendants", "FDescendants", 12, List, Lv;
    RaidMismatchCount, "raid_mismatch_count", "Mismatches", 10, Number, Lv;
    RaidSyncAction, "raid_sync_action", "SyncAction", 10, Text, Lv;
    RaidWriteBehind, "raid_write_behind", "WBehind", 7, Number, Lv;
    RaidMinRecoveryRate, "raid_min_recovery_rate", "MinSync", 7, Number, Lv;
    RaidMaxRecoveryRate, "raid_max_recovery_rate", "MaxSync", 7, Number, Lv;
    Raidintegritymode, "raidintegritymode", "IntegMode", 9, Text, Lv;
    Raidintegrityblocksize, "raidintegrityblocksize", "IntegBlkSize", 12, Number, Lv;
    Integritymismatches, "integritymismatches", "IntegMismatches", 15, Number, Lv;
    MovePv, "move_pv", "Move", 4, Text, Lv;
    MovePvUuid, "move_pv_uuid", "Move UUID", 38, Text, Lv;
    ConvertLv, "convert_lv", "Convert", 7, Text, Lv;
    ConvertLvUuid, "convert_lv_uuid", "Convert UUID", 38, Text, Lv;
    MirrorLog, "mirror_log", "Log", 3, Text, Lv;
    MirrorLogUuid, "mirror_log_uuid", "Log UUID", 38, Text, Lv;
    DataLv, "data_lv", "Data", 4, Text, Lv;
    DataLvUuid, "data_lv_uuid", "Data UUID", 38, Text, Lv;
    MetadataLv, "metadata_lv", "Meta", 4, Text, Lv;
    MetadataLvUuid, "metadata_lv_uuid", "Meta UUID", 38, Text, Lv;
    PoolLv, "pool_lv", "Pool", 4, Text, Lv;
    PoolLvUuid, "pool_lv_uuid", "Pool UUID", 38, Text, Lv;
    LvTags, "lv_tags", "LV Tags", 7, List, Lv;
    LvProfile, "lv_profile", "LProfile", 8, Text, Lv;
    LvLockargs, "lv_lockargs", "LLockArgs", 9, Text, Lv;
    LvTime, "lv_time", "CTime", 26, Time, Lv;
    LvTimeRemoved, "lv_time_removed", "RTime", 26, Time, Lv;
    LvHost, "lv_host", "Host", 10, Text, Lv;
    LvModules, "lv_modules", "Modules", 7, List, Lv;
    LvHistorical, "lv_historical", "Historical", 10, Flag, Lv;
    WritecacheBlockSize, "writecache_block_size", "WCacheBlkSize", 13, Number, Lv;
    LvKernelMajor, "lv_kernel_major", "KMaj", 4, Number, LvInfo;
    LvKernelMinor, "lv_kernel_minor", "KMin", 4, Number, LvInfo;
    LvKernelReadAhead, "lv_kernel_read_ahead", "KRahead", 7, Size, LvInfo;
    LvPermissions, "lv_permissions", "LPerms", 8, Text, LvInfo;
    LvSuspended, "lv_suspended", "Suspended", 10, Flag, LvInfo;
    LvLiveTable, "lv_live_table", "LiveTable", 20, Flag, LvInfo;
    LvInactiveTable, "lv_inactive_table", "InactiveTable", 20, Flag, LvInfo;
    LvDeviceOpen, "lv_device_open", "DevOpen", 10, Flag, LvInfo;
    DataPercent, "data_percent", "Data%", 6, Percent, LvStatus;
    SnapPercent, "snap_percent", "Snap%", 6, Percent, LvStatus;
    MetadataPercent, "metadata_percent", "Meta%", 6, Percent, LvStatus;
    CopyPercent, "copy_percent", "Cpy%Sync", 8, Percent, LvStatus;
    SyncPercent, "sync_percent", "Cpy%Sync", 8, Percent, LvStatus;
    CacheTotalBlocks, "cache_total_blocks", "CacheTotalBlocks", 16, Number, LvStatus;
    CacheUsedBlocks, "cache_used_blocks", "CacheUsedBlocks", 16, Number, LvStatus;
    CacheDirtyBlocks, "cache_dirty_blocks", "CacheDirtyBlocks", 16, Number, LvStatus;
    CacheReadHits, "cache_read_hits", "CacheReadHits", 16, Number, LvStatus;
    CacheReadMisses, "cache_read_misses", "CacheReadMisses", 16, Number, LvStatus;
    CacheWriteHits, "cache_write_hits", "CacheWriteHits", 16, Number, LvStatus;
    CacheWriteMisses, "cache_write_misses", "CacheWriteMisses", 16, Number, LvStatus;
    KernelCacheSettings, "kernel_cache_settings", "KCacheSettings", 18, List, LvStatus;
    KernelCachePolicy, "kernel_cache_policy", "KCachePolicy", 18, Text, LvStatus;
    KernelMetadataFormat, "kernel_metadata_format", "KMFmt", 5, Number, LvStatus;
    LvHealthStatus, "lv_health_status", "Health", 15, Text, LvStatus;
    KernelDiscards, "kernel_discards", "KDiscards", 9, Text, LvStatus;
    LvCheckNeeded, "lv_check_needed", "CheckNeeded", 15, Flag, LvStatus;
    LvMergeFailed, "lv_merge_failed", "MergeFailed", 15, Flag, LvStatus;
    LvSnapshotInvalid, "lv_snapshot_invalid", "SnapInvalid", 15, Flag, LvStatus;
    VdoOperatingMode, "vdo_operating_mode", "VDOOperatingMode", 16, Text, LvStatus;
    VdoCompressionState, "vdo_compression_state", "VDOCompressionState", 19, Text, LvStatus;
    VdoIndexState, "vdo_index_state", "VDOIndexState", 13, Text, LvStatus;
    VdoUsedSize, "vdo_used_size", "VDOUsedSize", 11, Number, LvStatus;
    VdoSavingPercent, "vdo_saving_percent", "VDOSaving%", 10, Number, LvStatus;
    WritecacheTotalBlocks, "writecache_total_blocks", "WCacheTotalBlocks", 17, Number, LvStatus;
    WritecacheFreeBlocks, "writecache_free_blocks", "WCacheFreeBlocks", 16, Number, LvStatus;
    WritecacheWritebackBlocks,
        "writecache_writeback_blocks", "WCacheWritebackBlocks", 21, Number, LvStatus;
    WritecacheError, "writecache_error", "WCacheErrors", 12, Number, LvStatus;
    LvAttr, "lv_attr", "Attr", 4, Text, LvInfoStatus;
    PvFmt, "pv_fmt", "Fmt", 3, Text, Label;
    PvUuid, "pv_uuid", "PV UUID", 38, Text, Label;
    DevSize, "dev_size", "DevSize", 7, Size, Label;
    PvName, "pv_name", "PV", 10, Text, Label;
    PvMajor, "pv_major", "Maj", 3, Text, Label;
    PvMinor, "pv_minor", "Min", 3, Text, Label;
    PvMdaFree, "pv_mda_free", "PMdaFree", 9, Size, Label;
    PvMdaSize, "pv_mda_size", "PMdaSize", 9, Size, Label;
    PvExtVsn, "pv_ext_vsn", "PExtVsn", 7, Number, Label;
    PeStart, "pe_start", "1st PE", 7, Number, Pv;
    PvSize, "pv_size", "PSize", 5, Size, Pv;
    PvFree, "pv_free", "PFree", 5, Size, Pv;
    PvUsed, "pv_used", "Used", 4, Size, Pv;
    PvAttr, "pv_attr", "Attr", 4, Text, Pv;
    PvAllocatable, "pv_allocatable", "Allocatable", 11, Flag, Pv;
    PvExported, "pv_exported", "Exported", 10, Flag, Pv;
    PvMissing, "pv_missing", "Missing", 10, Flag, Pv;
    PvPeCount, "pv_pe_count", "PE", 3, Number, Pv;
    PvPeAllocCount, "pv_pe_alloc_count", "Alloc", 5, Number, Pv;
    PvTags, "pv_tags", "PV Tags", 7, List, Pv;
    PvMdaCount, "pv_mda_count", "#PMda", 5, Number, Pv;
    PvMdaUsedCount, "pv_mda_used_count", "#PMdaUse", 8, Number, Pv;
    PvBaStart, "pv_ba_start", "BA Start", 8, Size, Pv;
    PvBaSize, "pv_ba_size", "BA Size", 7, Size, Pv;
    PvInUse, "pv_in_use", "PInUse", 6, Flag, Pv;
    PvDuplicate, "pv_duplicate", "Duplicate", 9, Flag, Pv;
    PvDeviceId, "pv_device_id", "DeviceID", 8, Text, Pv;
    PvDeviceIdType, "pv_device_id_type", "DeviceIDType", 12, Text, Pv;
    VgFmt, "vg_fmt", "Fmt", 3, Text, Vg;
    VgUuid, "vg_uuid", "VG UUID", 38, Text, Vg;
    VgName, "vg_name", "VG", 2, Text, Vg;
    VgAttr, "vg_attr", "Attr", 5, Text, Vg;
    VgPermissions, "vg_permissions", "VPerms", 10, Text, Vg;
    VgExtendable, "vg_extendable", "Extendable", 10, Flag, Vg;
    VgExported, "vg_exported", "Exported", 10, Flag, Vg;
    VgAutoactivation, "vg_autoactivation", "AutoAct", 7, Flag, Vg;
    VgPartial, "vg_partial", "Partial", 10, Flag, Vg;
    VgAllocationPolicy, "vg_allocation_policy", "AllocPol", 10, Text, Vg;
    VgClustered, "vg_clustered", "Clustered", 10, Flag, Vg;
    VgShared, "vg_shared", "Shared", 7, Flag, Vg;
    VgSize, "vg_size", "VSize", 5, Size, Vg;
    VgFree, "vg_free", "VFree", 5, Size, Vg;
    VgSysid, "vg_sysid", "SYS ID", 6, Text, Vg;
    VgSystemid, "vg_systemid", "System ID", 9, Text, Vg;
    VgLockType, "vg_lock_type", "LockType", 8, Text, Vg;
    VgLockArgs, "vg_lock_args", "VLockArgs", 9, Text, Vg;
    VgExtentSize, "vg_extent_size", "Ext", 3, Size, Vg;
    VgExtentCount, "vg_extent_count", "#Ext", 4, Number, Vg;
    VgFreeCount, "vg_free_count", "Free", 4, Number, Vg;
    MaxLv, "max_lv", "MaxLV", 5, Number, Vg;
    MaxPv, "max_pv", "MaxPV", 5, Number, Vg;
    PvCount, "pv_count", "#PV", 3, Number, Vg;
    VgMissingPvCount, "vg_missing_pv_count", "#PV Missing", 11, Number, Vg;
    LvCount, "lv_count", "#LV", 3, Number, Vg;
    SnapCount, "snap_count", "#SN", 3, Number, Vg;
    VgSeqno, "vg_seqno", "Seq", 3, Number, Vg;
    VgTags, "vg_tags", "VG Tags", 7, List, Vg;
    VgProfile, "vg_profile", "VProfile", 8, Text, Vg;
    VgMdaCount, "vg_mda_count", "#VMda", 5, Number, Vg;
    VgMdaUsedCount, "vg_mda_used_count", "#VMdaUse", 8, Number, Vg;
    VgMdaFree, "vg_mda_free", "VMdaFree", 9, Size, Vg;
    VgMdaSize, "vg_mda_size", "VMdaSize", 9, Size, Vg;
    VgMdaCopies, "vg_mda_copies", "#VMdaCps", 8, Number, Vg;
    Segtype, "segtype", "Type", 4, Text, Seg;
    Stripes, "stripes", "#Str", 4, Number, Seg;
    DataStripes, "data_stripes", "#DStr", 5, Number, Seg;
    ReshapeLen, "reshape_len", "RSize", 5, Size, Seg;
    ReshapeLenLe, "reshape_len_le", "RSize", 5, Number, Seg;
    DataCopies, "data_copies", "#Cpy", 4, Number, Seg;
    DataOffset, "data_offset", "DOff", 4, Number, Seg;
    NewDataOffset, "new_data_offset", "NOff", 4, Number, Seg;
    ParityChunks, "parity_chunks", "#Par", 4, Number, Seg;
    StripeSize, "stripe_size", "Stripe", 6, Size, Seg;
    RegionSize, "region_size", "Region", 6, Size, Seg;
    ChunkSize, "chunk_size", "Chunk", 5, Size, Seg;
    ThinCount, "thin_count", "#Thins", 6, Number, Seg;
    Discards, "discards", "Discards", 8, Text, Seg;
    CacheMetadataFormat, "cache_metadata_format", "CMFmt", 5, Number, Seg;
    CacheMode, "cache_mode", "CacheMode", 9, Text, Seg;
    Zero, "zero", "Zero", 4, Flag, Seg;
    TransactionId, "transaction_id", "TransId", 7, Number, Seg;
    ThinId, "thin_id", "ThId", 4, Number, Seg;
    SegStart, "seg_start", "Start", 5, Size, Seg;
    SegStartPe, "seg_start_pe", "Start", 5, Number, Seg;
    SegSize, "seg_size", "SSize", 5, Size, Seg;
    SegSizePe, "seg_size_pe", "SSize", 5, Size, Seg;
    SegTags, "seg_tags", "Seg Tags", 8, List, Seg;
    SegPeRanges, "seg_pe_ranges", "PE Ranges", 9, List, Seg;
    SegLeRanges, "seg_le_ranges", "LE Ranges", 9, List, Seg;
    SegMetadataLeRanges, "seg_metadata_le_ranges", "Metadata LE Ranges", 18, List, Seg;
    Devices, "devices", "Devices", 7, List, Seg;
    MetadataDevices, "metadata_devices", "Metadata Devs", 13, List, Seg;
    SegMonitor, "seg_monitor", "Monitor", 7, Text, Seg;
    CachePolicy, "cache_policy", "CachePolicy", 11, Text, Seg;
    CacheSettings, "cache_settings", "CacheSettings", 13, List, Seg;
    VdoCompression, "vdo_compression", "VDOCompression", 14, Flag, Seg;
    VdoDeduplication, "vdo_deduplication", "VDODeduplication", 16, Flag, Seg;
    VdoUseMetadataHints, "vdo_use_metadata_hints", "VDOMetadataHints", 16, Flag, Seg;
    VdoMinimumIoSize, "vdo_minimum_io_size", "VDOMinimumIOSize", 16, Number, Seg;
    VdoBlockMapCacheSize, "vdo_block_map_cache_size", "VDOBlockMapCacheSize", 20, Size, Seg;
    VdoBlockMapEraLength, "vdo_block_map_era_length", "VDOBlockMapEraLength", 20, Number, Seg;
    VdoUseSparseIndex, "vdo_use_sparse_index", "VDOSparseIndex", 14, Flag, Seg;
    VdoIndexMemorySize, "vdo_index_memory_size", "VDOIndexMemorySize", 18, Size, Seg;
    VdoSlabSize, "vdo_slab_size", "VDOSlabSize", 11, Size, Seg;
    VdoAckThreads, "vdo_ack_threads", "VDOAckThreads", 13, Number, Seg;
    VdoBioThreads, "vdo_bio_threads", "VDOBioThreads", 13, Number, Seg;
    VdoBioRotation, "vdo_bio_rotation", "VDOBioRotation", 14, Number, Seg;
    VdoCpuThreads, "vdo_cpu_threads", "VDOCPUThreads", 13, Number, Seg;
    VdoHashZoneThreads, "vdo_hash_zone_threads", "VDOHashZoneThreads", 18, Number, Seg;
    VdoLogicalThreads, "vdo_logical_threads", "VDOLogicalThreads", 17, Number, Seg;
    VdoPhysicalThreads, "vdo_physical_threads", "VDOPhysicalThreads", 18, Number, Seg;
    VdoMaxDiscard, "vdo_max_discard", "VDOMaxDiscard", 13, Number, Seg;
    VdoWritePolicy, "vdo_write_policy", "VDOWritePolicy", 14, Text, Seg;
    VdoHeaderSize, "vdo_header_size", "VDOHeaderSize", 13, Size, Seg;
    PvsegStart, "pvseg_start", "Start", 5, Number, PvSeg;
    PvsegSize, "pvseg_size", "SSize", 5, Number, PvSeg;
    Selected, "selected", "Selected", 8, Number, Special;
}
