//! The devices file: which devices LVM2 uses, and how it knows them again.
//!
//! Lines are words `KEY=VALUE`. Each write raises the last number of `VERSION` and replaces the
//! file in one step, under the lock `D_` and its name. Lines of a kind we don't know are kept as
//! they are.

use super::find::Listed;
use crate::locks::Locks;
use extant_core::id::Uuid;
use extant_core::ops::system::Device;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// An entry of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// What identifies the device: `sys_wwid`, `devname`, ….
    pub id_type: String,
    /// Its name in the terms of that.
    pub id_name: Option<String>,
    /// Its path when it was last seen.
    pub path: Option<String>,
    /// The PV on it.
    pub pv: Option<String>,
    /// The number of the partition.
    pub partition: Option<u32>,
    /// Words of the line that we don't know.
    rest: Vec<String>,
}

/// The file's content.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Content {
    /// How often it was written.
    pub counter: u64,
    /// Its entries.
    pub entries: Vec<Entry>,
    /// Lines that say what machine it is for.
    head: Vec<String>,
}

/// A devices file in use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DevicesFile {
    /// Where it is.
    pub path: PathBuf,
    /// The locks that guard it.
    pub locks: Locks,
    /// `global/umask`.
    pub umask: u32,
}

impl Entry {
    fn parse(line: &str) -> Option<Self> {
        let mut entry = Self {
            id_type: String::new(),
            id_name: None,
            path: None,
            pv: None,
            partition: None,
            rest: Vec::new(),
        };
        for word in line.split_whitespace() {
            let (key, value) = word.split_once('=')?;
            let known = (value != "." && !value.is_empty()).then(|| value.to_owned());
            match key {
                "IDTYPE" => value.clone_into(&mut entry.id_type),
                "IDNAME" => entry.id_name = known,
                "DEVNAME" => entry.path = known,
                "PVID" => entry.pv = known,
                "PART" => entry.partition = value.parse().ok(),
                _ => entry.rest.push(word.to_owned()),
            }
        }
        (!entry.id_type.is_empty()).then_some(entry)
    }

    fn print(&self) -> String {
        let word = |value: &Option<String>| value.clone().unwrap_or_else(|| String::from("."));
        let mut line = format!(
            "IDTYPE={} IDNAME={} DEVNAME={} PVID={}",
            self.id_type,
            word(&self.id_name),
            word(&self.path),
            word(&self.pv)
        );
        if let Some(number) = self.partition {
            line.push_str(" PART=");
            line.push_str(&number.to_string());
        }
        for other in &self.rest {
            line.push(' ');
            line.push_str(other);
        }
        line
    }

    /// Returns it as a wanted device.
    pub fn to_listed(&self) -> Listed {
        let name = self.id_name.clone();
        let path = self.path.clone().or_else(|| name.clone()).unwrap_or_default();
        let by_path = self.id_type == "devname" || name.is_none();
        Listed {
            path: PathBuf::from(if by_path { name.clone().unwrap_or(path) } else { path }),
            id: name.filter(|_| !by_path).map(|name| (self.id_type.clone(), name)),
            partition: self.partition,
        }
    }
}

impl Content {
    /// Reads the file's text. What makes no sense is passed over, as LVM2 does.
    pub fn parse(text: &str) -> Self {
        let mut content = Self::default();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(version) = line.strip_prefix("VERSION=") {
                content.counter =
                    version.rsplit('.').next().and_then(|last| last.parse().ok()).unwrap_or(0);
            } else if let Some(entry) = Entry::parse(line) {
                content.entries.push(entry);
            } else {
                content.head.push(line.to_owned());
            }
        }
        content
    }

    /// Prints the file's text.
    pub fn print(&self, who: &str, ctime: &str) -> String {
        let mut text = format!(
            "# LVM uses devices listed in this file.\n# Created by LVM command {who} at {ctime}\n"
        );
        for line in &self.head {
            text.push_str(line);
            text.push('\n');
        }
        text.push_str("VERSION=1.1.");
        text.push_str(&self.counter.to_string());
        text.push('\n');
        for entry in &self.entries {
            text.push_str(&entry.print());
            text.push('\n');
        }
        text
    }

    /// Notes what PV a device is now, or that it is none. Returns whether that changed anything.
    fn record(&mut self, device: &Device, pv: Option<&Uuid>, partition: Option<u32>) -> bool {
        let by_path = (String::from("devname"), device.name.clone());
        let (id_type, id_name) = device.device_id.clone().unwrap_or(by_path);
        let pv = pv.map(|id| id.as_raw_str().to_owned());
        let same = |entry: &&mut Entry| {
            entry.id_type == id_type
                && entry.id_name.as_ref() == Some(&id_name)
                && entry.partition == partition
        };
        let path = Some(device.name.clone());
        match self.entries.iter_mut().find(same) {
            Some(entry) if entry.pv == pv && entry.path == path => false,
            Some(entry) => {
                entry.pv = pv;
                entry.path = path;
                true
            }
            None if pv.is_none() => false,
            None => {
                // One PV is on one device: an entry that claims it otherwise is out of date.
                for entry in self.entries.iter_mut().filter(|entry| entry.pv == pv) {
                    entry.pv = None;
                }
                let id_name = Some(id_name);
                self.entries.push(Entry {
                    id_type,
                    id_name,
                    path,
                    pv,
                    partition,
                    rest: Vec::new(),
                });
                true
            }
        }
    }
}

impl DevicesFile {
    /// Reads the file; `None` if there is none.
    ///
    /// # Errors
    /// If it is there and can't be read.
    pub fn read(&self) -> io::Result<Option<Content>> {
        match fs::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            text => Ok(Some(Content::parse(&String::from_utf8_lossy(&text?)))),
        }
    }

    /// Notes what PV a device is now, or that it is none; `who` and `ctime` are for the comment.
    ///
    /// # Errors
    /// If the file can't be locked, read or replaced.
    pub fn record(
        &self,
        device: &Device,
        partition: Option<u32>,
        pv: Option<&Uuid>,
        comment: (&str, &str),
    ) -> io::Result<()> {
        let name = self
            .path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let _lock = self.locks.acquire_devices_file(&name).map_err(io::Error::other)?;
        let mut content = self.read()?.unwrap_or_default();
        if content.record(device, pv, partition) {
            content.counter += 1;
            self.replace(content.print(comment.0, comment.1).as_bytes())?;
        }
        Ok(())
    }

    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let directory = self.path.parent().unwrap_or(Path::new("."));
        if !directory.is_dir() {
            DirBuilder::new().recursive(true).mode(0o777 & !self.umask).create(directory)?;
        }
        let mut new = self.path.clone().into_os_string();
        new.push("_new");
        let new = PathBuf::from(new);
        let mode = 0o666 & !self.umask;
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&new)?;
        file.write_all(text)?;
        file.sync_data()?;
        fs::rename(&new, &self.path)?;
        File::open(directory)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::disk::Disk;

    /// As LVM2 2.03.16 wrote it.
    const TEXT: &str = "# LVM uses devices listed in this file.\n\
        # Created by LVM command vgcreate pid 2070 at Fri Nov 20 10:06:52 2026\n\
        VERSION=1.1.1\n\
        IDTYPE=loop_file IDNAME=/tmp/e-x/a.img DEVNAME=/dev/loop13 PVID=m6LjkWZgPu3IAARQQeZS6oPCCzWDydmK\n";

    #[test]
    fn what_lvm2_wrote_is_written_the_same() {
        let content = Content::parse(TEXT);
        assert_eq!(content.counter, 1);
        assert_eq!(content.print("vgcreate pid 2070", "Fri Nov 20 10:06:52 2026"), TEXT);
        let listed = content.entries[0].to_listed();
        assert_eq!(listed.path, Path::new("/dev/loop13"));
        assert_eq!(listed.id, Some(("loop_file".into(), "/tmp/e-x/a.img".into())));
    }

    #[test]
    fn unknown_words_and_lines_stay() {
        let text = "PRODUCT_UUID=ab-cd\nVERSION=1.1.7\nIDTYPE=devname IDNAME=/dev/sdb DEVNAME=/dev/sdb PVID=. PART=3 NEW=x\n";
        let content = Content::parse(text);
        assert!(content.print("a", "b").ends_with(text));
        assert_eq!(content.entries[0].partition, Some(3));
        let listed = content.entries[0].to_listed();
        assert_eq!((listed.path, listed.id), (PathBuf::from("/dev/sdb"), None));
    }

    #[test]
    fn devices_are_added_changed_and_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let file = DevicesFile {
            path: directory.path().join("devices/system.devices"),
            locks: Locks {
                directory: Some(directory.path().to_owned()),
                wait: true,
                prioritise_writers: true,
            },
            umask: 0o077,
        };
        let image = directory.path().join("a.img");
        File::create(&image).unwrap().set_len(1 << 20).unwrap();
        let disk = Disk::open_image(&image, "/dev/x".into()).unwrap();
        let id: Uuid = "m6LjkWZgPu3IAARQQeZS6oPCCzWDydmK".parse().unwrap();
        assert_eq!(file.read().unwrap(), None);
        let record = |pv| {
            file.record(&disk.facts, None, pv, ("pvcreate pid 1", "now")).unwrap();
        };
        record(None);
        assert_eq!(file.read().unwrap(), None);
        for _ in 0..2 {
            record(Some(&id));
            let text = fs::read_to_string(&file.path).unwrap();
            let line = "IDTYPE=devname IDNAME=/dev/x DEVNAME=/dev/x PVID=m6LjkWZgPu3IAARQQeZS6oPCCzWDydmK\n";
            assert!(text.ends_with(&format!("VERSION=1.1.1\n{line}")), "{text}");
        }
        record(None);
        let text = fs::read_to_string(&file.path).unwrap();
        assert!(
            text.ends_with("VERSION=1.1.2\nIDTYPE=devname IDNAME=/dev/x DEVNAME=/dev/x PVID=.\n"),
            "{text}"
        );
        assert!(!directory.path().join("D_system.devices").exists());
    }
}
