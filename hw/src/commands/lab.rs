//! `lab`: directories of image files that stand for machines.

use super::exit::Failure;
use super::lab_picture;
use super::map_style::DrawArgs;
use super::session::Session;
use super::table::Run;
use super::value;
use extant_core::units::Sectors;
use extant_hw::lab::{Lab as Directory, LabError};
use std::path::{Path, PathBuf};

/// The size of disks unless the user says otherwise: 1 GiB.
const SIZE: Sectors = Sectors::new(2 << 20);

/// The largest size of a disk, 1 PiB: more than file systems allow is no help in any test.
const SIZE_MAX: Sectors = Sectors::new(2 << 40);

/// How many disks a lab has at most: each is a file that commands hold open.
const DISKS_MAX: u32 = 1000;

/// Arguments of `lab`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lab {
    /// What to do, create or show, and the directory.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// How many disks it has.
    #[arg(long, value_name = "Number", value_parser = value::number)]
    disks: Option<u32>,
    /// The size of each; in MiB without a unit.
    #[arg(long, value_name = "Size[m|UNIT]", value_parser = value::size_mib)]
    size: Option<Sectors>,
    #[command(flatten)]
    draw: DrawArgs,
}

impl Run for Lab {
    const NAME: &'static str = "lab";
    const ABOUT: &'static str = "Make a directory of disks to try things on, or draw it";
    const SYNTAX: &'static [&'static str] = &[
        "lab create DIR [--disks Number] [--size Size]",
        "lab show [DIR] [--color always|auto|never] [--width Number]",
    ];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let words: Vec<&str> = self.args.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["create", directory] => self.create(session, Path::new(directory)),
            ["show"] => {
                let named = std::env::var_os("EXTANT_LAB").filter(|lab| !lab.is_empty());
                let lab = session.common.lab.clone().or_else(|| named.map(PathBuf::from));
                let lab = lab.ok_or_else(|| {
                    Failure::Usage("There is no lab: name its directory, or set EXTANT_LAB.".into())
                })?;
                self.show(session, lab)
            }
            ["show", directory] => self.show(session, PathBuf::from(directory)),
            ["create" | "show", _, third, ..] => Err(Failure::Argument((*third).to_owned())),
            _ => Err(Failure::Syntax),
        }
    }
}

impl Lab {
    fn create(&self, session: &mut Session<'_>, directory: &Path) -> Result<(), Failure> {
        let (disks, size) = (self.disks.unwrap_or(4), self.size.unwrap_or(SIZE));
        if disks > DISKS_MAX {
            return Err(Failure::Usage(format!("A lab has at most {DISKS_MAX} disks.")));
        }
        if size > SIZE_MAX {
            return Err(Failure::Usage("A disk of a lab has at most 1 PiB.".into()));
        }
        let lab = Directory::create(directory, disks, size.to_bytes().get());
        let images = lab.and_then(|lab| lab.images());
        for image in images.map_err(|error| Failure::Failed(error.to_string()))? {
            session.messenger.print(&format!("Disk \"{}\" created.", image.name));
        }
        Ok(())
    }

    fn show(&self, session: &mut Session<'_>, directory: PathBuf) -> Result<(), Failure> {
        let canvas = self.draw.canvas(session.common.verbosity())?;
        let failed = |error: LabError| Failure::Failed(error.to_string());
        let lab = Directory::open(&directory).map_err(failed)?;
        if lab.images().map_err(failed)?.is_empty() {
            let text = format!("{} has no disks: there is no *.img in it.", directory.display());
            return Err(Failure::Failed(text));
        }
        session.common.lab = Some(directory);
        let system = session.look()?;
        let picture = lab_picture::draw(&system, &canvas);
        session.messenger.write(picture.as_bytes());
        Ok(())
    }
}
