//! In which order LVM2 looks at volume groups where nothing is sorted: the one found last comes first.

use extant_core::ops::system::{DeviceId, LabelState, System, VgView};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Returns what VGs are ordered by.
pub(super) fn rank(system: &System, view: &VgView) -> Reverse<Option<DeviceId>> {
    Reverse(system.found_at(view))
}

/// Returns the VGs in the order in which LVM2 processes them.
pub(super) fn vgs(system: &System) -> Vec<&VgView> {
    let mut views: Vec<&VgView> = system.vgs.iter().collect();
    views.sort_by_key(|view| rank(system, view));
    views
}

/// Returns the devices that are PVs of no VG.
pub(super) fn orphans(system: &System) -> impl Iterator<Item = DeviceId> + '_ {
    let members = system.vgs.iter().flat_map(|view| view.devices.iter());
    let members: BTreeSet<DeviceId> = members.flatten().copied().collect();
    let numbers = (0_u32..).map(DeviceId).zip(&system.devices);
    let orphans = numbers.filter(move |(id, device)| {
        !members.contains(id) && matches!(device.label, LabelState::Pv(_))
    });
    orphans.map(|(id, _)| id)
}
