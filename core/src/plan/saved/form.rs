//! The form of the file, apart from the types it is made from: those may change, a saved plan may
//! not.

use super::{LoadError, Saved, VERSION, base64};
use crate::id::Uuid;
use crate::name::VgName;
use crate::ops::system::DeviceId;
use crate::ops::{Level, Message};
use crate::plan::effect::{Effect, Group, Payload};
use crate::plan::{CommitRule, DeviceRef, Guard, Plan, PlannedStage};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std_alloc::collections::BTreeMap;
use std_alloc::string::String;
use std_alloc::vec::Vec;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    extant_plan: u32,
    command_line: String,
    time: u64,
    seed: [u8; 32],
    /// What to tell at the end; the first plans had none.
    #[serde(default)]
    told: Vec<(Level, String)>,
    devices: Vec<DeviceForm>,
    guards: Vec<GuardForm>,
    stages: Vec<StageForm>,
    /// Byte strings, in base64.
    bytes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceForm {
    id: u32,
    name: String,
    pv: Option<Uuid>,
    size: u64,
    block_size: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum GuardForm {
    Vg { id: Uuid, name: VgName, seqno: u32, checksum: u32 },
    NoVg(VgName),
    Bytes { device: u32, offset: u64, length: u64, checksum: u32 },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StageForm {
    name: String,
    rule: CommitRule,
    prepare: Vec<Vec<EffectForm>>,
    undo: Vec<Vec<EffectForm>>,
    commit: Vec<Vec<EffectForm>>,
    finish: Vec<Vec<EffectForm>>,
}

/// A part of a byte string: which, its first byte, the byte behind its last.
type PartForm = (usize, usize, usize);

/// Effects that plans have; reads and probes are not among them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum EffectForm {
    OpenExclusive { device: u32 },
    Write { device: u32, offset: u64, bytes: PartForm, why: String },
    Zero { device: u32, offset: u64, length: u64, why: String },
    Discard { device: u32, offset: u64, length: u64 },
    Flush { device: u32 },
    Archive { vg: VgName, bytes: PartForm },
    Backup { vg: VgName, bytes: PartForm },
    RemoveBackup { vg: VgName },
    DevicesFile { device: u32, pv: Option<Uuid> },
    InvalidateHints,
}

/// Byte strings that were seen, by address and length: parts of one allocation share it.
#[derive(Default)]
struct Blobs {
    places: BTreeMap<(usize, usize), usize>,
    texts: Vec<String>,
}

impl Blobs {
    fn part(&mut self, payload: &Payload) -> PartForm {
        let (whole, range) = payload.whole();
        let key = (whole.as_ptr().addr(), whole.len());
        let place = *self.places.entry(key).or_insert_with(|| {
            self.texts.push(base64::encode(whole));
            self.texts.len() - 1
        });
        (place, range.start, range.end)
    }
}

impl File {
    pub(super) fn of(saved: &Saved) -> Self {
        let plan = &saved.plan;
        let mut blobs = Blobs::default();
        let stages = plan.stages.iter();
        let stages = stages.map(|stage| StageForm::of(stage, &mut blobs)).collect();
        Self {
            extant_plan: VERSION,
            command_line: saved.command_line.clone(),
            time: saved.time,
            seed: saved.seed,
            told: saved.told.iter().map(|told| (told.level, told.text.clone())).collect(),
            devices: plan.devices.iter().map(DeviceForm::of).collect(),
            guards: plan.guards.iter().map(GuardForm::of).collect(),
            stages,
            bytes: blobs.texts,
        }
    }

    pub(super) fn into_saved(self) -> Result<Saved, LoadError> {
        if self.extant_plan != VERSION {
            return Err(LoadError::Version(self.extant_plan));
        }
        let mut blobs: Vec<Payload> = Vec::new();
        for (place, text) in self.bytes.iter().enumerate() {
            let bytes = base64::decode(text).ok_or(LoadError::Base64(place))?;
            blobs.push(Payload::new(bytes));
        }
        let stages = self.stages.into_iter();
        let stages = stages.map(|stage| stage.into_stage(&blobs));
        Ok(Saved {
            plan: Plan {
                devices: self.devices.into_iter().map(DeviceForm::into_device).collect(),
                guards: self.guards.into_iter().map(GuardForm::into_guard).collect(),
                stages: stages.collect::<Result<_, _>>()?,
            },
            command_line: self.command_line,
            time: self.time,
            seed: self.seed,
            told: self.told.into_iter().map(|(level, text)| Message { level, text }).collect(),
        })
    }
}

impl DeviceForm {
    fn of(device: &DeviceRef) -> Self {
        Self {
            id: device.id.0,
            name: device.name.clone(),
            pv: device.pv,
            size: device.size.get(),
            block_size: device.block_size.get(),
        }
    }

    fn into_device(self) -> DeviceRef {
        DeviceRef {
            id: DeviceId(self.id),
            name: self.name,
            pv: self.pv,
            size: Bytes::new(self.size),
            block_size: Bytes::new(self.block_size),
        }
    }
}

impl GuardForm {
    fn of(guard: &Guard) -> Self {
        match guard {
            Guard::Vg { id, name, seqno, checksum } => {
                Self::Vg { id: *id, name: name.clone(), seqno: *seqno, checksum: *checksum }
            }
            Guard::NoVg(name) => Self::NoVg(name.clone()),
            Guard::Bytes { device, offset, length, checksum } => Self::Bytes {
                device: device.0,
                offset: offset.get(),
                length: length.get(),
                checksum: *checksum,
            },
        }
    }

    fn into_guard(self) -> Guard {
        match self {
            Self::Vg { id, name, seqno, checksum } => Guard::Vg { id, name, seqno, checksum },
            Self::NoVg(name) => Guard::NoVg(name),
            Self::Bytes { device, offset, length, checksum } => Guard::Bytes {
                device: DeviceId(device),
                offset: Bytes::new(offset),
                length: Bytes::new(length),
                checksum,
            },
        }
    }
}

impl StageForm {
    fn of(stage: &PlannedStage, blobs: &mut Blobs) -> Self {
        let mut groups = |groups: &[Group]| -> Vec<Vec<EffectForm>> {
            let form = |group: &Group| group.iter().map(|one| EffectForm::of(one, blobs)).collect();
            groups.iter().map(form).collect()
        };
        Self {
            name: stage.name.clone(),
            rule: stage.rule,
            prepare: groups(&stage.prepare),
            undo: groups(&stage.undo),
            commit: groups(&stage.commit),
            finish: groups(&stage.finish),
        }
    }

    fn into_stage(self, blobs: &[Payload]) -> Result<PlannedStage, LoadError> {
        let groups = |groups: Vec<Vec<EffectForm>>| -> Result<Vec<Group>, LoadError> {
            let effects = |group: Vec<EffectForm>| {
                let effects = group.into_iter();
                effects.map(|one| one.into_effect(blobs)).collect()
            };
            groups.into_iter().map(effects).collect()
        };
        Ok(PlannedStage {
            name: self.name,
            rule: self.rule,
            prepare: groups(self.prepare)?,
            undo: groups(self.undo)?,
            commit: groups(self.commit)?,
            finish: groups(self.finish)?,
        })
    }
}

fn payload(part: PartForm, blobs: &[Payload]) -> Result<Payload, LoadError> {
    let (blob, start, end) = part;
    let missing = LoadError::Blob { blob, start, end };
    let bytes = blobs.get(blob).ok_or_else(|| missing.clone())?;
    if start <= end && end <= bytes.as_slice().len() {
        Ok(bytes.part(start..end))
    } else {
        Err(missing)
    }
}

impl EffectForm {
    fn of(effect: &Effect, blobs: &mut Blobs) -> Self {
        match effect {
            Effect::Read { .. } | Effect::Probe(_) => unreachable!("plans only change things"),
            Effect::OpenExclusive { device } => Self::OpenExclusive { device: device.0 },
            Effect::Write { device, offset, data, why } => Self::Write {
                device: device.0,
                offset: offset.get(),
                bytes: blobs.part(data),
                why: why.clone(),
            },
            Effect::Zero { device, offset, length, why } => Self::Zero {
                device: device.0,
                offset: offset.get(),
                length: length.get(),
                why: why.clone(),
            },
            Effect::Discard { device, offset, length } => {
                Self::Discard { device: device.0, offset: offset.get(), length: length.get() }
            }
            Effect::Flush { device } => Self::Flush { device: device.0 },
            Effect::Archive { vg, text } => {
                Self::Archive { vg: vg.clone(), bytes: blobs.part(text) }
            }
            Effect::Backup { vg, text } => Self::Backup { vg: vg.clone(), bytes: blobs.part(text) },
            Effect::RemoveBackup { vg } => Self::RemoveBackup { vg: vg.clone() },
            Effect::DevicesFile { device, pv } => Self::DevicesFile { device: device.0, pv: *pv },
            Effect::InvalidateHints => Self::InvalidateHints,
        }
    }

    fn into_effect(self, blobs: &[Payload]) -> Result<Effect, LoadError> {
        Ok(match self {
            Self::OpenExclusive { device } => Effect::OpenExclusive { device: DeviceId(device) },
            Self::Write { device, offset, bytes, why } => Effect::Write {
                device: DeviceId(device),
                offset: Bytes::new(offset),
                data: payload(bytes, blobs)?,
                why,
            },
            Self::Zero { device, offset, length, why } => Effect::Zero {
                device: DeviceId(device),
                offset: Bytes::new(offset),
                length: Bytes::new(length),
                why,
            },
            Self::Discard { device, offset, length } => Effect::Discard {
                device: DeviceId(device),
                offset: Bytes::new(offset),
                length: Bytes::new(length),
            },
            Self::Flush { device } => Effect::Flush { device: DeviceId(device) },
            Self::Archive { vg, bytes } => Effect::Archive { vg, text: payload(bytes, blobs)? },
            Self::Backup { vg, bytes } => Effect::Backup { vg, text: payload(bytes, blobs)? },
            Self::RemoveBackup { vg } => Effect::RemoveBackup { vg },
            Self::DevicesFile { device, pv } => {
                Effect::DevicesFile { device: DeviceId(device), pv }
            }
            Self::InvalidateHints => Effect::InvalidateHints,
        })
    }
}
