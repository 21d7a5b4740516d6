//! `pvchange`: changes attributes of physical volumes.

use crate::format::label::PvHeader;
use crate::id::Entropy;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::name::Tag;
use crate::ops::attributes::change_tags;
use crate::ops::failures::Failures;
use crate::ops::guard;
use crate::ops::initialize::pv_on;
use crate::ops::membership::{
    all_ignored, check_vg_of_pv, find_pv, in_use_elsewhere, is_ignored, with_header,
};
use crate::ops::refusal::pv::PvRefusal;
use crate::ops::system::{DeviceId, Question, System, VgView};
use crate::ops::{Change, Message, PvAfter, Stage, Stop, VgAfter};
use crate::units::Sectors;
use std_alloc::boxed::Box;
use std_alloc::collections::BTreeSet;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What is asked for. Each PV is changed by itself; one that cannot be does not stop the others.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Which PVs.
    pub targets: Targets,
    /// What is changed.
    pub action: Option<Action>,
}

/// Which PVs are changed.
#[derive(Clone, Debug)]
pub enum Targets {
    /// `-a`: all.
    All,
    /// Those on these devices, as the user called them.
    Devices(Vec<String>),
}

impl Default for Targets {
    fn default() -> Self {
        Self::Devices(Vec::new())
    }
}

/// What is changed: one thing, tags aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// `-x`: whether extents may be taken from it.
    Allocatable(bool),
    /// `-u`: a new identity.
    NewId,
    /// `--addtag` and `--deltag`, in this order.
    Tags {
        /// Tags to add.
        add: Vec<Tag>,
        /// Tags to remove.
        remove: Vec<Tag>,
    },
    /// `--metadataignore`.
    MetadataIgnore(bool),
}

/// Changes attributes of physical volumes.
///
/// # Errors
/// If none of them can be changed, or a person has to decide first.
pub fn pvchange(system: &System, request: &Request) -> Result<Change, Stop> {
    let action = request.action.as_ref().ok_or(PvRefusal::NothingAsked)?;
    let mut work = Work {
        system,
        vgs: Vec::new(),
        stages: Vec::new(),
        told: Vec::new(),
        counts: Counts::default(),
        entropy: system.entropy(),
    };
    let mut failures = Failures::default();
    for id in targets(system, &request.targets, &mut failures)? {
        let result = work.change(id, action);
        if failures.take(result)?.is_none() && work.counts.refused_pv {
            work.counts.unchanged += 1;
        }
        work.counts.refused_pv = false;
    }
    let summary = work.counts.summary();
    if work.stages.is_empty() && work.vgs.is_empty() && !failures.is_empty() {
        let mut stop = failures.into_stop();
        if let Some(Stop::Refused(refused)) = &mut stop {
            refused.notes.insert(0, summary);
        }
        return Err(stop.expect("there are failures"));
    }
    work.told.push(summary);
    let mut stages = work.stages;
    stages.extend(work.vgs.into_iter().map(|(vg, pvs)| Stage {
        name: "the physical volumes of a volume group are changed",
        vgs: [VgAfter::Write(Box::new(vg))].into(),
        pvs,
        ..Stage::default()
    }));
    Ok(Change {
        stages,
        before: failures.messages(),
        after: work.told,
        failed: !failures.is_empty(),
        ..Change::default()
    })
}

fn targets(
    system: &System,
    targets: &Targets,
    failures: &mut Failures,
) -> Result<Vec<DeviceId>, Stop> {
    let mut found = Vec::new();
    match targets {
        Targets::All => found = system.pvs_in_order(),
        Targets::Devices(names) => {
            for name in names {
                let device = find_pv(system, name).map_err(Stop::from);
                found.extend(failures.take(device)?);
            }
        }
    }
    system.sort_pvs(&mut found);
    Ok(found)
}

#[derive(Default)]
struct Counts {
    changed: usize,
    unchanged: usize,
    /// Whether the refusal that is under way is about the PV itself, not about its VG.
    refused_pv: bool,
}

impl Counts {
    fn summary(&self) -> Message {
        let plural = |count| if count == 1 { "" } else { "s" };
        Message::print(format!(
            "{} physical volume{} changed / {} physical volume{} not changed",
            self.changed,
            plural(self.changed),
            self.unchanged,
            plural(self.unchanged)
        ))
    }
}

/// What has been decided so far.
struct Work<'a> {
    system: &'a System,
    /// VGs of which PVs have changed, with what becomes of their devices.
    vgs: Vec<(Vg, Vec<PvAfter>)>,
    /// PVs of no VG.
    stages: Vec<Stage>,
    told: Vec<Message>,
    counts: Counts,
    entropy: Entropy,
}

impl Work<'_> {
    fn change(&mut self, id: DeviceId, action: &Action) -> Result<(), Stop> {
        let device = &self.system.device(id).name;
        let vg = self.system.vg_of(id);
        if let Some((view, _)) = vg {
            check_vg_of_pv(self.system, view, device)?;
        }
        self.counts.refused_pv = true;
        let changed = match vg {
            Some((view, index)) => self.change_in_vg(view, index, id, action)?,
            None => self.change_orphan(id, action)?,
        };
        if changed {
            self.counts.changed += 1;
            let text = format!("Physical volume \"{device}\" changed");
            self.told.push(Message::print(text));
        } else {
            self.counts.unchanged += 1;
            let text = format!("Physical volume {device} not changed");
            self.told.push(Message::print(text));
        }
        Ok(())
    }

    fn change_orphan(&mut self, id: DeviceId, action: &Action) -> Result<bool, Stop> {
        let device = self.system.device(id);
        let name = || device.name.clone();
        if self.system.is_duplicate(id) {
            return Err(PvRefusal::Duplicate { device: name() }.into());
        }
        let found = pv_on(device).expect("a target is a PV");
        let after = match action {
            Action::Allocatable(_) => {
                return Err(PvRefusal::OrphanAllocatable { device: name() }.into());
            }
            Action::Tags { .. } => return Err(PvRefusal::OrphanTag { device: name() }.into()),
            Action::MetadataIgnore(ignored) => self.ignore(id, *ignored)?,
            Action::NewId => {
                let id_new = self.entropy.uuid();
                let header = PvHeader { id: id_new, ..found.label.header.clone() };
                with_header(id, found, header)
            }
        };
        self.stages.push(Stage {
            name: "a physical volume is changed",
            pvs: [after].into(),
            ..Stage::default()
        });
        Ok(true)
    }

    fn change_in_vg(
        &mut self,
        view: &VgView,
        index: PvIndex,
        id: DeviceId,
        action: &Action,
    ) -> Result<bool, Stop> {
        let system = self.system;
        let name = &system.device(id).name;
        let found = pv_on(system.device(id)).expect("a target is a PV");
        let place = self.place(view);
        let pv = &mut self.vgs[place].0.pvs[index.get()];
        match action {
            Action::Allocatable(allocatable) => {
                if pv.flags.allocatable == *allocatable {
                    let word = if *allocatable { "allocatable" } else { "unallocatable" };
                    let text = format!("Physical volume \"{name}\" is already {word}.");
                    self.told.push(Message::error(text));
                    self.forget_unchanged(place, view);
                    return Ok(false);
                }
                pv.flags.allocatable = *allocatable;
            }
            Action::Tags { add, remove } => change_tags(&mut pv.tags, add, remove),
            Action::NewId => {
                pv.id = self.entropy.uuid();
                let mut header = PvHeader { id: pv.id, ..found.label.header.clone() };
                // As LVM2 does it: the label says again what the VG's text says.
                header.device_size = pv.device_size.map_or(header.device_size, Sectors::to_bytes);
                let after = with_header(id, found, header);
                self.vgs[place].1.push(after);
            }
            Action::MetadataIgnore(ignored) => {
                let result = self.ignore_in_vg(place, view, id, *ignored);
                if result.is_err() {
                    self.forget_unchanged(place, view);
                }
                result?;
            }
        }
        Ok(true)
    }

    fn ignore_in_vg(
        &mut self,
        place: usize,
        view: &VgView,
        id: DeviceId,
        ignored: bool,
    ) -> Result<(), Stop> {
        let device = &self.system.device(id).name;
        let after = self.ignore(id, ignored)?;
        let (vg, pvs) = &mut self.vgs[place];
        let mut devices: BTreeSet<DeviceId> = pvs.iter().map(|after| after.device).collect();
        devices.insert(id);
        if ignored && in_use_elsewhere(self.system, vg, &devices) == 0 {
            let refusal =
                PvRefusal::LastMetadataArea { vg: vg.name.clone(), device: device.clone() };
            return Err(refusal.into());
        }
        if vg.metadata_copies != 0 {
            let question = Question {
                prompt: format!(
                    "Override preferred number of copies of VG {} metadata?",
                    view.vg.name
                ),
                force_answers: false,
            };
            if !self.system.ask(question)? {
                let device = device.clone();
                return Err(PvRefusal::NotChanged { device }.into());
            }
            vg.metadata_copies = 0;
        }
        pvs.push(after);
        Ok(())
    }

    /// Returns the place of the VG in what is changed.
    fn place(&mut self, view: &VgView) -> usize {
        let found = self.vgs.iter().position(|(vg, _)| vg.name == view.vg.name);
        found.unwrap_or_else(|| {
            self.vgs.push((guard::successor(self.system, view), Vec::new()));
            self.vgs.len() - 1
        })
    }

    /// Takes a VG out of what is changed, if it is not.
    fn forget_unchanged(&mut self, place: usize, view: &VgView) {
        let (vg, pvs) = &self.vgs[place];
        if pvs.is_empty() && *vg == guard::successor(self.system, view) {
            self.vgs.remove(place);
        }
    }

    fn ignore(&self, id: DeviceId, ignored: bool) -> Result<PvAfter, PvRefusal> {
        let device = self.system.device(id);
        let found = pv_on(device).expect("a target is a PV");
        let mut states = found.areas.iter().filter_map(|area| is_ignored(&area.state));
        if states.all(|state| state == ignored) {
            let device = device.name.clone();
            return Err(PvRefusal::AlreadyIgnored { device, ignored });
        }
        Ok(all_ignored(id, found, ignored))
    }
}

#[cfg(test)]
mod tests;
