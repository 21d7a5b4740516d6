//! Bytes and text of LVM2's on-disk format, without their meaning. Every reader is total.

pub mod label;
pub mod mda;
pub mod signature;
pub mod text;
