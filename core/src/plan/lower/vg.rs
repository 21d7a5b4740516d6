//! Writing and removing a VG: texts, labels, and the headers that are the commit.

use super::areas::Target;
use super::pv::set_used;

use super::valid::{check_invariants, check_seqno};
use super::world::Patch;
use super::{LowerError, Lowering, VgNow, flushes};
use crate::format::mda::{RAW_LOCATION_IGNORED, RawLocation};
use crate::id::Uuid;
use crate::model::vg::Vg;
use crate::ops::system::DeviceId;
use crate::ops::{PvState, Stage, VgAfter};
use crate::plan::effect::{Effect, Group};
use crate::plan::{CommitRule, PlannedStage};
use std_alloc::collections::BTreeSet;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

impl Lowering<'_> {
    pub(super) fn lower_vg(
        &mut self,
        stage: &Stage,
        vg: &Vg,
        is_first: bool,
    ) -> Result<PlannedStage, LowerError> {
        self.world.begin_stage();
        let before = self.vgs.get(&vg.id).cloned();
        check_seqno(vg, before.as_ref())?;
        check_invariants(self.system, vg)?;
        let members = self.members_after(stage, vg, before.as_ref());
        let gone = self.leavers(stage, before.as_ref(), &members);
        let mut prepare = if is_first { self.init_effects(stage)? } else { Vec::new() };
        let moved = self.area_changes(stage, &members)?;
        prepare.extend(self.label_changes(stage, &members)?);
        let targets = self.targets(stage, vg, &members)?;
        let text = self.disk_text(vg);
        self.texts.push(text.clone());
        let first = self.flushes_before(&targets, &text);
        let mut locations = Vec::new();
        for target in &targets {
            let (location, writes) = self.text_writes(vg, *target, &text)?;
            locations.push(location);
            prepare.extend(writes);
        }
        prepare.extend(self.mark_used(&gone, false)?);
        let undo = self.world.restores();
        let flush = flushes(&prepare);
        let commit = self.header_writes(vg, &targets, &locations)?;
        self.hints |= before.as_ref().is_none_or(|before| {
            before.name != vg.name || !gone.is_empty() || before.members.len() != members.len()
        });
        let finish = self.finish_vg(stage, vg, before.as_ref(), &members, &gone)?;
        self.vgs.insert(
            vg.id,
            VgNow { name: vg.name.clone(), seqno: vg.seqno, members, outdated: Vec::new() },
        );
        Ok(PlannedStage {
            name: stage_name(stage, vg.name.as_str()),
            prepare: [moved.clone(), flushes(&moved), first, prepare, flush].into(),
            undo: [undo.clone(), flushes(&undo)].into(),
            rule: CommitRule::Any,
            commit,
            finish,
        })
    }

    /// Finds the devices of a VG's PVs. A PV that it had is where it was observed, and if it was
    /// missing it is so still: another VG may have its device. The label of a new one may be
    /// written only now.
    fn members_after(
        &self,
        stage: &Stage,
        vg: &Vg,
        before: Option<&VgNow>,
    ) -> Vec<(Uuid, Option<DeviceId>)> {
        let new = |pv: Uuid| {
            let afters = stage.pvs.iter();
            let mut of_pv = afters.filter(|after| match &after.state {
                PvState::Pv { header, .. } => header.id == pv,
                PvState::None => false,
            });
            of_pv.next().map(|after| after.device)
        };
        let old = |pv: Uuid| {
            let mut members = before.into_iter().flat_map(|before| &before.members);
            members.find(|(id, _)| *id == pv).map(|(_, device)| *device)
        };
        let find = |pv: Uuid| match (new(pv), old(pv)) {
            (Some(device), _) => Some(device),
            (None, Some(device)) => device,
            (None, None) => self.find_pv(pv),
        };
        vg.pvs.iter().map(|pv| (pv.id, find(pv.id))).collect()
    }

    /// Devices of PVs that were in the VG and are in none of the VGs of this stage.
    fn leavers(
        &self,
        stage: &Stage,
        before: Option<&VgNow>,
        members: &[(Uuid, Option<DeviceId>)],
    ) -> Vec<DeviceId> {
        let stay: BTreeSet<DeviceId> = members.iter().filter_map(|(_, device)| *device).collect();
        let written = stage.vgs.iter().flat_map(|after| match after {
            VgAfter::Write(vg) => &vg.pvs[..],
            VgAfter::Remove(_) => &[],
        });
        let listed: BTreeSet<Uuid> = written.map(|pv| pv.id).collect();
        let before = before.into_iter().flat_map(|before| &before.members);
        let leaving = before.filter(|(pv, _)| !listed.contains(pv));
        let elsewhere = |pv: &Uuid| {
            let now = self.vgs.values();
            now.filter(|vg| vg.members.iter().any(|(id, _)| id == pv)).count() > 1
        };
        leaving
            .filter(|(pv, _)| !elsewhere(pv))
            .filter_map(|(_, device)| *device)
            .filter(|device| !stay.contains(device))
            .collect()
    }

    /// Labels of members that change and stay.
    fn label_changes(
        &mut self,
        stage: &Stage,
        members: &[(Uuid, Option<DeviceId>)],
    ) -> Result<Group, LowerError> {
        let mut group = Vec::new();
        for after in &stage.pvs {
            let PvState::Pv { header, label_sector, fresh: false, .. } = &after.state else {
                continue;
            };
            if !members.iter().any(|(_, device)| *device == Some(after.device)) {
                continue;
            }
            let label = self.label_of(after.device, header, *label_sector);
            if self.world.disk(after.device).label.as_ref() != Some(&label) {
                group.extend(self.label_writes(after.device, label)?);
            }
        }
        Ok(group)
    }

    /// The commit: all headers at once and a flush; then those of areas taken over from other VGs,
    /// which must not be lost to both; then those of areas that are ignored from now on, which by
    /// themselves would not make the text the newest.
    fn header_writes(
        &mut self,
        vg: &Vg,
        targets: &[Target],
        locations: &[RawLocation],
    ) -> Result<Vec<Group>, LowerError> {
        assert_eq!(targets.len(), locations.len(), "each area has its text");
        let mut groups = Vec::new();
        for (ignored, foreign) in [(false, false), (false, true), (true, false), (true, true)] {
            let mut group = Vec::new();
            let is_due = |target: &Target| (target.ignored, target.foreign) == (ignored, foreign);
            for (target, location) in targets.iter().zip(locations) {
                if is_due(target) {
                    group.push(self.header_write(vg, *target, *location)?);
                }
            }
            if !group.is_empty() {
                let flush = flushes(&group);
                groups.extend([group, flush]);
            }
        }
        Ok(groups)
    }

    fn header_write(
        &mut self,
        vg: &Vg,
        target: Target,
        location: RawLocation,
    ) -> Result<Effect, LowerError> {
        let disk = self.world.disk(target.device);
        let area = &mut disk.areas[target.number];
        let header = area.header.as_mut();
        let header = header.expect("areas without a header are not written");
        let kept = header.committed.flags & !RAW_LOCATION_IGNORED;
        let ignored = if target.ignored { RAW_LOCATION_IGNORED } else { 0 };
        header.committed = RawLocation { flags: kept | ignored, ..location };
        header.precommitted = RawLocation::default();
        area.damaged = false;
        area.holds = Some((vg.id, vg.seqno));
        let (bytes, offset) = (header.encode(), area.start);
        let number = target.number + 1;
        let patch = Patch {
            offset,
            bytes: &bytes,
            why: format!(
                "header of metadata area {number}: commit of VG {}, seqno {}",
                vg.name, vg.seqno
            ),
        };
        disk.compose(target.device, &[patch])
    }

    /// Sets or clears `USED` in the labels of devices where it is not so yet.
    fn mark_used(&mut self, devices: &[DeviceId], used: bool) -> Result<Group, LowerError> {
        let mut group = Vec::new();
        for device in devices {
            let Some(mut label) = self.world.disk(*device).label.clone() else {
                continue;
            };
            let version = label.header.extension.as_ref().map_or(0, |known| known.version);
            if label.header.is_used() == used && version >= 2 {
                continue;
            }
            set_used(&mut label.header, used);
            if !used {
                // A PV of no VG is as large as its device, whatever it has been told to pretend.
                label.header.device_size = self.world.disk(*device).size;
            }
            group.extend(self.label_writes(*device, label)?);
        }
        Ok(group)
    }

    /// What follows the commit: PVs that left are cleared, those that joined are marked; backup.
    fn finish_vg(
        &mut self,
        stage: &Stage,
        vg: &Vg,
        before: Option<&VgNow>,
        members: &[(Uuid, Option<DeviceId>)],
        gone: &[DeviceId],
    ) -> Result<Vec<Group>, LowerError> {
        let mut clear: Vec<DeviceId> = gone.to_vec();
        if let Some(before) = before.filter(|_| stage.repair) {
            clear.extend(&before.outdated);
        }
        let mut group = self.clear_areas(&clear, vg.id)?;
        group.extend(self.mark_used(&clear, false)?);
        let joined: Vec<DeviceId> = members.iter().filter_map(|(_, device)| *device).collect();
        group.extend(self.mark_used(&joined, true)?);
        let flush = flushes(&group);
        let mut files = Vec::new();
        if self.system.settings.backup {
            files.push(self.backup(vg));
        }
        let renamed = before.filter(|before| before.name != vg.name);
        files.extend(renamed.map(|before| Effect::RemoveBackup { vg: before.name.clone() }));
        Ok([group, flush, files].into())
    }

    /// Takes the text of a VG from the areas of devices.
    fn clear_areas(&mut self, devices: &[DeviceId], vg: Uuid) -> Result<Group, LowerError> {
        let mut group = Vec::new();
        for device in devices {
            for number in 0..self.world.disk(*device).areas.len() {
                let disk = self.world.disk(*device);
                let area = &mut disk.areas[number];
                let is_ours = area.holds.is_none_or(|(holder, _)| holder == vg);
                let Some(header) = area.header.as_mut().filter(|_| is_ours) else {
                    continue;
                };
                if header.committed.is_none() && header.precommitted.is_none() {
                    continue;
                }
                header.committed =
                    RawLocation { flags: header.committed.flags, ..RawLocation::default() };
                header.precommitted = RawLocation::default();
                area.holds = None;
                let (bytes, offset) = (header.encode(), area.start);
                let patch = Patch {
                    offset,
                    bytes: &bytes,
                    why: format!("header of metadata area {}: cleared", number + 1),
                };
                group.push(disk.compose(*device, &[patch])?);
            }
        }
        Ok(group)
    }

    /// Removes a VG. Nothing is left to do if all its PVs and areas have gone to another.
    pub(super) fn lower_vg_removal(
        &mut self,
        stage: &Stage,
        id: Uuid,
    ) -> Result<Option<PlannedStage>, LowerError> {
        self.world.begin_stage();
        let Some(before) = self.vgs.remove(&id) else {
            return Ok(None);
        };
        self.hints = true;
        let elsewhere: BTreeSet<Uuid> =
            self.vgs.values().flat_map(|vg| vg.members.iter().map(|(pv, _)| *pv)).collect();
        let gone = before.members.iter().filter(|(pv, _)| !elsewhere.contains(pv));
        let lives_on = gone.clone().next().is_none();
        let mut gone: Vec<DeviceId> = gone.filter_map(|(_, device)| *device).collect();
        let prepare = self.mark_used(&gone, false)?;
        gone.extend(&before.outdated);
        let flush = flushes(&prepare);
        let commit = self.clear_areas(&gone, id)?;
        let undo = self.world.restores();
        let commit_flush = flushes(&commit);
        // The name may live on, under another identity. As with LVM2, the backup of a VG whose PVs
        // have all gone to others stays.
        let mut others = self.vgs.values();
        let is_over = !lives_on && others.all(|vg| vg.name != before.name);
        let backup = is_over.then(|| Effect::RemoveBackup { vg: before.name.clone() });
        Ok(Some(PlannedStage {
            name: stage_name(stage, before.name.as_str()),
            prepare: [prepare, flush].into(),
            undo: [undo.clone(), flushes(&undo)].into(),
            rule: CommitRule::All,
            commit: [commit, commit_flush].into(),
            finish: [backup.into_iter().collect()].into(),
        }))
    }
}

fn stage_name(stage: &Stage, vg: &str) -> String {
    if stage.vgs.len() > 1 { format!("{}: {vg}", stage.name) } else { stage.name.into() }
}
