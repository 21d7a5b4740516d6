//! Whole operations on the simulated machine, over the number of LVs: what is ours of a command,
//! without the system's part.

use criterion::{BatchSize, BenchmarkId, Criterion};
use extant_bench::texts::{SIZES, Shape, VG, backup_text, pv_id};
use extant_core::codec::read;
use extant_core::driver::execute::Executed;
use extant_core::driver::operation::{Outcome, Scope};
use extant_core::driver::scan::{Needs, Verify, VgScope};
use extant_core::name::{LvName, Tag, VgName};
use extant_core::ops::layout::Parameters;
use extant_core::ops::selector::VgSelector;
use extant_core::ops::system::System;
use extant_core::ops::{Change, Stop, lvcreate, pvcreate, vgcfgrestore, vgchange};
use extant_core::plan::effect::{Lock, LockMode, LockName};
use extant_core::report::Report;
use extant_core::report::options::{Kind, Options};
use extant_core::size::extents;
use extant_core::size::{Amount, Signs};
use extant_core::units::Bytes;
use extant_sim::machine::Machine;
use std::hint::black_box;
use std::sync::Arc;

fn needs() -> Needs {
    Needs { vgs: VgScope::All, verify: Verify::Disputed }
}

fn run(machine: &mut Machine, decide: impl Fn(&System) -> Result<Change, Stop>) {
    let lock = Lock { name: LockName::Global, mode: LockMode::Exclusive };
    let finished = machine.run(Scope { locks: vec![lock], needs: needs() }, decide);
    let is_done = matches!(finished.outcome, Outcome::Executed(Executed::Committed { .. }));
    assert!(is_done, "{:?}", finished.outcome);
}

/// A machine with the VG of a text.
fn machine(shape: Shape) -> Machine {
    let text: Arc<[u8]> = backup_text(shape).into_bytes().into();
    let (vg, provenance) = read::read(&text).expect("our text reads");
    let mut machine = Machine::new(1);
    let area = Bytes::new(shape.area_size()).to_sectors_floor();
    for number in 0..shape.pvs {
        let name = format!("/dev/d{number}");
        machine.attach(&name, shape.disk_size(), 512);
        let request = pvcreate::Request {
            devices: vec![name],
            force: 0,
            id: Some(pv_id(number).parse().expect("it is a UUID")),
            restore: pvcreate::Restore::File { path: "text".into(), vg: Box::new(vg.clone()) },
            layout: Parameters { metadata_size: Some(area), ..Parameters::default() },
        };
        run(&mut machine, |system| pvcreate::pvcreate(system, &request));
    }
    let request = vgcfgrestore::Request {
        name: name(),
        path: "text".into(),
        vg: Box::new(vg),
        provenance,
        force: 0,
    };
    run(&mut machine, |system| vgcfgrestore::vgcfgrestore(system, &request));
    for attached in &mut machine.disks {
        attached.disk.flush().expect("no fault is asked for");
    }
    machine
}

fn name() -> VgName {
    VgName::new(VG).expect("it is a name")
}

fn operations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("operations");
    group.sample_size(20);
    for lvs in SIZES {
        let machine = machine(Shape { lvs, pvs: 4 });
        let report = Report::new(Kind::Lvs, &Options::default()).expect("the fields are there");
        group.bench_function(BenchmarkId::new("lvs", lvs), |bencher| {
            bencher.iter_batched_ref(
                || machine.clone(),
                |machine| {
                    let scanned = machine.scan(needs());
                    let system =
                        System { devices: scanned.devices, vgs: scanned.vgs, ..System::default() };
                    black_box(report.render(&system, None))
                },
                BatchSize::LargeInput,
            );
        });
        let mut request = vgchange::Request::new(VgSelector::Name(name()));
        request.add_tags = vec![Tag::new("tag").expect("it is a tag")];
        group.bench_function(BenchmarkId::new("commit (vgchange --addtag)", lvs), |bencher| {
            bencher.iter_batched_ref(
                || machine.clone(),
                |machine| run(machine, |system| vgchange::vgchange(system, &request)),
                BatchSize::LargeInput,
            );
        });
        let amount = extents::parse("2", Signs::Both).expect("it is a number");
        let mut request = lvcreate::Request::new(name(), Amount::Extents(amount));
        request.name = Some(LvName::new("new").expect("it is a name"));
        group.bench_function(BenchmarkId::new("lvcreate", lvs), |bencher| {
            bencher.iter_batched_ref(
                || machine.clone(),
                |machine| run(machine, |system| lvcreate::lvcreate(system, &request)),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    operations(&mut criterion);
    criterion.final_summary();
}
