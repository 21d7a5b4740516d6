//! Which VGs and LVs the arguments of a command mean: names, tags, selections, or all.
//!
//! Where the arguments name their VGs, nothing is looked at here: each VG is processed under its
//! own lock, and what is meant of it is found there. Where tags, a selection or the absence of
//! arguments choose, the VGs are found by a look without locks first, and asked again under their
//! locks.

use super::change_args::SelectArgs;
use super::exit::Failure;
use super::names::{self, DIRECTORY};
use super::report::{check_selection, select};
use super::session::Session;
use extant_core::model::vg::Vg;
use extant_core::name::VgName;
use extant_core::ops::access;
use extant_core::ops::refusal::Refusal;
use extant_core::ops::resolve::{self, VgTargets};
use extant_core::ops::selector::VgSelector;
use extant_core::ops::system::System;
use extant_core::ops::{Change, Message, Refused, Stop};
use extant_core::report::options::{Kind, Options};
use extant_core::report::rows::Target as Shown;
use extant_core::size::path::{self, PathError, Target};
use std::rc::Rc;

/// What is done about exported VGs that are not named but found by a tag, a selection, or among
/// all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exported {
    /// They are processed.
    Included,
    /// They are passed over.
    Skipped,
}

/// A VG that is meant, and what chose it: asked again under the VG's lock.
#[derive(Clone, Debug)]
pub(super) struct ChosenVg {
    /// Its name, for locks.
    pub(super) name: VgName,
    /// How it is found under its lock.
    pub(super) selector: VgSelector,
    /// What chose it, unless that was its name.
    condition: Option<Rc<Condition>>,
}

impl ChosenVg {
    fn named(name: VgName) -> Self {
        Self { selector: name.clone().into(), name, condition: None }
    }

    /// One that was not named is not ambiguous: of several VGs of one name it is meant itself.
    fn found(system: &System, vg: &Vg) -> Self {
        let mut found = Self::named(vg.name.clone());
        if system.find_vgs(vg.name.as_str()).count() > 1 {
            found.selector = VgSelector::Id(vg.id);
        }
        found
    }

    /// Decides by `operation` about the VG as it is in `system`; nothing is done to one that is not
    /// chosen any more.
    pub(super) fn decide(
        &self,
        system: &System,
        operation: impl FnOnce() -> Result<Change, Stop>,
    ) -> Result<Change, Stop> {
        if let Some(condition) = &self.condition {
            let places = condition.places(system).map_err(refuse_failure)?;
            let is_this = |place: &usize| {
                let vg = &system.vgs[*place].vg;
                match &self.selector {
                    VgSelector::Name(name) => vg.name == *name,
                    VgSelector::Id(id) => vg.id == *id,
                }
            };
            if !places.iter().any(is_this) {
                return Ok(Change::default());
            }
        }
        operation()
    }
}

/// Arguments of commands that act on the VGs that are named, and on all only if asked to.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct ChosenVgs {
    /// The volume groups.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
    /// All volume groups.
    #[arg(short = 'a', long)]
    all: bool,
    #[command(flatten)]
    select: SelectArgs,
}

impl ChosenVgs {
    /// Returns the VGs that are meant.
    pub(super) fn find(
        &self,
        session: &mut Session<'_>,
        exported: Exported,
    ) -> Result<Vec<ChosenVg>, Failure> {
        let selection = self.select.select.as_deref();
        match (self.all, self.vgs.first()) {
            (true, Some(vg)) => Err(Failure::Argument(vg.clone())),
            (false, None) if selection.is_none() => Err(Failure::Syntax),
            _ => vgs(session, &self.vgs, selection, exported),
        }
    }
}

/// What chooses VGs.
#[derive(Clone, Debug)]
struct Condition {
    /// Names and tags; none is all.
    targets: Vec<Target>,
    selection: Option<Options>,
}

impl Condition {
    /// Returns the places of the VGs that it chooses, in the order in which LVM2 looks at them.
    fn places(&self, system: &System) -> Result<Vec<usize>, Failure> {
        let selected = match &self.selection {
            Some(options) => Some(select(Kind::Vgs, options, system, None)?),
            None => None,
        };
        let is_selected = |place: usize| {
            let wanted = selected.as_ref();
            wanted.is_none_or(|wanted| wanted.contains(&Shown::Vg(place)))
        };
        let is_named = |vg: &Vg| {
            self.targets.is_empty()
                || self.targets.iter().any(|target| match target {
                    Target::Vg(name) => vg.name == *name,
                    Target::Tag(tag) => vg.tags.contains(tag),
                    Target::Lv { .. } => false,
                })
        };
        let mut places = system.vg_order();
        places.retain(|place| is_named(&system.vgs[*place].vg) && is_selected(*place));
        Ok(places)
    }
}

/// Returns the VGs that are meant; without arguments and selection all.
pub(super) fn vgs(
    session: &mut Session<'_>,
    arguments: &[String],
    selection: Option<&str>,
    exported: Exported,
) -> Result<Vec<ChosenVg>, Failure> {
    vgs_as(session, arguments, selection, exported, access::Shown::default())
}

/// As [`vgs`], with those of other machines that options ask for.
pub(super) fn vgs_as(
    session: &mut Session<'_>,
    arguments: &[String],
    selection: Option<&str>,
    exported: Exported,
    shown: access::Shown,
) -> Result<Vec<ChosenVg>, Failure> {
    let mut targets = Vec::new();
    for argument in arguments {
        match path::parse(argument, DIRECTORY) {
            Ok(target @ Target::Tag(_)) => targets.push(target),
            Ok(_) | Err(_) => targets.push(Target::Vg(names::vg(argument)?)),
        }
    }
    if selection.is_none()
        && !targets.is_empty()
        && let Some(names) = only_names(&targets)
    {
        return Ok(names.into_iter().map(ChosenVg::named).collect());
    }
    let selection = match selection {
        Some(selection) => Some(selection_options(session, Kind::Vgs, selection)?),
        None => None,
    };
    let is_conditional = selection.is_some() || !targets.is_empty();
    let condition = Rc::new(Condition { targets, selection });
    let system = session.look_as(shown)?;
    let is_named = |vg: &Vg| {
        let mut targets = condition.targets.iter();
        targets.any(|target| matches!(target, Target::Vg(name) if *name == vg.name))
    };
    let passed = |vg: &Vg| vg.flags.exported && exported == Exported::Skipped && !is_named(vg);
    let mut found: Vec<ChosenVg> = Vec::new();
    for place in condition.places(&system)? {
        let vg = &system.vgs[place].vg;
        let new = if is_named(vg) {
            ChosenVg::named(vg.name.clone())
        } else {
            ChosenVg::found(&system, vg)
        };
        if !passed(vg) && !found.iter().any(|other| other.selector == new.selector) {
            let condition = is_conditional.then(|| Rc::clone(&condition));
            found.push(ChosenVg { condition, ..new });
        }
    }
    Ok(found)
}

/// Returns the options under which a selection is evaluated; what is wrong with it is said now.
fn selection_options(
    session: &mut Session<'_>,
    kind: Kind,
    selection: &str,
) -> Result<Options, Failure> {
    let options = session.report_options(kind)?;
    let options = Options { selection: Some(selection.to_owned()), ..options };
    check_selection(session, kind, &options)?;
    Ok(options)
}

/// Returns the options under which PVs are selected.
pub(super) fn of_pvs(session: &mut Session<'_>, selection: &str) -> Result<Options, Failure> {
    selection_options(session, Kind::Pvs, selection)
}

/// Returns the devices of the PVs that are selected.
pub(super) fn pvs(system: &System, options: &Options) -> Result<Vec<String>, Stop> {
    let mut names = Vec::new();
    for target in select(Kind::Pvs, options, system, None).map_err(refuse_failure)? {
        let device = match target {
            Shown::Pv(place, pv) => system.vgs[place].devices[pv.get()],
            Shown::Device(device) => Some(device),
            Shown::Vg(_) | Shown::Lv(..) => None,
        };
        names.extend(device.map(|device| system.device(device).name.clone()));
    }
    Ok(names)
}

/// Returns the names, if there is nothing else.
fn only_names(targets: &[Target]) -> Option<Vec<VgName>> {
    let mut names: Vec<VgName> = Vec::new();
    for target in targets {
        let Target::Vg(name) = target else {
            return None;
        };
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    Some(names)
}

/// LVs of one VG that are meant, by what the user typed: found again under the VG's lock.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    /// The VG.
    pub(super) vg: VgName,
    /// How it is found under its lock.
    selector: VgSelector,
    /// What was typed, as far as it concerns this VG.
    arguments: Vec<Target>,
    /// Whether nothing may be missing.
    strict: bool,
    /// What selects among them, if anything does.
    selection: Option<Rc<Options>>,
}

impl Chosen {
    /// Decides by `operation` about the LVs as they are in `system`. What is missing is told; if
    /// all is, or nothing may be, that is the refusal.
    pub(super) fn decide(
        &self,
        system: &System,
        operation: impl FnOnce(Vec<VgTargets>) -> Result<Change, Stop>,
    ) -> Result<Change, Stop> {
        let mut resolved = resolve::resolve(system, &self.arguments);
        if let VgSelector::Id(id) = &self.selector {
            resolved.targets.retain(|target| target.vg == *id);
        }
        if let Some(options) = &self.selection {
            keep_selected(system, options, &mut resolved.targets).map_err(refuse_failure)?;
        }
        let mut notes = resolved.errors;
        let nothing = resolved.targets.iter().all(|target| target.lvs.is_empty() && !target.whole);
        if (self.strict || nothing) && !notes.is_empty() {
            let last = notes.pop().expect("there is one at least");
            return Err(refuse(notes, last.text));
        }
        let mut change = operation(resolved.targets)?;
        if !notes.is_empty() {
            change.failed = true;
            notes.append(&mut change.before);
            change.before = notes;
        }
        Ok(change)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn refuse_failure(failure: Failure) -> Stop {
    refuse(Vec::new(), failure.to_string())
}

fn refuse(notes: Vec<Message>, reason: String) -> Stop {
    let refusal = Refusal::Unresolved { reason };
    Stop::Refused(Box::new(Refused { notes, refusal }))
}

/// Keeps the LVs that a selection selects. What is left is no whole VG any more.
fn keep_selected(
    system: &System,
    options: &Options,
    targets: &mut Vec<VgTargets>,
) -> Result<(), Failure> {
    for target in targets.iter_mut() {
        let place = system.vgs.iter().position(|view| view.vg.id == target.vg);
        let place = place.expect("targets are of the system they were found in");
        let named: Vec<Shown> = target.lvs.iter().map(|lv| Shown::Lv(place, *lv)).collect();
        let selected = select(Kind::Lvs, options, system, Some(&named))?;
        target.lvs.retain(|lv| selected.contains(&Shown::Lv(place, *lv)));
        target.whole = false;
    }
    targets.retain(|target| !target.lvs.is_empty());
    Ok(())
}

/// LVs that are meant, by VG.
#[derive(Clone, Debug, Default)]
pub(super) struct ChosenLvs {
    /// Those of each VG, in the order in which the VGs are named.
    pub(super) found: Vec<Chosen>,
    missing: bool,
}

impl ChosenLvs {
    /// Returns whether all that was named was there.
    pub(super) fn finish(&self) -> Result<(), Failure> {
        if self.missing { Err(Failure::Reported) } else { Ok(()) }
    }
}

/// What is done about LVs that are not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Missing {
    /// The others are processed.
    Told,
    /// Nothing is done at all.
    Refused,
}

/// Returns the LVs that are meant.
pub(super) fn lvs(
    session: &mut Session<'_>,
    arguments: &[String],
    selection: Option<&str>,
    missing: Missing,
) -> Result<ChosenLvs, Failure> {
    let mut chosen = ChosenLvs::default();
    let mut targets = Vec::new();
    for argument in arguments {
        match path::parse(argument, DIRECTORY) {
            Ok(Target::Vg(lv)) => targets.push(match names::default_vg() {
                Some(vg) if vg != lv => Target::Lv { vg, lv: lv.as_str().to_owned() },
                _ => Target::Vg(lv),
            }),
            Ok(target) => targets.push(target),
            Err(error) => {
                session.messenger.error(&error.to_string());
                if let PathError::VgName(vg) = &error {
                    let text = format!("Cannot process volume group {vg}");
                    session.messenger.error(&text);
                }
                if missing == Missing::Refused {
                    return Err(Failure::Reported);
                }
                chosen.missing = true;
            }
        }
    }
    if targets.is_empty() && !arguments.is_empty() {
        return Err(Failure::Reported);
    }
    let options = match selection {
        Some(selection) => Some(selection_options(session, Kind::Lvs, selection)?),
        None => None,
    };
    let vgs = vgs_of(session, &targets, options.as_ref(), missing)?;
    let options = options.map(Rc::new);
    for ChosenVg { name: vg, selector, .. } in vgs {
        let whole = Target::Vg(vg.clone());
        let is_unique = matches!(selector, VgSelector::Name(_));
        let everything = (targets.is_empty() && is_unique).then_some(whole);
        let arguments = targets
            .iter()
            .filter(|target| match target {
                Target::Vg(name) | Target::Lv { vg: name, .. } => *name == vg,
                Target::Tag(_) => true,
            })
            .cloned()
            .chain(everything)
            .collect();
        chosen.found.push(Chosen {
            selection: options.clone(),
            vg,
            selector,
            arguments,
            strict: missing == Missing::Refused,
        });
    }
    Ok(chosen)
}

/// Returns the VGs that hold what is meant, in the order of the arguments.
fn vgs_of(
    session: &mut Session<'_>,
    targets: &[Target],
    selection: Option<&Options>,
    missing: Missing,
) -> Result<Vec<ChosenVg>, Failure> {
    let mut names: Vec<VgName> = Vec::new();
    for target in targets {
        if let Target::Vg(name) | Target::Lv { vg: name, .. } = target
            && !names.contains(name)
        {
            names.push(name.clone());
        }
    }
    let named: Vec<ChosenVg> = names.iter().cloned().map(ChosenVg::named).collect();
    let tags = targets.is_empty() || targets.iter().any(|target| matches!(target, Target::Tag(_)));
    let look = tags || selection.is_some() || (missing == Missing::Refused && names.len() > 1);
    if !look {
        return Ok(named);
    }
    let system = session.look()?;
    if let Some(reason) = names.iter().find_map(|name| session.why_hidden(name)) {
        return Err(Failure::Failed(reason));
    }
    let mut resolved = resolve::resolve(&system, targets);
    if let Some(options) = selection {
        keep_selected(&system, options, &mut resolved.targets)?;
    }
    if missing == Missing::Refused && !resolved.errors.is_empty() {
        for error in &resolved.errors {
            session.messenger.message(error);
        }
        return Err(Failure::Reported);
    }
    let mut chosen = if selection.is_some() { Vec::new() } else { named };
    for target in &resolved.targets {
        let view = system.vgs.iter().find(|view| view.vg.id == target.vg);
        let vg = &view.expect("targets are of the system they were found in").vg;
        // Exported VGs that are not named are passed over.
        let is_named = names.contains(&vg.name);
        let found =
            if is_named { ChosenVg::named(vg.name.clone()) } else { ChosenVg::found(&system, vg) };
        if (!vg.flags.exported || is_named)
            && !chosen.iter().any(|other| other.selector == found.selector)
        {
            chosen.push(found);
        }
    }
    Ok(chosen)
}
