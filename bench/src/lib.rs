//! Benchmarks of Extant's parts and of its commands beside LVM2's.

pub mod allocation;
pub mod bed;
pub mod hole_rows;
pub mod holes;
pub mod measure;
pub mod parse;
pub mod rows;
pub mod targets;
pub mod texts;
