//! How long a new LV is, and in how many stripes.

use super::{Kind, Request};
use crate::model::flags::AllocationPolicy;
use crate::model::vg::Vg;
use crate::ops::Message;
use crate::ops::lv_common::{self, Places};
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::system::{System, VgView};
use crate::size::Amount;
use crate::size::extents::PercentOf;
use crate::units::{Extents, Sectors};
use std_alloc::format;
use std_alloc::vec::Vec;

/// How many extents a new LV has, and in how many stripes.
pub(super) struct Shape {
    pub extents: Extents,
    pub stripes: u32,
    pub stripe_size: Option<Sectors>,
    /// It was given as a percentage: less will do.
    pub approximate: bool,
}

const STRIPES_MAX: u32 = 128;
const STRIPE_SIZE_MIN: Sectors = Sectors::new(8);
const STRIPE_SIZE_MAX: Sectors = Sectors::new(1 << 30);

/// Finds the shape that a request asks for.
pub(super) fn shape(
    system: &System,
    view: &VgView,
    request: &Request,
    places: &Places,
    notes: &mut Vec<Message>,
) -> Result<Shape, LvRefusal> {
    let vg = &view.vg;
    let free = vg.free_count();
    let stripes = request.stripes.unwrap_or(1);
    check_stripes(request, stripes)?;
    let approximate =
        matches!(request.amount, Amount::Extents(extents) if extents.percent.is_some());
    let stripe_size = stripe_size(system, request, stripes, notes);
    let extents = wanted(vg, request, places, free, notes)?;
    let stripe_size = stripe_size.map(|size| limit_stripe_size(vg, size, notes));
    let extents = to_stripes(vg, extents, stripes, approximate.then_some(free), notes)?;
    let anywhere = lv_common::effective_policy(vg, request.policy) == AllocationPolicy::Anywhere;
    if usize::try_from(stripes).unwrap_or(usize::MAX) > places.count && !anywhere {
        return Err(LvRefusal::MoreStripesThanPvs { stripes, pvs: places.count });
    }
    Ok(Shape { extents, stripes, stripe_size, approximate })
}

fn check_stripes(request: &Request, stripes: u32) -> Result<(), LvRefusal> {
    if stripes == 0 {
        let option = "--stripes";
        return Err(LvRefusal::ZeroOption { option });
    }
    if stripes > STRIPES_MAX {
        return Err(LvRefusal::StripeCount { stripes });
    }
    match request.stripe_size {
        Some(size) if size.is_zero() => {
            let option = "--stripesize";
            Err(LvRefusal::ZeroOption { option })
        }
        Some(size) if size > STRIPE_SIZE_MAX => {
            let max = lv_common::words(STRIPE_SIZE_MAX);
            Err(LvRefusal::StripeSizeMax { max })
        }
        Some(size) if !size.get().is_power_of_two() || size < STRIPE_SIZE_MIN => {
            let size = lv_common::words(size);
            Err(LvRefusal::StripeSize { size })
        }
        _ => Ok(()),
    }
}

/// Returns the stripe size; none with one stripe.
fn stripe_size(
    system: &System,
    request: &Request,
    stripes: u32,
    notes: &mut Vec<Message>,
) -> Option<Sectors> {
    if stripes == 1 {
        if request.stripe_size.is_some() {
            let text = "Ignoring stripesize argument with single stripe.";
            lv_common::print(notes, text);
        }
        return None;
    }
    let size = request.stripe_size.unwrap_or_else(|| {
        let size = system.settings.stripe_size;
        let text = format!("Using default stripesize {}.", lv_common::words(size));
        lv_common::print(notes, text);
        size
    });
    Some(size)
}

/// A stripe is not larger than an extent.
fn limit_stripe_size(vg: &Vg, size: Sectors, notes: &mut Vec<Message>) -> Sectors {
    let limit = vg.extent_size.sectors();
    if size <= limit {
        return size;
    }
    lv_common::print(
        notes,
        format!(
            "Reducing requested stripe size {} to maximum, physical extent size {}.",
            lv_common::words(size),
            lv_common::words(limit)
        ),
    );
    limit
}

/// Returns how many extents are wanted.
fn wanted(
    vg: &Vg,
    request: &Request,
    places: &Places,
    free: Extents,
    notes: &mut Vec<Message>,
) -> Result<Extents, LvRefusal> {
    let argument = match request.amount {
        Amount::Size(size) => return whole_extents(vg, size.sectors, notes),
        Amount::Extents(argument) if argument.count == 0 => {
            let option = "--extents";
            return Err(LvRefusal::ZeroOption { option });
        }
        Amount::Extents(argument) => argument,
    };
    let Some(of) = argument.percent else {
        return Ok(Extents::new(u64::from(argument.count)));
    };
    let total = match of {
        PercentOf::Vg => vg.extent_count(),
        PercentOf::Free => free,
        PercentOf::Pvs => places.free.unwrap_or_else(|| vg.extent_count()),
        PercentOf::Origin | PercentOf::Lv => return Err(LvRefusal::Percentage),
    };
    let mut extents = percentage(total, argument.count, Rounding::Down);
    let has_place = request.kind == Kind::Striped;
    if has_place && extents > free {
        if of == PercentOf::Vg {
            lv_common::print(
                notes,
                format!(
                    "Reducing {}%{} to remaining free space {} in VG.",
                    argument.count,
                    of.as_str(),
                    lv_common::extent_words(vg, free)
                ),
            );
        }
        extents = free;
    }
    if extents.is_zero() {
        return Err(LvRefusal::NothingLeft);
    }
    Ok(extents)
}

/// How a percentage becomes a number of extents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::ops) enum Rounding {
    Up,
    Down,
}

/// Returns so many percent of `total`, at most 2^32 - 1.
pub(in crate::ops) fn percentage(total: Extents, percent: u32, rounding: Rounding) -> Extents {
    let product = u128::from(total.get()) * u128::from(percent);
    let extents = match rounding {
        Rounding::Up => product.div_ceil(100),
        Rounding::Down => product / 100,
    };
    Extents::new(u64::from(u32::try_from(extents).unwrap_or(u32::MAX)))
}

/// Returns the extents that hold a size.
fn whole_extents(vg: &Vg, size: Sectors, notes: &mut Vec<Message>) -> Result<Extents, LvRefusal> {
    if size.is_zero() {
        let option = "--size";
        return Err(LvRefusal::ZeroOption { option });
    }
    let extents = vg.extent_size.extents_ceil(size);
    if extents.get() > u64::from(u32::MAX) {
        return Err(too_large(vg, size));
    }
    if !size.is_multiple_of(vg.extent_size.sectors()) {
        lv_common::print(
            notes,
            format!(
                "Rounding up size to full physical extent {}",
                lv_common::extent_words(vg, extents)
            ),
        );
    }
    Ok(extents)
}

pub(in crate::ops) fn too_large(vg: &Vg, size: Sectors) -> LvRefusal {
    LvRefusal::TooLarge {
        size: lv_common::words(size),
        extent_size: lv_common::words(vg.extent_size.sectors()),
        limit: lv_common::extent_words(vg, Extents::new(u64::from(u32::MAX))),
    }
}

/// Rounds to whole rows: up, or down where there is not as much and less will do.
fn to_stripes(
    vg: &Vg,
    extents: Extents,
    stripes: u32,
    free: Option<Extents>,
    notes: &mut Vec<Message>,
) -> Result<Extents, LvRefusal> {
    let row = Extents::new(u64::from(stripes));
    if extents.is_multiple_of(row) {
        return Ok(extents);
    }
    let up = extents.checked_round_up(row).expect("the number of extents fits 32 bits");
    if free.is_some_and(|free| up > free) {
        let down = extents.round_down(row);
        lv_common::print(
            notes,
            format!(
                "Rounding size ({extents} extents) down to stripe boundary size ({down} extents)"
            ),
        );
        return if down.is_zero() { Err(LvRefusal::NothingLeft) } else { Ok(down) };
    }
    if up.get() > u64::from(u32::MAX) {
        return Err(too_large(vg, vg.extent_size.to_sectors(extents)));
    }
    lv_common::print(
        notes,
        format!(
            "Rounding size {} ({extents} extents) up to stripe boundary size {} ({up} extents).",
            lv_common::extent_words(vg, extents),
            lv_common::extent_words(vg, up)
        ),
    );
    Ok(up)
}
