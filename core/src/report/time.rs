//! Times in reports: time zones, and what `strftime` makes of them.

use crate::report::units::write_number;
use core::fmt::Write;
use std_alloc::string::String;
use std_alloc::vec::Vec;

#[cfg(test)]
mod tests;

/// A time zone: by how much, and since when, local time differs from UTC.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TimeZone {
    first: Offset,
    /// When an offset came into force, seconds since 1970-01-01 UTC; ascending.
    transitions: Vec<(i64, Offset)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
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

impl TimeZone {
    /// UTC.
    pub const UTC: Self =
        Self { first: Offset { seconds: 0, name: Abbreviation::UTC }, transitions: Vec::new() };

    /// A zone that is always this many seconds east of UTC.
    pub fn fixed(seconds: i32, name: &str) -> Self {
        Self {
            first: Offset { seconds, name: Abbreviation::new(name.as_bytes()) },
            transitions: Vec::new(),
        }
    }

    /// Reads a compiled time zone (`/etc/localtime`, RFC 9636). After its last transition the last
    /// offset is kept. `None` if it is not one.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (zone, rest) = parse_block(bytes, 4)?;
        // From version 2 on, a second block has 64-bit times.
        if bytes.get(4).is_some_and(|version| *version >= b'2') {
            return Some(parse_block(rest, 8)?.0);
        }
        Some(zone)
    }

    fn offset_at(&self, time: i64) -> &Offset {
        let after = self.transitions.partition_point(|(start, _)| *start <= time);
        match after {
            0 => &self.first,
            _ => &self.transitions[after - 1].1,
        }
    }

    pub(super) fn to_local(&self, time: i64) -> Civil {
        Civil::from_local_seconds(time.saturating_add(i64::from(self.offset_at(time).seconds)))
    }

    /// Returns the moment at which clocks show this; the earlier where they show it twice.
    pub(super) fn to_utc(&self, local: Civil) -> i64 {
        let local = local.to_local_seconds();
        let mut offsets =
            core::iter::once(&self.first).chain(self.transitions.iter().map(|t| &t.1));
        let fits = |offset: &&Offset| {
            let time = local - i64::from(offset.seconds);
            self.offset_at(time).seconds == offset.seconds
        };
        let offset = offsets.find(fits).unwrap_or_else(|| self.offset_at(local));
        local - i64::from(offset.seconds)
    }
}

fn parse_block(bytes: &[u8], time_size: usize) -> Option<(TimeZone, &[u8])> {
    let header = bytes.get(..44)?;
    if !header.starts_with(b"TZif") {
        return None;
    }
    let count = |at: usize| -> Option<usize> {
        let value = u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?);
        usize::try_from(value).ok()
    };
    let (utc, standard, leap) = (count(20)?, count(24)?, count(28)?);
    let (times, types, letters) = (count(32)?, count(36)?, count(40)?);
    let mut rest = &bytes[44..];
    let mut take = |length: Option<usize>| -> Option<&[u8]> {
        let (taken, left) = rest.split_at_checked(length?)?;
        rest = left;
        Some(taken)
    };
    let starts = take(times.checked_mul(time_size))?;
    let kinds = take(Some(times))?;
    let offsets = take(types.checked_mul(6))?;
    let names = take(Some(letters))?;
    take(leap.checked_mul(time_size + 4))?;
    take(Some(standard))?;
    take(Some(utc))?;
    let offset = |kind: usize| -> Option<Offset> {
        let entry = offsets.chunks_exact(6).nth(kind)?;
        let seconds = i32::from_be_bytes(entry[..4].try_into().ok()?);
        let name = names.get(usize::from(entry[5])..)?;
        let end = name.iter().position(|byte| *byte == 0)?;
        Some(Offset { seconds, name: Abbreviation::new(&name[..end]) })
    };
    let mut transitions = Vec::new();
    for (start, kind) in starts.chunks_exact(time_size).zip(kinds) {
        let start = match time_size {
            4 => i64::from(i32::from_be_bytes(start.try_into().ok()?)),
            _ => i64::from_be_bytes(start.try_into().ok()?),
        };
        transitions.push((start, offset(usize::from(*kind))?));
    }
    if !transitions.is_sorted_by_key(|(start, _)| *start) {
        return None;
    }
    Some((TimeZone { first: offset(0)?, transitions }, rest))
}

const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes a time as `strftime` does in the C locale. What it does not know it writes as it stands.
pub fn write_time(out: &mut String, seconds: u64, format: &str, zone: &TimeZone) {
    let time = i64::try_from(seconds).unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    let offset = zone.offset_at(time);
    let local = zone.to_local(time);
    let moment = Moment { time, offset, local };
    moment.write(out, format, 0).expect("a String takes all that is written");
}

struct Moment<'a> {
    time: i64,
    offset: &'a Offset,
    local: Civil,
}

impl Moment<'_> {
    /// The composed conversions nest once.
    fn write(&self, out: &mut String, format: &str, depth: u8) -> core::fmt::Result {
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            // `E` and `O` ask for forms that the C locale does not have.
            let kind = match chars.next() {
                Some('E' | 'O') => chars.next(),
                other => other,
            };
            match kind {
                Some(kind) => self.convert(out, kind, depth)?,
                None => out.push('%'),
            }
        }
        Ok(())
    }

    fn convert(&self, out: &mut String, kind: char, depth: u8) -> core::fmt::Result {
        let Civil { year, month, day, hour, minute, second } = self.local;
        let days = days_from_civil(year, month, day);
        let weekday = (days + 4).rem_euclid(7);
        let year_day = days - days_from_civil(year, 1, 1);
        let name = |names: &[&'static str], index: i64| {
            names[usize::try_from(index).expect("a day or month is in its range")]
        };
        let hour12 = (hour + 11) % 12 + 1;
        let composed = composed(kind);
        if !composed.is_empty() {
            assert_eq!(depth, 0, "composed conversions consist of simple ones");
            return self.write(out, composed, 1);
        }
        match kind {
            'a' => out.push_str(&name(&DAYS, weekday)[..3]),
            'A' => out.push_str(name(&DAYS, weekday)),
            'b' | 'h' => out.push_str(&name(&MONTHS, month - 1)[..3]),
            'B' => out.push_str(name(&MONTHS, month - 1)),
            'C' => write!(out, "{:02}", year.div_euclid(100))?,
            'd' => two(out, day),
            'e' => write!(out, "{day:2}")?,
            'g' => write!(out, "{:02}", iso_week(year, year_day, weekday).0.rem_euclid(100))?,
            'G' => write!(out, "{}", iso_week(year, year_day, weekday).0)?,
            'H' => two(out, hour),
            'I' => two(out, hour12),
            'j' => write!(out, "{:03}", year_day + 1)?,
            'k' => write!(out, "{hour:2}")?,
            'l' => write!(out, "{hour12:2}")?,
            'm' => two(out, month),
            'M' => two(out, minute),
            'n' => out.push('\n'),
            'p' => out.push_str(if hour < 12 { "AM" } else { "PM" }),
            'P' => out.push_str(if hour < 12 { "am" } else { "pm" }),
            's' => write!(out, "{}", self.time)?,
            'S' => two(out, second),
            't' => out.push('\t'),
            'u' => write!(out, "{}", (weekday + 6) % 7 + 1)?,
            'U' => two(out, (year_day + 7 - weekday) / 7),
            'V' => two(out, iso_week(year, year_day, weekday).1),
            'w' => write!(out, "{weekday}")?,
            'W' => two(out, (year_day + 7 - (weekday + 6) % 7) / 7),
            'y' => two(out, year.rem_euclid(100)),
            'Y' => write_number(out, u64::try_from(year).unwrap_or(0)),
            'z' => {
                let minutes = self.offset.seconds / 60;
                out.push(if minutes < 0 { '-' } else { '+' });
                two(out, i64::from(minutes.abs() / 60));
                two(out, i64::from(minutes.abs() % 60));
            }
            'Z' => out.push_str(self.offset.name.as_str()),
            '%' => out.push('%'),
            other => {
                out.push('%');
                out.push(other);
            }
        }
        Ok(())
    }
}

/// What a conversion stands for that consists of others.
const fn composed(kind: char) -> &'static str {
    match kind {
        'c' => "%a %b %e %H:%M:%S %Y",
        'D' | 'x' => "%m/%d/%y",
        'F' => "%Y-%m-%d",
        'r' => "%I:%M:%S %p",
        'R' => "%H:%M",
        'T' | 'X' => "%H:%M:%S",
        _ => "",
    }
}

fn two(out: &mut String, number: i64) {
    let number = u8::try_from(number.clamp(0, 99)).expect("two digits");
    out.push(char::from(b'0' + number / 10));
    out.push(char::from(b'0' + number % 10));
}

/// Returns the ISO 8601 year and week of a day.
fn iso_week(year: i64, year_day: i64, weekday: i64) -> (i64, i64) {
    let weekday = (weekday + 6) % 7;
    let weeks_in = |year: i64| {
        // A year has 53 weeks if it begins or ends on a Thursday.
        let first = (days_from_civil(year, 1, 1) + 3).rem_euclid(7);
        let last = (days_from_civil(year, 12, 31) + 3).rem_euclid(7);
        if first == 3 || last == 3 { 53 } else { 52 }
    };
    let week = (year_day - weekday + 10).div_euclid(7);
    if week < 1 {
        (year - 1, weeks_in(year - 1))
    } else if week > weeks_in(year) {
        (year + 1, 1)
    } else {
        (year, week)
    }
}
