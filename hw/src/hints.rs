//! LVM2's hints: a cache of which devices are PVs. Ours is the duty to say that it no longer holds.
//!
//! Whoever is going to change which devices are PVs, or what VG they belong to, empties the hints
//! file, leaves `newhints` beside it so that the next report makes it anew, and holds the file's
//! lock until it is done: otherwise a report that runs in between would cache the state before the
//! change.
//!
//! LVM2 waits for this lock between the global lock and those of VGs, so it is to be taken only by
//! who has the global lock exclusively: then nobody holds one and waits for the other. Reports
//! don't wait for it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Hints that are invalid and stay so until this is dropped.
#[derive(Debug)]
#[must_use = "LVM2 may make new hints when this is dropped"]
pub struct InvalidHints {
    _lock: Option<File>,
}

/// Makes LVM2's hints in `run` invalid; `comment` says who did (`vgcreate pid 236 CTIME`).
///
/// If the directory isn't there, LVM2 has no hints and nothing is done.
///
/// # Errors
/// If a file is there and can't be changed.
pub fn invalidate(run: &Path, comment: &str) -> io::Result<InvalidHints> {
    if !run.is_dir() {
        return Ok(InvalidHints { _lock: None });
    }
    let (hints, no_hints) = (run.join("hints"), run.join("nohints"));
    // While it waits for the lock nobody is to believe the old hints.
    create(&no_hints)?;
    let locked = open(&hints).and_then(|file| file.lock().map(|()| file));
    let removed = fs::remove_file(&no_hints);
    let mut file = locked?;
    if let Err(error) = removed
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    file.set_len(0)?;
    file.write_all(format!("# Created empty by {comment}\n").as_bytes())?;
    create(&run.join("newhints"))?;
    Ok(InvalidHints { _lock: Some(file) })
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn create(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_emptied_and_new_ones_asked_for() {
        let directory = tempfile::tempdir().unwrap();
        let run = directory.path();
        fs::write(run.join("hints"), "# Created by lvs\nscan:/dev/sda\n").unwrap();
        let invalid = invalidate(run, "vgcreate pid 7 now").unwrap();
        let text = fs::read_to_string(run.join("hints")).unwrap();
        assert_eq!(text, "# Created empty by vgcreate pid 7 now\n");
        assert!(run.join("newhints").exists());
        assert!(!run.join("nohints").exists());
        let other = File::open(run.join("hints")).unwrap();
        assert!(other.try_lock_shared().is_err());
        drop(invalid);
        assert!(other.try_lock_shared().is_ok());
    }

    #[test]
    fn without_the_directory_nothing_is_made() {
        let directory = tempfile::tempdir().unwrap();
        let run = directory.path().join("none");
        let _invalid = invalidate(&run, "x").unwrap();
        assert!(!run.exists());
    }
}
