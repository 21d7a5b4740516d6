//! Both programs at once: several processes change one VG, and no change that was acknowledged is
//! lost.
//!
//! Each worker owns its LVs and tags, so that what must be there in the end follows from the exit
//! statuses alone, whatever the order was.

use crate::rng::Rng;
use crate::world::World;
use crate::world::loops::LoopDisk;
use crate::world::program::{Outcome, Program};
use anyhow::{Context, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::thread::ScopedJoinHandle;

/// The VG that everybody changes.
const VG: &str = "shared";

/// What is run.
#[derive(Clone, Debug)]
pub struct Race {
    /// The programs that workers draw from.
    pub programs: Vec<Program>,
    /// How many workers run at once.
    pub workers: u64,
    /// How many changes they make in all.
    pub changes: u64,
    /// What all is drawn from.
    pub seed: u64,
}

/// What a race came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Finish {
    /// Changes that were acknowledged.
    pub acknowledged: u64,
    /// Reports that were run in between, all of which succeeded.
    pub reports: u64,
}

/// What must be there: the tags of the VG, and the LVs with their tags.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
struct Expected {
    vg_tags: BTreeSet<String>,
    lvs: BTreeMap<String, BTreeSet<String>>,
}

/// One worker: what it has been told is true.
struct Worker<'a> {
    race: &'a Race,
    system_dir: &'a Path,
    number: u64,
    rng: Rng,
    next_name: u64,
    owned: Expected,
    finish: Finish,
}

impl Race {
    /// Runs it in a world of its own.
    ///
    /// # Errors
    /// If a change failed, a report failed, an update was lost, or a program finds the VG damaged.
    pub fn run(&self) -> anyhow::Result<Finish> {
        let world = World::new(&[64 << 20, 64 << 20, 96 << 20], 512)?;
        let dir = world.system_dir();
        let mut args = vec!["vgcreate", "-s", "64k", VG];
        args.extend(world.disks.iter().map(LoopDisk::device));
        must(&self.programs[0], &self.programs[0].run(&dir, &args)?)?;
        let before = seqno(&self.programs[0], &dir)?;
        let results: Vec<anyhow::Result<(Expected, Finish)>> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..self.workers)
                .map(|number| {
                    let worker = Worker::new(self, &dir, number);
                    scope.spawn(move || worker.run())
                })
                .collect();
            let joined = workers.into_iter().map(ScopedJoinHandle::join);
            joined.map(|result| result.expect("a worker does not panic")).collect()
        });
        let mut expected = Expected::default();
        let mut finish = Finish { acknowledged: 0, reports: 0 };
        for result in results {
            let (owned, part) = result?;
            expected.vg_tags.extend(owned.vg_tags);
            expected.lvs.extend(owned.lvs);
            finish.acknowledged += part.acknowledged;
            finish.reports += part.reports;
        }
        for program in &self.programs {
            let seen = look(program, &dir)?;
            ensure!(
                seen == expected,
                "{} sees {seen:?}, but acknowledged was {expected:?}",
                program.name
            );
            must(program, &program.run(&dir, &["vgck", VG])?)?;
            let commits = seqno(program, &dir)? - before;
            ensure!(
                commits >= finish.acknowledged,
                "{} changes were acknowledged in {commits} commits",
                finish.acknowledged
            );
        }
        Ok(finish)
    }
}

impl<'a> Worker<'a> {
    fn new(race: &'a Race, system_dir: &'a Path, number: u64) -> Self {
        Self {
            race,
            system_dir,
            number,
            rng: Rng::new(race.seed.wrapping_mul(1000).wrapping_add(number)),
            next_name: 0,
            owned: Expected::default(),
            finish: Finish { acknowledged: 0, reports: 0 },
        }
    }

    fn run(mut self) -> anyhow::Result<(Expected, Finish)> {
        let share = self.race.changes.div_ceil(self.race.workers);
        while self.finish.acknowledged < share {
            self.change()?;
            if self.rng.one_in(8) {
                self.report()?;
            }
        }
        Ok((self.owned, self.finish))
    }

    fn change(&mut self) -> anyhow::Result<()> {
        let lvs: Vec<String> = self.owned.lvs.keys().cloned().collect();
        match (self.rng.below(4), self.rng.pick_any(&lvs).cloned()) {
            (0, Some(lv)) if lvs.len() > 8 || self.rng.one_in(2) => {
                self.run_change(&["lvremove", "-y", &format!("{VG}/{lv}")])?;
                self.owned.lvs.remove(&lv);
            }
            (1, Some(lv)) => {
                let tag = self.new_name("t");
                self.run_change(&["lvchange", "--addtag", &tag, &format!("{VG}/{lv}")])?;
                self.owned.lvs.entry(lv).or_default().insert(tag);
            }
            (2, _) => self.change_vg_tag()?,
            (_, known) if lvs.len() <= 8 || known.is_none() => {
                let lv = self.new_name("lv");
                let size = (1 + self.rng.below(4)).to_string();
                let quiet = ["-an", "-Zn", "-Wn", "-y"];
                let mut args = vec!["lvcreate"];
                args.extend(quiet);
                args.extend(["-l", &size, "-n", &lv, VG]);
                self.run_change(&args)?;
                self.owned.lvs.insert(lv, BTreeSet::new());
            }
            _ => {}
        }
        Ok(())
    }

    fn change_vg_tag(&mut self) -> anyhow::Result<()> {
        let tags: Vec<String> = self.owned.vg_tags.iter().cloned().collect();
        match self.rng.pick_any(&tags).cloned() {
            Some(tag) if tags.len() > 6 => {
                self.run_change(&["vgchange", "--deltag", &tag, VG])?;
                self.owned.vg_tags.remove(&tag);
            }
            _ => {
                let tag = self.new_name("g");
                self.run_change(&["vgchange", "--addtag", &tag, VG])?;
                self.owned.vg_tags.insert(tag);
            }
        }
        Ok(())
    }

    fn new_name(&mut self, prefix: &str) -> String {
        self.next_name += 1;
        format!("{prefix}{}_{}", self.number, self.next_name)
    }

    fn run_change(&mut self, args: &[&str]) -> anyhow::Result<()> {
        let program = self.rng.pick(&self.race.programs);
        let outcome = program.run(self.system_dir, args)?;
        must(program, &outcome).with_context(|| args.join(" "))?;
        self.finish.acknowledged += 1;
        Ok(())
    }

    /// A reader in the middle of it sees a whole VG without complaints.
    fn report(&mut self) -> anyhow::Result<()> {
        let program = self.rng.pick(&self.race.programs);
        let outcome = program.run(self.system_dir, &["lvs", "--noheadings", VG])?;
        must(program, &outcome).context("lvs")?;
        let warned = ["Inconsistent", "Checksum", "ignoring metadata", "mismatch"]
            .iter()
            .any(|word| outcome.stderr.contains(word));
        ensure!(!warned, "{}: {}", program.name, outcome.stderr);
        self.finish.reports += 1;
        Ok(())
    }
}

fn must(program: &Program, outcome: &Outcome) -> anyhow::Result<()> {
    ensure!(
        outcome.is_success(),
        "{}: status {:?}\n{}{}",
        program.name,
        outcome.status,
        outcome.stdout,
        outcome.stderr
    );
    Ok(())
}

/// Returns what a program sees: tags of the VG, LVs with their tags.
fn look(program: &Program, dir: &Path) -> anyhow::Result<Expected> {
    let tags = program.run(dir, &["vgs", "--noheadings", "-o", "vg_tags", VG])?;
    must(program, &tags)?;
    let mut args = vec!["lvs", "--noheadings", "--separator", ":"];
    args.extend(["-o", "lv_name,lv_tags", VG]);
    let lvs = program.run(dir, &args)?;
    must(program, &lvs)?;
    let mut seen = Expected { vg_tags: split_tags(tags.stdout.trim()), lvs: BTreeMap::new() };
    for line in lvs.stdout.lines() {
        let (name, tags) = line.trim().split_once(':').context("two columns")?;
        seen.lvs.insert(name.to_owned(), split_tags(tags));
    }
    Ok(seen)
}

fn split_tags(tags: &str) -> BTreeSet<String> {
    let tags = tags.split(',').filter(|tag| !tag.is_empty());
    tags.map(str::to_owned).collect()
}

fn seqno(program: &Program, dir: &Path) -> anyhow::Result<u64> {
    let outcome = program.run(dir, &["vgs", "--noheadings", "-o", "vg_seqno", VG])?;
    must(program, &outcome)?;
    Ok(outcome.stdout.trim().parse()?)
}
