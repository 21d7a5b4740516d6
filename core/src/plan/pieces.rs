//! The part of a shown plan that says where new extents go, and on request why there.

mod why;

use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::ops::allocated::{Allocated, NewPiece};
use crate::ops::system::{System, VgView};
use crate::ops::{Change, VgAfter};
use crate::units::{Extents, Pe};
use core::fmt::Write;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;
use why::Reason;

/// How much is said of new extents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// Where they are.
    Places,
    /// Also why there.
    Reasons,
}

/// Says where the new extents of a change go.
pub(super) fn show(system: &System, change: &Change, detail: Detail, text: &mut String) {
    for allocated in &change.allocated {
        let before = system.vgs.iter().find(|view| view.vg.id == allocated.vg);
        let after = change.stages.iter().flat_map(|stage| &stage.vgs);
        let mut after = after.filter_map(|after| match after {
            VgAfter::Write(vg) if vg.id == allocated.vg => Some(vg),
            VgAfter::Write(_) | VgAfter::Remove(_) => None,
        });
        if let (Some(view), Some(after)) = (before, after.next_back()) {
            show_one(&Names { system, view }, after, allocated, detail, text);
        }
    }
}

/// What PVs are called.
struct Names<'a> {
    system: &'a System,
    view: &'a VgView,
}

impl Names<'_> {
    fn of(&self, pv: PvIndex) -> &str {
        let device = self.view.devices.get(pv.get()).copied().flatten();
        let hint = self.view.vg.pv(pv).device_hint.as_str();
        device.map_or(hint, |id| self.system.device(id).name.as_str())
    }

    fn range(&self, pv: PvIndex, start: Pe, extents: Extents) -> String {
        let last = start.after(extents - Extents::new(1));
        format!("{}:{start}-{last}", self.of(pv))
    }
}

fn show_one(
    names: &Names<'_>,
    after: &Vg,
    allocated: &Allocated,
    detail: Detail,
    text: &mut String,
) {
    let Some(lv) = after.lvs.find(allocated.lv.as_str()) else {
        return;
    };
    let pieces = allocated.pieces(&after.lvs.get(lv));
    let Some(first) = pieces.first() else {
        return;
    };
    let vg = &names.view.vg;
    let (rows, stripes) = (pieces.iter().map(|piece| piece.rows).sum(), first.areas.len());
    let extents: Extents = pieces.iter().map(NewPiece::extents).sum();
    let shape = if stripes > 1 {
        format!("{} in {rows} rows of {stripes} stripes", count(extents))
    } else {
        count(extents)
    };
    let policy = allocated.policy.as_str();
    let head = format!("New in {}/{}: {shape}, policy {policy}", vg.name, allocated.lv);
    write(text, format_args!("{head}:\n"));
    let reasons = match detail {
        Detail::Places => Vec::new(),
        Detail::Reasons => {
            let old = vg.lvs.find(allocated.lv.as_str());
            let old = old.map(|id| vg.lvs.segments(id)).unwrap_or_default();
            why::reasons(vg, &old, allocated, &pieces)
        }
    };
    for (number, piece) in pieces.iter().enumerate() {
        let last = piece.le.after(piece.extents() - Extents::new(1));
        write(text, format_args!("  LE {}-{last}:", piece.le));
        for (pv, start) in &piece.areas {
            write(text, format_args!(" {}", names.range(*pv, *start, piece.rows)));
        }
        write(text, format_args!("\n"));
        for ((pv, _), reason) in piece.areas.iter().zip(reasons.get(number).into_iter().flatten()) {
            write(text, format_args!("    {}: {}\n", names.of(*pv), words(names, reason)));
        }
    }
    if detail == Detail::Reasons && why::is_tight(vg, allocated, rows, stripes) {
        let line = if stripes > 1 {
            format!("  Only so do {rows} rows fit: each PV gives them all that it can.\n")
        } else {
            String::from("  That is all that is free where the volume may be.\n")
        };
        text.push_str(&line);
    }
}

/// Returns a number of extents in words.
fn count(extents: Extents) -> String {
    match extents.get() {
        1 => "1 extent".into(),
        count => format!("{count} extents"),
    }
}

fn words(names: &Names<'_>, reason: &Reason) -> String {
    match reason {
        Reason::ContinuesLast => "continues the last segment".into(),
        Reason::ContinuesPiece => "continues the piece before".into(),
        Reason::OnPvOfLv => "the volume is on this PV already".into(),
        Reason::SharesTag(tag, pv) => {
            format!("shares the tag {tag} with {}, that the volume is on", names.of(*pv))
        }
        Reason::OnPvOfPiece => "a piece before is on this PV".into(),
        Reason::OnlyPv => "no other PV has free extents for these rows".into(),
        Reason::FirstWithAll(rows) if rows.get() == 1 => "the first PV with a free extent".into(),
        Reason::FirstWithAll(rows) => format!("the first PV with {rows} free extents in a row"),
        Reason::Longest { run, equals: false } => format!("the longest free run, {}", count(*run)),
        Reason::Longest { run, equals: true } => {
            format!("the longest free run, {}; of equal ones that of the first PV", count(*run))
        }
        Reason::Apart => "free, and no other stripe of these rows is on this PV".into(),
        Reason::Free => "free".into(),
    }
}

fn write(text: &mut String, arguments: core::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("a String takes all that is written");
}

#[cfg(test)]
mod tests;
