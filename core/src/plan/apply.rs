//! Applying a saved plan: its devices are found again, its guards checked, its bytes unchanged.

use crate::crc::crc;
use crate::id::Uuid;
use crate::name::VgName;
use crate::ops::system::{Device, DeviceId, Fork, LabelState, Probe, System};
use crate::plan::effect::{Completion, Effect, Group, Lock, LockMode, LockName};
use crate::plan::{DeviceRef, Guard, Plan};
use crate::units::Bytes;
use std_alloc::collections::BTreeMap;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Why a plan no longer holds. Nothing has been written.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Stale {
    /// A device is not there.
    #[error("plan needs device {0}, which is not there")]
    NoDevice(String),
    /// A device is another than the one the plan was made for.
    #[error("device {name} is not the one the plan was made for: {reason}")]
    OtherDevice {
        /// Its name.
        name: String,
        /// What differs.
        reason: &'static str,
    },
    /// A VG is not there.
    #[error("plan needs volume group {0}, which is not there")]
    NoVg(VgName),
    /// A VG has changed.
    #[error("volume group {vg} has changed since the plan was made (seqno {planned}, now {now})")]
    VgChanged {
        /// The VG.
        vg: VgName,
        /// Its seqno when the plan was made.
        planned: u32,
        /// Its seqno now.
        now: u32,
    },
    /// A name that was to be new is taken.
    #[error("a volume group called {0} exists by now")]
    VgExists(VgName),
    /// Bytes that the plan replaces or builds on are others.
    #[error("bytes of {device} at {offset} have changed since the plan was made")]
    BytesChanged {
        /// The device.
        device: String,
        /// The first byte of the range.
        offset: u64,
    },
    /// The plan names a device that it does not list.
    #[error("plan is damaged: it uses device number {0} and does not say which that is")]
    UnknownDevice(u32),
}

/// Returns the locks under which a plan may be applied.
pub fn locks(plan: &Plan) -> Vec<Lock> {
    let names = plan.guards.iter().filter_map(|guard| match guard {
        Guard::Vg { name, .. } | Guard::NoVg(name) => Some(LockName::Vg(name.clone())),
        Guard::Bytes { .. } => None,
    });
    let lock = |name| Lock { name, mode: LockMode::Exclusive };
    core::iter::once(LockName::Global).chain(names).map(lock).collect()
}

/// Finds the plan's devices among those observed, checks its guards on VGs, and returns the same
/// plan in terms of the observed devices.
///
/// # Errors
/// What has changed since the plan was made.
pub fn bind(plan: &Plan, system: &System) -> Result<Plan, Stale> {
    let mut places = BTreeMap::new();
    for device in &plan.devices {
        places.insert(device.id, find(device, system)?);
    }
    for guard in &plan.guards {
        check(guard, plan, &places, system)?;
    }
    renumber(plan, &places)
}

fn find(device: &DeviceRef, system: &System) -> Result<DeviceId, Stale> {
    let no_device = || Stale::NoDevice(device.name.clone());
    let found = system.find_device(&device.name).ok_or_else(no_device)?;
    let now = system.device(found);
    let other = |reason| Stale::OtherDevice { name: device.name.clone(), reason };
    if pv_of(now) != device.pv {
        return Err(other("it holds another PV"));
    }
    if now.size != device.size {
        return Err(other("its size is another"));
    }
    if now.block_size != device.block_size {
        return Err(other("its block size is another"));
    }
    Ok(found)
}

fn pv_of(device: &Device) -> Option<Uuid> {
    match &device.label {
        LabelState::Pv(pv) => Some(pv.label.header.id),
        LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => None,
    }
}

fn check(guard: &Guard, plan: &Plan, places: &Places, system: &System) -> Result<(), Stale> {
    match guard {
        Guard::Vg { id, name, seqno, checksum } => {
            let view = system.vgs.iter().find(|view| view.vg.id == *id);
            let view = view.ok_or_else(|| Stale::NoVg(name.clone()))?;
            let is_same = view.vg.name == *name
                && view.vg.seqno == *seqno
                && crc(&view.text) == *checksum
                && view.fork.as_ref().is_none_or(|fork| knows(plan, places, fork, system));
            if is_same {
                return Ok(());
            }
            Err(Stale::VgChanged { vg: name.clone(), planned: *seqno, now: view.vg.seqno })
        }
        Guard::NoVg(name) => match system.find_vgs(name.as_str()).next() {
            Some(_) => Err(Stale::VgExists(name.clone())),
            None => Ok(()),
        },
        // Needs the bytes; see `reads` and `check_bytes`.
        Guard::Bytes { .. } => Ok(()),
    }
}

/// Whether a plan was made knowing all copies of a fork: it has guards on their headers.
fn knows(plan: &Plan, places: &Places, fork: &Fork, system: &System) -> bool {
    let is_guarded = |device: DeviceId, start: Bytes| {
        plan.guards.iter().any(|guard| match guard {
            Guard::Bytes { device: planned, offset, length, .. } => {
                places.get(planned) == Some(&device)
                    && *offset <= start
                    && start < *offset + *length
            }
            Guard::Vg { .. } | Guard::NoVg(_) => false,
        })
    };
    fork.texts.iter().flat_map(|text| &text.areas).all(|(device, number)| {
        match &system.device(*device).label {
            LabelState::Pv(pv) => is_guarded(*device, pv.areas[*number].start),
            LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => false,
        }
    })
}

/// Returns the reads that the guards on bytes need, in their order.
pub fn reads(plan: &Plan) -> Group {
    let read = |guard: &Guard| match guard {
        Guard::Bytes { device, offset, length, .. } => {
            Some(Effect::Read { device: *device, offset: *offset, length: *length })
        }
        Guard::Vg { .. } | Guard::NoVg(_) => None,
    };
    plan.guards.iter().filter_map(read).collect()
}

/// Checks the guards on bytes by the answers to [`reads`].
///
/// # Errors
/// Which bytes are others.
pub fn check_bytes(plan: &Plan, results: &[Completion]) -> Result<(), Stale> {
    let guards = plan.guards.iter().filter_map(|guard| match guard {
        Guard::Bytes { device, offset, length, checksum } => {
            Some((*device, *offset, *length, *checksum))
        }
        Guard::Vg { .. } | Guard::NoVg(_) => None,
    });
    for ((device, offset, length, checksum), result) in guards.zip(results) {
        let is_same = match result {
            Completion::Bytes(bytes) => {
                bytes.len() as u64 == length.get() && crc(bytes) == checksum
            }
            Completion::Done | Completion::Signatures(_) | Completion::Failed(_) => false,
        };
        if !is_same {
            let devices = plan.devices.iter();
            let name = devices.clone().find(|known| known.id == device);
            return Err(Stale::BytesChanged {
                device: name.map_or_else(String::new, |known| known.name.clone()),
                offset: offset.get(),
            });
        }
    }
    Ok(())
}

type Places = BTreeMap<DeviceId, DeviceId>;

fn renumber(plan: &Plan, places: &Places) -> Result<Plan, Stale> {
    let mut plan = plan.clone();
    for device in &mut plan.devices {
        device.id = place(device.id, places)?;
    }
    for guard in &mut plan.guards {
        if let Guard::Bytes { device, .. } = guard {
            *device = place(*device, places)?;
        }
    }
    for stage in &mut plan.stages {
        let parts = [&mut stage.prepare, &mut stage.undo, &mut stage.commit, &mut stage.finish];
        for effect in parts.into_iter().flatten().flatten() {
            if let Some(device) = device_of(effect) {
                *device = place(*device, places)?;
            }
        }
    }
    Ok(plan)
}

fn place(device: DeviceId, places: &Places) -> Result<DeviceId, Stale> {
    let found = places.get(&device).copied();
    found.ok_or(Stale::UnknownDevice(device.0))
}

fn device_of(effect: &mut Effect) -> Option<&mut DeviceId> {
    match effect {
        Effect::Probe(Probe { device, .. })
        | Effect::Read { device, .. }
        | Effect::OpenExclusive { device }
        | Effect::Write { device, .. }
        | Effect::Zero { device, .. }
        | Effect::Discard { device, .. }
        | Effect::Flush { device }
        | Effect::DevicesFile { device, .. } => Some(device),
        Effect::Archive { .. }
        | Effect::Backup { .. }
        | Effect::RemoveBackup { .. }
        | Effect::InvalidateHints => None,
    }
}

/// Returns true if a plan's writes lie on its devices, in whole blocks: what a file says is not
/// believed.
pub fn is_sane(plan: &Plan) -> bool {
    let on_device = |device: DeviceId, offset: Bytes, length: u64| {
        let known = plan.devices.iter().find(|known| known.id == device);
        known.is_some_and(|known| {
            let block = known.block_size.get();
            let end = offset.get().checked_add(length);
            block > 0
                && offset.get().is_multiple_of(block)
                && length.is_multiple_of(block)
                && end.is_some_and(|end| end <= known.size.get())
        })
    };
    let stages = plan.stages.iter();
    let effects = stages.flat_map(|stage| {
        let parts = [&stage.prepare, &stage.undo, &stage.commit, &stage.finish];
        parts.into_iter().flatten().flatten()
    });
    let mut effects = effects;
    effects.all(|effect| match effect {
        Effect::Write { device, offset, data, .. } => {
            on_device(*device, *offset, data.as_slice().len() as u64)
        }
        Effect::Zero { device, offset, length, .. } => on_device(*device, *offset, length.get()),
        _ => true,
    })
}
