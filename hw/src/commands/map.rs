//! `map`: draws what lies where on the PVs of volume groups.

use super::backup_file::words;
use super::exit::Failure;
use super::map_style::DrawArgs;
use super::session::{Look, Session};
use super::table::Run;
use super::{map_json, map_svg, map_text, names, shown};
use extant_core::model::pv::PvIndex;
use extant_core::name::VgName;
use extant_core::ops::access::Shown;
use extant_core::ops::guard::UNKNOWN_DEVICE;
use extant_core::ops::system::{System, VgView};
use extant_core::report::map::{Map as Drawing, map};
use extant_core::report::rows::Target;

/// Arguments of `map`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Map {
    /// The volume groups; none means all.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
    /// Write a picture with all extents into a file, or with - to standard output.
    #[arg(long, value_name = "FILE")]
    svg: Option<String>,
    /// Write the runs of extents of each device as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    draw: DrawArgs,
}

/// A VG with what is drawn of it.
pub(super) struct Drawn<'a> {
    /// Where it is.
    system: &'a System,
    /// The VG.
    pub(super) view: &'a VgView,
    /// Which LV lies where.
    pub(super) map: Drawing,
}

impl<'a> Drawn<'a> {
    /// Looks at a VG.
    pub(super) fn new(system: &'a System, view: &'a VgView) -> Self {
        Self { system, view, map: map(&view.vg) }
    }

    /// Returns what a PV is called: its device, or where it was last seen.
    pub(super) fn pv_name(&self, pv: PvIndex) -> &'a str {
        match self.view.devices[pv.get()] {
            Some(device) => self.system.device(device).name.as_str(),
            None => match self.view.vg.pv(pv).device_hint.as_str() {
                "" => UNKNOWN_DEVICE,
                hint => hint,
            },
        }
    }

    /// Returns true if a PV is missing.
    pub(super) fn is_missing(&self, pv: PvIndex) -> bool {
        self.view.devices[pv.get()].is_none() || self.view.vg.pv(pv).flags.missing
    }

    /// Returns true if new extents may be taken from a PV.
    pub(super) fn is_allocatable(&self, pv: PvIndex) -> bool {
        self.view.vg.pv(pv).flags.allocatable
    }
}

impl Run for Map {
    const NAME: &'static str = "map";
    const ABOUT: &'static str = "Draw which volume lies where";
    const SYNTAX: &'static [&'static str] = &[
        "map [VG ...] [--color always|auto|never] [--width Number]",
        "map [VG ...] --json|--svg FILE",
    ];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        if self.json && self.svg.is_some() {
            return Err(Failure::Option("--svg".into()));
        }
        let canvas = self.draw.canvas(session.common.verbosity())?;
        let named: Option<Vec<VgName>> = self.vgs.iter().map(|name| names::vg(name).ok()).collect();
        let vgs = named.filter(|names| !names.is_empty());
        let system = session.look_at(Look { vgs, locked: true, shown: Shown::default() })?;
        let shown = match self.vgs.as_slice() {
            [] => shown::Shown::all((0..system.vgs.len()).map(Target::Vg)),
            names => shown::vgs(session, &system, names)?,
        };
        let places = shown.targets.iter().filter_map(|target| match target {
            Target::Vg(place) => Some(*place),
            _ => None,
        });
        let drawn: Vec<Drawn<'_>> =
            places.map(|place| Drawn::new(&system, &system.vgs[place])).collect();
        if self.json {
            session.messenger.write(map_json::write(&drawn).as_bytes());
        } else if let Some(file) = &self.svg {
            save(session, file, &map_svg::draw(&drawn))?;
        } else {
            for drawn in &drawn {
                session.messenger.write(map_text::draw(drawn, &canvas).as_bytes());
            }
        }
        shown.finish()
    }
}

/// Writes a picture into a file.
fn save(session: &mut Session<'_>, file: &str, picture: &[u8]) -> Result<(), Failure> {
    if file == "-" {
        session.messenger.write(picture);
        return Ok(());
    }
    std::fs::write(file, picture)
        .map_err(|error| Failure::Failed(format!("{file}: {}", words(&error))))?;
    session.messenger.print(&format!("Map saved in \"{file}\"."));
    Ok(())
}
