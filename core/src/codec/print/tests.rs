//! Texts that LVM2 wrote are read and written back to the byte.

use super::time::TimeZone;
use super::{disk, file};
use crate::codec::read::read;
use std_alloc::string::{String, ToString};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// Captured from LVM2 2.03.16 by `golden/make.sh`: on disk and as a file.
macro_rules! golden {
    ($($name:literal),*) => {
        [$((
            $name,
            include_bytes!(concat!("../golden/", $name, ".disk")),
            include_bytes!(concat!("../golden/", $name, ".file")),
        )),*]
    };
}

const GOLDEN: [(&str, &[u8], &[u8]); 4] = golden!["kinds", "kinds2", "empty", "owned"];

/// The first line in which two texts differ.
fn difference(one: &[u8], two: &[u8]) -> Option<(usize, String, String)> {
    let lines = |text: &[u8]| -> Vec<String> {
        let lines = text.split(|byte| *byte == b'\n');
        lines
            .map(|line| String::from_utf8_lossy(line).to_string())
            .collect()
    };
    let (one_lines, two_lines) = (lines(one), lines(two));
    let place = (0..one_lines.len().max(two_lines.len()))
        .find(|place| one_lines.get(*place) != two_lines.get(*place))?;
    let line = |lines: &[String]| lines.get(place).cloned().unwrap_or_default();
    Some((place + 1, line(&one_lines), line(&two_lines)))
}

#[test]
fn texts_on_disk_are_written_back_to_the_byte() {
    for (name, text, _) in GOLDEN {
        let (vg, provenance) = read(&Arc::from(text)).unwrap();
        assert_eq!(vg.unknown, Vec::<String>::new(), "{name}");
        let printed = disk(&vg, &provenance);
        assert_eq!(difference(&printed, text), None, "{name}");
        let loaded: crate::model::vg::Vg = load_all(&vg);
        assert_eq!(
            difference(&disk(&loaded, &provenance), text),
            None,
            "{name}"
        );
    }
}

#[test]
fn files_are_written_back_to_the_byte() {
    for (name, on_disk, text) in GOLDEN {
        let (vg, provenance) = read(&Arc::from(text)).unwrap();
        let (same, _) = read(&Arc::from(on_disk)).unwrap();
        assert!(vg == same, "{name}: file and disk have the same content");
        let utc = TimeZone::default();
        for vg in [&vg, &same, &load_all(&same)] {
            assert_eq!(
                difference(&file(vg, &provenance, &utc), text),
                None,
                "{name}"
            );
        }
    }
}

/// The same VG without LVs that are still text.
fn load_all(vg: &crate::model::vg::Vg) -> crate::model::vg::Vg {
    let mut loaded = vg.clone();
    let ids: Vec<_> = vg.lvs.ids().collect();
    for id in ids {
        loaded.lvs.replace(id, vg.lvs.get(id));
    }
    loaded
}

/// Taking away the owner of a VG changes the text of all its LVs.
#[test]
fn write_locks_follow_the_owner() {
    let (mut vg, provenance) = read(&Arc::from(GOLDEN[3].1)).unwrap();
    vg.system_id = None;
    assert!(vg.lvs.ids().all(|id| vg.lvs.is_source(id)));
    let text = String::from_utf8(disk(&vg, &provenance)).unwrap();
    assert_eq!(text.matches("WRITE_LOCKED").count(), 0);
    assert_eq!(text.matches("\"READ\", \"WRITE\"").count(), 2);
}
