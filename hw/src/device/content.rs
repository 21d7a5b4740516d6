//! What a device's first bytes say against its use as a PV.

use extant_core::format::signature;

/// Returns true if these are the first bytes of a component of a Linux software RAID.
pub(crate) fn is_md_component(start: &[u8]) -> bool {
    signature::is_md_component(start)
}

/// Returns true if these are the first bytes of a disk that is divided into partitions.
pub(crate) fn is_partitioned(start: &[u8]) -> bool {
    signature::has_partitions(start)
}
