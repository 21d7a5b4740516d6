//! How VGs and LVs are named on a command line: `vg`, `vg/lv`, `/dev/vg/lv`, `/dev/mapper/vg-lv`,
//! `@tag`, `vg/@tag`.

use crate::name::{LvName, Tag, TagError, VgName};
use std_alloc::string::{String, ToString};

/// What an argument names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A whole VG.
    Vg(VgName),
    /// One LV.
    Lv {
        /// Its VG.
        vg: VgName,
        /// Its name; whether there can be such a name is found when it is looked for.
        lv: String,
    },
    /// All VGs with a tag, and all LVs with it in the others.
    Tag(Tag),
}

/// Why an argument names nothing. All are failures of the command (5) where a list of VGs and LVs
/// is expected, and of its syntax (3) where one name is.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PathError {
    /// The VG's name breaks the rules.
    #[error("Volume group name \"{0}\" has invalid characters.")]
    VgName(String),
    /// The LV's name breaks the rules.
    #[error("Logical volume name \"{0}\" is invalid.")]
    LvName(String),
    /// It has too many slashes.
    #[error("\"{0}\": Invalid path for Logical Volume.")]
    Path(String),
    /// The tag breaks the rules. LVM2 warns and goes on without it.
    #[error("Skipping invalid tag @{text}.")]
    Tag {
        /// What stands behind the `@`.
        text: String,
        /// Why.
        #[source]
        cause: TagError,
    },
}

/// Splits a device-mapper name `VG-LV`, in which hyphens of the parts are doubled.
pub fn split_mapper_name(name: &str) -> Option<(String, String)> {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'-' {
            if bytes.get(at + 1) != Some(&b'-') {
                let (vg, lv) = (&name[..at], &name[at + 1..]);
                return (!vg.is_empty() && !lv.is_empty())
                    .then(|| (vg.replace("--", "-"), lv.replace("--", "-")));
            }
            at += 1;
        }
        at += 1;
    }
    None
}

/// Returns what `path` names without the directories in front: `vg` or `vg/lv`.
fn without_directory(path: &str, directory: &str) -> String {
    let inner = path.strip_prefix(directory).and_then(|rest| rest.strip_prefix('/'));
    let Some(inner) = inner else {
        return path.to_string();
    };
    let inner = inner.trim_start_matches('/');
    let Some(name) = inner.strip_prefix("mapper/") else {
        return inner.to_string();
    };
    match split_mapper_name(name) {
        Some((vg, lv)) => [vg.as_str(), "/", lv.as_str()].concat(),
        None => name.replace("--", "-"),
    }
}

fn vg_name(text: &str) -> Result<VgName, PathError> {
    VgName::new(text).map_err(|_| PathError::VgName(text.to_string()))
}

/// Splits `vg/lv`; the VG alone if there is no slash.
fn split_vg<'a>(path: &'a str, text: &str) -> Result<(&'a str, Option<&'a str>), PathError> {
    let Some((vg, lv)) = path.split_once('/') else {
        return Ok((path, None));
    };
    let lv = lv.trim_start_matches('/');
    if vg.is_empty() || lv.contains('/') {
        return Err(PathError::Path(text.to_string()));
    }
    Ok((vg, Some(lv)))
}

/// Reads the name of a VG: `vg` or `/dev/vg`, where `directory` is `devices/dir`.
///
/// # Errors
/// If it is none.
pub fn parse_vg(text: &str, directory: &str) -> Result<VgName, PathError> {
    vg_name(without_directory(text, directory).trim_end_matches('/'))
}

/// Reads the name of an LV in one of its forms; without a VG it belongs to `vg`, if given.
///
/// # Errors
/// If it is none, or if it has no VG and none is given.
pub fn parse_lv(
    text: &str,
    directory: &str,
    vg: Option<&VgName>,
) -> Result<(VgName, LvName), PathError> {
    let path = without_directory(text, directory);
    let (vg, lv) = match (split_vg(&path, text)?, vg) {
        ((vg, Some(lv)), _) => (vg_name(vg)?, lv),
        ((lv, None), Some(vg)) => (vg.clone(), lv),
        ((_, None), None) => return Err(PathError::Path(text.to_string())),
    };
    let lv = LvName::new(lv).map_err(|_| PathError::LvName(lv.to_string()))?;
    Ok((vg, lv))
}

/// Reads an argument of a command that takes VGs, LVs and tags.
///
/// # Errors
/// If it names nothing.
pub fn parse(text: &str, directory: &str) -> Result<Target, PathError> {
    if let Some(text) = text.strip_prefix('@') {
        return Tag::new(text)
            .map(Target::Tag)
            .map_err(|cause| PathError::Tag { text: text.to_string(), cause });
    }
    let path = without_directory(text, directory);
    let (vg, lv) = split_vg(&path, text)?;
    let vg = vg_name(vg)?;
    Ok(match lv {
        None => Target::Vg(vg),
        Some("") if path.len() < text.len() => Target::Vg(vg),
        Some(lv) => Target::Lv { vg, lv: lv.to_string() },
    })
}
