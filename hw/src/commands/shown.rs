//! Which objects a report or display is about: from the names on the command line, all of them
//! found in one look. What is not there is told and does not keep the rest from being shown.

use super::exit::Failure;
use super::names::{self, DIRECTORY};
use super::session::Session;
use extant_core::name::Tag;
use extant_core::ops::guard;
use extant_core::ops::refusal::guard::GuardRefusal;
use extant_core::ops::resolve;
use extant_core::ops::system::{DeviceId, LabelState, System};
use extant_core::report::rows::Target;
use extant_core::size::path::{self, PathError};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The objects.
    pub(super) targets: Vec<Target>,
    missing: bool,
}

impl Shown {
    /// Takes objects that were not named.
    pub(super) fn all(targets: impl Iterator<Item = Target>) -> Self {
        Self { targets: targets.collect(), missing: false }
    }

    /// Returns whether all that was named was there.
    pub(super) fn finish(&self) -> Result<(), Failure> {
        if self.missing { Err(Failure::Reported) } else { Ok(()) }
    }

    fn tell_missing(&mut self, session: &mut Session<'_>, text: &str) {
        session.messenger.error(text);
        self.missing = true;
    }
}

/// Finds PVs by device names and tags.
pub(super) fn pvs(session: &mut Session<'_>, system: &System, names: &[String]) -> Shown {
    let mut shown = Shown::default();
    for name in names {
        if let Some(tag) = name.strip_prefix('@') {
            shown.targets.extend(tagged_pvs(system, tag));
            continue;
        }
        let Some(device) = system.find_device(name) else {
            let reason = session.why_not(name);
            shown.tell_missing(session, &format!("Cannot use {name}: device {reason}"));
            continue;
        };
        let hidden = session.hidden.iter().find(|hidden| hidden.devices.contains(&device));
        if let Some(hidden) = hidden {
            let (kind, vg) = (hidden.kind(), &hidden.name);
            let text = format!("Cannot use PV {name} in {kind} VG {vg}.");
            shown.tell_missing(session, &text);
        } else if let Some(target) = pv_on(system, device) {
            shown.targets.push(target);
        } else {
            let text = format!("Failed to find physical volume \"{name}\".");
            shown.tell_missing(session, &text);
        }
    }
    shown
}

fn tagged_pvs<'a>(system: &'a System, tag: &str) -> impl Iterator<Item = Target> + use<'a> {
    let tag = Tag::new(tag).ok();
    system.vgs.iter().enumerate().flat_map(move |(place, view)| {
        let tag = tag.clone();
        view.vg.pv_indices().filter_map(move |index| {
            let tags = &view.vg.pv(index).tags;
            let has = tag.as_ref().is_some_and(|tag| tags.contains(tag));
            has.then_some(Target::Pv(place, index))
        })
    })
}

/// Returns the PV on a device.
fn pv_on(system: &System, device: DeviceId) -> Option<Target> {
    for (place, view) in system.vgs.iter().enumerate() {
        let mut indices = view.vg.pv_indices();
        if let Some(index) = indices.find(|index| view.devices[index.get()] == Some(device)) {
            return Some(Target::Pv(place, index));
        }
    }
    let is_pv = matches!(system.device(device).label, LabelState::Pv(_));
    (is_pv && !system.is_outdated(device)).then_some(Target::Device(device))
}

/// Finds VGs by names and tags.
pub(super) fn vgs(
    session: &mut Session<'_>,
    system: &System,
    names: &[String],
) -> Result<Shown, Failure> {
    let mut shown = Shown::default();
    for name in names {
        if let Some(tag) = name.strip_prefix('@') {
            let tag = Tag::new(tag).ok();
            let has = |vg: &extant_core::model::vg::Vg| {
                tag.as_ref().is_some_and(|tag| vg.tags.contains(tag))
            };
            let views = system.vgs.iter().enumerate();
            let found = views.filter(|(_, view)| has(&view.vg));
            shown.targets.extend(found.map(|(place, _)| Target::Vg(place)));
            continue;
        }
        let name = match names::vg(name) {
            Ok(name) => name,
            Err(failure @ Failure::Failed(_)) => {
                shown.tell_missing(session, &failure.to_string());
                continue;
            }
            Err(failure) => return Err(failure),
        };
        if let Some(reason) = session.why_hidden(&name) {
            shown.tell_missing(session, &reason);
        }
        match guard::find_vg(system, &name.clone().into()) {
            Ok(found) => {
                let place = system.vgs.iter().position(|view| view.vg.id == found.vg.id);
                shown.targets.extend(place.map(Target::Vg));
            }
            Err(GuardRefusal::NotFound { .. }) if session.why_hidden(&name).is_some() => {}
            Err(refusal) => shown.tell_missing(session, &refusal.to_string()),
        }
    }
    Ok(shown)
}

/// Finds LVs by names of VGs and LVs, and tags.
pub(super) fn lvs(session: &mut Session<'_>, system: &System, names: &[String]) -> Shown {
    let mut shown = Shown::default();
    let mut arguments = Vec::new();
    for name in names {
        match path::parse(name, DIRECTORY) {
            Ok(path::Target::Vg(vg) | path::Target::Lv { vg, .. })
                if session.why_hidden(&vg).is_some() =>
            {
                let reason = session.why_hidden(&vg).unwrap_or_default();
                shown.tell_missing(session, &reason);
            }
            Ok(target) => arguments.push(target),
            Err(error) => {
                let mut text = error.to_string();
                if let PathError::VgName(vg) = &error {
                    text.push_str("\nCannot process volume group ");
                    text.push_str(vg);
                }
                shown.tell_missing(session, &text);
            }
        }
    }
    if arguments.is_empty() {
        return shown;
    }
    let resolved = resolve::resolve(system, &arguments);
    for error in &resolved.errors {
        session.messenger.message(error);
        shown.missing = true;
    }
    for target in resolved.targets {
        let place = system.vgs.iter().position(|view| view.vg.id == target.vg);
        let place = place.expect("targets are of the system they were found in");
        let vg = &system.vgs[place].vg;
        if vg.flags.exported {
            let is_named = arguments.iter().any(|argument| match argument {
                path::Target::Vg(name) | path::Target::Lv { vg: name, .. } => *name == vg.name,
                path::Target::Tag(_) => false,
            });
            if is_named {
                let refusal = GuardRefusal::Exported { vg: vg.name.clone() };
                shown.tell_missing(session, &refusal.to_string());
            }
            continue;
        }
        if target.whole {
            shown.targets.push(Target::Vg(place));
        } else {
            let lvs = target.lvs.into_iter();
            shown.targets.extend(lvs.map(|lv| Target::Lv(place, lv)));
        }
    }
    shown
}
