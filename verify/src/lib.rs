//! What makes us believe Extant: LVM2 as oracle, both programs at once, fuzzing of all readers.

pub mod allocator;
pub mod fuzz;
pub mod ledger;
pub mod oracle;
pub mod placements;
pub mod proof;
pub mod race;
pub mod rng;
pub mod world;
