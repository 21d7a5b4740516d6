//! The header, the VG section, PVs and history.

use super::fields::{Context, Fields, Place, fits};
use super::lv::{Scope, read_lv};
use super::{ReadError, ReadFault};
use crate::codec::flags;
use crate::format::text::lexer::{Lexer, Token};
use crate::format::text::tree::parse_entry;
use crate::format::text::{Entry, Item, Section, TextFault};
use crate::model::flags::{AllocationPolicy, Permission, PvFlags, VgFlags};
use crate::model::lv::{HistoricalLv, HistoryName};
use crate::model::lv_table::LvTable;
use crate::model::pv::Pv;
use crate::model::vg::{Provenance, Vg};
use crate::name::VgName;
use crate::units::{ExtentSize, Extents, Sectors};
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
    let mut context = Context {
        text,
        unknown: Vec::new(),
    };
    let mut lexer = Lexer::new(text, 0)?;
    let mut header = Section::default();
    let mut found: Option<(Cow<'_, str>, u32, Parts<'_>)> = None;
    while let Some((key, at)) = section_ahead(&lexer)? {
        if found.is_some() || !is_section(&lexer)? {
            let entry = parse_entry(&mut lexer, 0)?.expect("a key was seen");
            if matches!(entry.item, Item::Section(_)) {
                let place = Place {
                    parent: None,
                    key: &entry.key,
                };
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
    let nowhere = Place {
        parent: None,
        key: "",
    };
    let Some((key, at, parts)) = found else {
        return Err(context.error(nowhere, 0, ReadFault::NoVg));
    };
    let provenance = read_header(&mut context, &header)?;
    let place = Place {
        parent: None,
        key: &key,
    };
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
                let place = Place {
                    parent: None,
                    key: vg,
                };
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
    _source: &Arc<[u8]>,
) -> Result<Lvs<'a>, ReadError> {
    let place = Place {
        parent: Some(&vg),
        key: "logical_volumes",
    };
    let mut table = LvTable::default();
    let mut waiting = Vec::new();
    loop {
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

fn push_lv(
    context: &mut Context<'_>,
    scope: &Scope,
    entry: &Entry<'_>,
    place: Place<'_>,
    table: &mut LvTable,
) -> Result<(), ReadError> {
    let here = Place {
        parent: Some(&place),
        key: &entry.key,
    };
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
    let place = Place {
        parent: None,
        key: "",
    };
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
    let time = header
        .entries
        .iter()
        .find(|entry| entry.key == "creation_time");
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
    let line = &rest[..memchr::memchr2(b'\n', 0, rest).unwrap_or(rest.len())];
    let start = memchr::memmem::find(line, b"\t# ");
    let comment = start.map_or(&[][..], |start| &line[start + 3..]);
    String::from_utf8_lossy(comment).into_owned()
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
    let extent_size = fields.sectors(context, "extent_size")?;
    let extent_size = fields.need(context, "extent_size", extent_size)?;
    let extent_size = ExtentSize::new(extent_size)
        .map_err(|_| fields.error(context, "extent_size", ReadFault::ExtentSize))?;
    let max_lv = fields.number(context, "max_lv")?.unwrap_or(0);
    let max_pv = fields.number(context, "max_pv")?.unwrap_or(0);
    let policy = read_policy(context, &mut fields)?.unwrap_or(AllocationPolicy::Normal);
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
            let mut table = LvTable::default();
            let inner = Place {
                parent: Some(&place),
                key: "logical_volumes",
            };
            for entry in &entries {
                push_lv(context, &scope, entry, inner, &mut table)?;
            }
            table
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
        policy: match policy {
            AllocationPolicy::Inherit => AllocationPolicy::Normal,
            other => other,
        },
        profile,
        metadata_copies,
        pvs,
        lvs,
        historical,
        unknown: core::mem::take(&mut context.unknown),
    })
}

/// `cling_by_tags` is part of cling: LVM2 reads it so, and writes `cling`.
pub(super) fn read_policy(
    context: &Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<Option<AllocationPolicy>, ReadError> {
    fields.word(
        context,
        "allocation_policy",
        |word| match AllocationPolicy::from_word(word) {
            Some(AllocationPolicy::ClingByTags) => Some(AllocationPolicy::Cling),
            other => other,
        },
    )
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
        match (self.write, self.locked) {
            (false, true) => Permission::WriteLocked,
            (true, true) => {
                context.note(place, "WRITE and WRITE_LOCKED exclude each other");
                Permission::ReadWrite
            }
            (true, false) => Permission::ReadWrite,
            (false, false) => Permission::ReadOnly,
        }
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

fn read_pvs(
    context: &mut Context<'_>,
    fields: &mut Fields<'_, '_>,
    extent_size: ExtentSize,
) -> Result<Vec<Pv>, ReadError> {
    let section = fields.take_section(context, "physical_volumes")?;
    let (section, _) = fields.need(context, "physical_volumes", section)?;
    let parent = fields.place();
    let parent = Place {
        parent: Some(&parent),
        key: "physical_volumes",
    };
    let mut pvs = Vec::with_capacity(section.entries.len());
    let mut total = Extents::ZERO;
    for entry in &section.entries {
        let place = Place {
            parent: Some(&parent),
            key: &entry.key,
        };
        let Item::Section(inner) = &entry.item else {
            return Err(context.error(place, entry.at, ReadFault::Type("section")));
        };
        let pv = read_pv(context, inner, entry.at, place)?;
        total += pv.pe_count;
        if !fits(pv.pe_start, extent_size.checked_to_sectors(total)) {
            return Err(context.error(place, entry.at, ReadFault::Size));
        }
        pvs.push(pv);
    }
    Ok(pvs)
}

fn read_pv(
    context: &mut Context<'_>,
    section: &Section<'_>,
    at: u32,
    place: Place<'_>,
) -> Result<Pv, ReadError> {
    let mut fields = Fields::new(section, at, place);
    let id = fields.uuid(context, "id")?;
    let id = fields.need(context, "id", id)?;
    let device_hint = fields.string(context, "device")?.unwrap_or_default();
    let id_type = fields.string(context, "device_id_type")?;
    let device_id = fields.string(context, "device_id")?;
    let mut found = PvFlags::default();
    for word in fields.strings(context, "status")? {
        let known = flags::set(&mut found, &flags::PV_STATUS, word)
            || flags::set(&mut found, &flags::PV_FLAGS, word);
        if !known {
            context.note(place, &["status ", word].concat());
        }
    }
    for word in fields.strings(context, "flags")? {
        if !flags::set(&mut found, &flags::PV_FLAGS, word) {
            context.note(place, &["flag ", word].concat());
        }
    }
    let tags = fields.tags(context)?;
    let device_size = fields.sectors(context, "dev_size")?;
    let pe_start = fields.sectors(context, "pe_start")?;
    let pe_start = fields.need(context, "pe_start", pe_start)?;
    let pe_count = fields.extents(context, "pe_count")?;
    let pe_count = fields.need(context, "pe_count", pe_count)?;
    let area_start = fields.sectors(context, "ba_start")?;
    let area_size = fields.sectors(context, "ba_size")?;
    let bootloader_area = area_start.zip(area_size);
    if let Some((start, size)) = bootloader_area
        && !fits(start, Some(size))
    {
        return Err(fields.error(context, "ba_size", ReadFault::Size));
    }
    fields.finish(context)?;
    Ok(Pv {
        id,
        device_hint,
        device_id: id_type.zip(device_id),
        flags: found,
        tags,
        device_size,
        pe_start,
        pe_count,
        bootloader_area: bootloader_area.filter(|(start, _)| *start != Sectors::ZERO),
    })
}

fn read_history(
    context: &mut Context<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<Vec<HistoricalLv>, ReadError> {
    const KEY: &str = "historical_logical_volumes";
    let Some((section, _)) = fields.take_section(context, KEY)? else {
        return Ok(Vec::new());
    };
    let parent = fields.place();
    let parent = Place {
        parent: Some(&parent),
        key: KEY,
    };
    let mut history = Vec::with_capacity(section.entries.len());
    for entry in &section.entries {
        let place = Place {
            parent: Some(&parent),
            key: &entry.key,
        };
        let Item::Section(inner) = &entry.item else {
            return Err(context.error(place, entry.at, ReadFault::Type("section")));
        };
        let mut fields = Fields::new(inner, entry.at, place);
        let name = fields.to_lv_name(context, "", &entry.key)?;
        let id = fields.uuid(context, "id")?;
        let id = fields.need(context, "id", id)?;
        let creation_time = fields.number(context, "creation_time")?;
        let removal_time = fields.number(context, "removal_time")?;
        let origin = fields.text(context, "origin")?;
        let origin = origin.map(|text| history_name(context, &fields, "origin", text));
        let descendants = fields.strings(context, "descendants")?.into_iter();
        let descendants: Result<Vec<HistoryName>, ReadError> = descendants
            .map(|text| history_name(context, &fields, "descendants", text))
            .collect();
        history.push(HistoricalLv {
            name,
            id,
            creation_time,
            removal_time,
            origin: origin.transpose()?,
            descendants: descendants?,
        });
        fields.finish(context)?;
    }
    Ok(history)
}

fn history_name(
    context: &Context<'_>,
    fields: &Fields<'_, '_>,
    key: &str,
    text: &str,
) -> Result<HistoryName, ReadError> {
    match text.strip_prefix('-') {
        Some(name) => fields
            .to_lv_name(context, key, name)
            .map(HistoryName::Historical),
        None => fields.to_lv_name(context, key, text).map(HistoryName::Live),
    }
}
