//! Which devices there are, and which of them may be PVs.

pub(crate) mod aligned;
mod content;
pub mod devices_file;
pub mod disk;
pub mod filter;
pub mod find;
pub mod nodes;
mod sysfs;
pub mod types;

#[cfg(test)]
pub(crate) mod testing;
