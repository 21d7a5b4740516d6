//! `lvmdiskscan`: which devices may be physical volumes.

use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use extant_core::ops::Level;
use extant_core::ops::system::LabelState;
use extant_core::size::units::{Units, display_size};

/// Arguments of `lvmdiskscan`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvmdiskscan {
    /// Only physical volumes.
    #[arg(short = 'l', long)]
    lvmpartition: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    readonly: bool,
}

impl Run for Lvmdiskscan {
    const NAME: &'static str = "lvmdiskscan";
    const ABOUT: &'static str = "List devices that may be physical volumes";
    const SYNTAX: &'static [&'static str] = &["lvmdiskscan"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let system = session.look()?;
        if self.lvmpartition {
            session.messenger.say(Level::Warning, "WARNING: only considering LVM devices");
        }
        let width = system.devices.iter().map(|device| device.name.len()).max().unwrap_or(0);
        let mut counts = Counts::default();
        for device in &system.devices {
            let is_pv = matches!(device.label, LabelState::Pv(_));
            let is_disk = device.name.bytes().last().is_some_and(|byte| !byte.is_ascii_digit());
            counts.add(is_pv, is_disk);
            if self.lvmpartition && !is_pv {
                continue;
            }
            let size = display_size(device.size.to_sectors_floor(), Units::ROUNDED);
            let what = if is_pv { "LVM physical volume" } else { "" };
            let name = &device.name;
            session.messenger.print(&format!("{name:<width$} [{size:>15}] {what}"));
        }
        for line in counts.lines(self.lvmpartition) {
            session.messenger.print(&line);
        }
        Ok(())
    }
}

/// How many there are of each. LVM2 calls a disk what has no number behind its name.
#[derive(Default)]
struct Counts {
    disks: usize,
    partitions: usize,
    pv_disks: usize,
    pv_partitions: usize,
}

impl Counts {
    fn add(&mut self, is_pv: bool, is_disk: bool) {
        let count = match (is_pv, is_disk) {
            (false, true) => &mut self.disks,
            (false, false) => &mut self.partitions,
            (true, true) => &mut self.pv_disks,
            (true, false) => &mut self.pv_partitions,
        };
        *count += 1;
    }

    fn lines(&self, only_pvs: bool) -> Vec<String> {
        let line = |count: usize, one: &str, more: &str| {
            format!("{count} {}", if count == 1 { one } else { more })
        };
        let mut lines = Vec::new();
        if !only_pvs {
            lines.push(line(self.disks, "disk", "disks"));
            lines.push(line(self.partitions, "partition", "partitions"));
        }
        let (one, more) = ("LVM physical volume whole disk", "LVM physical volume whole disks");
        lines.push(line(self.pv_disks, one, more));
        let (one, more) = ("LVM physical volume", "LVM physical volumes");
        lines.push(line(self.pv_partitions, one, more));
        lines
    }
}
