//! PVs that join a VG, and which metadata areas of a VG are in use.

use crate::format::label::PvHeader;
use crate::format::mda::RAW_LOCATION_IGNORED;
use crate::id::Uuid;
use crate::model::flags::PvFlags;
use crate::model::pv::Pv;
use crate::model::vg::Vg;
use crate::ops::guard::{self, Tolerance};
use crate::ops::initialize::{NewPv, Prepared, pv_on};
use crate::ops::layout::extent_count;
use crate::ops::refusal::guard::GuardRefusal;
use crate::ops::refusal::pv::PvRefusal;
use crate::ops::refusal::vg::VgRefusal;
use crate::ops::system::{Device, DeviceId, MdaState, PvOnDevice, System, VgView};
use crate::ops::vgcreate::MetadataCopies;
use crate::ops::{PvAfter, PvState, Stop};
use crate::units::{Extents, Sectors};
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Adds a PV at the end of a VG.
///
/// # Errors
/// If the VG cannot take it.
pub(super) fn join(system: &System, vg: &mut Vg, prepared: &Prepared) -> Result<(), VgRefusal> {
    let (id, header) = match prepared {
        Prepared::New(new) => (new.device, &new.header),
        Prepared::Orphan(id) => {
            let found = pv_on(system.device(*id)).expect("an orphan is a PV");
            (*id, &found.label.header)
        }
    };
    let device = system.device(id);
    if vg.find_pv(header.id).is_some() {
        return Err(VgRefusal::NamedTwice { vg: vg.name.clone(), device: device.name.clone() });
    }
    if vg.max_pv != 0 && vg.pvs.len() >= vg.max_pv as usize {
        return Err(VgRefusal::MaxPv {
            vg: vg.name.clone(),
            device: device.name.clone(),
            max: vg.max_pv,
        });
    }
    let pv = new_pv(vg, device, header)?;
    let count = vg.extent_count() + pv.pe_count;
    if count.get() > u64::from(u32::MAX) {
        return Err(VgRefusal::TooManyExtents {
            vg: vg.name.clone(),
            device: device.name.clone(),
            count,
        });
    }
    vg.pvs.push(pv);
    Ok(())
}

fn new_pv(vg: &Vg, device: &Device, header: &PvHeader) -> Result<Pv, VgRefusal> {
    let data = header.data_areas.first().ok_or_else(|| VgRefusal::NoDataArea {
        vg: vg.name.clone(),
        device: device.name.clone(),
    })?;
    let pe_start = data.offset.to_sectors_floor();
    let size = header.device_size.to_sectors_floor();
    let pe_count = extent_count(size, pe_start, &areas(header), vg.extent_size);
    if pe_count.get() > u64::from(u32::MAX) {
        return Err(VgRefusal::PvTooLarge {
            vg: vg.name.clone(),
            device: device.name.clone(),
            extent_size: vg.extent_size,
        });
    }
    let extension = header.extension.as_ref();
    let bootloader = extension.and_then(|extension| extension.bootloader_areas.first());
    Ok(Pv {
        id: header.id,
        device_hint: device.name.clone(),
        device_id: device.device_id.clone(),
        flags: PvFlags { allocatable: true, ..PvFlags::default() },
        tags: Vec::new(),
        device_size: Some(size),
        pe_start,
        pe_count,
        bootloader_area: bootloader.map(|area| {
            let (start, length) = (area.offset, area.size);
            (start.to_sectors_floor(), length.to_sectors_floor())
        }),
    })
}

/// Returns the metadata areas of a header in sectors: start and length.
pub(super) fn areas(header: &PvHeader) -> Vec<(Sectors, Sectors)> {
    let areas = header.metadata_areas.iter();
    areas
        .map(|area| {
            let (start, length) = (area.offset, area.size);
            (start.to_sectors_floor(), length.to_sectors_floor())
        })
        .collect()
}

/// Checks that the devices of a VG have logical blocks of one size.
///
/// # Errors
/// If not, and the configuration does not allow it.
pub(super) fn check_block_sizes(
    system: &System,
    devices: impl IntoIterator<Item = DeviceId>,
) -> Result<(), VgRefusal> {
    if system.settings.allow_mixed_block_sizes {
        return Ok(());
    }
    let mut sizes = devices.into_iter().map(|id| system.device(id).block_size);
    let Some(one) = sizes.next() else {
        return Ok(());
    };
    match sizes.find(|other| *other != one) {
        Some(other) => Err(VgRefusal::BlockSizes { one, other }),
        None => Ok(()),
    }
}

/// The metadata areas of a PV as far as they can be written.
struct Areas {
    device: DeviceId,
    header: PvHeader,
    label_sector: u8,
    /// Whether each is ignored; `None` if it cannot be used.
    ignored: Vec<Option<bool>>,
}

/// Returns whether a metadata area is ignored; `None` if it cannot be used.
pub(super) fn is_ignored(state: &MdaState) -> Option<bool> {
    match state {
        MdaState::Unreadable(_) | MdaState::BadHeader(_) => None,
        MdaState::Empty { ignored } => Some(*ignored),
        MdaState::BadText { location, .. } | MdaState::Text { location, .. } => {
            Some(location.flags & RAW_LOCATION_IGNORED != 0)
        }
    }
}

fn areas_on(device: DeviceId, found: &PvOnDevice) -> Areas {
    Areas {
        device,
        header: found.label.header.clone(),
        label_sector: found.label.sector,
        ignored: found.areas.iter().map(|area| is_ignored(&area.state)).collect(),
    }
}

/// Returns what becomes of the PVs of a VG so that as many metadata areas are in use as it wants,
/// and at least one. `new` are PVs that have just been made; `all` asks for every area.
///
/// # Errors
/// If there is no area that can be written.
pub(super) fn balance_areas(
    system: &System,
    vg: &Vg,
    new: &[NewPv],
    all: bool,
) -> Result<Vec<PvAfter>, VgRefusal> {
    let mut pvs = usable_areas(system, vg, new);
    let total = pvs.iter().flat_map(|pv| &pv.ignored).flatten().count();
    if total == 0 {
        let vg = vg.name.clone();
        return Err(VgRefusal::NoMetadataAreas { vg });
    }
    let in_use = |pvs: &[Areas]| {
        let areas = pvs.iter().flat_map(|pv| &pv.ignored);
        areas.filter(|ignored| **ignored == Some(false)).count()
    };
    let before: Vec<Vec<Option<bool>>> = pvs.iter().map(|pv| pv.ignored.clone()).collect();
    let wanted = match usize::try_from(vg.metadata_copies) {
        _ if all => total,
        Ok(0) => in_use(&pvs).max(1),
        Ok(copies) => copies.min(total),
        Err(_) => total,
    };
    // First areas come first: one per PV before any second one.
    let widest = pvs.iter().map(|pv| pv.ignored.len()).max().unwrap_or(0);
    let mut excess = in_use(&pvs).saturating_sub(wanted);
    let mut lack = wanted.saturating_sub(in_use(&pvs));
    for place in (0..widest).rev() {
        for pv in pvs.iter_mut().rev() {
            if excess > 0 && pv.ignored.get(place) == Some(&Some(false)) {
                pv.ignored[place] = Some(true);
                excess -= 1;
            }
        }
    }
    for place in 0..widest {
        for pv in &mut pvs {
            if lack > 0 && pv.ignored.get(place) == Some(&Some(true)) {
                pv.ignored[place] = Some(false);
                lack -= 1;
            }
        }
    }
    assert_eq!(in_use(&pvs), wanted, "as many areas are in use as wanted");
    let changed = pvs.iter().zip(before).filter(|(pv, before)| pv.ignored != *before);
    Ok(changed.map(|(pv, _)| with_ignored(pv)).collect())
}

fn usable_areas(system: &System, vg: &Vg, new: &[NewPv]) -> Vec<Areas> {
    let made: BTreeMap<Uuid, &NewPv> = new.iter().map(|pv| (pv.header.id, pv)).collect();
    let mut on_devices: BTreeMap<Uuid, DeviceId> = BTreeMap::new();
    for (place, device) in (0..).zip(&system.devices) {
        if let Some(found) = pv_on(device) {
            on_devices.entry(found.label.header.id).or_insert(DeviceId(place));
        }
    }
    for view in &system.vgs {
        // Of duplicates, the device that was chosen.
        for (pv, device) in view.vg.pvs.iter().zip(&view.devices) {
            on_devices.extend(device.map(|device| (pv.id, device)));
        }
    }
    let present = vg.pvs.iter().filter(|pv| !pv.flags.missing);
    present
        .filter_map(|pv| {
            if let Some(new) = made.get(&pv.id) {
                return Some(Areas {
                    device: new.device,
                    header: new.header.clone(),
                    label_sector: new.label_sector(),
                    ignored: new.ignored().iter().copied().map(Some).collect(),
                });
            }
            let device = *on_devices.get(&pv.id)?;
            Some(areas_on(device, pv_on(system.device(device))?))
        })
        .collect()
}

fn with_ignored(pv: &Areas) -> PvAfter {
    PvAfter {
        device: pv.device,
        state: PvState::Pv {
            header: pv.header.clone(),
            label_sector: pv.label_sector,
            ignored: pv.ignored.iter().map(|ignored| ignored.unwrap_or(false)).collect(),
            fresh: false,
            zero_start: false,
            wipe: Vec::new(),
        },
    }
}

/// Returns the state of a PV whose metadata areas are all ignored, or none of them.
pub(super) fn all_ignored(device: DeviceId, found: &PvOnDevice, ignored: bool) -> PvAfter {
    let mut areas = areas_on(device, found);
    areas.ignored = std_alloc::vec![Some(ignored); areas.ignored.len()];
    with_ignored(&areas)
}

/// Returns how many metadata areas of a VG are in use on PVs other than `except`.
pub(super) fn in_use_elsewhere(system: &System, vg: &Vg, except: &BTreeSet<DeviceId>) -> usize {
    let pvs = usable_areas(system, vg, &[]);
    let others = pvs.iter().filter(|pv| !except.contains(&pv.device));
    let areas = others.flat_map(|pv| &pv.ignored);
    areas.filter(|ignored| **ignored == Some(false)).count()
}

/// Returns what a VG keeps of `--vgmetadatacopies`.
pub(super) const fn stored_copies(copies: MetadataCopies) -> u32 {
    match copies {
        MetadataCopies::All | MetadataCopies::Unmanaged => 0,
        MetadataCopies::Count(count) => count,
    }
}

/// Returns how many extents a PV would have with another size.
pub(super) fn extents_for(vg: &Vg, pv: &Pv, header: &PvHeader, size: Sectors) -> Extents {
    extent_count(size, pv.pe_start, &areas(header), vg.extent_size)
}

/// Returns the state of a PV that gets another header and keeps all else.
pub(super) fn with_header(device: DeviceId, found: &PvOnDevice, header: PvHeader) -> PvAfter {
    let areas = Areas { header, ..areas_on(device, found) };
    with_ignored(&areas)
}

/// Finds a PV by the name of its device. One with an outdated text is none until that is cleared.
///
/// # Errors
/// If there is no such device, or no PV on it.
pub(super) fn find_pv(system: &System, name: &str) -> Result<DeviceId, PvRefusal> {
    let name = || String::from(name);
    let id = system.need_device(&name(), |name| PvRefusal::DeviceNotFound { name })?;
    match pv_on(system.device(id)).filter(|_| !system.is_outdated(id)) {
        Some(_) => Ok(id),
        None => Err(PvRefusal::NoPv { name: name() }),
    }
}

/// Checks that the VG of a PV may be changed.
///
/// # Errors
/// If not.
pub(super) fn check_vg_of_pv(system: &System, view: &VgView, device: &str) -> Result<(), Stop> {
    let kind = match guard::check_access(system, &view.vg) {
        Err(GuardRefusal::Foreign { .. }) => Some("foreign"),
        Err(GuardRefusal::Shared { .. }) => Some("shared"),
        _ => None,
    };
    if let Some(kind) = kind {
        let (device, vg) = (device.into(), view.vg.name.clone());
        return Err(PvRefusal::NotOurs { device, kind, vg }.into());
    }
    if view.vg.flags.exported {
        let refusal = PvRefusal::InExported { device: device.into(), vg: view.vg.name.clone() };
        return Err(refusal.into());
    }
    Ok(guard::check_writable(system, view, Tolerance::NONE)?)
}
