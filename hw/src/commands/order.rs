//! In which order LVM2 looks at volume groups where nothing is sorted: the one found last comes first.

use extant_core::ops::system::{System, VgView};

/// Returns the VGs in the order in which LVM2 processes them.
pub(super) fn vgs(system: &System) -> Vec<&VgView> {
    let mut views: Vec<&VgView> = system.vgs.iter().collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.devices.iter().flatten().min().copied()));
    views
}
