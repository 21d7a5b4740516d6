//! What the configuration means for operations, devices, files and locks. Defaults are LVM2's.

use super::Config;
use crate::archive::Keeper;
use crate::device::filter::{Filter, FilterError};
use crate::device::find::Selection;
use crate::environment::SystemIdSource;
use crate::locks::Locks;
use crate::paths::Paths;
use extant_core::ops::settings::Settings;
use extant_core::units::Sectors;
use std::path::{Path, PathBuf};

/// A setting that has no meaning. The text is LVM2's.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SettingsError {
    /// A filter. LVM2's exit code is 5.
    #[error("{0}\nFailed to create regex device filter")]
    Filter(#[from] FilterError),
    /// A filter that is made of something else than strings.
    #[error("Filter patterns must be enclosed in quotes.\nFailed to create regex device filter")]
    FilterType,
}

/// Sectors in a KiB and in a MiB.
const KIB: u64 = 2;
const MIB: u64 = 2048;

impl Config {
    /// Returns what operations consult.
    pub fn settings(&self) -> Settings {
        let default = Settings::default();
        let kib = |path, default: Sectors| scale(self.count(path, default.get() / KIB), KIB);
        let small = |path, default: u32| {
            u32::try_from(self.count(path, u64::from(default))).unwrap_or(default)
        };
        let flag = |path, default| self.flag(path, default);
        Settings {
            extent_size: kib("allocation/physical_extent_size", default.extent_size),
            stripe_size: kib("metadata/stripesize", default.stripe_size),
            pv_metadata_copies: small("metadata/pvmetadatacopies", default.pv_metadata_copies),
            pv_metadata_size: self
                .find("metadata/pvmetadatasize")
                .map(|_| Sectors::new(self.count("metadata/pvmetadatasize", 0)))
                .filter(|size| !size.is_zero()),
            pv_metadata_ignore: flag("metadata/pvmetadataignore", default.pv_metadata_ignore),
            vg_metadata_copies: small("metadata/vgmetadatacopies", default.vg_metadata_copies),
            default_data_alignment: scale(self.count("devices/default_data_alignment", 1), MIB),
            data_alignment: kib("devices/data_alignment", default.data_alignment),
            data_alignment_detection: flag(
                "devices/data_alignment_detection",
                default.data_alignment_detection,
            ),
            data_alignment_offset_detection: flag(
                "devices/data_alignment_offset_detection",
                default.data_alignment_offset_detection,
            ),
            pv_size_min: self.pv_size_min(),
            require_restore_file_with_uuid: flag(
                "devices/require_restorefile_with_uuid",
                default.require_restore_file_with_uuid,
            ),
            allow_changes_with_duplicate_pvs: flag(
                "devices/allow_changes_with_duplicate_pvs",
                default.allow_changes_with_duplicate_pvs,
            ),
            allow_mixed_block_sizes: flag(
                "devices/allow_mixed_block_sizes",
                default.allow_mixed_block_sizes,
            ),
            issue_discards: flag("devices/issue_discards", default.issue_discards),
            maximise_cling: flag("allocation/maximise_cling", default.maximise_cling),
            cling_tags: self.texts("allocation/cling_tag_list"),
            wipe_signatures: flag(
                "allocation/wipe_signatures_when_zeroing_new_lvs",
                default.wipe_signatures,
            ),
            record_lvs_history: flag("metadata/record_lvs_history", default.record_lvs_history),
            auto_set_activation_skip: flag(
                "activation/auto_set_activation_skip",
                default.auto_set_activation_skip,
            ),
            policy: default.policy,
            metadata_read_only: flag("global/metadata_read_only", default.metadata_read_only),
            archive: self.system.is_some() && flag("backup/archive", default.archive),
            backup: self.system.is_some() && flag("backup/backup", default.backup),
        }
    }

    /// Returns `devices/pv_min_size`; LVM2 takes none below 512 KiB.
    fn pv_size_min(&self) -> Sectors {
        const DEFAULT: u64 = 2048;
        let kib = self.count("devices/pv_min_size", DEFAULT);
        scale(if kib < 512 { DEFAULT } else { kib }, KIB)
    }

    fn texts(&self, path: &str) -> Vec<String> {
        let list = self.list(path).unwrap_or_default();
        list.into_iter().map(str::to_owned).collect()
    }

    /// Returns the directories of this machine.
    pub fn paths(&self) -> Paths {
        let system = self.system.clone().unwrap_or_default();
        let usual = Paths::of_machine(&system);
        let path =
            |setting, default: &Path| self.text(setting).map_or(default.to_owned(), PathBuf::from);
        Paths {
            archive: path("backup/archive_dir", &usual.archive),
            backup: path("backup/backup_dir", &usual.backup),
            locking: path("global/locking_dir", &usual.locking),
            dev: path("devices/dir", &usual.dev),
            proc: path("global/proc", &usual.proc),
            ..usual
        }
    }

    /// Returns how archive and backup files are kept.
    pub fn keeper(&self, paths: &Paths, node_name: &str) -> Keeper {
        let count =
            |path, default| usize::try_from(self.count(path, default)).unwrap_or(usize::MAX);
        Keeper {
            archive: paths.archive.clone(),
            backup: paths.backup.clone(),
            // At least one is always kept.
            retain_min: count("backup/retain_min", 10).max(1),
            retain_days: self.count("backup/retain_days", 30),
            umask: self.umask(),
            node_name: node_name.to_owned(),
        }
    }

    /// Returns `global/umask`.
    pub fn umask(&self) -> u32 {
        u32::try_from(self.count("global/umask", 0o077)).unwrap_or(0o077) & 0o777
    }

    /// Returns how locks are taken.
    pub fn locks(&self, paths: &Paths) -> Locks {
        Locks {
            directory: Some(paths.locking.clone()),
            wait: self.flag("global/wait_for_locks", true),
            prioritise_writers: self.flag("global/prioritise_write_locks", true),
        }
    }

    /// Returns where this machine's system id comes from.
    pub fn system_id_source(&self) -> SystemIdSource {
        match self.text("global/system_id_source").unwrap_or("none") {
            "lvmlocal" => {
                SystemIdSource::Local(self.text("local/system_id").unwrap_or("").to_owned())
            }
            "uname" => SystemIdSource::NodeName,
            "machineid" | "appmachineid" => SystemIdSource::MachineId,
            "file" => {
                SystemIdSource::File(self.text("global/system_id_file").unwrap_or("").to_owned())
            }
            _ => SystemIdSource::None,
        }
    }

    /// Returns the system ids of other machines whose VGs may be used here.
    pub fn extra_system_ids(&self) -> Vec<String> {
        self.texts("local/extra_system_ids")
    }

    /// Returns where LVM2's hints are, if it has any.
    pub fn hints(&self, paths: &Paths) -> Option<PathBuf> {
        let none = self.text("devices/hints") == Some("none");
        (!none).then(|| paths.run.clone())
    }

    /// Returns the name of the devices file, if one is to be used.
    pub fn devices_file(&self) -> Option<&str> {
        let name = self.text("devices/devicesfile").unwrap_or("system.devices");
        self.flag("devices/use_devicesfile", false).then_some(name)
    }

    /// Returns which devices are looked for and which of them are taken.
    ///
    /// # Errors
    /// If a filter is none.
    pub fn selection(&self, paths: &Paths) -> Result<Selection, SettingsError> {
        let directories = self.list("devices/scan").filter(|list| !list.is_empty());
        let directories = directories.map_or_else(
            || vec![paths.dev.clone()],
            |list| list.into_iter().map(PathBuf::from).collect(),
        );
        Ok(Selection {
            directories,
            types: self.device_types(),
            filter: self.filter("devices/filter")?,
            global_filter: self.filter("devices/global_filter")?,
            only: None,
            by_devices_file: false,
            images: Vec::new(),
            md_detection: self.flag("devices/md_component_detection", true),
            multipath_detection: self.flag("devices/multipath_component_detection", true),
            scan_lvs: self.flag("devices/scan_lvs", false),
            ignore_suspended: self.flag("devices/ignore_suspended_devices", false),
            size_min: self.pv_size_min().to_bytes().get(),
        })
    }

    fn filter(&self, path: &str) -> Result<Filter, SettingsError> {
        let Some(value) = self.find(path) else {
            return Ok(Filter::default());
        };
        let patterns: Vec<&str> = value.items().iter().filter_map(|item| item.as_text()).collect();
        if patterns.len() != value.items().len() {
            return Err(SettingsError::FilterType);
        }
        Ok(Filter::new(patterns)?)
    }

    /// Returns `devices/types`: names with their numbers of partitions, one after the other.
    fn device_types(&self) -> Vec<(String, u32)> {
        let items = self.find("devices/types").map_or(&[][..], |value| value.items());
        let pair = |pair: &[extant_core::format::text::Value<'_>]| {
            let count = u32::try_from(pair.get(1)?.as_int()?).ok()?;
            Some((pair[0].as_text()?.to_owned(), count))
        };
        items.chunks(2).filter_map(pair).collect()
    }
}

/// Returns a number of units in sectors; what doesn't fit is as large as can be.
fn scale(count: u64, unit: u64) -> Sectors {
    // Sizes end up as bytes too, so a sector count has nine bits less.
    Sectors::new(count.saturating_mul(unit).min(u64::MAX >> 9))
}
