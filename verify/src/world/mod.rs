//! A small world on a real machine: loop devices, and configuration directories that show both
//! programs nothing but these.

pub mod loops;
pub mod program;
pub mod raw;

use anyhow::Context;
use loops::{Content, LoopDisk};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Bytes at the start of a disk that may hold metadata in these tests.
pub const HEAD: u64 = 4 << 20;
/// Bytes at the end of a disk that may hold metadata in these tests.
pub const TAIL: u64 = 2 << 20;

/// Loop devices, and a configuration directory for each of two programs that take turns.
///
/// The second directory is for rehearsals: its backup files follow the first one's.
#[derive(Debug)]
pub struct World {
    /// The disks, in the order of their devices' numbers.
    pub disks: Vec<LoopDisk>,
    hidden: Vec<bool>,
    /// Which were hidden once since the sequence began.
    away: Vec<bool>,
    dir: TempDir,
}

/// A world's disks and backup files at one moment.
#[derive(Clone, Debug)]
pub struct Moment {
    disks: Vec<Content>,
}

impl World {
    /// Makes a world with disks of these sizes and with such sectors, in bytes.
    ///
    /// # Errors
    /// If there is no place for the files or no loop device (this needs root).
    pub fn new(sizes: &[u64], sector_size: u32) -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("extant-verify-")
            .tempdir()
            .context("making a directory")?;
        let mut disks = sizes
            .iter()
            .enumerate()
            .map(|(number, size)| {
                let file = dir.path().join(format!("d{number}.img"));
                LoopDisk::new(file, *size, sector_size)
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        disks.sort_by_key(|disk| device_number(disk.device()));
        let world =
            Self { hidden: vec![false; disks.len()], away: vec![false; disks.len()], disks, dir };
        for system_dir in world.system_dirs() {
            for sub in ["backup", "archive"] {
                fs::create_dir_all(system_dir.join(sub))?;
            }
        }
        world.write_config()?;
        Ok(world)
    }

    /// Returns the directory for `LVM_SYSTEM_DIR`.
    pub fn system_dir(&self) -> PathBuf {
        self.dir.path().join("sys")
    }

    /// Returns the directory for `LVM_SYSTEM_DIR` in rehearsals.
    pub fn rehearsal_dir(&self) -> PathBuf {
        self.dir.path().join("rehearsal")
    }

    /// Returns a directory for `LVM_SYSTEM_DIR` under which LVM2 uses libaio, as it does by
    /// default.
    pub fn slow_dir(&self) -> PathBuf {
        self.dir.path().join("aio")
    }

    fn system_dirs(&self) -> [PathBuf; 3] {
        [self.system_dir(), self.rehearsal_dir(), self.slow_dir()]
    }

    /// Returns a directory for files that steps make.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Shows a disk to the programs, or hides it from them.
    ///
    /// # Errors
    /// If the configuration cannot be written.
    pub fn show(&mut self, disk: usize, shown: bool) -> anyhow::Result<()> {
        self.hidden[disk] = !shown;
        self.away[disk] |= !shown;
        self.write_config()
    }

    /// Returns true if a disk is hidden.
    pub fn is_hidden(&self, disk: usize) -> bool {
        self.hidden[disk]
    }

    /// Returns true if a disk is hidden, or was since the last reset.
    pub fn has_been_away(&self, disk: usize) -> bool {
        self.away[disk]
    }

    /// Empties all disks and forgets all backup files: the start of a sequence.
    ///
    /// # Errors
    /// If a disk or file refuses.
    pub fn reset(&mut self, sizes: &[u64]) -> anyhow::Result<()> {
        assert_eq!(sizes.len(), self.disks.len(), "each disk gets a size");
        for (disk, size) in self.disks.iter_mut().zip(sizes) {
            disk.clear(HEAD, TAIL)?;
            disk.resize(*size)?;
            disk.clear(HEAD, TAIL)?;
        }
        self.hidden.fill(false);
        self.away.fill(false);
        self.forget_files()?;
        self.write_config()
    }

    /// Remembers what the disks hold, and gives the rehearsal the same backup files.
    ///
    /// # Errors
    /// If a disk or file refuses.
    pub fn moment(&self) -> anyhow::Result<Moment> {
        let disks = self
            .disks
            .iter()
            .map(|disk| {
                // An area that pvresize has moved may lie in the middle of the disk.
                let areas = raw::read_pv(disk)?.map(|pv| pv.areas).unwrap_or_default();
                let areas: Vec<(u64, u64)> = areas.iter().map(|a| (a.start, a.size)).collect();
                disk.content(HEAD, TAIL, &areas)
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let target = self.rehearsal_dir().join("backup");
        empty_dir(&target)?;
        for entry in fs::read_dir(self.system_dir().join("backup"))? {
            let entry = entry?;
            fs::copy(entry.path(), target.join(entry.file_name()))?;
        }
        empty_dir(&self.rehearsal_dir().join("archive"))?;
        Ok(Moment { disks })
    }

    /// Removes all backup and archive files.
    ///
    /// # Errors
    /// If a file refuses.
    pub fn forget_files(&self) -> anyhow::Result<()> {
        for system_dir in self.system_dirs() {
            for sub in ["backup", "archive"] {
                empty_dir(&system_dir.join(sub))?;
            }
        }
        Ok(())
    }

    /// Goes back to a moment; backup files stay as they are.
    ///
    /// # Errors
    /// If a disk refuses.
    pub fn go_back(&self, moment: &Moment) -> anyhow::Result<()> {
        self.disks.iter().zip(&moment.disks).try_for_each(|(disk, content)| disk.restore(content))
    }

    fn write_config(&self) -> anyhow::Result<()> {
        for system_dir in self.system_dirs() {
            fs::create_dir_all(&system_dir)?;
            let config = self.config(&system_dir);
            fs::write(system_dir.join("lvm.conf"), config)?;
        }
        Ok(())
    }

    /// Without activation, device-mapper is not asked; without libaio, LVM2 is four times as fast.
    fn config(&self, system_dir: &Path) -> String {
        let mut filter = String::new();
        for (disk, hidden) in self.disks.iter().zip(&self.hidden) {
            if !hidden {
                let _ = write!(filter, "\"a|^{}$|\", ", disk.device());
            }
        }
        let aio = u8::from(system_dir == self.slow_dir());
        format!(
            "global {{\n\tactivation = 0\n\tuse_aio = {aio}\n\tlocking_dir = \"{dir}/lock\"\n}}\n\
             devices {{\n\tuse_devicesfile = 0\n\tobtain_device_list_from_udev = 0\n\
             \thints = \"none\"\n\tfilter = [{filter}\"r|.*|\"]\n}}\n\
             backup {{\n\tbackup_dir = \"{system}/backup\"\n\tarchive_dir = \"{system}/archive\"\n}}\n",
            dir = self.dir.path().display(),
            system = system_dir.display(),
        )
    }
}

fn empty_dir(path: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(path)? {
        fs::remove_file(entry?.path())?;
    }
    Ok(())
}

/// Returns the number at the end of a device's name, by which both programs order devices.
fn device_number(device: &str) -> u64 {
    let digits = device.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.parse().unwrap_or(u64::MAX)
}
