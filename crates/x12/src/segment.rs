//! One segment: its elements and components, and their values as text, amounts, quantities, days and times of day.
//! A value that is not what was asked for is a problem with its place; nothing is guessed.

use domain::field::Mismatch;
use domain::{ValidAt, ValidDay};
use memchr::memchr_iter;

use crate::problem::{Problem, shown};

/// What separates the parts of an interchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Separators {
    /// Between elements: the fourth byte of the ISA.
    pub element: u8,
    /// Between components: ISA16.
    pub component: u8,
    /// Between repetitions: ISA11, since 005010.
    pub repetition: Option<u8>,
    /// After a segment: the byte after ISA16.
    pub terminator: u8,
}

impl Separators {
    /// The first separator that cannot be one: a letter, a digit, or a byte used twice.
    pub(crate) fn unusable(&self) -> Option<(&'static str, u8)> {
        let Self { element, component, terminator, .. } = *self;
        let bad = |byte: u8| byte.is_ascii_alphanumeric();
        if bad(component) || component == element {
            return Some(("ISA16", component));
        }
        (bad(terminator) || terminator == element || terminator == component).then_some(("ISA", terminator))
    }
}

/// A segment of an interchange.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    ordinal: u64,
    separators: Separators,
    bytes: &'a [u8],
}

/// The `n`-th part between separators, from 0; empty beyond the last.
fn part(bytes: &[u8], separator: u8, n: usize) -> &[u8] {
    let mut from = 0;
    for (count, at) in memchr_iter(separator, bytes).enumerate() {
        if count == n {
            return &bytes[from..at];
        }
        from = at + 1;
        if count + 1 == n {
            let rest = &bytes[from..];
            return &rest[..memchr::memchr(separator, rest).unwrap_or(rest.len())];
        }
    }
    if n == 0 { bytes } else { &[] }
}

impl<'a> Segment<'a> {
    pub(crate) fn new(ordinal: u64, separators: Separators, bytes: &'a [u8]) -> Self {
        Self { ordinal, separators, bytes }
    }

    /// Its number in the file, from 1.
    pub fn ordinal(&self) -> u64 {
        self.ordinal
    }

    /// The segment id, as in `CLM`.
    pub fn id(&self) -> &'a [u8] {
        part(self.bytes, self.separators.element, 0)
    }

    /// Element `n`, from 1 as the guides count; empty if it is not there.
    pub fn element(&self, n: usize) -> &'a [u8] {
        part(self.bytes, self.separators.element, n)
    }

    /// Component `m` of element `n`, both from 1.
    pub fn component(&self, n: usize, m: usize) -> &'a [u8] {
        part(self.element(n), self.separators.component, m.saturating_sub(1))
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        memchr_iter(self.separators.element, self.bytes).count()
    }

    /// Whether it has no element at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A problem of the segment as a whole.
    pub(crate) fn problem(&self, mismatch: Mismatch) -> Problem {
        Problem::new(self.ordinal, String::from_utf8_lossy(&self.id()[..self.id().len().min(3)]), mismatch)
    }

    /// A problem of one element, or of a component of it.
    pub(crate) fn problem_at(&self, n: usize, m: usize, mismatch: Mismatch) -> Problem {
        let id = String::from_utf8_lossy(&self.id()[..self.id().len().min(3)]);
        Problem::new(self.ordinal, if m == 0 { format!("{id}{n:02}") } else { format!("{id}{n:02}-{m}") }, mismatch)
    }

    fn value(&self, n: usize, m: usize) -> &'a [u8] {
        if m == 0 { self.element(n) } else { self.component(n, m) }
    }

    pub(crate) fn wrong(&self, n: usize, m: usize, wanted: impl Into<String>) -> Problem {
        let value = self.value(n, m);
        let found = if value.is_empty() { "nothing".to_owned() } else { shown(value) };
        self.problem_at(n, m, Mismatch::new(found, wanted))
    }

    /// An element (`m` 0) or component as text of at most `most` characters; nothing if it is empty.
    pub(crate) fn optional(&self, n: usize, m: usize, most: usize) -> Result<Option<&'a str>, Problem> {
        let value = self.value(n, m).trim_ascii();
        if value.is_empty() {
            return Ok(None);
        }
        let text = std::str::from_utf8(value).ok().filter(|text| text.len() <= most && !text.chars().any(char::is_control));
        text.map(Some).ok_or_else(|| self.wrong(n, m, format!("text of at most {most} characters")))
    }

    /// As [`Segment::optional`], of something that must be there: `what`, in words.
    pub(crate) fn required(&self, n: usize, m: usize, most: usize, what: &str) -> Result<&'a str, Problem> {
        self.optional(n, m, most)?.ok_or_else(|| self.wrong(n, m, what))
    }

    /// A number with at most three decimals, in thousandths.
    pub(crate) fn thousandths(&self, n: usize, what: &str) -> Result<i64, Problem> {
        decimal(self.element(n), 3).ok_or_else(|| self.wrong(n, 0, what))
    }

    /// An amount in cents.
    pub(crate) fn cents(&self, n: usize) -> Result<i64, Problem> {
        decimal(self.element(n), 2).ok_or_else(|| self.wrong(n, 0, "an amount in dollars, with cents after a point"))
    }

    /// `CCYYMMDD`.
    pub(crate) fn day(&self, n: usize) -> Result<ValidDay, Problem> {
        day(self.element(n)).ok_or_else(|| self.wrong(n, 0, "a day that exists, CCYYMMDD"))
    }

    /// A day in element `date` and a time of day in element `time`, New York time; the guides know no time zone.
    pub(crate) fn instant(&self, date: usize, time: usize) -> Result<ValidAt, Problem> {
        let day = self.day(date)?;
        instant(day, self.element(time)).ok_or_else(|| self.wrong(time, 0, "a time of day, HHMM or HHMMSS"))
    }
}

/// A decimal number of at most `places` decimals, times ten to that power. Zeros beyond are taken; other digits are not.
fn decimal(bytes: &[u8], places: usize) -> Option<i64> {
    let bytes = bytes.trim_ascii();
    let (negative, digits) = match bytes.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, bytes),
    };
    let (whole, fraction) = digits.iter().position(|b| *b == b'.').map_or((digits, &[][..]), |at| (&digits[..at], &digits[at + 1..]));
    if whole.is_empty() && fraction.is_empty() || whole.len() > 12 || fraction.len() > 12 {
        return None;
    }
    let (kept, beyond) = fraction.split_at(fraction.len().min(places));
    if beyond.iter().any(|b| *b != b'0') {
        return None;
    }
    let mut value = 0i64;
    for byte in whole.iter().chain(kept) {
        value = value * 10 + i64::from(char::from(*byte).to_digit(10)?);
    }
    for _ in kept.len()..places {
        value *= 10;
    }
    Some(if negative { -value } else { value })
}

fn digits(bytes: &[u8]) -> Option<i16> {
    bytes.iter().try_fold(0i16, |n, b| Some(n * 10 + i16::try_from(char::from(*b).to_digit(10)?).ok()?))
}

/// `CCYYMMDD`, or the `YYMMDD` of an ISA, which is of this century.
pub(crate) fn day(bytes: &[u8]) -> Option<ValidDay> {
    let (year, rest) = match bytes.len() {
        8 => (digits(&bytes[..4])?, &bytes[4..]),
        6 => (2000 + digits(&bytes[..2])?, &bytes[2..]),
        _ => return None,
    };
    let (month, of_month) = (digits(&rest[..2])?, digits(&rest[2..])?);
    ValidDay::from_ymd(year, i8::try_from(month).ok()?, i8::try_from(of_month).ok()?)
}

/// `HHMM`, `HHMMSS`, with hundredths or without, on a day.
pub(crate) fn instant(day: ValidDay, time: &[u8]) -> Option<ValidAt> {
    if !matches!(time.len(), 4 | 6..=8) {
        return None;
    }
    let part = |from: usize| time.get(from..from + 2).map_or(Some(0), digits);
    let (hour, minute, second) = (part(0)?, part(2)?, if time.len() < 6 { 0 } else { part(4)? });
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    ValidAt::parse_local(&format!("{day}T{hour:02}:{minute:02}:{second:02}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn segment(text: &str) -> Segment<'_> {
        Segment::new(7, Separators { element: b'*', component: b':', repetition: Some(b'^'), terminator: b'~' }, text.as_bytes())
    }

    #[test]
    fn elements_and_components_are_counted_as_the_guides_count() {
        let sv2 = segment("SV2*0900*HC:H0038:HQ*40*UN*3.00");
        assert_eq!((sv2.id(), sv2.element(1), sv2.element(3), sv2.element(5), sv2.element(6)), (&b"SV2"[..], &b"0900"[..], &b"40"[..], &b"3.00"[..], &b""[..]));
        assert_eq!((sv2.component(2, 1), sv2.component(2, 3), sv2.component(2, 4), sv2.component(1, 1)), (&b"HC"[..], &b"HQ"[..], &b""[..], &b"0900"[..]));
        assert_eq!((sv2.len(), segment("LX").len()), (5, 0));
        assert_eq!(sv2.wrong(2, 2, "a code").to_string(), "7, SV202-2: found \"H0038\", wanted a code");
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        for (text, cents) in [("40", 4000), ("40.5", 4050), ("-12.34", -1234), (".07", 7), ("1.500", 150), ("0", 0)] {
            assert_eq!(decimal(text.as_bytes(), 2), Some(cents), "{text}");
        }
        for text in ["", ".", "-", "1.005", "1,000", "1e3", "12345678901234", "4 0"] {
            assert_eq!(decimal(text.as_bytes(), 2), None, "{text}");
        }
        assert_eq!(segment("X*3.00").thousandths(1, "units").unwrap(), 3_000);
    }

    #[test]
    fn days_and_times_exist_or_are_refused() {
        assert_eq!(day(b"20250302").unwrap().to_string(), "2025-03-02");
        assert_eq!(day(b"260105").unwrap().to_string(), "2026-01-05");
        assert!(day(b"20250230").is_none() && day(b"2025-3-2").is_none() && day(b"").is_none());
        let summer = day(b"20250702").unwrap();
        assert_eq!(instant(summer, b"180001").unwrap().to_string(), "2025-07-02T22:00:01Z");
        assert_eq!(instant(summer, b"09460000").unwrap().to_string(), "2025-07-02T13:46:00Z");
        assert!(instant(summer, b"2460").is_none() && instant(summer, b"9").is_none() && instant(summer, b"12000").is_none());
    }
}
