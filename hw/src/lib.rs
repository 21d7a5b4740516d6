//! Extant on a real machine: block devices, image files, locks and configuration.
//!
//! The types that matter: [`machine::Machine`] has the configuration and finds the devices,
//! [`locks::Locks`] takes the locks an operation needs, [`host::Host`] carries out what a machine
//! of `extant_core::driver` yields.

pub mod archive;
pub mod config;
pub mod device;
pub mod environment;
pub mod hints;
pub mod host;
pub mod lab;
pub mod locks;
pub mod machine;
mod parallel;
pub mod paths;
pub mod sys;
