//! Between metadata text and the model.

pub mod difference;
mod flags;
pub mod print;
pub mod read;
