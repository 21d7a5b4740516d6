//! Systems in memory for the tests of operations: devices, PVs and VGs without any bytes.

use crate::format::label::{DiskArea, Label, PvExtension, PvHeader};
use crate::id::{Entropy, Uuid};
use crate::model::lv::Lv;
use crate::model::pv::Pv;
use crate::model::vg::Vg;
use crate::name::{LvName, VgName};
use crate::ops::samples::{self, empty_vg, view};
use crate::ops::system::{Device, DeviceId, LabelState, MdaOnDevice, MdaState, PvOnDevice, System};
use crate::ops::{Change, PvState, Stop, VgAfter};
use crate::units::Bytes;
use std_alloc::collections::BTreeMap;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// A system that is being built.
pub(crate) struct Lab {
    pub(crate) system: System,
    entropy: Entropy,
}

/// The size of each device of a lab: 64 MiB, which is 15 extents of 4 MiB.
pub(crate) const DEVICE_SIZE: Bytes = Bytes::new(64 << 20);

pub(crate) fn name(text: &str) -> VgName {
    VgName::new(text).unwrap()
}

pub(crate) fn lv_name(text: &str) -> LvName {
    LvName::new(text).unwrap()
}

pub(crate) fn device_name(index: usize) -> String {
    format!("/dev/d{index}")
}

/// Makes the header of a PV on a device of 64 MiB, with one metadata area.
pub(crate) fn header(id: Uuid) -> PvHeader {
    let area = |offset, size| DiskArea { offset: Bytes::new(offset), size: Bytes::new(size) };
    PvHeader {
        id,
        device_size: DEVICE_SIZE,
        data_areas: [area(1 << 20, 0)].into(),
        metadata_areas: [area(4096, 1_044_480)].into(),
        extension: Some(PvExtension { version: 2, flags: 0, bootloader_areas: Vec::new() }),
    }
}

/// Makes what a device with this header shows.
pub(crate) fn on_device(header: PvHeader, label_sector: u8, ignored: &[bool]) -> PvOnDevice {
    let areas = header.metadata_areas.iter().zip(ignored);
    PvOnDevice {
        areas: areas
            .map(|(area, ignored)| MdaOnDevice {
                start: area.offset,
                size: area.size,
                head: Arc::from([0; 512].as_slice()),
                state: MdaState::Empty { ignored: *ignored },
            })
            .collect(),
        label: Label { sector: label_sector, header },
    }
}

/// Makes a linear LV of runs: PV, first extent, length.
pub(crate) fn linear(name: &str, id: Uuid, runs: &[(u32, u64, u64)]) -> Lv {
    let areas: Vec<[(u32, u64); 1]> = runs.iter().map(|&(pv, first, _)| [(pv, first)]).collect();
    let parts = runs.iter().zip(&areas).map(|(&(.., extents), area)| (extents, area.as_slice()));
    Lv { id, ..samples::lv(name, &parts.collect::<Vec<_>>()) }
}

/// Makes a PV of 15 extents of 4 MiB.
pub(crate) fn pv(id: Uuid, device: usize) -> Pv {
    let size = Some(DEVICE_SIZE.to_sectors_floor());
    Pv { device_size: size, ..samples::pv(id, &device_name(device), 15) }
}

fn device(index: usize) -> Device {
    let number = Some((8, u32::try_from(index).unwrap() * 16));
    Device { number, ..samples::device(device_name(index), DEVICE_SIZE) }
}

impl Lab {
    /// Starts with empty devices.
    pub(crate) fn new(devices: usize) -> Self {
        let devices = 0..devices;
        let mut system = System { devices: devices.map(device).collect(), ..System::default() };
        system.host.time = 1_700_000_000;
        system.host.seed = [3; 32];
        let entropy = Entropy::from_seed([9; 32]);
        Self { system, entropy }
    }

    /// Makes a device a PV of no VG.
    pub(crate) fn orphan(mut self, index: usize) -> Self {
        let header = header(self.entropy.uuid());
        self.system.devices[index].label = LabelState::Pv(on_device(header, 1, &[false]));
        self
    }

    /// Makes a VG of devices.
    pub(crate) fn vg(mut self, vg: &str, devices: &[usize]) -> Self {
        let mut new = empty_vg(vg, self.entropy.uuid());
        for index in devices {
            self = self.orphan(*index);
            let LabelState::Pv(found) = &self.system.devices[*index].label else { unreachable!() };
            new.pvs.push(pv(found.label.header.id, *index));
        }
        let places = devices.iter().map(|index| Some(DeviceId(u32::try_from(*index).unwrap())));
        let view = view(new, places.collect());
        self.system.vgs.push(view);
        self.mark();
        self
    }

    /// Adds a linear LV to a VG.
    pub(crate) fn lv(mut self, vg: &str, lv: &str, runs: &[(u32, u64, u64)]) -> Self {
        let lv = linear(lv, self.entropy.uuid(), runs);
        let mut views = self.system.vgs.iter_mut();
        let view = views.find(|view| view.vg.name.as_str() == vg).unwrap();
        view.vg.lvs.push(Arc::new(lv));
        self
    }

    /// Sets the flags of headers to what membership says.
    fn mark(&mut self) {
        let used: Vec<DeviceId> = self
            .system
            .vgs
            .iter()
            .flat_map(|view| view.devices.iter().flatten().copied())
            .collect();
        for (index, device) in self.system.devices.iter_mut().enumerate() {
            if let LabelState::Pv(found) = &mut device.label {
                let is_used = used.iter().any(|id| id.get() == index);
                let extension = found.label.header.extension.as_mut().unwrap();
                extension.flags = u32::from(is_used);
            }
        }
    }

    /// Carries a change out, as a plan would.
    pub(crate) fn apply(&mut self, change: &Change) {
        for stage in &change.stages {
            for after in &stage.pvs {
                let label = match &after.state {
                    PvState::None => LabelState::None,
                    PvState::Pv { header, label_sector, ignored, .. } => {
                        LabelState::Pv(on_device(header.clone(), *label_sector, ignored))
                    }
                };
                self.system.devices[after.device.get()].label = label;
            }
            for after in &stage.vgs {
                match after {
                    VgAfter::Remove(id) => self.system.vgs.retain(|view| view.vg.id != *id),
                    VgAfter::Write(vg) => self.write(vg),
                }
            }
            self.locate();
        }
        self.mark();
    }

    fn write(&mut self, vg: &Vg) {
        let places = std_alloc::vec![None; vg.pvs.len()];
        let new = view(vg.clone(), places);
        let mut views = self.system.vgs.iter_mut();
        match views.find(|view| view.vg.id == vg.id) {
            Some(view) => *view = new,
            // A VG that gets a new identity is the one of its name.
            None => match self.system.vgs.iter_mut().find(|view| view.vg.name == vg.name) {
                Some(view) => *view = new,
                None => self.system.vgs.push(new),
            },
        }
    }

    /// Finds the devices of all PVs again.
    fn locate(&mut self) {
        let devices: BTreeMap<Uuid, DeviceId> = self
            .system
            .devices
            .iter()
            .enumerate()
            .filter_map(|(index, device)| match &device.label {
                LabelState::Pv(found) => {
                    let id = DeviceId(u32::try_from(index).unwrap());
                    Some((found.label.header.id, id))
                }
                _ => None,
            })
            .collect();
        for view in &mut self.system.vgs {
            view.devices = view.vg.pvs.iter().map(|pv| devices.get(&pv.id).copied()).collect();
        }
    }

    /// Answers all questions with yes and all probes with nothing, until there is a change.
    pub(crate) fn run(
        &mut self,
        operation: impl Fn(&System) -> Result<Change, Stop>,
    ) -> Result<Change, String> {
        let change = samples::decide(&mut self.system, true, operation)
            .map_err(|refused| refused.refusal.to_string())?;
        self.apply(&change);
        Ok(change)
    }

    /// Returns the VG of a name.
    pub(crate) fn found(&self, vg: &str) -> &Vg {
        let mut views = self.system.vgs.iter();
        &views.find(|view| view.vg.name.as_str() == vg).unwrap().vg
    }
}
