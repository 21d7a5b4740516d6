//! What commands lock and look at.

use extant_core::driver::operation::Scope;
use extant_core::driver::scan::{Needs, Verify, VgScope};
use extant_core::name::VgName;
use extant_core::plan::effect::{Lock, LockMode, LockName};

fn lock(name: LockName, mode: LockMode) -> Lock {
    Lock { name, mode }
}

fn scope(locks: Vec<Lock>, vgs: VgScope, verify: Verify) -> Scope {
    Scope { locks, needs: Needs { vgs, verify } }
}

/// Returns the scope of a change to one VG that needs to know no other.
pub(super) fn vg(name: &VgName) -> Scope {
    let locks = vec![lock(LockName::Vg(name.clone()), LockMode::Exclusive)];
    let vgs = VgScope::Named([name.clone()].into());
    scope(locks, vgs, Verify::Disputed)
}

/// Returns the scope of a check of one VG, all copies of its metadata included.
pub(super) fn vg_with_all_copies(name: &VgName) -> Scope {
    let mut scope = vg(name);
    scope.needs.verify = Verify::All;
    scope
}

/// Returns the scope of a change to these VGs, to names of VGs, or to PVs without a VG.
pub(super) fn global_and(names: &[&VgName]) -> Scope {
    let mut locks = vec![lock(LockName::Global, LockMode::Exclusive)];
    locks.extend(names.iter().map(|name| lock(LockName::Vg((*name).clone()), LockMode::Exclusive)));
    scope(locks, VgScope::All, Verify::Disputed)
}

/// Returns the scope of a change to PVs of any VG or of none.
pub(super) fn everything() -> Scope {
    global_and(&[])
}
