//! `segtypes`: which types of segments there are.

use super::exit::Failure;
use super::session::Session;
use super::table::Run;

/// Arguments of `segtypes`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Segtypes {}

impl Run for Segtypes {
    const NAME: &'static str = "segtypes";
    const ABOUT: &'static str = "List the types of segments that are understood";
    const SYNTAX: &'static [&'static str] = &["segtypes"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        for name in SEGMENT_TYPES {
            session.messenger.print(name);
        }
        Ok(())
    }
}

/// What LVM2 lists, in its order. `pvmove` and the like are not types of their own.
const SEGMENT_TYPES: [&str; 35] = [
    "linear",
    "striped",
    "zero",
    "error",
    "snapshot",
    "mirror",
    "raid0",
    "raid0_meta",
    "raid1",
    "raid10",
    "raid10_near",
    "raid4",
    "raid5",
    "raid5_n",
    "raid5_la",
    "raid5_ls",
    "raid5_ra",
    "raid5_rs",
    "raid6",
    "raid6_n_6",
    "raid6_nc",
    "raid6_nr",
    "raid6_zr",
    "raid6_ls_6",
    "raid6_rs_6",
    "raid6_la_6",
    "raid6_ra_6",
    "thin-pool",
    "thin",
    "cache-pool",
    "cache",
    "vdo",
    "vdo-pool",
    "writecache",
    "integrity",
];
