//! The bytes of a lab's disk, to be damaged: its label, the header of its metadata area, its text.

#![allow(dead_code, reason = "not every test needs all of it")]

use super::Lab;
use extant_core::crc::crc;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;

/// Where the label stands.
pub(crate) const LABEL: u64 = 512;
/// Where the header of the first metadata area stands.
pub(crate) const HEADER: u64 = 4096;
/// In it the location of the committed text: offset, size, checksum, flags.
const LOCATION: usize = 40;

/// A disk of a lab.
pub(crate) struct Image {
    file: File,
}

/// Where a text lies, as a header says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Location {
    /// From the header.
    pub(crate) offset: u64,
    /// With the closing NUL.
    pub(crate) size: u64,
    /// Of the text.
    pub(crate) checksum: u32,
}

impl Image {
    /// Opens a disk.
    pub(crate) fn open(lab: &Lab, disk: &str) -> Self {
        let path = lab.path().join(format!("{disk}.img"));
        let file = OpenOptions::new().read(true).write(true).open(path);
        Self { file: file.expect("the disk is there") }
    }

    /// Reads bytes.
    pub(crate) fn read(&self, at: u64, length: u64) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(length).expect("it is short")];
        self.file.read_exact_at(&mut bytes, at).expect("the disk is long enough");
        bytes
    }

    /// Writes bytes.
    pub(crate) fn write(&self, at: u64, bytes: &[u8]) {
        self.file.write_all_at(bytes, at).expect("the disk can be written");
    }

    /// Turns a bit over.
    pub(crate) fn flip(&self, at: u64) {
        let byte = self.read(at, 1)[0];
        self.write(at, &[byte ^ 1]);
    }

    /// Changes the label sector, and makes its checksum right again.
    pub(crate) fn change_label(&self, change: impl FnOnce(&mut [u8])) {
        let mut label = self.read(LABEL, 512);
        change(&mut label);
        let sum = crc(&label[20..]).to_le_bytes();
        label[16..20].copy_from_slice(&sum);
        self.write(LABEL, &label);
    }

    /// Changes the header of the metadata area, and makes its checksum right again.
    pub(crate) fn change_header(&self, change: impl FnOnce(&mut [u8])) {
        let mut header = self.read(HEADER, 512);
        change(&mut header);
        let sum = crc(&header[4..]).to_le_bytes();
        header[..4].copy_from_slice(&sum);
        self.write(HEADER, &header);
    }

    /// Returns where the committed text lies.
    pub(crate) fn location(&self) -> Location {
        let header = self.read(HEADER, 512);
        let number = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().expect("8"));
        let checksum = header[LOCATION + 16..LOCATION + 20].try_into().expect("4");
        Location {
            offset: number(LOCATION),
            size: number(LOCATION + 8),
            checksum: u32::from_le_bytes(checksum),
        }
    }

    /// Says that the committed text lies elsewhere.
    pub(crate) fn relocate(&self, change: impl FnOnce(&mut Location)) {
        let mut location = self.location();
        change(&mut location);
        self.change_header(|header| {
            header[LOCATION..LOCATION + 8].copy_from_slice(&location.offset.to_le_bytes());
            header[LOCATION + 8..LOCATION + 16].copy_from_slice(&location.size.to_le_bytes());
            header[LOCATION + 16..LOCATION + 20].copy_from_slice(&location.checksum.to_le_bytes());
        });
    }

    /// Returns where on the disk the committed text begins.
    pub(crate) fn text_start(&self) -> u64 {
        HEADER + self.location().offset
    }

    /// Replaces what the committed text says first with something else, whatever its length; the
    /// checksums are right again.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let location = self.location();
        let text = self.read(HEADER + location.offset, location.size);
        let text = String::from_utf8(text).expect("metadata is text");
        assert!(text.contains(from), "{from:?} is not in {text}");
        let text = text.replacen(from, to, 1).into_bytes();
        self.write(HEADER + location.offset, &text);
        self.relocate(|location| {
            location.size = text.len() as u64;
            location.checksum = crc(&text);
        });
    }
}
