//! `map` and `lab show`: what lies where, in characters, as SVG and as JSON.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use std::process::Command;
use support::{Lab, Ran};

fn lab() -> Lab {
    let lab = Lab::new(4, "32m");
    lab.ok("vgcreate -s 1m vg disk1 disk2 disk3");
    lab.ok("lvcreate -n linear -l 6 vg disk1:2-9");
    lab.ok("lvcreate -n striped -i 2 -l 8 vg disk1:20- disk2");
    lab.ok("lvcreate -n all -l 31 vg disk3");
    lab
}

#[test]
fn the_map_shows_every_run_and_says_what_it_is() {
    let lab = lab();
    let expected = "\
vg: 93.00 MiB in 93 extents of 1.00 MiB, 48.00 MiB free; a character is 1 extent
  disk1 [..bbbbbb............cccc.......] 31 extents, 21 free in 3 runs
  disk2 [cccc...........................] 31 extents, 27 free
  disk3 [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa] 31 extents, 0 free
  a all      31.00 MiB  31 extents  1 segment   linear   disk3:0-30
  b linear    6.00 MiB   6 extents  1 segment   linear   disk1:2-7
  c striped   8.00 MiB   8 extents  1 segment   striped  disk1:20-23 disk2:0-3
  . free

";
    assert_eq!(lab.ok("map vg"), expected);
    assert_eq!(lab.ok("map"), expected);
    let shown = lab.ok("lab show");
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.ends_with("disk4   32.00 MiB  no physical volume\n"), "{shown}");
}

#[test]
fn small_segments_are_seen_at_any_scale() {
    let lab = lab();
    lab.ok("lvcreate -n one -l 1 vg disk2:17");
    lab.ok("lvcreate -n two -l 1 vg disk1:0");
    let out = lab.ok("map vg --width 4");
    assert!(out.contains("a character is 8 extents\n"), "{out}");
    assert!(out.contains("  disk1 [#.d.]"), "{out}");
    assert!(out.contains("  disk2 [d.c.]"), "{out}");
    assert!(out.contains("\n  # several volumes, or free extents too"), "{out}");
    lab.refuses("map vg --width 0", 3, &["--width must be between 1 and 10000."]);
    lab.refuses("map vg --color sometimes", 3, &["Invalid argument for --color: sometimes"]);
    lab.refuses("map vg --json --svg -", 3, &["--svg"]);
    lab.refuses("map nosuch", 5, &["Volume group \"nosuch\" not found"]);
}

fn with_env(lab: &Lab, words: &[&str], env: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_extant"));
    command.args(words).env("EXTANT_LAB", lab.path()).env_remove("NO_COLOR");
    command.envs(env.iter().copied()).output().unwrap().into()
}

#[test]
fn colours_come_where_they_are_wanted() {
    let lab = lab();
    let plain = lab.ok("map vg");
    let strip = |text: &str| {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |all, part| all + part.split_once('m').unwrap().1)
    };
    for (words, env, colored) in [
        (&["map", "vg"][..], &[][..], false),
        (&["map", "vg", "--color", "auto"], &[], false),
        (&["map", "vg", "--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
        (&["map", "vg", "--color", "always"], &[], true),
        (&["map", "vg", "--color", "always"], &[("NO_COLOR", "1")], true),
        (&["map", "vg"], &[("CLICOLOR_FORCE", "1")], true),
        (&["map", "vg"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&["lab", "show", "--color", "always"], &[], true),
    ] {
        let ran = with_env(&lab, words, env);
        assert_eq!(ran.out.contains('\u{1b}'), colored, "{words:?} {env:?}");
        assert!(strip(&ran.out).starts_with(&plain), "{words:?}: {}", ran.out);
    }
}

#[test]
fn a_picture_names_every_run_and_has_the_colours_of_the_terminal() {
    let lab = lab();
    let picture = lab.ok("map vg --svg -");
    for title in [
        "linear:0-5 on disk1:2-7 (6 extents)",
        "striped:0-7, 1 of 2 on disk1:20-23 (4 extents)",
        "striped:0-7, 2 of 2 on disk2:0-3 (4 extents)",
        "all:0-30 on disk3:0-30 (31 extents)",
        "free: disk1:0-1 (2 extents)",
    ] {
        assert!(picture.contains(&format!("<title>{title}</title>")), "{title}: {picture}");
    }
    // 208 of xterm's 256 colours, the second one, is #ff8700.
    assert!(picture.contains("#ff8700"), "{picture}");
    let colored = lab.ok("map vg --color always");
    assert!(colored.contains("48;5;208mbbbbbb"), "{colored:?}");
    // It needs nothing beside itself, and is well-formed as far as that shows.
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    assert!(!picture.contains("href") && !picture.contains("http://www.w3.org/1999"));
    assert_eq!(picture.matches("<rect").count(), 1 + 8 + 4);
    let file = lab.path().join("vg.svg");
    let ran = lab.ok(&format!("map vg --svg {}", file.display()));
    assert_eq!(ran, format!("  Map saved in \"{}\".\n", file.display()));
    assert_eq!(std::fs::read_to_string(file).unwrap(), picture);
    lab.refuses("map vg --svg /nosuch/file.svg", 5, &["/nosuch/file.svg: No such file"]);
}

#[test]
fn json_has_the_runs_of_each_device() {
    let lab = lab();
    let json: serde_json::Value = serde_json::from_str(&lab.ok("map vg --json")).unwrap();
    let vg = &json["map"][0];
    assert_eq!(vg["vg_name"], "vg");
    assert_eq!(vg["extent_size"], 1 << 20);
    let pv = &vg["pvs"][0];
    assert_eq!((&pv["pv_name"], &pv["free"]), (&"disk1".into(), &21.into()));
    let words: Vec<String> = pv["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| format!("{}+{} {}", run["start"], run["extents"], run["lv"]))
        .collect();
    assert_eq!(words, ["0+2 null", "2+6 \"linear\"", "8+12 null", "20+4 \"striped\"", "24+7 null"]);
    let striped = &vg["pvs"][1]["runs"][0];
    assert_eq!((&striped["stripe"], &striped["stripes"]), (&1.into(), &2.into()));
    assert_eq!((&striped["le"], &striped["les"]), (&0.into(), &8.into()));
}

#[test]
fn a_vg_without_lvs_and_one_with_a_missing_pv_are_drawn() {
    let lab = lab();
    lab.ok("vgcreate -s 1m empty disk4");
    let out = lab.ok("map empty");
    assert!(out.contains("disk4 [...............................] 31 extents, 31 free\n"), "{out}");
    std::fs::remove_file(lab.path().join("disk2.img")).unwrap();
    let ran = lab.run("map vg");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("31 extents, 27 free, missing\n"), "{ran:?}");
    assert!(ran.out.contains("striped, partial  "), "{ran:?}");
    lab.ok("pvchange -xn disk4");
    let out = lab.ok("map empty");
    assert!(out.contains("31 free, not allocatable\n"), "{out}");
}
