//! Reading, checking, looking through and printing metadata, over the number of LVs.

use criterion::{BenchmarkId, Criterion, Throughput};
use extant_bench::texts::{SIZES, Shape, disk_text};
use extant_core::codec::{print, read};
use extant_core::model::check::check;
use extant_core::time::TimeZone;
use std::hint::black_box;
use std::sync::Arc;

fn metadata(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("metadata");
    group.sample_size(20);
    for lvs in SIZES {
        let text: Arc<[u8]> = disk_text(Shape { lvs, pvs: 4 }).into_bytes().into();
        group.throughput(Throughput::Bytes(u64::try_from(text.len()).expect("it fits")));
        group.bench_with_input(
            BenchmarkId::new("read and validate", lvs),
            &text,
            |bencher, text| {
                bencher.iter(|| black_box(read::read(text).expect("our text reads")));
            },
        );
        let (vg, provenance) = read::read(&text).expect("our text reads");
        let plain = vg.lvs.ids().all(|id| vg.lvs.is_source(id));
        assert!(plain, "all LVs of the benchmark are left in the text");
        group.bench_function(BenchmarkId::new("read and decode all LVs", lvs), |bencher| {
            bencher.iter(|| {
                let (vg, _) = read::read(&text).expect("our text reads");
                vg.lvs.ids().map(|id| vg.lvs.get(id).segments.len()).sum::<usize>()
            });
        });
        group.bench_function(BenchmarkId::new("check", lvs), |bencher| {
            bencher.iter(|| assert!(check(black_box(&vg)).is_empty(), "our text makes sense"));
        });
        group.bench_function(BenchmarkId::new("free runs", lvs), |bencher| {
            bencher.iter(|| {
                let vg = vg.clone();
                for pv in vg.pv_indices() {
                    black_box(vg.free_runs(pv));
                }
            });
        });
        group.bench_function(BenchmarkId::new("print disk", lvs), |bencher| {
            bencher.iter(|| black_box(print::disk(&vg, &provenance)));
        });
        let utc = TimeZone::UTC;
        group.bench_function(BenchmarkId::new("print file", lvs), |bencher| {
            bencher.iter(|| black_box(print::file(&vg, &provenance, &utc)));
        });
        let file: Arc<[u8]> = print::file(&vg, &provenance, &utc).into();
        group.bench_function(BenchmarkId::new("read file", lvs), |bencher| {
            bencher.iter(|| black_box(read::read(&file).expect("our file reads")));
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    metadata(&mut criterion);
    criterion.final_summary();
}
