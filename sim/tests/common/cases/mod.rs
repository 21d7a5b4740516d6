//! Every operation of the commands, and the machine that each of them makes sense on.

mod lv;
mod pv;
mod vg;

use super::durable::Decide;
use super::{MIB, done, flush, name};
use extant_core::name::{LvName, Tag};
use extant_core::ops::layout::Parameters;
use extant_core::ops::selector::VgSelector;
use extant_core::ops::system::{DeviceId, System};
use extant_core::ops::{Change, Stop, lvcreate, pvcreate, vgcreate, vgextend};
use extant_core::size::Amount;
use extant_core::size::Signs;
use extant_core::size::extents;
use extant_core::units::Sectors;
use extant_sim::machine::Machine;
use std::sync::Arc;

/// An operation, and what it acts on.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) decide: Decide,
    /// What has to be done on the machine of [`machine`] before the operation makes sense.
    prepare: fn(&mut Machine),
}

impl Case {
    fn new(name: &'static str, decide: impl Fn(&System) -> Result<Change, Stop> + 'static) -> Self {
        Self { name, decide: Arc::new(decide), prepare: |_| {} }
    }

    /// The operation on a machine to which something else was done before.
    fn after(self, prepare: fn(&mut Machine)) -> Self {
        Self { prepare, ..self }
    }

    /// The machine that the operation acts on.
    pub(crate) fn machine(&self, block_size: u64) -> Machine {
        let mut machine = machine(block_size);
        (self.prepare)(&mut machine);
        flush(&mut machine);
        machine
    }
}

/// Every operation.
pub(crate) fn cases() -> Vec<Case> {
    let mut all = pv::cases();
    all.extend(vg::cases());
    all.extend(lv::cases());
    all
}

pub(super) fn vg(text: &str) -> VgSelector {
    VgSelector::Name(name(text))
}

pub(super) fn lv(text: &str) -> LvName {
    LvName::new(text).unwrap()
}

pub(super) fn tag(text: &str) -> Tag {
    Tag::new(text).unwrap()
}

pub(super) fn devices(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).into()).collect()
}

pub(super) fn amount(text: &str) -> Amount {
    Amount::Extents(extents::parse(text, Signs::Both).unwrap())
}

pub(super) fn create_vg(vg: &str, names: &[&str]) -> vgcreate::Request {
    vgcreate::Request {
        extent_size: Some(Sectors::new(2048)),
        ..vgcreate::Request::new(name(vg), devices(names))
    }
}

pub(super) fn extend_vg(name: &str, names: &[&str]) -> vgextend::Request {
    vgextend::Request {
        vg: vg(name),
        devices: devices(names),
        restore_missing: false,
        force: 0,
        layout: Parameters::default(),
    }
}

pub(super) fn create_lv(vg: &str, new: &str, amount: &str) -> lvcreate::Request {
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

/// Empties a disk: another one is in its place.
fn replace(machine: &mut Machine, disk: u32) {
    let zeros = vec![0; 2 << 20];
    machine.disk(DeviceId(disk)).write(0, &zeros).unwrap();
}
