//! Extant on a real machine: block devices, image files, locks and configuration.
//!
//! The types that matter: [`locks::Locks`] takes the locks an operation needs, [`host::Host`] knows the devices
//! and carries out what a machine of `extant_core::driver` yields, `lab::Lab` is a directory that stands for
//! a whole machine.

pub mod archive;
pub mod config;
pub mod device;
pub mod environment;
pub mod hints;
pub mod host;
pub mod locks;
pub mod paths;
pub mod sys;
