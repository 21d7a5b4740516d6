//! max-size: the largest LV of a shape, or the most that an LV can grow by, and what bounds it.
//!
//! Both are asked of the operations themselves: `lvcreate` or `lvextend` of all that is free, which
//! takes what there is room for, and of one extent more than that, whose refusal is the bound. So
//! the answer is true for the very commands that a user runs next.

use crate::model::segment::SegmentKind;
use crate::ops::refusal::Refusal;
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::system::System;
use crate::ops::{Change, Stop, VgAfter, lvcreate, lvresize};
use crate::size::extents::{ExtentsArg, PercentOf};
use crate::size::{Amount, Sign};
use crate::units::{ExtentSize, Extents, Sectors};
use std_alloc::boxed::Box;

/// What is asked for; the amounts and names do not matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Request {
    /// A new LV.
    New(Box<lvcreate::Request>),
    /// More of an LV.
    More(Box<lvresize::Request>),
}

/// The largest that there is room for.
#[derive(Clone, Debug)]
pub struct MaxSize {
    /// How many extents can be added.
    pub extents: Extents,
    /// Their length.
    pub size: Sectors,
    /// How many extents the LV has then.
    pub total: Extents,
    /// The length of the LV then.
    pub total_size: Sectors,
    /// How many stripes lie side by side in what is added.
    pub stripes: usize,
    /// Why there is no room for more: what a request for one row more is told. `None` if there
    /// is room, and an LV cannot have more extents.
    pub bound: Option<Refusal>,
}

/// Finds the largest.
///
/// # Errors
/// If there is no room for a single row, or the request makes no sense.
pub fn max_size(system: &System, request: &Request) -> Result<MaxSize, Stop> {
    let old = check_bounded(system, request)?;
    let percent = Some(PercentOf::Free);
    let all = match request {
        Request::New(_) => ExtentsArg { sign: Sign::None, count: 100, percent },
        Request::More(_) => ExtentsArg { sign: Sign::Plus, count: 100, percent },
    };
    let of = |change: &Change| Found::of(change, request).filter(|found| found.total > old);
    let found = attempt(system, request, all).ok().as_ref().and_then(of);
    let mut found = match found {
        Some(found) => found,
        // What a single row is told is why. There may be one, where all that is free is more than
        // an LV can have.
        None => of(&attempt(system, request, number(1))?).expect("a row makes an LV longer"),
    };
    let mut bound = None;
    // From here on there is no room; beyond 32 bits there are no numbers.
    let mut limit = u64::from(u32::MAX) + 1;
    let mut next = (found.total - old).get() + 1;
    while next < limit {
        let count = u32::try_from(next).expect("it is below the limit");
        match attempt(system, request, number(count)) {
            Ok(change) => found = of(&change).expect("a row makes an LV longer"),
            Err(Stop::Refused(refused)) => {
                limit = next;
                bound = Some(refused.refusal);
            }
            Err(stop) => unreachable!("nothing is to be asked or looked at: {stop:?}"),
        }
        next = ((found.total - old).get() + limit).div_ceil(2);
    }
    Ok(found.finish(old, bound))
}

/// What a command would make.
struct Found {
    extent_size: ExtentSize,
    total: Extents,
    stripes: usize,
}

impl Found {
    /// Looks at the LV after a change, if it is changed.
    fn of(change: &Change, request: &Request) -> Option<Self> {
        let vgs = change.stages.iter().flat_map(|stage| &stage.vgs);
        let vg = vgs.into_iter().find_map(|after| match after {
            VgAfter::Write(vg) => Some(vg),
            VgAfter::Remove(_) => None,
        })?;
        let id = match request {
            Request::New(_) => vg.lvs.ids().next_back(),
            Request::More(request) => vg.lvs.find(request.lv.as_str()),
        };
        let lv = vg.lvs.get(id?);
        let stripes = lv.segments.last().map_or(1, |last| last.areas().len());
        Some(Self { extent_size: vg.extent_size, total: lv.extents(), stripes })
    }

    fn finish(self, old: Extents, bound: Option<Refusal>) -> MaxSize {
        let extents = self.total - old;
        MaxSize {
            extents,
            size: self.extent_size.to_sectors(extents),
            total: self.total,
            total_size: self.extent_size.to_sectors(self.total),
            stripes: self.stripes,
            bound,
        }
    }
}

fn number(count: u32) -> ExtentsArg {
    ExtentsArg { sign: Sign::Plus, count, percent: None }
}

/// Returns how many extents the LV has now. What lies nowhere has no bound.
fn check_bounded(system: &System, request: &Request) -> Result<Extents, Stop> {
    let Request::More(request) = request else {
        return Ok(Extents::ZERO);
    };
    let mut views = system.vgs.iter().filter(|view| view.vg.name == request.vg);
    let found = views.find_map(|view| Some((&view.vg, view.vg.lvs.find(request.lv.as_str())?)));
    // That there is none, the operation will say.
    let Some((vg, id)) = found else {
        return Ok(Extents::ZERO);
    };
    match vg.lvs.segments(id).last() {
        Some(last) if matches!(last.kind, SegmentKind::Error | SegmentKind::Zero) => {
            let kind = last.type_name().into();
            let (vg, lv) = (request.vg.clone(), request.lv.clone());
            Err(LvRefusal::Kind { verb: "bound", vg, lv, kind }.into())
        }
        _ => Ok(vg.lvs.extents(id)),
    }
}

/// Asks for so much.
fn attempt(system: &System, request: &Request, extents: ExtentsArg) -> Result<Change, Stop> {
    let amount = Amount::Extents(extents);
    match request {
        Request::New(request) => {
            // Nothing is to be looked at or asked.
            let request = lvcreate::Request {
                amount,
                zero: Some(false),
                wipe_signatures: Some(false),
                ..lvcreate::Request::clone(request)
            };
            lvcreate::lvcreate(system, &request)
        }
        Request::More(request) => {
            let request =
                lvresize::Request { amount: Some(amount), ..lvresize::Request::clone(request) };
            lvresize::lvresize(system, &request)
        }
    }
}

#[cfg(test)]
mod tests;
