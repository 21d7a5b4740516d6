//! Where LVM2 and Extant put extents: both are asked the same on the same disks.

pub mod case;
pub mod compare;
pub mod draw;
pub mod maximum;
pub mod order;
pub mod stand;
