//! lvresize, and with it lvextend and lvreduce: another length for an LV.

mod stripes;

use crate::alloc as allocation;
use crate::model::flags::AllocationPolicy;
use crate::model::lv::Lv;
use crate::model::lv_table::LvId;
use crate::model::segment::SegmentKind;
use crate::model::vg::Vg;
use crate::name::{LvName, VgName};
use crate::ops::allocated::Allocated;
use crate::ops::guard::{self, Tolerance};
use crate::ops::lv_common::{self, Places};
use crate::ops::lvcreate::shape::{Rounding, percentage, too_large};
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::roles::Roles;
use crate::ops::selector::VgSelector;
use crate::ops::system::{Question, System, VgView};
use crate::ops::{Change, Message, Stage, Stop, VgAfter};
use crate::size::extents::{ExtentsArg, PercentOf};
use crate::size::ranges::PvArg;
use crate::size::{Amount, Sign, Size};
use crate::units::{Extents, Sectors};
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::sync::Arc;
use std_alloc::vec;
use std_alloc::vec::Vec;

/// What the command allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// `lvextend`: longer only.
    Extend,
    /// `lvreduce`: shorter only.
    Reduce,
    /// `lvresize`: both.
    Either,
}

/// Another length for an LV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Its VG.
    pub vg: VgName,
    /// Its name.
    pub lv: LvName,
    /// What the command allows.
    pub direction: Direction,
    /// The length, or with a sign the difference. `None`: all that is free on the PVs given.
    pub amount: Option<Amount>,
    /// `-i`: stripes of what is added.
    pub stripes: Option<u32>,
    /// `-I`: stripe size of what is added.
    pub stripe_size: Option<Sectors>,
    /// The PVs that new extents may come from, in order of preference; all if empty.
    pub pvs: Vec<PvArg>,
    /// `--alloc`, for this time.
    pub policy: Option<AllocationPolicy>,
    /// Whether `-y` or `-f` was given: nothing is asked.
    pub force: bool,
    /// What else is asked for.
    pub beside: Beside,
}

/// What can be asked for beside a length, and needs what no operation can do yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Beside {
    /// Nothing.
    #[default]
    Nothing,
    /// `-r`: its file system gets the same length.
    FileSystem,
    /// `--usepolicies`: the length that a policy gives it.
    Policy,
}

/// Changes the length of an LV.
///
/// # Errors
/// If that may not be done, or if a person has to be asked: before an LV gets shorter.
pub fn lvresize(system: &System, request: &Request) -> Result<Change, Stop> {
    let selector = VgSelector::Name(request.vg.clone());
    let view = guard::writable(system, &selector, Tolerance::NONE)?;
    let id = view.vg.lvs.find(request.lv.as_str());
    let id = id.ok_or_else(|| LvRefusal::ResizeNotFound {
        vg: request.vg.clone(),
        lv: request.lv.clone(),
    })?;
    lv_common::check_plain(&view.vg, &Roles::of(&view.vg), id, "resize")?;
    let mut notes = Vec::new();
    if request.beside == Beside::Policy {
        return Err(LvRefusal::NoPolicy.into());
    }
    let (lv, allocated) = match resized(system, view, request, id, &mut notes) {
        Ok(resized) => resized,
        Err(refusal) => return Err(Stop::refuse(notes, refusal)),
    };
    if request.beside == Beside::FileSystem {
        let (vg, lv) = (request.vg.clone(), request.lv.clone());
        return Err(Stop::refuse(notes, LvRefusal::FileSystemNotActive { vg, lv }));
    }
    let (old, new) = (view.vg.lvs.extents(id), lv.extents());
    if new < old && !request.force {
        confirm(system, &view.vg, &lv)?;
    }
    lv_common::print(&mut notes, size_changed(&view.vg, &lv.name, old, new));
    let done = format!("Logical volume {}/{} successfully resized.", view.vg.name, lv.name);
    let mut stages = Vec::new();
    if new != old {
        let mut after = guard::successor(system, view);
        after.lvs.replace(id, Arc::new(lv));
        stages.push(Stage {
            name: "resized",
            vgs: vec![VgAfter::Write(Box::new(after))],
            ..Stage::default()
        });
    }
    Ok(Change {
        stages,
        before: notes,
        after: vec![Message::print(done)],
        allocated: allocated.into_iter().collect(),
        ..Change::default()
    })
}

fn size_changed(vg: &Vg, lv: &LvName, old: Extents, new: Extents) -> std_alloc::string::String {
    let words = |extents| lv_common::extent_words(vg, extents);
    let subject = format!("Size of logical volume {}/{lv}", vg.name);
    if old == new {
        return format!("{subject} unchanged from {} ({old} extents).", words(old));
    }
    format!(
        "{subject} changed from {} ({old} extents) to {} ({new} extents).",
        words(old),
        words(new)
    )
}

fn confirm(system: &System, vg: &Vg, lv: &Lv) -> Result<(), Stop> {
    let name = format!("{}/{}", vg.name, lv.name);
    let wanted = system.ask(Question {
        prompt: format!(
            "WARNING: Reducing logical volume {name} to {}.\n  \
             THIS MAY DESTROY YOUR DATA (filesystem etc.)\n\
             Do you really want to reduce {name}?",
            lv_common::extent_words(vg, lv.extents())
        ),
        force_answers: true,
    })?;
    if wanted {
        return Ok(());
    }
    Err(LvRefusal::NotReduced { vg: vg.name.clone(), lv: lv.name.clone() }.into())
}

/// Returns the LV as it is to be, and what was asked of the allocator.
fn resized(
    system: &System,
    view: &VgView,
    request: &Request,
    id: LvId,
    notes: &mut Vec<Message>,
) -> Result<(Lv, Option<Allocated>), LvRefusal> {
    let vg = &view.vg;
    let old = vg.lvs.extents(id);
    let mut lv = Lv::clone(&vg.lvs.get(id));
    let places = lv_common::places(system, view, &request.pvs, notes)?;
    let (new, approximate) = wanted(vg, request, &places, old, notes)?;
    check_direction(request.direction, old, new)?;
    if new < old {
        if !request.pvs.is_empty() {
            lv_common::print(notes, "Ignoring PVs on command line when reducing.");
        }
        shorten(&mut lv, new, notes)?;
        Ok((lv, None))
    } else {
        let target = Target { old, new, approximate };
        let allocated = extend(system, vg, request, &mut lv, &target, places, notes)?;
        Ok((lv, allocated))
    }
}

fn check_direction(direction: Direction, old: Extents, new: Extents) -> Result<(), LvRefusal> {
    if new == old {
        return Err(LvRefusal::SameSize { extents: new, rounded: false });
    }
    match direction {
        Direction::Extend if new < old => Err(LvRefusal::NotLarger { new, old }),
        Direction::Reduce if new > old => Err(LvRefusal::NotLess { new, old }),
        _ => Ok(()),
    }
}

/// Returns the length asked for, and whether less will do.
fn wanted(
    vg: &Vg,
    request: &Request,
    places: &Places,
    old: Extents,
    notes: &mut Vec<Message>,
) -> Result<(Extents, bool), LvRefusal> {
    let all =
        Amount::Extents(ExtentsArg { sign: Sign::Plus, count: 100, percent: Some(PercentOf::Pvs) });
    let amount = request.amount.unwrap_or(all);
    let (extents, approximate) = match amount {
        Amount::Size(size) => (whole_extents(vg, size, notes)?, false),
        Amount::Extents(argument) => share(vg, argument, places, old, notes)?,
    };
    let too_many = || LvRefusal::ExtensionTooLarge {
        vg: vg.name.clone(),
        lv: request.lv.clone(),
        extents: match amount.sign() {
            Sign::None => extents.saturating_sub(old),
            _ => extents,
        },
    };
    let new = match amount.sign() {
        Sign::None => extents,
        Sign::Plus => old.checked_add(extents).ok_or_else(too_many)?,
        Sign::Minus => match old.checked_sub(extents) {
            Some(rest) if !rest.is_zero() => rest,
            _ => return Err(below_one(vg, &request.lv)),
        },
    };
    if new.is_zero() {
        return Err(below_one(vg, &request.lv));
    }
    if new > old && new.get() >= u64::from(u32::MAX) {
        return Err(too_many());
    }
    Ok((new, approximate))
}

fn below_one(vg: &Vg, lv: &LvName) -> LvRefusal {
    LvRefusal::BelowOne { vg: vg.name.clone(), lv: lv.clone() }
}

/// Returns a size in extents: what is taken away rounded down, all else up.
fn whole_extents(vg: &Vg, size: Size, notes: &mut Vec<Message>) -> Result<Extents, LvRefusal> {
    if size.sectors.is_zero() {
        let option = "--size";
        return Err(LvRefusal::ZeroOption { option });
    }
    let extents = match size.sign {
        Sign::Minus => vg.extent_size.extents_floor(size.sectors),
        Sign::None | Sign::Plus => vg.extent_size.extents_ceil(size.sectors),
    };
    if extents.get() > u64::from(u32::MAX) {
        return Err(too_large(vg, size.sectors));
    }
    if !size.sectors.is_multiple_of(vg.extent_size.sectors()) {
        let rounded = lv_common::extent_words(vg, extents);
        let text = format!("Rounding size to boundary between physical extents: {rounded}.");
        lv_common::print(notes, text);
    }
    Ok(extents)
}

/// Returns a number of extents or a percentage, and whether less will do.
fn share(
    vg: &Vg,
    argument: ExtentsArg,
    places: &Places,
    old: Extents,
    notes: &mut Vec<Message>,
) -> Result<(Extents, bool), LvRefusal> {
    if argument.count == 0 {
        let option = "--extents";
        return Err(LvRefusal::ZeroOption { option });
    }
    let Some(of) = argument.percent else {
        return Ok((Extents::new(u64::from(argument.count)), false));
    };
    let total = match of {
        PercentOf::Vg => vg.extent_count(),
        PercentOf::Free => vg.free_count(),
        PercentOf::Pvs => places.free.unwrap_or_else(|| vg.extent_count()),
        PercentOf::Lv => old,
        PercentOf::Origin => return Err(LvRefusal::NoOrigin),
    };
    let rounding = match argument.sign {
        Sign::Minus => Rounding::Down,
        Sign::None | Sign::Plus => Rounding::Up,
    };
    let extents = percentage(total, argument.count, rounding);
    let room = old + vg.free_count();
    match (of, argument.sign) {
        (PercentOf::Vg, Sign::None) if extents > room => {
            let rest = lv_common::extent_words(vg, room);
            let text =
                format!("Reducing {}%VG to remaining free space {rest} in VG.", argument.count);
            lv_common::print(notes, text);
            Ok((room, true))
        }
        // There is no more, and more might not be a number.
        (PercentOf::Free, Sign::Plus) => Ok((extents.min(vg.free_count()), true)),
        (PercentOf::Free, _) | (PercentOf::Vg | PercentOf::Pvs, Sign::None) => Ok((extents, true)),
        (PercentOf::Vg | PercentOf::Pvs | PercentOf::Lv | PercentOf::Origin, _) => {
            Ok((extents, false))
        }
    }
}

/// Takes extents from the end, so that the last row stays whole.
fn shorten(lv: &mut Lv, new: Extents, notes: &mut Vec<Message>) -> Result<(), LvRefusal> {
    let old = lv.extents();
    let mut new = new;
    let within = |segment: &&crate::model::segment::Segment| segment.end().get() >= new.get();
    if let Some(last) = lv.segments.iter().find(within) {
        let row = match &last.kind {
            SegmentKind::Striped(striped) => striped.areas.len().max(1) as u64,
            _ => 1,
        };
        let start = Extents::new(last.start.get());
        let length = (new - start)
            .checked_round_up(Extents::new(row))
            .expect("a segment's length fits 32 bits");
        let rounded = start + length;
        if rounded != new {
            stripes::note_rounding_up(new, rounded, notes);
            new = rounded;
        }
    }
    if new == old {
        return Err(LvRefusal::SameSize { extents: new, rounded: true });
    }
    lv.segments.retain(|segment| segment.start.get() < new.get());
    if let Some(last) = lv.segments.last_mut() {
        last.extents = last.extents.min(new - Extents::new(last.start.get()));
    }
    assert_eq!(lv.extents(), new, "the rest is as long as wanted");
    Ok(())
}

/// The length that an LV has and the one that it gets.
struct Target {
    old: Extents,
    new: Extents,
    /// Less will do.
    approximate: bool,
}

fn extend(
    system: &System,
    vg: &Vg,
    request: &Request,
    lv: &mut Lv,
    target: &Target,
    places: Places,
    notes: &mut Vec<Message>,
) -> Result<Option<Allocated>, LvRefusal> {
    if let Some(last) = lv.segments.last_mut()
        && matches!(last.kind, SegmentKind::Error | SegmentKind::Zero)
    {
        last.extents += target.new - target.old;
        return Ok(None);
    }
    let stripes = stripes::of_extension(system, vg, request, &lv.segments, notes)?;
    let free = target.approximate.then(|| vg.free_count());
    let added = stripes::round(target, &stripes, free, notes)?;
    let allocation = allocation::Request {
        rows: Extents::new(added.get() / u64::from(stripes.count)),
        legs: 1,
        stripes: usize::try_from(stripes.count).expect("there are at most 128 stripes"),
        policy: lv_common::effective_policy(vg, request.policy.unwrap_or(lv.policy)),
        candidates: places.candidates,
        before: &lv.segments,
        cling_tags: &system.settings.cling_tags,
        maximise_cling: system.settings.maximise_cling,
        approximate: target.approximate,
    };
    let layout = match lv_common::allocate(system, vg, &lv.name, &allocation) {
        Ok(layout) => layout,
        // LVM2 then reports that the size is unchanged, and succeeds.
        Err(LvRefusal::NothingSuitable { .. }) => return Ok(None),
        Err(refusal) => return Err(refusal),
    };
    let before = lv.extents();
    let allocated = Allocated::new(vg, &lv.name, before, &allocation);
    layout.append_to(&mut lv.segments, stripes.size);
    assert!(lv.extents() > before, "an extension adds extents");
    Ok(Some(allocated))
}

#[cfg(test)]
mod tests;
