//! Dates and times as people and spreadsheets write them, to those of the interchange.
//! Never guesses which number is the month, and takes no wall-clock time that does not exist or exists twice.

use domain::field::Mismatch;
use domain::given::trimmed;
use domain::{ValidAt, ValidDay};

/// A piece of a date as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Year,
    /// Two digits of this century.
    ShortYear,
    Month,
    MonthName,
    Day,
    Other(char),
}

/// How a column writes its dates: `MM/DD/YYYY`, `D.M.YY`, `DD-Mon-YYYY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    text: String,
    pieces: Vec<Piece>,
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

impl Pattern {
    /// Reads `MM/DD/YYYY` and its like; one letter or two make no difference for day and month.
    ///
    /// # Errors
    /// Letters that are no part of a date, and a date without day, month or year.
    pub(crate) fn read(text: &str) -> Result<Self, Mismatch> {
        let wanted = "YYYY or YY, MM or Mon, and DD in their order, as in MM/DD/YYYY";
        let refused = |found: String| Mismatch::new(found, wanted).hint("M is a month and not minutes: a time after the date needs no pattern");
        let mut pieces = Vec::new();
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            let known = [
                ("YYYY", Piece::Year),
                ("YY", Piece::ShortYear),
                ("Mon", Piece::MonthName),
                ("MM", Piece::Month),
                ("M", Piece::Month),
                ("DD", Piece::Day),
                ("D", Piece::Day),
            ];
            let (piece, length) = match known.into_iter().find(|(name, _)| rest.starts_with(name)) {
                Some((name, piece)) => (piece, name.len()),
                None if first.is_alphanumeric() => return Err(refused(format!("{text:?}"))),
                None => (Piece::Other(first), first.len_utf8()),
            };
            pieces.push(piece);
            rest = &rest[length..];
        }
        let count = |of: &[Piece]| pieces.iter().filter(|p| of.contains(p)).count();
        let whole = count(&[Piece::Year, Piece::ShortYear]) == 1 && count(&[Piece::Month, Piece::MonthName]) == 1 && count(&[Piece::Day]) == 1;
        if whole { Ok(Self { text: text.trim().to_owned(), pieces }) } else { Err(refused(format!("{text:?}"))) }
    }

    /// As it is written in a mapping.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it has a year of two digits only.
    pub(crate) fn is_short(&self) -> bool {
        self.pieces.contains(&Piece::ShortYear)
    }

    /// Reads a date at the front of a text, and gives the rest.
    fn date<'t>(&self, text: &'t str) -> Option<(ValidDay, &'t str)> {
        let (mut year, mut month, mut day) = (0i16, 0i8, 0i8);
        let mut rest = text;
        for piece in &self.pieces {
            match piece {
                Piece::Year => (year, rest) = digits(rest, 4, 4).and_then(|(n, r)| Some((n.try_into().ok()?, r)))?,
                Piece::ShortYear => (year, rest) = digits(rest, 2, 2).and_then(|(n, r)| Some((2000 + i16::try_from(n).ok()?, r)))?,
                Piece::Month => (month, rest) = digits(rest, 1, 2).and_then(|(n, r)| Some((n.try_into().ok()?, r)))?,
                Piece::Day => (day, rest) = digits(rest, 1, 2).and_then(|(n, r)| Some((n.try_into().ok()?, r)))?,
                Piece::MonthName => (month, rest) = month_name(rest)?,
                Piece::Other(c) => rest = rest.strip_prefix(*c)?,
            }
        }
        // A digit more is another number: 3/4/20255.
        let ended = !rest.starts_with(|c: char| c.is_ascii_digit());
        ended.then(|| ValidDay::from_ymd(year, month, day)).flatten().map(|day| (day, rest))
    }
}

fn digits(text: &str, least: usize, most: usize) -> Option<(u16, &str)> {
    let (mut number, mut length) = (0, 0);
    for byte in text.bytes().take(most).take_while(u8::is_ascii_digit) {
        number = number * 10 + u16::from(byte - b'0');
        length += 1;
    }
    if length < least { None } else { text.get(length..).map(|rest| (number, rest)) }
}

fn month_name(text: &str) -> Option<(i8, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, rest) = text.split_at_checked(length)?;
    let is = |month: &str| name.len() >= 3 && month.get(..name.len()).is_some_and(|m| m.eq_ignore_ascii_case(name));
    let at = MONTHS.iter().position(|month| is(month))?;
    Some((i8::try_from(at).ok()? + 1, rest.strip_prefix('.').unwrap_or(rest)))
}

/// `YYYY-MM-DD` at the front of a text, the one date that needs no pattern.
fn iso_date(text: &str) -> Option<(ValidDay, &str)> {
    let date = text.get(..10)?;
    Some((ValidDay::parse(date)?, &text[10..]))
}

/// Seconds since midnight of `9:30`, `09:30:15`, `9:30 AM`, `9:30p`.
pub(crate) fn time(text: &str) -> Option<u32> {
    let (hour, rest) = digits(trimmed(text), 1, 2)?;
    let (minute, mut rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
    let mut second = 0;
    if let Some(after) = rest.strip_prefix(':') {
        (second, rest) = digits(after, 2, 2)?;
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    let rest = rest.trim_start();
    let hour = if rest.is_empty() {
        hour
    } else {
        let later = half(rest.as_bytes())?;
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour % 12 + later
    };
    (hour < 24 && minute < 60 && second < 60).then(|| u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second))
}

/// Hours that the half of the day adds: `AM`, `p.m.`, `a`.
fn half(text: &[u8]) -> Option<u16> {
    let mut letters = text.trim_ascii_end().iter().filter(|b| **b != b'.').map(u8::to_ascii_lowercase);
    let later = match letters.next()? {
        b'a' => 0,
        b'p' => 12,
        _ => return None,
    };
    (letters.next().is_none_or(|m| m == b'm') && letters.next().is_none()).then_some(later)
}

/// A date, and the time after it if there is one.
pub(crate) fn date_and_time(text: &str, patterns: &[Pattern]) -> Option<(ValidDay, Option<u32>)> {
    let read = |(day, rest): (ValidDay, &str)| {
        if rest.is_empty() {
            return Some((day, None));
        }
        let time_text = rest.strip_prefix('T').unwrap_or(rest).trim_start_matches([' ', ',']);
        if time_text.is_empty() { rest.is_empty().then_some((day, None)) } else { Some((day, Some(time(time_text)?))) }
    };
    patterns.iter().find_map(|p| p.date(text).and_then(read)).or_else(|| iso_date(text).and_then(read))
}

/// The zone of a file's wall-clock times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    NewYork,
    Utc,
}

/// Turns wall-clock times into instants; remembers the offset of the day before, as rows come by day.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    zone: Zone,
    /// A day without clock change.
    day: Option<(ValidDay, Midnight)>,
}

/// The beginning of a day on which the clocks do not change.
#[derive(Debug, Clone, Copy)]
struct Midnight {
    at: ValidAt,
    /// Seconds that the clock is behind UTC.
    west: i64,
}

/// `2025-03-04T09:30:00-05:00`
type Written = [u8; 25];

impl Clock {
    pub(crate) fn new(zone: Zone) -> Self {
        Self { zone, day: None }
    }

    /// An instant; `None` on a day on which the clocks change, and where years end that are accepted: there it is told by its text.
    pub(crate) fn at(&mut self, day: ValidDay, seconds: u32) -> Option<ValidAt> {
        let midnight = self.midnight(day)?.at.micros();
        ValidAt::accepted(midnight + i64::from(seconds) * 1_000_000)
    }

    /// An instant as the interchange writes it.
    ///
    /// # Errors
    /// A time that does not exist or exists twice, on the nights when clocks change.
    pub(crate) fn instant(&mut self, day: ValidDay, seconds: u32) -> Result<String, Mismatch> {
        match self.midnight(day) {
            Some(midnight) => Ok(at_time(written(day, midnight.west), seconds)),
            None => changing(day, seconds),
        }
    }

    /// The beginning of a day with its offset from UTC; `None` for a day on which that changes.
    fn midnight(&mut self, day: ValidDay) -> Option<Midnight> {
        if let Some((_, midnight)) = self.day.filter(|(known, _)| *known == day) {
            return Some(midnight);
        }
        let west = match self.zone {
            Zone::Utc => 0,
            Zone::NewYork => {
                let (begins, ends) = (day.begins().micros() / 1_000_000, day.plus_days(1).begins().micros() / 1_000_000);
                if ends - begins != 86_400 {
                    return None;
                }
                begins - i64::from(day.days()) * 86_400
            }
        };
        let midnight = Midnight { at: ValidAt::from_micros((i64::from(day.days()) * 86_400 + west) * 1_000_000), west };
        self.day = Some((day, midnight));
        Some(midnight)
    }
}

/// A time of a day with 23 or 25 hours.
fn changing(day: ValidDay, seconds: u32) -> Result<String, Mismatch> {
    let local = at_time(written(day, 0), seconds);
    let clock = local.trim_end_matches("+00:00");
    let hint = "write the time with its offset from UTC, as in 2025-11-02T01:30:00-04:00";
    let Some(at) = ValidAt::parse_local(clock) else { return Err(Mismatch::new(clock, "a date and time")) };
    let wanted_clock = (i8::try_from(seconds / 3600).unwrap_or(0), i8::try_from(seconds / 60 % 60).unwrap_or(0));
    if at.local_clock() != wanted_clock {
        return Err(Mismatch::new(format!("{clock}, a time that the clocks skip that night"), "a time that exists").hint(hint));
    }
    let hour_later = ValidAt::from_micros(at.micros() + 3_600_000_000);
    if hour_later.local_clock() == wanted_clock {
        return Err(Mismatch::new(format!("{clock}, a time that comes twice that night"), "a time that comes once").hint(hint));
    }
    Ok(at.to_string())
}

/// Two digits.
fn two(n: u32) -> [u8; 2] {
    [b'0' + (n / 10 % 10) as u8, b'0' + (n % 10) as u8]
}

/// Midnight of a day, given how many seconds the clock is behind UTC.
fn written(day: ValidDay, west: i64) -> Written {
    let (year, month, date) = day.ymd();
    let (year, west_minutes) = (u32::from(year.unsigned_abs()), u32::try_from(west.unsigned_abs() / 60).unwrap_or(0));
    let mut out = *b"0000-00-00T00:00:00+00:00";
    for (place, n) in [
        (0, year / 100),
        (2, year % 100),
        (5, u32::from(month.unsigned_abs())),
        (8, u32::from(date.unsigned_abs())),
        (20, west_minutes / 60),
        (23, west_minutes % 60),
    ] {
        out[place..place + 2].copy_from_slice(&two(n));
    }
    out[19] = if west > 0 { b'-' } else { b'+' };
    out
}

/// So many seconds after midnight on the clock.
fn at_time(mut midnight: Written, seconds: u32) -> String {
    for (place, n) in [(11, seconds / 3600), (14, seconds / 60 % 60), (17, seconds % 60)] {
        midnight[place..place + 2].copy_from_slice(&two(n));
    }
    String::from_utf8(midnight.to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(pattern: &str, text: &str) -> Option<(String, Option<u32>)> {
        date_and_time(text, &[Pattern::read(pattern).unwrap()]).map(|(day, time)| (day.to_string(), time))
    }

    #[test]
    fn a_pattern_says_which_number_is_the_month() {
        for (pattern, text, expected) in [
            ("MM/DD/YYYY", "3/4/2025", Some("2025-03-04")),
            ("DD/MM/YYYY", "03/04/2025", Some("2025-04-03")),
            ("D.M.YY", "4.3.25", Some("2025-03-04")),
            ("DD-Mon-YYYY", "04-Mar-2025", Some("2025-03-04")),
            ("Mon D, YYYY", "Sept. 4, 2025", Some("2025-09-04")),
            ("YYYYMMDD", "20250304", Some("2025-03-04")),
            ("MM/DD/YYYY", "2025-03-04", Some("2025-03-04")),
            ("MM/DD/YYYY", "13/04/2025", None),
            ("MM/DD/YYYY", "3/4/20255", None),
            ("MM/DD/YYYY", "2/30/2025", None),
            ("DD-Mon-YYYY", "04-M-2025", None),
        ] {
            assert_eq!(read(pattern, text).map(|(day, _)| day).as_deref(), expected, "{pattern} {text}");
        }
        for bad in ["", "MM/YYYY", "mm/dd/yyyy", "MM/DD/YYYY HH:mm", "MM/MM/DD/YYYY"] {
            assert!(Pattern::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_need_no_pattern() {
        for (text, expected) in [
            ("9:30", Some(34_200)),
            ("09:30:15", Some(34_215)),
            ("12:00 AM", Some(0)),
            ("12:15pm", Some(44_100)),
            ("1:05 p.m.", Some(47_100)),
            ("1:05 P", Some(47_100)),
            ("1:05 pmm", None),
            ("1:05 .", None),
            ("1:05 xm", None),
            ("09:30:15.250", Some(34_215)),
            ("24:00", None),
            ("13:00 PM", None),
            ("9", None),
            ("9:5", None),
            ("9:30 EST", None),
        ] {
            assert_eq!(time(text), expected, "{text}");
        }
        assert_eq!(read("MM/DD/YYYY", "3/4/2025 9:30 AM"), Some(("2025-03-04".into(), Some(34_200))));
        assert_eq!(read("MM/DD/YYYY", "2025-03-04T09:30"), Some(("2025-03-04".into(), Some(34_200))));
        assert_eq!(read("MM/DD/YYYY", "3/4/2025x"), None);
        assert_eq!(read("MM/DD/YYYY", "3/4/2025 "), None);
    }

    #[test]
    fn wall_clocks_are_those_of_new_york_in_summer_and_winter() {
        let mut clock = Clock::new(Zone::NewYork);
        let mut at = |date: &str, seconds| clock.instant(ValidDay::parse(date).unwrap(), seconds).map_err(|m| m.found);
        assert_eq!(at("2025-03-04", 34_200).unwrap(), "2025-03-04T09:30:00-05:00");
        assert_eq!(at("2025-07-04", 34_200).unwrap(), "2025-07-04T09:30:00-04:00");
        assert_eq!(at("2025-03-09", 34_200).unwrap(), "2025-03-09T13:30:00Z");
        assert!(at("2025-03-09", 9_000).unwrap_err().contains("skip"));
        assert!(at("2025-11-02", 5_400).unwrap_err().contains("twice"));
        assert_eq!(at("2025-11-02", 1_800).unwrap(), "2025-11-02T04:30:00Z");
        assert_eq!(Clock::new(Zone::Utc).instant(ValidDay::parse("2025-03-09").unwrap(), 9_000).unwrap(), "2025-03-09T02:30:00+00:00");
    }
}
