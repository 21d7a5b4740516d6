//! What a volume group is: PVs, LVs, segments and the areas they lie on.
//!
//! Meaning only: nothing here knows bytes or text. An LV that nobody asked for may still be a span
//! of source text behind [`lv_table::LvSource`].

pub mod check;
pub mod flags;
pub mod lv;
pub mod lv_table;
pub mod pv;
pub mod segment;
pub mod vg;

pub use lv::Lv;
pub use pv::{Pv, PvIndex};
pub use segment::{Area, Segment, SegmentKind};
pub use vg::Vg;
