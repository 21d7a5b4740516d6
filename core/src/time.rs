//! Times in words: time zones, and what `strftime` makes of them.

mod compiled;
mod format;
mod rule;
#[cfg(test)]
mod tests;

pub use format::write_time;
use rule::Rule;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// How LVM2 writes times: `2026-11-20 10:04:12 +0000`.
pub const STANDARD: &str = "%Y-%m-%d %T %z";

/// A time zone: by how much, and since when, local time differs from UTC.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TimeZone {
    first: Offset,
    /// When an offset came into force, seconds since 1970-01-01 UTC; ascending.
    transitions: Vec<(i64, Offset)>,
    /// What holds after the last of them.
    rule: Option<Rule>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Offset {
    /// Seconds east of UTC.
    seconds: i32,
    name: Abbreviation,
}

/// At most 7 letters and the number of those in use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Abbreviation([u8; 7], u8);

impl Abbreviation {
    const UTC: Self = Self(*b"UTC\0\0\0\0", 3);

    fn new(name: &[u8]) -> Self {
        let length = name.len().min(7);
        let mut bytes = [0; 7];
        for (to, from) in bytes.iter_mut().zip(name) {
            *to = if from.is_ascii_graphic() { *from } else { b'?' };
        }
        Self(bytes, u8::try_from(length).expect("at most 7"))
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0[..usize::from(self.1)]).expect("the letters are ASCII")
    }
}

/// A moment in local time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// 1 to 12.
    pub(super) month: i64,
    /// 1 to 31.
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

const DAY: i64 = 86_400;

/// Days since 1970-01-01 of a date in the Gregorian calendar; months may lie outside 1 to 12.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year + (month - 1).div_euclid(12);
    let month = (month - 1).rem_euclid(12) + 1;
    // Years begin in March, so that the day that comes and goes is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

impl Civil {
    /// Returns the seconds since 1970-01-01 00:00 of the same place.
    pub(super) fn to_local_seconds(self) -> i64 {
        days_from_civil(self.year, self.month, self.day) * DAY
            + self.hour * 3600
            + self.minute * 60
            + self.second
    }

    pub(super) fn from_local_seconds(seconds: i64) -> Self {
        let (year, month, day) = civil_from_days(seconds.div_euclid(DAY));
        let rest = seconds.rem_euclid(DAY);
        Self { year, month, day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60 }
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self::UTC
    }
}

impl TimeZone {
    /// UTC.
    pub const UTC: Self = Self::always(Offset { seconds: 0, name: Abbreviation::UTC });

    const fn always(first: Offset) -> Self {
        Self { first, transitions: Vec::new(), rule: None }
    }

    /// A zone that is always this many seconds east of UTC.
    pub fn fixed(seconds: i32, name: &str) -> Self {
        Self::always(Offset { seconds, name: Abbreviation::new(name.as_bytes()) })
    }

    /// Reads a compiled time zone (`/etc/localtime`, RFC 9636). `None` if it is not one.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        compiled::parse(bytes)
    }

    /// Reads a rule as POSIX has them in `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`. `None` if it is not
    /// one.
    pub fn parse_rule(text: &str) -> Option<Self> {
        let rule = Rule::parse(text)?;
        Some(Self { first: rule.standard(), transitions: Vec::new(), rule: Some(rule) })
    }

    /// Returns a time in [`STANDARD`] form.
    pub fn show(&self, seconds: u64) -> String {
        let mut text = String::new();
        write_time(&mut text, seconds, STANDARD, self);
        text
    }

    fn offset_at(&self, time: i64) -> Offset {
        let after = self.transitions.partition_point(|(start, _)| *start <= time);
        match &self.rule {
            Some(rule) if after == self.transitions.len() => rule.offset_at(time),
            _ => after.checked_sub(1).map_or(self.first, |last| self.transitions[last].1),
        }
    }

    pub(super) fn to_local(&self, time: i64) -> Civil {
        Civil::from_local_seconds(time.saturating_add(i64::from(self.offset_at(time).seconds)))
    }

    /// Returns the moment at which clocks show this; the earlier where they show it twice.
    pub(super) fn to_utc(&self, local: Civil) -> i64 {
        let local = local.to_local_seconds();
        let known = self.transitions.iter().map(|(_, offset)| *offset);
        let ruled = self.rule.iter().flat_map(Rule::offsets);
        let mut offsets = core::iter::once(self.first).chain(known).chain(ruled);
        let fits = |offset: &Offset| {
            let time = local - i64::from(offset.seconds);
            self.offset_at(time).seconds == offset.seconds
        };
        let offset = offsets.find(fits).unwrap_or_else(|| self.offset_at(local));
        local - i64::from(offset.seconds)
    }
}
