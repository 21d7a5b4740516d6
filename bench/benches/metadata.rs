//! Reading, looking through and printing metadata, over the number of LVs.

use criterion::{BenchmarkId, Criterion, Throughput};
use extant_bench::texts::{Shape, disk_text};
use extant_core::codec::{print, read};
use std::hint::black_box;
use std::sync::Arc;

const SIZES: [u64; 4] = [10, 1000, 10_000, 20_000];

fn text(lvs: u64) -> Arc<[u8]> {
    disk_text(Shape { lvs, pvs: 4 }).into_bytes().into()
}

fn metadata(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("metadata");
    group.sample_size(20);
    for lvs in SIZES {
        let text = text(lvs);
        group.throughput(Throughput::Bytes(u64::try_from(text.len()).expect("it fits")));
        group.bench_with_input(BenchmarkId::new("read", lvs), &text, |bencher, text| {
            bencher.iter(|| black_box(read::read(text).expect("our text reads")));
        });
        let (vg, provenance) = read::read(&text).expect("our text reads");
        group.bench_function(BenchmarkId::new("decode all LVs", lvs), |bencher| {
            bencher.iter(|| {
                for id in vg.lvs.ids() {
                    black_box(vg.lvs.get(id));
                }
            });
        });
        group.bench_function(BenchmarkId::new("print", lvs), |bencher| {
            bencher.iter(|| black_box(print::disk(&vg, &provenance)));
        });
        group.bench_function(BenchmarkId::new("free runs", lvs), |bencher| {
            bencher.iter(|| {
                let vg = vg.clone();
                for pv in vg.pv_indices() {
                    black_box(vg.free_runs(pv));
                }
            });
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    metadata(&mut criterion);
    criterion.final_summary();
}
