//! A deterministic machine on which Extant's operations run, crash and recover.
//!
//! The three types that matter:
//! - [`machine::Machine`]: disks, files and locks; a [`extant_core::driver::host::Host`];
//! - [`disk::Disk`]: sparse, in memory, with a volatile cache and faults;
//! - [`crash::Explorer`]: visits what every crash and every failure of an operation leaves behind.

pub mod crash;
pub mod disk;
pub mod machine;
