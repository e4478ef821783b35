//! Days and instants as a person reads them, from the numbers in the bytes: the proleptic Gregorian calendar, in UTC.
//! It refuses to know time zones: what is printed says `Z`.

const DAY: i64 = 86_400_000_000;

/// A day from its number since 1970-01-01.
pub(crate) fn day(number: i32) -> String {
    // Years are counted from March, so that the leap day is the last of its year; 400 years have 146,097 days.
    let shifted = i64::from(number) + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let date = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{date:02}")
}

/// An instant from its microseconds since 1970-01-01 00:00 UTC, to the second.
pub(crate) fn instant(micros: i64) -> String {
    let seconds = micros.rem_euclid(DAY) / 1_000_000;
    format!("{}T{:02}:{:02}:{:02}Z", date(micros), seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The day of an instant, in UTC.
pub(crate) fn date(micros: i64) -> String {
    // An i64 of microseconds is some 107 million days either way.
    day(micros.div_euclid(DAY) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (number, text) in [(0, "1970-01-01"), (-1, "1969-12-31"), (20_148, "2025-03-01"), (19_782, "2024-02-29"), (11_016, "2000-02-29"), (-25_567, "1900-01-01")] {
            assert_eq!(day(number), text);
        }
        assert_eq!(instant(1_709_676_120_000_000), "2024-03-05T22:02:00Z");
        assert_eq!(instant(-1), "1969-12-31T23:59:59Z");
        let _ = (day(i32::MAX), day(i32::MIN), instant(i64::MAX), instant(i64::MIN));
    }
}
