//! Whether settings are known and have the right kind of value. Messages are LVM2's.

use super::flag_word;
use super::table::{self, Kind, Profile};
use extant_core::format::text::{Item, Section, Value};

/// Checks all settings of a source.
pub(super) fn check(source: &Section<'_>, warnings: &mut Vec<String>) {
    for entry in &source.entries {
        match &entry.item {
            Item::Section(section) if table::is_section(&entry.key) => {
                check_section(section, &entry.key, warnings);
            }
            Item::Section(_) if table::is_free(&entry.key) => {}
            Item::Section(_) => {
                warnings.push(format!("Configuration section \"{}\" unknown.", entry.key));
            }
            Item::Value(_) => {
                warnings.push(format!("Configuration setting \"{}\" unknown.", entry.key));
            }
        }
    }
}

fn check_section(section: &Section<'_>, name: &str, warnings: &mut Vec<String>) {
    for entry in &section.entries {
        let path = format!("{name}/{}", entry.key);
        match &entry.item {
            Item::Section(_) if table::is_free(&path) => {}
            Item::Section(_) => warnings.push(format!("Configuration section \"{path}\" unknown.")),
            Item::Value(value) => warnings.extend(match table::kind(&path) {
                None => Some(format!("Configuration setting \"{path}\" unknown.")),
                Some(kind) => check_value(&path, kind, value),
            }),
        }
    }
}

fn check_value(path: &str, kind: Kind, value: &Value<'_>) -> Option<String> {
    let empty = |allowed: bool| value.items().is_empty() && !allowed;
    match kind {
        Kind::Flag => check_flag(path, value),
        Kind::Int | Kind::Text | Kind::TextOrEmpty if value.items().is_empty() => {
            Some(wrong_type(path, "array", expected(kind)))
        }
        Kind::List | Kind::Mixed if empty(false) => {
            Some(format!("Configuration setting \"{path}\" invalid. Empty value not allowed."))
        }
        _ => value.items().iter().find_map(|item| check_item(path, kind, item)),
    }
}

fn check_flag(path: &str, value: &Value<'_>) -> Option<String> {
    const WORDS: &str = "0/1, \"y/n\", \"yes/no\", \"on/off\", \"true/false\"";
    let invalid = |found: String| {
        Some(format!(
            "Configuration setting \"{path}\" invalid. Found {found}, expected boolean value: {WORDS}."
        ))
    };
    match value.items() {
        [Value::Int(_)] => None,
        [Value::Text(word)] if flag_word(word).is_some() => None,
        [Value::Text(word), ..] => invalid(format!("string value \"{word}\"")),
        [Value::Float(_), ..] => Some(wrong_type(path, "float", "boolean")),
        [] | [_, ..] => Some(wrong_type(path, "array", "boolean")),
    }
}

fn check_item(path: &str, kind: Kind, item: &Value<'_>) -> Option<String> {
    let found = match item {
        Value::Int(_) => "integer",
        Value::Float(_) => "float",
        Value::Text(text)
            if text.is_empty() && matches!(kind, Kind::Text | Kind::List | Kind::Mixed) =>
        {
            return Some(format!(
                "Configuration setting \"{path}\" invalid. It cannot be set to an empty value."
            ));
        }
        Value::Text(_) => "string",
        Value::List(_) => "array",
    };
    let fits = match kind {
        Kind::Flag | Kind::Int => found == "integer",
        Kind::Text | Kind::TextOrEmpty | Kind::List | Kind::ListOrEmpty => found == "string",
        Kind::Mixed => found == "integer" || found == "string",
    };
    if fits { None } else { Some(wrong_type(path, found, expected(kind))) }
}

const fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "boolean",
        Kind::Int => "integer",
        Kind::Text | Kind::TextOrEmpty => "string",
        Kind::List | Kind::ListOrEmpty => "array with values of type: string",
        Kind::Mixed => "array with values of type: integer string",
    }
}

fn wrong_type(path: &str, found: &str, expected: &str) -> String {
    format!(
        "WARNING: Configuration setting \"{path}\" has invalid type. Found {found} but expected {expected}."
    )
}

/// Checks that a profile has settings of its kind only.
pub(super) fn check_profile(source: &Section<'_>, wanted: Profile, faults: &mut Vec<String>) {
    for entry in &source.entries {
        let Item::Section(section) = &entry.item else {
            faults.push(format!("Configuration setting \"{}\" unknown.", entry.key));
            continue;
        };
        if !table::is_section(&entry.key) {
            faults.push(format!("Configuration section \"{}\" unknown.", entry.key));
            continue;
        }
        for setting in &section.entries {
            let path = format!("{}/{}", entry.key, setting.key);
            faults.extend(check_profiled(&path, wanted));
        }
    }
}

fn check_profiled(path: &str, wanted: Profile) -> Option<String> {
    let only = |one: &str, other: &str| {
        Some(format!(
            "Configuration option \"{path}\" is customizable by {one} profile only, not {other} profile."
        ))
    };
    match (table::profile(path), wanted) {
        _ if table::kind(path).is_none() && !table::is_free(path) => {
            Some(format!("Configuration setting \"{path}\" unknown."))
        }
        (Profile::None, _) => {
            Some(format!("Configuration setting \"{path}\" is not customizable by a profile."))
        }
        (Profile::Metadata, Profile::Command) => only("metadata", "command"),
        (Profile::Command, Profile::Metadata) => only("command", "metadata"),
        _ => None,
    }
}
