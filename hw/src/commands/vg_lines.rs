//! What `vgdisplay` says about a volume group.

use super::display::Display;
use extant_core::model::flags::Permission;
use extant_core::ops::roles::Roles;
use extant_core::ops::system::{MdaState, System, VgView};
use extant_core::report::units::{Units, display_size};

/// Returns how many LVs a user sees.
fn visible(view: &VgView) -> usize {
    let roles = Roles::of(&view.vg);
    let ids = view.vg.lvs.ids();
    ids.filter(|id| roles.is_visible(&view.vg, *id)).count()
}

/// Returns how many PVs are there.
fn present(view: &VgView) -> usize {
    view.devices.iter().flatten().count()
}

/// Returns the line of `-c`.
pub(super) fn colons(view: &VgView) -> String {
    let vg = &view.vg;
    let (access, bits) = match vg.permission {
        Permission::ReadWrite => ("r/w", 0x300),
        Permission::ReadOnly => ("r", 0x100),
    };
    // The bits that LVM2 has in memory: it prints them as they are.
    let resizeable = if vg.flags.resizeable { 4 } else { 0 };
    let exported = if vg.flags.exported { 2 } else { 0 };
    let stays_inactive = if vg.flags.no_auto_activate { 16 } else { 0 };
    let (all, used) = (vg.extent_count(), vg.allocated_count());
    format!(
        "{}:{access}:{}:-1:{}:{}:0:-1:{}:{}:{}:{}:{}:{all}:{used}:{}:{}",
        vg.name,
        bits + resizeable + exported + stays_inactive,
        vg.max_lv,
        visible(view),
        vg.max_pv,
        vg.pvs.len(),
        present(view),
        vg.size().get() / 2,
        vg.extent_size.sectors().get() / 2,
        all.saturating_sub(used),
        vg.id
    )
}

/// Returns the line of `-s`.
pub(super) fn short(view: &VgView, units: Units) -> String {
    let vg = &view.vg;
    let size = |extents| display_size(vg.extent_size.to_sectors(extents), units);
    format!(
        "\"{}\" {} [{:<9} used / {} free]",
        vg.name,
        size(vg.extent_count()),
        size(vg.allocated_count()),
        size(vg.free_count())
    )
}

/// Describes a VG.
pub(super) fn describe(display: &mut Display, system: &System, view: &VgView) {
    let vg = &view.vg;
    let access = match vg.permission {
        Permission::ReadWrite => "read/write",
        Permission::ReadOnly => "read",
    };
    let exported = if vg.flags.exported { "exported/" } else { "" };
    let resizable = if vg.flags.resizeable { "resizable" } else { "NOT resizable" };
    let (all, used) = (vg.extent_count(), vg.allocated_count());
    let free = all.saturating_sub(used);
    let sizes = [all, used, free].map(|extents| display.size(vg.extent_size.to_sectors(extents)));
    display.line("--- Volume group ---");
    display.fact("VG Name", &vg.name);
    display.fact("System ID", vg.system_id.as_deref().unwrap_or_default());
    display.fact("Format", "lvm2");
    display.fact("Metadata Areas", areas(system, view));
    display.fact("Metadata Sequence No", vg.seqno);
    display.fact("VG Access", access);
    display.fact("VG Status", format!("{exported}{resizable}"));
    if vg.flags.shared {
        display.fact("Shared", "yes");
    }
    display.fact("MAX LV", vg.max_lv);
    display.fact("Cur LV", visible(view));
    display.fact("Open LV", 0);
    display.fact("Max PV", vg.max_pv);
    display.fact("Cur PV", vg.pvs.len());
    display.fact("Act PV", present(view));
    display.fact("VG Size", &sizes[0]);
    let extent = display.size(vg.extent_size.sectors());
    display.fact("PE Size", extent);
    display.fact("Total PE", all);
    display.fact("Alloc PE / Size", format!("{used} / {}", sizes[1]));
    display.fact("Free  PE / Size", format!("{free} / {}", sizes[2]));
    display.fact("VG UUID", vg.id);
    display.gap();
}

/// Returns how many metadata areas the VG's devices have.
fn areas(system: &System, view: &VgView) -> usize {
    use extant_core::ops::system::LabelState;
    let count = |id: &extant_core::ops::system::DeviceId| match &system.device(*id).label {
        LabelState::Pv(pv) => pv
            .areas
            .iter()
            .filter(|area| !matches!(area.state, MdaState::BadHeader(_) | MdaState::Unreadable(_)))
            .count(),
        LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => 0,
    };
    view.devices.iter().flatten().map(count).sum()
}
