//! The few calls that the standard library and `nix` have no safe form of. All `unsafe` is here.

pub mod block;
pub mod memory;
