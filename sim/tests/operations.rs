//! Every operation of the commands: each crash and failure leaves one of its declared durable
//! states, no byte beside its plan's is touched, the next operation works; its saved plan is
//! executed to the byte.

#![allow(clippy::unwrap_used)] // helpers may fail as tests do

mod common;

use common::durable::{Decide, RECOVERED, explore};
use common::{MIB, done, flush, name, scope};
use extant_core::driver::host::drive;
use extant_core::driver::operation::{Mode, Operation, Outcome};
use extant_core::model::flags::AllocationPolicy;
use extant_core::name::{LvName, Tag};
use extant_core::ops::layout::Parameters;
use extant_core::ops::resolve::resolve;
use extant_core::ops::selector::VgSelector;
use extant_core::ops::system::System;
use extant_core::ops::{
    Change, Stop, lvchange, lvcreate, lvremove, lvrename, lvresize, pvchange, pvcreate, pvremove,
    pvresize, vgcfgrestore, vgchange, vgck, vgcreate, vgexport, vgextend, vgimport, vgmerge,
    vgreduce, vgremove, vgrename, vgsplit,
};
use extant_core::plan::saved::Saved;
use extant_core::size::Amount;
use extant_core::size::Signs;
use extant_core::size::extents;
use extant_core::size::path::Target;
use extant_core::units::Sectors;
use extant_sim::machine::Machine;
use std::sync::Arc;

fn vg(text: &str) -> VgSelector {
    VgSelector::Name(name(text))
}

fn lv(text: &str) -> LvName {
    LvName::new(text).unwrap()
}

fn tag(text: &str) -> Tag {
    Tag::new(text).unwrap()
}

fn devices(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).into()).collect()
}

fn amount(text: &str) -> Amount {
    Amount::Extents(extents::parse(text, Signs::Both).unwrap())
}

fn create_vg(vg: &str, names: &[&str]) -> vgcreate::Request {
    vgcreate::Request {
        name: name(vg),
        devices: devices(names),
        force: 0,
        layout: Parameters::default(),
        extent_size: Some(Sectors::new(2048)),
        max_lv: None,
        max_pv: None,
        policy: None,
        tags: vec![],
        clustered: None,
        metadata_copies: None,
        profile: None,
        system_id: None,
        shared: false,
        auto_activation: None,
    }
}

fn extend_vg(name: &str, names: &[&str]) -> vgextend::Request {
    vgextend::Request {
        vg: vg(name),
        devices: devices(names),
        restore_missing: false,
        force: 0,
        layout: Parameters::default(),
    }
}

fn update(name: &str, keep: Option<&str>) -> vgck::Request {
    vgck::Request { vg: vg(name), update: true, keep: keep.map(String::from) }
}

fn create_lv(vg: &str, new: &str, amount: &str) -> lvcreate::Request {
    let mut request = lvcreate::Request::new(name(vg), self::amount(amount));
    request.name = Some(lv(new));
    request
}

/// A machine with VG `v` (LVs `a` and `b`) on d0 and d1, `w` (LV `c`) on d2, an orphan on d3,
/// nothing on d4.
fn machine(block_size: u64) -> Machine {
    let mut machine = Machine::new(11);
    for number in 0..5 {
        machine.attach(&format!("/dev/d{number}"), 16 * MIB, block_size);
    }
    let make = create_vg("v", &["/dev/d0", "/dev/d1"]);
    done(&mut machine, |system| vgcreate::vgcreate(system, &make));
    let make = create_vg("w", &["/dev/d2"]);
    done(&mut machine, |system| vgcreate::vgcreate(system, &make));
    let make = pvcreate::Request { devices: devices(&["/dev/d3"]), ..pvcreate::Request::default() };
    done(&mut machine, |system| pvcreate::pvcreate(system, &make));
    for (vg, lv, amount) in [("v", "a", "2"), ("v", "b", "3"), ("w", "c", "4")] {
        let make = create_lv(vg, lv, amount);
        done(&mut machine, |system| lvcreate::lvcreate(system, &make));
    }
    flush(&mut machine);
    machine
}

fn decide(run: impl Fn(&System) -> Result<Change, Stop> + 'static) -> Decide {
    Arc::new(run)
}

/// What has to be done on the machine of [`machine`] before an operation makes sense.
fn prepared(operation: &str, block_size: u64) -> Machine {
    let mut machine = machine(block_size);
    match operation {
        "vgimport" => {
            let export = vgexport::Request { vg: vg("v") };
            done(&mut machine, |system| vgexport::vgexport(system, &export));
        }
        _ if operation.starts_with("vgck --keep") => fork(&mut machine),
        "pvresize with two areas" | "pvresize of a VG's PV with two areas" => {
            let make = pvcreate::Request {
                devices: devices(&["/dev/d3"]),
                force: 2,
                layout: Parameters { metadata_copies: Some(2), ..Parameters::default() },
                ..pvcreate::Request::default()
            };
            done(&mut machine, |system| pvcreate::pvcreate(system, &make));
            let extend = extend_vg("v", &["/dev/d3"]);
            if operation != "pvresize with two areas" {
                done(&mut machine, |system| vgextend::vgextend(system, &extend));
            }
        }
        _ => {}
    }
    flush(&mut machine);
    machine
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

fn operations() -> Vec<(&'static str, Decide)> {
    let mut all = pv_operations();
    all.extend(vg_operations());
    all.extend(lv_operations());
    all
}

fn pv_operations() -> Vec<(&'static str, Decide)> {
    let pvchange = |name: &'static str, device: &'static str, action: pvchange::Action| {
        let request = pvchange::Request {
            targets: pvchange::Targets::Devices(devices(&[device])),
            action: Some(action),
        };
        (name, decide(move |system| pvchange::pvchange(system, &request)))
    };
    let pvresize = |name: &'static str, device: &'static str| {
        let request =
            pvresize::Request { devices: devices(&[device]), size: Some(Sectors::new(10 * 2048)) };
        (name, decide(move |system| pvresize::pvresize(system, &request)))
    };
    vec![
        (
            "pvcreate",
            decide(|system| {
                let request = pvcreate::Request {
                    devices: devices(&["/dev/d4"]),
                    ..pvcreate::Request::default()
                };
                pvcreate::pvcreate(system, &request)
            }),
        ),
        (
            "pvcreate with two areas",
            decide(|system| {
                let request = pvcreate::Request {
                    devices: devices(&["/dev/d3", "/dev/d4"]),
                    force: 2,
                    layout: Parameters { metadata_copies: Some(2), ..Parameters::default() },
                    ..pvcreate::Request::default()
                };
                pvcreate::pvcreate(system, &request)
            }),
        ),
        (
            "pvremove",
            decide(|system| {
                let request = pvremove::Request { devices: devices(&["/dev/d3"]), force: 0 };
                pvremove::pvremove(system, &request)
            }),
        ),
        pvchange("pvchange -x", "/dev/d0", pvchange::Action::Allocatable(false)),
        pvchange("pvchange -u", "/dev/d0", pvchange::Action::NewId),
        pvchange("pvchange -u of an orphan", "/dev/d3", pvchange::Action::NewId),
        pvchange(
            "pvchange --addtag",
            "/dev/d1",
            pvchange::Action::Tags { add: vec![tag("t")], remove: vec![] },
        ),
        pvchange("pvchange --metadataignore", "/dev/d1", pvchange::Action::MetadataIgnore(true)),
        pvresize("pvresize", "/dev/d1"),
        pvresize("pvresize with two areas", "/dev/d3"),
        pvresize("pvresize of a VG's PV with two areas", "/dev/d3"),
    ]
}

fn vg_operations() -> Vec<(&'static str, Decide)> {
    let change = |name: &'static str, edit: fn(&mut vgchange::Request)| {
        let mut request = vgchange::Request::new(vg("v"));
        edit(&mut request);
        (name, decide(move |system| vgchange::vgchange(system, &request)))
    };
    vec![
        (
            "vgcreate",
            decide(|system| vgcreate::vgcreate(system, &create_vg("x", &["/dev/d3", "/dev/d4"]))),
        ),
        (
            "vgcreate with two areas",
            decide(|system| {
                let mut request = create_vg("x", &["/dev/d4"]);
                request.layout.metadata_copies = Some(2);
                vgcreate::vgcreate(system, &request)
            }),
        ),
        (
            "vgextend",
            decide(|system| vgextend::vgextend(system, &extend_vg("v", &["/dev/d3", "/dev/d4"]))),
        ),
        (
            "vgreduce",
            decide(|system| {
                let request = vgreduce::Request {
                    vg: vg("v"),
                    what: vgreduce::What::Devices(devices(&["/dev/d1"])),
                    force: 0,
                };
                vgreduce::vgreduce(system, &request)
            }),
        ),
        (
            "vgremove",
            decide(|system| {
                vgremove::vgremove(system, &vgremove::Request { vg: vg("v"), force: 1 })
            }),
        ),
        (
            "vgrename",
            decide(|system| {
                vgrename::vgrename(system, &vgrename::Request { vg: vg("v"), name: name("x") })
            }),
        ),
        (
            "vgsplit",
            decide(|system| {
                let request = vgsplit::Request {
                    source: vg("v"),
                    destination: name("x"),
                    what: vgsplit::What::Devices(devices(&["/dev/d1"])),
                    max_lv: None,
                    max_pv: None,
                    policy: None,
                    metadata_copies: None,
                    pool_metadata_spare: None,
                };
                vgsplit::vgsplit(system, &request)
            }),
        ),
        (
            "vgmerge",
            decide(|system| {
                let request = vgmerge::Request {
                    destination: vg("v"),
                    source: vg("w"),
                    pool_metadata_spare: None,
                };
                vgmerge::vgmerge(system, &request)
            }),
        ),
        (
            "vgexport",
            decide(|system| vgexport::vgexport(system, &vgexport::Request { vg: vg("v") })),
        ),
        (
            "vgimport",
            decide(|system| {
                vgimport::vgimport(system, &vgimport::Request { vg: vg("v"), force: 0 })
            }),
        ),
        ("vgck --updatemetadata", decide(|system| vgck::vgck(system, &update("v", None)))),
        (
            "vgck --keep of the copy that is shown",
            decide(|system| vgck::vgck(system, &update("v", Some("/dev/d0")))),
        ),
        (
            "vgck --keep of the other copy",
            decide(|system| vgck::vgck(system, &update("v", Some("/dev/d1")))),
        ),
        (
            "vgcfgrestore",
            decide(|system| {
                let view = system.find_vgs("v").next().unwrap();
                let request = vgcfgrestore::Request {
                    name: name("v"),
                    path: "backup".into(),
                    vg: Box::new(view.vg.clone()),
                    provenance: view.provenance.clone(),
                    force: 0,
                };
                vgcfgrestore::vgcfgrestore(system, &request)
            }),
        ),
        change("vgchange --addtag", |request| {
            request.add_tags = vec![tag("t")];
        }),
        change("vgchange --alloc", |request| {
            request.policy = Some(AllocationPolicy::Cling);
        }),
        change("vgchange -u", |request| request.new_id = true),
        change("vgchange --vgmetadatacopies", |request| {
            request.metadata_copies = Some(vgcreate::MetadataCopies::Count(1));
        }),
    ]
}

fn lv_operations() -> Vec<(&'static str, Decide)> {
    let resize = |name: &'static str, direction: lvresize::Direction, amount: &'static str| {
        let request = lvresize::Request {
            vg: common::name("v"),
            lv: lv("a"),
            direction,
            amount: Some(self::amount(amount)),
            stripes: None,
            stripe_size: None,
            pvs: vec![],
            policy: None,
            force: true,
        };
        (name, decide(move |system| lvresize::lvresize(system, &request)))
    };
    vec![
        ("lvcreate", decide(|system| lvcreate::lvcreate(system, &create_lv("v", "n", "4")))),
        (
            "lvcreate -i2",
            decide(|system| {
                let mut request = create_lv("v", "n", "4");
                request.stripes = Some(2);
                lvcreate::lvcreate(system, &request)
            }),
        ),
        resize("lvextend", lvresize::Direction::Extend, "+12"),
        resize("lvreduce", lvresize::Direction::Reduce, "-1"),
        (
            "lvrename",
            decide(|system| {
                let request = lvrename::Request { vg: name("v"), old: lv("a"), new: lv("z") };
                lvrename::lvrename(system, &request)
            }),
        ),
        (
            "lvremove",
            decide(|system| {
                let targets =
                    resolve(system, &[Target::Lv { vg: name("v"), lv: "a".into() }]).targets;
                lvremove::lvremove(system, &lvremove::Request { targets, force: true })
            }),
        ),
        (
            "lvchange --addtag",
            decide(|system| {
                let targets =
                    resolve(system, &[Target::Lv { vg: name("v"), lv: "b".into() }]).targets;
                let request = lvchange::Request {
                    targets,
                    tags_added: vec![tag("t")],
                    ..lvchange::Request::default()
                };
                lvchange::lvchange(system, &request)
            }),
        ),
    ]
}

fn crashes_and_failures_leave_declared_states(block_size: u64) {
    for (name, decide) in operations() {
        let (seen, wrong) = explore(&prepared(name, block_size), &decide, RECOVERED);
        println!("{name} {seen:?}");
        let first = wrong.first().cloned().unwrap_or_default();
        assert!(wrong.is_empty(), "{name}: {} of {}: {first}", wrong.len(), seen.visits);
        assert!(seen.visits > 10 && seen.recoveries > 10, "{name}: {seen:?}");
    }
}

#[test]
fn crashes_and_failures_leave_declared_states_on_blocks_of_512_bytes() {
    crashes_and_failures_leave_declared_states(512);
}

#[test]
fn crashes_and_failures_leave_declared_states_on_blocks_of_4096_bytes() {
    crashes_and_failures_leave_declared_states(4096);
}

/// The operations as the folder of their sources lists them: files with a function of their name.
#[test]
fn every_operation_is_in_the_tables() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/ops");
    let tested = operations();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let operation = path.file_stem().unwrap().to_str().unwrap();
        let is_operation = path.is_file()
            && std::fs::read_to_string(&path).unwrap().contains(&format!(
                "pub fn {operation}(system: &System, request: &Request) -> Result<Change, Stop>"
            ));
        if is_operation {
            count += 1;
            let mut names = tested.iter().filter_map(|(name, _)| name.split(' ').next());
            let command = match operation {
                "lvresize" => "lvextend",
                other => other,
            };
            assert!(names.any(|name| name == command), "{operation} is not crashed");
        }
    }
    assert!(count > 20, "{count} operations were found");
}

#[test]
fn saved_plans_of_all_operations_are_applied_to_the_byte_and_only_once() {
    for (name, decide) in operations() {
        let machine = prepared(name, 512);
        let mut planning = machine.clone();
        planning.mode = Mode::Plan;
        let finished = planning.run(scope(), |system| decide(system));
        assert!(matches!(finished.outcome, Outcome::Planned), "{name}: {:?}", finished.outcome);
        if name.starts_with("vgck --keep") {
            // What is applied has to find the state that was planned for, and a fork is none.
            continue;
        }
        let saved = Saved::new(finished.plan.unwrap(), &finished.system.host);
        let saved = Saved::from_json(&saved.to_json()).unwrap();

        let mut direct = machine.clone();
        done(&mut direct, |system| decide(system));
        let mut applied = machine.clone();
        let mut operation = Operation::apply(applied.start(), saved.plan.clone());
        common::assert_committed(&drive(&mut operation, &mut applied));
        for (one, two) in direct.disks.iter().zip(&applied.disks) {
            assert_eq!(one.disk.differences(&two.disk), Vec::<u64>::new(), "{name}");
        }
        assert_eq!(direct.backup, applied.backup, "{name}");
        assert_eq!(direct.devices_file, applied.devices_file, "{name}");

        let before = applied.clone();
        let mut operation = Operation::apply(applied.start(), saved.plan);
        let finished = drive(&mut operation, &mut applied);
        assert!(matches!(finished.outcome, Outcome::Stale(_)), "{name}: {:?}", finished.outcome);
        for (one, two) in before.disks.iter().zip(&applied.disks) {
            assert_eq!(one.disk.differences(&two.disk), Vec::<u64>::new(), "{name}");
        }
    }
}
