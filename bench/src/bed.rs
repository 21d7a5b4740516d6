//! A VG on loop devices that both programs are measured on.

use crate::texts::{Shape, VG, backup_text, pv_id};
use anyhow::ensure;
use extant_verify::world::World;
use extant_verify::world::program::Program;

/// A VG of some shape on loop devices, gone when it is dropped.
#[derive(Debug)]
pub struct Bed {
    /// The devices and configuration.
    pub world: World,
    /// What the VG is made of.
    pub shape: Shape,
}

impl Bed {
    /// Makes the devices and, by LVM2's `vgcfgrestore`, the VG.
    ///
    /// # Errors
    /// If there are no loop devices (this needs root) or no LVM2.
    pub fn new(shape: Shape) -> anyhow::Result<Self> {
        let count = usize::try_from(shape.pvs)?;
        let world = World::new(&vec![shape.disk_size(); count], 512)?;
        let file = world.dir().join("big.vg").display().to_string();
        std::fs::write(&file, backup_text(shape))?;
        let bed = Self { world, shape };
        let area = format!("{}k", shape.area_size() >> 10);
        for (number, disk) in bed.world.disks.iter().enumerate() {
            let id = pv_id(u64::try_from(number)?);
            let options = ["-u", &id, "--restorefile", &file, "--metadatasize", &area];
            bed.lvm2(&[&["pvcreate", "-y"], &options[..], &[disk.device()]].concat())?;
        }
        bed.lvm2(&["vgcfgrestore", "-y", "-f", &file, VG])?;
        bed.world.forget_files()?;
        Ok(bed)
    }

    /// Runs a command of LVM2 that must succeed.
    ///
    /// # Errors
    /// If it does not.
    pub fn lvm2(&self, args: &[&str]) -> anyhow::Result<()> {
        let outcome = Program::lvm2().run(&self.world.system_dir(), args)?;
        ensure!(outcome.is_success(), "{args:?}: {}", outcome.stderr);
        Ok(())
    }
}
