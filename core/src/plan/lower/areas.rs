//! Which areas a VG's text goes to, and which of them are in use from then on.

use super::world::AreaNow;
use super::{LowerError, Lowering};
use crate::format::mda::MdaHeader;
use crate::id::{Entropy, Uuid};
use crate::model::vg::Vg;
use crate::ops::system::DeviceId;
use crate::ops::{PvState, Stage};
use std_alloc::vec::Vec;

/// An area that a VG's text goes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) device: DeviceId,
    pub(super) number: usize,
    /// Whether the area is not in use once the stage is committed.
    pub(super) ignored: bool,
    /// Whether it carries the text of another VG, which this one takes over.
    pub(super) foreign: bool,
}

impl Lowering<'_> {
    /// Chooses the areas that are written, and which of them are ignored from now on.
    pub(super) fn targets(
        &mut self,
        stage: &Stage,
        vg: &Vg,
        members: &[(Uuid, Option<DeviceId>)],
    ) -> Result<Vec<Target>, LowerError> {
        let mut used = Vec::new();
        let mut idle = Vec::new();
        for device in members.iter().filter_map(|(_, device)| *device) {
            let wanted = ignored_by(stage, device);
            for number in 0..self.world.disk(device).areas.len() {
                if stage.repair {
                    self.repair_header(device, number);
                }
                let area = &self.world.disk(device).areas[number];
                if !is_writable(area, stage.repair) {
                    continue;
                }
                let was_ignored = area.is_ignored();
                let wanted = wanted.and_then(|wanted| wanted.get(number).copied());
                let ignored = wanted.unwrap_or(was_ignored);
                let target = Target {
                    device,
                    number,
                    ignored,
                    foreign: area.holds.is_some_and(|(holder, _)| holder != vg.id),
                };
                // What was in use until now gets the new text also if it is ignored from now on.
                if was_ignored && ignored {
                    idle.push(target);
                } else {
                    used.push(target);
                }
            }
        }
        self.manage_copies(vg, &mut used, &mut idle);
        if used.iter().all(|target| target.ignored) {
            return Err(LowerError::NoArea(vg.name.clone()));
        }
        Ok(used)
    }

    /// Brings the number of areas in use to what the VG asks for, and to one at least.
    fn manage_copies(&self, vg: &Vg, used: &mut Vec<Target>, idle: &mut Vec<Target>) {
        // Another sequence than that of the operation's identities.
        let mut seed = self.system.host.seed;
        seed[31] ^= 0x5a;
        let mut entropy = Entropy::from_seed(seed);
        let in_use = |used: &[Target]| used.iter().filter(|target| !target.ignored).count();
        let wanted = match usize::try_from(vg.metadata_copies) {
            Ok(0) | Err(_) => in_use(used).max(1),
            Ok(copies) => copies,
        };
        while in_use(used) < wanted {
            if let Some(target) = used.iter_mut().find(|target| target.ignored) {
                target.ignored = false;
            } else if idle.is_empty() {
                return;
            } else {
                let mut target = idle.swap_remove(entropy.below(idle.len()));
                target.ignored = false;
                used.push(target);
            }
        }
        while in_use(used) > wanted {
            let active = used.iter_mut().filter(|target| !target.ignored);
            let mut active: Vec<&mut Target> = active.collect();
            let choice = entropy.below(active.len());
            active[choice].ignored = true;
        }
    }

    /// Makes a new header for an area whose header is damaged.
    fn repair_header(&mut self, device: DeviceId, number: usize) {
        let area = &mut self.world.disk(device).areas[number];
        if area.header.is_none() && !area.unreadable {
            area.header = Some(MdaHeader::empty(area.start, area.size));
        }
    }
}

fn is_writable(area: &AreaNow, repair: bool) -> bool {
    area.header.is_some() && !area.unreadable && (!area.damaged || repair)
}

/// Which areas of a device the stage wants ignored, if it says so.
fn ignored_by(stage: &Stage, device: DeviceId) -> Option<&[bool]> {
    stage.pvs.iter().find_map(|after| match &after.state {
        PvState::Pv { ignored, fresh: false, .. } if after.device == device => Some(&ignored[..]),
        _ => None,
    })
}
