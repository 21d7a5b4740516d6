//! Small volume groups and systems for tests.

use crate::id::Uuid;
use crate::model::flags::{AllocationPolicy, LvFlags, Permission, PvFlags, SegmentFlags, VgFlags};
use crate::model::lv::{DeviceNumbers, Lv, ReadAhead};
use crate::model::lv_table::{LvId, LvTable};
use crate::model::pv::{Pv, PvIndex};
use crate::model::segment::{Area, Segment, SegmentKind, Striped};
use crate::model::vg::Vg;
use crate::name::{LvName, VgName};
use crate::units::{ExtentSize, Extents, Le, Pe, Sectors};
use std_alloc::format;
use std_alloc::string::ToString;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// Returns the UUID with a number.
pub(crate) fn id(number: u32) -> Uuid {
    format!("{number:032}").parse().unwrap()
}

/// Makes a VG of 4 MiB extents whose PVs have so many of them.
pub(crate) fn vg(name: &str, counts: &[u64]) -> Vg {
    let pv = |(place, count): (usize, &u64)| Pv {
        id: id(100 + u32::try_from(place).unwrap()),
        device_hint: format!("/dev/sd{}", char::from(b'a' + u8::try_from(place).unwrap())),
        device_id: None,
        flags: PvFlags {
            allocatable: true,
            ..PvFlags::default()
        },
        tags: Vec::new(),
        device_size: Some(Sectors::new(2048 + count * 8192)),
        pe_start: Sectors::new(2048),
        pe_count: Extents::new(*count),
        bootloader_area: None,
    };
    Vg {
        name: VgName::new(name).unwrap(),
        id: id(1),
        seqno: 1,
        format: Some("lvm2".to_string()),
        permission: Permission::ReadWrite,
        flags: VgFlags {
            resizeable: true,
            ..VgFlags::default()
        },
        tags: Vec::new(),
        system_id: None,
        lock_type: None,
        lock_args: None,
        persistent_reservation: Vec::new(),
        extent_size: ExtentSize::new(Sectors::new(8192)).unwrap(),
        max_lv: 0,
        max_pv: 0,
        policy: AllocationPolicy::Normal,
        profile: None,
        metadata_copies: 0,
        pvs: counts.iter().enumerate().map(pv).collect(),
        lvs: LvTable::default(),
        historical: Vec::new(),
        unknown: Vec::new(),
    }
}

/// Makes segments: each its length in logical extents and the places of its stripes.
pub(crate) fn segments(parts: &[(u64, &[(u32, u64)])]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (extents, areas) in parts {
        let area = |(pv, start): &(u32, u64)| Area::Pv {
            pv: PvIndex(*pv),
            start: Pe::new(*start),
        };
        segments.push(Segment {
            start: segments.last().map_or(Le::ZERO, Segment::end),
            extents: Extents::new(*extents),
            reshape: None,
            tags: Vec::new(),
            flags: SegmentFlags::default(),
            kind: SegmentKind::Striped(Striped {
                stripe_size: (areas.len() > 1).then_some(Sectors::new(128)),
                areas: areas.iter().map(area).collect(),
            }),
        });
    }
    segments
}

/// Makes a visible LV.
pub(crate) fn lv(name: &str, parts: &[(u64, &[(u32, u64)])]) -> Lv {
    let number = name
        .bytes()
        .fold(7_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
    Lv {
        name: LvName::new(name).unwrap(),
        id: id(number),
        permission: Permission::ReadWrite,
        flags: LvFlags {
            visible: true,
            ..LvFlags::default()
        },
        tags: Vec::new(),
        creation: None,
        lock_args: None,
        policy: AllocationPolicy::Inherit,
        profile: None,
        read_ahead: ReadAhead::Auto,
        numbers: DeviceNumbers::default(),
        segments: segments(parts),
    }
}

/// Adds a visible LV to a VG.
pub(crate) fn add(vg: &mut Vg, name: &str, parts: &[(u64, &[(u32, u64)])]) -> LvId {
    vg.lvs.push(Arc::new(lv(name, parts)))
}
