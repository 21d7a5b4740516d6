//! `vgcfgrestore`: a volume group from a file.

use super::backup_file::{self, words};
use super::change_args::ChangeArgs;
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{names, scope, value};
use extant_core::ops::vgcfgrestore::{self, Request};
use std::path::{Path, PathBuf};

/// Arguments of `vgcfgrestore`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgcfgrestore {
    /// The volume group.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
    /// The file; without, the group's backup.
    #[arg(short = 'f', long, value_name = "String")]
    file: Option<String>,
    /// List the files there are.
    #[arg(short = 'l', long)]
    list: bool,
    /// The type of metadata; there is one.
    #[arg(short = 'M', long, value_name = "lvm2", value_parser = value::metadata_type)]
    metadatatype: Option<()>,
    /// Although the group has thin pools.
    #[arg(long, action = clap::ArgAction::Count)]
    force: u8,
    #[command(flatten)]
    change: ChangeArgs,
}

impl Run for Vgcfgrestore {
    const NAME: &'static str = "vgcfgrestore";
    const ABOUT: &'static str = "Make a volume group what it was when its metadata was saved";
    const SYNTAX: &'static [&'static str] =
        &["vgcfgrestore [-f String] VG", "vgcfgrestore -l VG", "vgcfgrestore -l -f String [VG]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        if let [_, second, ..] = self.vgs.as_slice() {
            return Err(Failure::Argument(second.clone()));
        }
        match (self.list, self.vgs.first(), &self.file) {
            (true, _, Some(file)) => list_file(session, file),
            (true, Some(vg), None) => list_all(session, vg),
            (_, None, _) => Err(Failure::Syntax),
            (false, Some(vg), file) => self.restore(session, vg, file.as_deref()),
        }
    }
}

impl Vgcfgrestore {
    fn restore(
        &self,
        session: &mut Session<'_>,
        vg: &str,
        file: Option<&str>,
    ) -> Result<(), Failure> {
        let name = names::vg(vg)?;
        let path = match file {
            Some(file) => file.to_owned(),
            None => backup_of(session, vg)?.display().to_string(),
        };
        let (vg, provenance) = backup_file::read(&path)
            .map_err(|failure| Failure::Failed(format!("{failure}\nRestore failed.")))?;
        let scope = scope::global_and(&[&name]);
        let request =
            Request { name, path, vg: Box::new(vg), provenance, force: u32::from(self.force) };
        session.change(&self.change, &scope, move |system| {
            vgcfgrestore::vgcfgrestore(system, &request)
        })
    }
}

/// Returns where the backup of a VG is.
fn backup_of(session: &mut Session<'_>, vg: &str) -> Result<PathBuf, Failure> {
    Ok(session.keeper()?.backup.join(vg))
}

/// Lists the archive of a VG and its backup.
fn list_all(session: &mut Session<'_>, vg: &str) -> Result<(), Failure> {
    let keeper = session.keeper()?;
    let archive = keeper.archive.display().to_string();
    let files = keeper
        .list_archive(vg)
        .map_err(|error| Failure::Failed(format!("{archive}: {}", words(&error))))?;
    let mut paths: Vec<PathBuf> = files.into_iter().map(|file| file.path).collect();
    if paths.is_empty() {
        session.messenger.print(&format!("No archives found in {archive}."));
    }
    let backup = backup_of(session, vg)?;
    if backup.exists() {
        paths.push(backup);
    }
    for path in paths {
        describe(session, &path)?;
    }
    Ok(())
}

fn list_file(session: &mut Session<'_>, file: &str) -> Result<(), Failure> {
    if !Path::new(file).exists() {
        return Err(Failure::Failed(format!("Archive file {file} not found.")));
    }
    describe(session, Path::new(file))
}

/// Says what a file holds, as LVM2 does, whose path has the file's name twice.
fn describe(session: &mut Session<'_>, path: &Path) -> Result<(), Failure> {
    let (vg, provenance) = backup_file::read(&path.display().to_string())?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let time = session.ctime(provenance.creation_time)?;
    session.messenger.print(&format!(
        " \nFile:\t\t{}/{name}\nVG name:    \t{}\nDescription:\t{}\nBackup Time:\t{}",
        path.display(),
        vg.name,
        provenance.description,
        time.trim_end()
    ));
    session.messenger.write(b"\n");
    Ok(())
}
