//! lvcreate: a new LV, linear or striped.

pub(super) mod shape;
mod wipe;

use crate::alloc as allocation;
use crate::model::flags::{AllocationPolicy, LvFlags, Permission, SegmentFlags};
use crate::model::lv::{Creation, DeviceNumbers, Lv, ReadAhead};
use crate::model::segment::{Segment, SegmentKind};
use crate::model::vg::Vg;
use crate::name::{LvName, Tag, VgName};
use crate::ops::allocated::Allocated;
use crate::ops::guard::{self, Tolerance};
use crate::ops::lv_common::{self, Places};
use crate::ops::refusal::lv::LvRefusal;
use crate::ops::selector::VgSelector;
use crate::ops::system::{System, VgView};
use crate::ops::{Change, Init, Message, Stage, Stop, VgAfter};
use crate::size::Amount;
use crate::size::ranges::PvArg;
use crate::units::{Extents, Le, Sectors};
use shape::Shape;
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec;
use std_alloc::vec::Vec;

/// What the extents of a new LV are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Extents of PVs, in one stripe or several.
    Striped,
    /// None: every read and write fails (`--type error`).
    Error,
    /// None: reads give zeros (`--type zero`).
    Zero,
}

/// A new LV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The VG it is in.
    pub vg: VgName,
    /// Its name; without, `lvolN` with the lowest number that is free.
    pub name: Option<LvName>,
    /// What its extents are.
    pub kind: Kind,
    /// Its length.
    pub amount: Amount,
    /// `-i`.
    pub stripes: Option<u32>,
    /// `-I`.
    pub stripe_size: Option<Sectors>,
    /// The PVs it may use, in order of preference; all if empty.
    pub pvs: Vec<PvArg>,
    /// `--alloc`, `-C`; `Inherit` is the VG's.
    pub policy: AllocationPolicy,
    /// `-p r`.
    pub read_only: bool,
    /// `--addtag`.
    pub tags: Vec<Tag>,
    /// `-r`.
    pub read_ahead: ReadAhead,
    /// `-M y` with `--major` and `--minor`.
    pub numbers: Option<DeviceNumbers>,
    /// `-M y`: there has to be a minor number to keep.
    pub persistent: bool,
    /// `-k`.
    pub activation_skip: bool,
    /// `--setautoactivation n`.
    pub no_auto_activate: bool,
    /// `-Z`: whether its first 4 KiB are zeroed; by default they are.
    pub zero: Option<bool>,
    /// `-W`: whether signatures on it are looked for and wiped; by default the settings' choice.
    pub wipe_signatures: Option<bool>,
    /// `--metadataprofile`.
    pub profile: Option<String>,
}

impl Request {
    /// Makes the request for a linear LV with all else as by default.
    pub fn new(vg: VgName, amount: Amount) -> Self {
        Self {
            vg,
            name: None,
            kind: Kind::Striped,
            amount,
            stripes: None,
            stripe_size: None,
            pvs: Vec::new(),
            policy: AllocationPolicy::Inherit,
            read_only: false,
            tags: Vec::new(),
            read_ahead: ReadAhead::Auto,
            numbers: None,
            persistent: false,
            activation_skip: false,
            no_auto_activate: false,
            zero: None,
            wipe_signatures: None,
            profile: None,
        }
    }
}

const MINOR_MAX: u32 = (1 << 20) - 1;
/// Makes an LV.
///
/// # Errors
/// If it may not be made, or if a person has to be asked or the place looked at first.
pub fn lvcreate(system: &System, request: &Request) -> Result<Change, Stop> {
    let mut notes = Vec::new();
    if let Some(name) = &request.name {
        lv_common::check_reserved(name)?;
    }
    let selector = VgSelector::Name(request.vg.clone());
    let view = guard::writable(system, &selector, Tolerance::NONE)?;
    let numbers = device_numbers(request, &mut notes)?;
    let made = make(system, view, request, numbers, &mut notes);
    let Made { lv, init, allocated } = match made {
        Ok(made) => made,
        Err(Failure::Refused(refusal)) => return Err(Stop::refuse(notes, *refusal)),
        Err(Failure::Stopped(stop)) => return Err(stop),
    };
    let mut after = guard::successor(system, view);
    let created = format!("Logical volume \"{}\" created.", lv.name);
    after.lvs.push(Arc::new(lv));
    assert_eq!(after.lvs.len(), view.vg.lvs.len() + 1, "one LV is new");
    Ok(Change {
        stages: vec![Stage {
            name: "created",
            vgs: vec![VgAfter::Write(Box::new(after))],
            init,
            ..Stage::default()
        }],
        before: notes,
        after: vec![Message::print(created)],
        allocated: allocated.into_iter().collect(),
        ..Change::default()
    })
}

/// A new LV, what is initialised for it, and what was asked of the allocator.
struct Made {
    lv: Lv,
    init: Vec<Init>,
    allocated: Option<Allocated>,
}

/// Why there is no LV.
enum Failure {
    Refused(Box<LvRefusal>),
    Stopped(Stop),
}

impl From<LvRefusal> for Failure {
    fn from(refusal: LvRefusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

fn make(
    system: &System,
    view: &VgView,
    request: &Request,
    numbers: DeviceNumbers,
    notes: &mut Vec<Message>,
) -> Result<Made, Failure> {
    let vg = &view.vg;
    let places = lv_common::places(system, view, &request.pvs, notes)?;
    let shape = shape::shape(system, view, request, &places, notes)?;
    let name = name(vg, request)?;
    check_count(vg)?;
    let virtual_only = |kind| (vec![virtual_segment(shape.extents, kind)], None);
    let (segments, allocated) = match request.kind {
        Kind::Striped => striped(system, vg, &name, request, &shape, places)?,
        Kind::Error => virtual_only(SegmentKind::Error),
        Kind::Zero => virtual_only(SegmentKind::Zero),
    };
    let policy = request.policy;
    let fixed_minor = numbers.minor.is_some();
    let lv = Lv {
        name,
        id: system.entropy().uuid(),
        permission: if request.read_only { Permission::ReadOnly } else { Permission::ReadWrite },
        flags: LvFlags {
            visible: true,
            fixed_minor,
            activation_skip: request.activation_skip,
            no_auto_activate: request.no_auto_activate,
            ..LvFlags::default()
        },
        tags: unique(&request.tags),
        creation: Some(Creation { time: system.host.time, host: system.host.node_name.clone() }),
        lock_args: None,
        policy,
        profile: request.profile.clone(),
        read_ahead: lv_common::round_read_ahead(request.read_ahead, notes),
        numbers,
        segments,
    };
    let init = wipe::wipe(system, view, request, &lv, notes)?;
    Ok(Made { lv, init, allocated })
}

fn unique(tags: &[Tag]) -> Vec<Tag> {
    let mut found: Vec<Tag> = Vec::new();
    for tag in tags {
        if !found.contains(tag) {
            found.push(tag.clone());
        }
    }
    found
}

/// Returns the persistent numbers; the kernel gives majors itself.
pub(super) fn check_numbers(
    numbers: DeviceNumbers,
    notes: &mut Vec<Message>,
) -> Result<DeviceNumbers, LvRefusal> {
    let minor = numbers.minor.ok_or(LvRefusal::MinorMissing)?;
    if minor > MINOR_MAX {
        return Err(LvRefusal::Minor { minor });
    }
    warn_of_major(numbers, notes);
    Ok(DeviceNumbers { major: Some(0), minor: Some(minor) })
}

fn warn_of_major(numbers: DeviceNumbers, notes: &mut Vec<Message>) {
    if let Some(major) = numbers.major {
        lv_common::warn(
            notes,
            format!(
                "WARNING: Ignoring supplied major number {major} - kernel assigns major numbers \
                 dynamically. Using major number 0 instead."
            ),
        );
    }
}

fn device_numbers(request: &Request, notes: &mut Vec<Message>) -> Result<DeviceNumbers, LvRefusal> {
    match request.numbers {
        // A major number alone is nothing that could be kept.
        Some(numbers @ DeviceNumbers { major: Some(_), minor: None }) if !request.persistent => {
            warn_of_major(numbers, notes);
            Ok(DeviceNumbers::default())
        }
        Some(numbers) => check_numbers(numbers, notes),
        None => Ok(DeviceNumbers::default()),
    }
}

/// Returns the name, checked, or the next of the names that are numbered.
fn name(vg: &Vg, request: &Request) -> Result<LvName, LvRefusal> {
    let name = match &request.name {
        Some(name) => {
            if vg.lvs.find(name.as_str()).is_some() {
                return Err(LvRefusal::Exists { vg: vg.name.clone(), lv: name.clone() });
            }
            name.clone()
        }
        None => numbered(vg),
    };
    let max = lv_common::name_length_max(&vg.name);
    if name.as_str().len() > max {
        let vg = vg.name.clone();
        return Err(LvRefusal::LongName { vg, lv: name, max });
    }
    Ok(name)
}

/// Returns `lvolN` with the number behind the highest in use, as LVM2 does.
fn numbered(vg: &Vg) -> LvName {
    let number = |name: &str| name.strip_prefix("lvol")?.parse::<u32>().ok();
    let highest = vg.lvs.ids().filter_map(|id| number(vg.lvs.name(id))).max();
    let mut next = highest.map_or(0, |highest| highest.wrapping_add(1));
    loop {
        let text = format!("lvol{next}");
        if vg.lvs.find(&text).is_none() {
            return LvName::new(&text).expect("lvol and a number is a name");
        }
        next = next.wrapping_add(1);
    }
}

fn check_count(vg: &Vg) -> Result<(), LvRefusal> {
    if vg.max_lv == 0 {
        return Ok(());
    }
    let visible = vg.lvs.ids().filter(|id| vg.lvs.is_visible(*id)).count();
    if visible >= usize::try_from(vg.max_lv).unwrap_or(usize::MAX) {
        return Err(LvRefusal::TooMany { vg: vg.name.clone(), max: vg.max_lv });
    }
    Ok(())
}

fn striped(
    system: &System,
    vg: &Vg,
    name: &LvName,
    request: &Request,
    shape: &Shape,
    places: Places,
) -> Result<(Vec<Segment>, Option<Allocated>), LvRefusal> {
    let allocation = allocation::Request {
        rows: Extents::new(shape.extents.get() / u64::from(shape.stripes)),
        legs: 1,
        stripes: usize::try_from(shape.stripes).expect("there are at most 128 stripes"),
        policy: lv_common::effective_policy(vg, request.policy),
        candidates: places.candidates,
        before: &[],
        cling_tags: &system.settings.cling_tags,
        maximise_cling: system.settings.maximise_cling,
        approximate: shape.approximate,
    };
    let (free, needed) = (vg.free_count(), shape.extents);
    let layout =
        lv_common::allocate(system, vg, name, &allocation).map_err(|refusal| match refusal {
            LvRefusal::PvsFull { room, .. } if needed > free => {
                LvRefusal::VgFull { vg: vg.name.clone(), free, needed, room }
            }
            other => other,
        })?;
    let mut segments = Vec::new();
    layout.append_to(&mut segments, shape.stripe_size);
    assert!(!segments.is_empty(), "an LV has extents");
    Ok((segments, Some(Allocated::new(vg, name, Extents::ZERO, &allocation))))
}

fn virtual_segment(extents: Extents, kind: SegmentKind) -> Segment {
    Segment {
        start: Le::ZERO,
        extents,
        reshape: None,
        tags: Vec::new(),
        flags: SegmentFlags::default(),
        kind,
    }
}

#[cfg(test)]
mod tests;
