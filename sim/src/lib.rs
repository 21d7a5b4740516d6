//! A deterministic machine on which Extant's operations run, crash and recover.
