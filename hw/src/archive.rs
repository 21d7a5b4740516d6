//! Archive and backup files, named, numbered, written and kept as LVM2 does.
//!
//! The archive has the state of a VG before each change, `VG_NNNNN-RANDOM.vg`; the backup its
//! newest state, `VG`. A file is written under another name in the same directory, made durable,
//! and then put in place in one step. The archive's files are linked, not renamed: of two processes
//! that want one number, one fails and takes the next.

use crate::device::aligned::Aligned;
use crate::environment;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Attempts to find a free name before giving up.
const ATTEMPTS: u32 = 100;

/// Keeps the states of VGs in files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keeper {
    /// `backup/archive_dir`.
    pub archive: PathBuf,
    /// `backup/backup_dir`.
    pub backup: PathBuf,
    /// `backup/retain_min`: so many archives of a VG are kept however old they are.
    pub retain_min: usize,
    /// `backup/retain_days`: younger archives are kept however many they are.
    pub retain_days: u64,
    /// `global/umask`: permissions that new files and directories don't have.
    pub umask: u32,
    /// Node name, part of the temporary name.
    pub node_name: String,
}

/// A file of the archive.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ArchiveFile {
    /// Its number; the largest is the newest.
    pub number: u64,
    /// Where it is.
    pub path: PathBuf,
}

impl Keeper {
    /// Adds a file to the archive of `vg`, and removes old ones beyond what is retained.
    ///
    /// # Errors
    /// If the file can't be written. That old files can't be removed is no error.
    pub fn archive(&self, vg: &str, text: &[u8]) -> io::Result<PathBuf> {
        let temporary = self.write_temporary(&self.archive, text)?;
        let files = list(&self.archive, vg)?;
        let next = files.last().map_or(0, |file| file.number.saturating_add(1));
        let placed = self.link(&temporary, vg, next);
        let removed = fs::remove_file(&temporary);
        let path = placed?;
        removed?;
        sync_directory(&self.archive)?;
        self.retire(&files);
        Ok(path)
    }

    /// Replaces the backup of `vg`.
    ///
    /// # Errors
    /// If the file can't be written; the old one is then still there.
    pub fn back_up(&self, vg: &str, text: &[u8]) -> io::Result<PathBuf> {
        let temporary = self.write_temporary(&self.backup, text)?;
        let path = self.backup.join(vg);
        if let Err(error) = fs::rename(&temporary, &path) {
            // The reason for the failure matters, not that of the clean-up's.
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        sync_directory(&self.backup)?;
        Ok(path)
    }

    /// Writes a file somewhere else, as `vgcfgbackup -f` does: replaced in one step.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn write_file(&self, path: &Path, text: &[u8]) -> io::Result<()> {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        let temporary = self.write_temporary(parent, text)?;
        fs::rename(&temporary, path).inspect_err(|_| {
            // As above.
            let _ = fs::remove_file(&temporary);
        })?;
        sync_directory(parent)
    }

    /// Removes the backup of a VG that is no more; that there is none is no error.
    ///
    /// # Errors
    /// If it is there and can't be removed.
    pub fn remove_backup(&self, vg: &str) -> io::Result<()> {
        match fs::remove_file(self.backup.join(vg)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Lists the archive of `vg`, oldest first.
    ///
    /// # Errors
    /// If the directory can't be read; that there is none is an empty list.
    pub fn list_archive(&self, vg: &str) -> io::Result<Vec<ArchiveFile>> {
        list(&self.archive, vg)
    }

    fn write_temporary(&self, directory: &Path, text: &[u8]) -> io::Result<PathBuf> {
        if !directory.is_dir() {
            let mode = 0o777 & !self.umask;
            DirBuilder::new().recursive(true).mode(mode).create(directory)?;
        }
        for _ in 0..ATTEMPTS {
            let name = format!(
                ".lvm_{}_{}_{}",
                self.node_name,
                std::process::id(),
                environment::random_number()
            );
            let path = directory.join(name);
            let opened = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o666 & !self.umask)
                .open(&path);
            match opened {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => {
                    return write_durably(file, text)
                        .inspect_err(|_| {
                            // The failure to write is what is reported.
                            let _ = fs::remove_file(&path);
                        })
                        .map(|()| path);
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn link(&self, temporary: &Path, vg: &str, next: u64) -> io::Result<PathBuf> {
        for number in (next..).take(ATTEMPTS as usize) {
            let random = environment::random_number();
            let path = self.archive.join(format!("{vg}_{number:05}-{random}.vg"));
            match fs::hard_link(temporary, &path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(path),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Removes the oldest of `files`, those that were there before the newest was added.
    fn retire(&self, files: &[ArchiveFile]) {
        let age = Duration::from_secs(self.retain_days.saturating_mul(86_400));
        let Some(oldest) = SystemTime::now().checked_sub(age) else {
            return;
        };
        let surplus = (files.len() + 1).saturating_sub(self.retain_min);
        for file in files.iter().take(surplus) {
            let young = |time: SystemTime| time > oldest;
            let changed = fs::metadata(&file.path).and_then(|facts| facts.modified());
            if changed.is_ok_and(young) {
                break;
            }
            // A file that can't be removed is looked at again next time.
            let _ = fs::remove_file(&file.path);
        }
    }
}

/// Longer texts are written past the page cache: nobody will read them soon, and filling the cache
/// costs more than all else that a command does.
const DIRECT_LENGTH: usize = 256 * 1024;

fn write_durably(mut file: File, text: &[u8]) -> io::Result<()> {
    let mut done = 0;
    if text.len() >= DIRECT_LENGTH && set_direct(&file, true) {
        done = text.len() / PAGE * PAGE;
        let written = Aligned::default().write(&file, &text[..done], 0, PAGE);
        // A file system that takes the flag and not the write gets the text in the ordinary way.
        if !set_direct(&file, false) || written.is_err() {
            done = 0;
        }
    }
    file.seek(io::SeekFrom::Start(done as u64))?;
    file.write_all(&text[done..])?;
    file.sync_data()
}

/// The unit of writes past the page cache: a multiple of every block size.
const PAGE: usize = 4096;

/// Returns true if it could be done.
fn set_direct(file: &File, direct: bool) -> bool {
    let flags = if direct { OFlag::O_DIRECT } else { OFlag::empty() };
    fcntl(file, FcntlArg::F_SETFL(flags)).is_ok()
}

fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

fn list(directory: &Path, vg: &str) -> io::Result<Vec<ArchiveFile>> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        if let Some(number) = name.to_str().and_then(|name| parse_name(name, vg)) {
            let path = directory.join(&name);
            files.push(ArchiveFile { number, path });
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the number in the name of an archive file of `vg`; that of another VG has none.
fn parse_name(name: &str, vg: &str) -> Option<u64> {
    let middle = name.strip_prefix(vg)?.strip_prefix('_')?.strip_suffix(".vg")?;
    let (number, random) = middle.split_once('-').unwrap_or((middle, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(random) || !digits(number) {
        return None;
    }
    number.parse().ok()
}

#[cfg(test)]
mod tests;
