//! Making devices PVs, for `pvcreate` itself and for the commands that do it on the way.

use crate::format::label::{DiskArea, PV_EXTENSION_USED, PvExtension, PvHeader};
use crate::id::{Entropy, Uuid};
use crate::ops::failures::Failures;
use crate::ops::layout::{Layout, LayoutError, Parameters, Plot, Restored, alignment, lay_out};
use crate::ops::refusal::pv::PvRefusal;
use crate::ops::signatures::signatures;
use crate::ops::system::{Device, DeviceId, LabelState, PvOnDevice, Question, Signature, System};
use crate::ops::{Change, Message, PvAfter, PvState, Stage, Stop};
use crate::size::units::{Units, display_size};
use crate::units::{Bytes, Sectors};
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What devices are wanted for, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'a> {
    /// How often `-f` was given.
    pub(super) force: u32,
    /// The layout.
    pub(super) layout: &'a Parameters,
    /// Whether the PVs go into a VG: PVs of no VG are then taken as they are.
    pub(super) for_vg: bool,
    /// The identity the PV gets, if it is made again.
    pub(super) id: Option<Uuid>,
    /// The layout the PV keeps, if it is made again.
    pub(super) restored: Option<Restored>,
}

/// A device that is ready to be used as a PV.
#[derive(Clone, Debug)]
pub(super) enum Prepared {
    /// It is a PV of no VG.
    Orphan(DeviceId),
    /// It is made one.
    New(NewPv),
}

impl Prepared {
    /// Returns the device.
    pub(super) const fn device(&self) -> DeviceId {
        match self {
            Self::Orphan(device) => *device,
            Self::New(new) => new.device,
        }
    }
}

/// A device that is made a PV.
#[derive(Clone, Debug)]
pub(super) struct NewPv {
    /// The device.
    pub(super) device: DeviceId,
    /// Its header.
    pub(super) header: PvHeader,
    label_sector: u8,
    ignored: Vec<bool>,
    zero_start: bool,
    wipe: Vec<Signature>,
    /// What is to be told about it.
    pub(super) notes: Vec<Message>,
}

impl NewPv {
    /// Returns the sector of its label.
    pub(super) const fn label_sector(&self) -> u8 {
        self.label_sector
    }

    /// Returns which of its metadata areas are ignored.
    pub(super) fn ignored(&self) -> &[bool] {
        &self.ignored
    }

    /// Returns the state the device gets.
    pub(super) fn after(&self) -> PvAfter {
        PvAfter {
            device: self.device,
            state: PvState::Pv {
                header: self.header.clone(),
                label_sector: self.label_sector,
                ignored: self.ignored.clone(),
                fresh: true,
                zero_start: self.zero_start,
                wipe: self.wipe.clone(),
            },
        }
    }
}

/// Returns the PV on a device, if there is one.
pub(super) fn pv_on(device: &Device) -> Option<&PvOnDevice> {
    match &device.label {
        LabelState::Pv(found) => Some(found),
        LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => None,
    }
}

/// Returns true if the header says that the PV belongs to a VG.
pub(super) fn is_marked_used(found: &PvOnDevice) -> bool {
    let extension = found.label.header.extension.as_ref();
    extension.is_some_and(|extension| extension.flags & PV_EXTENSION_USED != 0)
}

/// Finds devices by name; those that are not there are failures.
pub(super) fn find_devices(
    system: &System,
    names: &[String],
    failures: &mut Failures,
) -> Result<Vec<DeviceId>, Stop> {
    let mut devices = Vec::new();
    for name in names {
        let found = system.need_device(name, |name| PvRefusal::NoDevice { name });
        let found = found.map_err(Stop::from);
        devices.extend(failures.take(found)?);
    }
    Ok(devices)
}

/// Checks what is asked for as far as that needs no device.
///
/// # Errors
/// If it makes no sense.
pub(super) fn check_parameters(system: &System, layout: &Parameters) -> Result<(), PvRefusal> {
    let too_big =
        |length: Option<Sectors>| length.is_some_and(|length| length.get() > u64::from(u32::MAX));
    if layout.label_sector.is_some_and(|sector| sector > 3) {
        return Err(PvRefusal::LabelSector);
    }
    if too_big(layout.data_alignment) {
        return Err(PvRefusal::AlignmentTooBig);
    }
    if too_big(layout.data_alignment_offset) {
        return Err(PvRefusal::AlignmentOffsetTooBig);
    }
    let copies = copies(system, layout);
    if copies > 2 {
        return Err(PvRefusal::MetadataCopies { count: copies });
    }
    if copies == 0 && layout.metadata_ignore == Some(true) {
        return Err(PvRefusal::NothingToIgnore);
    }
    Ok(())
}

fn copies(system: &System, layout: &Parameters) -> u32 {
    layout.metadata_copies.unwrap_or(system.settings.pv_metadata_copies)
}

/// Decides what becomes of a device that is wanted as a PV. `id` is the identity of a new one.
///
/// # Errors
/// If it cannot be used, or a person has to decide first.
pub(super) fn prepare(
    system: &System,
    device_id: DeviceId,
    wish: &Wish,
    id: Uuid,
) -> Result<Prepared, Stop> {
    let device = system.device(device_id);
    check_device(system, device_id, device)?;
    let found = pv_on(device);
    check_use(system, device_id, device, wish)?;
    let used = found.is_some_and(is_marked_used) || system.vg_of(device_id).is_some();
    if wish.for_vg && found.is_some() && !used {
        return Ok(Prepared::Orphan(device_id));
    }
    let mut notes = Vec::new();
    let size = pv_size(system, device, wish.layout, &mut notes)?;
    let layout = new_layout(system, device, wish, size, &mut notes)?;
    let wipe = signatures(system, device_id, device, wish.force, &mut notes)?;
    let label_sector = u8::try_from(wish.layout.label_sector.unwrap_or(1))
        .expect("the sector of the label was checked");
    // A label that stays behind in another sector could be taken for the new one.
    let other_label = found.is_some_and(|found| found.label.sector != label_sector);
    let again = wish.id.is_some() || wish.restored.is_some();
    let ignored = wish.layout.metadata_ignore.unwrap_or(system.settings.pv_metadata_ignore);
    Ok(Prepared::New(NewPv {
        device: device_id,
        header: new_header(id, size, &layout),
        label_sector,
        ignored: std_alloc::vec![ignored; layout.metadata_areas.len()],
        zero_start: wish.layout.zero.unwrap_or(!again) || other_label,
        wipe,
        notes,
    }))
}

/// Checks that a device can be a PV at all.
fn check_device(system: &System, id: DeviceId, device: &Device) -> Result<(), PvRefusal> {
    let name = || device.name.clone();
    if let LabelState::Unreadable(error) = &device.label {
        return Err(PvRefusal::Unreadable { device: name(), reason: error.message.clone() });
    }
    if device.read_only {
        return Err(PvRefusal::ReadOnly { device: name() });
    }
    if device.size.to_sectors_floor() < system.settings.pv_size_min {
        return Err(PvRefusal::TooSmall { device: name() });
    }
    if system.is_duplicate(id) {
        return Err(PvRefusal::Duplicate { device: name() });
    }
    Ok(())
}

/// Checks that nothing else has a use for a device, or that it may be taken from it.
fn check_use(system: &System, id: DeviceId, device: &Device, wish: &Wish) -> Result<(), Stop> {
    let name = || device.name.clone();
    let marked = pv_on(device).is_some_and(is_marked_used);
    let vg = match system.claimed_by(id) {
        Some(view) if wish.for_vg => {
            let vg = view.vg.name.clone();
            return Err(PvRefusal::Taken { device: name(), vg }.into());
        }
        Some(view) if wish.force < 2 => {
            let vg = view.vg.name.clone();
            return Err(PvRefusal::Used { device: name(), vg }.into());
        }
        Some(view) => view.vg.name.as_str(),
        None if marked && wish.force < 2 => {
            return Err(PvRefusal::UsedByUnknown { device: name() }.into());
        }
        None if marked => "<unknown>",
        None => return Ok(()),
    };
    let prompt =
        format!("Really INITIALIZE physical volume \"{}\" of volume group \"{vg}\"", device.name);
    let question = Question { prompt, force_answers: false };
    if system.ask(question)? {
        Ok(())
    } else {
        Err(PvRefusal::NotInitialized { device: name() }.into())
    }
}

/// Returns the size of the PV: that of the device, or what it is pretended to be.
fn pv_size(
    system: &System,
    device: &Device,
    layout: &Parameters,
    notes: &mut Vec<Message>,
) -> Result<Sectors, Stop> {
    let real = device.size.to_sectors_floor();
    let wanted = layout.device_size.filter(|size| !size.is_zero());
    let size = wanted.unwrap_or(real);
    if size != real {
        let shown = |size| display_size(size, Units::ROUNDED);
        let prompt = format!(
            "WARNING: {}: device size {} does not match requested size {}. Proceed?",
            device.name,
            shown(real),
            shown(size)
        );
        let question = Question { prompt, force_answers: true };
        let device = device.name.clone();
        if !system.ask(question)? {
            return Err(PvRefusal::NotInitialized { device }.into());
        }
        notes.push(Message::warning(format!(
            "Faking size of PV {device}. Don't write outside real device."
        )));
        if size > real {
            notes.push(Message::warning(format!(
                "{device}: Overriding real size. You could lose data."
            )));
        }
    }
    let min = system.settings.pv_size_min;
    if size < min {
        let device = device.name.clone();
        return Err(PvRefusal::SizeTooSmall { device, min }.into());
    }
    if size.checked_to_bytes().is_none() {
        let device = device.name.clone();
        let error = LayoutError::Extents { end: size, size: real };
        return Err(PvRefusal::Layout { device, error }.into());
    }
    Ok(size)
}

fn new_layout(
    system: &System,
    device: &Device,
    wish: &Wish,
    size: Sectors,
    notes: &mut Vec<Message>,
) -> Result<Layout, PvRefusal> {
    let mut parameters = wish.layout.clone();
    if let Some(restored) = &wish.restored {
        let given = parameters.data_alignment.unwrap_or_default();
        let offset = parameters.data_alignment_offset.unwrap_or_default();
        if !fits_restored(restored.pe_start, given, offset) {
            let shown = |size| display_size(size, Units::ROUNDED);
            notes.push(Message::warning(format!(
                "Ignoring data alignment {} incompatible with restored pe_start value {}.",
                shown(given + offset),
                shown(restored.pe_start)
            )));
            parameters.data_alignment = None;
        }
        parameters.data_alignment_offset = None;
    }
    let (alignment, offset) = alignment(&system.settings, device.alignment, &parameters);
    let plot = Plot {
        size,
        alignment,
        offset,
        copies: copies(system, &parameters),
        metadata_size: parameters.metadata_size.or(system.settings.pv_metadata_size),
        bootloader_size: parameters.bootloader_size.unwrap_or_default(),
        restored: wish.restored,
    };
    let refuse = |error| PvRefusal::Layout { device: device.name.clone(), error };
    let layout = lay_out(&plot).map_err(refuse)?;
    // Metadata cannot be pretended to lie behind the end of the device.
    for (index, (start, length)) in (0..).zip(&layout.metadata_areas) {
        if *start + *length > device.size.to_sectors_floor() {
            let size = Bytes::ZERO;
            return Err(refuse(LayoutError::Metadata { index, size }));
        }
    }
    Ok(layout)
}

/// Returns true if a restored start of the data agrees with the alignment that was asked for.
fn fits_restored(pe_start: Sectors, alignment: Sectors, offset: Sectors) -> bool {
    if alignment.is_zero() {
        return offset.is_zero();
    }
    pe_start.get() % alignment.get() == offset.get()
}

fn new_header(id: Uuid, size: Sectors, layout: &Layout) -> PvHeader {
    let area = |(start, length): &(Sectors, Sectors)| DiskArea {
        offset: start.to_bytes(),
        size: length.to_bytes(),
    };
    PvHeader {
        id,
        device_size: size.to_bytes(),
        data_areas: [DiskArea { offset: layout.pe_start.to_bytes(), size: Bytes::ZERO }].into(),
        metadata_areas: layout.metadata_areas.iter().map(area).collect(),
        extension: Some(PvExtension {
            version: 2,
            flags: 0,
            bootloader_areas: layout.bootloader_area.iter().map(area).collect(),
        }),
    }
}

/// Prepares all devices that a VG is to have.
///
/// # Errors
/// If one of them cannot be used, or a person has to decide first.
pub(super) fn prepare_all(
    system: &System,
    names: &[String],
    wish: &Wish,
    entropy: &mut Entropy,
) -> Result<Vec<Prepared>, Stop> {
    check_parameters(system, wish.layout)?;
    let mut failures = Failures::default();
    let devices = find_devices(system, names, &mut failures)?;
    if !devices.is_empty() && !failures.is_empty() {
        return Err(Stop::refuse(failures.messages(), PvRefusal::AllNeeded));
    }
    let mut prepared: Vec<Prepared> = Vec::new();
    for id in devices {
        // A device that is named twice is prepared once; the VG then refuses it.
        if let Some(again) = prepared.iter().find(|other| other.device() == id) {
            let again = again.clone();
            prepared.push(again);
            continue;
        }
        let result = prepare(system, id, wish, entropy.uuid());
        prepared.extend(failures.take(result)?);
    }
    match failures.into_stop() {
        Some(stop) => Err(stop),
        None if prepared.is_empty() => Err(PvRefusal::NoneGiven.into()),
        None => {
            // As in LVM2, what is a PV already comes before what is made one.
            prepared.sort_by_key(|pv| matches!(pv, Prepared::New(_)));
            Ok(prepared)
        }
    }
}

/// Splits off what has to be made first: the stage in which the devices become PVs, if any do.
pub(super) fn first_stage(
    system: &System,
    prepared: &[Prepared],
    change: &mut Change,
) -> Vec<NewPv> {
    let made: Vec<NewPv> = prepared
        .iter()
        .filter_map(|prepared| match prepared {
            Prepared::New(new) => Some(new.clone()),
            Prepared::Orphan(_) => None,
        })
        .collect();
    for new in &made {
        change.before.extend(new.notes.iter().cloned());
        change.after.push(created(&system.device(new.device).name));
    }
    if !made.is_empty() {
        change.stages.push(Stage {
            name: "the devices are physical volumes",
            pvs: made.iter().map(NewPv::after).collect(),
            ..Stage::default()
        });
    }
    made
}

/// Returns what is told of a device that has become a PV.
pub(super) fn created(name: &str) -> Message {
    Message::print(format!("Physical volume \"{name}\" successfully created."))
}
