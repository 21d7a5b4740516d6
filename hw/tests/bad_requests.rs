//! Requests for extents that make no sense: the error names what is wrong, the exit code is
//! LVM2's, and nothing is written. What looks odd and is none is done as LVM2 does it.
//!
//! Observed with LVM2 2.03.16 on four PVs of 31 extents, of which `lin` has 0-3 of the first one
//! (tagged `t`), `str` 0-2 of the second and third, `end` 29-30 of the last. Where this differs
//! from LVM2 the line says so.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use support::Lab;

fn lab() -> Lab {
    let lab = Lab::new(4, "32m");
    lab.ok("vgcreate -s 1m vg disk1 disk2 disk3 disk4");
    lab.ok("lvcreate -n lin -l 4 vg disk1");
    lab.ok("lvcreate -n str -i 2 -l 6 vg disk2 disk3");
    lab.ok("pvchange --addtag t disk1");
    lab.ok("lvcreate -n end -l 2 vg disk4:29-30");
    lab
}

/// What is asked for, the exit code, and words of the error.
type Bad = (&'static str, i32, &'static str);

/// Sizes, with `lvcreate -n n VALUE vg`.
const SIZES: &[Bad] = &[
    ("-L 0", 3, "--size may not be zero."),
    ("-L -5m", 3, "Size may not be negative."),
    ("-L 16e", 3, "Invalid argument for --size: 16e"),
    ("-L 99999999999999999999", 3, "Size is too big (>=16EiB)."),
    ("-L 18446744073709551615b", 3, "Size is too big (>=16EiB)."),
    ("-L 18446744073709551104b", 5, "Volume too large (16.00 EiB) for extent size 1.00 MiB."),
    ("-L 9000000000000000t", 3, "Size is too big (>=16EiB)."),
    ("-L 4p", 5, "Volume too large (4.00 PiB) for extent size 1.00 MiB."),
    ("-L 5x", 3, "Can't parse size argument."),
    ("-L nan", 3, "Size requires number argument."),
    ("-L ''", 3, "Size requires number argument."),
    ("-l 0", 3, "--extents may not be zero."),
    ("-l 0%FREE", 3, "--extents may not be zero."),
    ("-l -5", 3, "Extents may not be negative."),
    ("-l 1.5", 3, "Invalid argument for --extents: 1.5"),
    ("-l ''", 3, "Invalid argument for --extents: "),
    ("-l 4294967295", 5, "insufficient free space (112 extents): 4294967295 required."),
    ("-l 4294967296", 5, "insufficient free space (112 extents): 4294967295 required."),
    ("-l 18446744073709551616", 3, "Invalid argument for --extents: 18446744073709551616"),
    ("-l 4294967295%FREE", 3, "Percentage is too big (>=4294967295%)."),
    ("-l 1%FOO", 3, "Specified %FOO is unknown."),
    ("-l 50%LV", 5, "Please express size as %FREE, %PVS or %VG."),
    ("-l 1%PVS", 0, ""),
    ("-l 4294967294%FREE", 0, ""),
    ("-l 10 -L 5m", 3, "Please specify either size or extents (not both)."),
    ("", 3, "No command with matching syntax recognised."),
    ("-l 10 -i 0", 3, "--stripes may not be zero."),
    ("-l 10 -i -1", 3, "Invalid argument for --stripes: -1"),
    ("-l 10 -i 5", 5, "Number of stripes (5) must not exceed number of physical volumes (4)"),
    ("-l 10 -i 129", 3, "Number of stripes (129) must be between 1 and 128."),
    ("-l 10 -i 4294967296", 3, "--stripes"),
    // LVM2 rounds down to no extents and finds an internal error.
    ("-l 4294967295 -i 2", 5, "Volume too large (<4.00 PiB) for extent size 1.00 MiB."),
    ("-l 10 -i 2 -I 0", 3, "--stripesize may not be zero."),
    ("-l 10 -i 2 -I 3", 3, "Invalid stripe size 3.00 KiB."),
    ("-l 10 -i 2 -I 16e", 3, "Invalid argument for --stripesize: 16e"),
    ("-l 10 --alloc foo", 3, "Unrecognised allocation policy foo"),
];

/// PVs, with `lvcreate -n n -l 10 vg VALUE`, `lvextend -l +10 vg/lin VALUE` and `max-size`.
const PVS: &[Bad] = &[
    ("disk1:31", 5, "PE range error: start extent 31 to end extent 31."),
    ("disk1:31-40", 5, "PE range error: start extent 31 to end extent 40."),
    ("disk1:5-31", 5, "PE range error: start extent 5 to end extent 31."),
    ("disk1:0-4294967295", 5, "PE range error: start extent 0 to end extent 4294967295."),
    ("disk1:0-4294967296", 5, "Physical extent parsing error at 4294967296."),
    ("disk1:99999999999999999999", 5, "Physical extent parsing error at 99999999999999999999."),
    ("disk1:5-3", 5, "PE range error: start extent 5 to end extent 3."),
    ("disk1:10+100", 5, "PE range error: start extent 10 to end extent 109."),
    // LVM2 counts round to extent 8.
    ("disk1:10+4294967295", 5, "PE range error: start extent 10 to end extent 4294967304."),
    ("disk1:", 5, "Physical extent parsing error at ."),
    ("disk1::", 5, "Physical extent parsing error at :."),
    ("disk1::5-10", 5, "Physical extent parsing error at :5-10."),
    ("disk1:5-10:", 5, "Physical extent parsing error at ."),
    ("disk1:5-10::15-20", 5, "Physical extent parsing error at :15-20."),
    ("disk1:5-10,15-20", 5, "Physical extent parsing error at ,15-20."),
    ("disk1:a", 5, "Physical extent parsing error at a."),
    ("disk1:5--10", 5, "Physical extent parsing error at -10."),
    ("disk1:0x5-0x10", 5, "Physical extent parsing error at x5-0x10."),
    ("disk1:5-10:8-20", 5, "Overlapping PE ranges specified (8-20, 5-10) on disk1."),
    ("disk1:5-10 disk1:8-20", 5, "Overlapping PE ranges specified (8-20, 5-10) on disk1."),
    ("disk1:5-10 disk1:10-20", 5, "Overlapping PE ranges specified (10-20, 5-10) on disk1."),
    ("disk1 disk1", 5, "Overlapping PE ranges specified (0-30, 0-30) on disk1."),
    ("disk1 disk1:5-10", 5, "Overlapping PE ranges specified (5-10, 0-30) on disk1."),
    ("disk1 @t", 5, "Overlapping PE ranges specified (0-30, 0-30) on disk1."),
    ("@t @t", 5, "Overlapping PE ranges specified (0-30, 0-30) on disk1."),
    ("@nosuch", 5, "No specified PVs have space available."),
    // A colon is a part of the tag.
    ("@t:5-20", 5, "No specified PVs have space available."),
    ("@", 5, "Skipping invalid tag .\n  No specified PVs have space available."),
    ("'@a b'", 5, "Skipping invalid tag a b."),
    ("nosuch", 5, "Physical Volume \"nosuch\" not found in Volume Group \"vg\"."),
    ("disk1 nosuch", 5, "Physical Volume \"nosuch\" not found in Volume Group \"vg\"."),
    ("'\\@t'", 5, "Physical Volume \"@t\" not found in Volume Group \"vg\"."),
    ("'disk1\\:4'", 5, "Physical Volume \"disk1:4\" not found in Volume Group \"vg\"."),
    ("''", 5, "Physical Volume \"\" not found in Volume Group \"vg\"."),
    ("disk1:0-3", 5, "nsufficient"),
];

/// Command lines of `lvextend`.
const EXTENSIONS: &[Bad] = &[
    ("-l +0 vg/lin", 3, "--extents may not be zero."),
    ("-L +0 vg/lin", 3, "--size may not be zero."),
    ("-l 4 vg/lin", 5, "New size (4 extents) matches existing size (4 extents)."),
    ("-l 3 vg/lin", 5, "New size given (3 extents) not larger than existing size (4 extents)"),
    ("-l -1 vg/lin", 3, "Extents may not be negative."),
    ("-l +4294967295 vg/lin", 5, "by 4294967295 logical extents: exceeds limit (4294967295)."),
    ("-l 4294967295 vg/lin", 5, "by 4294967291 logical extents: exceeds limit (4294967295)."),
    ("-L +16e vg/lin", 3, "Invalid argument for --size: +16e"),
    ("-L +18446744073709551615b vg/lin", 3, "Size is too big (>=16EiB)."),
    // LVM2 takes these sizes for no extents.
    ("-L 8e vg/lin", 5, "Volume too large (8.00 EiB) for extent size 1.00 MiB."),
    ("-L +4e vg/lin", 5, "Volume too large (4.00 EiB) for extent size 1.00 MiB."),
    ("-l +10 -i 0 vg/lin", 3, "--stripes may not be zero."),
    ("-l +10 -i 5 vg/lin", 5, "Insufficient suitable allocatable extents for logical volume lin"),
    // LVM2 knows this limit for new volumes only.
    ("-l +10 -i 129 vg/lin", 3, "Number of stripes (129) must be between 1 and 128."),
    ("-l +10 -i 2 vg/lin disk1", 5, "Insufficient suitable allocatable extents"),
    ("-l +10 -i 2 -I 3 vg/lin", 5, "Stripe size must be power of 2."),
    ("-l +10 -i 2 -I 0 vg/lin", 3, "--stripesize may not be zero."),
    ("-l 5000%LV vg/lin", 5, "Insufficient free space: 196 extents needed, but only 112 available"),
    ("-l +4294967294%VG vg/lin", 5, "exceeds limit (4294967295)."),
    ("vg/lin @nosuch", 5, "No specified PVs have space available."),
    ("vg/lin", 3, "No command with matching syntax recognised."),
    ("-l +10 vg/nosuch", 5, "Logical volume nosuch not found in volume group vg."),
    ("-l +10 vg/", 3, "Logical volume name \"\" is invalid."),
    ("-l +10 vg/a@b", 3, "Logical volume name \"a@b\" is invalid."),
    ("-l +10 vg", 3, "Please specify a logical volume path."),
    ("-l +10 nosuch/lin", 5, "Volume group \"nosuch\" not found"),
];

/// What is asked for and done: the command line, and where the LV's extents are then.
const GOOD: &[(&str, &str, &str)] = &[
    ("lvcreate -n n -l 10 vg @nosuch disk2", "n", "disk2:3-12"),
    ("lvcreate -n n -l 10 vg @t:5-20 disk2", "n", "disk2:3-12"),
    ("lvcreate -n n -l 10 vg @ disk2", "n", "disk2:3-12"),
    ("lvcreate -n n -l 10 vg disk1:15-20 disk1:5-10", "n", "disk1:15-20 disk1:5-8"),
    ("lvcreate -n n -l 10 vg disk1:-10 disk2:3-", "n", "disk2:3-12"),
    ("lvcreate -n n -l 100%PVS vg disk1:0-5", "n", "disk1:4-5"),
    ("lvextend -l +4294967294%FREE vg/lin", "lin", "disk1:0-30 disk4:0-28 disk2:3-30 disk3:3-30"),
    ("lvextend -l 4294967294%VG vg/lin", "lin", "disk1:0-30 disk4:0-28 disk2:3-30 disk3:3-30"),
    ("lvextend -l +100%PVS vg/lin disk1:0-5", "lin", "disk1:0-5"),
    ("lvextend vg/lin disk1:0-5", "lin", "disk1:0-5"),
];

/// Runs a line that has to end with a code, with words of its own, and to write nothing if it
/// fails; panics have a code of their own.
#[track_caller]
fn check(lab: &Lab, line: &str, code: i32, words: &str) {
    if code == 0 {
        let ran = lab.copy().run(line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        return;
    }
    let before = lab.written();
    let ran = lab.run(line);
    assert_eq!(ran.code, code, "{line}: {ran:?}");
    assert!(ran.err.contains(words), "{line}: {words:?} is not in {ran:?}");
    assert!(lab.written() == before, "{line}: something was written");
}

#[test]
fn sizes_and_shapes() {
    let lab = lab();
    for (value, code, words) in SIZES {
        check(&lab, &format!("lvcreate -n n {value} vg"), *code, words);
    }
    for (value, code, words) in SIZES.iter().filter(|bad| bad.0.contains("-i ")) {
        let (_, shape) = value.split_once("-i ").unwrap();
        let code = if value.contains("4294967295 ") { 0 } else { *code };
        check(&lab, &format!("max-size vg -i {shape}"), code, words);
    }
}

#[test]
fn pvs_and_ranges() {
    let lab = lab();
    for (value, code, words) in PVS {
        check(&lab, &format!("lvcreate -n n -l 10 vg {value}"), *code, words);
        check(&lab, &format!("lvextend -l +10 vg/lin {value}"), *code, words);
        check(&lab, &format!("max-size vg {value}"), *code, words);
        check(&lab, &format!("max-size vg/lin {value}"), *code, words);
    }
    // Stripes are on different PVs, however often one is named.
    let words = "Number of stripes (2) must not exceed number of physical volumes (1)";
    for pvs in ["disk1", "disk1:5-10 disk1:15-20"] {
        check(&lab, &format!("lvcreate -n n -l 10 -i 2 vg {pvs}"), 5, words);
    }
    let words = "Command does not accept argument: disk1:99.";
    check(&lab, "lvcreate -n n -l 1 --type error vg disk1:99", 3, words);
}

#[test]
fn extensions() {
    let lab = lab();
    for (value, code, words) in EXTENSIONS {
        check(&lab, &format!("lvextend {value}"), *code, words);
    }
}

#[test]
fn what_is_odd_and_right() {
    let lab = lab();
    for (line, lv, places) in GOOD {
        let copy = lab.copy();
        copy.ok(line);
        let found = copy.ok(&format!("lvs --noheadings -o seg_pe_ranges vg/{lv}"));
        let found: Vec<&str> = found.split_whitespace().collect();
        assert_eq!(found.join(" "), *places, "{line}");
        copy.ok("vgck vg");
    }
    let ran = lab.run("lvextend -l 200%VG vg/lin");
    assert!(ran.out.starts_with("  Reducing 200%VG to remaining free space 116.00 MiB in VG.\n"));
}
