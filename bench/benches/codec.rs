//! Reading and printing metadata text: bytes per second.

use criterion::{BatchSize, Criterion, Throughput};
use extant_bench::texts::{Shape, disk_text};
use extant_core::codec::{print, read};
use extant_core::time::TimeZone;
use std::hint::black_box;
use std::sync::Arc;

fn codec(criterion: &mut Criterion) {
    for lvs in [10, 1000, 10_000] {
        let text: Arc<[u8]> = disk_text(Shape { lvs, pvs: 4 }).into_bytes().into();
        let (vg, provenance) = read::read(&text).expect("the text is valid");
        let plain = vg.lvs.ids().all(|id| vg.lvs.is_source(id));
        assert!(plain, "all LVs of the benchmark are left in the text");
        let length = u64::try_from(text.len()).expect("a length fits");
        let mut group = criterion.benchmark_group(format!("codec/{lvs}"));
        group.throughput(Throughput::Bytes(length));
        group.bench_function("index", |bencher| {
            bencher.iter(|| read::read(black_box(&text)));
        });
        group.bench_function("decode all", |bencher| {
            bencher.iter_batched(
                || (),
                |()| {
                    let (vg, _) = read::read(black_box(&text)).expect("the text is valid");
                    vg.lvs.ids().map(|id| vg.lvs.get(id).segments.len()).sum::<usize>()
                },
                BatchSize::LargeInput,
            );
        });
        group.bench_function("print disk", |bencher| {
            bencher.iter(|| print::disk(black_box(&vg), &provenance));
        });
        let utc = TimeZone::UTC;
        group.bench_function("print file", |bencher| {
            bencher.iter(|| print::file(black_box(&vg), &provenance, &utc));
        });
        let file: Arc<[u8]> = print::file(&vg, &provenance, &utc).into();
        group.bench_function("read file", |bencher| {
            bencher.iter(|| read::read(black_box(&file)));
        });
        group.finish();
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    codec(&mut criterion);
    criterion.final_summary();
}
