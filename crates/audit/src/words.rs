//! Dates, instants and money as a person writes them.
//! Only for people: programs get ISO dates and cents.

use domain::{Cents, KnownAt, ValidAt, ValidDay};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `4 Mar 2025`.
pub fn day(day: ValidDay) -> String {
    let (y, m, d) = day.ymd();
    let month = usize::try_from(m - 1).ok().and_then(|i| MONTHS.get(i)).unwrap_or(&"?");
    format!("{d} {month} {y}")
}

/// `4 Mar 2025, 09:14 ET`.
pub fn instant(at: ValidAt) -> String {
    let (h, m) = at.local_clock();
    format!("{}, {h:02}:{m:02} ET", day(at.local_day()))
}

/// `4 Mar 2025, 09:14 ET`.
pub fn known(at: KnownAt) -> String {
    instant(ValidAt::from_micros(at.micros()))
}

/// `$1,842.00`.
pub fn money(amount: Cents) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    let cents = amount.0.unsigned_abs();
    format!("{sign}${}.{:02}", thousands(cents / 100), cents % 100)
}

/// `1,234,567`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `1 contact`, `2 contacts`.
pub fn count(n: u64, one: &str) -> String {
    let stem = one.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    let plural = stem.map_or_else(|| format!("{one}s"), |stem| format!("{stem}ies"));
    format!("{} {}", thousands(n), if n == 1 { one } else { &plural })
}

/// A sentence with its ISO dates and instants as a person writes them, and a capital at its head.
pub fn sentence(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.'))).unwrap_or(rest.len());
        let word = rest[..end].trim_end_matches(['.', ':']);
        let glued = out.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
        let written = if glued { None } else { ValidDay::parse(word).map(day).or_else(|| ValidAt::parse(word).map(instant)) };
        out.push_str(written.as_deref().unwrap_or(word));
        rest = &rest[word.len()..];
    }
    out.push_str(rest);
    let mut chars = out.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_counts_are_grouped() {
        assert_eq!(money(Cents(184_200)), "$1,842.00");
        assert_eq!(money(Cents(5)), "$0.05");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(count(1, "contact"), "1 contact");
        assert_eq!(count(3, "advisory"), "3 advisories");
        assert_eq!(count(2, "day"), "2 days");
    }

    #[test]
    fn dates_in_a_sentence_are_written_for_people_and_ids_are_left_alone() {
        let text = "contact on 2025-03-04 by P-014, whose NYCPS ended on 2025-03-01. Claim CL-2025-03-04 known 2025-06-20T18:05:00Z.";
        let said = "Contact on 4 Mar 2025 by P-014, whose NYCPS ended on 1 Mar 2025. Claim CL-2025-03-04 known 20 Jun 2025, 14:05 ET.";
        assert_eq!(sentence(text), said);
    }
}
