//! What holds for every command: help, wrong options, missing objects, nothing written on failure.
#![allow(missing_docs, reason = "tests")]

mod support;

use similar::TextDiff;
use std::path::PathBuf;
use support::{Lab, extant};

/// A command; a line of it that names what is not there, and how that ends.
struct Case {
    name: &'static str,
    missing: Option<(&'static str, i32)>,
}

const fn case(name: &'static str) -> Case {
    Case { name, missing: None }
}

const fn missing(name: &'static str, line: &'static str) -> Case {
    Case { name, missing: Some((line, 5)) }
}

/// Every command there is.
const CASES: &[Case] = &[
    case("apply"),
    case("formats"),
    case("fullreport"),
    case("help"),
    case("lab"),
    missing("lvchange", "lvchange --addtag t nosuch/lv"),
    missing("lvcreate", "lvcreate -L4 nosuch"),
    missing("lvdisplay", "lvdisplay nosuch/lv"),
    missing("lvextend", "lvextend -L+4 nosuch/lv"),
    case("lvmdiskscan"),
    missing("lvreduce", "lvreduce -y -L-4 nosuch/lv"),
    missing("lvremove", "lvremove -y nosuch/lv"),
    missing("lvrename", "lvrename nosuch a b"),
    missing("lvresize", "lvresize -L+4 nosuch/lv"),
    missing("lvs", "lvs nosuch/lv"),
    case("lvscan"),
    missing("map", "map nosuch"),
    missing("max-size", "max-size nosuch"),
    missing("pvchange", "pvchange -xn nosuch"),
    missing("pvck", "pvck --dump headers nosuch"),
    missing("pvcreate", "pvcreate nosuch"),
    missing("pvdisplay", "pvdisplay nosuch"),
    missing("pvremove", "pvremove nosuch"),
    missing("pvresize", "pvresize nosuch"),
    missing("pvs", "pvs nosuch"),
    case("pvscan"),
    case("segtypes"),
    case("tags"),
    case("version"),
    missing("vgcfgbackup", "vgcfgbackup nosuch"),
    missing("vgcfgrestore", "vgcfgrestore nosuch"),
    missing("vgchange", "vgchange --addtag t nosuch"),
    missing("vgck", "vgck nosuch"),
    missing("vgcreate", "vgcreate vg nosuch"),
    missing("vgdisplay", "vgdisplay nosuch"),
    missing("vgexport", "vgexport nosuch"),
    missing("vgextend", "vgextend nosuch disk1"),
    missing("vgimport", "vgimport nosuch"),
    missing("vgmerge", "vgmerge there nosuch"),
    missing("vgreduce", "vgreduce nosuch disk1"),
    missing("vgremove", "vgremove nosuch"),
    missing("vgrename", "vgrename nosuch other"),
    missing("vgs", "vgs nosuch"),
    case("vgscan"),
    missing("vgsplit", "vgsplit nosuch other disk1"),
];

#[test]
fn the_table_is_complete() {
    let listed = extant(&["help"]).out;
    let listed: Vec<&str> =
        listed.lines().skip(3).filter_map(|line| line.split_whitespace().next()).collect();
    let cases: Vec<&str> = CASES.iter().map(|case| case.name).collect();
    assert_eq!(listed, cases);
}

#[test]
fn help_is_what_it_was() {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/help");
    let update = std::env::var_os("EXTANT_UPDATE_SNAPSHOTS").is_some();
    for case in CASES {
        let ran = extant(&[case.name, "--help"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(ran.err, "", "{}", case.name);
        let path = directory.join(format!("{}.txt", case.name));
        if update {
            std::fs::create_dir_all(&directory).expect("the directory can be made");
            std::fs::write(&path, &ran.out).expect("the snapshot can be written");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        let diff = TextDiff::from_lines(&expected, &ran.out);
        assert!(
            expected == ran.out,
            "help of {} changed (EXTANT_UPDATE_SNAPSHOTS=1 accepts it):\n{}",
            case.name,
            diff.unified_diff()
        );
    }
}

#[test]
fn a_wrong_option_ends_with_3() {
    for case in CASES {
        let ran = extant(&[case.name, "--no-such-option"]);
        let expected = format!(
            "{}: unrecognized option '--no-such-option'\n  Error during parsing of command line.\n",
            case.name
        );
        assert_eq!((ran.code, ran.err), (3, expected), "{}", case.name);
        assert_eq!(ran.out, "", "{}", case.name);
    }
}

#[test]
fn what_is_missing_ends_with_5_and_nothing_is_written() {
    let lab = Lab::new(2, "64m");
    lab.ok("vgcreate there disk2");
    let before = lab.disks();
    for case in CASES {
        let Some((line, code)) = case.missing else {
            continue;
        };
        let ran = lab.run(line);
        assert_eq!(ran.code, code, "{line}: {ran:?}");
        assert!(ran.err.contains("nosuch"), "{line}: {ran:?}");
        assert!(lab.disks() == before, "{line} wrote something");
    }
}
