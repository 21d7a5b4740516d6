//! The grammar as LVM2 2.03.16 has it (asked with `lvmconfig --config`), and total reading.

use super::escape::{push_escaped, unescape};
use super::*;
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

fn show_value(value: &Value<'_>) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Text(text) => format!("{text:?}"),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(show_value).collect();
            format!("[{}]", items.join(","))
        }
    }
}

fn show(section: &Section<'_>) -> String {
    let entry = |entry: &Entry<'_>| match &entry.item {
        Item::Value(value) => format!("{}={}", entry.key, show_value(value)),
        Item::Section(section) => format!("{}{{{}}}", entry.key, show(section)),
    };
    let entries: Vec<String> = section.entries.iter().map(entry).collect();
    entries.join(" ")
}

fn read(text: &str) -> Result<String, (TextFault, usize)> {
    let mut tree = parse(text.as_bytes()).map_err(|error| (error.fault, error.at.offset))?;
    tree.merge_duplicates();
    Ok(show(&tree))
}

#[test]
fn the_grammar_is_lvm2s() {
    for (text, tree) in [
        ("a=010", "a=8"),
        ("a=08", "a=0"),
        ("a=-5 b=+5", "a=-5 b=5"),
        ("a=1.5 b=.5", "a=1.5 b=0.5"),
        ("a=foo", "a=\"foo\""),
        ("a=@foo", "a=\"@foo\""),
        ("a{b=fo/o.b-c}", "a{b=\"fo/o.b-c\"}"),
        ("a=[\"x\" \"y\"]", "a=[\"x\",\"y\"]"),
        ("a=[\"x\",]", "a=[\"x\"]"),
        ("a=[ ]", "a=[]"),
        (r#"a="q\"b\\c\nd""#, r#"a="q\"b\\cnd""#),
        (r#"a='q\"b'"#, r#"a="q\\\"b""#),
        ("a=1 a=2 b{c=1} b{d=2}", "a=2 b{c=1 d=2}"),
        ("\"x y\"=3", "x y=3"),
        ("a=1b=2", "a=1 b=2"),
        ("a=1 # c\nb=2", "a=1 b=2"),
        ("a=#foo\nb", "a=\"b\""),
        ("a,b=1", "a,b=1"),
        ("a[=1", "a[=1"),
        ("/a=1", "a=1"),
        ("a//b=1", "a{b=1}"),
        ("a/=1", "a{=1}"),
        ("a/b=1 a/c=2", "a{b=1 c=2}"),
        ("x/y { z=1 } x/w=2", "x{y{z=1} w=2}"),
        ("a=-", "a=0"),
        ("a=1\0}}}", "a=1"),
        ("a=\"two\nlines\"", "a=\"two\\nlines\""),
        ("", ""),
        (" \t\r\n\x0b\x0c# nothing", ""),
    ] {
        assert_eq!(read(text).as_deref(), Ok(tree), "{text}");
    }
}

#[test]
fn errors_have_their_place() {
    use TextFault::{ExpectedValue, Integer, UnexpectedToken, Unterminated};
    for (text, fault, offset) in [
        ("a", UnexpectedToken, 1),
        ("a { b }", UnexpectedToken, 6),
        ("a=1.2.3", UnexpectedToken, 7),
        ("a=5x", UnexpectedToken, 4),
        ("a=[foo]", ExpectedValue, 3),
        ("a=[1,[2]]", ExpectedValue, 5),
        ("a=[1,,2]", ExpectedValue, 5),
        ("a=[,]", ExpectedValue, 3),
        ("a=[1,2", ExpectedValue, 6),
        ("a={}", ExpectedValue, 2),
        ("a=99999999999999999999", Integer, 2),
        ("a=\"abc", Unterminated, 2),
        ("a=\"abc\\", Unterminated, 2),
        ("a='abc\0'", Unterminated, 2),
        ("a { b=1", UnexpectedToken, 7),
        ("a=1 }", UnexpectedToken, 4),
        ("a='x''y'", UnexpectedToken, 8),
        ("= 5", UnexpectedToken, 0),
    ] {
        assert_eq!(read(text), Err((fault, offset)), "{text}");
    }
    let error = parse(b"a=1\nb=2\nc d").unwrap_err();
    assert_eq!(error.to_string(), "parse error at byte 10 (line 3): unexpected token");
}

#[test]
fn megabytes_of_nesting_are_refused() {
    let text = "a{".repeat(1 << 20);
    assert!(matches!(read(&text), Err((TextFault::Depth, _))));
    let text = format!("{}=1", "a/".repeat(1 << 20));
    assert!(matches!(read(&text), Err((TextFault::Depth, _))));
    let deep = format!("{}{}", "a{".repeat(DEPTH_MAX), "}".repeat(DEPTH_MAX));
    assert!(read(&deep).is_ok());
}

#[test]
fn values_are_found_by_their_path() {
    let mut tree = parse(b"devices { filter=[\"a\"] dir=\"/dev\" } devices/dir=x a=1").unwrap();
    let dropped = tree.merge_duplicates();
    assert_eq!(dropped, [("dir".to_string(), 36)]);
    assert_eq!(tree.find("devices/dir").and_then(Value::as_text), Some("x"));
    assert_eq!(tree.find("a").and_then(Value::as_int), Some(1));
    assert_eq!(tree.find("devices/filter").unwrap().items().len(), 1);
    assert_eq!(tree.find("a").unwrap().items(), [Value::Int(1)]);
    assert_eq!(tree.find("devices"), None);
    assert_eq!(tree.find("a/b"), None);
    assert_eq!(tree.clone().into_owned(), tree);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Err(error) = parse(&bytes) {
            prop_assert!(error.at.offset <= bytes.len());
        }
    }

    #[test]
    fn any_grammar_like_text_is_read_or_refused(text in "([ab/]{1,3}|[={}\\[\\],#\"'\\\\\n ]|[0-9.]{1,2}){0,60}") {
        if let Err(error) = parse(text.as_bytes()) {
            prop_assert!(error.at.offset <= text.len());
        }
    }

    #[test]
    fn strings_are_read_as_written(text in any::<String>()) {
        let mut out = Vec::from(&b"a = \""[..]);
        push_escaped(&mut out, &text);
        out.push(b'"');
        let text: String = text.chars().filter(|char| *char != '\0').collect();
        out.retain(|byte| *byte != 0);
        let tree = parse(&out).unwrap();
        prop_assert_eq!(tree.find("a").and_then(Value::as_text), Some(text.as_str()));
    }

    #[test]
    fn unescaping_undoes_escaping(text in any::<String>()) {
        let mut out = Vec::new();
        push_escaped(&mut out, &text);
        prop_assert_eq!(unescape(core::str::from_utf8(&out).unwrap()), text);
    }
}
