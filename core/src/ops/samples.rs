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
use crate::ops::{Change, Message, Refused, Stop, VgAfter};
use crate::units::{Bytes, ExtentSize, Extents, Le, Pe, Sectors};
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// Returns the UUID with a number.
pub(crate) fn id(number: u32) -> Uuid {
    format!("{number:032}").parse().unwrap()
}

/// Makes a VG of 4 MiB extents without PVs and LVs.
pub(crate) fn empty_vg(name: &str, id: Uuid) -> Vg {
    Vg {
        name: VgName::new(name).unwrap(),
        id,
        seqno: 3,
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
        pvs: Vec::new(),
        lvs: LvTable::default(),
        historical: Vec::new(),
        unknown: Vec::new(),
    }
}

/// Makes a PV of so many extents of 4 MiB, behind 1 MiB.
pub(crate) fn pv(id: Uuid, device: &str, extents: u64) -> Pv {
    Pv {
        id,
        device_hint: device.into(),
        device_id: None,
        flags: PvFlags { allocatable: true, ..PvFlags::default() },
        tags: Vec::new(),
        device_size: Some(Sectors::new(2048 + extents * 8192)),
        pe_start: Sectors::new(2048),
        pe_count: Extents::new(extents),
        bootloader_area: None,
    }
}

/// Makes a VG whose PVs have so many extents.
pub(crate) fn vg(name: &str, counts: &[u64]) -> Vg {
    let pv = |(place, count): (u8, &u64)| {
        let device = format!("/dev/sd{}", char::from(b'a' + place));
        pv(id(100 + u32::from(place)), &device, *count)
    };
    Vg { seqno: 1, pvs: (0..).zip(counts).map(pv).collect(), ..empty_vg(name, id(1)) }
}

/// Makes a striped segment of areas: PV, first extent.
pub(crate) fn striped(
    start: u64,
    extents: u64,
    stripe_size: Option<u64>,
    areas: &[(u32, u64)],
) -> Segment {
    let area = |&(pv, start): &(u32, u64)| Area::Pv { pv: PvIndex(pv), start: Pe::new(start) };
    Segment {
        start: Le::new(start),
        extents: Extents::new(extents),
        reshape: None,
        tags: Vec::new(),
        flags: SegmentFlags::default(),
        kind: SegmentKind::Striped(Striped {
            stripe_size: stripe_size.map(Sectors::new),
            areas: areas.iter().map(area).collect(),
        }),
    }
}

/// Makes segments: each its length in logical extents and the places of its stripes.
pub(crate) fn segments(parts: &[(u64, &[(u32, u64)])]) -> Vec<Segment> {
    let mut start = 0;
    let segment = |&(extents, areas): &(u64, &[(u32, u64)])| {
        let segment = striped(start, extents, (areas.len() > 1).then_some(128), areas);
        start += extents;
        segment
    };
    parts.iter().map(segment).collect()
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

/// Makes an empty device.
pub(crate) fn device(name: String, size: Bytes) -> Device {
    Device {
        name,
        aliases: Vec::new(),
        number: None,
        size,
        block_size: Bytes::new(512),
        read_only: false,
        alignment: Alignment::default(),
        device_id: None,
        label: LabelState::None,
        head: Arc::from([0; 4096].as_slice()),
    }
}

/// Makes the view of a VG.
pub(crate) fn view(vg: Vg, devices: Vec<Option<DeviceId>>) -> VgView {
    VgView {
        vg,
        provenance: Provenance::default(),
        text: Arc::from([].as_slice()),
        devices,
        fork: None,
        outdated: Vec::new(),
        duplicates: Vec::new(),
        lagging: Vec::new(),
    }
}

/// Makes the system that a VG lives in: one device per PV, all there.
pub(crate) fn system(vg: Vg) -> System {
    let device = |pv: &Pv| device(pv.device_hint.clone(), pv.device_size.unwrap().to_bytes());
    let ids = 0..u32::try_from(vg.pvs.len()).unwrap();
    System {
        devices: vg.pvs.iter().map(device).collect(),
        vgs: [view(vg, ids.map(|id| Some(DeviceId(id))).collect())].into(),
        ..System::default()
    }
}

/// Runs an operation to its end: nothing is found where it wants to look, and questions get
/// `answer`.
pub(crate) fn decide(
    system: &mut System,
    answer: bool,
    operation: impl Fn(&System) -> Result<Change, Stop>,
) -> Result<Change, Box<Refused>> {
    loop {
        match operation(system) {
            Ok(change) => return Ok(change),
            Err(Stop::Refused(refused)) => return Err(refused),
            Err(Stop::Ask(question)) => {
                system.answers.insert(question, answer);
            }
            Err(Stop::Probe(probe)) => {
                system.probed.insert(probe, Vec::new());
            }
        }
    }
}

/// Runs an operation to its end, and returns all that a refusal says.
pub(crate) fn run(
    system: &mut System,
    answer: bool,
    operation: impl Fn(&System) -> Result<Change, Stop>,
) -> Result<Change, Vec<Message>> {
    decide(system, answer, operation).map_err(|refused| refused.messages())
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
