use super::*;
use crate::device::testing::Loop;

fn image(size: u64) -> (tempfile::TempDir, Disk) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.img");
    File::create(&path).unwrap().set_len(size).unwrap();
    let disk = Disk::open_image(&path, "a".into()).unwrap();
    (directory, disk)
}

/// What holds for both kinds of disk of 1 MiB.
fn assert_is_a_disk(disk: &mut Disk) {
    const SIZE: u64 = 1 << 20;
    assert_eq!(disk.facts.size, Bytes::new(SIZE));
    let text: Vec<u8> = (0..4096_u32).map(|number| number.to_le_bytes()[0]).collect();
    disk.write(4096, &text).unwrap();
    disk.flush().unwrap();
    // Any place and length can be read, also across the ends of blocks, and at the end there is
    // less.
    assert_eq!(&*disk.read(4097, 600).unwrap(), &text[1..601]);
    assert_eq!(&*disk.read(4000, 200).unwrap(), [&[0; 96][..], &text[..104]].concat());
    assert_eq!(disk.read(SIZE - 100, 4096).unwrap().len(), 100);
    assert_eq!(disk.read(SIZE + 100, 4096).unwrap().len(), 0);
    disk.zero(4096, 512).unwrap();
    assert_eq!(&*disk.read(4096, 1024).unwrap(), [&[0; 512][..], &text[512..1024]].concat());
    disk.write(SIZE / 2, &vec![7; 400 * 1024]).unwrap();
    disk.zero(SIZE / 2, 300 * 1024).unwrap();
    let bytes = disk.read(SIZE / 2, 400 * 1024).unwrap();
    assert!(bytes[..300 * 1024].iter().all(|byte| *byte == 0));
    assert!(bytes[300 * 1024..].iter().all(|byte| *byte == 7));
    disk.discard(SIZE / 2, 4096).unwrap();
    // Nothing reaches beyond the end.
    for (offset, length) in [(SIZE - 512, 1024), (SIZE, 512), (u64::MAX - 511, 512)] {
        assert!(disk.zero(offset, length).is_err(), "{offset}");
    }
    assert!(disk.write(SIZE - 512, &[0; 1024]).is_err());
    disk.open_exclusive().unwrap();
    disk.write(0, &[1; 512]).unwrap();
    assert_eq!(&*disk.read(0, 512).unwrap(), [1; 512]);
}

#[test]
fn an_image_is_a_disk() {
    let (_directory, mut disk) = image(1 << 20);
    assert_eq!(disk.kind, DiskKind::Image);
    assert_is_a_disk(&mut disk);
    assert_eq!(std::fs::metadata(&disk.path).unwrap().len(), 1 << 20);
}

#[test]
fn an_image_has_whole_sectors() {
    let (_directory, mut disk) = image(1000);
    assert_eq!(disk.facts.size, Bytes::new(512));
    assert_eq!(disk.read(0, 4096).unwrap().len(), 512);
}

#[test]
fn a_block_device_is_a_disk() {
    let Some(device) = Loop::new(1 << 20) else {
        return;
    };
    let names = [Name { path: device.path.clone(), link: false }];
    let mut disk = Disk::open_block(&names, device.number).unwrap();
    assert!(disk.direct);
    assert_eq!(disk.facts.block_size, Bytes::new(512));
    assert!(!disk.facts.read_only);
    assert_is_a_disk(&mut disk);
    // It is taken now: nobody else gets it exclusively.
    let mut other = Disk::open_block(&names, device.number).unwrap();
    let error = other.open_exclusive().unwrap_err();
    assert_eq!(error.raw_os_error(), Some(nix::libc::EBUSY));
    drop(disk);
    other.open_exclusive().unwrap();
}

#[test]
fn a_disk_of_large_blocks_is_read_anywhere_and_written_in_blocks() {
    let Some(device) = Loop::with_blocks(1 << 20, 4096) else {
        return;
    };
    let names = [Name { path: device.path.clone(), link: false }];
    let mut disk = Disk::open_block(&names, device.number).unwrap();
    assert_eq!(disk.facts.block_size, Bytes::new(4096));
    let block: Vec<u8> = (0..4096_u32).map(|number| number.to_le_bytes()[0]).collect();
    disk.write(8192, &block).unwrap();
    disk.flush().unwrap();
    assert_eq!(&*disk.read(8192 + 512, 512).unwrap(), &block[512..1024]);
    assert_eq!(&*disk.read(8000, 400).unwrap(), [&[0; 192][..], &block[..208]].concat());
    if disk.direct {
        // Half a block can't be written past the page cache, and isn't.
        assert!(disk.write(8192, &[0; 512]).is_err());
    }
    disk.zero(8192, 4096).unwrap();
    assert_eq!(&*disk.read(8192, 4096).unwrap(), [0; 4096]);
}
