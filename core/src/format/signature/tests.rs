use super::*;
use std_alloc::vec;

fn probe(bytes: &[u8]) -> Vec<(&'static str, u64, u64)> {
    let mut read = |offset: Bytes, length: Bytes| -> Result<Arc<[u8]>, ()> {
        let start = usize::try_from(offset.get()).unwrap();
        let end = start + usize::try_from(length.get()).unwrap();
        Ok(Arc::from(&bytes[start.min(bytes.len())..end.min(bytes.len())]))
    };
    let found = find(Bytes::new(bytes.len() as u64), Bytes::new(512), &mut read).unwrap();
    found.iter().map(|one| (one.kind, one.offset.get(), one.length.get())).collect()
}

fn disk(parts: &[(usize, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0; 1 << 20];
    for (offset, part) in parts {
        bytes[*offset..offset + part.len()].copy_from_slice(part);
    }
    bytes
}

/// Rows: what is on the disk, what is found.
#[test]
fn signatures_are_found_where_wipefs_finds_them() {
    type Row<'a> = (&'a [(usize, &'a [u8])], &'a [(&'static str, u64, u64)]);
    let rows: &[Row<'_>] = &[
        (&[], &[]),
        (&[(0x438, b"\x53\xef"), (0x460, b"\x02")], &[("ext2", 0x438, 2)]),
        (&[(0x438, b"\x53\xef"), (0x45c, b"\x04"), (0x460, b"\x02")], &[("ext3", 0x438, 2)]),
        (&[(0x438, b"\x53\xef"), (0x45c, b"\x04"), (0x460, b"\x42")], &[("ext4", 0x438, 2)]),
        (&[(0x438, b"\x53\xef"), (0x460, b"\x08")], &[("jbd", 0x438, 2)]),
        (&[(0, b"XFSB"), (0x78, b"\x0c\x09")], &[("xfs", 0, 4)]),
        (&[(0, b"XFSB")], &[]),
        (&[(0x10040, b"_BHRfS_M")], &[("btrfs", 0x10040, 8)]),
        (&[(0xff6, b"SWAPSPACE2"), (0x400, b"\x01\0\0\0\x0f")], &[("swap", 0xff6, 10)]),
        (&[(0xff6, b"SWAPSPACE2")], &[]),
        (
            &[(0, b"LUKS\xba\xbe"), (0x4000, b"SKUL\xba\xbe")],
            &[("crypto_LUKS", 0, 6), ("crypto_LUKS", 0x4000, 6)],
        ),
        (&[(0x200, b"LABELONE"), (0x218, b"LVM2 001")], &[("LVM2_member", 0x218, 8)]),
        (&[(0x218, b"LVM2 001")], &[]),
        (&[(0, b"SnAp")], &[("DM_snapshot_cow", 0, 4)]),
        (&[(0x400, b"\x10\x20\xf5\xf2")], &[("f2fs", 0x400, 4)]),
        (&[(0x8001, b"CD001")], &[("iso9660", 0x8001, 5)]),
        (&[(0x8001, b"BEA01"), (0x8801, b"NSR02")], &[("udf", 0x8001, 5)]),
        (&[(0, b"hsqs")], &[("squashfs", 0, 4)]),
        (
            &[(0x1000, b"\xfc\x4e\x2b\xa9\x01"), (0x1000 + 144, b"\x08")],
            &[("linux_raid_member", 0x1000, 4)],
        ),
        (&[(0xf0000, b"\xfc\x4e\x2b\xa9")], &[("linux_raid_member", 0xf0000, 4)]),
        (
            &[(0xfe000, b"\xfc\x4e\x2b\xa9\x01"), (0xfe000 + 144, b"\xf0\x07")],
            &[("linux_raid_member", 0xfe000, 4)],
        ),
        (&[(0x1ff << 11 | 0x600, b"\xde\x11\xde\x11")], &[("ddf_raid_member", 0xffe00, 4)]),
        (&[(0xffc00, b"Intel Raid ISM Cfg Sig. 1.0")], &[("isw_raid_member", 0xffc00, 24)]),
        (&[(510, b"\x55\xaa")], &[("dos", 510, 2)]),
        (&[(510, b"\x55\xaa"), (446, b"\x12")], &[]),
        (&[(3, b"EXFAT   "), (510, b"\x55\xaa")], &[("exfat", 3, 8), ("dos", 510, 2)]),
    ];
    for (parts, expected) in rows {
        assert_eq!(probe(&disk(parts)), *expected, "{parts:x?}");
    }
}

#[test]
fn a_partitioned_disk_has_a_partition() {
    let mut sector = disk(&[(510, b"\x55\xaa")]);
    assert!(!has_partitions(&sector));
    sector[446 + 12] = 1;
    assert!(has_partitions(&sector));
    sector[446 + 16] = 3;
    assert!(!has_partitions(&sector));
    assert!(!has_partitions(&sector[..511]));
}

#[test]
fn few_blocks_are_read() {
    let mut total = 0;
    let mut read = |_: Bytes, length: Bytes| -> Result<Arc<[u8]>, ()> {
        total += length.get();
        Ok(vec![0; usize::try_from(length.get()).unwrap()].into())
    };
    let size = Bytes::new(1 << 40);
    assert_eq!(find(size, Bytes::new(512), &mut read), Ok(Vec::new()));
    assert!(total < 256 * 1024, "{total}");
}

#[test]
fn a_read_that_fails_is_told() {
    let mut read = |_: Bytes, _: Bytes| -> Result<Arc<[u8]>, &str> { Err("no") };
    assert_eq!(find(Bytes::new(4096), Bytes::new(512), &mut read), Err("no"));
}

proptest::proptest! {
    #[test]
    fn any_bytes_give_an_answer(
        noise in proptest::collection::vec((0_usize..140_000, proptest::num::u8::ANY), 0..64),
        size in 0_usize..140_000,
    ) {
        let mut bytes = vec![0; 140_000];
        for (offset, byte) in noise {
            bytes[offset] = byte;
        }
        for found in probe(&bytes[..size]) {
            assert!(found.1 + found.2 <= size as u64);
        }
    }
}
