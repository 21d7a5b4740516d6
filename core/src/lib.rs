//! The pure core of Extant, a logical volume manager that speaks LVM2's on-disk format.
//!
//! This crate decides and never does: it performs no I/O, reads no clock, draws no randomness and
//! contains no unsafe code. What is to happen to disks is a value ([`plan::Plan`]) that a host
//! carries out: a real machine (`extant-hw`) or a simulated one (`extant-sim`).
//!
//! The three types that matter:
//! - [`model::Vg`]: a volume group as its metadata describes it;
//! - [`ops::Change`]: what an operation decided, from an observed [`ops::system::System`];
//! - [`plan::Plan`]: the writes and flushes, in order, that make it true.
//!
//! Floors, from the ground up (a file imports only from floors below its own): `units id name crc
//! size time` → `format` beside `model` → `codec`, `alloc` → `ops` → `plan` → `driver`; `report`
//! shows what `ops` observes.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc as std_alloc;

pub mod alloc;
pub mod codec;
pub mod crc;
pub mod driver;
pub mod format;
pub mod id;
pub mod model;
pub mod name;
pub mod ops;
pub mod plan;
pub mod report;
pub mod size;
pub mod time;
pub mod units;
