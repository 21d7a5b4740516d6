//! Random sequences of operations on PVs and VGs: every state they come to is valid, and no extent
//! of a device comes or goes unnoticed.

use crate::id::Entropy;
use crate::model::check::check;
use crate::name::Tag;
use crate::ops::lab::{Lab, device_name, name};
use crate::ops::layout::Parameters;
use crate::ops::selector::VgSelector;
use crate::ops::system::{DeviceId, LabelState};
use crate::ops::{
    Change, pvchange, pvcreate, pvremove, pvresize, vgchange, vgcreate, vgexport, vgextend,
    vgimport, vgmerge, vgreduce, vgremove, vgrename, vgsplit,
};
use crate::units::{Bytes, Extents, Sectors};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use std_alloc::collections::BTreeSet;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

const DEVICES: usize = 6;
const VGS: [&str; 3] = ["a", "b", "c"];

/// One command, chosen by a number; the others choose what it is about.
#[derive(Clone, Copy, Debug)]
struct Step {
    command: u8,
    vg: usize,
    other_vg: usize,
    device: usize,
    other_device: usize,
    number: u64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let vgs = (0..VGS.len(), 0..VGS.len());
    let devices = (0..DEVICES, 0..DEVICES);
    let step = (0_u8..19, vgs, devices, any::<u64>());
    let step = step.prop_map(|(command, vgs, devices, number)| Step {
        command,
        vg: vgs.0,
        other_vg: vgs.1,
        device: devices.0,
        other_device: devices.1,
        number,
    });
    proptest::collection::vec(step, 1..60)
}

fn run(lab: &mut Lab, step: Step) -> Result<Change, String> {
    let vg = || VgSelector::Name(name(VGS[step.vg]));
    let other = || name(VGS[step.other_vg]);
    let devices = || Vec::from([device_name(step.device), device_name(step.other_device)]);
    let layout = Parameters {
        metadata_copies: Some(u32::try_from(1 + step.number % 2).unwrap()),
        ..Parameters::default()
    };
    let force = 2;
    match step.command {
        0 | 1 => {
            let request = pvcreate::Request { devices: devices(), layout, ..Default::default() };
            lab.run(|system| pvcreate::pvcreate(system, &request))
        }
        2 => {
            let request = pvremove::Request { devices: devices(), force: 0 };
            lab.run(|system| pvremove::pvremove(system, &request))
        }
        3 => {
            let action = match step.number % 3 {
                0 => pvchange::Action::Allocatable(step.number.is_multiple_of(2)),
                1 => pvchange::Action::NewId,
                _ => pvchange::Action::MetadataIgnore(step.number.is_multiple_of(2)),
            };
            let targets = pvchange::Targets::Devices(devices());
            let request = pvchange::Request { targets, action: Some(action) };
            lab.run(|system| pvchange::pvchange(system, &request))
        }
        4 => {
            let size = Some(Sectors::new(4096 + step.number % 200_000));
            let request = pvresize::Request { devices: devices(), size };
            lab.system.devices[step.device].size = Bytes::new((64 << 20) + step.number % 9 * 512);
            lab.run(|system| pvresize::pvresize(system, &request))
        }
        5..=7 => {
            let request = vgcreate::Request {
                layout,
                extent_size: Some(Sectors::new(1024 << (step.number % 4))),
                ..vgcreate::Request::new(name(VGS[step.vg]), devices())
            };
            lab.run(|system| vgcreate::vgcreate(system, &request))
        }
        8 | 9 => {
            let request = vgextend::Request {
                vg: vg(),
                devices: Vec::from([device_name(step.device)]),
                restore_missing: false,
                force: 0,
                layout,
            };
            lab.run(|system| vgextend::vgextend(system, &request))
        }
        10 => {
            let what = if step.number.is_multiple_of(5) {
                vgreduce::What::Unused
            } else {
                vgreduce::What::Devices(devices())
            };
            let request = vgreduce::Request { vg: vg(), what, force };
            lab.run(|system| vgreduce::vgreduce(system, &request))
        }
        11 => {
            let request = vgreduce::Request {
                vg: vg(),
                what: vgreduce::What::Missing { mirrors_only: false },
                force: u32::from(step.number.is_multiple_of(2)),
            };
            lab.run(|system| vgreduce::vgreduce(system, &request))
        }
        12 => {
            let request = vgrename::Request { vg: vg(), name: other() };
            lab.run(|system| vgrename::vgrename(system, &request))
        }
        13 => {
            let request = vgchange::Request {
                extent_size: (step.number.is_multiple_of(2))
                    .then(|| Sectors::new(512 << (step.number / 2 % 6))),
                add_tags: Vec::from([Tag::new(&format!("t{}", step.number % 4)).unwrap()]),
                new_id: step.number.is_multiple_of(7),
                ..vgchange::Request::new(vg())
            };
            lab.run(|system| vgchange::vgchange(system, &request))
        }
        14 => {
            let request = vgmerge::Request {
                destination: vg(),
                source: other().into(),
                pool_metadata_spare: None,
            };
            lab.run(|system| vgmerge::vgmerge(system, &request))
        }
        15 | 16 => {
            let request = vgsplit::Request {
                source: vg(),
                destination: other(),
                what: vgsplit::What::Devices(Vec::from([device_name(step.device)])),
                max_lv: None,
                max_pv: None,
                policy: None,
                metadata_copies: None,
                pool_metadata_spare: None,
            };
            lab.run(|system| vgsplit::vgsplit(system, &request))
        }
        17 => {
            let export = vgexport::Request { vg: vg() };
            let import = vgimport::Request { vg: vg(), force: 0 };
            lab.run(|system| vgexport::vgexport(system, &export))?;
            lab.run(|system| vgimport::vgimport(system, &import))
        }
        _ => {
            let force = u32::from(step.number.is_multiple_of(4));
            if force == 0 {
                return Err(String::from("VGs live longer that way"));
            }
            let request = vgremove::Request { vg: vg(), force };
            lab.run(|system| vgremove::vgremove(system, &request))
        }
    }
}

/// Puts an LV on the first free extents of a VG, as another command would.
fn allocate(lab: &mut Lab, step: Step, count: usize) {
    let Some(view) = lab.system.vgs.get(step.vg % lab.system.vgs.len().max(1)) else {
        return;
    };
    let vg = &view.vg;
    let free = vg.pv_indices().find_map(|pv| Some((pv, *vg.free_runs(pv).first()?)));
    let Some((pv, (start, length))) = free else {
        return;
    };
    let length = length.get().min(1 + step.number % 3);
    let (vg, lv) = (String::from(vg.name.as_str()), format!("l{count}"));
    let taken = core::mem::replace(lab, Lab::new(0));
    *lab = taken.lv(&vg, &lv, &[(pv.0, start.get(), length)]);
}

#[test]
fn each_command_does_something_in_such_sequences() {
    let mut entropy = Entropy::from_seed([1; 32]);
    let mut lab = Lab::new(DEVICES);
    let mut done = BTreeSet::new();
    for count in 0..2000_usize {
        let step = Step {
            command: u8::try_from(entropy.below(19)).unwrap(),
            vg: entropy.below(VGS.len()),
            other_vg: entropy.below(VGS.len()),
            device: entropy.below(DEVICES),
            other_device: entropy.below(DEVICES),
            number: entropy.bits(),
        };
        lab.system.host.seed[..8].copy_from_slice(&(count as u64).to_le_bytes());
        lab.system.answers.clear();
        if run(&mut lab, step).is_ok() {
            done.insert(step.command);
        }
        if count % 5 == 0 {
            allocate(&mut lab, step, count);
        }
    }
    assert_eq!(done, (0..19).collect());
}

proptest! {
    #[test]
    fn every_state_is_valid_and_nothing_is_lost(steps in steps()) {
        let mut lab = Lab::new(DEVICES);
        for (count, step) in steps.into_iter().enumerate() {
            // Identities are drawn anew for each command.
            lab.system.host.seed[0] = u8::try_from(count).unwrap();
            lab.system.answers.clear();
            let seqnos: Vec<_> =
                lab.system.vgs.iter().map(|view| (view.vg.id, view.vg.seqno)).collect();
            let lvs = |lab: &Lab| -> usize { lab.system.vgs.iter().map(|v| v.vg.lvs.len()).sum() };
            let space = |lab: &Lab| -> u64 {
                let vgs = lab.system.vgs.iter().map(|view| &view.vg);
                vgs.map(|vg| vg.extent_size.to_sectors(vg.allocated_count()).get()).sum()
            };
            let before = (lvs(&lab), space(&lab));
            let result = run(&mut lab, step);
            let removes = step.command == 18 || step.command == 11;
            if !removes || result.is_err() {
                prop_assert_eq!((lvs(&lab), space(&lab)), before, "{:?}", step);
            }
            let mut owners = BTreeSet::new();
            for view in &lab.system.vgs {
                prop_assert_eq!(check(&view.vg), Vec::new(), "{:?}", step);
                prop_assert!(!view.vg.pvs.is_empty());
                for device in &view.devices {
                    // No PV belongs to two VGs, and none is lost.
                    let device = device.expect("no device is taken away");
                    prop_assert!(owners.insert(device), "{:?}", step);
                }
                let old = seqnos.iter().find(|(id, _)| *id == view.vg.id);
                prop_assert!(old.is_none_or(|(_, seqno)| view.vg.seqno >= *seqno));
                let total: Extents = view.vg.pvs.iter().map(|pv| pv.pe_count).sum();
                prop_assert_eq!(view.vg.free_count() + view.vg.allocated_count(), total);
            }
            for (index, device) in lab.system.devices.iter().enumerate() {
                let owned = owners.contains(&DeviceId(u32::try_from(index).unwrap()));
                prop_assert!(!owned || matches!(device.label, LabelState::Pv(_)));
            }
            if count % 3 == 0 {
                allocate(&mut lab, step, count);
            }
        }
    }
}
