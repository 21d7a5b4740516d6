//! An LV's section.

use super::segment::push_segment;
use super::vg::{access, locked, push_tags};
use super::writer::Writer;
use crate::codec::flags;
use crate::model::flags::AllocationPolicy;
use crate::model::lv::{Lv, ReadAhead};
use std_alloc::string::ToString;
use std_alloc::vec::Vec;

/// `write_locked` is that of the VG.
pub(super) fn push_lv(writer: &mut Writer<'_>, lv: &Lv, write_locked: bool) {
    writer.open(lv.name.as_str());
    writer.text("id", &lv.id.to_string());
    let mut status: Vec<&str> = access(lv.permission, write_locked).collect();
    status.extend(flags::names(&lv.flags, &flags::LV_STATUS));
    writer.list("status", status);
    let mut compatible: Vec<&str> = locked(lv.permission, write_locked).collect();
    compatible.extend(flags::names(&lv.flags, &flags::LV_FLAGS));
    writer.list("flags", compatible);
    push_tags(writer, &lv.tags);
    if let Some(creation) = &lv.creation {
        writer.start_number("creation_time", creation.time);
        writer.end_with_time(creation.time);
        writer.text("creation_host", &creation.host);
    }
    writer.text_if("lock_args", lv.lock_args.as_ref());
    if lv.policy != AllocationPolicy::Inherit {
        writer.text("allocation_policy", lv.policy.as_str());
    }
    writer.text_if("profile", lv.profile.as_ref());
    match lv.read_ahead {
        ReadAhead::Auto => {}
        ReadAhead::None => {
            writer.start();
            writer.push(b"read_ahead = -1");
            writer.end_with("None");
        }
        ReadAhead::Sectors(sectors) => writer.number("read_ahead", sectors.get()),
    }
    writer.number_if("major", lv.numbers.major);
    writer.number_if("minor", lv.numbers.minor);
    let count = u64::try_from(lv.segments.len()).expect("segments are in memory");
    writer.number("segment_count", count);
    writer.blank();
    for (number, segment) in (1..).zip(&lv.segments) {
        writer.open_numbered("segment", number);
        push_segment(writer, segment);
        writer.close();
    }
    writer.close();
}
