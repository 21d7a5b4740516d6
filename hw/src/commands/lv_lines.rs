//! What `lvdisplay` says about a logical volume.

use super::display::Display;
use extant_core::model::flags::{AllocationPolicy, Permission};
use extant_core::model::lv::{Lv, ReadAhead};
use extant_core::model::segment::{Area, Segment, SegmentKind};
use extant_core::ops::system::{System, VgView};

/// Returns the line of `-c`.
pub(super) fn colons(view: &VgView, lv: &Lv) -> String {
    let vg = &view.vg;
    let access = match lv.permission {
        Permission::ReadWrite => 3,
        Permission::ReadOnly => 1,
    };
    let contiguous = match lv.policy {
        AllocationPolicy::Contiguous => 2,
        _ => 0,
    };
    let number = |number: Option<u32>| number.map_or(-1, i64::from);
    let read_ahead = match lv.read_ahead {
        ReadAhead::Auto => -1,
        ReadAhead::None => 0,
        ReadAhead::Sectors(sectors) => i64::try_from(sectors.get()).unwrap_or(i64::MAX),
    };
    format!(
        "/dev/{}/{}:{}:{access}:0:-1:0:{}:{}:-1:{contiguous}:{read_ahead}:{}:{}",
        vg.name,
        lv.name,
        vg.name,
        vg.extent_size.to_sectors(lv.extents()),
        lv.extents(),
        number(lv.numbers.major),
        number(lv.numbers.minor)
    )
}

/// Describes an LV, with a map of its extents if wanted. `time` says when it was made.
pub(super) fn describe(
    display: &mut Display,
    view: &VgView,
    lv: &Lv,
    time: &dyn Fn(u64) -> String,
) {
    let vg = &view.vg;
    let access = match lv.permission {
        Permission::ReadWrite => "read/write",
        Permission::ReadOnly => "read only",
    };
    display.line("--- Logical volume ---");
    if lv.flags.visible {
        display.fact("LV Path", format!("/dev/{}/{}", vg.name, lv.name));
        display.fact("LV Name", &lv.name);
    } else {
        display.fact("Internal LV Name", &lv.name);
    }
    display.fact("VG Name", &vg.name);
    display.fact("LV UUID", lv.id);
    display.fact("LV Write Access", access);
    let (host, made) = lv
        .creation
        .as_ref()
        .map_or((String::new(), String::new()), |made| (made.host.clone(), time(made.time)));
    display.fact("LV Creation host, time", format!("{host}, {made}"));
    let size = display.size(vg.extent_size.to_sectors(lv.extents()));
    display.fact("LV Size", size);
    display.fact("Current LE", lv.extents());
    display.fact("Segments", lv.segments.len());
    display.fact("Allocation", lv.policy.as_str());
    match lv.read_ahead {
        ReadAhead::Auto => display.fact("Read ahead sectors", "auto"),
        ReadAhead::None => display.fact("Read ahead sectors", 0),
        ReadAhead::Sectors(sectors) => display.fact("Read ahead sectors", sectors),
    }
    if lv.flags.fixed_minor {
        if let Some(major) = lv.numbers.major {
            display.fact("Persistent major", major);
        }
        if let Some(minor) = lv.numbers.minor {
            display.fact("Persistent minor", minor);
        }
    }
    display.gap();
}

/// Describes where the extents of an LV are.
pub(super) fn describe_map(display: &mut Display, system: &System, view: &VgView, lv: &Lv) {
    display.line("--- Segments ---");
    for segment in &lv.segments {
        let (start, last) = (segment.start, segment.end().get() - 1);
        display.line(format!("Logical extents {start} to {last}:"));
        let name = match segment.areas() {
            [_] if matches!(segment.kind, SegmentKind::Striped(_)) => "linear",
            _ => segment.type_name(),
        };
        display.line(format!("  Type\t\t{name}"));
        describe_areas(display, system, view, segment);
        display.gap();
    }
    display.gap();
}

fn describe_areas(display: &mut Display, system: &System, view: &VgView, segment: &Segment) {
    let areas = segment.areas();
    if let [area] = areas {
        for line in area_lines(system, view, segment, area) {
            display.line(format!("  {line}"));
        }
        return;
    }
    if let SegmentKind::Striped(striped) = &segment.kind {
        display.line(format!("  Stripes\t\t{}", areas.len()));
        if let Some(size) = striped.stripe_size {
            let size = display.size(size);
            display.line(format!("  Stripe size\t\t{size}"));
        }
    }
    for (number, area) in areas.iter().enumerate() {
        display.line(format!("  Stripe {number}:"));
        for line in area_lines(system, view, segment, area) {
            display.line(format!("    {line}"));
        }
    }
}

fn area_lines(system: &System, view: &VgView, segment: &Segment, area: &Area) -> [String; 2] {
    let extents = segment.area_extents();
    match area {
        Area::Pv { pv, start } => {
            let device = view.devices[pv.get()].map(|id| system.device(id).name.as_str());
            let last = start.after(extents).get().saturating_sub(1);
            [
                format!("Physical volume\t{}", device.unwrap_or("[unknown]")),
                format!("Physical extents\t{start} to {last}"),
            ]
        }
        Area::Lv { lv, start } => {
            let last = start.after(extents).get().saturating_sub(1);
            [format!("Logical volume\t{lv}"), format!("Logical extents\t{start} to {last}")]
        }
    }
}
