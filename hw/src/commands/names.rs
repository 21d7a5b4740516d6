//! Names on the command line that are not looked up by [`super::select`].

use super::exit::Failure;
use extant_core::name::{LvName, NameError, Reserved, VgName};
use extant_core::size::path::{self, PathError};

/// Where LVM2's device nodes are.
pub(super) const DIRECTORY: &str = "/dev";

/// Reads the name of a VG that exists.
pub(super) fn vg(text: &str) -> Result<VgName, Failure> {
    path::parse_vg(text, DIRECTORY).map_err(|_| {
        if text.contains('/') {
            Failure::Usage(format!("Invalid volume group name {text}."))
        } else {
            Failure::Failed(format!(
                "Volume group name \"{text}\" has invalid characters.\n\
                 Cannot process volume group {text}"
            ))
        }
    })
}

/// Reads the name of a VG that is to be.
pub(super) fn new_vg(text: &str) -> Result<VgName, Failure> {
    let bare = text.strip_prefix("/dev/").unwrap_or(text);
    VgName::new(bare).map_err(|error| {
        Failure::Usage(format!("{}\nNew volume group name \"{bare}\" is invalid.", reason(&error)))
    })
}

/// Reads the name of an LV that exists, with its VG.
pub(super) fn lv(text: &str) -> Result<(VgName, LvName), Failure> {
    lv_or(text, |error| Failure::Usage(error.to_string()))
}

/// Reads it where a name that cannot be is one that is not there.
pub(super) fn lv_that_is_there(text: &str) -> Result<(VgName, LvName), Failure> {
    lv_or(text, |error| match error {
        PathError::LvName(lv) => Failure::Failed(format!("Failed to find logical volume \"{lv}\"")),
        error => Failure::Usage(error.to_string()),
    })
}

fn lv_or(
    text: &str,
    invalid: impl FnOnce(PathError) -> Failure,
) -> Result<(VgName, LvName), Failure> {
    path::parse_lv(text, DIRECTORY, default_vg().as_ref()).map_err(|error| match error {
        PathError::VgName(vg) => Failure::Failed(format!(
            "Volume group name \"{vg}\" has invalid characters.\n\
             Cannot process volume group {vg}"
        )),
        error @ PathError::LvName(_) => invalid(error),
        _ if text.contains('/') => Failure::Usage(error.to_string()),
        _ => Failure::Usage("Please specify a logical volume path.".into()),
    })
}

/// Reads the name of an LV of a VG, with or without the VG before it.
pub(super) fn lv_in(text: &str, vg: &VgName) -> Result<LvName, Failure> {
    let (named, lv) = path::parse_lv(text, DIRECTORY, Some(vg))
        .map_err(|error| Failure::Usage(error.to_string()))?;
    if named == *vg {
        Ok(lv)
    } else {
        Err(Failure::Usage(format!(
            "Logical volume names must have the same volume group (\"{vg}\" or \"{named}\")"
        )))
    }
}

/// Returns the VG that is meant where none is named.
pub(super) fn default_vg() -> Option<VgName> {
    let name = std::env::var("LVM_VG_NAME").ok()?;
    path::parse_vg(&name, DIRECTORY).ok()
}

/// Says why a name is none, in LVM2's words.
fn reason(error: &NameError) -> &'static str {
    match error {
        NameError::Empty => "Name is zero length.",
        NameError::Hyphen => "Name cannot start with hyphen.",
        NameError::Character(_) => {
            "Name contains invalid character, valid set includes: [a-zA-Z0-9.-_+]."
        }
        NameError::Dots => "Name starts with . or .. and has no following character(s).",
        NameError::Long(_) => "Name length exceeds maximum limit of 127.",
    }
}

/// Checks that an LV may be given a name.
pub(super) fn not_reserved(name: &LvName) -> Result<(), Failure> {
    let what = match name.reserved() {
        None => return Ok(()),
        Some(Reserved::Prefix(prefix)) => format!("starting \"{prefix}\""),
        Some(Reserved::Part(part)) => format!("including \"{part}\""),
    };
    Err(Failure::Usage(format!("Names {what} are reserved. Please choose a different LV name.")))
}
