//! The difference of two texts.

use super::difference;
use std_alloc::format;
use std_alloc::string::String;

const BEFORE: &str = "v {\nid = \"x\"\nseqno = 1\nlogical_volumes {\n\na {\nid = \"1\"\nsize = 1\n}\n\nb {\nid = \"2\"\nsize = 2\n}\n}\n}\n";

#[test]
fn what_changed_is_shown_in_its_section() {
    let after = BEFORE.replace("seqno = 1", "seqno = 2").replace("size = 2", "size = 3");
    let expected = "  v {\n-   seqno = 1\n+   seqno = 2\n    logical_volumes {\n      b {\n-       size = 2\n+       size = 3\n      }\n    }\n  }\n";
    assert_eq!(difference(BEFORE, &after), expected);
    assert_eq!(difference(BEFORE, BEFORE), "");
}

#[test]
fn a_new_section_is_shown_as_a_whole() {
    let after = BEFORE.replace("\nb {", "\nc {\nid = \"3\"\nsize = 2\n}\n\nb {");
    let shown = difference(BEFORE, &after);
    assert!(shown.contains("+     c {\n+       id = \"3\"\n"), "{shown}");
    assert!(!shown.contains("- "), "{shown}");
}

/// Sections end alike, so that the end of one can be taken for that of another.
#[test]
fn sections_that_come_and_go_are_shown_whole() {
    let section = |name: &str, id: u32| {
        format!(
            "{name} {{\nid = \"{id}\"\n\nsegment1 {{\nat = {id}\nstripes = [\n\"pv0\", {id}\n]\n}}\n}}\n\n"
        )
    };
    let text = |sections: &[(&str, u32)], seqno: u32| -> String {
        let sections = sections.iter().map(|(name, id)| section(name, *id));
        format!("v {{\nseqno = {seqno}\nlvs {{\n{}}}\n}}\n", sections.collect::<String>())
    };
    let (two, three) = ([("a", 1), ("c", 3)], [("a", 1), ("b", 2), ("c", 3)]);
    let lines = "      b {\n        id = \"2\"\n        segment1 {\n          at = 2\n          stripes = [\n          \"pv0\", 2\n          ]\n        }\n      }\n";
    for (before, after, sign) in [
        (text(&two, 1), text(&three, 2), "+"),
        (text(&three, 1), text(&two, 2), "-"),
        (text(&two[..1], 1), text(&three[..2], 2), "+"),
        (text(&three[..2], 1), text(&two[..1], 2), "-"),
    ] {
        let changed =
            lines.replace("\n  ", &format!("\n{sign} ")).replacen("  ", &format!("{sign} "), 1);
        let expected =
            format!("  v {{\n-   seqno = 1\n+   seqno = 2\n    lvs {{\n{changed}    }}\n  }}\n");
        assert_eq!(difference(&before, &after), expected);
    }
}

#[test]
fn a_renamed_section_keeps_the_rest_in_place() {
    let after = BEFORE.replace("\na {", "\nz {").replace("size = 2", "size = 3");
    let expected = "  v {\n    logical_volumes {\n-     a {\n+     z {\n      }\n      b {\n-       size = 2\n+       size = 3\n      }\n    }\n  }\n";
    assert_eq!(difference(BEFORE, &after), expected);
}

#[test]
fn twenty_thousand_sections_do_not_take_long() {
    let text = |skip: u32| -> String {
        let mut text = String::from("v {\n");
        for number in (0..20_000_u32).filter(|number| number % skip != 1) {
            let lv = format!("lv{number} {{\nid = \"{number}\"\nsize = 1\nstatus = []\n}}\n\n");
            text.push_str(&lv);
        }
        text + "}\n"
    };
    let shown = difference(&text(50_000), &text(3));
    assert!(shown.lines().filter(|line| line.starts_with('-')).count() > 20_000);
    assert!(difference(&text(3), &text(2)).len() > 1000);
}
