//! Operations on VGs.

use super::{Case, create_lv, create_vg, devices, extend_vg, lv, replace, tag, vg};
use crate::common::{done, everything, flush, name, view};
use extant_core::model::flags::AllocationPolicy;
use extant_core::ops::resolve::resolve;
use extant_core::ops::system::VgView;
use extant_core::ops::{
    lvcreate, lvremove, vgcfgrestore, vgchange, vgck, vgcreate, vgexport, vgextend, vgimport,
    vgmerge, vgreduce, vgremove, vgrename, vgsplit,
};
use extant_core::size::path::Target;
use extant_core::size::ranges::PvArg;
use extant_core::units::Sectors;
use extant_sim::machine::Machine;

pub(super) fn cases() -> Vec<Case> {
    let mut all = vec![
        Case::new("vgcreate", |system| {
            vgcreate::vgcreate(system, &create_vg("x", &["/dev/d3", "/dev/d4"]))
        }),
        Case::new("vgcreate with two areas", |system| {
            let mut request = create_vg("x", &["/dev/d4"]);
            request.layout.metadata_copies = Some(2);
            vgcreate::vgcreate(system, &request)
        }),
        Case::new("vgremove", |system| {
            vgremove::vgremove(system, &vgremove::Request { vg: vg("v"), force: 1 })
        }),
        Case::new("vgrename", |system| {
            vgrename::vgrename(system, &vgrename::Request { vg: vg("v"), name: name("x") })
        }),
        Case::new("vgexport", |system| {
            vgexport::vgexport(system, &vgexport::Request { vg: vg("v") })
        }),
        Case::new("vgimport", |system| {
            vgimport::vgimport(system, &vgimport::Request { vg: vg("v"), force: 0 })
        })
        .after(|machine| {
            let export = vgexport::Request { vg: vg("v") };
            done(machine, |system| vgexport::vgexport(system, &export));
        }),
    ];
    all.extend(membership());
    all.extend(moving());
    all.extend(repair());
    all.extend(changes());
    all
}

/// PVs that come and go.
fn membership() -> Vec<Case> {
    vec![
        Case::new("vgextend", |system| {
            vgextend::vgextend(system, &extend_vg("v", &["/dev/d3", "/dev/d4"]))
        }),
        Case::new("vgextend --restoremissing", |system| {
            let request =
                vgextend::Request { restore_missing: true, ..extend_vg("v", &["/dev/d1"]) };
            vgextend::vgextend(system, &request)
        })
        .after(|machine| {
            // Changed while a PV was away that is then back, with what an LV holds.
            let make = on_second_pv("held");
            done(machine, |system| lvcreate::lvcreate(system, &make));
            flush(machine);
            let before = machine.disks[1].clone();
            replace(machine, 1);
            done(machine, |system| {
                let targets = [Target::Lv { vg: name("v"), lv: "a".into() }];
                let targets = resolve(system, &targets).targets;
                lvremove::lvremove(system, &lvremove::Request { targets, force: true })
            });
            machine.disks[1] = before;
        }),
        reduce("vgreduce", vgreduce::What::Devices(devices(&["/dev/d1"]))),
        reduce("vgreduce --all", vgreduce::What::Unused).after(extend),
        reduce("vgreduce --removemissing", vgreduce::What::Missing { mirrors_only: false })
            .after(|machine| replace(machine, 1)),
        reduce("vgreduce --removemissing --force", vgreduce::What::Missing { mirrors_only: false })
            .after(|machine| {
                let make = on_second_pv("lost");
                done(machine, |system| lvcreate::lvcreate(system, &make));
                replace(machine, 1);
            }),
    ]
}

/// Gives VG `v` another PV, d3.
fn extend(machine: &mut Machine) {
    done(machine, |system| vgextend::vgextend(system, &extend_vg("v", &["/dev/d3"])));
}

fn on_second_pv(name: &str) -> lvcreate::Request {
    let mut request = create_lv("v", name, "2");
    request.pvs = vec![PvArg::parse("/dev/d1")];
    request
}

fn reduce(name: &'static str, what: vgreduce::What) -> Case {
    let request = vgreduce::Request { vg: vg("v"), what, force: 1 };
    Case::new(name, move |system| vgreduce::vgreduce(system, &request))
}

/// PVs and LVs that go from one VG to another.
fn moving() -> Vec<Case> {
    let split = |name: &'static str, destination: &'static str, what: vgsplit::What| {
        let request = vgsplit::Request {
            source: vg("v"),
            destination: crate::common::name(destination),
            what,
            max_lv: None,
            max_pv: None,
            policy: None,
            metadata_copies: None,
            pool_metadata_spare: None,
        };
        Case::new(name, move |system| vgsplit::vgsplit(system, &request))
    };
    let merge =
        vgmerge::Request { destination: vg("v"), source: vg("w"), pool_metadata_spare: None };
    let second = || vgsplit::What::Devices(devices(&["/dev/d1"]));
    vec![
        split("vgsplit", "x", second()),
        split("vgsplit into a VG that is there", "w", second()),
        split("vgsplit of all PVs", "x", vgsplit::What::Devices(devices(&["/dev/d0", "/dev/d1"]))),
        split("vgsplit of two of three PVs", "x", {
            vgsplit::What::Devices(devices(&["/dev/d1", "/dev/d3"]))
        })
        .after(extend),
        split("vgsplit of two PVs into a VG that is there", "w", {
            vgsplit::What::Devices(devices(&["/dev/d1", "/dev/d3"]))
        })
        .after(extend),
        split("vgsplit of an LV's PVs", "x", vgsplit::What::Lv(lv("a"))),
        Case::new("vgmerge", move |system| vgmerge::vgmerge(system, &merge)),
    ]
}

/// What brings metadata up, or back.
fn repair() -> Vec<Case> {
    let update = |name: &'static str, keep: Option<&'static str>| {
        let request = vgck::Request { vg: vg("v"), update: true, keep: keep.map(String::from) };
        Case::new(name, move |system| vgck::vgck(system, &request))
    };
    let restore = |view: &VgView| vgcfgrestore::Request {
        name: name("v"),
        path: "backup".into(),
        vg: Box::new(view.vg.clone()),
        provenance: view.provenance.clone(),
        force: 0,
    };
    let before = super::machine(512).scan(everything());
    let gone = restore(before.vgs.iter().find(|view| view.vg.name.as_str() == "v").unwrap());
    vec![
        update("vgck --updatemetadata", None),
        update("vgck --keep of the copy that is shown", Some("/dev/d0")).after(fork),
        update("vgck --keep of the other copy", Some("/dev/d1")).after(fork),
        Case::new("vgcfgrestore", move |system| {
            vgcfgrestore::vgcfgrestore(system, &restore(view(system, "v")))
        }),
        Case::new("vgcfgrestore of a VG that is gone", move |system| {
            vgcfgrestore::vgcfgrestore(system, &gone)
        })
        .after(|machine| {
            let remove = vgremove::Request { vg: vg("v"), force: 1 };
            done(machine, |system| vgremove::vgremove(system, &remove));
        }),
    ]
}

fn changes() -> Vec<Case> {
    let change = |name: &'static str, edit: fn(&mut vgchange::Request)| {
        let mut request = vgchange::Request::new(vg("v"));
        edit(&mut request);
        Case::new(name, move |system| vgchange::vgchange(system, &request))
    };
    vec![
        change("vgchange --addtag", |request| request.add_tags = vec![tag("t")]),
        change("vgchange --alloc", |request| request.policy = Some(AllocationPolicy::Cling)),
        change("vgchange -u", |request| request.new_id = true),
        change("vgchange -s", |request| request.extent_size = Some(Sectors::new(1024))),
        change("vgchange -l", |request| request.max_lv = Some(9)),
        change("vgchange -x", |request| request.resizeable = Some(false)),
        change("vgchange --vgmetadatacopies", |request| {
            request.metadata_copies = Some(vgcreate::MetadataCopies::Count(1));
        }),
    ]
}
/// Forks VG `v`: each of its disks was written by a machine that did not see the other. The copy on
/// d1 has another PV, d3.
fn fork(machine: &mut Machine) {
    let mut other = machine.clone();
    let mut request = vgchange::Request::new(vg("v"));
    request.add_tags = vec![tag("one")];
    done(machine, |system| vgchange::vgchange(system, &request));
    done(&mut other, |system| vgextend::vgextend(system, &extend_vg("v", &["/dev/d3"])));
    for disk in [1, 3] {
        machine.disks[disk] = other.disks[disk].clone();
    }
}
