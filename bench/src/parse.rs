//! How fast metadata text becomes a checked volume group.

use crate::texts::{Shape, disk_text};
use extant_core::codec::read;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Returns how fast the text of a VG of this shape is read and validated, in GB/s: the median of
/// `runs` runs.
///
/// # Panics
/// If the text does not read: it is ours.
pub fn rate(shape: Shape, runs: usize) -> f64 {
    let text: Arc<[u8]> = disk_text(shape).into_bytes().into();
    let mut times: Vec<Duration> = (0..runs.max(1))
        .map(|_| {
            let start = Instant::now();
            let vg = read::read(&text).expect("our text reads");
            black_box(&vg);
            start.elapsed()
        })
        .collect();
    times.sort();
    let length = u32::try_from(text.len()).expect("a text is shorter than 4 GiB");
    f64::from(length) / times[times.len() / 2].as_secs_f64() / 1e9
}

#[cfg(test)]
mod tests {
    use super::rate;
    use crate::texts::Shape;

    #[test]
    fn texts_are_read() {
        assert!(rate(Shape { lvs: 100, pvs: 4 }, 3) > 0.0);
    }
}
