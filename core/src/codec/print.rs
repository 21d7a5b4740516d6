//! From the model to metadata text: as it stands on disk, and as backup and archive files have it.
//!
//! The text is LVM2's to the byte: order of keys, blank lines, comments. Source: texts written by
//! LVM2 2.03.16 for the same content.

pub mod files;
mod lv;
mod number;
mod order;
mod reindent;
mod segment;
#[cfg(test)]
mod tests;
mod unknown;
mod vg;
mod writer;

pub use unknown::file_from_text;

use crate::model::vg::{Provenance, Vg};
use crate::time::TimeZone;
use files::Files;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;
use writer::Writer;

/// The program that headers name if the provenance does not.
pub const GENERATOR: &str = "LVM2 version 2.03.16(2) (2022-05-18)";

/// Returns the text for metadata areas, with its closing NUL.
///
/// # Panics
/// If the VG has unknown content: it is never written.
pub fn disk(vg: &Vg, provenance: &Provenance) -> Vec<u8> {
    let (text, start) = disk_aligned(vg, provenance, 1);
    assert_eq!(start, 0, "every address is a multiple of 1");
    text
}

/// As [`disk`], behind some zeros: where the text begins, which is returned too, the address is a
/// multiple of `alignment`, so that it can be written from there past the page cache. A VG whose
/// text is much longer than its LVs may be elsewhere.
///
/// # Panics
/// If the VG has unknown content: it is never written.
pub fn disk_aligned(vg: &Vg, provenance: &Provenance, alignment: usize) -> (Vec<u8>, usize) {
    assert!(vg.unknown.is_empty(), "a VG with unknown content is not written");
    let mut writer = Writer::disk();
    writer.reserve(vg::length_of_lvs(&writer, vg) + ROOM_BESIDE_LVS + 3 * alignment);
    let start = writer.align(alignment);
    vg::push_vg(&mut writer, vg);
    vg::push_header(&mut writer, provenance);
    let (mut text, _) = writer.finish();
    text.push(0);
    (text, start)
}

/// What a text is longer than its LVs, unless there are hundreds of PVs.
const ROOM_BESIDE_LVS: usize = 32 * 1024;

/// Returns the text for backup and archive files. Times of LVs are shown in `zone`.
///
/// # Panics
/// If the VG has unknown content: use [`file_from_text`] with its original text.
pub fn file(vg: &Vg, provenance: &Provenance, zone: &TimeZone) -> Vec<u8> {
    let mut files = Files::new(zone);
    let (text, start) = files.print(vg, provenance, 1);
    assert_eq!(start, 0, "every address is a multiple of 1");
    drop(files);
    Arc::unwrap_or_clone(text)
}
