//! Loop devices on which both programs answer the same question.

use crate::placements::case::{Case, DATA_START, VG, disk_size, pv_id};
use crate::world::World;
use crate::world::loops::{Content, LoopDisk};
use crate::world::program::{Outcome, Program};
use crate::world::raw;
use anyhow::{Context, ensure};
use extant_core::alloc::{self, Layout};
use std::path::PathBuf;

/// What a program made of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It put the extents here.
    Found(Layout),
    /// It changed nothing, and said why.
    Refused(String),
}

/// Both answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answers {
    /// LVM2's.
    pub lvm2: Answer,
    /// Extant's.
    pub extant: Answer,
}

/// Disks that are PVs without a VG between cases.
#[derive(Debug)]
pub struct Stand {
    world: World,
    /// What the disks hold between cases.
    empty: Vec<Content>,
    lvm2: Program,
    extant: Program,
    file: PathBuf,
}

impl Answer {
    /// Returns the layout, if one was found.
    pub fn layout(&self) -> Option<&Layout> {
        match self {
            Self::Found(layout) => Some(layout),
            Self::Refused(_) => None,
        }
    }
}

impl Stand {
    /// Makes `disks` disks, all of them PVs.
    ///
    /// # Errors
    /// If there are no loop devices (this needs root) or no LVM2.
    pub fn new(extant: Program, disks: usize) -> anyhow::Result<Self> {
        let world = World::new(&vec![disk_size(); disks], 512)?;
        let file = world.dir().join("case.vg");
        let mut stand = Self { world, empty: Vec::new(), lvm2: Program::lvm2(), extant, file };
        for number in 0..disks {
            let device = stand.world.disks[number].device().to_owned();
            let id = pv_id(number);
            stand.must(&stand.lvm2, &["pvcreate", "-y", "-u", &id, "--norestorefile", &device])?;
        }
        stand.empty = stand.contents()?;
        Ok(stand)
    }

    /// Lets both programs answer; afterwards the disks hold what Extant left. Mirrors Extant does
    /// not extend yet: there its allocator answers.
    ///
    /// # Errors
    /// If the VG cannot be made, or a program fails and yet changes something.
    pub fn play(&self, case: &Case) -> anyhow::Result<Answers> {
        self.put(&self.empty)?;
        std::fs::write(&self.file, case.text())?;
        let file = self.file.display().to_string();
        let quiet = ["--config", "backup{backup=0 archive=0}"];
        self.must(&self.lvm2, &[&["vgcfgrestore", "-f", &file], &quiet[..], &[VG]].concat())?;
        let start = self.contents()?;
        let lvm2 = self.answer(&self.lvm2, case)?;
        if case.legs > 1 {
            let extant = match alloc::allocate(&case.vg()?, &case.request(&case.segments())) {
                Ok(layout) => Answer::Found(layout),
                Err(refusal) => Answer::Refused(format!("{:?}", refusal.verdict)),
            };
            return Ok(Answers { lvm2, extant });
        }
        self.put(&start)?;
        let extant = self.answer(&self.extant, case)?;
        Ok(Answers { lvm2, extant })
    }

    /// Has both programs look at the VG as it is now; it must make sense to both, and LVM2 must
    /// show as many extents of the LV as there should be.
    ///
    /// # Errors
    /// If it does not.
    pub fn inspect(&self, extents: u64) -> anyhow::Result<()> {
        for program in [&self.lvm2, &self.extant] {
            self.must(program, &["vgck", VG])?;
        }
        let options = ["--noheadings", "-o", "seg_pe_ranges", "-S", "lv_name=lv"];
        let shown = self.must(&self.lvm2, &[&["lvs"], &options[..], &[VG]].concat())?.stdout;
        let mut sum = 0;
        for range in shown.split_whitespace() {
            let ends = range.rsplit_once(':').and_then(|(_, ends)| ends.split_once('-'));
            let (first, last) = ends.with_context(|| format!("a range of LVM2: {range}"))?;
            sum += last.parse::<u64>()? - first.parse::<u64>()? + 1;
        }
        ensure!(sum == extents, "LVM2 shows {sum} extents instead of {extents}: {shown}");
        Ok(())
    }

    fn answer(&self, program: &Program, case: &Case) -> anyhow::Result<Answer> {
        let devices: Vec<&str> = self.world.disks.iter().map(LoopDisk::device).collect();
        let words = case.command(&devices);
        let outcome = program.run(&self.world.system_dir(), &words)?;
        let pv = raw::read_pv(&self.world.disks[0])?.context("the first disk is no PV any more")?;
        let area = pv.areas.into_iter().next().context("the first PV has no metadata area")?;
        let text = area.text.context("the first PV has no text")?;
        let added = case.added(&text)?;
        let told = || format!("{}: {words:?}: {}", program.name, outcome.stderr);
        match (added, outcome.status) {
            (Some(layout), Some(0)) => Ok(Answer::Found(layout)),
            (None, Some(5)) => Ok(Answer::Refused(outcome.stderr)),
            (_, status) => anyhow::bail!("status {status:?}: {}", told()),
        }
    }

    fn must(&self, program: &Program, args: &[&str]) -> anyhow::Result<Outcome> {
        let outcome = program.run(&self.world.system_dir(), args)?;
        ensure!(outcome.is_success(), "{} {args:?}: {}", program.name, outcome.stderr);
        Ok(outcome)
    }

    fn contents(&self) -> anyhow::Result<Vec<Content>> {
        self.world.disks.iter().map(|disk| disk.content(DATA_START, 0, &[])).collect()
    }

    fn put(&self, contents: &[Content]) -> anyhow::Result<()> {
        self.world.disks.iter().zip(contents).try_for_each(|(disk, content)| disk.restore(content))
    }
}
