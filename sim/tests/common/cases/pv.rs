//! Operations on PVs.

use super::{Case, devices, extend_vg, replace, tag};
use crate::common::done;
use extant_core::ops::layout::Parameters;
use extant_core::ops::system::System;
use extant_core::ops::{Change, Stop, pvchange, pvcreate, pvremove, pvresize, vgextend};
use extant_core::units::Sectors;
use extant_sim::machine::Machine;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("pvcreate", |system| create(system, &["/dev/d4"], 0)),
        Case::new("pvcreate of several", |system| create(system, &["/dev/d3", "/dev/d4"], 1)),
        Case::new("pvcreate -ff over a VG's PV", |system| create(system, &["/dev/d1"], 2)),
        Case::new("pvcreate with two areas", |system| {
            pvcreate::pvcreate(system, &two_areas(&["/dev/d3", "/dev/d4"]))
        }),
        Case::new("pvremove", |system| remove(system, &["/dev/d3"], 0)),
        Case::new("pvremove -ff of a VG's PV", |system| remove(system, &["/dev/d1"], 2)),
        Case::new("pvremove of a VG's PV and an orphan", |system| {
            remove(system, &["/dev/d2", "/dev/d3"], 2)
        }),
        change("pvchange -x", "/dev/d0", pvchange::Action::Allocatable(false)),
        change("pvchange -u", "/dev/d0", pvchange::Action::NewId),
        change("pvchange -u of an orphan", "/dev/d3", pvchange::Action::NewId),
        change(
            "pvchange --addtag",
            "/dev/d1",
            pvchange::Action::Tags { add: vec![tag("t")], remove: vec![] },
        ),
        change("pvchange --metadataignore", "/dev/d1", pvchange::Action::MetadataIgnore(true)),
        change(
            "pvchange --metadataignore of an orphan",
            "/dev/d3",
            pvchange::Action::MetadataIgnore(true),
        ),
        resize("pvresize", "/dev/d1"),
        resize("pvresize with two areas", "/dev/d3").after(make_two_areas),
        resize("pvresize of a VG's PV with two areas", "/dev/d3").after(|machine| {
            make_two_areas(machine);
            done(machine, |system| vgextend::vgextend(system, &extend_vg("v", &["/dev/d3"])));
        }),
        Case::new("pvcreate on a disk in the place of a PV", |system| {
            create(system, &["/dev/d1"], 0)
        })
        .after(|machine| replace(machine, 1)),
    ]
}

fn create(system: &System, names: &[&str], force: u32) -> Result<Change, Stop> {
    let request =
        pvcreate::Request { devices: devices(names), force, ..pvcreate::Request::default() };
    pvcreate::pvcreate(system, &request)
}

fn remove(system: &System, names: &[&str], force: u32) -> Result<Change, Stop> {
    pvremove::pvremove(system, &pvremove::Request { devices: devices(names), force })
}

fn change(name: &'static str, device: &'static str, action: pvchange::Action) -> Case {
    let request = pvchange::Request {
        targets: pvchange::Targets::Devices(devices(&[device])),
        action: Some(action),
    };
    Case::new(name, move |system| pvchange::pvchange(system, &request))
}

fn resize(name: &'static str, device: &'static str) -> Case {
    let request =
        pvresize::Request { devices: devices(&[device]), size: Some(Sectors::new(10 * 2048)) };
    Case::new(name, move |system| pvresize::pvresize(system, &request))
}

fn two_areas(names: &[&str]) -> pvcreate::Request {
    pvcreate::Request {
        devices: devices(names),
        force: 2,
        layout: Parameters { metadata_copies: Some(2), ..Parameters::default() },
        ..pvcreate::Request::default()
    }
}

fn make_two_areas(machine: &mut Machine) {
    done(machine, |system| pvcreate::pvcreate(system, &two_areas(&["/dev/d3"])));
}
