//! Reports as `pvs`, `vgs` and `lvs` make them: fields, types, rendering, selection, sorting.
//!
//! ```text
//! Options ── Report::new ──► Report ── render(&System, targets) ──► text
//!                columns, sort keys      rows → cells → sorted → lines
//! ```
//! All values of a report go into one buffer; a cell is a range of it.

mod attr;
mod cell;
pub mod columns;
pub mod display;
pub mod field;
pub mod map;
pub mod options;
mod relations;
mod render;
mod row;
pub mod rows;
pub mod select;
mod table;
mod values;

use crate::ops::system::System;
use columns::Columns;
use field::Field;
use options::{Kind, Options};
use render::Out;
use row::Row;
use rows::Target;
use select::{SelectError, Selection};
use std_alloc::collections::BTreeSet;
use std_alloc::string::String;
use std_alloc::vec::Vec;
use table::Table;

#[cfg(test)]
mod tests;

/// What kind of value a field has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// Characters.
    Text,
    /// A number without unit.
    Number,
    /// A number of sectors, shown in units.
    Size,
    /// A share.
    Percent,
    /// A moment.
    Time,
    /// Several texts.
    List,
    /// Yes or no, shown as a word or nothing.
    Flag,
}

impl Type {
    /// Whether values are compared as numbers.
    pub const fn is_numeric(self) -> bool {
        match self {
            Self::Number | Self::Size | Self::Percent | Self::Time | Self::Flag => true,
            Self::Text | Self::List => false,
        }
    }

    /// Whether values stand at the right end of their columns.
    const fn is_right(self) -> bool {
        matches!(self, Self::Number | Self::Size | Self::Flag)
    }
}

/// Why there is no report.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The fields are to be listed ([`columns::field_list`]); not an error to the user.
    #[error("help was asked for")]
    Help,
    /// No field of this name; LVM2 lists the fields first.
    #[error("Unrecognised field: {0}")]
    UnknownField(String),
    /// No field to sort by has this name; LVM2 lists the fields first.
    #[error("dm_report: Unrecognised field: {0}")]
    UnknownSortField(String),
    /// No field of this name among those to compact.
    #[error(
        "dm_report: Unrecognized field: {0}\n  Failed to compact given columns in report output."
    )]
    UnknownCompactField(String),
    /// No fields at all.
    #[error("Invalid options string: {0}")]
    NoFields(String),
    /// The selection cannot be read.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// A row would have to be an LV and a PV at once.
    #[error("Can't report LV and PV fields at the same time in report type \"{}\".", .0.as_str())]
    LvAndPv(Kind),
}

/// A report: what is shown of which objects, in which order and form.
#[derive(Clone, Debug)]
pub struct Report {
    asked: Kind,
    columns: Columns,
    selection: Option<Selection>,
    options: Options,
}

impl Report {
    /// Finds out what is to be shown.
    ///
    /// # Errors
    /// If a field is unknown, or the fields do not go together.
    pub fn new(kind: Kind, options: &Options) -> Result<Self, ReportError> {
        let selection = match &options.selection {
            Some(text) => Some(Selection::parse(kind, text, options)?),
            None => None,
        };
        let conditions = selection.as_ref().map_or_else(Vec::new, Selection::fields);
        let columns = Columns::new(kind, options, &conditions)?;
        Ok(Self { asked: kind, columns, selection, options: options.clone() })
    }

    /// Returns what the rows are, after all fields were seen: `lvs -o+devices` is about segments.
    pub const fn kind(&self) -> Kind {
        self.columns.kind
    }

    /// Writes the report of all objects, or of those given: LVM2's output to the byte. `sink` takes
    /// it piece by piece.
    pub fn write(&self, system: &System, targets: Option<&[Target]>, sink: &mut dyn FnMut(&str)) {
        let table = self.fill(system, targets);
        render::render(self, table, &mut Out::new(sink));
    }

    /// Returns the report of all objects, or of those given.
    pub fn render(&self, system: &System, targets: Option<&[Target]>) -> String {
        let mut text = String::new();
        self.write(system, targets, &mut |piece| text.push_str(piece));
        text
    }

    /// Writes `fullreport`: these reports, made with [`Options::full`], for each VG, and where
    /// there are no targets those about PVs for the PVs that belong to none. `sink` takes it piece
    /// by piece.
    pub fn write_full(
        reports: &[Self],
        system: &System,
        targets: Option<&[Target]>,
        sink: &mut dyn FnMut(&str),
    ) {
        let of_pvs = |report: &&Self| matches!(report.asked, Kind::Pvs | Kind::PvSegs);
        let mut groups = Vec::new();
        for place in system.vg_order() {
            let target = Target::Vg(place);
            if targets.is_none_or(|targets| targets.contains(&target)) {
                let fill = |report| (report, Self::fill(report, system, Some(&[target])));
                groups.push(reports.iter().map(fill).collect::<Vec<_>>());
            }
        }
        if targets.is_none() {
            let orphans: Vec<Target> = system.orphans().map(Target::Device).collect();
            if !orphans.is_empty() {
                let fill = |report| (report, Self::fill(report, system, Some(&orphans)));
                groups.push(reports.iter().filter(of_pvs).map(fill).collect());
            }
        }
        render::render_groups(groups, &mut Out::new(sink));
    }

    /// Finds the objects that a selection selects, of all or of those given: VGs, LVs or PVs as
    /// `kind` says, each once. This is `-S` of commands that change objects.
    ///
    /// # Errors
    /// If the selection cannot be read, or looks at fields that these objects do not have.
    pub fn select(
        kind: Kind,
        options: &Options,
        system: &System,
        targets: Option<&[Target]>,
    ) -> Result<Vec<Target>, ReportError> {
        let options = Options {
            columns: Some(String::new()),
            fields: Vec::new(),
            sort: Some(String::new()),
            full: true,
            ..options.clone()
        };
        let report = Self::new(kind, &options)?;
        let mut found: Vec<Target> = Vec::new();
        rows::each(&report, system, targets, &mut |row| {
            if report.selects(row) {
                found.extend(rows::target_of(kind, row));
            }
        });
        let mut seen = BTreeSet::new();
        found.retain(|target| seen.insert(*target));
        Ok(found)
    }

    fn selects(&self, row: &Row<'_, '_>) -> bool {
        let selection = self.selection.as_ref();
        selection.is_none_or(|wanted| wanted.matches(row, &self.options))
    }

    fn fill(&self, system: &System, targets: Option<&[Target]>) -> Table {
        let all = self.selection.is_none();
        let expected = if all { rows::expected(self.columns.kind, system, targets) } else { 0 };
        let mut table = Table::new(self, expected);
        // Who asks to see what is selected sees what is not, too.
        let shows_selected = self.fields().any(|field| field == Field::Selected);
        rows::each(self, system, targets, &mut |row| {
            let selected = self.selects(row);
            if selected || shows_selected {
                table.push(self, row, selected);
            }
        });
        table
    }

    fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.columns.shown.iter().map(|column| column.field)
    }
}
