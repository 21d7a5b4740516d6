//! What the allocator alone costs, its checker included.

use crate::holes::Holes;
use extant_core::alloc::{self, Candidate, Layout, Request};
use extant_core::codec::read;
use extant_core::model::flags::AllocationPolicy;
use extant_core::model::vg::Vg;
use extant_core::size::ranges::PeRange;
use extant_core::units::{Extents, Pe};
use nix::time::{self, ClockId};
use std::fmt;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

/// A VG in which to allocate.
#[derive(Debug)]
pub struct Space {
    vg: Vg,
    candidates: Vec<Candidate>,
}

/// How much is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Share {
    /// One row: `-l 1`.
    One,
    /// A tenth of what is free.
    Tenth,
    /// `-l 100%FREE`.
    All,
}

/// What lies side by side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Width {
    /// How many legs there are, each on PVs of its own.
    pub legs: usize,
    /// How many stripes each leg has.
    pub stripes: usize,
}

impl Width {
    /// Returns so many stripes of one leg.
    pub const fn of_stripes(stripes: usize) -> Self {
        Self { legs: 1, stripes }
    }

    /// Returns so many legs of one stripe.
    pub const fn of_legs(legs: usize) -> Self {
        Self { legs, stripes: 1 }
    }
}

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { legs: 1, stripes } => write!(f, "{stripes} stripes"),
            Self { legs, stripes: 1 } => write!(f, "{legs} legs"),
            Self { legs, stripes } => write!(f, "{legs} legs of {stripes} stripes"),
        }
    }
}

impl Share {
    /// Returns all, with what they are called.
    pub const fn all() -> [(&'static str, Self); 3] {
        [("-l 1", Self::One), ("-l 10%FREE", Self::Tenth), ("-l 100%FREE", Self::All)]
    }
}

impl Space {
    /// Makes a VG with such holes.
    ///
    /// # Panics
    /// If its text does not read: it is ours.
    pub fn new(holes: Holes) -> Self {
        let text: Arc<[u8]> = holes.backup_text().into_bytes().into();
        let (vg, _) = read::read(&text).expect("our text reads");
        let candidate = |pv| {
            let whole = PeRange { start: Pe::ZERO, extents: vg.pv(pv).pe_count };
            Candidate { pv, ranges: vec![whole] }
        };
        let candidates = vg.pv_indices().map(candidate).collect();
        Self { vg, candidates }
    }

    /// Allocates for a new LV by the policy *normal*, on all PVs.
    ///
    /// # Panics
    /// If there is no room for one row.
    pub fn allocate(&self, share: Share, width: Width) -> Layout {
        let Width { legs, stripes } = width;
        let free = self.vg.free_count().get() / u64::try_from(legs * stripes).expect("it fits");
        let rows = match share {
            Share::One => 1,
            Share::Tenth => free / 10,
            Share::All => free,
        };
        let request = Request {
            rows: Extents::new(rows.max(1)),
            legs,
            stripes,
            policy: AllocationPolicy::Normal,
            candidates: self.candidates.clone(),
            before: &[],
            cling_tags: &[],
            maximise_cling: true,
            approximate: share == Share::All,
        };
        alloc::allocate(&self.vg, &request).expect("there is room")
    }

    /// Returns how much processor time that takes: the median of `runs` runs.
    ///
    /// # Errors
    /// If the system has no clock of that time.
    pub fn time(&self, share: Share, width: Width, runs: usize) -> anyhow::Result<Duration> {
        let time = |_| {
            let start = cpu_time()?;
            black_box(self.allocate(share, width));
            Ok(cpu_time()?.saturating_sub(start))
        };
        let mut times = (0..runs.max(1)).map(time).collect::<anyhow::Result<Vec<Duration>>>()?;
        times.sort();
        Ok(times[times.len() / 2])
    }
}

/// What this thread has taken of a processor: others on the machine do not lengthen it.
fn cpu_time() -> anyhow::Result<Duration> {
    Ok(Duration::from(time::clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?))
}

#[cfg(test)]
mod tests {
    use super::{Share, Space, Width};
    use crate::holes::{Holes, Length};

    #[test]
    fn as_much_is_allocated_as_is_asked_for() {
        let space = Space::new(Holes::of_two(100, 4));
        for (share, width, rows) in [
            (Share::One, Width::of_stripes(1), 1),
            (Share::One, Width::of_stripes(4), 1),
            (Share::Tenth, Width::of_stripes(1), 20),
            (Share::Tenth, Width::of_stripes(2), 10),
            (Share::Tenth, Width::of_legs(2), 10),
            (Share::All, Width::of_stripes(1), 200),
            (Share::All, Width::of_stripes(3), 66),
            (Share::All, Width::of_legs(3), 50),
        ] {
            assert_eq!(space.allocate(share, width).rows().get(), rows, "{share:?} {width}");
        }
        let mixed = Space::new(Holes { runs: 100, pvs: 4, length: Length::Mixed });
        assert_eq!(mixed.allocate(Share::All, Width::of_stripes(1)).rows(), mixed.vg.free_count());
        assert!(
            mixed.time(Share::One, Width::of_stripes(1), 3).unwrap() > std::time::Duration::ZERO
        );
    }
}
