//! What `strftime` makes of times.

use super::{Civil, Offset, TimeZone, days_from_civil};
use crate::size::units::write_number;
use core::fmt::Write;
use std_alloc::string::String;

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

struct Moment {
    time: i64,
    offset: Offset,
    local: Civil,
}

impl Moment {
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
