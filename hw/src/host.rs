//! The real machine as the host of `extant_core::driver`'s machines: it carries out effects.
//!
//! Effects of one group are carried out one after the other as long as that is quick. When it turns out to take
//! time, what is left goes to threads, one device per thread: a report on a few fast disks starts none, a
//! hundred slow disks are waited for at once.

use crate::archive::Keeper;
use crate::device::devices_file::DevicesFile;
use crate::device::disk::Disk;
use crate::hints::{self, InvalidHints};
use crate::locks::plain;
use extant_core::driver::{self, Machine};
use extant_core::format::signature;
use extant_core::ops::system::{Device, DeviceId, IoError, Probe, Signature};
use extant_core::plan::effect::{Completion, Effect, Group};
use extant_core::units::Bytes;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// After so much time, what is left of a group goes to threads.
const PATIENCE: Duration = Duration::from_micros(500);

/// At most so many threads work on a group.
const THREADS_MAX: usize = 16;

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

/// The real machine, or a lab.
#[derive(Debug)]
pub struct Host {
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
        Self { disks, services, invalid_hints: None }
    }

    /// Returns what is known of the devices before their labels are read.
    pub fn devices(&self) -> Vec<Device> {
        self.disks.iter().map(|disk| disk.facts.clone()).collect()
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

/// Runs jobs here until that takes too long, and what is left in threads.
fn run_jobs(jobs: Vec<Job<'_>>) -> Vec<(usize, Completion)> {
    let mut results = Vec::new();
    let mut jobs = jobs.into_iter();
    let begin = Instant::now();
    while jobs.len() > 0 && (jobs.len() == 1 || begin.elapsed() < PATIENCE) {
        if let Some(job) = jobs.next() {
            run_job(job, &mut results);
        }
    }
    if jobs.len() == 0 {
        return results;
    }
    let count = jobs.len().min(THREADS_MAX);
    let (queue, results) = (Mutex::new(jobs), Mutex::new(results));
    std::thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(job) = next else {
                        return;
                    };
                    let mut own = Vec::new();
                    run_job(job, &mut own);
                    results.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
                }
            });
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn run_job(job: Job<'_>, results: &mut Vec<(usize, Completion)>) {
    for (place, effect) in job.effects {
        let completion = carry_out(job.disk, effect).unwrap_or_else(|error| failed(&error));
        results.push((place, completion));
    }
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
