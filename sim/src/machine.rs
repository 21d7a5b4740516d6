//! A machine: disks by name, the files and locks that operations use, a clock, one seed.
//!
//! Fault model: disks fail as [`crate::disk`] has it. Of the effects of a group any subset may have
//! been carried out when a process dies or power is lost; what a dead process had written survives
//! it in the disks' caches. Files (archive, backup, devices file, hints) are replaced atomically
//! and durably. A chosen effect can be made to fail with an error. Everything follows from the
//! seed.

use crate::disk::{Disk, DiskError};
use extant_core::driver::host::{Host, drive};
use extant_core::driver::operation::{Finished, Mode, Operation, Scope, Start};
use extant_core::driver::run;
use extant_core::driver::scan::{Needs, Scan, Scanned};
use extant_core::id::Uuid;
use extant_core::name::VgName;
use extant_core::ops::settings::Settings;
use extant_core::ops::system::{
    Alignment, Device, DeviceId, HostFacts, IoError, LabelState, Probe, Question, Signature, System,
};
use extant_core::ops::{Change, Message, Stop};
use extant_core::plan::effect::{Completion, Effect, Lock};
use extant_core::units::Bytes;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};

/// How an effect fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// Nothing of it was done.
    Before,
    /// All of it was done, and the error is reported nevertheless.
    After,
    /// Of a write, the first half of its blocks was written.
    Half,
}

/// An effect that is to fail: its number, counted from the machine's start, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Which effect.
    pub effect: u64,
    /// How.
    pub failure: Failure,
}

/// A disk with its name.
#[derive(Clone, Debug)]
pub struct Attached {
    /// The name operations call it by.
    pub name: String,
    /// The disk.
    pub disk: Disk,
    /// Signatures that probes of the whole disk report while their bytes are not zero.
    pub signatures: Vec<Signature>,
    /// Whether something else holds it, so that it cannot be opened exclusively.
    pub busy: bool,
}

/// A machine on which operations run.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Its disks.
    pub disks: Vec<Attached>,
    /// The configuration.
    pub settings: Settings,
    /// Files of the archive, the oldest first.
    pub archive: Vec<(VgName, Vec<u8>)>,
    /// Backup files.
    pub backup: BTreeMap<VgName, Vec<u8>>,
    /// The devices file: which PV is on the disk of a name.
    pub devices_file: BTreeMap<String, Uuid>,
    /// How often LVM2 was told that its hints no longer hold.
    pub hints_invalidated: u64,
    /// What the user was told.
    pub told: Vec<Message>,
    /// What the user was asked.
    pub asked: Vec<Question>,
    /// What the user answers.
    pub answer: bool,
    /// Effects that are to fail.
    pub faults: Vec<Fault>,
    /// Locks that are held.
    pub locks: Vec<Lock>,
    /// How many effects have been carried out.
    pub effects: u64,
    /// Seconds since 1970; each operation takes one.
    pub time: u64,
    /// How the next operation goes.
    pub mode: Mode,
    seed: u64,
    operations: u64,
}

impl Machine {
    /// Makes a machine without disks. Everything it does follows from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            disks: Vec::new(),
            settings: Settings::default(),
            archive: Vec::new(),
            backup: BTreeMap::new(),
            devices_file: BTreeMap::new(),
            hints_invalidated: 0,
            told: Vec::new(),
            asked: Vec::new(),
            answer: true,
            faults: Vec::new(),
            locks: Vec::new(),
            effects: 0,
            time: 1_700_000_000,
            mode: Mode::Execute,
            seed,
            operations: 0,
        }
    }

    /// Attaches an empty disk and returns its place.
    pub fn attach(&mut self, name: &str, size: u64, block_size: u64) -> DeviceId {
        let place = u32::try_from(self.disks.len()).expect("a machine has few disks");
        self.disks.push(Attached {
            name: name.into(),
            disk: Disk::new(size, block_size),
            signatures: Vec::new(),
            busy: false,
        });
        DeviceId(place)
    }

    /// Returns a disk by its place.
    pub fn disk(&mut self, id: DeviceId) -> &mut Disk {
        &mut self.disks[id.get()].disk
    }

    /// Returns what an operation starts from now, and lets time pass.
    pub fn start(&mut self) -> Start {
        self.operations += 1;
        self.time += 1;
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_le_bytes());
        seed[8..16].copy_from_slice(&self.operations.to_le_bytes());
        Start {
            devices: self.disks.iter().map(device).collect(),
            unusable: BTreeMap::new(),
            settings: self.settings.clone(),
            host: HostFacts {
                node_name: "sim".into(),
                uname: "Extant sim".into(),
                time: self.time,
                ctime: format!("@{}", self.time),
                command_line: "sim".into(),
                seed,
                ..HostFacts::default()
            },
            mode: self.mode,
        }
    }

    /// Runs an operation to its end.
    pub fn run(
        &mut self,
        scope: Scope,
        decide: impl Fn(&System) -> Result<Change, Stop>,
    ) -> Finished {
        let start = self.start();
        let mut operation = Operation::new(start, scope, decide);
        drive(&mut operation, self)
    }

    /// Looks at the disks.
    pub fn scan(&mut self, needs: Needs) -> Scanned {
        let mut scan = Scan::new(self.disks.iter().map(device).collect(), needs);
        run(&mut scan, |group| self.carry_out(group))
    }

    /// Ends the process: locks are dropped, what was written stays in the disks' caches.
    pub fn restart(&mut self) {
        self.locks.clear();
        self.faults.clear();
        self.told.clear();
        self.asked.clear();
    }

    /// Ends everything: `keep` says for each unflushed block of each disk which version survives, 0
    /// being the one that was durable.
    pub fn lose_power(&mut self, mut keep: impl FnMut(DeviceId, u64, usize) -> usize) {
        self.restart();
        for (id, attached) in (0..).map(DeviceId).zip(&mut self.disks) {
            let keep = |number, versions| keep(id, number, versions);
            attached.disk.lose_power(keep);
        }
    }

    /// Returns a number that is the same for machines whose disks hold the same, caches included.
    pub fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for attached in &self.disks {
            attached.disk.digest(&mut hasher);
        }
        hasher.finish()
    }

    /// Carries out one effect.
    pub fn carry_out_one(&mut self, effect: &Effect) -> Completion {
        let number = self.effects;
        self.effects += 1;
        let fault = self.faults.iter().find(|fault| fault.effect == number);
        match fault.map(|fault| fault.failure) {
            None => self.perform(effect),
            Some(failure) => {
                match failure {
                    Failure::Before => {}
                    Failure::After => {
                        self.perform(effect);
                    }
                    Failure::Half => self.perform_half(effect),
                }
                Completion::Failed(io_error(DiskError::Failed))
            }
        }
    }

    fn perform_half(&mut self, effect: &Effect) {
        if let Effect::Write { device, offset, data, .. } = effect {
            let disk = &mut self.disks[device.get()].disk;
            let bytes = data.as_slice();
            let block = usize::try_from(disk.block_size()).expect("blocks are small");
            let half = bytes.len() / block / 2 * block;
            // The disk may refuse; the effect fails in any case.
            let _ = disk.write(offset.get(), &bytes[..half]);
        }
    }

    fn perform(&mut self, effect: &Effect) -> Completion {
        match effect {
            Effect::Read { device, offset, length } => {
                match self.disk(*device).read(offset.get(), length.get()) {
                    Ok(bytes) => Completion::Bytes(bytes.into()),
                    Err(error) => Completion::Failed(io_error(error)),
                }
            }
            Effect::Probe(probe) => Completion::Signatures(self.probe(probe)),
            Effect::OpenExclusive { device } => {
                if self.disks[device.get()].busy {
                    Completion::Failed(IoError {
                        message: "Device or resource busy".into(),
                        errno: Some(16),
                    })
                } else {
                    Completion::Done
                }
            }
            Effect::Write { device, offset, data, .. } => {
                done(self.disk(*device).write(offset.get(), data.as_slice()))
            }
            Effect::Zero { device, offset, length, .. } => {
                let length = usize::try_from(length.get()).expect("what is zeroed is small");
                done(self.disk(*device).write(offset.get(), &vec![0; length]))
            }
            Effect::Flush { device } => done(self.disk(*device).flush()),
            // A discard promises nothing.
            Effect::Discard { .. } => Completion::Done,
            Effect::Archive { .. }
            | Effect::Backup { .. }
            | Effect::RemoveBackup { .. }
            | Effect::DevicesFile { .. }
            | Effect::InvalidateHints => {
                self.change_file(effect);
                Completion::Done
            }
        }
    }

    fn change_file(&mut self, effect: &Effect) {
        match effect {
            Effect::Archive { vg, text } => {
                self.archive.push((vg.clone(), text.as_slice().to_vec()));
            }
            Effect::Backup { vg, text } => {
                self.backup.insert(vg.clone(), text.as_slice().to_vec());
            }
            Effect::RemoveBackup { vg } => {
                self.backup.remove(vg);
            }
            Effect::DevicesFile { device, pv } => {
                let name = self.disks[device.get()].name.clone();
                match pv {
                    Some(pv) => self.devices_file.insert(name, *pv),
                    None => self.devices_file.remove(&name),
                };
            }
            Effect::InvalidateHints => self.hints_invalidated += 1,
            _ => unreachable!("only effects on files come here"),
        }
    }

    /// The signatures whose bytes are still there.
    fn probe(&mut self, probe: &Probe) -> Vec<Signature> {
        let attached = &mut self.disks[probe.device.get()];
        let disk = &mut attached.disk;
        let is_there = |signature: &&Signature| {
            let bytes = disk.read(signature.offset.get(), signature.length.get());
            bytes.is_ok_and(|bytes| bytes.iter().any(|byte| *byte != 0))
        };
        let starts_at_zero = probe.runs.first().is_some_and(|(start, _)| start.is_zero());
        let found = attached.signatures.iter().filter(|_| starts_at_zero);
        found.filter(is_there).cloned().collect()
    }
}

impl Host for Machine {
    fn lock(&mut self, locks: &[Lock]) -> Result<(), String> {
        assert!(self.locks.is_empty(), "locks are taken all at once");
        assert!(locks.is_sorted(), "locks are taken in their order");
        self.locks = locks.to_vec();
        Ok(())
    }

    fn unlock(&mut self) {
        self.locks.clear();
    }

    fn carry_out(&mut self, group: &[Effect]) -> Vec<Completion> {
        assert_no_overlap(group);
        group.iter().map(|effect| self.carry_out_one(effect)).collect()
    }

    fn ask(&mut self, question: &Question) -> bool {
        self.asked.push(question.clone());
        self.answer
    }

    fn tell(&mut self, message: &Message) {
        self.told.push(message.clone());
    }
}

/// Effects of a group are unordered, so what they write must not overlap.
fn assert_no_overlap(group: &[Effect]) {
    let written = |effect: &Effect| match effect {
        Effect::Write { device, offset, data, .. } => {
            Some((*device, offset.get(), data.as_slice().len() as u64))
        }
        Effect::Zero { device, offset, length, .. } => Some((*device, offset.get(), length.get())),
        _ => None,
    };
    let mut ranges: Vec<_> = group.iter().filter_map(written).collect();
    ranges.sort_unstable();
    for pair in ranges.windows(2) {
        let ((one, offset, length), (two, next, _)) = (pair[0], pair[1]);
        assert!(
            one != two || offset + length <= next,
            "writes of one group overlap at {next} of {}",
            two.0
        );
    }
}

fn device(attached: &Attached) -> Device {
    Device {
        name: attached.name.clone(),
        aliases: vec![attached.name.clone()],
        number: None,
        size: Bytes::new(attached.disk.size()),
        block_size: Bytes::new(attached.disk.block_size()),
        read_only: false,
        alignment: Alignment::default(),
        device_id: None,
        label: LabelState::None,
        head: [].into(),
    }
}

fn done(result: Result<(), DiskError>) -> Completion {
    match result {
        Ok(()) => Completion::Done,
        Err(error) => Completion::Failed(io_error(error)),
    }
}

fn io_error(error: DiskError) -> IoError {
    IoError { message: error.to_string(), errno: Some(error.errno()) }
}
