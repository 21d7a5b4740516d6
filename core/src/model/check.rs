//! Every invariant of a VG, stated independently of the code that maintains them.
