//! The settings LVM2 2.03.16 knows, by the kind of value they take, as `lvmconfig` tells.

/// What kind of value a setting takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A number, or a word for yes or no.
    Flag,
    /// A whole number.
    Int,
    /// A string that is not empty.
    Text,
    /// A string.
    TextOrEmpty,
    /// Strings, at least one.
    List,
    /// Strings.
    ListOrEmpty,
    /// Strings and numbers.
    Mixed,
}

/// Which kind of profile a setting may stand in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Profile {
    /// In none.
    None,
    /// In that of a command.
    Command,
    /// In that of a VG or LV.
    Metadata,
}

/// Settings that are on or off.
const FLAGS: [&str; 76] = [
    "activation/auto_set_activation_skip",
    "activation/checks",
    "activation/error_when_full",
    "activation/monitoring",
    "activation/retry_deactivation",
    "activation/udev_rules",
    "activation/udev_sync",
    "activation/use_linear_target",
    "activation/use_mlockall",
    "activation/verify_udev_operations",
    "allocation/cache_pool_metadata_require_separate_pvs",
    "allocation/maximise_cling",
    "allocation/mirror_logs_require_separate_pvs",
    "allocation/raid_stripe_all_devices",
    "allocation/thin_pool_crop_metadata",
    "allocation/thin_pool_metadata_require_separate_pvs",
    "allocation/thin_pool_zero",
    "allocation/use_blkid_wiping",
    "allocation/wipe_signatures_when_zeroing_new_lvs",
    "allocation/zero_metadata",
    "backup/archive",
    "backup/backup",
    "config/abort_on_errors",
    "config/checks",
    "devices/allow_changes_with_duplicate_pvs",
    "devices/allow_mixed_block_sizes",
    "devices/data_alignment_detection",
    "devices/data_alignment_offset_detection",
    "devices/fw_raid_component_detection",
    "devices/ignore_lvm_mirrors",
    "devices/ignore_suspended_devices",
    "devices/issue_discards",
    "devices/md_chunk_alignment",
    "devices/md_component_detection",
    "devices/multipath_component_detection",
    "devices/obtain_device_list_from_udev",
    "devices/require_restorefile_with_uuid",
    "devices/scan_lvs",
    "devices/sysfs_scan",
    "devices/use_devicesfile",
    "global/abort_on_internal_errors",
    "global/activation",
    "global/event_activation",
    "global/lvdisplay_shows_full_device_path",
    "global/metadata_read_only",
    "global/notify_dbus",
    "global/prioritise_write_locks",
    "global/si_unit_consistency",
    "global/suffix",
    "global/support_mirrored_mirror_log",
    "global/test",
    "global/use_aio",
    "global/use_lvmlockd",
    "global/use_lvmpolld",
    "global/wait_for_locks",
    "log/activation",
    "log/command_names",
    "log/indent",
    "log/overwrite",
    "log/report_command_log",
    "log/silent",
    "log/syslog",
    "metadata/check_pv_device_sizes",
    "metadata/pvmetadataignore",
    "metadata/record_lvs_history",
    "report/aligned",
    "report/binary_values_as_numeric",
    "report/buffered",
    "report/columns_as_rows",
    "report/compact_output",
    "report/headings",
    "report/mark_hidden_devices",
    "report/prefixes",
    "report/quoted",
    "report/two_word_unknown_device",
    "tags/hosttags",
];

/// Settings that are whole numbers.
const INTS: [&str; 53] = [
    "activation/polling_interval",
    "activation/process_priority",
    "activation/raid_region_size",
    "activation/reserved_memory",
    "activation/reserved_stack",
    "activation/snapshot_autoextend_percent",
    "activation/snapshot_autoextend_threshold",
    "activation/thin_pool_autoextend_percent",
    "activation/thin_pool_autoextend_threshold",
    "activation/vdo_pool_autoextend_percent",
    "activation/vdo_pool_autoextend_threshold",
    "allocation/cache_metadata_format",
    "allocation/cache_pool_chunk_size",
    "allocation/cache_pool_max_chunks",
    "allocation/physical_extent_size",
    "allocation/thin_pool_chunk_size",
    "allocation/vdo_ack_threads",
    "allocation/vdo_bio_rotation",
    "allocation/vdo_bio_threads",
    "allocation/vdo_block_map_cache_size_mb",
    "allocation/vdo_block_map_period",
    "allocation/vdo_check_point_frequency",
    "allocation/vdo_cpu_threads",
    "allocation/vdo_hash_zone_threads",
    "allocation/vdo_index_memory_size_mb",
    "allocation/vdo_logical_threads",
    "allocation/vdo_max_discard",
    "allocation/vdo_minimum_io_size",
    "allocation/vdo_physical_threads",
    "allocation/vdo_pool_header_size",
    "allocation/vdo_slab_size_mb",
    "allocation/vdo_use_compression",
    "allocation/vdo_use_deduplication",
    "allocation/vdo_use_metadata_hints",
    "allocation/vdo_use_sparse_index",
    "backup/retain_days",
    "backup/retain_min",
    "devices/data_alignment",
    "devices/default_data_alignment",
    "devices/pv_min_size",
    "global/io_memory_size",
    "global/lvmlockd_lock_retries",
    "global/sanlock_lv_extend",
    "global/umask",
    "local/host_id",
    "log/level",
    "log/verbose",
    "metadata/lvs_history_retention_time",
    "metadata/pvmetadatacopies",
    "metadata/pvmetadatasize",
    "metadata/stripesize",
    "metadata/vgmetadatacopies",
    "shell/history_size",
];

/// Settings that are strings.
const TEXTS: [&str; 75] = [
    "activation/activation_mode",
    "activation/mirror_image_fault_policy",
    "activation/mirror_log_fault_policy",
    "activation/missing_stripe_filler",
    "activation/raid_fault_policy",
    "activation/readahead",
    "allocation/cache_mode",
    "allocation/cache_policy",
    "allocation/thin_pool_chunk_size_policy",
    "allocation/thin_pool_discards",
    "allocation/vdo_write_policy",
    "backup/archive_dir",
    "backup/backup_dir",
    "config/profile_dir",
    "devices/devicesfile",
    "devices/dir",
    "devices/external_device_info_source",
    "devices/hints",
    "devices/md_component_checks",
    "devices/search_for_devnames",
    "dmeventd/executable",
    "dmeventd/mirror_library",
    "dmeventd/raid_library",
    "dmeventd/snapshot_library",
    "dmeventd/thin_command",
    "dmeventd/thin_library",
    "dmeventd/vdo_command",
    "dmeventd/vdo_library",
    "global/etc",
    "global/fsadm_executable",
    "global/library_dir",
    "global/locking_dir",
    "global/mirror_segtype_default",
    "global/proc",
    "global/raid10_segtype_default",
    "global/sparse_segtype_default",
    "global/system_id_file",
    "global/system_id_source",
    "global/units",
    "log/command_log_cols",
    "log/command_log_selection",
    "log/command_log_sort",
    "log/file",
    "report/devtypes_cols",
    "report/devtypes_cols_verbose",
    "report/devtypes_sort",
    "report/list_item_separator",
    "report/lvs_cols",
    "report/lvs_cols_full",
    "report/lvs_cols_verbose",
    "report/lvs_sort",
    "report/lvs_sort_full",
    "report/output_format",
    "report/pvs_cols",
    "report/pvs_cols_full",
    "report/pvs_cols_verbose",
    "report/pvs_sort",
    "report/pvs_sort_full",
    "report/pvsegs_cols",
    "report/pvsegs_cols_full",
    "report/pvsegs_cols_verbose",
    "report/pvsegs_sort",
    "report/pvsegs_sort_full",
    "report/segs_cols",
    "report/segs_cols_full",
    "report/segs_cols_verbose",
    "report/segs_sort",
    "report/segs_sort_full",
    "report/separator",
    "report/time_format",
    "report/vgs_cols",
    "report/vgs_cols_full",
    "report/vgs_cols_verbose",
    "report/vgs_sort",
    "report/vgs_sort_full",
];

/// Settings that are strings, possibly empty.
const TEXTS_OR_EMPTY: [&str; 12] = [
    "devices/multipath_wwids_file",
    "global/cache_check_executable",
    "global/cache_dump_executable",
    "global/cache_repair_executable",
    "global/lvmlockctl_kill_command",
    "global/thin_check_executable",
    "global/thin_dump_executable",
    "global/thin_repair_executable",
    "global/vdo_format_executable",
    "local/system_id",
    "log/prefix",
    "report/compact_output_cols",
];

/// Settings that are lists.
const LISTS: [&str; 7] = [
    "activation/mlock_filter",
    "allocation/cling_tag_list",
    "devices/filter",
    "devices/global_filter",
    "devices/scan",
    "log/debug_file_fields",
    "log/debug_output_fields",
];

/// Settings that are lists, possibly empty.
const LISTS_OR_EMPTY: [&str; 17] = [
    "activation/auto_activation_volume_list",
    "activation/auto_lock_start_list",
    "activation/lock_start_list",
    "activation/read_only_volume_list",
    "activation/volume_list",
    "devices/preferred_names",
    "global/cache_check_options",
    "global/cache_disabled_features",
    "global/cache_repair_options",
    "global/thin_check_options",
    "global/thin_disabled_features",
    "global/thin_repair_options",
    "global/vdo_disabled_features",
    "global/vdo_format_options",
    "local/extra_system_ids",
    "log/debug_classes",
    "log/journal",
];

/// Sections, and those whose content is free.
const SECTIONS: [&str; 12] = [
    "config",
    "devices",
    "allocation",
    "log",
    "backup",
    "shell",
    "global",
    "activation",
    "metadata",
    "report",
    "dmeventd",
    "local",
];

/// Returns what kind of value a setting takes, if it is known.
pub(super) fn kind(path: &str) -> Option<Kind> {
    let has = |names: &[&str]| names.binary_search(&path).is_ok();
    if has(&FLAGS) {
        Some(Kind::Flag)
    } else if has(&INTS) {
        Some(Kind::Int)
    } else if has(&TEXTS) {
        Some(Kind::Text)
    } else if has(&TEXTS_OR_EMPTY) {
        Some(Kind::TextOrEmpty)
    } else if has(&LISTS) {
        Some(Kind::List)
    } else if has(&LISTS_OR_EMPTY) {
        Some(Kind::ListOrEmpty)
    } else {
        (path == "devices/types").then_some(Kind::Mixed)
    }
}

/// Returns true for the name of a section.
pub(super) fn is_section(path: &str) -> bool {
    SECTIONS.contains(&path)
}

/// Returns true for a section whose content is up to the user.
pub(super) fn is_free(path: &str) -> bool {
    matches!(path, "tags" | "allocation/cache_settings")
}

/// Returns which kind of profile a setting may stand in.
pub(super) fn profile(path: &str) -> Profile {
    const COMMAND: [&str; 8] = [
        "log/command_log_cols",
        "log/command_log_selection",
        "log/command_log_sort",
        "log/report_command_log",
        "global/units",
        "global/si_unit_consistency",
        "global/suffix",
        "global/lvdisplay_shows_full_device_path",
    ];
    const METADATA: [&str; 14] = [
        "allocation/cache_metadata_format",
        "allocation/cache_mode",
        "allocation/cache_policy",
        "allocation/cache_pool_chunk_size",
        "allocation/cache_pool_metadata_require_separate_pvs",
        "allocation/cache_settings",
        "allocation/thin_pool_chunk_size",
        "allocation/thin_pool_chunk_size_policy",
        "allocation/thin_pool_discards",
        "allocation/thin_pool_zero",
        "activation/thin_pool_autoextend_percent",
        "activation/thin_pool_autoextend_threshold",
        "activation/vdo_pool_autoextend_percent",
        "activation/vdo_pool_autoextend_threshold",
    ];
    if COMMAND.contains(&path) || path.starts_with("report/") {
        Profile::Command
    } else if METADATA.contains(&path) || path.starts_with("allocation/vdo_") {
        Profile::Metadata
    } else {
        Profile::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_the_search() {
        let tables: [&[&str]; 6] =
            [&FLAGS, &INTS, &TEXTS, &TEXTS_OR_EMPTY, &LISTS, &LISTS_OR_EMPTY];
        for table in tables {
            assert!(table.is_sorted(), "{}", table[0]);
            assert!(table.iter().all(|path| kind(path).is_some()));
        }
        assert_eq!(tables.iter().map(|table| table.len()).sum::<usize>(), 240);
    }
}
