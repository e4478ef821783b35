//! Which findings are meant: by rule, class, program, person, individual, first day, age, amount and disposition.
//! Says yes or no to one finding at a time; orders nothing.

use domain::{Cents, ValidDay};
use rules::{Class, Finding};

use crate::acts::{Acts, Word};
use crate::error::AuditError;

/// How people disposed of a finding, as far as a filter asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposed {
    /// By this decision, still in force.
    As(Word),
    /// Nobody decided anything that still holds.
    Not,
    /// By a waiver that expired.
    WaiverExpired,
}

impl Disposed {
    /// Reads a disposition; `none` and `expired` stand beside the words of findings JSON.
    ///
    /// # Errors
    /// Any other word.
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        match text {
            "none" => Ok(Disposed::Not),
            "expired" => Ok(Disposed::WaiverExpired),
            word => Word::ALL.into_iter().find(|w| w.as_str() == word).map(Disposed::As).ok_or_else(|| {
                AuditError::asked(format!("{word:?} is no disposition"), "acknowledged, assigned, disputed, waived, remediated, none or expired")
            }),
        }
    }

    fn fits(self, finding: &str, acts: &Acts, today: ValidDay) -> bool {
        let held = acts.in_force(finding, today);
        match self {
            Disposed::As(word) => held.is_some_and(|d| d.word == word),
            Disposed::Not => held.is_none(),
            Disposed::WaiverExpired => acts.last(finding).is_some_and(|d| d.expired(today)),
        }
    }
}

/// What is asked of a finding; what is not asked fits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Rule.
    pub rule: Option<String>,
    /// Class.
    pub class: Option<Class>,
    /// Program.
    pub program: Option<String>,
    /// Peer or person.
    pub person: Option<String>,
    /// Individual.
    pub individual: Option<String>,
    /// True on or after this day.
    pub since: Option<ValidDay>,
    /// Disposition.
    pub disposition: Option<Disposed>,
    /// At least this much at risk.
    pub min_amount: Option<Cents>,
    /// First detectable more than this many days before the evaluation day.
    pub older_than: Option<i64>,
}

impl Choice {
    /// Whether nothing is asked, so that every finding fits.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a finding fits on an evaluation day.
    pub fn fits(&self, f: &Finding, acts: &Acts, today: ValidDay) -> bool {
        let same = |wanted: &Option<String>, have: Option<&str>| wanted.as_deref().is_none_or(|w| have == Some(w));
        self.class.is_none_or(|c| f.class == c)
            && self.rule.as_deref().is_none_or(|r| f.rule.eq_ignore_ascii_case(r))
            && same(&self.program, f.about.program.as_deref())
            && same(&self.person, f.about.peer.as_deref())
            && same(&self.individual, f.about.individual.as_deref())
            && self.since.is_none_or(|day| f.true_from >= day)
            && self.disposition.is_none_or(|d| d.fits(&f.id, acts, today))
            && self.min_amount.is_none_or(|least| f.exposure >= least)
            && self.older_than.is_none_or(|days| today.days_since(f.first_detectable.local_day()) > days)
    }
}

/// Reads an amount in dollars: `100`, `99.50`, `$1,842.00`.
///
/// # Errors
/// Anything else, and fractions of a cent.
pub fn amount(text: &str) -> Result<Cents, AuditError> {
    let wrong = || AuditError::asked(format!("{text:?} is no amount"), "write dollars, as 100 or 99.50");
    let plain = text.trim().trim_start_matches('$').replace(',', "");
    let (dollars, cents) = plain.split_once('.').unwrap_or((&plain, "00"));
    let digits = |t: &str| !t.is_empty() && t.len() <= 12 && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(dollars) || !digits(cents) || cents.len() > 2 {
        return Err(wrong());
    }
    let dollars: i64 = dollars.parse().map_err(|_| wrong())?;
    let part: i64 = cents.parse().map_err(|_| wrong())?;
    Ok(Cents(dollars * 100 + if cents.len() == 1 { part * 10 } else { part }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn amounts_are_dollars_with_or_without_cents() {
        assert_eq!(amount("100").unwrap(), Cents(10_000));
        assert_eq!(amount("$1,842.00").unwrap(), Cents(184_200));
        assert_eq!(amount("99.5").unwrap(), Cents(9_950));
        for wrong in ["", "-5", "1.234", "ten", ".5", "5."] {
            assert!(amount(wrong).is_err(), "{wrong}");
        }
    }
}
