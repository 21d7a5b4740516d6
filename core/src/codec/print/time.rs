//! Times in words, in a time zone that was given.

use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// A time zone: offsets from UTC, each from some moment on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TimeZone {
    /// Seconds east of UTC before the first change.
    first: i32,
    /// Moment (seconds since 1970-01-01 UTC) and seconds east of UTC from then on, ascending.
    changes: Vec<(i64, i32)>,
}

impl TimeZone {
    /// Makes a zone from its first offset and its changes, in any order.
    pub fn new(first: i32, mut changes: Vec<(i64, i32)>) -> Self {
        changes.sort_unstable();
        Self { first, changes }
    }

    fn offset_at(&self, time: i64) -> i32 {
        let later = self.changes.partition_point(|(from, _)| *from <= time);
        match later.checked_sub(1) {
            Some(place) => self.changes[place].1,
            None => self.first,
        }
    }

    /// Returns a time as `2026-11-20 10:04:12 +0000`.
    pub fn show(&self, time: u64) -> String {
        let time = i64::try_from(time).unwrap_or(i64::MAX);
        let offset = self.offset_at(time);
        let local = time.saturating_add(i64::from(offset));
        let (days, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = date(days);
        let sign = if offset < 0 { '-' } else { '+' };
        let minutes = offset.unsigned_abs() / 60;
        format!(
            "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} {sign}{:02}{:02}",
            second / 3600,
            second / 60 % 60,
            second % 60,
            minutes / 60,
            minutes % 60
        )
    }
}

/// Year, month and day of a number of days since 1970-01-01 (Gregorian). Years are counted from
/// March, so that the leap day is the last of its year.
fn date(days: i64) -> (i64, i64, i64) {
    const ERA: i64 = 146_097;
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std_alloc::vec;

    #[test]
    fn times_are_shown_as_lvm2_does() {
        let utc = TimeZone::default();
        for (time, shown) in [
            (0, "1970-01-01 00:00:00 +0000"),
            (1_795_169_052, "2026-11-20 10:04:12 +0000"),
            (951_782_399, "2000-02-28 23:59:59 +0000"),
            (951_782_400, "2000-02-29 00:00:00 +0000"),
            (4_107_542_400, "2100-03-01 00:00:00 +0000"),
        ] {
            assert_eq!(utc.show(time), shown);
        }
        assert!(utc.show(u64::MAX).ends_with(" +0000"));
    }

    #[test]
    fn offsets_change_with_time() {
        let berlin = TimeZone::new(3600, vec![(1_792_890_000, 3600), (1_774_746_000, 7200)]);
        assert_eq!(berlin.show(1_774_745_999), "2026-03-29 01:59:59 +0100");
        assert_eq!(berlin.show(1_774_746_000), "2026-03-29 03:00:00 +0200");
        assert_eq!(berlin.show(1_792_890_000), "2026-10-25 02:00:00 +0100");
        let west = TimeZone::new(-12_600, vec![]);
        assert_eq!(west.show(0), "1969-12-31 20:30:00 -0330");
    }
}
