//! Benchmarks of Extant's parts and of its commands beside LVM2's.
