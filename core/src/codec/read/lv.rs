//! An LV's section, from its tree.

use super::fields::{Context, Fields, Place};
use super::segment::read_segment;
use super::vg::{Access, read_policy};
use super::{ReadError, ReadFault};
use crate::codec::flags;
use crate::format::text::{Item, Section, Value};
use crate::model::flags::{AllocationPolicy, LvFlags, Permission};
use crate::model::lv::{Creation, DeviceNumbers, Lv, ReadAhead};
use crate::model::pv::PvIndex;
use crate::model::segment::Segment;
use crate::units::{ExtentSize, Le, Sectors};
use std_alloc::borrow::ToOwned;
use std_alloc::collections::BTreeMap;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// What LVs refer to.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    extent_size: ExtentSize,
    /// How many PVs there are, if they are called `pv0`, `pv1` and so on, in order.
    pub(super) canonical_count: Option<u32>,
    /// Whether the text has `WRITE_LOCKED` for what may be written.
    pub(super) write_locked: bool,
    names: BTreeMap<String, PvIndex>,
}

impl Scope {
    /// Takes extent size and names of PVs from a VG's section; `None` if they are not there (yet)
    /// or wrong, which is reported when that section is read.
    pub(super) fn from_entries(section: &Section<'_>) -> Option<Self> {
        let Some(Item::Value(Value::Int(size))) = section.get("extent_size") else {
            return None;
        };
        let size = Sectors::new(u64::try_from(*size).ok()?);
        let Some(Item::Section(pvs)) = section.get("physical_volumes") else {
            return None;
        };
        let indexed = (0..).zip(&pvs.entries);
        let names = indexed.map(|(index, entry)| (entry.key.as_ref().to_owned(), PvIndex(index)));
        let names: BTreeMap<String, PvIndex> = names.collect();
        let canonical = (0_u32..)
            .zip(&pvs.entries)
            .all(|(index, entry)| entry.key.strip_prefix("pv") == Some(index.to_string().as_str()));
        let count = u32::try_from(pvs.entries.len()).ok()?;
        let text = |key: &str| match section.get(key) {
            Some(Item::Value(Value::Text(text))) => text.as_ref(),
            _ => "",
        };
        let write_locked =
            !text("system_id").is_empty() || !matches!(text("lock_type"), "" | "none");
        Some(Self {
            write_locked,
            canonical_count: canonical.then_some(count),
            extent_size: ExtentSize::new(size).ok()?,
            names,
        })
    }

    pub(super) fn pv(&self, name: &str) -> Option<PvIndex> {
        self.names.get(name).copied()
    }

    /// The greatest number of extents whose bytes 64 bits count.
    pub(super) fn extents_max(&self) -> u64 {
        let sectors = u64::MAX / crate::units::SECTOR_SIZE;
        (sectors / self.extent_size.sectors().get()).min(u64::from(u32::MAX))
    }
}

pub(super) fn read_lv(
    context: &mut Context<'_>,
    scope: &Scope,
    section: &Section<'_>,
    at: u32,
    place: Place<'_>,
) -> Result<Lv, ReadError> {
    let mut fields = Fields::new(section, at, place);
    let name = crate::name::LvName::new(place.key)
        .map_err(|fault| context.error(place, at, ReadFault::Name(fault)))?;
    let id = fields.uuid(context, "id")?;
    let id = fields.need(context, "id", id)?;
    let (permission, lv_flags) = read_lv_flags(context, &mut fields)?;
    let tags = fields.tags(context)?;
    let time = fields.number(context, "creation_time")?;
    let host = fields.string(context, "creation_host")?;
    let creation = time.map(|time| Creation { time, host: host.unwrap_or_default() });
    let lock_args = fields.string(context, "lock_args")?;
    let policy = read_policy(context, &mut fields)?.unwrap_or(AllocationPolicy::Inherit);
    let profile = fields.string(context, "profile")?;
    let read_ahead = read_read_ahead(context, &mut fields)?;
    let numbers = DeviceNumbers {
        major: read_number(context, &mut fields, "major")?,
        minor: read_number(context, &mut fields, "minor")?,
    };
    let segments = read_segments(context, scope, &mut fields)?;
    fields.finish(context)?;
    Ok(Lv {
        name,
        id,
        permission,
        flags: lv_flags,
        tags,
        creation,
        lock_args,
        policy,
        profile,
        read_ahead,
        numbers,
        segments,
    })
}

fn read_lv_flags(
    context: &mut Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<(Permission, LvFlags), ReadError> {
    let (mut access, mut found) = (Access::default(), LvFlags::default());
    for word in fields.strings(context, "status")? {
        let known = access.set_status(word)
            || flags::set(&mut found, &flags::LV_STATUS, word)
            || flags::set(&mut found, &[flags::CACHE_VOL], word);
        if !known {
            context.note(fields.place(), &["status ", word].concat());
        }
    }
    for word in fields.strings(context, "flags")? {
        if !access.set_flag(word) && !flags::set(&mut found, &flags::LV_FLAGS, word) {
            context.note(fields.place(), &["flag ", word].concat());
        }
    }
    Ok((access.permission(context, fields.place()), found))
}

fn read_read_ahead(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<ReadAhead, ReadError> {
    const KEY: &str = "read_ahead";
    match fields.int(context, KEY)? {
        None => Ok(ReadAhead::Auto),
        Some(-1) => Ok(ReadAhead::None),
        Some(number) => match u32::try_from(number) {
            Ok(count) => Ok(ReadAhead::Sectors(Sectors::new(u64::from(count)))),
            Err(_) => Err(fields.error(context, KEY, ReadFault::Range(number))),
        },
    }
}

/// A device number; -1 is none.
fn read_number(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
    key: &str,
) -> Result<Option<u32>, ReadError> {
    match fields.int(context, key)? {
        None | Some(-1) => Ok(None),
        Some(number) => u32::try_from(number)
            .map(Some)
            .map_err(|_| fields.error(context, key, ReadFault::Range(number))),
    }
}

/// Reads `segment_count` and the sections, whatever their order, into a run without gaps.
fn read_segments(
    context: &mut Context<'_>,
    scope: &Scope,
    fields: &mut Fields<'_, '_>,
) -> Result<Vec<Segment>, ReadError> {
    const KEY: &str = "segment_count";
    let stated = fields.number::<u32>(context, KEY)?;
    let stated = u64::from(fields.need(context, KEY, stated)?);
    if stated == 0 {
        return Err(fields.error(context, KEY, ReadFault::Range(0)));
    }
    let parent = fields.place();
    let mut segments = Vec::new();
    for entry in fields.take_rest() {
        let place = Place { parent: Some(&parent), key: &entry.key };
        match &entry.item {
            Item::Section(section) if entry.key.starts_with("segment") => {
                let segment = read_segment(context, scope, section, entry.at, place)?;
                segments.push((segment, entry.at));
            }
            Item::Section(_) | Item::Value(_) => {
                if is_known(&entry.key) {
                    return Err(context.error(place, entry.at, ReadFault::Duplicate));
                }
                context.note(place, "key is not known");
            }
        }
    }
    let found = u64::try_from(segments.len()).expect("segments are in memory");
    if found != stated {
        return Err(fields.error(context, KEY, ReadFault::Count { stated, found }));
    }
    segments.sort_by_key(|(segment, _)| segment.start);
    let mut end = Le::ZERO;
    for (segment, at) in &segments {
        if segment.start != end {
            let fault = ReadFault::Gap { found: segment.start.get(), expected: end.get() };
            return Err(context.error(parent, *at, fault));
        }
        end = segment.end();
        if end.get() > scope.extents_max() {
            return Err(context.error(parent, *at, ReadFault::Size));
        }
    }
    Ok(segments.into_iter().map(|(segment, _)| segment).collect())
}

fn is_known(key: &str) -> bool {
    const KEYS: [&str; 13] = [
        "id",
        "status",
        "flags",
        "tags",
        "creation_time",
        "creation_host",
        "lock_args",
        "allocation_policy",
        "profile",
        "read_ahead",
        "major",
        "minor",
        "segment_count",
    ];
    KEYS.contains(&key)
}
