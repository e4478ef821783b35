//! Instants and days as RFC 3339 spells them, read by their digits; spellings that few files have are left to the calendar library.
//! Reads nothing looser: what one program reads leniently another refuses.

use jiff::Timestamp;

use crate::calendar::Months;
use crate::time::ValidDay;

/// Whether an instant lies in the years accepted. At their edges it is the UTC year that counts.
pub(crate) fn is_accepted(micros: i64) -> bool {
    let (first, end) = Months::table().bounds();
    (first..end).contains(&micros)
}

/// The number that decimal digits are; nothing else is one.
fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i32::from(b - b'0')))
}

/// The day of `YYYY-MM-DD`, whatever stands between its digits.
pub(crate) fn day_of_digits(date: &[u8]) -> Option<ValidDay> {
    let (year, month, day) = (number(&date[0..4])?, number(&date[5..7])?, number(&date[8..10])?);
    ValidDay::from_ymd(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)
}

/// An instant as nearly every file writes it, `2025-03-04T09:30:00-05:00` or with `Z`, by looking at its digits; `None` for all other
/// spellings and for what is not an instant, which the library tells apart.
fn usual_instant(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let (clock, offset) = bytes.split_at_checked(19)?;
    let marked = clock[4] == b'-' && clock[7] == b'-' && clock[10] == b'T' && clock[13] == b':' && clock[16] == b':';
    let (sign, hours, minutes) = match offset {
        b"Z" => (0, 0, 0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => (if *sign == b'-' { 1 } else { -1 }, number(&[*h1, *h2])?, number(&[*m1, *m2])?),
        _ => return None,
    };
    let day = day_of_digits(clock)?;
    let (hour, minute, second) = (number(&clock[11..13])?, number(&clock[14..16])?, number(&clock[17..19])?);
    if !marked || hour > 23 || minute > 59 || second > 59 || hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = hour * 3_600 + minute * 60 + second + sign * (hours * 3_600 + minutes * 60);
    let micros = (i64::from(day.days()) * 86_400 + i64::from(seconds)) * 1_000_000;
    is_accepted(micros).then_some(micros)
}

/// Whether a text has the shape of RFC 3339, section 5.6: seconds and offset are there, and nothing follows the offset.
/// The calendar library reads much more (hours without minutes, zone names in brackets, offsets of 25 hours), and what one
/// program reads leniently another refuses. A space for the `T` is allowed, as the note in that section allows it.
fn is_rfc_3339(text: &str) -> bool {
    const HEAD: &[u8; 19] = b"0000-00-00T00:00:00";
    let Some((head, rest)) = text.as_bytes().split_at_checked(HEAD.len()) else { return false };
    let is_shaped = head.iter().zip(HEAD).all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b't' | b' '),
        _ => byte == shape,
    });
    let fraction = match rest {
        [b'.', digits @ ..] => 1 + digits.iter().take_while(|b| b.is_ascii_digit()).count(),
        _ => 0,
    };
    let has_offset = match rest.get(fraction..) {
        Some([b'Z' | b'z']) => true,
        Some([b'+' | b'-', h1, h2, b':', m1, m2]) => {
            [h1, h2, m1, m2].into_iter().all(u8::is_ascii_digit) && (*h1, *h2) <= (b'2', b'3') && *m1 <= b'5'
        }
        Some(_) | None => false,
    };
    is_shaped && fraction != 1 && has_offset
}

/// Parses RFC 3339 with an offset; digits finer than a microsecond are dropped.
pub(crate) fn instant(text: &str) -> Option<i64> {
    usual_instant(text).or_else(|| any_instant(text))
}

fn any_instant(text: &str) -> Option<i64> {
    if !is_rfc_3339(text) {
        return None;
    }
    let micros = text.parse::<Timestamp>().ok()?.as_microsecond();
    is_accepted(micros).then_some(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle: the library, over texts that are instants and texts that nearly are.
    #[test]
    fn an_instant_read_by_its_digits_is_the_one_the_library_reads() {
        let dates = ["1900-01-01", "1901-12-31", "2024-02-29", "2025-02-29", "2025-03-09", "2199-12-31", "2200-12-31", "2201-01-01", "2025-13-01", "2025-1-01"];
        let clocks = ["T00:00:00", "T23:59:59", "T23:59:60", "T24:00:00", "T09:60:00", "t09:30:00", " 09:30:00", "T09:30", "T09:30:15.25", "T0x:30:00"];
        let offsets = ["Z", "z", "", "+00:00", "-05:00", "+14:00", "-23:59", "+24:00", "-05:60", "-0500", "-05", "+5:00", "-05:00[America/New_York]", "\u{2212}05:00"];
        let mut read = 0;
        for (date, (clock, offset)) in dates.iter().flat_map(|d| clocks.iter().flat_map(|c| offsets.iter().map(move |o| (c, o))).map(move |rest| (d, rest))) {
            let text = format!("{date}{clock}{offset}");
            assert_eq!(instant(&text), any_instant(&text), "{text}");
            read += usize::from(usual_instant(&text).is_some());
        }
        assert!(read > 20, "{read}");
    }
}
