//! Attributes of VGs that a user may set when a VG is made and later.

use crate::name::{NAME_LENGTH_MAX, Tag};
use crate::ops::Message;
use crate::ops::refusal::vg::VgRefusal;
use crate::units::{ExtentSize, Sectors};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Checks the size of extents that a user wants.
///
/// # Errors
/// If the format has no such size.
pub(super) fn check_extent_size(size: Sectors, new: bool) -> Result<ExtentSize, VgRefusal> {
    if size.is_zero() {
        return Err(VgRefusal::ExtentSizeZero { new });
    }
    if size.get() > u64::from(u32::MAX) {
        return Err(VgRefusal::ExtentSizeTooBig);
    }
    ExtentSize::new(size).map_err(|_| VgRefusal::ExtentSize { size })
}

/// Returns a system id without the characters it cannot have; `None` if nothing is left.
pub(super) fn clean_system_id(given: &str) -> Option<String> {
    let is_valid = |c: &char| c.is_ascii_alphanumeric() || "_.+-".contains(*c);
    let clean: String = given.chars().filter(is_valid).take(NAME_LENGTH_MAX).collect();
    Some(clean).filter(|clean| !clean.is_empty())
}

/// Warns of a system id that was given as empty.
pub(super) fn system_id_warnings(given: Option<&str>, notes: &mut Vec<Message>) {
    if given.is_some_and(|given| clean_system_id(given).is_none()) {
        notes.push(Message::warning("Empty system ID supplied."));
        notes.push(Message::warning(
            "A VG without a system ID allows unsafe access from other hosts.",
        ));
    }
}

/// Adds tags that are not there and removes others.
pub(super) fn change_tags(tags: &mut Vec<Tag>, add: &[Tag], remove: &[Tag]) {
    for tag in add {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags.retain(|tag| !remove.contains(tag));
}
