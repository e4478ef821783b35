//! The agency's calendar: working days, wall-clock times in New York, and how an instant is written with its local offset.
//! Knows no clock of its own; every day and instant is given or thrown.

use domain::{ValidAt, ValidDay};

const MICROS: i64 = 1_000_000;
const MINUTE: i64 = 60 * MICROS;
const DAY: i64 = 24 * 60 * MINUTE;

/// A date written in this crate.
pub(crate) fn day(year: i16, month: i8, of_month: i8) -> ValidDay {
    ValidDay::from_ymd(year, month, of_month).expect("a date written in this crate exists")
}

/// The instant at which the clock on the wall shows `minute` minutes after midnight. The clock changes at two in the morning, so this
/// counts back from the next midnight and is meant for 03:00 and later.
pub(crate) fn at(day: ValidDay, minute: i64) -> ValidAt {
    ValidAt::from_micros(day.plus_days(1).begins().micros() - DAY + minute * MINUTE)
}

/// `minutes` of elapsed time later.
pub(crate) fn later(at: ValidAt, minutes: i64) -> ValidAt {
    ValidAt::from_micros(at.micros() + minutes * MINUTE)
}

/// Monday to Friday, no federal holiday.
pub(crate) fn is_working(day: ValidDay) -> bool {
    day.iso_weekday() <= 5 && !is_holiday(day)
}

/// The day itself if people work on it, else the next on which they do.
pub(crate) fn working_from(day: ValidDay) -> ValidDay {
    let mut day = day;
    while !is_working(day) {
        day = day.plus_days(1);
    }
    day
}

/// The first working day after `day`.
pub(crate) fn next_working(day: ValidDay) -> ValidDay {
    working_from(day.plus_days(1))
}

/// Monday of the day's ISO week.
pub(crate) fn monday_of(day: ValidDay) -> ValidDay {
    day.plus_days(1 - i64::from(day.iso_weekday()))
}

/// The federal holidays on which a clinic is closed. One on a weekend closes nothing else.
fn is_holiday(day: ValidDay) -> bool {
    let (_, month, of_month) = day.ymd();
    let monday = day.iso_weekday() == 1;
    let nth = (of_month - 1) / 7 + 1;
    let last_of_month = day.plus_days(7).ymd().1 != month;
    match (month, of_month) {
        (1, 1) | (6, 19) | (7, 4) | (11, 11) | (12, 25) => true,
        (1 | 2, _) => monday && nth == 3,
        (5, _) => monday && last_of_month,
        (9, _) => monday && nth == 1,
        (10, _) => monday && nth == 2,
        (11, _) => day.iso_weekday() == 4 && nth == 4,
        _ => false,
    }
}

/// RFC 3339 with the offset New York had at that instant, as a source system there writes it.
pub(crate) fn local_text(at: ValidAt) -> String {
    let (hour, minute) = at.local_clock();
    let day = at.local_day();
    let seconds = at.micros().div_euclid(MICROS);
    let second = seconds.rem_euclid(60);
    let wall = i64::from(day.days()) * 86_400 + i64::from(hour) * 3_600 + i64::from(minute) * 60 + second;
    let offset_hours = (wall - seconds) / 3_600;
    let sign = if offset_hours < 0 { '-' } else { '+' };
    format!("{day}T{hour:02}:{minute:02}:{second:02}{sign}{:02}:00", offset_hours.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_clock_times_keep_to_the_wall_on_both_sides_of_a_clock_change() {
        assert_eq!(local_text(at(day(2025, 3, 7), 9 * 60 + 30)), "2025-03-07T09:30:00-05:00");
        assert_eq!(local_text(at(day(2025, 3, 9), 9 * 60 + 30)), "2025-03-09T09:30:00-04:00");
        assert_eq!(local_text(at(day(2024, 11, 3), 9 * 60 + 30)), "2024-11-03T09:30:00-05:00");
        assert_eq!(local_text(later(day(2025, 3, 9).begins(), 90)), "2025-03-09T01:30:00-05:00");
        assert_eq!(local_text(later(day(2025, 3, 9).begins(), 150)), "2025-03-09T03:30:00-04:00");
    }

    #[test]
    fn the_clinic_is_closed_on_weekends_and_holidays() {
        for closed in [day(2024, 7, 4), day(2024, 9, 2), day(2024, 11, 28), day(2025, 1, 20), day(2025, 5, 26), day(2025, 6, 7)] {
            assert!(!is_working(closed), "{closed}");
        }
        assert_eq!(next_working(day(2025, 5, 23)), day(2025, 5, 27));
        assert_eq!(monday_of(day(2025, 6, 1)), day(2025, 5, 26));
    }
}
