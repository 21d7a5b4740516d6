//! The `extant` program.
fn main() {}
