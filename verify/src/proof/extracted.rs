//! The C that Why3 extracts from the proof, as it is called.

use std::ffi::c_int;

/// `struct problem` of `verify/proof/checker.c`; what its fields mean is said in `model.mlw`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct RawProblem {
    pub(super) pvs: i64,
    pub(super) legs: i64,
    pub(super) stripes: i64,
    pub(super) rows: i64,
    pub(super) rule: i64,
    pub(super) group: *const i64,
    pub(super) leg: *const i64,
    pub(super) runs: i64,
    pub(super) first: *const i64,
    pub(super) start: *const i64,
    pub(super) stop: *const i64,
    pub(super) given_pv: *const i64,
    pub(super) given_pe: *const i64,
}

/// `struct layout`; what its fields mean is said in `layout.mlw`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct RawLayout {
    pub(super) pieces: i64,
    pub(super) rows_of: *const i64,
    pub(super) areas: i64,
    pub(super) pv: *const i64,
    pub(super) pe: *const i64,
    pub(super) length_of: *const i64,
    pub(super) order: *const i64,
    pub(super) position: *const i64,
}

unsafe extern "C" {
    pub(super) fn check_layout(
        p: RawProblem,
        y: RawLayout,
        owner: *mut i64,
        mark: *mut i64,
    ) -> c_int;

    pub(super) fn check_cover(
        p: RawProblem,
        cert: *const i64,
        size: i64,
        d: *mut i64,
        u: *mut i64,
    ) -> c_int;

    pub(super) fn check_nothing_behind(p: RawProblem, l: i64, s: i64, after: i64) -> c_int;

    pub(super) fn check_shared_end(p: RawProblem, l: i64, s: i64, m: i64, t: i64) -> c_int;

    pub(super) fn check_wrong_leg(p: RawProblem, l: i64, s: i64) -> c_int;
}
