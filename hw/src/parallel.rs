//! Doing the same for several devices: one after the other as long as that is quick, then at once.
//!
//! A report on a few fast disks starts no thread, a hundred slow disks are waited for together.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// After so much time, what is left goes to threads.
const PATIENCE: Duration = Duration::from_micros(500);

/// At most so many threads work.
const THREADS_MAX: usize = 16;

/// Calls `work` with each item, in any order, perhaps at once.
pub(crate) fn each<T: Send>(items: Vec<T>, work: impl Fn(T) + Sync) {
    let mut items = items.into_iter();
    let begin = Instant::now();
    while items.len() > 0 && (items.len() == 1 || begin.elapsed() < PATIENCE) {
        items.next().into_iter().for_each(&work);
    }
    if items.len() == 0 {
        return;
    }
    let count = items.len().min(THREADS_MAX);
    let queue = Mutex::new(items);
    std::thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(item) = next else {
                        return;
                    };
                    work(item);
                }
            });
        }
    });
}
