//! Values of options, as LVM2 reads them. The error of a parser is the line that LVM2 prints before
//! `Invalid argument for --option: value`, or empty where there is none.

use super::map_style::Color;
use extant_core::model::flags::AllocationPolicy;
use extant_core::model::lv::ReadAhead;
use extant_core::name::Tag;
use extant_core::ops::vgcreate::MetadataCopies;
use extant_core::report::options::{Format, Headings};
use extant_core::size::extents::{self, ExtentsArg};
use extant_core::size::{self, Signs, Size, Unit};
use extant_core::units::Sectors;

/// Reads `y` or `n`.
pub(super) fn yes_no(text: &str) -> Result<bool, String> {
    match text {
        "y" => Ok(true),
        "n" => Ok(false),
        _ => Err(String::new()),
    }
}

/// Reads whether drawings have colours.
pub(super) fn color(text: &str) -> Result<Color, String> {
    match text {
        "always" => Ok(Color::Always),
        "auto" => Ok(Color::Auto),
        "never" => Ok(Color::Never),
        _ => Err(String::new()),
    }
}

/// Reads a number that may not be negative.
pub(super) fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| String::new())
}

fn unsigned(text: &str, unit: Unit) -> Result<Sectors, String> {
    size::parse(text, unit, Signs::Plus).map(|size| size.sectors).map_err(|error| error.to_string())
}

/// Reads a size without a sign; without a unit in MiB.
pub(super) fn size_mib(text: &str) -> Result<Sectors, String> {
    unsigned(text, Unit::MiB)
}

/// Reads a size without a sign; without a unit in KiB.
pub(super) fn size_kib(text: &str) -> Result<Sectors, String> {
    unsigned(text, Unit::KiB)
}

/// Reads `-L` of a command that makes or extends.
pub(super) fn size_plus(text: &str) -> Result<Size, String> {
    size::parse(text, Unit::MiB, Signs::Plus).map_err(|error| error.to_string())
}

/// Reads `-L` of a command that reduces.
pub(super) fn size_minus(text: &str) -> Result<Size, String> {
    size::parse(text, Unit::MiB, Signs::Minus).map_err(|error| error.to_string())
}

/// Reads `-L` of a command that resizes.
pub(super) fn size_signed(text: &str) -> Result<Size, String> {
    size::parse(text, Unit::MiB, Signs::Both).map_err(|error| error.to_string())
}

/// Reads `-l` of a command that makes or extends.
pub(super) fn extents_plus(text: &str) -> Result<ExtentsArg, String> {
    extents::parse(text, Signs::Plus).map_err(|error| error.to_string())
}

/// Reads `-l` of a command that reduces.
pub(super) fn extents_minus(text: &str) -> Result<ExtentsArg, String> {
    extents::parse(text, Signs::Minus).map_err(|error| error.to_string())
}

/// Reads `-l` of a command that resizes.
pub(super) fn extents_signed(text: &str) -> Result<ExtentsArg, String> {
    extents::parse(text, Signs::Both).map_err(|error| error.to_string())
}

/// Reads an allocation policy.
pub(super) fn policy(text: &str) -> Result<AllocationPolicy, String> {
    AllocationPolicy::from_word(text)
        .ok_or_else(|| format!("Unrecognised allocation policy {text}"))
}

/// Reads a tag, with or without the `@`.
pub(super) fn tag(text: &str) -> Result<Tag, String> {
    Tag::new(text.strip_prefix('@').unwrap_or(text)).map_err(|_| String::new())
}

/// Reads how many metadata areas a PV gets.
pub(super) fn pv_metadata_copies(text: &str) -> Result<u32, String> {
    number(text).and_then(|count| if count <= 2 { Ok(count) } else { Err(String::new()) })
}

/// Reads how many metadata areas of a VG are in use.
pub(super) fn vg_metadata_copies(text: &str) -> Result<MetadataCopies, String> {
    match text {
        "all" => Ok(MetadataCopies::All),
        "unmanaged" | "0" => Ok(MetadataCopies::Unmanaged),
        _ => number(text).map(MetadataCopies::Count),
    }
}

/// Reads `-p`: whether read-only.
pub(super) fn permission(text: &str) -> Result<bool, String> {
    match text {
        "r" => Ok(true),
        "rw" | "wr" => Ok(false),
        _ => Err(String::new()),
    }
}

/// Reads `-r` of `lvcreate` and `lvchange`; without a unit in sectors.
pub(super) fn read_ahead(text: &str) -> Result<ReadAhead, String> {
    match text {
        "auto" => Ok(ReadAhead::Auto),
        "none" => Ok(ReadAhead::None),
        _ => match unsigned(text, Unit::Sectors)? {
            Sectors::ZERO => Ok(ReadAhead::None),
            sectors => Ok(ReadAhead::Sectors(sectors)),
        },
    }
}

/// What `-a` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Activation {
    /// `y`, and the ways to say it of one machine or several.
    Yes,
    /// `n`.
    No,
    /// `ay`: what may be activated by events.
    Auto,
}

/// Reads `-a`: whether anything is to be active.
pub(super) fn activation(text: &str) -> Result<Activation, String> {
    match text {
        "a" | "ay" | "ya" => Ok(Activation::Auto),
        "y" | "e" | "ey" | "s" | "sy" | "ly" => Ok(Activation::Yes),
        "n" | "en" | "ne" | "ln" | "nl" => Ok(Activation::No),
        _ => Err(String::new()),
    }
}

/// Reads the only type of metadata there is.
pub(super) fn metadata_type(text: &str) -> Result<(), String> {
    match text {
        "lvm2" | "2" => Ok(()),
        _ => Err(String::new()),
    }
}

/// Reads how a report is written.
pub(super) fn report_format(text: &str) -> Result<Format, String> {
    match text {
        "basic" => Ok(Format::Basic),
        "json" => Ok(Format::Json),
        "json_std" => Ok(Format::JsonStd),
        _ => Err(String::new()),
    }
}

/// Reads what kind of headings a report has.
pub(super) fn headings(text: &str) -> Result<Headings, String> {
    match text {
        "none" | "0" => Ok(Headings::None),
        "abbrev" | "1" => Ok(Headings::Short),
        "full" | "2" => Ok(Headings::Full),
        _ => Err(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::{activation, metadata_type, permission, policy, tag, vg_metadata_copies, yes_no};

    /// Values and whether LVM2 2.03.16 takes them.
    #[test]
    fn words_are_those_of_lvm2() {
        for (text, taken) in [("y", true), ("n", true), ("", false), ("yes", false)] {
            assert_eq!(yes_no(text).is_ok(), taken, "{text}");
        }
        for (text, taken) in [("rw", true), ("r", true), ("w", false)] {
            assert_eq!(permission(text).is_ok(), taken, "{text}");
        }
        for (text, taken) in [("ay", true), ("ly", true), ("ln", true), ("aay", false)] {
            assert_eq!(activation(text).is_ok(), taken, "{text}");
        }
        for (text, taken) in [("all", true), ("0", true), ("3", true), ("-1", false)] {
            assert_eq!(vg_metadata_copies(text).is_ok(), taken, "{text}");
        }
        for (text, taken) in [("@a", true), ("a/b=c", true), ("", false), ("*", false)] {
            assert_eq!(tag(text).is_ok(), taken, "{text}");
        }
        assert!(metadata_type("lvm1").is_err());
        let error = policy("foo").expect_err("there is no such policy");
        assert_eq!(error, "Unrecognised allocation policy foo");
    }
}
