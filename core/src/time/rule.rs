//! Rules for time zones as POSIX has them: `CET-1CEST,M3.5.0,M10.5.0/3`.

use super::{Abbreviation, Civil, DAY, Offset, days_from_civil};

/// What local time is, year after year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Rule {
    standard: Offset,
    summer: Option<Summer>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Summer {
    offset: Offset,
    start: Change,
    end: Change,
}

/// When the clock is changed, each year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Change {
    day: Day,
    /// Seconds from the beginning of that day, of the time that ends.
    seconds: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Day {
    /// `Jn`, 1 to 365: the 29th of February is not counted.
    Julian(i64),
    /// `n`, 0 to 365: it is.
    Counted(i64),
    /// `Mm.w.d`: a weekday of the first week (1) to the last (5) of a month.
    Weekday { month: i64, week: i64, day: i64 },
}

impl Rule {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rest = Rest(text);
        let name = rest.name()?;
        let standard = Offset { seconds: -rest.time()?, name };
        if rest.0.is_empty() {
            return Some(Self { standard, summer: None });
        }
        let name = rest.name()?;
        let seconds = match rest.0.bytes().next() {
            Some(b',') | None => standard.seconds + 3600,
            Some(_) => -rest.time()?,
        };
        if rest.0.is_empty() {
            rest.0 = ",M3.2.0,M11.1.0";
        }
        let (start, end) = (rest.change()?, rest.change()?);
        let summer = Summer { offset: Offset { seconds, name }, start, end };
        rest.0.is_empty().then_some(Self { standard, summer: Some(summer) })
    }

    pub(super) const fn standard(&self) -> Offset {
        self.standard
    }

    pub(super) fn offsets(&self) -> impl Iterator<Item = Offset> + '_ {
        core::iter::once(self.standard).chain(self.summer.as_ref().map(|summer| summer.offset))
    }

    pub(super) fn offset_at(&self, time: i64) -> Offset {
        let Some(summer) = &self.summer else {
            return self.standard;
        };
        let year = Civil::from_local_seconds(time + i64::from(self.standard.seconds)).year;
        let start = summer.start.at(year) - i64::from(self.standard.seconds);
        let end = summer.end.at(year) - i64::from(summer.offset.seconds);
        let is_summer = if start < end {
            (start..end).contains(&time)
        } else {
            // South of the equator it lasts over the turn of the year.
            !(end..start).contains(&time)
        };
        if is_summer { summer.offset } else { self.standard }
    }
}

impl Change {
    /// Returns the local time of the change in a year.
    fn at(self, year: i64) -> i64 {
        let new_year = days_from_civil(year, 1, 1);
        let day = match self.day {
            Day::Counted(day) => new_year + day,
            Day::Julian(day) => {
                let leaps = days_from_civil(year, 3, 1) - new_year == 60;
                new_year + day - 1 + i64::from(leaps && day >= 60)
            }
            Day::Weekday { month, week, day } => {
                let first = days_from_civil(year, month, 1);
                let length = days_from_civil(year, month + 1, 1) - first;
                // The 1st of January 1970 was a Thursday.
                let within = (day - (first + 4)).rem_euclid(7) + (week - 1) * 7;
                first + if within < length { within } else { within - 7 }
            }
        };
        day * DAY + self.seconds
    }
}

/// What is left of the text of a rule.
struct Rest<'t>(&'t str);

impl<'t> Rest<'t> {
    /// Takes the characters that `is_part` likes.
    fn take(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let end = self.0.find(|c| !is_part(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    fn skip(&mut self, c: char) -> bool {
        let rest = self.0.strip_prefix(c);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Letters, or anything in `<` and `>`.
    fn name(&mut self) -> Option<Abbreviation> {
        let name = if self.skip('<') {
            let name = self.take(|c| c != '>');
            self.skip('>').then_some(name)?
        } else {
            self.take(|c| c.is_ascii_alphabetic())
        };
        (name.len() >= 3).then(|| Abbreviation::new(name.as_bytes()))
    }

    fn number(&mut self, least: i32, most: i32) -> Option<i32> {
        let number = self.take(|c| c.is_ascii_digit()).parse().ok()?;
        (least..=most).contains(&number).then_some(number)
    }

    /// Hours, minutes and seconds, in seconds.
    fn time(&mut self) -> Option<i32> {
        let negative = !self.skip('+') && self.skip('-');
        let mut seconds = self.number(0, 167)? * 3600;
        for unit in [60, 1] {
            if self.skip(':') {
                seconds += self.number(0, 59)? * unit;
            }
        }
        Some(if negative { -seconds } else { seconds })
    }

    fn change(&mut self) -> Option<Change> {
        self.skip(',').then_some(())?;
        let day = if self.skip('J') {
            Day::Julian(self.number(1, 365)?.into())
        } else if self.skip('M') {
            let month = self.number(1, 12)?.into();
            let week = self.skip('.').then(|| self.number(1, 5))??.into();
            let day = self.skip('.').then(|| self.number(0, 6))??.into();
            Day::Weekday { month, week, day }
        } else {
            Day::Counted(self.number(0, 365)?.into())
        };
        let seconds = if self.skip('/') { self.time()? } else { 2 * 3600 };
        Some(Change { day, seconds: seconds.into() })
    }
}
