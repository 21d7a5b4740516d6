//! The real machine as the host of `extant_core::driver`'s machines: it carries out effects.
//!
//! Effects of one group that are on different devices may be carried out at once.

use crate::archive::Keeper;
use crate::device::devices_file::DevicesFile;
use crate::device::disk::Disk;
use crate::hints::{self, InvalidHints};
use crate::locks::plain;
use crate::parallel;
use crate::sys::memory;
use extant_core::driver::{self, Machine};
use extant_core::format::signature;
use extant_core::ops::system::{Device, DeviceId, IoError, Probe, Signature};
use extant_core::plan::effect::{Completion, Effect, Group};
use extant_core::units::Bytes;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Texts from this length on are worth a thought about memory.
const LONG_TEXT: u64 = 256 * 1024;
/// No more memory than this is made ready: nothing is known yet about the text but its length.
const READY_MAX: usize = 256 << 20;

/// What a host does besides moving bytes.
#[derive(Debug)]
pub struct Services {
    /// Archive and backup files.
    pub keeper: Keeper,
    /// Where LVM2's hints are; `None` if there are none (`devices/hints="none"`).
    pub hints: Option<PathBuf>,
    /// The devices file, if one is in use.
    pub devices_file: Option<DevicesFile>,
    /// Who does it, for comments in files: `vgcreate pid 236`.
    pub who: String,
    /// The time in words, for comments in files.
    pub ctime: String,
}

/// What a host is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Purpose {
    /// Looking at volume groups.
    #[default]
    Report,
    /// Changing them.
    Change,
}

impl Purpose {
    /// How much memory is used for a text of so many bytes and what is made of it.
    const fn memory(self, text: usize) -> usize {
        match self {
            Self::Report => text.saturating_mul(5) / 2,
            Self::Change => text.saturating_mul(6),
        }
    }
}

/// The real machine, or a lab.
#[derive(Debug)]
pub struct Host {
    /// What it is for.
    pub purpose: Purpose,
    disks: Vec<Disk>,
    services: Services,
    invalid_hints: Option<InvalidHints>,
}

/// What one device has to do for a group: places in the group, and the effects.
struct Job<'a> {
    disk: &'a mut Disk,
    effects: Vec<(usize, &'a Effect)>,
}

impl Host {
    /// Makes a host of the disks that were found; their places are their [`DeviceId`]s.
    pub fn new(disks: Vec<Disk>, services: Services) -> Self {
        Self { purpose: Purpose::default(), disks, services, invalid_hints: None }
    }

    /// Returns what is known of the devices before their labels are read.
    pub fn devices(&self) -> Vec<Device> {
        self.disks.iter().map(|disk| disk.facts.clone()).collect()
    }

    /// Returns the same with the first bytes of the devices, as far as these were read when they
    /// were found; once, as they grow old.
    pub fn take_devices(&mut self) -> Vec<Device> {
        let devices = self.devices();
        for disk in &mut self.disks {
            disk.facts.head = Arc::default();
        }
        devices
    }

    /// Returns the archive and backup files.
    pub fn keeper(&self) -> &Keeper {
        &self.services.keeper
    }

    /// Runs a machine to its end.
    pub fn run<M: Machine>(&mut self, machine: &mut M) -> M::Output {
        driver::run(machine, |group| self.carry_out(group))
    }

    /// Carries out a group; one result per effect, in their order.
    pub fn carry_out(&mut self, group: &Group) -> Vec<Completion> {
        self.prepare_memory(group);
        let mut results: Vec<Option<Completion>> =
            group.iter().map(|effect| self.serve(effect)).collect();
        let mut jobs: BTreeMap<DeviceId, Vec<(usize, &Effect)>> = BTreeMap::new();
        for (place, effect) in group.iter().enumerate() {
            if let Some(device) = device_of(effect) {
                jobs.entry(device).or_default().push((place, effect));
            }
        }
        let number =
            |place| DeviceId(u32::try_from(place).expect("there are less than 2^32 devices"));
        let jobs = self.disks.iter_mut().enumerate().filter_map(|(place, disk)| {
            let effects = jobs.remove(&number(place))?;
            Some(Job { disk, effects })
        });
        for (place, completion) in run_jobs(jobs.collect()) {
            results[place] = Some(completion);
        }
        results.into_iter().map(|result| result.unwrap_or_else(no_device)).collect()
    }

    /// Makes memory ready where a long text is read: for it and for what will be made of it.
    fn prepare_memory(&self, group: &Group) {
        let lengths = group.iter().map(|effect| match effect {
            Effect::Read { length, .. } => length.get(),
            _ => 0,
        });
        let total: u64 = lengths.sum();
        if total >= LONG_TEXT {
            let total = usize::try_from(total).unwrap_or(0);
            memory::make_ready(self.purpose.memory(total).min(READY_MAX));
        }
    }

    /// Carries out an effect that is on no device.
    fn serve(&mut self, effect: &Effect) -> Option<Completion> {
        let services = &mut self.services;
        let done = match effect {
            Effect::Archive { vg, text } => {
                services.keeper.archive(vg.as_str(), text.as_slice()).map(drop)
            }
            Effect::Backup { vg, text } => {
                services.keeper.back_up(vg.as_str(), text.as_slice()).map(drop)
            }
            Effect::RemoveBackup { vg } => services.keeper.remove_backup(vg.as_str()),
            Effect::DevicesFile { device, pv } => {
                match (&mut services.devices_file, self.disks.get(device.get())) {
                    (Some(file), Some(disk)) => file.record(
                        &disk.facts,
                        disk.partition,
                        pv.as_ref(),
                        (&services.who, &services.ctime),
                    ),
                    _ => Ok(()),
                }
            }
            Effect::InvalidateHints => match (&services.hints, &self.invalid_hints) {
                (Some(run), None) => {
                    let comment = format!("{} {}", services.who, services.ctime);
                    hints::invalidate(run, &comment)
                        .map(|invalid| self.invalid_hints = Some(invalid))
                }
                _ => Ok(()),
            },
            Effect::Read { .. }
            | Effect::Probe(_)
            | Effect::OpenExclusive { .. }
            | Effect::Write { .. }
            | Effect::Zero { .. }
            | Effect::Discard { .. }
            | Effect::Flush { .. } => return None,
        };
        Some(done.map_or_else(|error| failed(&error), |()| Completion::Done))
    }
}

/// Returns the device whose bytes an effect is about.
fn device_of(effect: &Effect) -> Option<DeviceId> {
    match effect {
        Effect::Probe(probe) => Some(probe.device),
        Effect::Read { device, .. }
        | Effect::OpenExclusive { device }
        | Effect::Write { device, .. }
        | Effect::Zero { device, .. }
        | Effect::Discard { device, .. }
        | Effect::Flush { device } => Some(*device),
        Effect::Archive { .. }
        | Effect::Backup { .. }
        | Effect::RemoveBackup { .. }
        | Effect::DevicesFile { .. }
        | Effect::InvalidateHints => None,
    }
}

fn no_device() -> Completion {
    failed(&nix::errno::Errno::ENODEV.into())
}

fn failed(error: &io::Error) -> Completion {
    Completion::Failed(to_io_error(error))
}

/// Returns an error as operations know it.
fn to_io_error(error: &io::Error) -> IoError {
    IoError { message: plain(error), errno: error.raw_os_error() }
}

/// Runs jobs, each on a device of its own.
fn run_jobs(jobs: Vec<Job<'_>>) -> Vec<(usize, Completion)> {
    let results = Mutex::new(Vec::new());
    parallel::each(jobs, |Job { disk, effects }| {
        for (place, effect) in effects {
            let completion = carry_out(disk, effect).unwrap_or_else(|error| failed(&error));
            results.lock().unwrap_or_else(PoisonError::into_inner).push((place, completion));
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn carry_out(disk: &mut Disk, effect: &Effect) -> io::Result<Completion> {
    let done = |()| Completion::Done;
    match effect {
        Effect::Read { offset, length, .. } => {
            disk.read(offset.get(), length.get()).map(Completion::Bytes)
        }
        Effect::Probe(probe) => find_signatures(disk, probe).map(Completion::Signatures),
        Effect::OpenExclusive { .. } => disk.open_exclusive().map(done),
        Effect::Write { offset, data, .. } => disk.write(offset.get(), data.as_slice()).map(done),
        Effect::Zero { offset, length, .. } => disk.zero(offset.get(), length.get()).map(done),
        Effect::Discard { offset, length, .. } => {
            disk.discard(offset.get(), length.get()).map(done)
        }
        Effect::Flush { .. } => disk.flush().map(done),
        Effect::Archive { .. }
        | Effect::Backup { .. }
        | Effect::RemoveBackup { .. }
        | Effect::DevicesFile { .. }
        | Effect::InvalidateHints => unreachable!("{effect:?} is on no device"),
    }
}

/// Looks for signatures in the runs of a range, as if they were one device.
fn find_signatures(disk: &mut Disk, probe: &Probe) -> io::Result<Vec<Signature>> {
    let size = probe.runs.iter().map(|run| run.1).sum();
    let block_size = disk.facts.block_size;
    let mut read = |offset: Bytes, length: Bytes| read_runs(disk, &probe.runs, offset, length);
    let found = signature::find(size, block_size, &mut read)?;
    let to_signature = |found: signature::Found| Signature {
        kind: found.kind.to_owned(),
        offset: found.offset,
        length: found.length,
        partition_table: found.partition_table,
    };
    Ok(found.into_iter().map(to_signature).collect())
}

/// Reads a range of what the runs make up.
fn read_runs(
    disk: &mut Disk,
    runs: &[(Bytes, Bytes)],
    offset: Bytes,
    length: Bytes,
) -> io::Result<Arc<[u8]>> {
    let mut bytes = Vec::new();
    let (mut skip, mut left) = (offset, length);
    for (start, run) in runs {
        if skip >= *run {
            skip = skip.saturating_sub(*run);
            continue;
        }
        let now = left.min(run.saturating_sub(skip));
        let part = disk.read((*start + skip).get(), now.get())?;
        bytes.extend_from_slice(&part);
        left = left.saturating_sub(now);
        skip = Bytes::ZERO;
        if left.is_zero() || part.len() as u64 != now.get() {
            break;
        }
    }
    Ok(Arc::from(bytes))
}

#[cfg(test)]
mod tests;
