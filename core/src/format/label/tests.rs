//! Labels: bytes that LVM2 wrote, round trips, damage.

use super::*;
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use std_alloc::vec;

/// A label of LVM2 2.03.16: PV in a VG, one metadata area, 200 MiB device.
fn lvm2_label() -> [u8; 512] {
    let mut sector = [0; 512];
    sector[..8].copy_from_slice(b"LABELONE");
    sector[8] = 1;
    sector[16..20].copy_from_slice(&[0x72, 0xe0, 0xe3, 0x2f]);
    sector[20] = 32;
    sector[24..32].copy_from_slice(b"LVM2 001");
    sector[32..64].copy_from_slice(b"Aox5rETvDXAsm3JZZjNOoW08hgIs1AyP");
    sector[0x40..0x44].copy_from_slice(&[0, 0, 0x80, 0x0c]);
    sector[0x48..0x4c].copy_from_slice(&[0, 0, 0x10, 0]);
    sector[0x68..0x6a].copy_from_slice(&[0, 0x10]);
    sector[0x70..0x74].copy_from_slice(&[0, 0xf0, 0x0f, 0]);
    sector[0x88] = 2;
    sector[0x8c] = 1;
    sector
}

fn head_with(sector: usize, bytes: &[u8; 512]) -> [u8; LABEL_SCAN_SIZE] {
    let mut head = [0; LABEL_SCAN_SIZE];
    head[sector * 512..(sector + 1) * 512].copy_from_slice(bytes);
    head
}

fn area(offset: u64, size: u64) -> DiskArea {
    DiskArea { offset: Bytes::new(offset), size: Bytes::new(size) }
}

fn refresh_checksum(sector: &mut [u8; 512]) {
    let checksum = crc(&sector[20..]);
    sector[16..20].copy_from_slice(&checksum.to_le_bytes());
}

#[test]
fn a_label_of_lvm2_reads_and_writes_back() {
    let found = find(&head_with(1, &lvm2_label()));
    let label = found.label.unwrap();
    assert_eq!(label.header.device_size, Bytes::new(200 << 20));
    assert_eq!(label.header.data_areas, [area(1 << 20, 0)]);
    assert_eq!(label.header.metadata_areas, [area(4096, 1_044_480)]);
    assert!(label.header.is_used());
    assert_eq!(label.encode().unwrap(), lvm2_label());
    assert!(found.further.is_empty() && found.foreign.is_empty() && found.damaged.is_empty());
}

#[test]
fn the_first_of_two_labels_wins() {
    let mut head = head_with(1, &lvm2_label());
    let second = Label { sector: 3, ..find(&head).label.unwrap() };
    head[1536..].copy_from_slice(&second.encode().unwrap());
    let found = find(&head);
    assert_eq!(found.label.unwrap().sector, 1);
    assert_eq!(found.further, [3]);
}

#[test]
fn damage_is_named() {
    type Change = fn(&mut [u8; 512]);
    let cases: [(Change, bool, LabelFault); 5] = [
        (
            |sector| sector[100] ^= 1,
            false,
            LabelFault::Checksum { stored: 0x2fe3_e072, computed: 0xcafe },
        ),
        (|sector| sector[8] = 2, false, LabelFault::Sector { stored: 2, found: 1 }),
        (|sector| sector[21] = 2, true, LabelFault::HeaderOffset(544)),
        (|sector| sector[40] = b'_', true, LabelFault::Uuid(UuidError::Character('_'))),
        (|sector| sector[72..].fill(1), true, LabelFault::Unended("data")),
    ];
    for (change, refresh, expected) in cases {
        let mut sector = lvm2_label();
        change(&mut sector);
        if refresh {
            refresh_checksum(&mut sector);
        }
        let found = find(&head_with(1, &sector));
        assert_eq!(found.label, None);
        let [(1, fault)] = found.damaged[..] else {
            panic!("{expected}: {found:?}");
        };
        match (fault, expected) {
            (LabelFault::Checksum { stored: one, .. }, LabelFault::Checksum { stored, .. }) => {
                assert_eq!(one, stored);
            }
            _ => assert_eq!(fault, expected),
        }
    }
    let found = find(&head_with(1, &lvm2_label())[..600]);
    assert_eq!(found.damaged, [(1, LabelFault::Short(88))]);
}

#[test]
fn labels_of_other_types_are_not_pvs() {
    let mut sector = lvm2_label();
    sector[24..32].copy_from_slice(b"LVM9 999");
    refresh_checksum(&mut sector);
    let found = find(&head_with(1, &sector));
    assert_eq!(found.foreign, [(1, *b"LVM9 999")]);
    assert_eq!(found.label, None);
}

#[test]
fn headers_without_extension_are_those_of_old_tools() {
    let mut label = find(&head_with(1, &lvm2_label())).label.unwrap();
    label.header.extension = None;
    let sector = label.encode().unwrap();
    let found = find(&head_with(1, &sector)).label.unwrap();
    assert_eq!(found, label);
    assert!(!found.header.is_used());
}

#[test]
fn too_many_areas_do_not_fit() {
    let mut label = find(&head_with(1, &lvm2_label())).label.unwrap();
    label.header.metadata_areas = vec![area(4096, 4096); 24];
    assert_eq!(label.encode(), Err(LabelTooLong(528)));
    label.header.metadata_areas.pop();
    let sector = label.encode().unwrap();
    assert_eq!(find(&head_with(1, &sector)).label, Some(label));
}

fn areas() -> impl Strategy<Value = Vec<DiskArea>> {
    let one = (1..=u64::MAX, any::<u64>()).prop_map(|(offset, size)| area(offset, size));
    prop::collection::vec(one, 0..4)
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        sector in 0_u8..4, id in "[0-9a-zA-Z!#]{32}", size: u64, data in areas(), mdas in areas(),
        extension in prop::option::of((1_u32.., any::<u32>(), areas())),
    ) {
        let extension = extension.map(|(version, flags, bootloader_areas)| PvExtension {
            version, flags, bootloader_areas,
        });
        let header = PvHeader {
            id: id.parse().unwrap(),
            device_size: Bytes::new(size),
            data_areas: data,
            metadata_areas: mdas,
            extension,
        };
        let label = Label { sector, header };
        let bytes = label.encode().unwrap();
        prop_assert_eq!(find(&head_with(usize::from(sector), &bytes)).label, Some(label));
    }

    #[test]
    fn any_change_of_a_byte_is_noticed(at in 0_usize..512, change in 1_u8..) {
        let mut sector = lvm2_label();
        sector[at] ^= change;
        prop_assert!(find(&head_with(1, &sector)).label.is_none());
    }

    #[test]
    fn any_bytes_with_a_right_checksum_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 472),
        offset in 0_u32..600,
    ) {
        let mut sector = lvm2_label();
        sector[20..24].copy_from_slice(&offset.to_le_bytes());
        sector[40..].copy_from_slice(&bytes);
        refresh_checksum(&mut sector);
        let found = find(&head_with(1, &sector));
        prop_assert_eq!(found.label.is_some(), found.damaged.is_empty());
    }
}
