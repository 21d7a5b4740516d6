//! Local time, which only the C library knows.
//!
//! *References*: `man 3 localtime_r`.

use nix::libc;

/// A moment in local time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LocalTime {
    /// Year of our era.
    pub year: i64,
    /// Month, 0 to 11.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Day of the week, 0 (Sunday) to 6.
    pub weekday: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 60.
    pub second: u8,
    /// Seconds east of UTC.
    pub offset: i64,
}

/// Returns the local time at `seconds` since 1970-01-01 UTC.
pub fn local_time(seconds: i64) -> Option<LocalTime> {
    // SAFETY: all fields of `tm` are integers and a pointer, for which zero is a value.
    let mut tm: libc::tm = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to live values of the right type; localtime_r keeps neither.
    let known = unsafe { libc::localtime_r(&raw const seconds, &raw mut tm) };
    if known.is_null() {
        return None;
    }
    let small = |field: libc::c_int| u8::try_from(field).ok();
    Some(LocalTime {
        year: i64::from(tm.tm_year) + 1900,
        month: small(tm.tm_mon)?,
        day: small(tm.tm_mday)?,
        weekday: small(tm.tm_wday)?,
        hour: small(tm.tm_hour)?,
        minute: small(tm.tm_min)?,
        second: small(tm.tm_sec)?,
        offset: tm.tm_gmtoff,
    })
}
