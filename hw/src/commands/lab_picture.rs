//! The picture that `lab show` draws: disks, extents, and which LV lies where.

use extant_core::model::lv_table::LvId;
use extant_core::model::pv::PvIndex;
use extant_core::ops::system::{Device, LabelState, System, VgView};
use extant_core::size::units::{Units, display_size};
use extant_core::units::Sectors;
use std::collections::BTreeMap;

/// How wide a disk is drawn.
const WIDTH: u64 = 64;
/// What LVs are drawn as, in turn.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/// What is drawn where several LVs share a place.
const SEVERAL: char = '#';
/// What is drawn where nothing is.
const FREE: char = '.';

/// Returns the picture.
pub(super) fn draw(system: &System) -> String {
    let mut out = Vec::new();
    for view in &system.vgs {
        draw_vg(&mut out, system, view);
    }
    let member = |device: &Device| {
        let is = |id: &extant_core::ops::system::DeviceId| std::ptr::eq(system.device(*id), device);
        system.vgs.iter().any(|view| view.devices.iter().flatten().any(is))
    };
    let width = name_width(system.devices.iter().map(|device| device.name.as_str()));
    for device in system.devices.iter().filter(|device| !member(device)) {
        let what = match &device.label {
            LabelState::Pv(_) => "a physical volume of no group",
            LabelState::None => "no physical volume",
            LabelState::Unreadable(_) => "cannot be read",
            LabelState::Damaged(_) => "has a damaged label",
        };
        let size = size(device.size.to_sectors_floor());
        out.push(format!("{:<width$}  {size:>10}  {what}\n", device.name));
    }
    out.concat()
}

fn size(sectors: Sectors) -> String {
    display_size(sectors, Units::HUMAN)
}

fn name_width<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(str::len).max().unwrap_or(0)
}

/// Where the LVs of a VG lie, found in one walk.
type Places = BTreeMap<LvId, (char, Vec<String>)>;

fn places<'a>(view: &VgView, name: &dyn Fn(PvIndex) -> &'a str) -> Places {
    let letters = LETTERS.iter().map(|letter| char::from(*letter)).cycle();
    let mut places: Places =
        view.vg.lvs.ids().zip(letters).map(|(id, letter)| (id, (letter, Vec::new()))).collect();
    for pv in view.vg.pv_indices() {
        for run in view.vg.lvs.runs_on(pv) {
            let place = format!("{}:{}-{}", name(pv), run.start(), run.end().get() - 1);
            if let Some((_, runs)) = places.get_mut(&run.lv) {
                runs.push(place);
            }
        }
    }
    places
}

fn draw_vg(out: &mut Vec<String>, system: &System, view: &VgView) {
    let vg = &view.vg;
    out.push(format!(
        "{}: {} in {} extents of {}, {} free\n",
        vg.name,
        size(vg.size()),
        vg.extent_count(),
        size(vg.extent_size.sectors()),
        size(vg.extent_size.to_sectors(vg.free_count()))
    ));
    let name = |pv: PvIndex| {
        view.devices[pv.get()].map_or("[missing]", |id| system.device(id).name.as_str())
    };
    let width = name_width(vg.pv_indices().map(name));
    let places = places(view, &name);
    for pv in vg.pv_indices() {
        let bar = bar(view, pv, &places);
        let count = vg.pv(pv).pe_count;
        let free: u64 = vg.free_runs(pv).iter().map(|(_, run)| run.get()).sum();
        out.push(format!("  {:<width$} [{bar}] {free} of {count} extents free\n", name(pv)));
    }
    for id in vg.lvs.ids() {
        let (letter, runs) = &places[&id];
        out.push(format!(
            "  {letter} {} {}  {}\n",
            vg.lvs.name(id),
            size(vg.extent_size.to_sectors(vg.lvs.extents(id))),
            runs.join(" ")
        ));
    }
    out.push(String::from("\n"));
}

/// Draws one disk: each character stands for the same number of extents.
fn bar(view: &VgView, pv: PvIndex, places: &Places) -> String {
    let count = view.vg.pv(pv).pe_count.get();
    let cells = WIDTH.min(count.max(1));
    let mut bar = vec![FREE; usize::try_from(cells).expect("a bar is short")];
    for run in view.vg.lvs.runs_on(pv) {
        let mark = places.get(&run.lv).map_or(SEVERAL, |(letter, _)| *letter);
        let first = run.start().get() * cells / count.max(1);
        let last = (run.end().get() * cells).div_ceil(count.max(1));
        let range = usize::try_from(first).unwrap_or(0)..usize::try_from(last).unwrap_or(0);
        for cell in bar.iter_mut().take(range.end).skip(range.start) {
            *cell = match *cell {
                FREE => mark,
                old if old == mark => mark,
                _ => SEVERAL,
            };
        }
    }
    bar.into_iter().collect()
}
