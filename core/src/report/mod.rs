//! Reports as `pvs`, `vgs` and `lvs` make them: fields, types, rendering, selection, sorting.

pub mod units;
