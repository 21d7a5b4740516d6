//! The header, the VG section, PVs and history.

use super::fields::{Context, Fields, Place};
use super::lv::{Scope, read_lv};
use super::plain::{self, Limits, Source};
use super::pv::{read_history, read_pvs};
use super::{ReadError, ReadFault};
use crate::codec::flags;
use crate::format::text::lexer::{Lexer, Token};
use crate::format::text::tree::parse_entry;
use crate::format::text::{Entry, Item, Section, TextFault};
use crate::model::flags::{AllocationPolicy, Permission, VgFlags};
use crate::model::lv_table::LvTable;
use crate::model::vg::{Provenance, Vg};
use crate::name::VgName;
use crate::units::ExtentSize;
use std_alloc::borrow::{Cow, ToOwned};
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// The parts of a VG's section: what stands outside `logical_volumes`, and what was read of that.
#[derive(Default)]
struct Parts<'a> {
    entries: Section<'a>,
    lvs: Option<Lvs<'a>>,
}

enum Lvs<'a> {
    /// Read on the way: extent size and PVs stood before them.
    Read(LvTable),
    /// To be read at the end.
    Waiting(Vec<Entry<'a>>),
}

pub(super) fn read(text: &Arc<[u8]>) -> Result<(Vg, Provenance), ReadError> {
    let mut context = Context { text, unknown: Vec::new() };
    let mut lexer = Lexer::new(text, 0)?;
    let mut header = Section::default();
    let mut found: Option<(Cow<'_, str>, u32, Parts<'_>)> = None;
    while let Some((key, at)) = section_ahead(&lexer)? {
        if found.is_some() || !is_section(&lexer)? {
            let entry = parse_entry(&mut lexer, 0)?.expect("a key was seen");
            if matches!(entry.item, Item::Section(_)) {
                let place = Place { parent: None, key: &entry.key };
                context.note(place, "a second section");
            } else {
                header.entries.push(entry);
            }
            continue;
        }
        lexer.next(false)?;
        lexer.next(false)?;
        let parts = read_parts(&mut context, &mut lexer, &key, text)?;
        found = Some((key, at, parts));
    }
    let nowhere = Place { parent: None, key: "" };
    let Some((key, at, parts)) = found else {
        return Err(context.error(nowhere, 0, ReadFault::NoVg));
    };
    let provenance = read_header(&mut context, &header)?;
    let place = Place { parent: None, key: &key };
    let name = VgName::new(&key);
    let name = name.map_err(|fault| context.error(place, at, ReadFault::Name(fault)))?;
    let vg = read_vg(&mut context, name, parts, at, place)?;
    Ok((vg, provenance))
}

/// Looks at the key that comes next, without taking it; `None` at the end of the text.
fn section_ahead<'a>(lexer: &Lexer<'a>) -> Result<Option<(Cow<'a, str>, u32)>, ReadError> {
    let mut ahead = lexer.clone();
    match ahead.next(false)? {
        Token::Word(key) | Token::Quoted(key) => {
            let at = u32::try_from(ahead.token_start()).expect("texts are shorter than 4 GiB");
            Ok(Some((key, at)))
        }
        Token::End => Ok(None),
        _ => Err(ahead.fault(TextFault::UnexpectedToken).into()),
    }
}

fn is_section(lexer: &Lexer<'_>) -> Result<bool, ReadError> {
    let mut ahead = lexer.clone();
    ahead.next(false)?;
    Ok(ahead.next(false)? == Token::Open)
}

/// Reads what stands between the braces of the VG.
fn read_parts<'a>(
    context: &mut Context<'a>,
    lexer: &mut Lexer<'a>,
    vg: &str,
    source: &Arc<[u8]>,
) -> Result<Parts<'a>, ReadError> {
    let mut parts = Parts::default();
    loop {
        let mut ahead = lexer.clone();
        match ahead.next(false)? {
            Token::Close => {
                *lexer = ahead;
                return Ok(parts);
            }
            Token::Word(key) if key == "logical_volumes" && is_section(lexer)? => {
                ahead.next(false)?;
                let place = Place { parent: None, key: vg };
                if parts.lvs.is_some() {
                    let at = u32::try_from(lexer.offset()).expect("texts are shorter than 4 GiB");
                    return Err(context.error(place, at, ReadFault::Duplicate));
                }
                *lexer = ahead;
                let scope = Scope::from_entries(&parts.entries);
                let lvs = read_lvs(context, lexer, scope.as_ref(), place, source)?;
                parts.lvs = Some(lvs);
            }
            Token::Word(_) | Token::Quoted(_) => {
                let entry = parse_entry(lexer, 1)?.expect("a key was seen");
                parts.entries.entries.push(entry);
            }
            _ => return Err(ahead.fault(TextFault::UnexpectedToken).into()),
        }
    }
}

/// Reads the sections of LVs up to the brace that ends them.
fn read_lvs<'a>(
    context: &mut Context<'a>,
    lexer: &mut Lexer<'a>,
    scope: Option<&Scope>,
    vg: Place<'_>,
    text: &Arc<[u8]>,
) -> Result<Lvs<'a>, ReadError> {
    let place = Place { parent: Some(&vg), key: "logical_volumes" };
    let plain = scope.and_then(|scope| plain_source(scope, text));
    let mut table = match &plain {
        Some(source) => LvTable::with_source(Arc::<Source>::clone(source)),
        None => LvTable::default(),
    };
    if plain.is_some() {
        table.reserve((text.len() - lexer.offset()) / LV_BYTES);
    }
    let mut waiting = Vec::new();
    loop {
        if let Some(source) = &plain {
            let at = plain::index(source, &mut table, lexer.offset());
            *lexer = Lexer::new(lexer.text(), at)?;
        }
        let mut ahead = lexer.clone();
        if ahead.next(false)? == Token::Close {
            *lexer = ahead;
            return Ok(match scope {
                Some(_) => Lvs::Read(table),
                None => Lvs::Waiting(waiting),
            });
        }
        let Some(entry) = parse_entry(lexer, 2)? else {
            return Err(lexer.fault(TextFault::UnexpectedToken).into());
        };
        match scope {
            Some(scope) => push_lv(context, scope, &entry, place, &mut table)?,
            None => waiting.push(entry),
        }
    }
}

/// About how long the section of a plain LV is.
const LV_BYTES: usize = 256;

/// Texts that name their PVs as LVM2 does may have plain LVs.
fn plain_source(scope: &Scope, text: &Arc<[u8]>) -> Option<Arc<Source>> {
    let limits = Limits {
        pv_count: u64::from(scope.canonical_count?),
        extents_max: scope.extents_max(),
        write_locked: scope.write_locked,
    };
    Some(Arc::new(Source { text: Arc::clone(text), limits }))
}

fn push_lv(
    context: &mut Context<'_>,
    scope: &Scope,
    entry: &Entry<'_>,
    place: Place<'_>,
    table: &mut LvTable,
) -> Result<(), ReadError> {
    let here = Place { parent: Some(&place), key: &entry.key };
    match &entry.item {
        Item::Section(section) => {
            let lv = read_lv(context, scope, section, entry.at, here)?;
            table.push(Arc::new(lv));
        }
        Item::Value(_) => context.note(here, "key is not known"),
    }
    Ok(())
}

fn read_header(context: &mut Context<'_>, header: &Section<'_>) -> Result<Provenance, ReadError> {
    let place = Place { parent: None, key: "" };
    let mut fields = Fields::new(header, 0, place);
    if let Some(contents) = fields.text(context, "contents")?
        && contents != "Text Format Volume Group"
    {
        return Err(fields.error(context, "contents", ReadFault::Contents));
    }
    if let Some(version) = fields.int(context, "version")?
        && version != 1
    {
        return Err(fields.error(context, "version", ReadFault::Version(version)));
    }
    let description = fields.string(context, "description")?.unwrap_or_default();
    let host = fields.take("creation_host").map(|entry| entry.at);
    fields = Fields::new(header, 0, place);
    let time = header.entries.iter().find(|entry| entry.key == "creation_time");
    let time = time.map(|entry| entry.at);
    for key in ["contents", "version", "description"] {
        fields.take(key);
    }
    let provenance = Provenance {
        generator: generator(context.text),
        description,
        creation_host: fields.string(context, "creation_host")?.unwrap_or_default(),
        creation_host_system_id: fields.string(context, "creation_host_system_id")?,
        creation_time: fields.number(context, "creation_time")?.unwrap_or(0),
        host_comment: comment_behind(context.text, host),
        time_comment: comment_behind(context.text, time),
    };
    fields.finish(context)?;
    Ok(provenance)
}

/// The comment at the end of the line that begins at `at`.
fn comment_behind(text: &[u8], at: Option<u32>) -> String {
    let at = at.map(|at| usize::try_from(at).expect("an offset into a text in memory"));
    let Some(rest) = at.and_then(|at| text.get(at..)) else {
        return String::new();
    };
    let value = rest.iter().position(|byte| *byte == b'=').map_or(&[][..], |at| &rest[at + 1..]);
    let rest = if value.trim_ascii_start().starts_with(b"\"") { behind_string(rest) } else { rest };
    let line = &rest[..memchr::memchr2(b'\n', 0, rest).unwrap_or(rest.len())];
    let start = memchr::memmem::find(line, b"\t# ");
    let comment = start.map_or(&[][..], |start| &line[start + 3..]);
    String::from_utf8_lossy(comment).into_owned()
}

/// What stands behind the first string of a text: in it there may be what looks like a comment.
fn behind_string(text: &[u8]) -> &[u8] {
    let Some(quote) = memchr::memchr(b'"', text) else {
        return text;
    };
    let mut at = quote + 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or(&[])) {
        at += found;
        if text[at] == b'"' {
            return &text[at + 1..];
        }
        at += 2;
    }
    &[]
}

/// The program that a first comment names: before the VG in files, behind it on disk.
fn generator(text: &[u8]) -> String {
    const START: &[u8] = b"# Generated by ";
    let found = if text.starts_with(START) {
        Some(0)
    } else {
        // From the end: it stands behind everything that may be long.
        memchr::memmem::rfind(text, b"\n# Generated by ").map(|at| at + 1)
    };
    let Some(start) = found else {
        return String::new();
    };
    let rest = &text[start + START.len()..];
    let line = &rest[..memchr::memchr2(b'\n', 0, rest).unwrap_or(rest.len())];
    let end = memchr::memmem::find(line, b": ").unwrap_or(line.len());
    String::from_utf8_lossy(&line[..end]).into_owned()
}

fn read_vg(
    context: &mut Context<'_>,
    name: VgName,
    parts: Parts<'_>,
    at: u32,
    place: Place<'_>,
) -> Result<Vg, ReadError> {
    let mut fields = Fields::new(&parts.entries, at, place);
    let id = fields.uuid(context, "id")?;
    let id = fields.need(context, "id", id)?;
    let seqno = fields.number(context, "seqno")?;
    let seqno = fields.need(context, "seqno", seqno)?;
    let format = fields.string(context, "format")?;
    let (permission, vg_flags) = read_vg_flags(context, &mut fields)?;
    let tags = fields.tags(context)?;
    let system_id = fields.string(context, "system_id")?;
    let lock_type = fields.string(context, "lock_type")?;
    let lock_args = fields.string(context, "lock_args")?;
    let reservation = fields.strings(context, "pr")?;
    let extent_size = read_extent_size(context, &mut fields)?;
    let max_lv = fields.number(context, "max_lv")?.unwrap_or(0);
    let max_pv = fields.number(context, "max_pv")?.unwrap_or(0);
    let policy = read_policy(context, &mut fields)?;
    // There is nothing to inherit from.
    let policy = policy.filter(|policy| *policy != AllocationPolicy::Inherit);
    let policy = policy.unwrap_or(AllocationPolicy::Normal);
    let profile = fields.string(context, "profile")?;
    let metadata_copies = fields.number(context, "metadata_copies")?.unwrap_or(0);
    let pvs = read_pvs(context, &mut fields, extent_size)?;
    let historical = read_history(context, &mut fields)?;
    let lvs = match parts.lvs {
        None => LvTable::default(),
        Some(Lvs::Read(table)) => table,
        Some(Lvs::Waiting(entries)) => {
            let scope = Scope::from_entries(&parts.entries);
            let scope = fields.need(context, "physical_volumes", scope)?;
            read_waiting(context, &scope, &entries, place)?
        }
    };
    fields.finish(context)?;
    Ok(Vg {
        name,
        id,
        seqno,
        format,
        permission,
        flags: vg_flags,
        tags,
        system_id,
        lock_type,
        lock_args,
        persistent_reservation: reservation.into_iter().map(ToOwned::to_owned).collect(),
        extent_size,
        max_lv,
        max_pv,
        policy,
        profile,
        metadata_copies,
        pvs,
        lvs,
        historical,
        unknown: core::mem::take(&mut context.unknown),
    })
}

fn read_extent_size(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<ExtentSize, ReadError> {
    const KEY: &str = "extent_size";
    let size = fields.sectors(context, KEY)?;
    let size = fields.need(context, KEY, size)?;
    ExtentSize::new(size).map_err(|_| fields.error(context, KEY, ReadFault::ExtentSize))
}

/// Reads the LVs that stood before what they refer to.
fn read_waiting(
    context: &mut Context<'_>,
    scope: &Scope,
    entries: &[Entry<'_>],
    vg: Place<'_>,
) -> Result<LvTable, ReadError> {
    let place = Place { parent: Some(&vg), key: "logical_volumes" };
    let mut table = LvTable::default();
    for entry in entries {
        push_lv(context, scope, entry, place, &mut table)?;
    }
    Ok(table)
}

/// `cling_by_tags` is part of cling: LVM2 reads it so, and writes `cling`.
pub(super) fn read_policy(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<Option<AllocationPolicy>, ReadError> {
    fields.word(context, "allocation_policy", |word| match AllocationPolicy::from_word(word) {
        Some(AllocationPolicy::ClingByTags) => Some(AllocationPolicy::Cling),
        other => other,
    })
}

/// `READ`, `WRITE` and `WRITE_LOCKED` as they are taken out of the lists.
#[derive(Default)]
pub(super) struct Access {
    read: bool,
    write: bool,
    locked: bool,
}

impl Access {
    pub(super) fn set_status(&mut self, word: &str) -> bool {
        match word {
            "READ" => self.read = true,
            "WRITE" => self.write = true,
            _ => return false,
        }
        true
    }

    pub(super) fn set_flag(&mut self, word: &str) -> bool {
        self.locked |= word == "WRITE_LOCKED";
        word == "WRITE_LOCKED"
    }

    pub(super) fn permission(&self, context: &mut Context<'_>, place: Place<'_>) -> Permission {
        if !self.read {
            context.note(place, "status lacks READ");
        }
        // What is locked for old tools is writable for us.
        if self.write || self.locked { Permission::ReadWrite } else { Permission::ReadOnly }
    }
}

fn read_vg_flags(
    context: &mut Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<(Permission, VgFlags), ReadError> {
    let (mut access, mut found) = (Access::default(), VgFlags::default());
    for word in fields.strings(context, "status")? {
        let known = access.set_status(word)
            || flags::set(&mut found, &flags::VG_STATUS_FIRST, word)
            || flags::set(&mut found, &flags::VG_STATUS_LAST, word)
            // Left by old tools in files that were written while a PV was missing.
            || word == "PARTIAL";
        if !known {
            context.note(fields.place(), &["status ", word].concat());
        }
    }
    for word in fields.strings(context, "flags")? {
        if !access.set_flag(word) && !flags::set(&mut found, &flags::VG_FLAGS, word) {
            context.note(fields.place(), &["flag ", word].concat());
        }
    }
    Ok((access.permission(context, fields.place()), found))
}
