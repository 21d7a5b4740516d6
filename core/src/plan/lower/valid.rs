//! What is looked at once more before a VG is written.

use super::{LowerError, VgNow};
use crate::model::check::{Violation, check_changed};
use crate::model::lv_table::LvId;
use crate::model::vg::Vg;
use crate::ops::system::System;
use std_alloc::format;
use std_alloc::string::ToString;
use std_alloc::vec::Vec;

/// Checks that the change breaks no invariant that held before, and leaves none broken without
/// which it is not known where data lies.
pub(super) fn check_invariants(system: &System, vg: &Vg) -> Result<(), LowerError> {
    let loaded =
        |vg: &Vg| -> Vec<LvId> { vg.lvs.ids().filter(|id| !vg.lvs.is_source(*id)).collect() };
    let found = check_changed(vg, &loaded(vg));
    if found.is_empty() {
        return Ok(());
    }
    let view = system.vgs.iter().find(|view| view.vg.id == vg.id);
    let known = view.map_or_else(Vec::new, |view| check_changed(&view.vg, &loaded(&view.vg)));
    let about_places = |violations: &[Violation]| {
        violations.iter().find(|violation| violation.is_about_places()).cloned()
    };
    // What was wrong before is told in the words of before: it may have another name by now.
    if let (Some(before), Some(_)) = (about_places(&known), about_places(&found)) {
        let vg = view.map_or(&vg.name, |view| &view.vg.name).clone();
        return Err(LowerError::Inconsistent { vg, reason: before.to_string() });
    }
    match found.iter().find(|violation| !known.contains(violation)) {
        None => Ok(()),
        Some(violation) => {
            Err(LowerError::Invalid { vg: vg.name.clone(), reason: violation.to_string() })
        }
    }
}

/// A text that is not newer than the one it replaces would be ignored, or fork the VG.
pub(super) fn check_seqno(vg: &Vg, before: Option<&VgNow>) -> Result<(), LowerError> {
    match before.filter(|before| before.seqno >= vg.seqno) {
        None => Ok(()),
        Some(before) => Err(LowerError::Invalid {
            vg: vg.name.clone(),
            reason: format!("seqno {} does not follow {}", vg.seqno, before.seqno),
        }),
    }
}
