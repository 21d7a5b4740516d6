//! Signatures are those that `wipefs` finds, on what the tools of this machine make.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use extant_core::format::signature;
use extant_core::units::Bytes;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

const MIB: u64 = 1 << 20;

/// Rows: size of the image in MiB, and the shell's commands that make what is on it (`$I` is the
/// image).
const MADE: [(u64, &str); 31] = [
    (64, "true"),
    (64, "mkfs.ext2 -q $I"),
    (64, "mkfs.ext3 -q $I"),
    (64, "mkfs.ext4 -q $I"),
    (64, "mkfs.ext4 -q -O ^has_journal $I"),
    (64, "mkfs.ext2 -q -O journal_dev $I"),
    (320, "mkfs.xfs -q $I"),
    (128, "mkfs.btrfs -q $I"),
    (64, "mkswap $I"),
    (64, "mkswap -p 65536 $I"),
    (64, "mkfs.vfat -F 12 -s 64 $I"),
    (64, "mkfs.vfat -F 16 $I"),
    (64, "mkfs.vfat -F 32 $I"),
    (64, "mkfs.exfat $I"),
    (64, "mkfs.ntfs -q -F $I"),
    (128, "mkfs.f2fs -q $I"),
    (64, "mkfs.minix -1 $I"),
    (64, "mkfs.minix -2 $I"),
    (64, "mkfs.minix -3 $I"),
    (64, "mkdir $I.d; touch $I.d/x; mkfs.cramfs $I.d $I; truncate -s 64M $I"),
    (64, "echo 'label: dos\n,10M\n,,83' | sfdisk $I"),
    (64, "echo 'label: dos' | sfdisk $I"),
    (64, "echo 'label: gpt\n,10M' | sfdisk $I"),
    (
        64,
        "echo 'label: gpt\n,10M' | sfdisk $I; dd if=/dev/zero of=$I bs=512 seek=1 count=1 conv=notrunc",
    ),
    (64, "echo 'label: dos\n,10M' | sfdisk $I; mkfs.ext4 -q -F $I"),
    (64, "echo pass | cryptsetup luksFormat -q --type luks1 --pbkdf-force-iterations 1000 $I -"),
    (
        64,
        "echo pass | cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 $I -",
    ),
    (64, "mkdir $I.d; touch $I.d/x; mksquashfs $I.d $I -noappend -quiet; truncate -s 64M $I"),
    (64, "mkdir $I.d; touch $I.d/x; genisoimage -quiet -o $I $I.d; truncate -s 64M $I"),
    (64, "mkdir $I.d; touch $I.d/x; genisoimage -quiet -udf -o $I $I.d; truncate -s 64M $I"),
    (64, "mkfs.ext4 -q $I; mkswap $I"),
];

/// Name, offset and length of the magic.
type Row = (String, u64, u64);

fn by_wipefs(image: &Path) -> Option<Vec<Row>> {
    let output = Command::new("wipefs")
        .args(["--noheadings", "--output", "TYPE,OFFSET,LENGTH"])
        .arg(image)
        .env("LC_ALL", "C")
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let row = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let offset = u64::from_str_radix(fields[1].trim_start_matches("0x"), 16).unwrap();
        (fields[0].to_owned(), offset, fields[2].parse().unwrap())
    };
    let mut rows: Vec<Row> = text.lines().map(row).collect();
    rows.sort();
    Some(rows)
}

fn by_us(image: &Path) -> Vec<Row> {
    let file = File::open(image).unwrap();
    let size = std::io::Seek::seek(&mut &file, std::io::SeekFrom::End(0)).unwrap();
    let mut read = |offset: Bytes, length: Bytes| -> std::io::Result<Arc<[u8]>> {
        let mut bytes = vec![0; usize::try_from(length.get()).unwrap()];
        file.read_exact_at(&mut bytes, offset.get())?;
        Ok(bytes.into())
    };
    let found = signature::find(Bytes::new(size), Bytes::new(512), &mut read).unwrap();
    let mut rows: Vec<Row> =
        found.iter().map(|one| (one.kind.to_owned(), one.offset.get(), one.length.get())).collect();
    rows.sort();
    rows
}

fn make(commands: &str, image: &Path) -> bool {
    let status = Command::new("timeout")
        .args(["20", "sh", "-e", "-c", commands])
        .env("I", image)
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn file_systems_are_found_as_wipefs_finds_them() {
    let directory = tempfile::tempdir().unwrap();
    let mut differ = Vec::new();
    for (number, (size, commands)) in MADE.iter().enumerate() {
        let image = directory.path().join(format!("{number}.img"));
        File::create(&image).unwrap().set_len(size * MIB).unwrap();
        if !make(commands, &image) {
            println!("skipped, not made: {commands}");
            continue;
        }
        let Some(expected) = by_wipefs(&image) else {
            println!("skipped: there is no wipefs");
            return;
        };
        let found = by_us(&image);
        if found != expected {
            differ.push(format!("{commands}\n  wipefs {expected:x?}\n  we     {found:x?}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
