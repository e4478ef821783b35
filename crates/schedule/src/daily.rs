//! A time of day in New York, and the one instant it stands for on each local day.
//! Refuses anything but HH:MM; every local day has exactly one instant, whatever the clocks do that night.

use std::fmt;
use std::sync::OnceLock;

use domain::{KnownAt, ValidDay};
use jiff::Timestamp;
use jiff::civil::{DateTime, Time, date};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// The agency's civil time zone (events.md, "Time"). The zone database is compiled in.
fn new_york() -> &'static TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    // The bundled database always holds this zone; UTC would only be reached if the crate were built without it.
    ZONE.get_or_init(|| TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC))
}

/// A time of day in New York.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyAt(Time);

/// What was given is not a time of day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotATime(pub String);

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a time of day: write it as 02:30, hours 00 to 23, New York time", self.0)
    }
}

impl std::error::Error for NotATime {}

impl DailyAt {
    /// Parses `HH:MM` and nothing else.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, NotATime> {
        let digits = |part: &str| if part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()) { part.parse::<i8>().ok() } else { None };
        let (hour, minute) = text.split_once(':').unwrap_or_default();
        let time = digits(hour).zip(digits(minute)).and_then(|(h, m)| Time::new(h, m, 0, 0).ok());
        time.map(Self).ok_or_else(|| NotATime(text.to_owned()))
    }

    /// The instant of this time on a local day: the first instant after the gap where the clocks skip it, the first of the two where
    /// they show it twice.
    pub fn on(self, day: ValidDay) -> KnownAt {
        let (year, month, of_month) = day.ymd();
        let local = DateTime::from_parts(date(year, month, of_month), self.0);
        let ambiguous = new_york().to_ambiguous_timestamp(local);
        let instant = match ambiguous.offset() {
            // With the later offset a skipped time lies before the change of the clocks, so the next change is the one that skips it.
            AmbiguousOffset::Gap { after, .. } => {
                after.to_timestamp(local).ok().and_then(|before| new_york().following(before).next().map(|change| change.timestamp()))
            }
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).ok(),
            // Summer's offset comes first on the night on which an hour is repeated.
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(local).ok(),
        };
        // Days lie between 1900 and 2200, far inside what an instant can be.
        KnownAt::from_micros(instant.unwrap_or(Timestamp::UNIX_EPOCH).as_microsecond())
    }

    /// The latest run due at `now` or before: its local day and its instant.
    pub fn latest(self, now: KnownAt) -> (ValidDay, KnownAt) {
        let today = now.local_day();
        let at = self.on(today);
        if at <= now { (today, at) } else { (today.plus_days(-1), self.on(today.plus_days(-1))) }
    }

    /// The first run due after `now`: its local day and its instant.
    pub fn next(self, now: KnownAt) -> (ValidDay, KnownAt) {
        let day = self.latest(now).0.plus_days(1);
        (day, self.on(day))
    }
}

impl fmt::Display for DailyAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str, day: &str) -> String {
        DailyAt::parse(time).unwrap().on(ValidDay::parse(day).unwrap()).to_string()
    }

    #[test]
    fn a_time_is_new_yorks_in_winter_and_in_summer() {
        assert_eq!(at("02:30", "2025-01-15"), "2025-01-15T07:30:00Z");
        assert_eq!(at("02:30", "2025-07-15"), "2025-07-15T06:30:00Z");
        assert_eq!(at("23:59", "2025-07-15"), "2025-07-16T03:59:00Z");
    }

    #[test]
    fn a_time_that_the_spring_night_skips_is_the_first_instant_after_the_gap() {
        for skipped in ["02:00", "02:01", "02:30", "02:59"] {
            assert_eq!(at(skipped, "2025-03-09"), "2025-03-09T07:00:00Z", "{skipped}");
        }
        assert_eq!(at("01:59", "2025-03-09"), "2025-03-09T06:59:00Z");
        assert_eq!(at("03:00", "2025-03-09"), "2025-03-09T07:00:00Z");
        assert_eq!(at("03:01", "2025-03-09"), "2025-03-09T07:01:00Z");
    }

    #[test]
    fn a_time_that_the_autumn_night_shows_twice_is_the_first_of_the_two() {
        assert_eq!(at("01:30", "2025-11-02"), "2025-11-02T05:30:00Z");
        assert_eq!(at("00:59", "2025-11-02"), "2025-11-02T04:59:00Z");
        assert_eq!(at("02:00", "2025-11-02"), "2025-11-02T07:00:00Z");
    }

    #[test]
    fn what_is_no_time_of_day_is_refused_with_an_example() {
        for wrong in ["", "2:30", "02:60", "24:00", "02:30:00", "0230", "+2:30", "aa:bb", "02:3", "٠٢:٣٠"] {
            let said = DailyAt::parse(wrong).unwrap_err().to_string();
            assert!(said.contains("write it as 02:30"), "{said}");
        }
        assert_eq!(DailyAt::parse("00:00").unwrap().to_string(), "00:00");
    }

    #[test]
    fn the_latest_and_the_next_run_enclose_now() {
        let daily = DailyAt::parse("02:30").unwrap();
        let now = daily.on(ValidDay::parse("2025-06-05").unwrap());
        assert_eq!(daily.latest(now).0.to_string(), "2025-06-05");
        assert_eq!(daily.next(now).0.to_string(), "2025-06-06");
        let before = KnownAt::from_micros(now.micros() - 1);
        assert_eq!(daily.latest(before).0.to_string(), "2025-06-04");
        assert_eq!(daily.next(before).0.to_string(), "2025-06-05");
    }
}
