//! The form in files of a text that is not fully known: everything in it is kept.

use super::vg::push_header;
use super::writer::Writer;
use crate::format::text::{Item, Section, TextError, Value, parse};
use crate::model::vg::Provenance;
use crate::time::TimeZone;
use crate::units::{ExtentSize, Sectors};
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

/// Keys of the header, which is written anew.
const HEADER: [&str; 6] = [
    "contents",
    "version",
    "description",
    "creation_host",
    "creation_host_system_id",
    "creation_time",
];

/// Returns the text for backup and archive files of a VG that has unknown content, from its text on
/// disk: all sections, keys and values, without comments.
///
/// # Errors
/// If the text breaks the grammar.
pub fn file_from_text(text: &[u8], provenance: &Provenance) -> Result<Vec<u8>, TextError> {
    let zone = TimeZone::UTC;
    let extent_size = ExtentSize::new(Sectors::new(8192)).expect("4 MiB is an extent size");
    let mut tree = parse(text)?;
    tree.entries.retain(|entry| !HEADER.contains(&entry.key.as_ref()));
    let mut writer = Writer::file(&zone, extent_size, None);
    push_header(&mut writer, provenance);
    push_section(&mut writer, &tree);
    Ok(writer.finish().0)
}

/// Nesting was bounded when the text was parsed.
fn push_section(writer: &mut Writer<'_>, section: &Section<'_>) {
    for entry in &section.entries {
        let key = key_text(&entry.key);
        match &entry.item {
            Item::Value(value) => writer.word(&key, &value_text(value)),
            Item::Section(inner) => {
                writer.open(&key);
                push_section(writer, inner);
                writer.close();
            }
        }
    }
}

/// Keys that are no plain words stand in quotes.
fn key_text(key: &str) -> String {
    let plain = |byte: u8| !byte.is_ascii_whitespace() && !b"#={}[],\"'\x0b".contains(&byte);
    if !key.is_empty() && key.bytes().all(plain) { key.to_string() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    let mut out = Vec::from(&b"\""[..]);
    crate::format::text::escape::push_escaped(&mut out, text);
    out.push(b'"');
    String::from_utf8(out).expect("escaping keeps UTF-8")
}

fn value_text(value: &Value<'_>) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Float(number) => {
            let text = format!("{number}");
            // Without a point it would be an integer.
            let point = if text.contains('.') { "" } else { ".0" };
            format!("{text}{point}")
        }
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(value_text).collect();
            format!("[{}]", items.join(", "))
        }
    }
}
