use super::{Suffix, Units, UnitsError, display_size, write_size};
use crate::units::{Bytes, Sectors};
use std_alloc::string::String;

/// Sizes in sectors, the units, `s`hort, `n`one or `l`ong suffix, what LVM2 2.03.16 shows. Made by
/// `report/golden/make-units.py`.
const GOLDEN: &str = include_str!("golden.tsv");

#[test]
fn sizes_look_as_lvm2_shows_them() {
    let mut count = 0;
    for line in GOLDEN.lines() {
        let mut parts = line.split('\t');
        let mut next = || parts.next().unwrap();
        let sectors = Sectors::new(next().parse().unwrap());
        let units = Units::parse(next()).unwrap();
        let suffix = match next() {
            "s" => Suffix::Short,
            "n" => Suffix::None,
            "l" => Suffix::Long,
            other => panic!("{other}"),
        };
        let mut text = String::new();
        write_size(&mut text, sectors.to_bytes(), units, suffix);
        assert_eq!(text, next(), "{line}");
        count += 1;
    }
    assert!(count > 4000);
}

#[test]
fn zero_has_the_suffix_of_its_unit_or_a_blank_one() {
    let zero = |units: &str, suffix| {
        let mut text = String::new();
        write_size(&mut text, Bytes::ZERO, Units::parse(units).unwrap(), suffix);
        text
    };
    assert_eq!(zero("r", Suffix::Short), "0 ");
    assert_eq!(zero("r", Suffix::None), "0");
    assert_eq!(zero("h", Suffix::Long), "0   ");
    assert_eq!(zero("m", Suffix::Short), "0m");
    assert_eq!(zero("M", Suffix::Long), "0 MB");
    assert_eq!(zero("3m", Suffix::Short), "0U");
    assert_eq!(zero("m", Suffix::None), "0");
}

#[test]
fn units_are_a_letter_or_a_number_and_a_letter() {
    for bad in ["", "mm", "m3", "3", "0k", "2mm", " m", "0.5b", "x", "3x", "1..2k", ".", "1e9k"] {
        assert_eq!(Units::parse(bad), Err(UnitsError), "{bad}");
    }
    for good in ["3h", "3r", "1h", "0.5m", "1b", "300b"] {
        assert!(Units::parse(good).is_ok(), "{good}");
    }
}

#[test]
fn old_names_are_those_of_powers_of_1000() {
    let old = |units: &str| Units::parse(units).unwrap().with_si_consistency(false);
    let size = Sectors::new(161_792);
    assert_eq!(display_size(size, old("h")), "79.00 MB");
    assert_eq!(display_size(size, old("H")), "82.84 MB");
    assert_eq!(display_size(Sectors::new(2), old("h")), "1.00 KB");
}
