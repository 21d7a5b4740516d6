//! Systems in memory for the tests of operations: devices, PVs and VGs without any bytes.

use crate::format::label::{DiskArea, Label, PvExtension, PvHeader};
use crate::id::{Entropy, Uuid};
use crate::model::flags::{AllocationPolicy, LvFlags, Permission, PvFlags, SegmentFlags, VgFlags};
use crate::model::lv::{DeviceNumbers, Lv, ReadAhead};
use crate::model::lv_table::LvTable;
use crate::model::pv::{Pv, PvIndex};
use crate::model::segment::{Area, Segment, SegmentKind, Striped};
use crate::model::vg::{Provenance, Vg};
use crate::name::{LvName, VgName};
use crate::ops::system::{
    Alignment, Device, DeviceId, LabelState, MdaOnDevice, MdaState, PvOnDevice, System, VgView,
};
use crate::ops::{Change, PvState, Stop, VgAfter};
use crate::units::{Bytes, ExtentSize, Extents, Le, Pe, Sectors};
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

/// Makes an empty device.
pub(crate) fn device(index: usize, size: Bytes) -> Device {
    Device {
        name: device_name(index),
        aliases: Vec::new(),
        number: Some((8, u32::try_from(index).unwrap() * 16)),
        size,
        block_size: Bytes::new(512),
        read_only: false,
        alignment: Alignment::default(),
        device_id: None,
        label: LabelState::None,
        head: Arc::from([0; 4096].as_slice()),
    }
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
    let mut start = 0;
    let segments = runs.iter().map(|&(pv, first, extents)| {
        let segment = striped(start, extents, None, &[(pv, first)]);
        start += extents;
        segment
    });
    Lv {
        name: lv_name(name),
        id,
        permission: Permission::ReadWrite,
        flags: LvFlags { visible: true, ..LvFlags::default() },
        tags: Vec::new(),
        creation: None,
        lock_args: None,
        policy: AllocationPolicy::Inherit,
        profile: None,
        read_ahead: ReadAhead::Auto,
        numbers: DeviceNumbers::default(),
        segments: segments.collect(),
    }
}

/// Makes a striped segment of areas: PV, first extent.
pub(crate) fn striped(
    start: u64,
    extents: u64,
    stripe_size: Option<u64>,
    areas: &[(u32, u64)],
) -> Segment {
    let areas =
        areas.iter().map(|&(pv, first)| Area::Pv { pv: PvIndex(pv), start: Pe::new(first) });
    Segment {
        start: Le::new(start),
        extents: Extents::new(extents),
        reshape: None,
        tags: Vec::new(),
        flags: SegmentFlags::default(),
        kind: SegmentKind::Striped(Striped {
            stripe_size: stripe_size.map(Sectors::new),
            areas: areas.collect(),
        }),
    }
}

/// Makes a VG without PVs and LVs.
pub(crate) fn empty_vg(vg: &str, id: Uuid) -> Vg {
    Vg {
        name: name(vg),
        id,
        seqno: 3,
        format: Some("lvm2".into()),
        permission: Permission::ReadWrite,
        flags: VgFlags { resizeable: true, ..VgFlags::default() },
        tags: Vec::new(),
        system_id: None,
        lock_type: None,
        lock_args: None,
        persistent_reservation: Vec::new(),
        extent_size: ExtentSize::new(Sectors::new(8192)).unwrap(),
        max_lv: 0,
        max_pv: 0,
        policy: AllocationPolicy::Normal,
        profile: None,
        metadata_copies: 0,
        pvs: Vec::new(),
        lvs: LvTable::default(),
        historical: Vec::new(),
        unknown: Vec::new(),
    }
}

/// Makes a PV of 15 extents of 4 MiB.
pub(crate) fn pv(id: Uuid, device: usize) -> Pv {
    Pv {
        id,
        device_hint: device_name(device),
        device_id: None,
        flags: PvFlags { allocatable: true, ..PvFlags::default() },
        tags: Vec::new(),
        device_size: Some(DEVICE_SIZE.to_sectors_floor()),
        pe_start: Sectors::new(2048),
        pe_count: Extents::new(15),
        bootloader_area: None,
    }
}

impl Lab {
    /// Starts with empty devices.
    pub(crate) fn new(devices: usize) -> Self {
        let devices = 0..devices;
        let mut system = System {
            devices: devices.map(|index| device(index, DEVICE_SIZE)).collect(),
            ..System::default()
        };
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
        loop {
            match operation(&self.system) {
                Ok(change) => {
                    self.apply(&change);
                    return Ok(change);
                }
                Err(Stop::Ask(question)) => {
                    self.system.answers.insert(question, true);
                }
                Err(Stop::Probe(probe)) => {
                    self.system.probed.insert(probe, Vec::new());
                }
                Err(Stop::Refused(refused)) => return Err(refused.refusal.to_string()),
            }
        }
    }

    /// Returns the VG of a name.
    pub(crate) fn found(&self, vg: &str) -> &Vg {
        let mut views = self.system.vgs.iter();
        &views.find(|view| view.vg.name.as_str() == vg).unwrap().vg
    }
}

/// Makes the view of a VG.
pub(crate) fn view(vg: Vg, devices: Vec<Option<DeviceId>>) -> VgView {
    VgView {
        vg,
        provenance: Provenance::default(),
        text: Arc::from([].as_slice()),
        devices,
        fork: None,
        outdated: Vec::new(),
        duplicates: Vec::new(),
        lagging: Vec::new(),
    }
}
