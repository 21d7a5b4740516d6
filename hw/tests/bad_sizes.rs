//! Numbers on the command line that are too large, too small or none, and names that are taken:
//! each is refused with LVM2's exit code and says what is wrong with what.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use support::Lab;

/// Two VGs, and a disk that is free.
fn lab() -> Lab {
    let lab = Lab::new(4, "16m");
    lab.ok("vgcreate -s 1m vg disk1 disk2");
    lab.ok("lvcreate -l4 -n a vg");
    lab.ok("lvcreate -l4 -n b vg");
    lab.ok("vgcreate -s 1m other disk3");
    lab.ok("lvcreate -l2 -n x other");
    lab
}

/// Runs the command lines, `@` in which stands for the word before the colon.
fn all_refused(lab: &Lab, base: &str, cases: &[(&str, i32, &str)]) {
    for (word, code, told) in cases {
        lab.refuses(&base.replace('@', word), *code, &[told]);
    }
}

#[test]
fn sizes_that_overflow_are_refused() {
    let lab = lab();
    let too_big = "Size is too big (>=16EiB).";
    all_refused(
        &lab,
        "lvcreate -n n @ vg",
        &[
            ("-L 99999999e", 3, too_big),
            ("-L 99999999e", 3, "Invalid argument for --size: 99999999e"),
            ("-L 16e", 3, too_big),
            ("-L 18446744073709551615", 3, too_big),
            ("-L 18446744073709551616", 3, too_big),
            ("-L 1e30", 3, too_big),
            ("-L 9999999999999999999s", 3, too_big),
            ("-L 15e", 5, "Volume too large (15.00 EiB) for extent size 1.00 MiB."),
            ("-L 4194304t", 5, "Volume too large (4.00 EiB) for extent size 1.00 MiB."),
            ("-L 0", 3, "--size may not be zero."),
            ("-L -1", 3, "Size may not be negative."),
            ("-L 1x", 3, "Can't parse size argument."),
            ("-L nan", 3, "Size requires number argument."),
            ("-L inf", 3, "Invalid argument for --size: inf"),
            ("-l 18446744073709551615", 5, "insufficient free space (22 extents): 4294967295"),
            ("-l 18446744073709551616", 3, "Invalid argument for --extents: 18446744073709551616"),
            ("-l 4294967297", 5, "insufficient free space (22 extents): 4294967295 required."),
            ("-l 4294967297%FREE", 3, "Invalid argument for --extents: 4294967297%FREE"),
            ("-l 4294967295%VG", 3, "Percentage is too big (>=4294967295%)."),
            ("-l 0", 3, "--extents may not be zero."),
            ("-l -1", 3, "Extents may not be negative."),
            ("-l 2 -i 129", 3, "Number of stripes (129) must be between 1 and 128."),
            ("-l 2 -i 4294967297", 3, "Invalid argument for --stripes: 4294967297"),
            ("-l 2 -i 2 -I 99999999t", 3, too_big),
            ("-l 2 -i 2 -I 4294967296", 3, "Stripe size cannot be larger than 512.00 GiB."),
        ],
    );
    for (command, code, told) in [
        ("lvextend -L +99999999e vg/a", 3, too_big),
        ("lvextend -L 16e vg/a", 3, "Invalid argument for --size: 16e"),
        ("lvextend -l +18446744073709551615 vg/a", 5, "vg/a by 4294967295 logical extents"),
        ("lvreduce -fy -L -99999999e vg/a", 3, too_big),
        ("lvreduce -fy -l -18446744073709551615 vg/a", 5, "Unable to reduce vg/a below 1 extent."),
        ("lvreduce -fy -l -4 vg/a", 5, "Unable to reduce vg/a below 1 extent."),
        ("lvresize -fy -l -5 vg/a", 5, "Unable to reduce vg/a below 1 extent."),
        ("pvresize -y --setphysicalvolumesize 99999999e disk1", 3, too_big),
        ("pvresize -y --setphysicalvolumesize 1k disk1", 5, "disk1: Pretending size is 2 not"),
        ("pvresize -y --setphysicalvolumesize 3m disk1", 5, "disk1"),
        ("vgchange -s 99999999e vg", 3, too_big),
        ("vgchange -s 3m vg", 5, "for vg free space not an exact number of new extents."),
        ("vgchange -l 4294967296 vg", 3, "Invalid argument for --logicalvolume: 4294967296"),
        ("vgchange -l 1 vg", 5, "less than the current number 2 of LVs for vg"),
        ("vgchange -p 1 vg", 5, "less than the current number 2 of PVs for \"vg\""),
        ("vgs --units 99999999999999999999b", 3, "Invalid units specification"),
        ("vgs --units 0b", 3, "Invalid units specification"),
        ("vgs --units x", 3, "Invalid units specification"),
    ] {
        lab.refuses(command, code, &[told]);
    }
}

#[test]
fn sizes_of_new_pvs_and_vgs_that_overflow_are_refused() {
    let lab = lab();
    let too_big = "Size is too big (>=16EiB).";
    all_refused(
        &lab,
        "vgcreate @ n disk4",
        &[
            ("-s 99999999e", 3, too_big),
            ("-s 18446744073709551615", 3, "Invalid argument for --physicalextentsize: "),
            ("-s 0", 3, "Physical extent size may not be zero"),
            ("-s 2t", 3, "Physical extent size must be smaller than <2.00 TiB."),
            ("-l 18446744073709551616", 3, "Invalid argument for --maxlogicalvolumes: 1844"),
            ("-p 4294967296", 3, "Invalid argument for --maxphysicalvolumes: 4294967296"),
            ("--metadatasize 99999999e", 3, too_big),
            ("--dataalignment 99999999e", 3, too_big),
            ("--dataalignment 4g", 5, "disk4: Data alignment must not exceed device size."),
            ("--dataalignmentoffset 99999999e", 3, too_big),
            ("--pvmetadatacopies 3", 3, "Invalid argument for --pvmetadatacopies: 3"),
        ],
    );
    all_refused(
        &lab,
        "pvcreate -y @ disk4",
        &[
            ("--metadatasize 99999999e", 3, too_big),
            ("--setphysicalvolumesize 99999999e", 3, too_big),
            ("--setphysicalvolumesize 1k", 5, "disk4: Size must exceed minimum of 4096 sectors."),
            ("--bootloaderareasize 99999999e", 3, too_big),
            ("--bootloaderareasize 64m", 5, "disk4: Bootloader area with data-aligned start must"),
            ("--labelsector 4", 3, "labelsector must be less than 4."),
            ("--labelsector 18446744073709551617", 3, "Invalid argument for --labelsector: 1844"),
        ],
    );
}

#[test]
fn places_that_overflow_are_refused() {
    let lab = lab();
    all_refused(
        &lab,
        "lvcreate -l1 -n n vg disk1:@",
        &[
            ("0-99999999999999999999", 5, "extent parsing error at 99999999999999999999."),
            ("0-4294967296", 5, "Physical extent parsing error at 4294967296."),
            ("4294967296", 5, "Physical extent parsing error at 4294967296."),
            ("0+99999999999999999999", 5, "extent parsing error at 99999999999999999999."),
            ("18446744073709551616-1", 5, "extent parsing error at 18446744073709551616-1."),
            ("4294967295", 5, "PE range error: start extent 4294967295 to end extent"),
            ("5-2", 5, "PE range error: start extent 5 to end extent 2."),
            ("x", 5, "Physical extent parsing error at x."),
        ],
    );
}

#[test]
fn names_that_are_taken_are_refused() {
    let lab = lab();
    for (command, code, told) in [
        ("vgcreate vg disk4", 5, "A volume group called vg already exists."),
        ("lvcreate -l1 -n a vg", 5, "Logical Volume \"a\" already exists in volume group \"vg\""),
        ("lvrename vg a b", 5, "Logical Volume \"b\" already exists in volume group \"vg\""),
        ("lvrename vg/a vg/b", 5, "Logical Volume \"b\" already exists in volume group \"vg\""),
        ("lvrename vg a a", 3, "Old and new logical volume names must differ"),
        ("vgrename vg other", 5, "New VG name \"other\" already exists"),
        ("vgrename vg vg", 5, "Old and new volume group names must differ"),
        ("vgsplit -n a vg vg", 5, "Duplicate volume group name \"vg\""),
        ("vgmerge vg vg", 5, "Duplicate volume group name \"vg\""),
        ("vgextend vg disk1", 5, "'disk1' is already in volume group 'vg'"),
        ("vgextend vg disk3", 5, "'disk3' is already in volume group 'other'"),
        ("vgcreate new disk3", 5, "'disk3' is already in volume group 'other'"),
        ("pvcreate disk1", 5, "\"disk1\" of volume group \"vg\" without -ff"),
    ] {
        lab.refuses(command, code, &[told]);
    }
    // The LVs of two VGs that become one.
    lab.ok("lvrename other x a");
    lab.refuses("vgmerge vg other", 5, &["Duplicate logical volume name \"a\" in \"vg\""]);
    lab.refuses("vgsplit -n a vg other", 5, &["\"a\""]);
}
