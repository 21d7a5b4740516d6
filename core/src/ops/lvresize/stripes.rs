//! The stripes of what is added to an LV.

use super::{Request, Target};
use crate::model::segment::{Segment, SegmentKind};
use crate::model::vg::Vg;
use crate::ops::Message;
use crate::ops::lv_common;
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::system::System;
use crate::units::{Extents, Sectors};
use std_alloc::format;
use std_alloc::vec::Vec;

/// The stripes of a segment.
pub(super) struct Stripes {
    /// How many.
    pub count: u32,
    /// The stripe size; none with one stripe.
    pub size: Option<Sectors>,
}

/// What the segments of an LV have in common.
#[derive(Default)]
struct Common {
    /// The number of stripes of the last segment.
    count: u32,
    /// Its stripe size.
    size: Option<Sectors>,
    /// All have the same number.
    one_count: bool,
    /// All that have one have the same stripe size.
    one_size: bool,
}

impl Common {
    fn of(segments: &[Segment]) -> Self {
        let mut common = Self { count: 0, size: None, one_count: true, one_size: true };
        let mut size_before = None;
        for segment in segments {
            let SegmentKind::Striped(striped) = &segment.kind else {
                continue;
            };
            let count = u32::try_from(striped.areas.len()).unwrap_or(u32::MAX);
            common.one_count &= common.count == 0 || common.count == count;
            common.count = count;
            common.size = striped.stripe_size.filter(|_| count > 1);
            if let Some(size) = common.size {
                common.one_size &= size_before.is_none_or(|before| before == size);
                size_before = Some(size);
            }
        }
        common
    }
}

/// Finds the stripes that an extension has: those asked for, else those of what is there.
pub(super) fn of_extension(
    system: &System,
    vg: &Vg,
    request: &Request,
    segments: &[Segment],
    notes: &mut Vec<Message>,
) -> Result<Stripes, LvRefusal> {
    check_options(request)?;
    let common = Common::of(segments);
    let unclear = match request.stripes {
        None => !common.one_count || (!common.one_size && request.stripe_size.is_none()),
        Some(count) => count > 1 && request.stripe_size.is_none() && !common.one_size,
    };
    if unclear {
        return Err(LvRefusal::StripesUnclear);
    }
    let count = request.stripes.unwrap_or(common.count.max(1));
    if count == 1 {
        return Ok(Stripes { count, size: None });
    }
    let size = request.stripe_size.unwrap_or_else(|| {
        let (size, text) = match common.size {
            Some(size) => (size, "Using stripesize of last segment"),
            None => (system.settings.stripe_size, "Using default stripesize"),
        };
        lv_common::print(notes, format!("{text} {}", lv_common::words(size)));
        size
    });
    let limit = vg.extent_size.sectors();
    if size > limit {
        lv_common::print(
            notes,
            format!(
                "Reducing stripe size {} to maximum, physical extent size {}.",
                lv_common::words(size),
                lv_common::words(limit)
            ),
        );
    }
    let size = size.min(limit);
    if request.stripe_size.is_some() && !size.get().is_power_of_two() {
        return Err(LvRefusal::StripeSizeOfExtension);
    }
    Ok(Stripes { count, size: Some(size) })
}

fn check_options(request: &Request) -> Result<(), LvRefusal> {
    let zero = |option| Err(LvRefusal::ZeroOption { option });
    match request.stripes {
        Some(0) => return zero("--stripes"),
        Some(stripes) if stripes > 128 => return Err(LvRefusal::StripeCount { stripes }),
        _ => {}
    }
    match request.stripe_size {
        Some(size) if size.is_zero() => zero("--stripesize"),
        Some(size) if !size.get().is_power_of_two() => Err(LvRefusal::StripeSizeOfExtension),
        _ => Ok(()),
    }
}

/// Tells that a length is rounded up.
pub(super) fn note_rounding_up(from: Extents, to: Extents, notes: &mut Vec<Message>) {
    lv_common::print(
        notes,
        format!(
            "Rounding size ({from} extents) up to stripe boundary size for segment ({to} extents)."
        ),
    );
}

/// Returns how many extents are added, in whole rows: rounded up, or down where there are not as
/// many free and less will do.
pub(super) fn round(
    target: &Target,
    stripes: &Stripes,
    free: Option<Extents>,
    notes: &mut Vec<Message>,
) -> Result<Extents, LvRefusal> {
    let row = Extents::new(u64::from(stripes.count));
    let added = target.new - target.old;
    if added.is_multiple_of(row) {
        return Ok(added);
    }
    let up = added.checked_round_up(row).expect("the number of extents fits 32 bits");
    if free.is_none_or(|free| up <= free) {
        note_rounding_up(target.new, target.old + up, notes);
        return Ok(up);
    }
    let down = added.round_down(row);
    let to = target.old + down;
    lv_common::print(
        notes,
        format!(
            "Rounding size ({} extents) down to stripe boundary size for segment ({to} extents)",
            target.new
        ),
    );
    if down.is_zero() {
        return Err(LvRefusal::SameSize { extents: to, rounded: true });
    }
    Ok(down)
}
