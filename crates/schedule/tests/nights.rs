//! A year of nights in virtual time: machines that sleep, restart, fail and have their clocks corrected.
//! What a run's local time must be is worked out here from the dates of the clock changes, not asked of the crate.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;

use domain::{KnownAt, ValidDay};
use proptest::prelude::*;
use schedule::{DailyAt, Step, Watch};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// Second Sunday of March and first Sunday of November, by counting.
fn sunday(year: i16, month: i8, nth: i64) -> ValidDay {
    let first = ValidDay::from_ymd(year, month, 1).unwrap();
    first.plus_days((7 - i64::from(first.iso_weekday())) % 7 + 7 * (nth - 1))
}

/// The instant of a local time by the federal rule: clocks go forward at 2:00 standard time, back at 2:00 summer time.
fn expected(day: ValidDay, hour: i64, minute: i64) -> i64 {
    let (year, ..) = day.ymd();
    let (spring, autumn) = (sunday(year, 3, 2), sunday(year, 11, 1));
    let wall = i64::from(day.days()) * 24 * HOUR + hour * HOUR + minute * MINUTE;
    if day == spring && hour == 2 {
        return i64::from(day.days()) * 24 * HOUR + 7 * HOUR;
    }
    let summer = (day > spring || (day == spring && hour > 2)) && (day < autumn || (day == autumn && hour < 2));
    wall + if summer { 4 * HOUR } else { 5 * HOUR }
}

/// What happens next to the machine.
#[derive(Debug, Clone, Copy)]
enum Happening {
    /// It is asked again after so many seconds, or when the wait is over.
    Wakes(i64),
    /// It sleeps through so many minutes.
    Sleeps(i64),
    /// The process ends and starts again after so many minutes, with only the ledger to remember.
    Restarts(i64),
    /// The clock is corrected by so many seconds, back or forth.
    Corrected(i64),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        60 => (1..90i64).prop_map(Happening::Wakes),
        3 => (1..600i64).prop_map(Happening::Sleeps),
        3 => (0..300i64).prop_map(Happening::Restarts),
        2 => (-3..4i64).prop_map(Happening::Corrected),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_local_day_of_a_year_has_one_run_at_the_right_local_time(year in 2024i16..2031, hour in 0i64..24, minute in 0i64..60, jitter in 0i64..59) {
        let at = DailyAt::parse(&format!("{hour:02}:{minute:02}")).unwrap();
        let first = ValidDay::from_ymd(year, 1, 1).unwrap();
        let last = ValidDay::from_ymd(year, 12, 31).unwrap();
        let mut now = expected(first.plus_days(-1), hour, minute) + MINUTE;
        let mut watch = Watch::new(at, Some(KnownAt::from_micros(now)));
        let mut runs: BTreeMap<i32, i64> = BTreeMap::new();
        while now < expected(last, hour, minute) + HOUR {
            match watch.step(KnownAt::from_micros(now)) {
                Step::Run { night, missed } => {
                    prop_assert_eq!(missed, 0);
                    prop_assert!(runs.insert(night.days(), now).is_none(), "{} ran twice", night);
                    watch.done(night);
                    now += 20 * SECOND;
                }
                // Again and again before it is due, as the service does; the jitter puts the questions at any second.
                Step::Wait { until } => now = until.micros().min(now + 23 * MINUTE + jitter * SECOND),
            }
        }
        let mut day = first;
        while day <= last {
            prop_assert_eq!(runs.get(&day.days()).copied(), Some(expected(day, hour, minute)), "{}", day);
            day = day.plus_days(1);
        }
        prop_assert_eq!(runs.len() as i64, last.days_since(first) + 1);
    }

    #[test]
    fn whatever_happens_no_night_runs_twice_and_none_awake_is_left_out(
        start in 0i64..366,
        hour in 0i64..24,
        happenings in prop::collection::vec(happening(), 2_000..6_000),
    ) {
        let at = DailyAt::parse(&format!("{hour:02}:30")).unwrap();
        let first = ValidDay::from_ymd(2025, 1, 1).unwrap().plus_days(start);
        let mut now = expected(first, hour, 30) + HOUR;
        let mut recorded = now;
        let mut watch = Watch::new(at, Some(KnownAt::from_micros(recorded)));
        let mut nights: Vec<ValidDay> = Vec::new();
        for happening in happenings {
            // As long as the machine is awake it asks: so nothing can be due and stay undone.
            let mut asked = 0;
            let until = loop {
                match watch.step(KnownAt::from_micros(now)) {
                    Step::Run { night, .. } => {
                        prop_assert!(nights.last().is_none_or(|last| *last < night), "{} after {:?}", night, nights.last());
                        prop_assert!(expected(night, hour, 30) <= now, "before its time");
                        prop_assert!(now < expected(night.plus_days(1), hour, 30), "a night is caught up before the next one begins");
                        nights.push(night);
                        // The ledger's clock never goes back.
                        recorded = recorded.max(now);
                        watch.done(night);
                    }
                    Step::Wait { until } => break until.micros(),
                }
                asked += 1;
                prop_assert!(asked < 2, "a run is followed by waiting");
            };
            prop_assert!(until > now || nights.last().is_some_and(|night| expected(night.plus_days(1), hour, 30) == until));
            match happening {
                Happening::Wakes(seconds) => now = until.min(now + seconds * 10 * SECOND).max(now + SECOND),
                Happening::Sleeps(minutes) => now += minutes * MINUTE,
                Happening::Restarts(minutes) => {
                    now += minutes * MINUTE;
                    watch = Watch::new(at, Some(KnownAt::from_micros(recorded)));
                }
                Happening::Corrected(seconds) => now += seconds * SECOND,
            }
        }
        // Between two runs there is more than one day only if the machine slept or stood still through the whole of the days between.
        for pair in nights.windows(2) {
            prop_assert!(pair[1].days_since(pair[0]) <= 1, "{} then {}: nothing here lasts a day", pair[0], pair[1]);
        }
    }
}
