//! Where things are on this machine, or in a lab.

use std::path::{Path, PathBuf};

/// The directories a command works with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paths {
    /// Configuration: `/etc/lvm`, or `LVM_SYSTEM_DIR`.
    pub system: PathBuf,
    /// Archives of VGs before each change.
    pub archive: PathBuf,
    /// Backups of VGs after each change.
    pub backup: PathBuf,
    /// Locks.
    pub locking: PathBuf,
    /// What lives until the machine is restarted: hints.
    pub run: PathBuf,
    /// Device nodes.
    pub dev: PathBuf,
    /// Knowledge of the kernel about devices.
    pub sys: PathBuf,
    /// Knowledge of the kernel about itself.
    pub proc: PathBuf,
}

impl Paths {
    /// Returns the usual places, with `system` for the configuration.
    pub fn of_machine(system: &Path) -> Self {
        Self {
            system: system.to_owned(),
            archive: system.join("archive"),
            backup: system.join("backup"),
            locking: PathBuf::from("/run/lock/lvm"),
            run: PathBuf::from("/run/lvm"),
            dev: PathBuf::from("/dev"),
            sys: PathBuf::from("/sys"),
            proc: PathBuf::from("/proc"),
        }
    }

    /// Returns places that all lie within `runtime`, the hidden directory of a lab.
    pub fn within(runtime: &Path) -> Self {
        Self {
            system: runtime.to_owned(),
            archive: runtime.join("archive"),
            backup: runtime.join("backup"),
            locking: runtime.join("lock"),
            run: runtime.join("run"),
            dev: PathBuf::from("/dev"),
            sys: PathBuf::from("/sys"),
            proc: PathBuf::from("/proc"),
        }
    }
}
