//! Volume groups of other machines, and shared ones: not shown unless that is asked for.

use crate::name::VgName;
use crate::ops::guard::check_access;
use crate::ops::refusal::guard::GuardRefusal;
use crate::ops::system::{DeviceId, System};
use std_alloc::vec::Vec;

/// Which VGs are shown although they may not be used here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Shown {
    /// `--foreign`: those of other machines.
    pub foreign: bool,
    /// `--shared`: those that need a lock manager.
    pub shared: bool,
}

/// A VG that is not shown.
#[derive(Clone, Debug)]
pub struct Hidden {
    /// Its name.
    pub name: VgName,
    /// Its PVs.
    pub devices: Vec<DeviceId>,
    /// Why.
    pub reason: GuardRefusal,
}

impl Hidden {
    /// Returns what it is, to stand before `VG`.
    pub const fn kind(&self) -> &'static str {
        match self.reason {
            GuardRefusal::Foreign { .. } => "foreign",
            _ => "shared",
        }
    }
}

/// Takes what is not shown out of a system. Its devices stay, and are not taken for orphans.
pub fn hide(system: &mut System, shown: Shown) -> Vec<Hidden> {
    let mut hidden = Vec::new();
    let mut kept = Vec::new();
    for view in core::mem::take(&mut system.vgs) {
        let reason = check_access(system, &view.vg).err().filter(|reason| match reason {
            GuardRefusal::Foreign { .. } => !shown.foreign,
            GuardRefusal::Shared { .. } => !shown.shared,
            _ => false,
        });
        let Some(reason) = reason else {
            kept.push(view);
            continue;
        };
        let devices: Vec<DeviceId> = view.devices.iter().copied().flatten().collect();
        system.hidden.extend(&devices);
        hidden.push(Hidden { name: view.vg.name, devices, reason });
    }
    system.vgs = kept;
    hidden
}
