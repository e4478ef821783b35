//! The two kinds of time: when something was true (a [`ValidDay`] or [`ValidAt`]) and when it was known ([`KnownAt`]).
//! They do not convert into each other, except through the two named bridges below; nothing here reads the clock.

use std::fmt;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::calendar::{Clocks, DAY, Months, YEARS, new_york};
use crate::field::{FieldType, Kind, Mismatch, Raw};
use crate::quantity::Minutes;
use crate::rfc3339;

const MICROS_PER_MINUTE: i64 = 60_000_000;

/// A local date in New York on which something was true; days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValidDay(i32);

/// An instant at which something was true; microseconds since the epoch, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValidAt(i64);

/// An instant at which something was known; microseconds since the epoch, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KnownAt(i64);

impl ValidDay {
    /// Earlier than every day that can be written.
    pub const MIN: ValidDay = ValidDay(i32::MIN / 4);
    /// Later than every day that can be written.
    pub const MAX: ValidDay = ValidDay(i32::MAX / 4);

    /// A day from its calendar date; `None` when the date does not exist or its year is outside 1900 to 2200.
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        Months::table().day(year, month, day).map(Self)
    }

    /// Parses `YYYY-MM-DD` and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let dashed = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
        dashed.then(|| rfc3339::day_of_digits(bytes)).flatten()
    }

    /// Days since 1970-01-01, for storage.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The inverse of [`ValidDay::days`]; `None` outside the years accepted.
    pub fn from_days(days: i32) -> Option<Self> {
        Months::table().first_of(days).map(|_| Self(days))
    }

    fn date(self) -> Date {
        // Also of a day beyond the years accepted, which arithmetic may reach; the ends of all days stop where dates do.
        Date::constant(1970, 1, 1).saturating_add(self.0.days())
    }

    /// Year, month, day.
    pub fn ymd(self) -> (i16, i8, i8) {
        Months::table().ymd(self.0).unwrap_or_else(|| {
            let date = self.date();
            (date.year(), date.month(), date.day())
        })
    }

    /// The first day of its month; `None` outside the years accepted.
    pub fn first_of_month(self) -> Option<Self> {
        Months::table().first_of(self.0).map(Self)
    }

    /// The day `n` days later (earlier when negative).
    #[must_use]
    pub fn plus_days(self, n: i64) -> Self {
        Self(i32::try_from(i64::from(self.0).saturating_add(n)).unwrap_or(if n < 0 { Self::MIN.0 } else { Self::MAX.0 }))
    }

    /// The same calendar day `n` months later; the last of the month where that day does not exist (29 Feb: 28 Feb).
    #[must_use]
    pub fn plus_months(self, n: i64) -> Self {
        Months::table().plus_months(self.0, n).map_or(self, Self)
    }

    /// Whole days from `earlier` to `self`; negative when `earlier` is later.
    pub fn days_since(self, earlier: ValidDay) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }

    /// Age in whole years of somebody born on `birth`; a birthday on 29 February is reached on 1 March in common years.
    pub fn age_of(self, birth: ValidDay) -> i32 {
        let (y, m, d) = self.ymd();
        let (by, bm, bd) = birth.ymd();
        let had_birthday = (m, d) >= (bm, bd);
        i32::from(y) - i32::from(by) - i32::from(!had_birthday)
    }

    /// ISO 8601 week: year and week number.
    pub fn iso_week(self) -> (i16, i8) {
        let week = self.date().iso_week_date();
        (week.year(), week.week())
    }

    /// Monday is 1, Sunday 7.
    pub fn iso_weekday(self) -> i8 {
        // 1 January 1970 was a Thursday.
        i8::try_from((i64::from(self.0) + 3).rem_euclid(7)).unwrap_or(0) + 1
    }

    /// The instant this local day begins.
    pub fn begins(self) -> ValidAt {
        ValidAt(Clocks::table().midnight(self.0).unwrap_or_else(|| {
            let zoned = self.date().to_zoned(new_york().clone());
            zoned.map_or_else(|_| i64::from(self.0) * DAY, |z| z.timestamp().as_microsecond())
        }))
    }

    /// How long the local days from this one to before another are: every length, with how many of the days have it.
    pub fn lengths_until(self, end: ValidDay) -> Vec<(Minutes, i64)> {
        let all = end.days_since(self).max(0);
        let uneven = Clocks::table().uneven(self.0, end.0);
        let mut lengths = vec![(DAY, all - i64::try_from(uneven.len()).unwrap_or(all))];
        for (_, length) in uneven {
            match lengths.iter_mut().find(|(known, _)| known == length) {
                Some((_, days)) => *days += 1,
                None => lengths.push((*length, 1)),
            }
        }
        lengths.into_iter().filter(|(_, days)| *days > 0).map(|(length, days)| (ValidAt(0).minutes_until(ValidAt(length)), days)).collect()
    }

    /// Bridge: a deadline of this day has passed at 00:00 local time of the day after (evaluation.md, "Readings").
    pub fn deadline_passed(self) -> KnownAt {
        KnownAt(self.plus_days(1).begins().0)
    }
}

impl fmt::Display for ValidDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

fn write_instant(micros: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match Timestamp::from_microsecond(micros) {
        Ok(t) => write!(f, "{t}"),
        Err(_) => write!(f, "{micros}us"),
    }
}

macro_rules! instant {
    ($name:ident) => {
        impl $name {
            /// Parses RFC 3339 with an offset (`Z` or `+hh:mm`); finer than a microsecond is dropped.
            pub fn parse(text: &str) -> Option<Self> {
                rfc3339::instant(text).map(Self)
            }
            /// From microseconds since the epoch, UTC.
            pub const fn from_micros(micros: i64) -> Self {
                Self(micros)
            }
            /// Microseconds since the epoch, UTC.
            pub const fn micros(self) -> i64 {
                self.0
            }
            /// The local day in New York.
            pub fn local_day(self) -> ValidDay {
                local_day(self.0)
            }
            /// Local wall-clock hour and minute in New York, for people.
            pub fn local_clock(self) -> (i8, i8) {
                Timestamp::from_microsecond(self.0).map_or((0, 0), |t| {
                    let z = t.to_zoned(new_york().clone());
                    (z.hour(), z.minute())
                })
            }
        }
        /// UTC with `Z`, as findings JSON writes instants.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_instant(self.0, f)
            }
        }
        impl FieldType for $name {
            const KIND: Kind = Kind::Instant;
            fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
                match raw.as_text() {
                    Some(text) => Self::read_text(text),
                    None => Err(no_instant(raw)),
                }
            }
            fn read_text(text: &str) -> Result<Self, Mismatch> {
                Self::parse(text).ok_or_else(|| no_instant(&Raw::text(text)))
            }
            fn read_at(at: ValidAt) -> Result<Self, Mismatch> {
                if rfc3339::is_accepted(at.0) { Ok(Self(at.0)) } else { Self::read_text(&at.to_string()) }
            }
            fn write(&self) -> Raw<'_> {
                Raw::owned(self.to_string())
            }
        }
    };
}

instant!(ValidAt);
instant!(KnownAt);

fn no_instant(raw: &Raw<'_>) -> Mismatch {
    let mismatch = Mismatch::new(raw.describe(), crate::field::wanted(&Kind::Instant));
    mismatch.hint("write the date, a T, the time and the offset from UTC, or Z for UTC itself")
}

fn local_day(micros: i64) -> ValidDay {
    let offset = Clocks::table().offset(micros).unwrap_or_else(|| {
        let instant = Timestamp::from_microsecond(micros);
        instant.map_or(0, |t| i64::from(new_york().to_offset(t).seconds()) * 1_000_000)
    });
    ValidDay(i32::try_from(micros.saturating_add(offset).div_euclid(DAY)).unwrap_or(0))
}

impl ValidAt {
    /// From microseconds since the epoch; `None` outside the years that `parse` accepts.
    pub fn accepted(micros: i64) -> Option<Self> {
        rfc3339::is_accepted(micros).then_some(Self(micros))
    }

    /// Parses a New York wall-clock time without offset, `YYYY-MM-DDTHH:MM`, with seconds or without. A time that occurs twice
    /// (autumn) is the first one; one that does not exist (spring) is moved forward by the hour that is skipped.
    pub fn parse_local(text: &str) -> Option<Self> {
        let local = text.parse::<jiff::civil::DateTime>().ok().filter(|_| text.contains('T'))?;
        let micros = local.to_zoned(new_york().clone()).ok()?.timestamp().as_microsecond();
        YEARS.contains(&local.year()).then_some(Self(micros))
    }

    /// Whole minutes of elapsed time from `self` to `end`; a clock change neither adds nor loses an hour. Zero when `end` is earlier.
    pub fn minutes_until(self, end: ValidAt) -> Minutes {
        let micros = end.0.saturating_sub(self.0).max(0);
        Minutes(u32::try_from(micros / MICROS_PER_MINUTE).unwrap_or(u32::MAX))
    }

    /// Bridge: a claim counts as known from the instant it was submitted (evaluation.md, "Times and money").
    pub fn as_submission_known(self) -> KnownAt {
        KnownAt(self.0)
    }
}

impl KnownAt {
    /// Later than every instant a ledger can hold: "whatever became known".
    pub const END: KnownAt = KnownAt(i64::MAX);
    /// Before every instant a ledger can hold.
    pub const BEGINNING: KnownAt = KnownAt(i64::MIN);
}

impl FieldType for ValidDay {
    const KIND: Kind = Kind::Day;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        raw.as_text().and_then(ValidDay::parse).ok_or_else(|| {
            let looks_like_instant = raw.as_text().is_some_and(|t| t.len() > 10 && t.get(..10).and_then(ValidDay::parse).is_some());
            let hint = if looks_like_instant { "give the local day only, without a time" } else { "a day that exists, year first: 2025-03-04" };
            Mismatch::new(raw.describe(), "a date, YYYY-MM-DD").hint(hint)
        })
    }
    fn write(&self) -> Raw<'_> {
        Raw::owned(self.to_string())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> ValidDay {
        ValidDay::parse(text).unwrap()
    }

    #[test]
    fn an_instant_is_rfc_3339_and_nothing_looser() {
        let noon = ValidAt::parse("2025-03-04T12:00:00Z").unwrap();
        for same in ["2025-03-04T07:00:00-05:00", "2025-03-04T12:00:00.000000Z", "2025-03-04t12:00:00z", "2025-03-04 12:00:00+00:00", "2025-03-05T11:59:00+23:59"] {
            assert_eq!(ValidAt::parse(same), Some(noon), "{same}");
        }
        let loose = "2025-03-04T12:00:00|2025-03-04T12:00Z|2025-03-04T12Z|20250304T120000Z|2025-03-04T07:00:00-05|2025-03-04T07:00:00-0500|\
            2025-03-04T07:00:00-05:00:00|2025-03-04T07:00:00-05:00[America/New_York]|2025-03-05T13:00:00+25:00|2025-03-05T12:00:00+24:00|\
            2025-03-04T12:00:00+00:60|2025-03-04T12:00:00.Z|2025-03-04T12:00:00,5Z|2025-03-04T12:00:00Z |+002025-03-04T12:00:00Z|2025-02-30T12:00:00Z";
        for loose in loose.split('|') {
            assert_eq!(ValidAt::parse(loose), None, "{loose}");
        }
    }

    #[test]
    fn birthdays_on_the_leap_day_are_reached_on_the_first_of_march() {
        let born = day("2004-02-29");
        assert_eq!(day("2022-02-28").age_of(born), 17);
        assert_eq!(day("2022-03-01").age_of(born), 18);
        assert_eq!(day("2024-02-29").age_of(born), 20);
    }

    #[test]
    fn twelve_months_after_the_leap_day_is_the_28th() {
        assert_eq!(day("2024-02-29").plus_months(12), day("2025-02-28"));
        assert_eq!(day("2023-03-01").plus_months(12), day("2024-03-01"));
    }

    #[test]
    fn days_begin_at_local_midnight_on_both_sides_of_a_clock_change() {
        assert_eq!(day("2025-03-09").begins().to_string(), "2025-03-09T05:00:00Z");
        assert_eq!(day("2025-03-09").deadline_passed().to_string(), "2025-03-10T04:00:00Z");
        assert_eq!(day("2025-11-02").deadline_passed().to_string(), "2025-11-03T05:00:00Z");
    }

    #[test]
    fn days_are_counted_by_their_lengths_however_many_there_are() {
        for (from, to, lengths) in [
            ("2025-03-08", "2025-03-11", vec![(1440, 2), (1380, 1)]),
            ("2025-11-02", "2025-11-03", vec![(1500, 1)]),
            ("2025-03-04", "2026-03-04", vec![(1440, 363), (1380, 1), (1500, 1)]),
            ("2025-03-04", "2025-03-04", vec![]),
            ("2025-03-05", "2025-03-04", vec![]),
        ] {
            let found = day(from).lengths_until(day(to));
            assert_eq!(found, lengths.into_iter().map(|(minutes, days)| (Minutes(minutes), days)).collect::<Vec<_>>(), "{from} {to}");
        }
        let (first, last) = (day("1900-01-01"), day("2200-12-31"));
        let minutes: i64 = first.lengths_until(last).into_iter().map(|(minutes, days)| i64::from(minutes.0) * days).sum();
        assert_eq!(minutes * MICROS_PER_MINUTE, last.begins().micros() - first.begins().micros(), "all days together are all of the time");
    }

    #[test]
    fn an_instant_late_in_the_evening_utc_is_still_the_day_before_in_new_york() {
        assert_eq!(ValidAt::parse("2025-07-02T03:59:59Z").unwrap().local_day(), day("2025-07-01"));
        assert_eq!(ValidAt::parse("2025-07-02T04:00:00Z").unwrap().local_day(), day("2025-07-02"));
    }

    #[test]
    fn minutes_are_time_that_passed() {
        let start = ValidAt::parse("2025-03-09T01:50:00-05:00").unwrap();
        let end = ValidAt::parse("2025-03-09T03:10:00-04:00").unwrap();
        assert_eq!(start.minutes_until(end), Minutes(20));
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in ["2025-02-29", "2025-13-01", "2025-00-10", "25-01-01", "2025-1-1", "0205-01-01", "2025-01-01 ", "2025/01/01"] {
            assert_eq!(ValidDay::parse(text), None, "{text}");
        }
    }
}
