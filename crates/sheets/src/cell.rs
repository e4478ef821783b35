//! What a cell holds, and day numbers turned into days: the two epochs of workbooks are settled here.
//! A time is wall-clock time without a zone; where that clock hangs, the reader of the row has to know.

use std::borrow::Cow;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text, as it stands in the cell.
    Text(Cow<'a, str>),
    /// A number that is not formatted as a date or time.
    Number(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// A date, a time of day, or both.
    Moment(Moment),
    /// A length of time of a day or more, or below zero, in days.
    Duration(f64),
    /// An error of the spreadsheet, as it shows it: `#REF!`.
    Error(&'static str),
    /// A formula whose result was never stored.
    Uncached,
}

/// A wall-clock date, time of day, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    /// Days since 1970-01-01; absent for a time of day alone.
    pub day: Option<i32>,
    /// Seconds since midnight, below 86,400; absent for a date alone. A workbook cannot tell midnight from no time: both are a date alone.
    pub seconds: Option<u32>,
}

/// A row that has at least one cell which is not empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row<'a> {
    /// Number of the row as the spreadsheet shows it, from 1.
    pub number: u32,
    /// The cells from column A on, up to the last one that is not empty.
    pub cells: Vec<Cell<'a>>,
    /// Columns (from 0) whose value is the stored result of a formula.
    pub formulas: Vec<u32>,
}

const SECONDS_OF_DAY: u32 = 86_400;

/// Day number of 1970-01-01 where days are counted from 1900.
const UNIX_EPOCH: f64 = 25_569.0;

/// Days between the two epochs.
const EPOCH_1904: f64 = 1_462.0;

/// 9999-12-31 as a day number; nothing later is a date.
const LAST_DAY: f64 = 2_958_465.0;

impl Moment {
    /// From a day number, to the second; `None` where there is no such day, as for the 29 February 1900 that never was.
    pub(crate) fn from_serial(serial: f64, from_1904: bool) -> Option<Self> {
        if !(0.0..=LAST_DAY + 1.0).contains(&serial) {
            return None;
        }
        let time_alone = serial < 1.0;
        let serial = if from_1904 && !time_alone { serial + EPOCH_1904 } else { serial };
        let (mut whole, mut seconds) = (serial.floor(), (serial.fract() * f64::from(SECONDS_OF_DAY)).round() as u32);
        if seconds == SECONDS_OF_DAY {
            (whole, seconds) = (whole + 1.0, 0);
        }
        if time_alone && whole == 0.0 {
            return Some(Self { day: None, seconds: Some(seconds) });
        }
        // Excel counts a 29 February 1900: before it, day numbers are one short.
        let day = match whole {
            60.0 => return None,
            early if early < 60.0 => early + 1.0 - UNIX_EPOCH,
            _ => whole - UNIX_EPOCH,
        };
        (whole <= LAST_DAY).then_some(Self { day: Some(day as i32), seconds: (seconds > 0).then_some(seconds) })
    }

    /// From `2025-03-04`, `2025-03-04T09:30:00`, as ODS and strict XLSX write dates; fractions of a second are dropped.
    pub(crate) fn from_iso(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
        let mut parts = date.splitn(3, '-');
        let (year, month, day) = (digits(parts.next()?)?, digits(parts.next()?)?, digits(parts.next()?)?);
        let day = days_of(i32::try_from(year).ok()?, month, day)?;
        let seconds = time.map(time_of_day).map_or(Some(None), |time| time.map(Some))?;
        Some(Self { day: Some(day), seconds: seconds.filter(|s| *s > 0) })
    }

    /// From `PT09H30M00S`, as ODS writes a time of day; `None` for a day or more.
    pub(crate) fn from_iso_duration(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix("PT")?;
        let mut seconds = 0u32;
        for (unit, size) in [('H', 3600), ('M', 60), ('S', 1)] {
            let Some((amount, after)) = rest.split_once(unit) else { continue };
            let amount = digits(amount.split(['.', ',']).next()?)?;
            seconds = seconds.checked_add(amount.checked_mul(size)?)?;
            rest = after;
        }
        (rest.is_empty() && seconds < SECONDS_OF_DAY).then_some(Self { day: None, seconds: Some(seconds) })
    }
}

fn digits(text: &str) -> Option<u32> {
    (!text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn time_of_day(text: &str) -> Option<u32> {
    let mut parts = text.splitn(3, ':');
    let (hour, minute) = (digits(parts.next()?)?, digits(parts.next()?)?);
    let second = parts.next().map_or(Some(0), |s| digits(s.split('.').next()?))?;
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar; `None` if there is no such date.
fn days_of(year: i32, month: u32, day: u32) -> Option<i32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return None,
    };
    if day == 0 || day > length || !(1..=9999).contains(&year) {
        return None;
    }
    // Years begin in March, so that the leap day is the last of its year.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = i64::from(year) * 365 + i64::from(year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400));
    i32::try_from(days + i64::from((153 * month + 2) / 5 + day) - 1 - 719_468).ok()
}

/// `A`, `Z`, `AA`: a column (from 0) as spreadsheets name it.
pub fn column_letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or_default()));
        match (column / 26).checked_sub(1) {
            Some(rest) => column = rest,
            None => return letters.iter().rev().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn both(day: i32, seconds: Option<u32>) -> Option<Moment> {
        Some(Moment { day: Some(day), seconds })
    }

    #[test]
    fn day_numbers_of_both_epochs_are_the_same_days() {
        // 2025-03-04 is day 20,151 since 1970.
        assert_eq!(Moment::from_serial(45_720.0, false), both(20_151, None));
        assert_eq!(Moment::from_serial(44_258.0, true), both(20_151, None));
        assert_eq!(Moment::from_serial(45_720.395_833_333_3, false), both(20_151, Some(34_200)));
        assert_eq!(Moment::from_serial(45_719.999_999_9, false), both(20_151, None));
        assert_eq!(Moment::from_serial(0.5, true), Some(Moment { day: None, seconds: Some(43_200) }));
        for none in [60.0, -1.0, f64::NAN, f64::INFINITY, 3_000_000.0] {
            assert_eq!(Moment::from_serial(none, false), None, "{none}");
        }
        assert_eq!(Moment::from_serial(1.0, false).unwrap().day, days_of(1900, 1, 1));
        assert_eq!(Moment::from_serial(61.0, false).unwrap().day, days_of(1900, 3, 1));
    }

    #[test]
    fn dates_in_words_are_days() {
        assert_eq!(Moment::from_iso("2025-03-04"), both(20_151, None));
        assert_eq!(Moment::from_iso("2025-03-04T09:30:00.000"), both(20_151, Some(34_200)));
        assert_eq!(Moment::from_iso("1970-01-01T00:00:00"), both(0, None));
        for none in ["2025-02-29", "2025-13-01", "2025-3", "x", "2025-03-04T25:00", "2025-03-04T", "9999999999-01-01"] {
            assert_eq!(Moment::from_iso(none), None, "{none}");
        }
        assert_eq!(Moment::from_iso_duration("PT09H30M00S").unwrap().seconds, Some(34_200));
        assert_eq!(Moment::from_iso_duration("PT25H00M00S"), None);
        assert_eq!(Moment::from_iso_duration("PT9H1S3M"), None);
    }

    #[test]
    fn columns_are_called_as_spreadsheets_call_them() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(column_letters(column), letters);
        }
    }
}
