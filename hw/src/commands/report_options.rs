//! What the configuration says about reports.

use extant_core::ops::system::HostFacts;
use extant_core::report::options::{Format, Headings, Kind, Options};
use extant_core::size::units::Units;
use extant_hw::config::Config;

/// Returns the section's word for a kind.
const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Pvs => "pvs",
        Kind::Vgs => "vgs",
        Kind::Lvs => "lvs",
        Kind::Segs => "segs",
        Kind::PvSegs => "pvsegs",
    }
}

/// Returns the options of a report as the configuration has them.
pub(super) fn of_config(config: &Config, kind: Kind, verbose: bool, facts: &HostFacts) -> Options {
    let defaults = Options::default();
    let flag = |name: &str, default| config.flag(&format!("report/{name}"), default);
    let text = |name: &str| config.text(&format!("report/{name}")).map(str::to_owned);
    let word = word(kind);
    let columns = if verbose { "cols_verbose" } else { "cols" };
    let consistent = config.flag("global/si_unit_consistency", true);
    let units = config.text("global/units").and_then(|text| Units::parse(text).ok());
    Options {
        columns: text(&format!("{word}_{columns}")),
        sort: text(&format!("{word}_sort")),
        units: units.unwrap_or(defaults.units).with_si_consistency(consistent),
        suffix: config.flag("global/suffix", true),
        headings: match config.find("report/headings").map(|_| config.int("report/headings", 1)) {
            Some(0) => Headings::None,
            Some(2) => Headings::Full,
            _ => Headings::Short,
        },
        separator: text("separator").filter(|separator| separator != " "),
        aligned: config.find("report/aligned").map(|_| flag("aligned", true)),
        buffered: flag("buffered", true),
        name_prefixes: flag("prefixes", false),
        quoted: flag("quoted", true),
        rows: flag("columns_as_rows", false),
        binary: flag("binary_values_as_numeric", false),
        format: match text("output_format").as_deref() {
            Some("json") => Format::Json,
            Some("json_std") => Format::JsonStd,
            _ => Format::Basic,
        },
        compact: flag("compact_output", false),
        compact_columns: text("compact_output_cols").filter(|columns| !columns.is_empty()),
        list_separator: text("list_item_separator")
            .unwrap_or_else(|| defaults.list_separator.clone()),
        time_format: text("time_format").unwrap_or_else(|| defaults.time_format.clone()),
        time_zone: facts.zone.clone(),
        mark_hidden: flag("mark_hidden_devices", true),
        two_word_unknown: flag("two_word_unknown_device", false),
        now: facts.time,
        verbose,
        ..defaults
    }
}
