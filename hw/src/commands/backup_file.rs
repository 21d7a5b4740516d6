//! Backup and archive files: read by `vgcfgrestore` and `pvcreate --restorefile`, written where
//! VGs are shown.

use super::exit::Failure;
use super::session::Session;
use extant_core::codec::{print, read};
use extant_core::model::vg::{Provenance, Vg};
use extant_core::ops::guard;
use extant_core::ops::system::{System, VgView};
use extant_core::report::rows::Target;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

/// Returns the system's words for an error.
pub(super) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// Reads a file.
pub(super) fn read(path: &str) -> Result<(Vg, Provenance), Failure> {
    let failed = |reason: String| {
        Failure::Failed(format!("{reason}\nCouldn't read volume group metadata from {path}."))
    };
    let text = fs::read(path)
        .map_err(|error| failed(format!("{path}: stat failed: {}", words(&error))))?;
    let text: Arc<[u8]> = text.into();
    read::read(&text).map_err(|error| failed(format!("{path}: {error}")))
}

/// Returns the content of a file that describes a VG as it is. What is not understood altogether is
/// kept as it stands on disk.
pub(super) fn text(system: &System, view: &VgView, description: &str) -> Vec<u8> {
    if !view.vg.unknown.is_empty() {
        let end = view.text.len().saturating_sub(usize::from(view.text.ends_with(&[0])));
        return view.text[..end].to_vec();
    }
    let host = &system.host;
    let provenance = Provenance {
        description: description.to_owned(),
        creation_host: host.node_name.clone(),
        creation_host_system_id: host.system_id.clone(),
        creation_time: host.time,
        host_comment: host.uname.clone(),
        time_comment: host.ctime.clone(),
        ..Provenance::default()
    };
    print::file(&view.vg, &provenance, &host.zone)
}

/// Writes the backups that are not in step with their VGs, as LVM2 does where it shows VGs.
pub(super) fn renew(
    session: &mut Session<'_>,
    system: &System,
    targets: Option<&[Target]>,
) -> Result<(), Failure> {
    if session.common.test || !system.settings.backup {
        return Ok(());
    }
    let command = session.command_line.clone();
    let keeper = session.keeper()?;
    for (place, view) in system.vgs.iter().enumerate() {
        let vg = &view.vg;
        let is_meant = targets.is_none_or(|targets| targets.contains(&Target::Vg(place)));
        let may = is_meant && guard::check_access(system, vg).is_ok() && !vg.flags.exported;
        if !may || view.fork.is_some() || is_current(&keeper.backup.join(vg.name.as_str()), vg) {
            continue;
        }
        // What is shown is right without them: where they cannot be written, there are none.
        let describe = |when: &str| format!("Created *{when}* executing '{command}'");
        if system.settings.archive {
            let _ = keeper.archive(vg.name.as_str(), &text(system, view, &describe("before")));
        }
        let _ = keeper.back_up(vg.name.as_str(), &text(system, view, &describe("after")));
    }
    Ok(())
}

/// How far into a backup its VG's identity and seqno stand.
const HEAD: u64 = 64 * 1024;

/// Whether a backup is of a VG as it is now.
fn is_current(path: &Path, vg: &Vg) -> bool {
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let head = String::from_utf8_lossy(&head);
    let has = |line: String| head.lines().any(|other| other.trim() == line);
    read.is_ok() && has(format!("id = \"{}\"", vg.id)) && has(format!("seqno = {}", vg.seqno))
}
