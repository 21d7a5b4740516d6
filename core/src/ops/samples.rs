//! Small volume groups and systems for tests.

use crate::id::Uuid;
use crate::model::flags::{AllocationPolicy, LvFlags, Permission, PvFlags, SegmentFlags, VgFlags};
use crate::model::lv::{DeviceNumbers, Lv, ReadAhead};
use crate::model::lv_table::{LvId, LvTable};
use crate::model::pv::{Pv, PvIndex};
use crate::model::segment::{Area, Segment, SegmentKind, Striped};
use crate::model::vg::{Provenance, Vg};
use crate::name::{LvName, VgName};
use crate::ops::system::{Alignment, Device, DeviceId, LabelState, System, VgView};
use crate::ops::{Change, Message, Stop, VgAfter};
use crate::units::{Bytes, ExtentSize, Extents, Le, Pe, Sectors};
use std_alloc::format;
use std_alloc::string::{String, ToString};
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
        flags: PvFlags { allocatable: true, ..PvFlags::default() },
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
        flags: VgFlags { resizeable: true, ..VgFlags::default() },
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
        let area = |(pv, start): &(u32, u64)| Area::Pv { pv: PvIndex(*pv), start: Pe::new(*start) };
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
    let number = name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
    Lv {
        name: LvName::new(name).unwrap(),
        id: id(number),
        permission: Permission::ReadWrite,
        flags: LvFlags { visible: true, ..LvFlags::default() },
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

/// Makes the system that a VG lives in: one device per PV, all there.
pub(crate) fn system(vg: Vg) -> System {
    let device = |pv: &Pv| Device {
        name: pv.device_hint.clone(),
        aliases: Vec::new(),
        number: None,
        size: pv.device_size.unwrap().to_bytes(),
        block_size: Bytes::new(512),
        read_only: false,
        alignment: Alignment::default(),
        device_id: None,
        label: LabelState::None,
        head: Arc::from([].as_slice()),
    };
    let ids = 0..u32::try_from(vg.pvs.len()).unwrap();
    System {
        devices: vg.pvs.iter().map(device).collect(),
        vgs: [VgView {
            provenance: Provenance::default(),
            text: Arc::from([].as_slice()),
            devices: ids.map(|id| Some(DeviceId(id))).collect(),
            fork: None,
            outdated: Vec::new(),
            duplicates: Vec::new(),
            lagging: Vec::new(),
            vg,
        }]
        .into(),
        ..System::default()
    }
}

/// Runs an operation to its end: nothing is found where it wants to look, and questions get `answer`.
pub(crate) fn run(
    system: &mut System,
    answer: bool,
    operation: impl Fn(&System) -> Result<Change, Stop>,
) -> Result<Change, Vec<Message>> {
    loop {
        match operation(system) {
            Ok(change) => return Ok(change),
            Err(Stop::Refused(refused)) => return Err(refused.messages()),
            Err(Stop::Ask(question)) => {
                system.answers.insert(question, answer);
            }
            Err(Stop::Probe(probe)) => {
                system.probed.insert(probe, Vec::new());
            }
        }
    }
}

/// Returns the VG that a change of one stage writes.
pub(crate) fn written(change: &Change) -> &Vg {
    assert_eq!(change.stages.len(), 1);
    match change.stages[0].vgs.as_slice() {
        [VgAfter::Write(vg)] => vg,
        other => panic!("one VG is written, not {other:?}"),
    }
}

/// Returns the texts of messages.
pub(crate) fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.text.as_str()).collect()
}

/// Makes a change true.
pub(crate) fn apply(system: &mut System, change: &Change) {
    for stage in &change.stages {
        for after in &stage.vgs {
            let VgAfter::Write(vg) = after else {
                panic!("only writes are applied");
            };
            let view = system.vgs.iter_mut().find(|view| view.vg.id == vg.id);
            view.unwrap().vg = Vg::clone(vg);
        }
    }
    system.answers.clear();
    system.probed.clear();
}

/// Returns where an LV lies: `3@0:5 4@0:9,1:0`.
pub(crate) fn place(vg: &Vg, name: &str) -> String {
    let lv = vg.lvs.get(vg.lvs.find(name).unwrap());
    let mut words = Vec::new();
    for segment in &lv.segments {
        let area = |area: &Area| match area {
            Area::Pv { pv, start } => format!("{}:{start}", pv.0),
            Area::Lv { lv, start } => format!("{lv}:{start}"),
        };
        let areas: Vec<String> = segment.areas().iter().map(area).collect();
        words.push(format!("{}@{}", segment.extents, areas.join(",")));
    }
    words.join(" ")
}
