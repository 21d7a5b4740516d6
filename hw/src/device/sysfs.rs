//! What the kernel knows of a device: what it is part of, and what tells it from others.

use std::fs;
use std::path::{Path, PathBuf};

/// The kernel's directory of a device.
#[derive(Clone, Debug)]
pub(crate) struct Sysfs {
    directory: PathBuf,
}

impl Sysfs {
    pub(crate) fn new(sys: &Path, number: (u32, u32)) -> Self {
        let directory = sys.join(format!("dev/block/{}:{}", number.0, number.1));
        Self { directory }
    }

    /// Returns a file's text without blanks around it, if there is any.
    pub(crate) fn get(&self, file: &str) -> Option<String> {
        let text = fs::read_to_string(self.directory.join(file)).ok()?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Returns the number of the partition, if it is one.
    pub(crate) fn partition(&self) -> Option<u32> {
        self.get("partition")?.parse().ok()
    }

    /// Returns the directories of the devices that are built upon it.
    fn holders(&self) -> impl Iterator<Item = PathBuf> {
        let entries = fs::read_dir(self.directory.join("holders"));
        entries.into_iter().flatten().flatten().map(|entry| entry.path())
    }

    /// Returns true if it is a path of a multipath device.
    pub(crate) fn is_multipath_component(&self) -> bool {
        self.holders().any(|holder| {
            let uuid = fs::read_to_string(holder.join("dm/uuid"));
            uuid.is_ok_and(|uuid| uuid.starts_with("mpath-"))
        })
    }

    /// Returns true if it is part of a running software RAID.
    pub(crate) fn is_md_component(&self) -> bool {
        self.holders().any(|holder| holder.join("md").is_dir())
    }

    /// Returns the directory of the whole disk, for a partition that of its parent.
    fn whole(&self) -> Self {
        if self.directory.join("partition").exists() {
            Self { directory: self.directory.join("..") }
        } else {
            self.clone()
        }
    }

    /// Returns how the devices file identifies the device: type and name.
    pub(crate) fn device_id(&self, path: &str) -> (String, String) {
        let of = |kind: &str, name: String| (kind.to_owned(), clean(&name));
        if let Some(uuid) = self.get("dm/uuid") {
            for (prefix, kind) in
                [("mpath-", "mpath_uuid"), ("CRYPT-", "crypt_uuid"), ("LVM-", "lvmlv_uuid")]
            {
                if uuid.starts_with(prefix) {
                    return of(kind, uuid);
                }
            }
        }
        let whole = self.whole();
        let questions = [
            ("md/uuid", "md_uuid"),
            ("loop/backing_file", "loop_file"),
            ("device/wwid", "sys_wwid"),
            ("wwid", "sys_wwid"),
            ("device/serial", "sys_serial"),
            ("serial", "sys_serial"),
        ];
        let answer = questions.iter().find_map(|(file, kind)| Some((*kind, whole.get(file)?)));
        answer.map_or_else(|| of("devname", path.to_owned()), |(kind, name)| of(kind, name))
    }
}

/// Writes a name so that it is one word: blanks become underscores.
fn clean(name: &str) -> String {
    let replace = |c: char| if c.is_whitespace() { '_' } else { c };
    name.trim().chars().map(replace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(files: &[(&str, &str)]) -> (tempfile::TempDir, Sysfs) {
        let directory = tempfile::tempdir().unwrap();
        let sysfs = Sysfs::new(directory.path(), (8, 1));
        for (file, text) in files {
            let path = sysfs.directory.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        (directory, sysfs)
    }

    #[test]
    fn a_device_is_known_by_the_best_name_it_has() {
        type Row<'a> = (&'a [(&'a str, &'a str)], (&'a str, &'a str));
        let rows: [Row<'_>; 6] = [
            (&[], ("devname", "/dev/x")),
            (&[("serial", "a b \n")], ("sys_serial", "a_b")),
            (&[("serial", "s"), ("device/wwid", "naa.5000\n")], ("sys_wwid", "naa.5000")),
            (&[("loop/backing_file", "/a.img\n")], ("loop_file", "/a.img")),
            (&[("dm/uuid", "CRYPT-LUKS2-x"), ("serial", "s")], ("crypt_uuid", "CRYPT-LUKS2-x")),
            (&[("md/uuid", "1:2")], ("md_uuid", "1:2")),
        ];
        for (files, (kind, name)) in rows {
            let (_directory, sysfs) = device(files);
            assert_eq!(sysfs.device_id("/dev/x"), (kind.to_owned(), name.to_owned()));
        }
    }

    #[test]
    fn holders_tell_what_it_is_part_of() {
        let (_directory, sysfs) =
            device(&[("holders/dm-0/dm/uuid", "mpath-3600"), ("partition", "2\n")]);
        assert!(sysfs.is_multipath_component());
        assert!(!sysfs.is_md_component());
        assert_eq!(sysfs.partition(), Some(2));
        let (_directory, sysfs) = device(&[("holders/md0/md/level", "raid1")]);
        assert!(sysfs.is_md_component());
        assert!(!sysfs.is_multipath_component());
        let (_directory, sysfs) = device(&[]);
        assert!(!sysfs.is_multipath_component());
    }
}
