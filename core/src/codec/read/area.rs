//! Where segments lie: lists of areas, and what can be told of segments that are not known.

use super::fields::{Context, Fields};
use super::lv::Scope;
use super::{ReadError, ReadFault};
use crate::format::text::lexer::Lexer;
use crate::format::text::tree::parse_entry;
use crate::format::text::{Item, Section, Value};
use crate::model::segment::{Area, SegmentKind, UnknownSegment};
use crate::units::{Le, Pe};
use std_alloc::borrow::ToOwned;
use std_alloc::boxed::Box;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// Reads a list of pairs of a name and a first extent.
pub(super) fn read_areas(
    context: &Context<'_>,
    scope: &Scope,
    fields: &mut Fields<'_, '_>,
    key: &str,
    stated: u32,
) -> Result<Vec<Area>, ReadError> {
    let value = fields.take_value(context, key)?;
    let items = fields.need(context, key, value)?.items();
    let pairs = items.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(fields.error(context, key, ReadFault::Type("list of pairs")));
    }
    let mut areas = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let [Value::Text(name), Value::Int(start)] = pair else {
            return Err(fields.error(context, key, ReadFault::Type("name and extent")));
        };
        let start = u32::try_from(*start)
            .map_err(|_| fields.error(context, key, ReadFault::Range(*start)))?;
        areas.push(match scope.pv(name) {
            Some(pv) => Area::Pv { pv, start: Pe::new(u64::from(start)) },
            // Printed, it would mean a PV.
            None if is_pv_name(name) => {
                return Err(fields.error(context, key, ReadFault::Word(name.to_string())));
            }
            None => Area::Lv {
                lv: fields.to_lv_name(context, key, name)?,
                start: Le::new(u64::from(start)),
            },
        });
    }
    let found = u64::try_from(areas.len()).expect("areas are in memory");
    let stated = u64::from(stated);
    if found != stated || stated == 0 {
        return Err(fields.error(context, key, ReadFault::Count { stated, found }));
    }
    Ok(areas)
}

/// Whether a name is one that LVM2 gives to PVs in its texts.
fn is_pv_name(name: &str) -> bool {
    let digits = name.strip_prefix("pv").unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Keeps the section as it stands, and the areas on PVs that lists in it name.
pub(super) fn unknown_kind(
    context: &Context<'_>,
    scope: &Scope,
    section: &Section<'_>,
    at: u32,
    type_text: &str,
) -> SegmentKind {
    let mut areas = Vec::new();
    for entry in &section.entries {
        if let Item::Value(Value::List(items)) = &entry.item {
            areas.extend(items.windows(2).filter_map(|pair| match pair {
                [Value::Text(name), Value::Int(start)] => Some(Area::Pv {
                    pv: scope.pv(name)?,
                    start: Pe::new(u64::from(u32::try_from(*start).ok()?)),
                }),
                _ => None,
            }));
        }
    }
    SegmentKind::Unknown(Box::new(UnknownSegment {
        type_name: type_text.to_owned(),
        areas,
        source: body_at(context.text, at),
    }))
}

/// The body of the section whose key stands at `at`, between its braces.
fn body_at(text: &[u8], at: u32) -> String {
    let start = usize::try_from(at).expect("an offset into a text in memory");
    let Ok(mut lexer) = Lexer::new(text, start) else {
        return String::new();
    };
    if parse_entry(&mut lexer, 0).is_err() {
        return String::new();
    }
    let section = &text[start..lexer.offset()];
    let open = memchr::memchr(b'{', section).map_or(0, |open| open + 1);
    let body = &section[open..section.len() - 1];
    String::from_utf8_lossy(body).trim().to_owned()
}
