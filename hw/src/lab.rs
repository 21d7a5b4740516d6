//! Labs: directories that stand for whole machines.
//!
//! The image files in a lab are its disks, called by their file name without the ending. Everything
//! else a machine has (locks, archive, backup, configuration) is in the hidden directory `.extant`
//! beside them, so nothing outside is touched and no rights are needed.

use crate::paths::Paths;
use std::cmp::Ordering;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The name of the hidden directory.
const RUNTIME: &str = ".extant";

/// The ending of the names of disks.
const ENDING: &str = "img";

/// A lab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lab {
    directory: PathBuf,
}

/// A disk of a lab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Image {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// Why there is no lab.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabError {
    /// The directory isn't there.
    #[error("lab {path} is not a directory; make one with: extant lab create {path}")]
    NoDirectory {
        /// The directory.
        path: String,
    },
    /// A disk is there already.
    #[error("lab {path} already has disk {name}; its data would be lost")]
    DiskExists {
        /// The directory.
        path: String,
        /// The disk.
        name: String,
    },
    /// Something can't be made or read.
    #[error("{path}: {source}")]
    Io {
        /// What.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl Lab {
    /// Takes a directory as a lab.
    ///
    /// # Errors
    /// If it isn't there.
    pub fn open(directory: &Path) -> Result<Self, LabError> {
        if directory.is_dir() {
            let directory = directory.to_owned();
            return Ok(Self { directory });
        }
        Err(LabError::NoDirectory { path: directory.display().to_string() })
    }

    /// Makes a lab of `count` new sparse disks of `size` bytes, `disk1` and so on. The directory
    /// may be there.
    ///
    /// # Errors
    /// If one of the disks is there already, or something can't be made; then no disk was made.
    pub fn create(directory: &Path, count: u32, size: u64) -> Result<Self, LabError> {
        let fail = |path: &Path, source| LabError::Io { path: path.display().to_string(), source };
        fs::create_dir_all(directory).map_err(|source| fail(directory, source))?;
        let mut made: Vec<PathBuf> = Vec::new();
        let disks = (1..=count).map(|number| {
            (format!("disk{number}"), directory.join(format!("disk{number}.{ENDING}")))
        });
        for (name, path) in disks {
            let opened = OpenOptions::new().write(true).create_new(true).open(&path);
            let result = opened.and_then(|file| {
                made.push(path.clone());
                file.set_len(size)
            });
            if let Err(source) = result {
                for path in &made {
                    // The failure to make is what is told.
                    let _ = fs::remove_file(path);
                }
                return Err(match source.kind() {
                    io::ErrorKind::AlreadyExists => {
                        LabError::DiskExists { path: directory.display().to_string(), name }
                    }
                    _ => fail(&path, source),
                });
            }
        }
        Self::open(directory)
    }

    /// Returns the directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns where everything is that is no disk.
    pub fn paths(&self) -> Paths {
        Paths::within(&self.directory.join(RUNTIME))
    }

    /// Returns its disks in the order of their names, numbers in them by value.
    ///
    /// # Errors
    /// If the directory can't be read.
    pub fn images(&self) -> Result<Vec<Image>, LabError> {
        let fail = |source| LabError::Io { path: self.directory.display().to_string(), source };
        let mut images = Vec::new();
        for entry in fs::read_dir(&self.directory).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            let named = path.extension().is_some_and(|ending| ending == ENDING);
            if let Some(name) =
                path.file_stem().and_then(|name| name.to_str()).filter(|_| named && path.is_file())
            {
                images.push(Image { name: name.to_owned(), path });
            }
        }
        images.sort_by(|one, two| compare(&one.name, &two.name));
        Ok(images)
    }
}

/// Orders names so that `disk2` comes before `disk10`.
fn compare(one: &str, two: &str) -> Ordering {
    let number = |name: &str| {
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &name[stem.len()..];
        (stem.to_owned(), digits.trim_start_matches('0').len(), digits.to_owned())
    };
    number(one).cmp(&number(two)).then_with(|| one.cmp(two))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(lab: &Lab) -> Vec<String> {
        lab.images().unwrap().into_iter().map(|image| image.name).collect()
    }

    #[test]
    fn a_lab_has_the_disks_it_was_made_with() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("new/lab");
        let lab = Lab::create(&place, 11, 10 << 30).unwrap();
        let images = lab.images().unwrap();
        assert_eq!(images.len(), 11);
        assert_eq!(images[1].name, "disk2");
        assert_eq!(images[10].path, place.join("disk11.img"));
        assert_eq!(fs::metadata(&images[0].path).unwrap().len(), 10 << 30);
        assert_eq!(lab.paths().backup, place.join(".extant/backup"));
    }

    #[test]
    fn disks_are_never_made_over_others() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path();
        fs::write(place.join("disk2.img"), "data").unwrap();
        let error = Lab::create(place, 4, 1 << 20).unwrap_err();
        assert!(matches!(&error, LabError::DiskExists { name, .. } if name == "disk2"), "{error}");
        assert_eq!(names(&Lab::open(place).unwrap()), ["disk2"]);
        assert_eq!(fs::read(place.join("disk2.img")).unwrap(), b"data");
    }

    #[test]
    fn only_image_files_are_disks() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path();
        for name in ["b10.img", "b9.img", "a.img", "c.txt", ".img"] {
            fs::write(place.join(name), "").unwrap();
        }
        fs::create_dir(place.join("d.img")).unwrap();
        assert_eq!(names(&Lab::open(place).unwrap()), ["a", "b9", "b10"]);
        assert!(matches!(Lab::open(&place.join("none")), Err(LabError::NoDirectory { .. })));
    }
}
