//! The allocator, its checker included: over the number of free runs, of PVs and of stripes.

use criterion::{BenchmarkId, Criterion, Throughput};
use extant_bench::allocation::{Share, Space, Width};
use extant_bench::holes::{Holes, Length};
use std::time::Duration;

/// Measures all shares with some widths.
fn measure(criterion: &mut Criterion, group: &str, holes: Holes, widths: &[Width]) {
    let mut group = criterion.benchmark_group(group);
    group.sample_size(10).warm_up_time(Duration::from_millis(300));
    group.measurement_time(Duration::from_secs(1));
    group.throughput(Throughput::Elements(holes.runs));
    let space = Space::new(holes);
    for (name, share) in Share::all() {
        for width in widths {
            let what = format!("{name}, {} runs, {} PVs, {width}", holes.runs, holes.pvs);
            group.bench_function(BenchmarkId::from_parameter(what), |bencher| {
                bencher.iter(|| space.allocate(share, *width));
            });
        }
    }
    group.finish();
}

fn allocator(criterion: &mut Criterion) {
    let few = [1, 2].map(Width::of_stripes);
    for runs in [10, 100, 1000, 10_000, 100_000, 1_000_000] {
        measure(criterion, "runs", Holes::of_two(runs, 16), &few);
    }
    for runs in [1000, 100_000, 1_000_000] {
        let mixed = Holes { runs, pvs: 16, length: Length::Mixed };
        measure(criterion, "runs of 1 to 64 extents", mixed, &few);
    }
    for pvs in [1, 10, 100, 1000] {
        let widths = if pvs == 1 { &few[..1] } else { &few };
        measure(criterion, "PVs", Holes::of_two(100_000, pvs), widths);
    }
    let holes = Holes::of_two(100_000, 16);
    measure(criterion, "stripes", holes, &[1, 2, 3, 8].map(Width::of_stripes));
    measure(criterion, "legs", holes, &[2, 3, 8].map(Width::of_legs));
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    allocator(&mut criterion);
    criterion.final_summary();
}
