//! Finding the devices that may be PVs.

use super::content;
use super::disk::Disk;
use super::filter::{Filter, Verdict};
use super::nodes::{self, Name};
use super::sysfs::Sysfs;
use super::types::{Kind, Types};
use crate::parallel;
use crate::paths::Paths;
use extant_core::driver::scan::head_size;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Which devices are looked for, and which of them are taken.
#[derive(Clone, Debug)]
pub struct Selection {
    /// `devices/scan`.
    pub directories: Vec<PathBuf>,
    /// `devices/types`: more drivers, with their number of partitions.
    pub types: Vec<(String, u32)>,
    /// `devices/filter`.
    pub filter: Filter,
    /// `devices/global_filter`.
    pub global_filter: Filter,
    /// The list of `--devices`, or of the devices file; filters don't count then.
    pub only: Option<Vec<Listed>>,
    /// Whether that list is the devices file's. Without a list: whether there will be such a file.
    pub by_devices_file: bool,
    /// Image files that the user named, or that a lab has.
    pub images: Vec<ImageFile>,
    /// `devices/md_component_detection`.
    pub md_detection: bool,
    /// `devices/multipath_component_detection`.
    pub multipath_detection: bool,
    /// `devices/scan_lvs`.
    pub scan_lvs: bool,
    /// `devices/ignore_suspended_devices`.
    pub ignore_suspended: bool,
    /// `devices/pv_min_size`, in bytes.
    pub size_min: u64,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            directories: vec![PathBuf::from("/dev")],
            types: Vec::new(),
            filter: Filter::default(),
            global_filter: Filter::default(),
            only: None,
            by_devices_file: false,
            images: Vec::new(),
            md_detection: true,
            multipath_detection: true,
            scan_lvs: false,
            ignore_suspended: false,
            size_min: 2048 * 1024,
        }
    }
}

/// A device that is listed by a user or in the devices file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its path.
    pub path: PathBuf,
    /// How the devices file identifies it, if it does so otherwise than by path.
    pub id: Option<(String, String)>,
    /// The number of the partition on the device so identified.
    pub partition: Option<u32>,
}

impl Listed {
    /// Lists a device by its path.
    pub fn by_path(path: &Path) -> Self {
        Self { path: path.to_owned(), id: None, partition: None }
    }
}

/// An image file, and what it is called.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ImageFile {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Devices that may be PVs, in the order of their numbers; then image files in the order of
    /// their names.
    pub disks: Vec<Disk>,
    /// Devices that were found and may not.
    pub rejected: Vec<Rejected>,
    /// Entries of [`Selection::only`] that were not found.
    pub missing: Vec<Listed>,
}

/// A device that may not be a PV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejected {
    /// All its names, the preferred one first.
    pub names: Vec<String>,
    /// Why.
    pub reason: Reason,
}

/// Why a device may not be a PV. The text is LVM2's, to stand behind `Cannot use NAME: device `.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, thiserror::Error)]
pub enum Reason {
    /// A filter says so.
    #[error("is rejected by filter config")]
    Filter,
    /// There is a devices file, and it is not in it.
    #[error("is not in devices file")]
    NotInDevicesFile,
    /// `--devices` doesn't name it.
    #[error("is not in devices list")]
    NotInDevicesList,
    /// Its driver is not known.
    #[error("type is unknown")]
    Type,
    /// It has partitions.
    #[error("is partitioned")]
    Partitioned,
    /// It is part of a software RAID.
    #[error("is an md component")]
    MdComponent,
    /// It is a path of a multipath device.
    #[error("is a multipath component")]
    MultipathComponent,
    /// It is an LV, and these are not looked at.
    #[error("is an LV")]
    Lv,
    /// It is suspended.
    #[error("is suspended")]
    Suspended,
    /// It is too small, or has no medium.
    #[error("is too small (pv_min_size)")]
    TooSmall,
    /// It can't be opened or read.
    #[error("cannot be used")]
    Unusable,
}

impl Inventory {
    /// Takes a device that was opened, or notes why it was not.
    fn note(
        &mut self,
        names: Vec<String>,
        opened: Result<(Disk, bool), Reason>,
        candidates: &mut Vec<Candidate>,
    ) {
        match opened {
            Ok((disk, divisible)) => candidates.push(Candidate { names, disk, divisible }),
            Err(reason) => self.rejected.push(Rejected { names, reason }),
        }
    }

    /// Returns why a device may not be a PV, if it was found and may not.
    pub fn find_rejected(&self, name: &str) -> Option<Reason> {
        let of_name = |rejected: &&Rejected| rejected.names.iter().any(|other| other == name);
        self.rejected.iter().find(of_name).map(|rejected| rejected.reason)
    }
}

/// Looks for devices.
///
/// # Errors
/// If the kernel's list of drivers can't be read.
pub fn find(paths: &Paths, selection: &Selection) -> io::Result<Inventory> {
    let mut inventory = Inventory::default();
    // A lab has no block devices; it runs where the kernel tells nothing.
    let types = match selection.directories.as_slice() {
        [] => Types::default(),
        _ => Types::read(&paths.proc, &selection.types)?,
    };
    let finder = Finder { paths, selection, types };
    let nodes = nodes::find(&selection.directories, &paths.dev);
    allow_files(nodes.len() + selection.images.len());
    let mut listed = finder.list();
    let mut candidates = Vec::new();
    for (number, mut names) in nodes {
        let opened = finder.open_block(number, &mut names, &mut listed);
        let names = names.into_iter().map(|name| name.path).collect();
        inventory.note(names, opened, &mut candidates);
    }
    for ImageFile { name, path } in finder.images(&mut listed) {
        if candidates.iter().all(|candidate: &Candidate| candidate.disk.facts.name != name) {
            let opened = finder.open_image(&path, name.clone());
            inventory.note(vec![name], opened, &mut candidates);
        }
    }
    finder.read_heads(&mut candidates);
    for candidate in candidates {
        let checked = finder.check_content(&candidate);
        let Candidate { names, disk, .. } = candidate;
        match checked {
            Ok(()) => inventory.disks.push(disk),
            Err(reason) => inventory.rejected.push(Rejected { names, reason }),
        }
    }
    inventory.missing = listed
        .into_iter()
        .flatten()
        .filter(|entry| !entry.found)
        .map(|entry| entry.listed)
        .collect();
    Ok(inventory)
}

/// Raises the limit of open files if there are many devices, each of which stays open: once for
/// reading, once for writing.
fn allow_files(devices: usize) {
    const SPARE: u64 = 64;
    let wanted = (devices as u64).saturating_mul(2).saturating_add(SPARE);
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < wanted
    {
        // Without it the devices beyond the limit can't be opened, which is told then.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, wanted.min(hard), hard);
    }
}

/// A device that may be a PV unless its content says otherwise.
struct Candidate {
    names: Vec<String>,
    disk: Disk,
    /// Whether one of its kind may have partitions.
    divisible: bool,
}

/// An entry of [`Selection::only`] with what the path leads to.
struct Entry {
    listed: Listed,
    number: Option<(u32, u32)>,
    found: bool,
}

struct Finder<'a> {
    paths: &'a Paths,
    selection: &'a Selection,
    types: Types,
}

impl Finder<'_> {
    fn list(&self) -> Option<Vec<Entry>> {
        let entry = |listed: &Listed| Entry {
            listed: listed.clone(),
            number: block_number(&listed.path),
            found: false,
        };
        self.selection.only.as_ref().map(|only| only.iter().map(entry).collect())
    }

    /// Opens a block device; says whether one of its kind may have partitions.
    fn open_block(
        &self,
        number: (u32, u32),
        names: &mut [Name],
        listed: &mut Option<Vec<Entry>>,
    ) -> Result<(Disk, bool), Reason> {
        let sysfs = Sysfs::new(&self.paths.sys, number);
        let kind = self.types.kind(number.0).ok_or(Reason::Type)?;
        let id = self.check_list(number, names, &sysfs, listed)?;
        self.check_role(kind, &sysfs)?;
        let mut disk = Disk::open_block(names, number).map_err(|_| Reason::Unusable)?;
        self.check_size(&disk)?;
        disk.facts.device_id = id;
        Ok((disk, kind.partitions > 1 || kind.is_loop))
    }

    /// Whether the kernel makes partitions of a table on this very device.
    fn has_own_partitions(&self, disk: &Disk) -> bool {
        let Some(number) = disk.facts.number else {
            return true;
        };
        let sysfs = Sysfs::new(&self.paths.sys, number);
        let is_loop = self.types.kind(number.0).is_some_and(|kind| kind.is_loop);
        let looks = || sysfs.get("loop/partscan").is_some_and(|on| on != "0");
        (!is_loop || looks()) && sysfs.partition().is_none()
    }

    /// Checks the list or the filters; returns how the devices file identifies the device.
    fn check_list(
        &self,
        number: (u32, u32),
        names: &mut [Name],
        sysfs: &Sysfs,
        listed: &mut Option<Vec<Entry>>,
    ) -> Result<Option<(String, String)>, Reason> {
        let Some(listed) = listed else {
            self.check_filters(names)?;
            let path = names.first().map_or("", |name| name.path.as_str());
            return Ok(self.selection.by_devices_file.then(|| sysfs.device_id(path)));
        };
        let by_id = self.selection.by_devices_file;
        let path = names.first().map_or("", |name| name.path.as_str());
        let id = by_id.then(|| sysfs.device_id(path));
        let partition = if by_id { sysfs.partition() } else { None };
        let fits = |entry: &&mut Entry| match &entry.listed.id {
            Some(wanted) => id.as_ref() == Some(wanted) && entry.listed.partition == partition,
            None => entry.number == Some(number),
        };
        match listed.iter_mut().find(fits) {
            Some(entry) => {
                entry.found = true;
                Ok(id)
            }
            None if by_id => Err(Reason::NotInDevicesFile),
            None => Err(Reason::NotInDevicesList),
        }
    }

    /// Checks the filters. A name that a filter asks for becomes the preferred one.
    fn check_filters(&self, names: &mut [Name]) -> Result<(), Reason> {
        for filter in [&self.selection.global_filter, &self.selection.filter] {
            if filter.passes_all() {
                continue;
            }
            match filter.judge(names.iter().map(|name| name.path.as_str())) {
                Verdict::Rejected => return Err(Reason::Filter),
                Verdict::Accepted(index) => names[..=index].rotate_right(1),
                Verdict::NoMatch => {}
            }
        }
        Ok(())
    }

    /// Checks what the kernel knows of the device's role.
    fn check_role(&self, kind: Kind, sysfs: &Sysfs) -> Result<(), Reason> {
        if kind.device_mapper {
            let is_lv = || sysfs.get("dm/uuid").is_some_and(|uuid| uuid.starts_with("LVM-"));
            if !self.selection.scan_lvs && is_lv() {
                return Err(Reason::Lv);
            }
            if self.selection.ignore_suspended
                && sysfs.get("dm/suspended").is_some_and(|on| on == "1")
            {
                return Err(Reason::Suspended);
            }
        }
        let multipath =
            self.selection.multipath_detection && self.types.any(|kind| kind.device_mapper);
        if multipath && sysfs.is_multipath_component() {
            return Err(Reason::MultipathComponent);
        }
        if self.selection.md_detection && self.types.any(|kind| kind.md) && sysfs.is_md_component()
        {
            return Err(Reason::MdComponent);
        }
        Ok(())
    }

    fn check_size(&self, disk: &Disk) -> Result<(), Reason> {
        if disk.facts.size.get() < self.selection.size_min {
            return Err(Reason::TooSmall);
        }
        Ok(())
    }

    /// Reads the first bytes of devices whose content matters. Where that fails there are none: the
    /// scan will meet the error too, and tell it.
    fn read_heads(&self, candidates: &mut [Candidate]) {
        let matters = |c: &&mut Candidate| c.divisible || self.selection.md_detection;
        parallel::each(candidates.iter_mut().filter(matters).collect(), |candidate| {
            let disk = &mut candidate.disk;
            if let Ok(head) = disk.read(0, head_size(&disk.facts).get()) {
                disk.facts.head = head;
            }
        });
    }

    fn check_content(&self, candidate: &Candidate) -> Result<(), Reason> {
        let head = &candidate.disk.facts.head;
        // The kernel is asked last: hardly a PV begins like a partition table.
        let is_divided = candidate.divisible && content::is_partitioned(head);
        if is_divided && self.has_own_partitions(&candidate.disk) {
            return Err(Reason::Partitioned);
        }
        if self.selection.md_detection && content::is_md_component(head) {
            return Err(Reason::MdComponent);
        }
        Ok(())
    }

    /// Returns the image files: those selected, and those listed that are files.
    fn images(&self, listed: &mut Option<Vec<Entry>>) -> Vec<ImageFile> {
        let mut images = self.selection.images.clone();
        for entry in listed.iter_mut().flatten() {
            if !entry.found && entry.number.is_none() && entry.listed.path.is_file() {
                entry.found = true;
                let path = entry.listed.path.clone();
                images.push(ImageFile { name: path.to_string_lossy().into_owned(), path });
            }
        }
        images
    }

    fn open_image(&self, path: &Path, name: String) -> Result<(Disk, bool), Reason> {
        let disk = Disk::open_image(path, name).map_err(|_| Reason::Unusable)?;
        self.check_size(&disk)?;
        Ok((disk, true))
    }
}

/// Returns the number of the block device that a path leads to.
fn block_number(path: &Path) -> Option<(u32, u32)> {
    let facts = fs::metadata(path).ok()?;
    facts.file_type().is_block_device().then(|| nodes::split(facts.rdev()))
}

#[cfg(test)]
mod tests;
