//! Benchmarks of Extant's parts and of its commands beside LVM2's.

pub mod bed;
pub mod measure;
pub mod parse;
pub mod rows;
pub mod targets;
pub mod texts;
