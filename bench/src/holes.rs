//! Volume groups full of holes: LVs of a hundred segments of one extent, and free runs between
//! them.

use crate::texts::{PvPart, contents, id, vg_head};
use extant_verify::rng::Rng;
use std::fmt::Write as _;

/// How many segments an LV has.
const SEGMENTS: u64 = 100;
/// The longest hole where they have several lengths.
const LONGEST: u64 = 64;

/// A VG with many free runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holes {
    /// How many free runs there are on all PVs together.
    pub runs: u64,
    /// How many PVs there are.
    pub pvs: u64,
    /// How long the runs are.
    pub length: Length,
}

/// How long free runs are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Length {
    /// All two extents.
    Two,
    /// One to 64 extents, drawn with a fixed seed.
    Mixed,
}

/// The segments of the LVs on one PV and the free runs behind each: where each begins.
struct Part {
    /// The extents that are used.
    used: Vec<u64>,
    /// How many extents there are.
    count: u64,
}

impl Holes {
    /// Returns holes of two extents.
    pub const fn of_two(runs: u64, pvs: u64) -> Self {
        Self { runs, pvs, length: Length::Two }
    }

    /// Returns how large a metadata area must be, in bytes: two texts and their slack, also when
    /// all holes are segments of one more LV.
    pub const fn area_size(self) -> u64 {
        ((self.runs * 240 + self.pvs * 300) * 2 + (2 << 20)).next_multiple_of(1 << 20)
    }

    /// Returns how large a disk must be, in bytes.
    pub fn disk_size(self) -> u64 {
        self.disk_for(&self.parts())
    }

    /// Returns the text of the VG in the order and form of a backup file, without its comments.
    pub fn backup_text(self) -> String {
        let parts = self.parts();
        let mut text = contents();
        let device_size = self.disk_for(&parts);
        let pv = |part: &Part| PvPart { device_size, extents: part.count };
        let pvs: Vec<PvPart> = parts.iter().map(pv).collect();
        vg_head(&mut text, self.area_size(), &pvs);
        text.push_str("logical_volumes {\n");
        let mut number = 0;
        for (pv, part) in parts.iter().enumerate() {
            for used in part.used.chunks(usize::try_from(SEGMENTS).expect("a hundred fits")) {
                lv_section(&mut text, number, pv, used);
                number += 1;
            }
        }
        text.push_str("}\n\n}\n");
        text
    }

    fn disk_for(self, parts: &[Part]) -> u64 {
        let most = parts.iter().map(|part| part.count).max().unwrap_or(0);
        self.area_size() + (most << 20) + (2 << 20)
    }

    fn parts(self) -> Vec<Part> {
        let mut rng = Rng::new(1);
        let part = |pv: u64| {
            let mut used = Vec::new();
            let mut count = 0;
            // The first PVs have one more where they cannot have equally many.
            for _ in 0..(self.runs + self.pvs - 1 - pv) / self.pvs {
                used.push(count);
                count += 1 + match self.length {
                    Length::Two => 2,
                    Length::Mixed => 1 + rng.below(LONGEST),
                };
            }
            Part { used, count: count.max(1) }
        };
        (0..self.pvs).map(part).collect()
    }
}

fn lv_section(text: &mut String, number: u64, pv: usize, used: &[u64]) {
    let _ = write!(
        text,
        "\nlv{number} {{\nid = \"{}\"\nstatus = [\"READ\", \"WRITE\", \"VISIBLE\"]\nflags = []\n\
         creation_time = 1700000000\ncreation_host = \"host\"\nsegment_count = {}\n\n",
        id('l', number),
        used.len()
    );
    for (segment, place) in used.iter().enumerate() {
        let _ = write!(
            text,
            "segment{} {{\nstart_extent = {segment}\nextent_count = 1\n\ntype = \"striped\"\n\
             stripe_count = 1\n\nstripes = [\n\"pv{pv}\", {place}\n]\n}}\n",
            segment + 1
        );
    }
    text.push_str("}\n");
}

#[cfg(test)]
mod tests {
    use super::{Holes, Length};
    use extant_core::codec::read;
    use extant_core::model::check::check;
    use std::sync::Arc;

    #[test]
    fn texts_have_the_holes_they_tell_of() {
        for (runs, pvs) in [(10, 1), (10, 4), (1003, 4), (2000, 1000)] {
            for length in [Length::Two, Length::Mixed] {
                let holes = Holes { runs, pvs, length };
                let text = holes.backup_text();
                assert!((text.len() as u64) < holes.area_size() / 2 - 1024, "{holes:?}");
                let (vg, _) = read::read(&Arc::from(text.into_bytes())).unwrap();
                assert!(check(&vg).is_empty(), "{holes:?}");
                let found: Vec<_> = vg.pv_indices().map(|pv| vg.free_runs(pv)).collect();
                assert_eq!(found.iter().flatten().count() as u64, runs);
                let is_two = found.iter().flatten().all(|run| run.1.get() == 2);
                assert_eq!(is_two, length == Length::Two);
                assert!(vg.lvs.ids().all(|id| vg.lvs.is_source(id)), "{holes:?}");
            }
        }
    }
}
