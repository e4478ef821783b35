//! The civil calendar of New York as two tables: the day on which each month begins, and the instants at which clocks change.
//! Decides nothing itself: `jiff` is asked once for both, and every day from 1900 to 2200 is held against it by a test.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::Timestamp;

/// Years outside this range are typing errors, not facts about peer support.
pub(crate) const YEARS: RangeInclusive<i16> = 1900..=2200;

/// Microseconds in a day without a clock change.
pub(crate) const DAY: i64 = 86_400_000_000;

/// The agency's civil time zone (events.md, "Time"). The zone database is compiled in.
pub(crate) fn new_york() -> &'static TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    // The bundled database always holds this zone; UTC would only be reached if the crate were built without it.
    ZONE.get_or_init(|| TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC))
}

/// Where each month of the years accepted begins, in days since 1970-01-01, and where the first month after them does.
#[derive(Debug)]
pub(crate) struct Months(Vec<i32>);

impl Months {
    pub(crate) fn table() -> &'static Self {
        static TABLE: OnceLock<Months> = OnceLock::new();
        TABLE.get_or_init(|| {
            let first_days = YEARS.flat_map(|year| (1..=12).map(move |month| Date::constant(year, month, 1)));
            Self(first_days.chain([Date::constant(YEARS.end() + 1, 1, 1)]).map(days_of).collect())
        })
    }

    /// The place of the month that holds a day, and the day it begins on; `None` outside the years accepted.
    fn month_of(&self, day: i32) -> Option<(usize, i32)> {
        let since = i64::from(day) - i64::from(*self.0.first()?);
        // 4,800 months are 146,097 days, so this is the month or one beside it.
        let near = usize::try_from(since.checked_mul(4_800)? / 146_097).ok()?;
        let starts = self.0.get(near.saturating_sub(1)..(near + 3).min(self.0.len()))?;
        let within = starts.iter().rposition(|start| *start <= day)?;
        let place = near.saturating_sub(1) + within;
        (since >= 0 && place + 1 < self.0.len()).then_some((place, starts[within]))
    }

    /// The first day of a day's month.
    pub(crate) fn first_of(&self, day: i32) -> Option<i32> {
        self.month_of(day).map(|(_, start)| start)
    }

    /// Year, month and day of the month.
    pub(crate) fn ymd(&self, day: i32) -> Option<(i16, i8, i8)> {
        let (place, start) = self.month_of(day)?;
        let year = YEARS.start() + i16::try_from(place / 12).ok()?;
        Some((year, i8::try_from(place % 12).ok()? + 1, i8::try_from(day - start).ok()? + 1))
    }

    /// The day of a date that exists in the years accepted.
    pub(crate) fn day(&self, year: i16, month: i8, day: i8) -> Option<i32> {
        if !YEARS.contains(&year) || !(1..=12).contains(&month) || day < 1 {
            return None;
        }
        let place = usize::try_from(year - YEARS.start()).ok()? * 12 + usize::try_from(month - 1).ok()?;
        let (start, next) = (self.0.get(place)?, self.0.get(place + 1)?);
        Some(start + i32::from(day) - 1).filter(|day| day < next)
    }

    /// The same day of the month so many months later, or the last of that month where it has no such day.
    pub(crate) fn plus_months(&self, day: i32, n: i64) -> Option<i32> {
        let (place, start) = self.month_of(day)?;
        let place = usize::try_from(i64::try_from(place).ok()?.checked_add(n)?).ok()?;
        let (then, next) = (self.0.get(place)?, self.0.get(place.checked_add(1)?)?);
        Some((then + (day - start)).min(next - 1))
    }

    /// The instants of the years accepted, in UTC: the first, and the first one after them.
    pub(crate) fn bounds(&self) -> (i64, i64) {
        let instant = |day: Option<&i32>| day.map_or(0, |day| i64::from(*day) * DAY);
        (instant(self.0.first()), instant(self.0.last()))
    }
}

fn days_of(date: Date) -> i32 {
    date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// The offsets of local time from UTC, each with the instant from which on it holds.
#[derive(Debug)]
pub(crate) struct Clocks {
    /// Of everything before the first change.
    before: i64,
    /// Instants, and microseconds east of UTC from then on.
    changes: Vec<(i64, i64)>,
    /// Local days on which clocks change, in order, and how many microseconds each has.
    uneven: Vec<(i32, i64)>,
}

impl Clocks {
    pub(crate) fn table() -> &'static Self {
        static TABLE: OnceLock<Clocks> = OnceLock::new();
        TABLE.get_or_init(|| {
            let (first, end) = Months::table().bounds();
            // A day more on both sides: local days of the first and last instants need it.
            let from = Timestamp::from_microsecond(first - DAY).unwrap_or(Timestamp::MIN);
            let changes = new_york().following(from).map(|change| (change.timestamp().as_microsecond(), micros(change.offset())));
            let changes = changes.take_while(|(at, _)| *at < end + DAY).collect();
            let clocks = Self { before: micros(new_york().to_offset(from)), changes, uneven: Vec::new() };
            Self { uneven: clocks.uneven_days(), ..clocks }
        })
    }

    fn uneven_days(&self) -> Vec<(i32, i64)> {
        let length = |day: i32| Some((day, self.midnight(day + 1)? - self.midnight(day)?));
        let days = self.changes.iter().filter_map(|(at, offset)| i32::try_from((at + offset).div_euclid(DAY)).ok());
        days.filter_map(length).filter(|(_, length)| *length != DAY).collect()
    }

    /// Of the local days from one to before another, those that are longer or shorter than others, with their microseconds.
    pub(crate) fn uneven(&self, from: i32, to: i32) -> &[(i32, i64)] {
        let place = |day: i32| self.uneven.partition_point(|(uneven, _)| *uneven < day);
        self.uneven.get(place(from)..place(to)).unwrap_or_default()
    }

    /// Microseconds that local time is ahead of UTC at an instant; negative in New York. `None` outside the years accepted.
    pub(crate) fn offset(&self, at: i64) -> Option<i64> {
        let (first, end) = Months::table().bounds();
        (first - DAY..end + DAY).contains(&at).then(|| self.change_before(at).map_or(self.before, |(_, offset)| *offset))
    }

    fn change_before(&self, at: i64) -> Option<&(i64, i64)> {
        self.changes.partition_point(|(change, _)| *change <= at).checked_sub(1).and_then(|place| self.changes.get(place))
    }

    /// The instant at which a local day begins: of two midnights the first, of none the moment after the hour that is skipped.
    pub(crate) fn midnight(&self, day: i32) -> Option<i64> {
        let local = i64::from(day) * DAY;
        let before = local - self.offset(local - DAY)?;
        let after = local - self.offset(local + DAY)?;
        let (change, _) = self.change_before(local + DAY).copied().unwrap_or((i64::MIN, 0));
        // A change lies between the two, and midnight comes after it by the new clock.
        Some(if before >= change && after >= change { after } else { before })
    }
}

fn micros(offset: jiff::tz::Offset) -> i64 {
    i64::from(offset.seconds()) * 1_000_000
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn every_day_of_the_years_accepted_is_the_day_jiff_says() {
        let (months, clocks) = (Months::table(), Clocks::table());
        let mut date = Date::constant(1900, 1, 1);
        let mut day = days_of(date);
        while date.year() <= 2200 {
            assert_eq!(months.ymd(day), Some((date.year(), date.month(), date.day())));
            assert_eq!(months.day(date.year(), date.month(), date.day()), Some(day));
            assert_eq!(months.first_of(day), Some(days_of(date.first_of_month())));
            let begins = date.to_zoned(new_york().clone()).unwrap().timestamp().as_microsecond();
            assert_eq!(clocks.midnight(day), Some(begins), "{date}");
            let next = date.tomorrow().unwrap().to_zoned(new_york().clone()).unwrap().timestamp().as_microsecond();
            let uneven = Some((day, next - begins)).filter(|(_, length)| *length != DAY);
            assert_eq!(clocks.uneven(day, day + 1), uneven.as_slice(), "{date}");
            for n in [-13, -1, 1, 12, 36] {
                let later = date.saturating_add(n.months());
                let wanted = YEARS.contains(&later.year()).then(|| days_of(later));
                assert_eq!(months.plus_months(day, n), wanted, "{date} and {n} months");
            }
            for hour in [0, 1, 5, 6, 7, 23] {
                let at = i64::from(day) * DAY + hour * 3_600_000_000;
                let offset = new_york().to_offset(Timestamp::from_microsecond(at).unwrap());
                assert_eq!(clocks.offset(at), Some(micros(offset)), "{date} {hour}");
            }
            (date, day) = (date.tomorrow().unwrap(), day + 1);
        }
    }

    #[test]
    fn clocks_change_at_the_microsecond() {
        for (at, _) in &Clocks::table().changes {
            for at in [at - 1, *at] {
                let offset = new_york().to_offset(Timestamp::from_microsecond(at).unwrap());
                assert_eq!(Clocks::table().offset(at), Some(micros(offset)));
            }
        }
        assert!(Clocks::table().changes.len() > 500, "two a year since clocks change");
    }

    #[test]
    fn days_outside_the_years_accepted_have_no_place() {
        let months = Months::table();
        let (first, last) = (months.day(1900, 1, 1).unwrap(), months.day(2200, 12, 31).unwrap());
        for day in [i32::MIN, first - 1, last + 1, last + 40, i32::MAX] {
            assert_eq!((months.ymd(day), months.first_of(day)), (None, None), "{day}");
        }
        for (year, month, day) in [(1899, 12, 31), (2201, 1, 1), (2025, 0, 1), (2025, 13, 1), (2025, 2, 29), (2025, 4, 31), (2025, 4, 0)] {
            assert_eq!(months.day(year, month, day), None, "{year} {month} {day}");
        }
        assert_eq!(Clocks::table().offset(i64::MAX), None);
        assert_eq!((months.plus_months(last, 1), months.plus_months(first, -1), months.plus_months(first, i64::MAX)), (None, None, None));
    }
}
