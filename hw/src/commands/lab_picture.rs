//! The picture that `lab show` draws: disks, extents, and which LV lies where.

use super::map::Drawn;
use super::map_style::Canvas;
use super::map_text;
use extant_core::ops::system::{Device, DeviceId, LabelState, System};
use extant_core::size::units::{Units, display_size};

/// Returns the picture.
pub(super) fn draw(system: &System, canvas: &Canvas) -> String {
    let mut out = Vec::new();
    for view in &system.vgs {
        out.push(map_text::draw(&Drawn::new(system, view), canvas));
    }
    let member = |device: &Device| {
        let is = |id: &DeviceId| std::ptr::eq(system.device(*id), device);
        system.vgs.iter().any(|view| view.devices.iter().flatten().any(is))
    };
    let names = system.devices.iter().map(|device| device.name.len());
    let width = names.max().unwrap_or(0);
    for device in system.devices.iter().filter(|device| !member(device)) {
        let what = match &device.label {
            LabelState::Pv(_) => "a physical volume of no group",
            LabelState::None => "no physical volume",
            LabelState::Unreadable(_) => "cannot be read",
            LabelState::Damaged(_) => "has a damaged label",
        };
        let size = display_size(device.size.to_sectors_floor(), Units::HUMAN);
        out.push(format!("{:<width$}  {size:>10}  {what}\n", device.name));
    }
    out.concat()
}
