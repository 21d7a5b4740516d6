//! What a report is asked for: the options of `pvs`, `vgs`, `lvs` and the `report` section of the
//! configuration.

use crate::report::field::Group;
use crate::size::units::Units;
use crate::time::{STANDARD, TimeZone};
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// What a report was asked to be about. The fields asked for may make it another
/// ([`super::Report::kind`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Kind {
    /// `pvs`
    Pvs,
    /// `vgs`
    Vgs,
    /// `lvs`
    Lvs,
    /// `lvs --segments`
    Segs,
    /// `pvs --segments`
    PvSegs,
}

impl Kind {
    /// Returns the name of the report in JSON, in errors and for `--configreport`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pvs => "pv",
            Self::Vgs => "vg",
            Self::Lvs => "lv",
            Self::Segs => "seg",
            Self::PvSegs => "pvseg",
        }
    }

    /// Returns the columns LVM2 shows by default, and with `-v`.
    pub const fn default_columns(self, verbose: bool) -> &'static str {
        match (self, verbose) {
            (Self::Pvs, false) => "pv_name,vg_name,pv_fmt,pv_attr,pv_size,pv_free",
            (Self::Pvs, true) => "pv_name,vg_name,pv_fmt,pv_attr,pv_size,pv_free,dev_size,pv_uuid",
            (Self::Vgs, false) => "vg_name,pv_count,lv_count,snap_count,vg_attr,vg_size,vg_free",
            (Self::Vgs, true) => {
                "vg_name,vg_attr,vg_extent_size,pv_count,lv_count,snap_count,vg_size,vg_free,\
                 vg_uuid,vg_profile"
            }
            (Self::Lvs, false) => {
                "lv_name,vg_name,lv_attr,lv_size,pool_lv,origin,data_percent,metadata_percent,\
                 move_pv,mirror_log,copy_percent,convert_lv"
            }
            (Self::Lvs, true) => {
                "lv_name,vg_name,seg_count,lv_attr,lv_size,lv_major,lv_minor,lv_kernel_major,\
                 lv_kernel_minor,pool_lv,origin,data_percent,metadata_percent,move_pv,\
                 copy_percent,mirror_log,convert_lv,lv_uuid,lv_profile"
            }
            (Self::Segs, false) => "lv_name,vg_name,lv_attr,stripes,segtype,seg_size",
            (Self::Segs, true) => {
                "lv_name,vg_name,lv_attr,seg_start,seg_size,stripes,segtype,stripesize,chunksize"
            }
            (Self::PvSegs, false) => {
                "pv_name,vg_name,pv_fmt,pv_attr,pv_size,pv_free,pvseg_start,pvseg_size"
            }
            (Self::PvSegs, true) => {
                "pv_name,vg_name,pv_fmt,pv_attr,pv_size,pv_free,pvseg_start,pvseg_size,lv_name,\
                 seg_start_pe,segtype,seg_pe_ranges"
            }
        }
    }

    /// Returns what LVM2 sorts by default.
    pub const fn default_sort(self) -> &'static str {
        match self {
            Self::Pvs => "pv_name",
            Self::Vgs => "vg_name",
            Self::Lvs => "vg_name,lv_name",
            Self::Segs => "vg_name,lv_name,seg_start",
            Self::PvSegs => "pv_name,pvseg_start",
        }
    }

    /// Returns the columns of `fullreport`.
    pub const fn full_columns(self) -> &'static str {
        match self {
            Self::Pvs => "pv_all",
            Self::Vgs => "vg_all",
            Self::Lvs => "lv_all",
            Self::Segs => "seg_all,lv_uuid",
            Self::PvSegs => "pvseg_all,pv_uuid,lv_uuid",
        }
    }

    /// Returns what `fullreport` sorts by.
    pub const fn full_sort(self) -> &'static str {
        match self {
            Self::Pvs | Self::Vgs | Self::Lvs => self.default_sort(),
            Self::Segs => "lv_uuid,seg_start",
            Self::PvSegs => "pv_uuid,pvseg_start",
        }
    }

    /// Returns the prefix of names that may be left off.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Pvs => "pv_",
            Self::Vgs => "vg_",
            Self::Lvs => "lv_",
            Self::Segs => "seg_",
            Self::PvSegs => "pvseg_",
        }
    }

    /// Returns the groups that `all` stands for.
    pub(super) const fn groups(self) -> &'static [Group] {
        match self {
            Self::Pvs => &[Group::Label, Group::Pv],
            Self::Vgs => &[Group::Vg],
            Self::Lvs => {
                &[Group::Lv, Group::LvInfo, Group::LvStatus, Group::LvInfoStatus, Group::Vg]
            }
            Self::Segs => &[Group::Lv, Group::Vg, Group::Seg],
            Self::PvSegs => &[Group::Label, Group::PvSeg],
        }
    }
}

/// How a report is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// Lines and columns.
    #[default]
    Basic,
    /// JSON in which every value is a string.
    Json,
    /// JSON with numbers, lists and nulls.
    JsonStd,
}

/// The headings of columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Headings {
    /// None.
    None,
    /// Short words.
    #[default]
    Short,
    /// The names of the fields.
    Full,
}

/// What is known of LVs in the kernel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Activation {
    /// Nothing: there is no device-mapper to ask, or it is not to be asked.
    #[default]
    Unknown,
}

/// What a report is asked for. The default is LVM2's with an empty command line and configuration.
#[derive(Clone, Debug)]
pub struct Options {
    /// The columns that `+`, `-` and `#` start from; `None` for the kind's own.
    pub columns: Option<String>,
    /// The arguments of each `-o`, in order.
    pub fields: Vec<String>,
    /// The argument of `-O`, or the configuration's; `None` for the kind's own.
    pub sort: Option<String>,
    /// The argument of `-S`.
    pub selection: Option<String>,
    /// `-v`: more columns, where none are asked for.
    pub verbose: bool,
    /// The report is a part of `fullreport`.
    pub full: bool,
    /// `-a`: hidden LVs, devices that are no PVs.
    pub all: bool,
    /// `-H`: LVs that were removed and are remembered.
    pub history: bool,
    /// What is known of LVs in the kernel.
    pub activation: Activation,
    /// `--units`
    pub units: Units,
    /// `--nosuffix`: false.
    pub suffix: bool,
    /// `--noheadings`, `--headings`
    pub headings: Headings,
    /// `--separator`; `None` is one blank.
    pub separator: Option<String>,
    /// `--aligned`; `None` is aligned unless there is a separator.
    pub aligned: Option<bool>,
    /// `--unbuffered`: false. Rows come in the order they are found, not sorted.
    pub buffered: bool,
    /// `--nameprefixes`
    pub name_prefixes: bool,
    /// `--unquoted`: false.
    pub quoted: bool,
    /// `--rows`
    pub rows: bool,
    /// `--binary`
    pub binary: bool,
    /// `--reportformat`
    pub format: Format,
    /// `report/compact_output`
    pub compact: bool,
    /// `report/compact_output_cols`
    pub compact_columns: Option<String>,
    /// `report/list_item_separator`
    pub list_separator: String,
    /// `report/time_format`
    pub time_format: String,
    /// The time zone times are shown in and read in.
    pub time_zone: TimeZone,
    /// `report/mark_hidden_devices`
    pub mark_hidden: bool,
    /// `report/two_word_unknown_device`
    pub two_word_unknown: bool,
    /// The moment, seconds since 1970-01-01 UTC: for selections like `yesterday`.
    pub now: u64,
}

impl Options {
    /// Returns what stands for the name of a PV that is not there.
    pub const fn unknown_device(&self) -> &'static str {
        if self.two_word_unknown { "unknown device" } else { "[unknown]" }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            columns: None,
            fields: Vec::new(),
            sort: None,
            selection: None,
            verbose: false,
            full: false,
            all: false,
            history: false,
            activation: Activation::Unknown,
            units: Units::ROUNDED,
            suffix: true,
            headings: Headings::Short,
            separator: None,
            aligned: None,
            buffered: true,
            name_prefixes: false,
            quoted: true,
            rows: false,
            binary: false,
            format: Format::Basic,
            compact: false,
            compact_columns: None,
            list_separator: String::from(","),
            time_format: String::from(STANDARD),
            time_zone: TimeZone::UTC,
            mark_hidden: true,
            two_word_unknown: false,
            now: 0,
        }
    }
}
