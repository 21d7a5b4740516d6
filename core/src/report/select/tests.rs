//! What LVM2 2.03.16 selects, and says; captured by `golden/capture-selections.py`.

use super::{SelectError, Selection};
use crate::report::options::{Headings, Kind, Options};
use crate::report::rows::Target;
use crate::report::tests::captured;
use crate::report::{Report, ReportError};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, proptest};
use std_alloc::borrow::ToOwned;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

const SELECTED: &str = include_str!("../golden/selected.txt");

fn options(selection: &str) -> Options {
    Options {
        fields: std_alloc::vec!["lv_name".to_owned()],
        selection: Some(selection.to_owned()),
        all: true,
        buffered: false,
        headings: Headings::None,
        ..Options::default()
    }
}

#[test]
fn lvm2_selects_and_says_the_same() {
    let system = captured();
    let place = |name: &str| system.vgs.iter().position(|v| v.vg.name.as_str() == name).unwrap();
    let (main, zoo) = (place("main"), place("zoo"));
    let mut targets = std_alloc::vec![Target::Vg(main)];
    for name in ["org", "old", "err"] {
        targets.push(Target::Lv(zoo, system.vgs[zoo].vg.lvs.find(name).unwrap()));
    }
    let mut bad = Vec::new();
    for line in SELECTED.lines() {
        let (selection, expected) = line.rsplit_once('\t').unwrap();
        let shown = match Report::new(Kind::Lvs, &options(selection)) {
            Ok(report) => {
                let text = report.render(&system, Some(&targets));
                let names: Vec<&str> = text.split_whitespace().collect();
                ["=", &names.join(" ")].concat()
            }
            Err(error) => ["!", &error.to_string().replace("\n  ", "|")].concat(),
        };
        if shown != expected {
            bad.push([selection, "\n   is  ", &shown, "\n   not ", expected].concat());
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert!(SELECTED.lines().count() > 150);
}

#[test]
fn days_in_words_are_measured_from_now() {
    // 2024-04-03 12:00 UTC, a Wednesday; LV `err` of zoo was made on 2024-04-01 at 19:39:20.
    let now = 1_712_145_600;
    let system = captured();
    let has = |text: &str| {
        let options = Options { now, ..options(text) };
        let report = Report::new(Kind::Lvs, &options).unwrap();
        report.render(&system, None).split_whitespace().any(|name| name == "err")
    };
    for yes in [
        "time=Monday",
        "time=\"monday 19:39\"",
        "time since \"2 days ago\"",
        "time before yesterday",
        "time before \"1 day 5 hours ago\"",
        "time=@1712000360",
        "time=\"April 2024\"",
        "time since \"1 week ago\" && time until \"1 day ago\"",
    ] {
        assert!(has(yes), "{yes}");
    }
    for no in [
        "time=today",
        "time=yesterday",
        "time=Tuesday",
        "time since \"1 day ago\"",
        "time=\"March 2024\"",
        "time after noon",
        "time=@1712000361",
    ] {
        assert!(!has(no), "{no}");
    }
}

#[test]
fn objects_are_selected_once_whatever_the_field() {
    let system = captured();
    let select =
        |kind, text: &str| Report::select(kind, &options(text), &system, None).unwrap().len();
    // `str` has two segments.
    assert_eq!(select(Kind::Lvs, "segtype=striped && lv_name=str"), 1);
    assert_eq!(select(Kind::Vgs, "vg_name=~^.oo"), 1);
    assert_eq!(select(Kind::Vgs, ""), system.vgs.len());
    assert_eq!(select(Kind::Pvs, "pv_tags=ssd"), 1);
    assert_eq!(
        Report::select(Kind::Lvs, &options("pv_name=x"), &system, None),
        Err(ReportError::LvAndPv(Kind::Lvs))
    );
}

#[test]
fn parentheses_nest_to_a_bounded_depth() {
    let nested = |depth: usize| {
        let text = ["(".repeat(depth), "lv_name=a".to_owned(), ")".repeat(depth)].concat();
        Selection::parse(Kind::Lvs, &text, &Options::default()).map(|_| ())
    };
    assert_eq!(nested(100), Ok(()));
    assert_eq!(nested(101), Err(SelectError::Nesting));
    assert_eq!(nested(1_000_000), Err(SelectError::Nesting));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]
    #[test]
    fn any_text_is_read_or_refused(
        parts in prop::collection::vec(
            prop::sample::select(std_alloc::vec![
                "lv_name", "lv_size", "tags", "lv_time", "lv_minor", "data_percent", "=", "!=",
                "=~", ">", "since", "(", ")", "!", "&&", "||", ",", "#", "[", "]", "{", "}", "\"",
                "'", " ", "5", "5.5m", "%", "a", "^[", "\\", "2024-02", "ago", "+0100", "é", "*",
            ]),
            0..20,
        ),
        tail in any::<String>(),
    ) {
        let text = [parts.concat(), tail].concat();
        let parsed = Selection::parse(Kind::Lvs, &text, &Options::default());
        prop_assert!(parsed.is_ok() || !parsed.unwrap_err().to_string().is_empty());
    }
}
