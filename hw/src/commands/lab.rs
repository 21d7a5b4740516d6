//! `lab`: directories of image files that stand for machines.

use super::exit::Failure;
use super::lab_picture;
use super::session::Session;
use super::table::Run;
use super::value;
use extant_core::units::Sectors;
use extant_hw::lab::Lab as Directory;
use std::path::Path;

/// The size of disks unless the user says otherwise: 1 GiB.
const SIZE: Sectors = Sectors::new(2 << 20);

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
}

impl Run for Lab {
    const NAME: &'static str = "lab";
    const ABOUT: &'static str = "Make a directory of disks to try things on, or draw it";
    const SYNTAX: &'static [&'static str] =
        &["lab create DIR [--disks Number] [--size Size]", "lab show [DIR]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let words: Vec<&str> = self.args.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["create", directory] => self.create(session, Path::new(directory)),
            ["show"] => show(session),
            ["show", directory] => {
                session.common.lab = Some(directory.into());
                show(session)
            }
            ["create" | "show", _, third, ..] => Err(Failure::Argument((*third).to_owned())),
            _ => Err(Failure::Syntax),
        }
    }
}

impl Lab {
    fn create(&self, session: &mut Session<'_>, directory: &Path) -> Result<(), Failure> {
        let size = self.size.unwrap_or(SIZE).to_bytes().get();
        let lab = Directory::create(directory, self.disks.unwrap_or(4), size);
        let images = lab.and_then(|lab| lab.images());
        for image in images.map_err(|error| Failure::Failed(error.to_string()))? {
            session.messenger.print(&format!("Disk \"{}\" created.", image.name));
        }
        Ok(())
    }
}

fn show(session: &mut Session<'_>) -> Result<(), Failure> {
    let system = session.look()?;
    let picture = lab_picture::draw(&system);
    session.messenger.write(picture.as_bytes());
    Ok(())
}
