//! `pvscan`: which physical volumes there are.

use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use extant_core::ops::Level;
use extant_core::ops::system::{LabelState, System};
use extant_core::size::units::{Units, display_size};
use extant_core::units::Sectors;

/// Arguments of `pvscan`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Pvscan {
    /// Devices; only with --cache.
    #[arg(value_name = "PV")]
    pvs: Vec<String>,
    /// Accepted for compatibility.
    #[arg(long)]
    ignorelockingfailure: bool,
    /// Accepted for compatibility.
    #[arg(long, value_name = "basic|json", value_parser = ["basic", "json", "json_std"])]
    reportformat: Option<String>,
    /// Only those of exported groups.
    #[arg(short = 'e', long)]
    exported: bool,
    /// Only those of no group.
    #[arg(short = 'n', long)]
    novolumegroup: bool,
    /// Only their names.
    #[arg(short = 's', long)]
    short: bool,
    /// Their identities too.
    #[arg(short = 'u', long)]
    uuid: bool,
    /// Accepted for compatibility: nothing is cached.
    #[arg(long)]
    cache: bool,
}

impl Run for Pvscan {
    const NAME: &'static str = "pvscan";
    const ABOUT: &'static str = "List all physical volumes";
    const SYNTAX: &'static [&'static str] = &["pvscan"];
    const LATER: &'static [(&'static str, Option<char>, bool)] = &[
        ("activate", Some('a'), true),
        ("autoactivation", None, true),
        ("checkcomplete", None, false),
        ("listlvs", None, false),
        ("listvg", None, false),
        ("major", Some('j'), true),
        ("minor", None, true),
        ("noudevsync", None, false),
        ("udevoutput", None, false),
        ("vgonline", None, false),
    ];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        if self.cache {
            return Ok(());
        }
        if let Some(device) = self.pvs.first() {
            return Err(Failure::Argument(device.clone()));
        }
        if self.exported && self.novolumegroup {
            return Err(Failure::Usage("Options -e and -n are incompatible".into()));
        }
        let system = session.look()?;
        let mut list = List::default();
        list.collect(&system, &self);
        if self.exported {
            session.messenger.say(
                Level::Warning,
                "WARNING: only considering physical volumes of exported volume group(s)",
            );
        }
        if self.novolumegroup {
            session.messenger.say(
                Level::Warning,
                "WARNING: only considering physical volumes in no volume group",
            );
        }
        if list.rows.is_empty() {
            session.messenger.print("No matching physical volumes found");
            return Ok(());
        }
        for line in list.lines(&self) {
            session.messenger.print(&line);
        }
        Ok(())
    }
}

/// What LVM2 calls the group of those that are in none; its length counts for the width.
const ORPHANS: &str = "#orphans_lvm2";

/// A PV, and its VG if it has one.
struct Row<'a> {
    name: &'a str,
    id: String,
    vg: Option<(&'a str, bool)>,
    size: Sectors,
    free: Sectors,
}

#[derive(Default)]
struct List<'a> {
    rows: Vec<Row<'a>>,
}

impl<'a> List<'a> {
    fn collect(&mut self, system: &'a System, options: &Pvscan) {
        for view in system.vgs_in_order() {
            let vg = &view.vg;
            if options.novolumegroup || (options.exported && !vg.flags.exported) {
                continue;
            }
            let used = vg.allocated_per_pv();
            for index in vg.pv_indices() {
                let pv = vg.pv(index);
                let device = view.devices[index.get()].map(|id| system.device(id));
                let free = pv.pe_count.saturating_sub(used[index.get()]);
                self.rows.push(Row {
                    name: device.map_or("[unknown]", |device| device.name.as_str()),
                    id: pv.id.to_string(),
                    vg: Some((vg.name.as_str(), vg.flags.exported)),
                    size: vg.extent_size.to_sectors(pv.pe_count),
                    free: vg.extent_size.to_sectors(free),
                });
            }
        }
        if options.exported {
            return;
        }
        for id in system.orphans() {
            let device = system.device(id);
            if let LabelState::Pv(pv) = &device.label {
                let size = pv.label.header.device_size.to_sectors_floor();
                self.rows.push(Row {
                    name: &device.name,
                    id: pv.label.header.id.to_string(),
                    vg: None,
                    size,
                    free: size,
                });
            }
        }
    }

    fn lines(&self, options: &Pvscan) -> Vec<String> {
        let size = |sectors| display_size(sectors, Units::ROUNDED);
        let names: Vec<String> = self
            .rows
            .iter()
            .map(|row| {
                if options.uuid {
                    format!("{} with UUID {}", row.name, row.id)
                } else {
                    row.name.to_owned()
                }
            })
            .collect();
        let name_width =
            names.iter().map(String::len).max().unwrap_or(0) + if options.uuid { 3 } else { 2 };
        let vgs = self.rows.iter().filter_map(|row| row.vg);
        let vg_width = vgs.map(|(vg, _)| vg.len()).fold(ORPHANS.len(), usize::max) + 2;
        let mut lines: Vec<String> = Vec::with_capacity(self.rows.len() + 1);
        for (row, name) in self.rows.iter().zip(&names) {
            lines.push(match row.vg {
                _ if options.short => row.name.to_owned(),
                Some((vg, true)) => format!(
                    "PV {name:<name_width$}  is in exported VG {vg} [{} / {} free]",
                    size(row.size),
                    size(row.free)
                ),
                Some((vg, false)) => format!(
                    "PV {name:<name_width$} VG {vg:<vg_width$} lvm2 [{} / {} free]",
                    size(row.size),
                    size(row.free)
                ),
                None => {
                    format!("PV {name:<name_width$}    {:<vg_width$} lvm2 [{}]", "", size(row.size))
                }
            });
        }
        lines.push(self.total());
        lines
    }

    fn total(&self) -> String {
        let size = |sectors| display_size(sectors, Units::ROUNDED);
        let sum = |used: bool| {
            let rows = self.rows.iter().filter(|row| row.vg.is_some() == used);
            rows.fold((0_usize, Sectors::ZERO), |(count, sum), row| (count + 1, sum + row.size))
        };
        let (used, used_size) = sum(true);
        let (free, free_size) = sum(false);
        format!(
            "Total: {} [{}] / in use: {used} [{}] / in no VG: {free} [{}]",
            used + free,
            size(used_size + free_size),
            size(used_size),
            size(free_size)
        )
    }
}
