//! Loop devices for tests, on files in a directory of their own.

use super::nodes;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::process::Command;
use tempfile::TempDir;

/// A loop device that is detached when this is dropped.
pub(crate) struct Loop {
    pub(crate) path: String,
    pub(crate) number: (u32, u32),
    _directory: TempDir,
}

impl Loop {
    /// Makes one of `size` bytes; says why if there can't be one.
    pub(crate) fn new(size: u64) -> Option<Self> {
        Self::with_blocks(size, 512)
    }

    /// Makes one with logical blocks of `block` bytes.
    pub(crate) fn with_blocks(size: u64, block: u32) -> Option<Self> {
        if !nix::unistd::geteuid().is_root() {
            eprintln!("skipped: loop devices are made by root only");
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("disk.img");
        File::create(&file).unwrap().set_len(size).unwrap();
        let output = Command::new("losetup")
            .args(["-f", "--show", "--sector-size", &block.to_string()])
            .arg(&file)
            .output();
        let Some(output) = output.ok().filter(|output| output.status.success()) else {
            eprintln!("skipped: losetup gave no loop device");
            return None;
        };
        let path = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        let number = nodes::split(std::fs::metadata(&path).unwrap().rdev());
        Some(Self { path, number, _directory: directory })
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        let detached = Command::new("losetup").args(["-d", &self.path]).status();
        assert!(detached.is_ok_and(|status| status.success()), "{} stays attached", self.path);
    }
}
