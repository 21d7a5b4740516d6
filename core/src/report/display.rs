//! The long forms of `pvdisplay`, `vgdisplay` and `lvdisplay`, and their `-c` and `-s`.
//!
//! Nothing is known of LVs in the kernel, so their status, open count and devices are not shown.

use crate::model::lv_table::LvId;
use crate::ops::system::System;
use crate::report::options::Options;
use crate::report::relations::snapshot_in;
use crate::report::row::{LiveLv, VgContext};
use crate::report::rows::{self, Target};
use crate::size::units::{Suffix, write_size};
use crate::units::{Bytes, Extents, Sectors};
use core::fmt::{Arguments, Display, Write};
use std_alloc::string::String;

mod lv;
mod parts;
mod pv;
mod segment;
#[cfg(test)]
mod tests;
mod vg;

/// How objects are displayed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Form {
    /// A block of lines for each.
    #[default]
    Long,
    /// With what is in it: `-m` of PVs and LVs, `-v` of VGs.
    Detailed,
    /// `-c`: a line of fields with colons between.
    Colon,
    /// `-s`: a short line; LVs have none.
    Short,
}

/// Writes `pvdisplay` of all PVs, or of those given.
pub fn pvs(system: &System, targets: Option<&[Target]>, form: Form, options: &Options) -> String {
    let mut out = Out { text: String::new(), options };
    for place in system.vg_order() {
        let vg = VgContext::new(system, place);
        for pv in vg.vg().pv_indices() {
            let is_wanted = |wanted: &[Target]| {
                wanted.contains(&Target::Pv(place, pv)) || wanted.contains(&Target::Vg(place))
            };
            if targets.is_none_or(is_wanted) {
                out.pv(&vg, pv, form);
            }
        }
    }
    for id in system.orphans() {
        if targets.is_none_or(|targets| targets.contains(&Target::Device(id))) {
            out.orphan(system, id, form);
        }
    }
    out.text
}

/// Writes `vgdisplay` of all VGs, or of those given in their order.
pub fn vgs(system: &System, targets: Option<&[Target]>, form: Form, options: &Options) -> String {
    let mut out = Out { text: String::new(), options };
    for place in rows::vgs_of(system, targets) {
        let vg = VgContext::new(system, place);
        match form {
            Form::Long => out.vg(&vg),
            Form::Detailed => {
                out.vg(&vg);
                for id in rows::lv_order(vg.vg()) {
                    if vg.is_visible(id) {
                        out.lv_in(&vg, id, Form::Long);
                    }
                }
                out.members(&vg);
            }
            Form::Colon => out.vg_colon(&vg),
            Form::Short => out.vg_short(&vg),
        }
    }
    out.text
}

/// Writes `lvdisplay` of all LVs, or of those given, the VGs in their order; hidden ones with
/// [`Options::all`].
pub fn lvs(system: &System, targets: Option<&[Target]>, form: Form, options: &Options) -> String {
    let mut out = Out { text: String::new(), options };
    for place in rows::vgs_of(system, targets) {
        let vg = VgContext::new(system, place);
        if vg.vg().flags.exported {
            continue;
        }
        let whole = targets.is_none_or(|targets| targets.contains(&Target::Vg(place)));
        for id in rows::lv_order(vg.vg()) {
            let named = || targets.is_some_and(|all| all.contains(&Target::Lv(place, id)));
            if whole && (options.all || vg.is_visible(id)) || named() {
                out.lv_in(&vg, id, form);
            }
        }
    }
    out.text
}

struct Out<'o> {
    text: String,
    options: &'o Options,
}

fn sectors(vg: &VgContext<'_>, extents: Extents) -> Sectors {
    let size = vg.vg().extent_size.checked_to_sectors(extents);
    size.unwrap_or(Sectors::new(u64::MAX / 512))
}

fn kibibytes(size: Sectors) -> u64 {
    size.get() / 2
}

impl Out<'_> {
    fn push(&mut self, line: Arguments<'_>) {
        self.text.push_str("  ");
        self.text.write_fmt(line).expect("a String takes all that is written");
        self.text.push('\n');
    }

    /// An empty line: LVM2 writes a blank.
    fn gap(&mut self) {
        self.push(format_args!(" "));
    }

    /// A line of PVs and VGs, whose values stand in column 24.
    fn line(&mut self, name: &str, value: impl Display) {
        self.push(format_args!("{name:<21} {value}"));
    }

    /// A line of LVs, whose values stand in column 25.
    fn lv_line(&mut self, name: &str, value: impl Display) {
        self.push(format_args!("{name:<22} {value}"));
    }

    fn size(&self, size: Sectors) -> String {
        // What has no fixed unit always shows it, if there is something to show.
        let bare = size.is_zero() || self.options.units.bytes_per_unit().is_some();
        let suffix = if bare && !self.options.suffix { Suffix::None } else { Suffix::Long };
        let mut text = String::new();
        let bytes = size.checked_to_bytes().unwrap_or(Bytes::new(u64::MAX));
        write_size(&mut text, bytes, self.options.units, suffix);
        text
    }

    /// An LV of a VG, unless it only carries a snapshot.
    fn lv_in(&mut self, vg: &VgContext<'_>, id: LvId, form: Form) {
        let live = LiveLv::new(&vg.vg().lvs, id, 0);
        if snapshot_in(live.lv()).is_some() {
            return;
        }
        match form {
            Form::Colon => self.lv_colon(vg, &live),
            Form::Detailed => {
                self.lv(vg, &live);
                self.lv_segments(vg, live);
            }
            Form::Long | Form::Short => self.lv(vg, &live),
        }
    }
}
