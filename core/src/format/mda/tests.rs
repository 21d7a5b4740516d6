//! Headers and rings: bytes that LVM2 wrote, round trips, damage, every small ring.

use super::ring::{Area, LocationError, Pieces, PlaceError, text_size_max};
use super::*;
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

fn location(offset: u64, size: u64) -> RawLocation {
    RawLocation { offset: Bytes::new(offset), size: Bytes::new(size), checksum: 0, flags: 0 }
}

/// A header of LVM2 2.03.16.
fn lvm2_header() -> MdaHeader {
    MdaHeader {
        start: Bytes::new(4096),
        size: Bytes::new(1_044_480),
        committed: RawLocation { checksum: 0xf706_8ae9, ..location(14336, 1071) },
        precommitted: RawLocation::default(),
    }
}

#[test]
fn a_header_of_lvm2_is_written_to_the_byte() {
    let bytes = lvm2_header().encode();
    assert_eq!(bytes[..4], [0x99, 0x70, 0xfc, 0xa3]);
    assert_eq!(bytes[40..48], 14336_u64.to_le_bytes());
    assert_eq!(bytes[56..60], [0xe9, 0x8a, 0x06, 0xf7]);
    let read = MdaHeader::decode(&bytes, Bytes::new(4096), Bytes::new(1_044_480));
    assert_eq!(read, Ok(lvm2_header()));
}

#[test]
fn all_faults_are_named_with_lvm2s_bits() {
    let (start, size) = (Bytes::new(4096), Bytes::new(1_044_480));
    let mut bytes = lvm2_header().encode();
    bytes[500] = 1;
    assert_eq!(MdaHeader::decode(&bytes, start, size).unwrap_err().bits(), 0x14);
    bytes[4] = 0;
    bytes[20] = 9;
    bytes[24] = 9;
    let error = MdaHeader::decode(&bytes, start, size).unwrap_err();
    assert_eq!(error.bits(), 0xf4);
    let short = MdaHeader::decode(&bytes[..511], start, size).unwrap_err();
    assert_eq!(short.0, [HeaderFault::Short(511)]);
    let other = MdaHeader::decode(&lvm2_header().encode(), start, Bytes::new(512));
    assert!(matches!(other.unwrap_err().0[..], [HeaderFault::Size { .. }]));
    let tiny = MdaHeader::empty(start, size);
    let mut tiny = tiny.encode();
    tiny[32..40].copy_from_slice(&511_u64.to_le_bytes());
    let tiny = MdaHeader::decode(&tiny, start, Bytes::new(511)).unwrap_err();
    assert_eq!(tiny.0.len(), 2);
}

#[test]
fn locations_outside_the_ring_are_refused() {
    let area = Bytes::new(61440);
    let pieces = |offset, size| location(offset, size).pieces(area);
    assert_eq!(pieces(0, 5), Err(LocationError::None));
    for offset in [1, 511, 61440, u64::MAX] {
        assert!(matches!(pieces(offset, 5), Err(LocationError::Offset { .. })), "{offset}");
    }
    for size in [0, 60929, u64::MAX] {
        assert!(matches!(pieces(512, size), Err(LocationError::Size { .. })), "{size}");
    }
    assert_eq!(pieces(512, 60928).unwrap().second, None);
    let wrapped = pieces(59904, 1940).unwrap();
    assert_eq!(wrapped.first.size, Bytes::new(1536));
    assert_eq!(wrapped.second.unwrap().end(), Bytes::new(512 + 404));
}

/// Offsets that LVM2 chose, one after the other.
#[test]
fn texts_follow_each_other_as_lvm2_places_them() {
    let area =
        Area { start: Bytes::new(4096), size: Bytes::new(61440), block_size: Bytes::new(512) };
    assert_eq!(text_size_max(area.size), Bytes::new(29952));
    assert_eq!(text_size_max(Bytes::new(1_044_480)), Bytes::new(521_472));
    let first = area.place(None, Bytes::new(1000)).unwrap();
    assert_eq!(first.offset, Bytes::new(512));
    let place = |offset, size, next| {
        let placed = area.place(Some(&location(offset, size)), Bytes::new(next)).unwrap();
        placed.offset.get()
    };
    assert_eq!(place(57856, 1908, 1940), 59904);
    assert_eq!(place(59904, 1940, 1972), 1024);
    assert_eq!(place(512, 512, 10), 1024);
    // No sector is left behind the old text.
    assert_eq!(place(60416, 1000, 1000), 512);
    assert_eq!(place(60416, 512, 1000), 60928);
}

#[test]
fn what_is_too_large_is_refused() {
    let area =
        Area { start: Bytes::new(4096), size: Bytes::new(61440), block_size: Bytes::new(512) };
    let max = text_size_max(area.size);
    assert!(area.place(None, max).is_ok());
    let over = max + Bytes::new(1);
    assert_eq!(area.place(None, over), Err(PlaceError::Full { size: over, max }));
    let huge = location(512, 50000);
    assert_eq!(area.place(Some(&huge), max), Err(PlaceError::Overlap { size: max }));
    let bad = area.place(Some(&location(1, 1)), max);
    assert!(matches!(bad, Err(PlaceError::Committed(_))));
}

#[test]
fn large_blocks_are_not_shared_while_there_is_room() {
    let area =
        Area { start: Bytes::new(4096), size: Bytes::new(1_044_480), block_size: Bytes::new(4096) };
    let first = area.place(None, Bytes::new(5000)).unwrap();
    assert_eq!(first.offset, Bytes::new(4096));
    let next = |offset, size, length| {
        area.place(Some(&location(offset, size)), Bytes::new(length)).unwrap()
    };
    assert_eq!(next(4096, 5000, 5000).offset, Bytes::new(12288));
    // Not wrapped: that would share the header's block.
    assert_eq!(next(1_040_384, 4096, 5000).offset, Bytes::new(4096));
    assert_eq!(next(1_036_288, 4000, 5000).offset, Bytes::new(4096));
    // Two of the longest do not fit without sharing.
    let max = text_size_max(area.size).get();
    let tight = next(4096, max, max);
    assert!(tight.shares_header || tight.shares_committed);
}

fn ranges(pieces: &Pieces) -> impl Iterator<Item = u64> {
    pieces.iter().flat_map(|piece| piece.offset.get()..piece.end().get())
}

proptest! {
    #[test]
    fn headers_are_read_as_written(
        start: u64, size in 512_u64.., one in any::<[u64; 4]>(), two in any::<[u64; 4]>(),
    ) {
        let raw = |field: [u64; 4]| RawLocation {
            checksum: u32::try_from(field[2] >> 32).unwrap(),
            flags: u32::try_from(field[3] >> 32).unwrap(),
            ..location(field[0], field[1])
        };
        let header = MdaHeader {
            committed: raw(one),
            precommitted: raw(two),
            ..MdaHeader::empty(Bytes::new(start), Bytes::new(size))
        };
        let read = MdaHeader::decode(&header.encode(), header.start, header.size);
        prop_assert_eq!(read, Ok(header));
    }

    #[test]
    fn any_change_of_a_byte_is_noticed(at in 0_usize..512, change in 1_u8..) {
        let mut bytes = lvm2_header().encode();
        bytes[at] ^= change;
        let read = MdaHeader::decode(&bytes, Bytes::new(4096), Bytes::new(1_044_480));
        prop_assert!(read.is_err());
    }

    /// A text never overwrites the committed one, the header or anything outside, and what is said
    /// of shared blocks is true.
    #[test]
    fn placements_are_safe(
        start in prop::sample::select(&[0_u64, 512, 4096, 8192 + 512][..]),
        sectors in 3_u64..80, offset in 0_u64..40960, size in 1_u64..40960, next in 1_u64..20480,
        block in prop::sample::select(&[512_u64, 4096][..]), fresh: bool,
    ) {
        let area = Area {
            start: Bytes::new(start),
            size: Bytes::new(sectors * 512),
            block_size: Bytes::new(block),
        };
        let old = location(512 + offset, size);
        let Ok(placed) = area.place((!fresh).then_some(&old), Bytes::new(next)) else {
            return Ok(());
        };
        let new: Vec<u64> = ranges(&placed.pieces).collect();
        prop_assert_eq!(new.len() as u64, next);
        prop_assert!(new.iter().all(|at| (512..area.size.get()).contains(at)));
        let blocks: std_alloc::collections::BTreeSet<u64> =
            new.iter().map(|at| (start + at) / block).collect();
        let header = start / block;
        let last = *blocks.last().unwrap();
        let outside = blocks.contains(&header) && block > 512
            || (last + 1) * block > start + area.size.get();
        prop_assert_eq!(placed.shares_header, outside);
        if !fresh {
            let pieces = old.pieces(area.size).unwrap();
            prop_assert!(ranges(&pieces).all(|at| !new.contains(&at)));
            let shared = ranges(&pieces).any(|at| blocks.contains(&((start + at) / block)));
            prop_assert_eq!(placed.shares_committed, shared);
        }
        let raw = location(placed.offset.get(), next);
        prop_assert_eq!(raw.pieces(area.size), Ok(placed.pieces));
    }
}

#[test]
fn tiny_rings_hold_nothing() {
    assert_eq!(text_size_max(Bytes::new(512 * 3)), Bytes::ZERO);
    assert_eq!(text_size_max(Bytes::new(512 * 5)), Bytes::new(512));
}
