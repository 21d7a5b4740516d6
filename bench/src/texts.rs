//! Metadata texts of any size, for benchmarks.

use std::fmt::Write as _;

/// The name of the VG in all texts.
pub const VG: &str = "big";

/// Numbers of LVs that criterion's benchmarks go over.
pub const SIZES: [u64; 4] = [10, 1000, 10_000, 20_000];

/// What a VG is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Number of LVs, each of two extents.
    pub lvs: u64,
    /// Number of PVs.
    pub pvs: u64,
}

impl Shape {
    /// Returns the extents each PV must have: all LVs and a few more.
    pub const fn extents_per_pv(self) -> u64 {
        (self.lvs * 2).div_ceil(self.pvs) + 1000
    }

    /// Returns how large a metadata area must be, in bytes: two texts and their slack.
    pub const fn area_size(self) -> u64 {
        ((self.lvs * 700 + self.pvs * 300) * 2 + (2 << 20)).next_multiple_of(1 << 20)
    }

    /// Returns how large a disk must be, in bytes.
    pub const fn disk_size(self) -> u64 {
        self.area_size() + (self.extents_per_pv() << 20) + (2 << 20)
    }
}

/// Returns the UUID of PV number `number`.
pub fn pv_id(number: u64) -> String {
    id('p', number)
}

pub(crate) fn id(kind: char, number: u64) -> String {
    format!("{kind}00000-0000-0000-0000-0000-0000-{number:06}")
}

/// Returns the text of a VG in the order and form of a backup file, without its comments.
pub fn backup_text(shape: Shape) -> String {
    let mut text = contents();
    vg_section(&mut text, shape);
    text
}

/// Returns what stands before the VG in a backup file.
pub(crate) fn contents() -> String {
    String::from(
        "contents = \"Text Format Volume Group\"\nversion = 1\ndescription = \"benchmark\"\n\
         creation_host = \"host\"\t# Linux\ncreation_time = 1700000000\t# once\n",
    )
}

/// Returns the text of a VG as it stands on disk, with its closing NUL.
pub fn disk_text(shape: Shape) -> String {
    let mut text = String::new();
    vg_section(&mut text, shape);
    text.push_str(
        "contents = \"Text Format Volume Group\"\nversion = 1\n\ndescription = \"benchmark\"\n\n\
         creation_host = \"host\"\t# Linux\ncreation_time = 1700000000\t# once\n\n\0",
    );
    text
}

/// The sizes of a PV.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PvPart {
    /// The disk's, in bytes.
    pub(crate) device_size: u64,
    /// How many extents it has.
    pub(crate) extents: u64,
}

/// Writes a VG up to its LVs.
pub(crate) fn vg_head(text: &mut String, area_size: u64, pvs: &[PvPart]) {
    let _ = write!(
        text,
        "{VG} {{\nid = \"{}\"\nseqno = 1\nformat = \"lvm2\"\n\
         status = [\"RESIZEABLE\", \"READ\", \"WRITE\"]\nflags = []\nextent_size = 2048\n\
         max_lv = 0\nmax_pv = 0\nmetadata_copies = 0\n\nphysical_volumes {{\n",
        id('v', 1)
    );
    let data_start = ((4096 + area_size).next_multiple_of(1 << 20)) / 512;
    for (number, pv) in (0..).zip(pvs) {
        let _ = write!(
            text,
            "\npv{number} {{\nid = \"{}\"\ndevice = \"/dev/x\"\n\nstatus = [\"ALLOCATABLE\"]\n\
             flags = []\ndev_size = {}\npe_start = {data_start}\npe_count = {}\n}}\n",
            pv_id(number),
            pv.device_size / 512,
            pv.extents
        );
    }
    text.push_str("}\n\n");
}

fn vg_section(text: &mut String, shape: Shape) {
    let pv = PvPart { device_size: shape.disk_size(), extents: shape.extents_per_pv() };
    let pvs: Vec<PvPart> = (0..shape.pvs).map(|_| pv).collect();
    vg_head(text, shape.area_size(), &pvs);
    if shape.lvs > 0 {
        text.push_str("logical_volumes {\n");
        for number in 0..shape.lvs {
            lv_section(text, shape, number);
        }
        text.push_str("}\n\n");
    }
    text.push_str("}\n");
}

fn lv_section(text: &mut String, shape: Shape, number: u64) {
    let (pv, place) = (number % shape.pvs, number / shape.pvs * 2);
    let _ = write!(
        text,
        "\nlv{number} {{\nid = \"{}\"\nstatus = [\"READ\", \"WRITE\", \"VISIBLE\"]\nflags = []\n\
         creation_time = 1700000000\ncreation_host = \"host\"\nsegment_count = 1\n\n\
         segment1 {{\nstart_extent = 0\nextent_count = 2\n\ntype = \"striped\"\n\
         stripe_count = 1\n\nstripes = [\n\"pv{pv}\", {place}\n]\n}}\n}}\n",
        id('l', number)
    );
}

#[cfg(test)]
mod tests {
    use super::{Shape, backup_text, disk_text};

    #[test]
    fn texts_fit_the_areas_that_are_made_for_them() {
        for (lvs, pvs) in [(0, 1), (10, 4), (1000, 100), (20_000, 4)] {
            let shape = Shape { lvs, pvs };
            let text = disk_text(shape);
            // A text may fill half of its area less two sectors.
            assert!((text.len() as u64) < shape.area_size() / 2 - 1024, "{shape:?}");
            assert_eq!(text.matches("\nsegment1 {").count() as u64, lvs);
            assert!(backup_text(shape).starts_with("contents"));
        }
    }
}
