//! Backup and archive files as input: of `vgcfgrestore` and `pvcreate --restorefile`.

use super::exit::Failure;
use extant_core::codec::read;
use extant_core::model::vg::{Provenance, Vg};
use std::fs;
use std::io;
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
