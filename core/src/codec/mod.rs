//! Between metadata text and the model.

mod flags;
pub mod print;
pub mod read;
