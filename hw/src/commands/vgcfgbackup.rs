//! `vgcfgbackup`: the metadata of volume groups as files.

use super::backup_file::{self, words};
use super::exit::Failure;
use super::select::{self, ChosenVg, Exported};
use super::session::Look;
use super::session::Session;
use super::table::Run;
use extant_core::ops::access::Shown;
use extant_core::ops::guard;
use std::path::{Path, PathBuf};

/// Arguments of `vgcfgbackup`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgcfgbackup {
    /// The volume groups; none means all.
    #[arg(value_name = "VG")]
    vgs: Vec<String>,
    /// The file; %s in it stands for the group's name.
    #[arg(short = 'f', long, value_name = "String")]
    file: Option<String>,
    /// Volume groups of other machines too.
    #[arg(long)]
    foreign: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    ignorelockingfailure: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    readonly: bool,
    /// Accepted for compatibility.
    #[arg(long, value_name = "String")]
    reportformat: Option<String>,
}

impl Run for Vgcfgbackup {
    const NAME: &'static str = "vgcfgbackup";
    const ABOUT: &'static str = "Save the metadata of volume groups in files";
    const SYNTAX: &'static [&'static str] = &["vgcfgbackup [VG ...]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let shown = Shown { foreign: self.foreign, shared: false };
        let vgs = select::vgs_as(session, &self.vgs, None, Exported::Included, shown)?;
        let mut last = None;
        session.for_each(vgs, |session, ChosenVg { name: vg, selector, .. }| {
            let system =
                session.look_at(Look { vgs: Some(vec![vg.clone()]), locked: true, shown })?;
            if let Some(reason) = session.why_hidden(&vg) {
                return Err(Failure::Failed(reason));
            }
            let view = guard::find_vg(&system, &selector)
                .map_err(|refusal| Failure::Failed(refusal.to_string()))?;
            if self.file.is_none() && guard::has_missing(view) {
                return Err(Failure::Failed(
                    "No backup taken: specify filename with -f to backup with missing PVs.".into(),
                ));
            }
            let file = self.file.as_ref().map(|file| file.replace("%s", vg.as_str()));
            if file.is_some() && last == file {
                return Err(Failure::Failed(
                    "VGs must be backed up into different files. Use %s in filename for VG name."
                        .into(),
                ));
            }
            last.clone_from(&file);
            let text = backup_file::text(&system, view, &session.command_line);
            if !session.common.test {
                write(session, file, vg.as_str(), &text)?;
            }
            session.messenger.print(&format!("Volume group \"{vg}\" successfully backed up."));
            Ok(())
        })
    }
}

/// Writes the file: the one that was named, or the group's backup.
fn write(
    session: &mut Session<'_>,
    file: Option<String>,
    vg: &str,
    text: &[u8],
) -> Result<(), Failure> {
    let keeper = session.keeper()?;
    let failed = |path: &Path, error: &std::io::Error| {
        Failure::Failed(format!("{}: {}", path.display(), words(error)))
    };
    let Some(path) = file.map(PathBuf::from) else {
        let written = keeper.back_up(vg, text);
        return written.map(drop).map_err(|error| failed(&keeper.backup, &error));
    };
    // The directory is not made: that would hide a slip.
    if path.parent().is_some_and(|parent| !parent.as_os_str().is_empty() && !parent.is_dir()) {
        let text = "Couldn't create temporary text file name.";
        return Err(Failure::Failed(text.into()));
    }
    let written = keeper.write_file(&path, text);
    written.map_err(|error| failed(&path, &error))
}
