//! Locks between processes, exactly as LVM2 has them, so that both programs work at once.
//!
//! A lock is an `flock` on a file in the locking directory: `V_` and the name of a VG, or
//! `P_global`. Whoever wants one first takes the file with `:aux` behind its name; a writer keeps
//! that until it has the lock itself, a reader gives it back before it waits. So a waiting writer
//! holds off new readers.
//!
//! Lock files vanish with their last holder: who gives a lock back tries to get it exclusively
//! without waiting, and unlinks the file if it did. Hence a lock counts only if the path still
//! leads to the file that was locked; otherwise it is taken again.

use extant_core::plan::effect::{LockMode, LockName};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Takes locks in one directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Locks {
    /// `global/locking_dir`; `None` takes no locks at all (`--nolocking`).
    pub directory: Option<PathBuf>,
    /// `global/wait_for_locks`.
    pub wait: bool,
    /// `global/prioritise_write_locks`.
    pub prioritise_writers: bool,
}

/// Why a lock was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// The locking directory can't be made or used.
    #[error("{path}: locking directory can't be used: {}", plain(.source))]
    Directory {
        /// The directory.
        path: String,
        /// The reason.
        source: io::Error,
    },
    /// A lock file can't be opened.
    #[error("{path}: open failed: {}", plain(.source))]
    Open {
        /// The file.
        path: String,
        /// The reason.
        source: io::Error,
    },
    /// Somebody else has it, and we are not to wait.
    #[error("{path}: flock failed: {}", plain(.source))]
    Lock {
        /// The file.
        path: String,
        /// The reason.
        source: io::Error,
    },
}

/// Returns the system's words for an error, without Rust's addition of the number.
pub(crate) fn plain(error: &io::Error) -> String {
    let words = error.to_string();
    match words.rfind(" (os error ") {
        Some(end) => words[..end].to_owned(),
        None => words,
    }
}

/// A lock that is held until this is dropped.
#[derive(Debug)]
#[must_use = "the lock is given back when this is dropped"]
pub struct HeldLock {
    held: Option<(File, PathBuf)>,
}

impl Locks {
    /// Takes no locks.
    pub const fn none() -> Self {
        Self { directory: None, wait: true, prioritise_writers: true }
    }

    /// Makes the locking directory if it isn't there, and checks that it can be written.
    ///
    /// # Errors
    /// [`LockError::Directory`]; LVM2 then ends with exit code 4 unless told to go on without
    /// locks.
    pub fn prepare(&self) -> Result<(), LockError> {
        let Some(directory) = &self.directory else {
            return Ok(());
        };
        let fail = |source| LockError::Directory { path: directory.display().to_string(), source };
        if !directory.is_dir() {
            let mut builder = DirBuilder::new();
            builder.recursive(true).mode(0o700).create(directory).map_err(fail)?;
        }
        let usable = nix::unistd::access(directory, nix::unistd::AccessFlags::W_OK);
        usable.map_err(|errno| fail(errno.into()))
    }

    /// Takes a lock, waiting for it if that is configured.
    ///
    /// Locks are to be taken in the order of [`LockName`]: global, then VGs by name.
    ///
    /// # Errors
    /// If a lock file can't be opened, or another process has the lock and we are not to wait.
    pub fn acquire(&self, name: &LockName, mode: LockMode) -> Result<HeldLock, LockError> {
        match name {
            LockName::Global => self.acquire_file("P_global", mode),
            LockName::Vg(vg) => self.acquire_file(&format!("V_{vg}"), mode),
        }
    }

    /// Takes the lock of a devices file, which guards its replacement.
    ///
    /// # Errors
    /// As [`Self::acquire`].
    pub fn acquire_devices_file(&self, name: &str) -> Result<HeldLock, LockError> {
        let Some(directory) = &self.directory else {
            return Ok(HeldLock { held: None });
        };
        let path = directory.join(format!("D_{name}"));
        let file = self.lock_file(&path, LockMode::Exclusive)?;
        Ok(HeldLock { held: Some((file, path)) })
    }

    fn acquire_file(&self, file_name: &str, mode: LockMode) -> Result<HeldLock, LockError> {
        let Some(directory) = &self.directory else {
            return Ok(HeldLock { held: None });
        };
        let path = directory.join(file_name);
        let held = if self.prioritise_writers {
            let aux_path = directory.join(format!("{file_name}:aux"));
            let aux = self.lock_file(&aux_path, LockMode::Exclusive)?;
            if mode == LockMode::Exclusive {
                let locked = self.lock_file(&path, mode);
                unlink_if_last(&aux, &aux_path);
                locked?
            } else {
                unlink_if_last(&aux, &aux_path);
                drop(aux);
                self.lock_file(&path, mode)?
            }
        } else {
            self.lock_file(&path, mode)?
        };
        Ok(HeldLock { held: Some((held, path)) })
    }

    /// Opens and locks a file until the locked file is the one the path leads to.
    fn lock_file(&self, path: &Path, mode: LockMode) -> Result<File, LockError> {
        loop {
            let file = OpenOptions::new()
                .read(true)
                .append(true)
                .create(true)
                .mode(0o700)
                .open(path)
                .map_err(|source| LockError::Open { path: path.display().to_string(), source })?;
            match self.flock(&file, mode) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => {
                    return Err(LockError::Lock { path: path.display().to_string(), source });
                }
                Ok(()) if is_at(&file, path) => return Ok(file),
                Ok(()) => {}
            }
        }
    }

    fn flock(&self, file: &File, mode: LockMode) -> io::Result<()> {
        let tried = match (self.wait, mode) {
            (true, LockMode::Shared) => return file.lock_shared(),
            (true, LockMode::Exclusive) => return file.lock(),
            (false, LockMode::Shared) => file.try_lock_shared(),
            (false, LockMode::Exclusive) => file.try_lock(),
        };
        tried.map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => nix::errno::Errno::EAGAIN.into(),
        })
    }
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        if let Some((file, path)) = self.held.take() {
            // Waiting readers get in first; only if there are none is the file removed. A failure
            // to unlock can't be helped: the descriptor's end gives the lock back too.
            let _ = file.unlock();
            unlink_if_last(&file, &path);
        }
    }
}

/// Removes a lock file if nobody else holds or awaits its lock.
fn unlink_if_last(file: &File, path: &Path) {
    if file.try_lock().is_ok() && is_at(file, path) {
        // Somebody else may have removed it by hand; then nothing is left to do.
        let _ = fs::remove_file(path);
    }
}

/// Returns true if the path leads to the open file.
fn is_at(file: &File, path: &Path) -> bool {
    let (Ok(there), Ok(here)) = (fs::metadata(path), file.metadata()) else {
        return false;
    };
    (there.dev(), there.ino()) == (here.dev(), here.ino())
}

#[cfg(test)]
mod tests;
