//! The grammar as the real LVM2 2.03.16 takes it: each line was tried there.

use super::extents::{ExtentsArg, ExtentsError, PercentOf};
use super::path::{PathError, Target};
use super::ranges::{PeRange, PvArg, RangeError};
use super::{Sign, Signs, SizeError, Unit};
use crate::name::{LvName, Tag, VgName};
use crate::units::{Extents, Pe};
use proptest::prelude::{Strategy, any, proptest};
use std_alloc::format;
use std_alloc::string::ToString;
use std_alloc::vec;
use std_alloc::vec::Vec;

fn sectors(text: &str) -> Result<u64, SizeError> {
    super::parse(text, Unit::MiB, Signs::Both).map(|size| size.sectors.get())
}

#[test]
fn sizes_are_read_as_lvm2_reads_them() {
    let mib = 2048;
    for (text, expected) in [
        ("5m", 5 * mib),
        ("5M", 5 * mib),
        ("5", 5 * mib),
        ("+5", 5 * mib),
        ("0.5g", 512 * mib),
        (".5g", 512 * mib),
        ("1.", mib),
        ("1.k", 2),
        ("512b", 1),
        ("1024B", 2),
        ("512.5b", 1),
        ("1024.9b", 2),
        ("8s", 8),
        ("1.5s", 1),
        ("0.3k", 0),
        ("1.0005m", 2049),
        ("5mm", 5 * mib),
        ("5mb", 5 * mib),
        ("5MiB", 5 * mib),
        ("1e", 1 << 51),
        ("1e+", 1 << 51),
        ("1e3", 1000 * mib),
        ("1e3s", 1000),
        ("1e-2g", 20971),
        ("0x10", 16 * mib),
        ("0x10k", 32),
        ("15.999999999999e", 36_028_797_018_961_716),
        ("000000000000000000000000000000000000000000000000000000000000000000000001s", 1),
        ("0e99999999999999999999", 0),
    ] {
        assert_eq!(sectors(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_size_is_refused_in_lvm2s_words() {
    for (text, expected) in [
        ("513b", "Size is not a multiple of 512. Try using 512 or 1024."),
        ("3.7b", "Size is not a multiple of 512. Try using 0 or 512."),
        ("1x", "Can't parse size argument."),
        ("", "Size requires number argument."),
        ("m", "Size requires number argument."),
        (" 5m", "Size requires number argument."),
        ("5 m", "Can't parse size argument."),
        ("1,5g", "Can't parse size argument."),
        ("1.5.5", "Can't parse size argument."),
        ("5U", "Can't parse size argument."),
        (".", "Can't parse size argument at '.'."),
        (".m", "Can't parse size argument at '.'."),
        ("+-5", "Multiple sign symbols detected."),
        ("++5", "Multiple sign symbols detected."),
        ("16e", "Size is too big (>=16EiB)."),
        ("99999999999e", "Size is too big (>=16EiB)."),
        ("20000000000g", "Size is too big (>=16EiB)."),
        ("18014398509481984k", "Size is too big (>=16EiB)."),
        ("1e999", "Size is too big (>=16EiB)."),
        ("99999999999999999999999999999999999999999999b", "Size is too big (>=16EiB)."),
    ] {
        let error = sectors(text).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
    }
}

#[test]
fn signs_are_taken_where_they_mean_something() {
    let parse = |text, signs| super::parse(text, Unit::MiB, signs).map(|size| size.sign);
    assert_eq!(parse("-5", Signs::Both), Ok(Sign::Minus));
    assert_eq!(parse("-5", Signs::Minus), Ok(Sign::Minus));
    assert_eq!(parse("-5", Signs::Plus), Err(SizeError::Negative));
    assert_eq!(parse("+5", Signs::Minus), Err(SizeError::Positive));
    assert_eq!(parse("5", Signs::Minus), Ok(Sign::None));
}

#[test]
fn the_default_unit_is_the_options() {
    let parse = |unit| super::parse("64", unit, Signs::Plus).unwrap().sectors.get();
    assert_eq!(parse(Unit::KiB), 128);
    assert_eq!(parse(Unit::Sectors), 64);
}

#[test]
fn extents_are_read_as_lvm2_reads_them() {
    let read = |text| super::extents::parse(text, Signs::Both);
    let some = |sign, count, percent| Ok(ExtentsArg { sign, count, percent });
    for (text, count, percent) in [
        ("5", 5, None),
        ("007", 7, None),
        ("010", 10, None),
        ("4294967296", u32::MAX, None),
        ("5%VG", 5, Some(PercentOf::Vg)),
        ("5%v", 5, Some(PercentOf::Vg)),
        ("5%F", 5, Some(PercentOf::Free)),
        ("5%fr", 5, Some(PercentOf::Free)),
        ("50%FREE", 50, Some(PercentOf::Free)),
        ("50%P", 50, Some(PercentOf::Pvs)),
        ("50%PV", 50, Some(PercentOf::Pvs)),
        ("50%PVS", 50, Some(PercentOf::Pvs)),
        ("50%OR", 50, Some(PercentOf::Origin)),
        ("50%L", 50, Some(PercentOf::Lv)),
    ] {
        assert_eq!(read(text), some(Sign::None, count, percent), "{text}");
    }
    assert_eq!(read("+100%PVS"), some(Sign::Plus, 100, Some(PercentOf::Pvs)));
    assert_eq!(read("-3"), some(Sign::Minus, 3, None));
    for text in ["", "+", "++5", "0x1", " 5", "1.5", "5k", "5VG", "%VG", "99999999999999999999"] {
        assert_eq!(read(text), Err(ExtentsError::NoNumber), "{text}");
    }
    for text in ["5%", "5%X", "5%FRE", "5%VGG", "5%ORI", "5%FREEX"] {
        assert!(matches!(read(text), Err(ExtentsError::Percent(_))), "{text}");
    }
}

fn ranges(text: &str) -> Result<Vec<(u64, u64)>, RangeError> {
    let ranges = PvArg::parse(text).ranges(Extents::new(24))?;
    let pair = |range: &PeRange| (range.start.get(), range.extents.get());
    Ok(ranges.iter().map(pair).collect())
}

#[test]
fn pe_ranges_are_read_as_lvm2_reads_them() {
    for (text, expected) in [
        ("/dev/a", vec![(0, 24)]),
        ("/dev/a:5", vec![(5, 1)]),
        ("/dev/a:0-9", vec![(0, 10)]),
        ("/dev/a:-3", vec![(0, 4)]),
        ("/dev/a:5-", vec![(5, 19)]),
        ("/dev/a:-", vec![(0, 24)]),
        ("/dev/a:5+3", vec![(5, 3)]),
        ("/dev/a:5+", vec![(5, 19)]),
        ("/dev/a:5+0", vec![(5, 1)]),
        ("/dev/a:+3", vec![(0, 3)]),
        ("/dev/a:10-20:0-4", vec![(10, 11), (0, 5)]),
    ] {
        assert_eq!(ranges(text), Ok(expected), "{text}");
    }
    let syntax = |text: &str| RangeError::Syntax(text.to_string());
    let outside = |start, end| RangeError::Outside { start, end };
    for (text, expected) in [
        ("/dev/a:", syntax("")),
        ("/dev/a::", syntax(":")),
        ("/dev/a:0-9:", syntax("")),
        ("/dev/a:a", syntax("a")),
        ("/dev/a:5-a", syntax("a")),
        ("/dev/a:5x", syntax("x")),
        ("/dev/a:1-2-3", syntax("-3")),
        ("/dev/a:0-9,5", syntax(",5")),
        ("/dev/a: 5", syntax(" 5")),
        ("/dev/a:0 - 9", syntax(" - 9")),
        ("/dev/a:4294967296", syntax("4294967296")),
        ("/dev/a:5-4", outside(5, 4)),
        ("/dev/a:24", outside(24, 24)),
        ("/dev/a:0-99", outside(0, 99)),
        ("/dev/a:5+99", outside(5, 103)),
    ] {
        assert_eq!(ranges(text), Err(expected), "{text}");
    }
}

#[test]
fn a_colon_of_a_name_is_escaped() {
    let arg = PvArg::parse("/dev/disk/by-path/pci-0000\\:00:0-4");
    assert_eq!(arg.name, "/dev/disk/by-path/pci-0000:00");
    assert_eq!(arg.ranges.as_deref(), Some("0-4"));
    assert_eq!(PvArg::parse("@fast:0-4").tag(), Some("fast:0-4"));
}

#[test]
fn paths_name_vgs_lvs_and_tags() {
    let vg = |text: &str| VgName::new(text).unwrap();
    let pair = |v: &str, l: &str| Target::Lv { vg: vg(v), lv: l.to_string() };
    for (text, expected) in [
        ("vg", Target::Vg(vg("vg"))),
        ("/dev/vg", Target::Vg(vg("vg"))),
        ("/dev/vg/", Target::Vg(vg("vg"))),
        ("/dev/mapper/vg", Target::Vg(vg("vg"))),
        ("vg/lv", pair("vg", "lv")),
        ("vg/", pair("vg", "")),
        ("vg/@t", pair("vg", "@t")),
        ("/dev/vg/lv", pair("vg", "lv")),
        ("/dev//vg//lv", pair("vg", "lv")),
        ("/dev/mapper/vg-lv", pair("vg", "lv")),
        ("/dev/mapper/my--vg-a--b", pair("my-vg", "a-b")),
        ("@t", Target::Tag(Tag::new("t").unwrap())),
    ] {
        assert_eq!(super::path::parse(text, "/dev"), Ok(expected), "{text}");
    }
    for (text, expected) in [
        ("a:b", "Volume group name \"a:b\" has invalid characters."),
        ("vg/a/b", "\"vg/a/b\": Invalid path for Logical Volume."),
        ("/vg/a", "\"/vg/a\": Invalid path for Logical Volume."),
        ("//vg/a", "\"//vg/a\": Invalid path for Logical Volume."),
        ("@", "Skipping invalid tag @."),
    ] {
        let error = super::path::parse(text, "/dev").unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
    }
}

#[test]
fn one_lv_may_be_named_without_its_vg_where_that_is_known() {
    let (vg, lv) = (VgName::new("vg").unwrap(), LvName::new("lv").unwrap());
    for text in ["lv", "vg/lv", "/dev/vg/lv", "/dev/mapper/vg-lv"] {
        let named = super::path::parse_lv(text, "/dev", Some(&vg));
        assert_eq!(named, Ok((vg.clone(), lv.clone())), "{text}");
    }
    let bad = super::path::parse_lv("vg/a:b", "/dev", None);
    assert_eq!(bad, Err(PathError::LvName("a:b".to_string())));
    assert!(super::path::parse_lv("lv", "/dev", None).is_err());
}

proptest! {
    #[test]
    fn readers_are_total(text in any::<std_alloc::string::String>()) {
        let _ = super::parse(&text, Unit::MiB, Signs::Both);
        let _ = super::extents::parse(&text, Signs::Both);
        let _ = super::path::parse(&text, "/dev");
        let _ = PvArg::parse(&text).ranges(Extents::new(7));
    }

    #[test]
    fn what_begins_with_an_at_sign_is_a_tag_as_it_is(text in "[a-z0-9+:@-]{0,12}") {
        let arg = PvArg::parse(&format!("@{text}"));
        assert_eq!((arg.tag(), &arg.ranges), (Some(text.as_str()), &None));
        // With the sign protected it is a device.
        let device = PvArg::parse(&format!("\\@{}", text.replace(':', "\\:")));
        assert_eq!((device.tag(), &device.ranges), (None, &None));
        assert_eq!(device.name, format!("@{text}"));
    }

    #[test]
    fn ranges_lie_on_their_pv(text in "[0-9+:-]{0,12}", count in 0_u64..50) {
        let arg = PvArg::parse(&format!("d:{text}"));
        if let Ok(ranges) = arg.ranges(Extents::new(count)) {
            for range in ranges {
                assert!(range.end() <= Pe::new(count));
                assert!(!range.extents.is_zero());
            }
        }
    }

    #[test]
    fn whole_sizes_are_exact(count in (0_u64..1 << 40).prop_map(|n| n), unit in 0_usize..5) {
        let letter = ["s", "k", "m", "g", "t"][unit];
        let factor = [1_u64, 2, 2048, 2_097_152, 1 << 31][unit];
        let count = count % (1 << 24);
        assert_eq!(sectors(&format!("{count}{letter}")), Ok(count * factor));
    }
}
