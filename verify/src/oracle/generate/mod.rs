//! Draws the next step from what is there: mostly things that can be done, some that can't.

mod lv;
mod pv;
mod vg;

use crate::oracle::state::{LvFacts, State, VgFacts};
use crate::oracle::step::{Role, Step};
use crate::rng::Rng;

/// Names for VGs; more would make steps miss each other.
const VG_NAMES: [&str; 5] = ["vg0", "vg1", "vg2", "vg-3.x", "vg_4"];
/// Names for LVs beside the automatic ones.
const LV_NAMES: [&str; 10] =
    ["data", "root", "swap", "home", "log", "a-b", "a--b", "x.y", "Z_1", "lvol7"];
/// Tags.
const TAGS: [&str; 6] = ["red", "blue", "k=v", "db/1", "a.b-c_d", "t+1"];
/// Sizes that disks have at the start of sequences, in bytes; one is odd, one is tiny.
const DISK_SIZES: [u64; 8] = [
    64 << 20,
    96 << 20,
    33 << 20,
    (40 << 20) + 512,
    128 << 20,
    (48 << 20) + 70_144,
    200 << 20,
    12 << 20,
];

/// One kind of step: its name, how often it is drawn in proportion, and how it is made; making
/// gives nothing if there is nothing to do it to.
pub struct Kind {
    /// What it is called in counts and in `--only`.
    pub name: &'static str,
    weight: u64,
    make: fn(&mut Maker<'_>) -> Option<Made>,
}

/// What a kind comes to.
pub enum Made {
    /// A command line.
    Command(Vec<String>),
    /// Something that happens to the disks.
    Event(Step),
}

/// All kinds of steps.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    pv::KINDS.iter().chain(vg::KINDS).chain(lv::KINDS)
}

/// Draws the sizes of the disks of a sequence.
pub fn draw_sizes(rng: &mut Rng, disks: usize) -> Vec<u64> {
    (0..disks).map(|_| *rng.pick(&DISK_SIZES)).collect()
}

/// Draws a step for the present state, and who does it.
pub fn draw_step(
    rng: &mut Rng,
    state: &State,
    disks: &[DiskFacts],
    only: &[String],
) -> (&'static str, Step) {
    let wanted = |kind: &&Kind| only.is_empty() || only.iter().any(|name| name == kind.name);
    let total: u64 = kinds().filter(wanted).map(|kind| kind.weight).sum();
    let by = if rng.one_in(2) { Role::Oracle } else { Role::Subject };
    loop {
        let mut ticket = rng.below(total);
        let kind = kinds()
            .filter(wanted)
            .find(|kind| {
                let drawn = ticket < kind.weight;
                ticket = ticket.wrapping_sub(kind.weight);
                drawn
            })
            .expect("a ticket below the sum of weights hits one of them");
        let mut maker = Maker { rng, state, disks };
        match (kind.make)(&mut maker) {
            Some(Made::Command(args)) => return (kind.name, Step::Run { by, args }),
            Some(Made::Event(step)) => return (kind.name, step),
            None => {}
        }
    }
}

/// A disk as the harness knows it.
#[derive(Clone, Copy, Debug)]
pub struct DiskFacts {
    /// Its size in bytes.
    pub size: u64,
    /// Whether the programs can't see it.
    pub hidden: bool,
}

/// What a kind draws from.
pub struct Maker<'a> {
    rng: &'a mut Rng,
    state: &'a State,
    disks: &'a [DiskFacts],
}

/// Makes a command line from words.
fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[allow(clippy::unnecessary_wraps)] // kinds that can fail to apply have the same type
fn command(line: &str) -> Option<Made> {
    Some(Made::Command(words(line)))
}

impl<'a> Maker<'a> {
    fn chance(&mut self, percent: u64) -> bool {
        self.rng.below(100) < percent
    }

    /// Returns `text` in so many percent of the cases, else nothing.
    fn maybe(&mut self, percent: u64, text: &str) -> String {
        if self.chance(percent) { text.to_owned() } else { String::new() }
    }

    fn one_of(&mut self, items: &[&str]) -> String {
        (*self.rng.pick(items)).to_owned()
    }

    fn tag(&mut self) -> String {
        self.one_of(&TAGS)
    }

    /// Adds or removes tags, mostly such as are there when removing.
    fn tag_change(&mut self, present: &[String]) -> String {
        if self.chance(55) || present.is_empty() {
            let more =
                if self.chance(20) { format!(" --addtag {}", self.tag()) } else { String::new() };
            format!("--addtag {}{more}", self.tag())
        } else {
            format!("--deltag {}", self.rng.pick(present))
        }
    }

    fn vg(&mut self) -> Option<&'a VgFacts> {
        self.rng.pick_any(&self.state.vgs)
    }

    /// Returns the name of a VG that is there, rarely of one that is not.
    fn vg_name(&mut self) -> Option<String> {
        if self.chance(2) {
            return Some(self.one_of(&VG_NAMES));
        }
        self.vg().map(|vg| vg.name.clone())
    }

    /// Returns a VG name that is not taken, rarely one that is.
    fn new_vg_name(&mut self) -> String {
        let taken = |name: &&str| self.state.vgs.iter().any(|vg| vg.name == **name);
        let free: Vec<&str> = VG_NAMES.iter().filter(|name| !taken(name)).copied().collect();
        if free.is_empty() || self.chance(4) {
            return self.one_of(&VG_NAMES);
        }
        self.one_of(&free)
    }

    fn lv(&mut self) -> Option<&'a LvFacts> {
        self.rng.pick_any(&self.state.lvs)
    }

    /// Returns an LV that is there as `VG/LV`, rarely one that is not.
    fn lv_path(&mut self) -> Option<String> {
        if self.chance(2) {
            return Some(format!("{}/{}", self.vg_name()?, self.one_of(&LV_NAMES)));
        }
        self.lv().map(|lv| format!("{}/{}", lv.vg, lv.name))
    }

    /// Returns a name for a new LV that is not taken, rarely one that is or may not be.
    fn new_lv_name(&mut self, vg: &str) -> String {
        if self.chance(3) {
            return self.one_of(&["snapshot1", "a_tdata", "bad!name", "data", "-x"]);
        }
        let number = self.rng.below(30);
        let taken = |name: &str| {
            let lvs = &self.state.lvs;
            lvs.iter().any(|lv| lv.vg == vg && lv.name == name)
        };
        let free: Vec<&str> = LV_NAMES.iter().filter(|name| !taken(name)).copied().collect();
        if free.is_empty() {
            return format!("n{number}");
        }
        self.one_of(&free)
    }

    fn visible_disks(&self) -> Vec<usize> {
        (0..self.disks.len()).filter(|disk| !self.disks[*disk].hidden).collect()
    }

    /// Returns a visible disk that belongs to no VG, rarely any.
    fn free_disk(&mut self) -> Option<usize> {
        let visible = self.visible_disks();
        let in_vg = |disk: usize| matches!(self.state.pv_on(disk), Some(pv) if !pv.vg.is_empty());
        let free: Vec<usize> = visible.iter().copied().filter(|d| !in_vg(*d)).collect();
        if free.is_empty() || self.chance(3) {
            return self.rng.pick_any(&visible).copied();
        }
        self.rng.pick_any(&free).copied()
    }

    /// Returns up to `most` different free disks.
    fn free_disks(&mut self, most: u64) -> Vec<usize> {
        let wanted = 1 + self.rng.below(most);
        let mut disks = Vec::new();
        for _ in 0..wanted {
            if let Some(disk) = self.free_disk()
                && !disks.contains(&disk)
            {
                disks.push(disk);
            }
        }
        disks
    }

    /// Returns a disk that is a PV.
    fn pv_disk(&mut self) -> Option<usize> {
        let visible = self.visible_disks();
        let pvs: Vec<usize> =
            visible.into_iter().filter(|disk| self.state.pv_on(*disk).is_some()).collect();
        self.rng.pick_any(&pvs).copied()
    }

    /// Returns PV arguments of a VG for an allocation: none, some PVs, or extents of some.
    fn pv_arguments(&mut self, vg: &str) -> String {
        let disks = self.state.disks_of(vg);
        if disks.is_empty() || self.chance(55) {
            return String::new();
        }
        let mut arguments = Vec::new();
        for _ in 0..=self.rng.below(3) {
            let disk = *self.rng.pick(&disks);
            let extents = self.state.pv_on(disk).map_or(1, |pv| pv.extents.max(1));
            let range = self.pe_range(extents);
            arguments.push(format!("{{{disk}}}{range}"));
        }
        if self.chance(10) {
            arguments.push(format!("@{}", self.tag()));
        }
        arguments.join(" ")
    }

    fn pe_range(&mut self, extents: u64) -> String {
        let first = self.rng.below(extents);
        let last = first + self.rng.below(extents - first);
        match self.rng.below(9) {
            0 => format!(":{first}-{last}"),
            1 => format!(":{first}-"),
            2 => format!(":-{last}"),
            3 => format!(":{first}+{}", 1 + last - first),
            4 => format!(":{first}-{last}:{}-", (last + 1).min(extents - 1)),
            5 => format!(":{first}"),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DiskFacts, draw_step, kinds};
    use crate::oracle::state::{LvFacts, PvFacts, State, VgFacts};
    use crate::rng::Rng;
    use std::collections::BTreeSet;

    fn busy_state() -> State {
        let pv = |disk, vg: &str| PvFacts {
            disk: Some(disk),
            vg: vg.to_owned(),
            extents: 60,
            allocated: 10,
            tags: vec!["red".to_owned()],
        };
        State {
            pvs: vec![pv(0, "vg0"), pv(1, "vg0"), pv(2, "vg1"), pv(3, "")],
            vgs: ["vg0", "vg1"]
                .map(|name| VgFacts {
                    name: name.to_owned(),
                    free: 50,
                    extents: 60,
                    exported: name == "vg1",
                    partial: true,
                    tags: vec!["blue".to_owned()],
                })
                .to_vec(),
            lvs: vec![LvFacts {
                vg: "vg0".to_owned(),
                name: "data".to_owned(),
                extents: 10,
                tags: vec!["red".to_owned()],
            }],
        }
    }

    #[test]
    fn all_kinds_are_drawn_and_one_seed_gives_one_sequence() {
        let disk = DiskFacts { size: 64 << 20, hidden: false };
        let draw = || {
            let mut rng = Rng::new(3);
            let state = busy_state();
            let draw_one = |number| {
                // A disk disappears only while all are there, and comes back only then.
                let hidden = number % 2 == 0;
                let disks = [disk, disk, disk, disk, DiskFacts { hidden, ..disk }];
                draw_step(&mut rng, &state, &disks, &[])
            };
            (0..8000).map(draw_one).collect::<Vec<_>>()
        };
        let steps = draw();
        let drawn: BTreeSet<&str> = steps.iter().map(|(kind, _)| *kind).collect();
        let all: BTreeSet<&str> = kinds().map(|kind| kind.name).collect();
        assert_eq!(drawn, all);
        assert!(all.len() >= 25, "{} kinds", all.len());
        assert_eq!(steps, draw());
    }
}
