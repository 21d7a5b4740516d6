//! Which fields a report shows and sorts by: `-o`, `-O`, and the rules that make it another kind.

use crate::report::ReportError;
use crate::report::field::{Field, Group};
use crate::report::options::{Headings, Kind, Options};
use core::fmt::Write;
use std_alloc::borrow::ToOwned;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// A field that is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Column {
    pub(super) field: Field,
    /// Not shown if all its values are empty.
    pub(super) compact: bool,
}

/// A field to sort by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct SortColumn {
    pub(super) field: Field,
    pub(super) descending: bool,
}

/// What a report shows and sorts by.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    pub(super) kind: Kind,
    pub(super) shown: Vec<Column>,
    pub(super) sort: Vec<SortColumn>,
    /// Only what a label says is shown.
    pub(super) labels_only: bool,
}

impl Columns {
    /// `conditions` are the fields that the selection looks at.
    pub(super) fn new(
        kind: Kind,
        options: &Options,
        conditions: &[Field],
    ) -> Result<Self, ReportError> {
        let (names, compact) = names_of(kind, options)?;
        let mut shown = Vec::new();
        for name in &names {
            shown.extend(find_fields(kind, name)?);
        }
        let sort = sort_columns(kind, options)?;
        let used: Vec<Field> = shown
            .iter()
            .copied()
            .chain(sort.iter().map(|key| key.field))
            .chain(conditions.iter().copied())
            .collect();
        let final_kind = kind_for(kind, &used)?;
        let compact = compact_fields(kind, options, compact.as_deref())?;
        let is_compact = |field| options.compact || compact.contains(&field);
        let labels_only = kind == Kind::Pvs
            && !options.full
            && used.iter().all(|field| matches!(field.info().group, Group::Label | Group::Special));
        let shown = shown.into_iter().map(|field| Column { field, compact: is_compact(field) });
        Ok(Self { kind: final_kind, shown: shown.collect(), sort, labels_only })
    }
}

/// Applies the arguments of `-o` one after the other. Returns the names, and those to compact.
fn names_of(kind: Kind, options: &Options) -> Result<(Vec<String>, Option<String>), ReportError> {
    let split = |list: &str| -> Vec<String> {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(ToOwned::to_owned).collect()
    };
    let default = || {
        if options.full { kind.full_columns() } else { kind.default_columns(options.verbose) }
    };
    let mut names = split(options.columns.as_deref().unwrap_or_else(default));
    let mut compact = None;
    for argument in &options.fields {
        let rest = argument.get(1..).unwrap_or("");
        match argument.as_bytes().first() {
            Some(b'+') => names.extend(split(rest)),
            Some(b'-') => {
                let removed = split(rest);
                names.retain(|name| !removed.iter().any(|gone| is_same(kind, name, gone)));
            }
            Some(b'#') => compact = Some(rest.to_owned()),
            _ => {
                // A lone comma asks for rows without columns; nothing at all is a mistake.
                if argument.is_empty() {
                    return Err(ReportError::NoFields(argument.clone()));
                }
                names = split(argument);
            }
        }
    }
    Ok((names, compact))
}

fn is_same(kind: Kind, one: &str, two: &str) -> bool {
    match (find_field(kind, one), find_field(kind, two)) {
        (Some(one), Some(two)) => one == two,
        _ => one == two,
    }
}

/// Finds a field by its name; underscores don't count, and the kind's own prefix may be left off.
pub(super) fn find_field(kind: Kind, name: &str) -> Option<Field> {
    fn letters(text: &str) -> impl Iterator<Item = u8> {
        text.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
    }
    let equal = |one: &str, two: &str| letters(one).eq(letters(two));
    let full = |field: &&Field| equal(field.info().name, name);
    let short = |field: &&Field| {
        let rest = field.info().name.strip_prefix(kind.prefix());
        rest.is_some_and(|rest| equal(rest, name))
    };
    let mut fields = Field::ALL.iter();
    let found = fields.find(full).or_else(|| Field::ALL.iter().find(short));
    found.copied()
}

/// Finds the fields that a name stands for: one, or all of a group.
fn find_fields(kind: Kind, name: &str) -> Result<Vec<Field>, ReportError> {
    if name == "help" || name == "?" {
        return Err(ReportError::Help);
    }
    if let Some(field) = find_field(kind, name) {
        return Ok(std_alloc::vec![field]);
    }
    let groups: &[Group] = match name {
        "all" => kind.groups(),
        "lv_all" => &[Group::Lv, Group::LvInfo, Group::LvStatus, Group::LvInfoStatus],
        "pv_all" => &[Group::Label, Group::Pv],
        "vg_all" => &[Group::Vg],
        "seg_all" => &[Group::Seg],
        "pvseg_all" => &[Group::PvSeg],
        _ => return Err(ReportError::UnknownField(name.to_owned())),
    };
    let fields = Field::ALL.iter().copied();
    Ok(fields.filter(|field| groups.contains(&field.info().group)).collect())
}

fn sort_columns(kind: Kind, options: &Options) -> Result<Vec<SortColumn>, ReportError> {
    let list = options
        .sort
        .as_deref()
        .unwrap_or_else(|| if options.full { kind.full_sort() } else { kind.default_sort() });
    let mut keys = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let (descending, name) = match (name.strip_prefix('-'), name.strip_prefix('+')) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => (false, name),
        };
        let unknown = || ReportError::UnknownSortField(name.to_owned());
        let field = find_field(kind, name).ok_or_else(unknown)?;
        keys.push(SortColumn { field, descending });
    }
    Ok(keys)
}

fn compact_fields(
    kind: Kind,
    options: &Options,
    argument: Option<&str>,
) -> Result<Vec<Field>, ReportError> {
    let list = argument.or(options.compact_columns.as_deref()).unwrap_or("");
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    let find = |name: &str| {
        let unknown = || ReportError::UnknownCompactField(name.to_owned());
        find_field(kind, name).ok_or_else(unknown)
    };
    names.map(find).collect()
}

/// Finds what the rows have to be so that each has all these fields.
pub(super) fn kind_for(asked: Kind, fields: &[Field]) -> Result<Kind, ReportError> {
    let has = |group: Group| fields.iter().any(|field| field.info().group == group);
    let about_pvs = matches!(asked, Kind::Pvs | Kind::PvSegs);
    let pv_segments = has(Group::PvSeg) || asked == Kind::PvSegs;
    let segments = has(Group::Seg) || asked == Kind::Segs;
    let pvs = has(Group::Pv) || has(Group::Label) || pv_segments || asked == Kind::Pvs;
    let lv_groups = [Group::Lv, Group::LvInfo, Group::LvStatus, Group::LvInfoStatus];
    let lvs = lv_groups.into_iter().any(has) || segments || asked == Kind::Lvs;
    if lvs && pvs && !about_pvs {
        return Err(ReportError::LvAndPv(asked));
    }
    Ok(if pv_segments || (pvs && lvs) {
        Kind::PvSegs
    } else if pvs {
        Kind::Pvs
    } else if segments {
        Kind::Segs
    } else if lvs {
        Kind::Lvs
    } else {
        Kind::Vgs
    })
}

/// Returns the heading of a column.
pub(super) fn heading(field: Field, headings: Headings) -> &'static str {
    match headings {
        Headings::None => "",
        Headings::Short => field.info().heading,
        Headings::Full => field.info().name,
    }
}

/// Lists all fields with their headings, group by group; `types` adds what each is compared as.
pub fn field_list(types: bool) -> String {
    let mut out = String::new();
    let mut group = None;
    for field in Field::ALL {
        let info = field.info();
        if group != Some(info.group) {
            let (title, all) = group_title(info.group);
            let line = "-".repeat(title.len());
            if group.is_some() {
                out.push_str("   \n");
            }
            write!(out, "  {title}\n  {line}\n").expect("a String takes all that is written");
            if !all.is_empty() {
                writeln!(out, "    {all:<27} - Every field listed here.")
                    .expect("a String takes all that is written");
            }
            group = Some(info.group);
        }
        let kind = match info.kind {
            super::Type::Text => "string",
            super::Type::Number | super::Type::Flag => "number",
            super::Type::Size => "size",
            super::Type::Percent => "percent",
            super::Type::Time => "time",
            super::Type::List => "string list",
        };
        let kind = if types { [" [", kind, "]"].concat() } else { String::new() };
        writeln!(out, "    {:<27} - Column \"{}\".{kind}", info.name, info.heading)
            .expect("a String takes all that is written");
    }
    out.push_str("    help                        - This list.\n");
    out.push_str("    ?                           - This list.\n   \n");
    out
}

const fn group_title(group: Group) -> (&'static str, &'static str) {
    match group {
        Group::Lv => ("Logical Volume Fields", "lv_all"),
        Group::LvInfo => ("Logical Volume Device Info Fields", "lv_all"),
        Group::LvStatus => ("Logical Volume Device Status Fields", "lv_all"),
        Group::LvInfoStatus => ("Logical Volume Device Info and Status Combined Fields", "lv_all"),
        Group::Label => ("Physical Volume Label Fields", "pv_all"),
        Group::Pv => ("Physical Volume Fields", "pv_all"),
        Group::Vg => ("Volume Group Fields", "vg_all"),
        Group::Seg => ("Logical Volume Segment Fields", "seg_all"),
        Group::PvSeg => ("Physical Volume Segment Fields", "pvseg_all"),
        Group::Special => ("Special Fields", ""),
    }
}

/// Returns the width of a column without values. In `fullreport` headings don't count, but are cut.
pub(super) fn least_width(field: Field, options: &Options) -> usize {
    let info = field.info();
    if options.full {
        return info.width;
    }
    info.width.max(heading(field, options.headings).len())
}
