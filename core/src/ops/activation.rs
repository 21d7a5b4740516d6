//! Activation where nothing can be active: what LVM2 does with activation off. The arguments are
//! found and checked, and nothing is written.

use crate::ops::guard;
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::resolve::VgTargets;
use crate::ops::selector::VgSelector;
use crate::ops::system::System;
use crate::ops::{Change, Message, Stop};
use std_alloc::format;

/// What is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// LVs are activated or deactivated.
    Active,
    /// Those are activated that may be by events.
    AutoActive,
    /// What is active is loaded again.
    Refreshed,
    /// What is active is watched, or asked how far it is.
    Watched,
}

/// Does to a VG what is wanted.
///
/// # Errors
/// If it may not be used.
pub fn of_vg(system: &System, vg: &VgSelector, wanted: Wanted) -> Result<Change, Stop> {
    let vg = &guard::readable(system, vg)?.vg;
    let told = match wanted {
        Wanted::Active => true,
        Wanted::AutoActive => !vg.flags.no_auto_activate,
        Wanted::Refreshed | Wanted::Watched => false,
    };
    let text = format!("0 logical volume(s) in volume group \"{}\" now active", vg.name);
    let told = told.then(|| Message::print(text));
    Ok(Change { after: told.into_iter().collect(), ..Change::default() })
}

/// Does to LVs what is wanted.
///
/// # Errors
/// If their VGs may not be used, or they would have to be active.
pub fn of_lvs(system: &System, targets: &[VgTargets], wanted: Wanted) -> Result<Change, Stop> {
    for target in targets {
        let view = guard::readable(system, &VgSelector::Id(target.vg))?;
        if let (Wanted::Watched, Some(lv)) = (wanted, target.lvs.first()) {
            let (vg, lv) = (view.vg.name.clone(), view.vg.lvs.name(*lv).into());
            return Err(LvRefusal::NotActive { vg, lv }.into());
        }
    }
    Ok(Change::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::VgName;
    use crate::ops::samples;
    use std_alloc::vec::Vec;

    #[test]
    fn what_may_not_be_activated_by_events_is_not_counted() {
        let mut system = samples::system(samples::vg("vg", &[4]));
        let name = system.vgs[0].vg.name.clone();
        let told = |system: &System, wanted| -> Vec<_> {
            of_vg(system, &name.clone().into(), wanted).unwrap().after
        };
        assert_eq!(told(&system, Wanted::AutoActive).len(), 1);
        system.vgs[0].vg.flags.no_auto_activate = true;
        assert_eq!(told(&system, Wanted::AutoActive).len(), 0);
        assert_eq!(told(&system, Wanted::Active).len(), 1);
        let other = VgName::new("other").unwrap();
        assert!(of_vg(&system, &other.into(), Wanted::Active).is_err());
    }
}
