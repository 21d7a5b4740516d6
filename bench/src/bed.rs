//! A VG on loop devices that both programs are measured on.

use crate::holes::Holes;
use crate::texts::{Shape, VG, backup_text, pv_id};
use anyhow::ensure;
use extant_verify::world::World;
use extant_verify::world::program::Program;

/// A VG on loop devices, gone when it is dropped.
#[derive(Debug)]
pub struct Bed<S> {
    /// The devices and configuration.
    pub world: World,
    /// What the VG is made of.
    pub shape: S,
}

/// What a VG can be made of.
pub trait Build: Copy {
    /// Returns how many PVs there are.
    fn pvs(self) -> u64;
    /// Returns how large a metadata area must be, in bytes.
    fn area_size(self) -> u64;
    /// Returns how large a disk must be, in bytes.
    fn disk_size(self) -> u64;
    /// Returns the VG in the form of a backup file.
    fn backup_text(self) -> String;
}

impl Build for Shape {
    fn pvs(self) -> u64 {
        self.pvs
    }

    fn area_size(self) -> u64 {
        Self::area_size(self)
    }

    fn disk_size(self) -> u64 {
        Self::disk_size(self)
    }

    fn backup_text(self) -> String {
        backup_text(self)
    }
}

impl Build for Holes {
    fn pvs(self) -> u64 {
        self.pvs
    }

    fn area_size(self) -> u64 {
        Self::area_size(self)
    }

    fn disk_size(self) -> u64 {
        Self::disk_size(self)
    }

    fn backup_text(self) -> String {
        Self::backup_text(self)
    }
}

impl<S: Build> Bed<S> {
    /// Makes the devices and, by the program `maker`, the VG.
    ///
    /// # Errors
    /// If there are no loop devices (this needs root) or no such program.
    pub fn new(shape: S, maker: &Program) -> anyhow::Result<Self> {
        let count = usize::try_from(shape.pvs())?;
        let world = World::new(&vec![shape.disk_size(); count], 512)?;
        let file = world.dir().join("big.vg").display().to_string();
        std::fs::write(&file, shape.backup_text())?;
        let bed = Self { world, shape };
        let area = format!("{}k", shape.area_size() >> 10);
        for (number, disk) in bed.world.disks.iter().enumerate() {
            let id = pv_id(u64::try_from(number)?);
            let options = ["-u", &id, "--restorefile", &file, "--metadatasize", &area];
            bed.must(maker, &[&["pvcreate", "-y"], &options[..], &[disk.device()]].concat())?;
        }
        bed.must(maker, &["vgcfgrestore", "-y", "-f", &file, VG])?;
        bed.world.forget_files()?;
        Ok(bed)
    }

    /// Runs a command of LVM2 that must succeed.
    ///
    /// # Errors
    /// If it does not.
    pub fn lvm2(&self, args: &[&str]) -> anyhow::Result<()> {
        self.must(&Program::lvm2(), args)
    }

    /// Runs a command that must succeed.
    ///
    /// # Errors
    /// If it does not.
    pub fn must(&self, program: &Program, args: &[&str]) -> anyhow::Result<()> {
        let outcome = program.run(&self.world.system_dir(), args)?;
        ensure!(outcome.is_success(), "{args:?}: {}", outcome.stderr);
        Ok(())
    }
}
