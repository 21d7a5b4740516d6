//! What the tests of this folder share: operations made by hand, and what they leave behind.

#![allow(dead_code, clippy::unwrap_used)] // each test uses its part; helpers may fail as tests do

pub(crate) mod cases;
pub(crate) mod durable;

use extant_core::codec::print;
use extant_core::driver::execute::Executed;
use extant_core::driver::operation::{Finished, Outcome, Scope};
use extant_core::driver::scan::{Needs, Scanned, Verify, VgScope};
use extant_core::format::label::{DiskArea, PvExtension, PvHeader};
use extant_core::model::flags::{AllocationPolicy, Permission, PvFlags, VgFlags};
use extant_core::model::lv_table::LvTable;
use extant_core::model::pv::Pv;
use extant_core::model::vg::{Provenance, Vg};
use extant_core::name::{Tag, VgName};
use extant_core::ops::system::{Device, DeviceId, LabelState, MdaState, System, VgView};
use extant_core::ops::{Change, PvAfter, PvState, Stage, Stop, VgAfter};
use extant_core::plan::effect::{Lock, LockMode, LockName};
use extant_core::units::{Bytes, ExtentSize, Extents, Sectors};
use extant_sim::machine::Machine;
use std::collections::BTreeMap;

pub(crate) const MIB: u64 = 1 << 20;

/// The area of a PV that tests use: small, so that the ring wraps soon.
pub(crate) const AREA: DiskArea =
    DiskArea { offset: Bytes::new(4096), size: Bytes::new(32 * 1024) };

pub(crate) fn name(text: &str) -> VgName {
    VgName::new(text).unwrap()
}

pub(crate) fn everything() -> Needs {
    Needs { vgs: VgScope::All, verify: Verify::Disputed }
}

pub(crate) fn scope() -> Scope {
    Scope {
        locks: vec![Lock { name: LockName::Global, mode: LockMode::Exclusive }],
        needs: everything(),
    }
}

/// Makes a machine with disks of 8 MiB.
pub(crate) fn machine(disks: u32, block_size: u64) -> Machine {
    let mut machine = Machine::new(7);
    for number in 0..disks {
        machine.attach(&format!("d{number}"), 8 * MIB, block_size);
    }
    machine
}

/// Makes PVs of devices, each with the given areas.
pub(crate) fn make_pvs(system: &System, devices: &[u32], areas: &[DiskArea]) -> Change {
    let mut entropy = system.entropy();
    let pv = |device: &u32| PvAfter {
        device: DeviceId(*device),
        state: PvState::Pv {
            header: PvHeader {
                id: entropy.uuid(),
                device_size: system.device(DeviceId(*device)).size,
                data_areas: vec![DiskArea { offset: Bytes::new(MIB), size: Bytes::ZERO }],
                metadata_areas: areas.to_vec(),
                extension: Some(PvExtension { version: 2, flags: 0, bootloader_areas: vec![] }),
            },
            label_sector: 1,
            ignored: vec![false; areas.len()],
            fresh: true,
            zero_start: true,
            wipe: vec![],
        },
    };
    let stage = Stage {
        name: "the devices are PVs",
        pvs: devices.iter().map(pv).collect(),
        ..Stage::default()
    };
    change(vec![stage])
}

pub(crate) fn change(stages: Vec<Stage>) -> Change {
    Change { stages, ..Change::default() }
}

fn member(system: &System, device: u32) -> Pv {
    let device = system.device(DeviceId(device));
    let LabelState::Pv(pv) = &device.label else {
        panic!("{} is no PV", device.name);
    };
    Pv {
        id: pv.label.header.id,
        device_hint: device.name.clone(),
        device_id: None,
        flags: PvFlags { allocatable: true, ..PvFlags::default() },
        tags: vec![],
        device_size: Some(device.size.to_sectors_floor()),
        pe_start: Sectors::new(2048),
        pe_count: Extents::new(7),
        bootloader_area: None,
    }
}

pub(crate) fn new_vg(system: &System, vg: &str, devices: &[u32]) -> Vg {
    let mut entropy = system.entropy();
    Vg {
        name: name(vg),
        id: entropy.uuid(),
        seqno: 1,
        format: Some("lvm2".into()),
        permission: Permission::ReadWrite,
        flags: VgFlags { resizeable: true, ..VgFlags::default() },
        tags: vec![],
        system_id: None,
        lock_type: None,
        lock_args: None,
        persistent_reservation: vec![],
        extent_size: ExtentSize::new(Sectors::new(2048)).unwrap(),
        max_lv: 0,
        max_pv: 0,
        policy: AllocationPolicy::Normal,
        profile: None,
        metadata_copies: 0,
        pvs: devices.iter().map(|device| member(system, *device)).collect(),
        lvs: LvTable::default(),
        historical: vec![],
        unknown: vec![],
    }
}

pub(crate) fn write(vgs: Vec<Vg>) -> Change {
    let write = |vg| VgAfter::Write(Box::new(vg));
    change(vec![Stage {
        name: "done",
        vgs: vgs.into_iter().map(write).collect(),
        ..Stage::default()
    }])
}

pub(crate) fn view<'a>(system: &'a System, vg: &'a str) -> &'a VgView {
    system.find_vgs(vg).next().expect("the VG is there")
}

/// The VG with the next seqno.
pub(crate) fn next(system: &System, vg: &str) -> Vg {
    let mut vg = view(system, vg).vg.clone();
    vg.seqno += 1;
    vg
}

pub(crate) fn add_tag(system: &System, vg: &str, tag: &str) -> Change {
    let mut vg = next(system, vg);
    vg.tags.push(Tag::new(tag).unwrap());
    write(vec![vg])
}

pub(crate) fn extend(system: &System, vg: &str, device: u32) -> Change {
    let mut vg = next(system, vg);
    vg.pvs.push(member(system, device));
    write(vec![vg])
}

pub(crate) fn reduce(system: &System, vg: &str, device: u32) -> Change {
    let mut vg = next(system, vg);
    let id = member(system, device).id;
    vg.pvs.retain(|pv| pv.id != id);
    write(vec![vg])
}

pub(crate) fn remove(system: &System, vg: &str) -> Change {
    change(vec![Stage {
        name: "gone",
        vgs: vec![VgAfter::Remove(view(system, vg).vg.id)],
        ..Stage::default()
    }])
}

/// Runs an operation that has to succeed.
pub(crate) fn done(
    machine: &mut Machine,
    decide: impl Fn(&System) -> Result<Change, Stop>,
) -> Finished {
    let finished = machine.run(scope(), decide);
    assert_committed(&finished);
    finished
}

pub(crate) fn assert_committed(finished: &Finished) {
    let is_clean = match &finished.outcome {
        Outcome::Executed(Executed::Committed { failures }) => failures.is_empty(),
        _ => false,
    };
    assert!(is_clean, "{:?}", finished.outcome);
}

/// A machine whose disks are PVs, the first `members` of them in the VG `v`.
pub(crate) fn machine_with_vg(disks: u32, members: u32, block_size: u64) -> Machine {
    let mut machine = machine(disks, block_size);
    let all: Vec<u32> = (0..disks).collect();
    done(&mut machine, |system| Ok(make_pvs(system, &all, &[AREA])));
    done(&mut machine, |system| {
        let members: Vec<u32> = (0..members).collect();
        Ok(write(vec![new_vg(system, "v", &members)]))
    });
    flush(&mut machine);
    machine
}

pub(crate) fn flush(machine: &mut Machine) {
    for attached in &mut machine.disks {
        attached.disk.flush().unwrap();
    }
}

/// What a user would call the state: the text of each VG, times aside, and where its PVs are;
/// of each device, which PV it is, how large, with which areas.
pub(crate) type State = BTreeMap<String, String>;

pub(crate) fn state(scanned: &Scanned) -> State {
    let text = |view: &VgView| {
        let text = print::disk(&view.vg, &Provenance::default());
        format!("{:?} {}", view.devices, String::from_utf8_lossy(&text))
    };
    let vgs = scanned.vgs.iter();
    let vgs = vgs.map(|view| (format!("VG {} {}", view.vg.name, view.vg.id), text(view)));
    let pv = |device: &Device| match &device.label {
        LabelState::Pv(pv) => {
            let header = &pv.label.header;
            format!("{} {} {:?}", header.id, header.device_size.get(), header.metadata_areas)
        }
        LabelState::None => "none".into(),
        other => format!("{other:?}"),
    };
    let devices = scanned.devices.iter();
    let pvs = devices.map(|device| (format!("device {}", device.name), pv(device)));
    vgs.chain(pvs).collect()
}

/// The PVs that are in no VG, by device.
pub(crate) fn orphans(scanned: &Scanned) -> Vec<u32> {
    let devices = (0..).zip(&scanned.devices);
    let orphans = devices.filter(|(number, device)| {
        let LabelState::Pv(pv) = &device.label else {
            return false;
        };
        let id = Some(DeviceId(*number));
        let is_member = scanned.vgs.iter().any(|view| view.devices.contains(&id));
        let is_empty = |state: &MdaState| matches!(state, MdaState::Empty { .. });
        !is_member
            && pv.areas.iter().all(|area| is_empty(&area.state))
            && !pv.label.header.is_used()
    });
    orphans.map(|(number, _)| number).collect()
}
