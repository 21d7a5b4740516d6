//! Moments in selections: `2024-04-01 19:39`, `@1712000360`, `yesterday`, `2 weeks ago`.
//!
//! What is said only as precisely as a day, a month, a minute means all of it.

use crate::time::{Civil, TimeZone};

/// Reads a moment: the seconds it begins with and the second behind it. `now` is what `today` is
/// measured from. `None` if it is no moment.
pub(super) fn parse(text: &str, now: u64, zone: &TimeZone) -> Option<(u64, u64)> {
    let text = text.trim();
    if let Some(seconds) = text.strip_prefix('@') {
        let seconds: u64 = seconds.parse().ok()?;
        return Some((seconds, seconds.checked_add(1)?));
    }
    let now = i64::try_from(now).ok()?;
    let (start, end) = standard(text, zone).or_else(|| freeform(text, now, zone))?;
    Some((u64::try_from(start.max(0)).ok()?, u64::try_from(end.max(0)).ok()?))
}

/// How precisely a moment is given.
#[derive(Clone, Copy)]
enum Precision {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

fn range(local: Civil, precision: Precision, to_utc: impl Fn(Civil) -> i64) -> (i64, i64) {
    let start = to_utc(local);
    let next = match precision {
        Precision::Year => to_utc(Civil { year: local.year + 1, ..local }),
        Precision::Month => to_utc(Civil { month: local.month + 1, ..local }),
        Precision::Day => to_utc(Civil { day: local.day + 1, ..local }),
        Precision::Hour => start + 3600,
        Precision::Minute => start + 60,
        Precision::Second => start + 1,
    };
    (start, next)
}

/// `YYYY[-MM[-DD[ hh[:mm[:ss]]]]]` or `YYYYMMDD…`, and an offset from UTC.
fn standard(text: &str, zone: &TimeZone) -> Option<(i64, i64)> {
    let mut words = text.split_ascii_whitespace();
    let (mut local, mut precision) = date(words.next()?)?;
    let mut offset = None;
    for word in words {
        if word.starts_with(['+', '-']) && offset.is_none() {
            offset = Some(zone_offset(word)?);
        } else if matches!(precision, Precision::Day) && offset.is_none() {
            precision = time_of_day(word, &mut local)?;
        } else {
            return None;
        }
    }
    Some(match offset {
        Some(offset) => range(local, precision, |local| local.to_local_seconds() - offset),
        None => range(local, precision, |local| zone.to_utc(local)),
    })
}

fn date(word: &str) -> Option<(Civil, Precision)> {
    let digits = |text: &str, length: usize| -> Option<i64> {
        let fits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { text.parse().ok() } else { None }
    };
    let mut civil = Civil { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
    let mut precision = Precision::Year;
    let compact = word.bytes().all(|byte| byte.is_ascii_digit());
    let parts: [Option<&str>; 3] = if compact {
        [
            word.get(..4),
            word.get(4..6).filter(|_| word.len() >= 6),
            word.get(6..).filter(|_| word.len() > 6),
        ]
    } else {
        let mut parts = word.splitn(3, '-');
        [parts.next(), parts.next(), parts.next()]
    };
    if compact && !matches!(word.len(), 4 | 6 | 8) {
        return None;
    }
    civil.year = digits(parts[0]?, 4)?;
    if let Some(month) = parts[1] {
        civil.month = digits(month, 2).filter(|month| (1..=12).contains(month))?;
        precision = Precision::Month;
    }
    if let Some(day) = parts[2] {
        civil.day = digits(day, 2).filter(|day| (1..=31).contains(day))?;
        precision = Precision::Day;
    }
    Some((civil, precision))
}

fn time_of_day(word: &str, local: &mut Civil) -> Option<Precision> {
    let mut parts = word.splitn(3, ':');
    let mut next = |below: i64| -> Option<Option<i64>> {
        let Some(part) = parts.next() else {
            return Some(None);
        };
        let fits = matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
        let value: i64 = part.parse().ok().filter(|value| fits && *value < below)?;
        Some(Some(value))
    };
    local.hour = next(24)??;
    let Some(minute) = next(60)? else {
        return Some(Precision::Hour);
    };
    local.minute = minute;
    let Some(second) = next(61)? else {
        return Some(Precision::Minute);
    };
    local.second = second;
    Some(Precision::Second)
}

fn zone_offset(word: &str) -> Option<i64> {
    let sign = if word.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = match word[1..].split_once(':') {
        Some(parts) => parts,
        None => word[1..].split_at_checked(2)?,
    };
    let hours: u32 = hours.parse().ok()?;
    let minutes: u32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    (hours < 25 && minutes < 60).then_some(sign * i64::from(hours * 3600 + minutes * 60))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A word may be cut after its third letter.
fn find(names: &[&str], word: &str) -> Option<i64> {
    let place = names.iter().position(|name| {
        word.len() >= 3
            && word.len() <= name.len()
            && name.as_bytes()[..word.len()].eq_ignore_ascii_case(word.as_bytes())
    })?;
    i64::try_from(place).ok()
}

/// Days in words, months with years, and spans of time before now.
fn freeform(text: &str, now: i64, zone: &TimeZone) -> Option<(i64, i64)> {
    let words: std_alloc::vec::Vec<&str> = text.split_ascii_whitespace().collect();
    if let Some((last, span)) = words.split_last()
        && last.eq_ignore_ascii_case("ago")
    {
        return ago(span, now, zone);
    }
    let today = Civil { hour: 0, minute: 0, second: 0, ..zone.to_local(now) };
    let (mut local, mut precision) = (today, None);
    let (mut has_year, mut has_month) = (false, false);
    for word in words {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        let number: Option<i64> = word.parse().ok();
        if is("today") {
            precision = Some(Precision::Day);
        } else if is("yesterday") {
            local.day -= 1;
            precision = Some(Precision::Day);
        } else if is("noon") || is("midnight") {
            local.hour = if is("noon") { 12 } else { 0 };
            precision = Some(Precision::Second);
        } else if let Some(weekday) = find(&WEEKDAYS, word) {
            let current = (today.to_local_seconds().div_euclid(86_400) + 3).rem_euclid(7);
            local.day -= (current - weekday).rem_euclid(7);
            precision = Some(Precision::Day);
        } else if let Some(month) = find(&MONTHS, word) {
            local.month = month + 1;
            has_month = true;
        } else if word.contains(':') && precision.is_some() {
            precision = Some(time_of_day(word, &mut local)?);
        } else if let Some(year) = number.filter(|number| (1970..=9999).contains(number)) {
            local.year = year;
            has_year = true;
        } else if let Some(day) = number.filter(|number| (1..=31).contains(number)) {
            local.day = day;
            precision = Some(Precision::Day);
        } else {
            return None;
        }
    }
    let precision = match (precision, has_month, has_year) {
        (Some(precision), ..) => precision,
        (None, true, _) => Precision::Month,
        (None, false, true) => Precision::Year,
        (None, false, false) => return None,
    };
    match precision {
        Precision::Month => local.day = 1,
        Precision::Year => (local.month, local.day) = (1, 1),
        Precision::Day | Precision::Hour | Precision::Minute | Precision::Second => {}
    }
    Some(range(local, precision, |local| zone.to_utc(local)))
}

/// `[N] UNIT [N UNIT …] ago`
fn ago(words: &[&str], now: i64, zone: &TimeZone) -> Option<(i64, i64)> {
    let mut local = zone.to_local(now);
    let mut count = 1_i64;
    let mut any = false;
    for word in words {
        if let Ok(number) = word.parse::<i64>() {
            count = Some(number).filter(|number| (0..=100_000_000).contains(number))?;
            continue;
        }
        let unit = word.strip_suffix('s').unwrap_or(word);
        let is = |names: &[&str]| names.iter().any(|name| unit.eq_ignore_ascii_case(name));
        if is(&["second", "sec"]) {
            local.second -= count;
        } else if is(&["minute", "min"]) {
            local.minute -= count;
        } else if is(&["hour", "hr"]) {
            local.hour -= count;
        } else if is(&["day"]) {
            local.day -= count;
        } else if is(&["week"]) {
            local.day -= 7 * count;
        } else if is(&["month"]) {
            local.month -= count;
        } else if is(&["year", "yr"]) {
            local.year -= count;
        } else {
            return None;
        }
        (count, any) = (1, true);
    }
    any.then(|| range(local, Precision::Second, |local| zone.to_utc(local)))
}
