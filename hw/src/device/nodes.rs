//! The names of block devices: nodes and links below `/dev`.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Directories of `/dev` that hold no block devices, but may hold much else.
const PASSED_OVER: [&str; 12] =
    ["bus", "char", "cpu", "dri", "fd", "hugepages", "input", "mqueue", "net", "pts", "shm", "snd"];

/// How deep directories are followed.
const DEPTH_MAX: u32 = 8;

/// A name of a device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// The path.
    pub path: String,
    /// Whether it is a link.
    pub link: bool,
}

/// Block devices by their number, with all their names, the preferred one first.
pub type Nodes = BTreeMap<(u32, u32), Vec<Name>>;

/// Finds the block devices below `directories`, in the terms of `dev`, the usual one.
pub fn find(directories: &[PathBuf], dev: &Path) -> Nodes {
    let mut nodes = Nodes::new();
    for directory in directories {
        visit(directory, 0, &mut nodes);
    }
    for names in nodes.values_mut() {
        names.sort_by(|one, two| compare(one, two, dev));
        names.dedup();
    }
    nodes
}

fn visit(directory: &Path, depth: u32, nodes: &mut Nodes) {
    // A directory that can't be read has no devices for us.
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() {
            let name = entry.file_name();
            let passed_over = depth == 0 && PASSED_OVER.iter().any(|other| name == **other);
            if !passed_over && depth < DEPTH_MAX {
                visit(&entry.path(), depth + 1, nodes);
            }
        } else if kind.is_block_device() || kind.is_symlink() {
            add(&entry.path(), kind.is_symlink(), nodes);
        }
    }
}

fn add(path: &Path, link: bool, nodes: &mut Nodes) {
    let Ok(facts) = fs::metadata(path) else {
        return;
    };
    let Some(text) = path.to_str() else {
        return;
    };
    if facts.file_type().is_block_device() {
        let names = nodes.entry(split(facts.rdev())).or_default();
        names.push(Name { path: text.to_owned(), link });
    }
}

/// Splits a device number as the kernel packs it.
pub fn split(number: u64) -> (u32, u32) {
    let part = |bits| u32::try_from(bits).expect("major and minor are 32 bits wide");
    (part(nix::sys::stat::major(number)), part(nix::sys::stat::minor(number)))
}

/// Orders names: the one to show first. The order is LVM2's: names in `block`, `dm-`, `disk` and
/// `mapper` only if there is no other; then those with few slashes; then links.
fn compare(one: &Name, two: &Name, dev: &Path) -> Ordering {
    let prefix = |name: &Name, within: &str| {
        let rest = Path::new(&name.path).strip_prefix(dev).ok();
        rest.is_some_and(|rest| rest.as_os_str().as_bytes().starts_with(within.as_bytes()))
    };
    let rank = |name: &Name| {
        (
            prefix(name, "block/"),
            prefix(name, "dm-"),
            prefix(name, "disk/"),
            prefix(name, "mapper/"),
            name.path.bytes().filter(|byte| *byte == b'/').count(),
            Reverse(name.link),
        )
    };
    rank(one).cmp(&rank(two)).then_with(|| one.path.cmp(&two.path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::sys::stat::{Mode, SFlag, makedev, mknod};

    /// The order that LVM2 2.03.16 shows names in.
    #[test]
    fn the_name_to_show_comes_first() {
        let order = [
            ("/dev/disk1", true),
            ("/dev/sda", false),
            ("/dev/sdb", false),
            ("/dev/vg/lv", true),
            ("/dev/vg/a/b", false),
            ("/dev/mapper/vg-lv", true),
            ("/dev/disk/by-id/a", true),
            ("/dev/dm-0", false),
            ("/dev/block/8:0", true),
        ];
        let names: Vec<Name> =
            order.iter().map(|(path, link)| Name { path: (*path).into(), link: *link }).collect();
        let mut sorted = names.clone();
        sorted.reverse();
        sorted.sort_by(|one, two| compare(one, two, Path::new("/dev")));
        assert_eq!(sorted, names);
    }

    #[test]
    fn links_lead_to_the_device_they_name() {
        if !nix::unistd::geteuid().is_root() {
            eprintln!("skipped: nodes are made by root only");
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let dev = directory.path();
        fs::create_dir_all(dev.join("disk/by-id")).unwrap();
        fs::create_dir(dev.join("pts")).unwrap();
        for (name, minor) in [("xa", 1), ("pts/xb", 2), ("xc", 3)] {
            if mknod(&dev.join(name), SFlag::S_IFBLK, Mode::S_IRUSR, makedev(7, minor)).is_err() {
                eprintln!("skipped: nodes can't be made here");
                return;
            }
        }
        std::os::unix::fs::symlink("../../xa", dev.join("disk/by-id/long")).unwrap();
        std::os::unix::fs::symlink("nowhere", dev.join("dangling")).unwrap();
        let nodes = find(&[dev.to_owned()], dev);
        assert_eq!(nodes.keys().copied().collect::<Vec<_>>(), [(7, 1), (7, 3)]);
        let names: Vec<&str> = nodes[&(7, 1)].iter().map(|name| &*name.path).collect();
        let expected = [dev.join("xa"), dev.join("disk/by-id/long")];
        assert_eq!(names, expected.map(|path| path.to_str().unwrap().to_owned()));
    }
}
