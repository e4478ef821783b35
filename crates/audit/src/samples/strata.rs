//! How a universe is divided: by program, payer, rate code, month, or by what was paid.
//! It refuses limits that are not in order; names are plain words, so that sizes can be given for them.

use std::fmt;

use domain::ValidDay;

use crate::error::AuditError;
use crate::worklist::amount;

/// What strata are made by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StrataBy {
    /// The program on the claim.
    Program,
    /// The payer on the claim.
    Payer,
    /// The rate code on the claim.
    RateCode,
    /// The month of the service date.
    Month,
    /// What was paid: the lower limits, in cents, of every stratum but the first.
    Paid(Vec<u64>),
}

/// What a stratum is told by.
pub(super) struct Traits<'t> {
    pub(super) program: &'t str,
    pub(super) payer: Option<&'t str>,
    pub(super) rate_code: Option<&'t str>,
    pub(super) service_date: ValidDay,
    pub(super) paid: u64,
}

impl StrataBy {
    /// Reads `program`, `payer`, `rate_code`, `month`, or `paid:50,200` with limits in dollars.
    ///
    /// # Errors
    /// Anything else, and limits that do not ascend.
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        let hint = "program, payer, rate_code, month, or limits of what was paid in dollars, as in paid:50,200";
        match text {
            "program" => return Ok(Self::Program),
            "payer" => return Ok(Self::Payer),
            "rate_code" => return Ok(Self::RateCode),
            "month" => return Ok(Self::Month),
            _ => {}
        }
        let wrong = || AuditError::asked(format!("--strata: {text:?} divides nothing"), hint);
        let limits = text.strip_prefix("paid:").ok_or_else(wrong)?;
        let cents = |limit: &str| amount(limit).ok().and_then(|cents| u64::try_from(cents.0).ok()).filter(|cents| *cents > 0).ok_or_else(wrong);
        let limits: Vec<u64> = limits.split(',').map(cents).collect::<Result<_, _>>()?;
        if limits.is_sorted_by(|a, b| a < b) { Ok(Self::Paid(limits)) } else { Err(AuditError::asked(format!("--strata: the limits of {text:?} do not ascend"), hint)) }
    }

    /// The stratum of a unit.
    pub(super) fn of(&self, unit: &Traits<'_>) -> String {
        let or_none = |value: Option<&str>| value.map_or_else(|| "none".to_owned(), plain);
        match self {
            Self::Program => plain(unit.program),
            Self::Payer => or_none(unit.payer),
            Self::RateCode => or_none(unit.rate_code),
            Self::Month => {
                let (year, month, _) = unit.service_date.ymd();
                format!("{year:04}-{month:02}")
            }
            Self::Paid(limits) => match limits.iter().rposition(|limit| *limit <= unit.paid) {
                None => format!("paid-0-below-{}", dollars(limits.first().copied().unwrap_or(0))),
                Some(at) => format!("paid-{}-from-{}", at + 1, dollars(limits.get(at).copied().unwrap_or(0))),
            },
        }
    }
}

/// A name without blanks, commas and equals signs, which have a meaning where sizes are given.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_whitespace() || c.is_control() || matches!(c, ',' | '=') { '_' } else { c }).collect()
}

fn dollars(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

impl fmt::Display for StrataBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program => f.write_str("program"),
            Self::Payer => f.write_str("payer"),
            Self::RateCode => f.write_str("rate_code"),
            Self::Month => f.write_str("month"),
            Self::Paid(limits) => write!(f, "paid:{}", limits.iter().map(|limit| dollars(*limit)).collect::<Vec<_>>().join(",")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_unit_lies_in_the_stratum_whose_limit_it_reaches() {
        let by = StrataBy::parse("paid:50,200.50").unwrap();
        let of = |paid| by.of(&Traits { program: "MH-1", payer: None, rate_code: None, service_date: ValidDay::from_ymd(2025, 3, 4).unwrap(), paid });
        assert_eq!(of(4_999), "paid-0-below-50.00");
        assert_eq!((of(5_000), of(20_049)), ("paid-1-from-50.00".to_owned(), "paid-1-from-50.00".to_owned()));
        assert_eq!(of(20_050), "paid-2-from-200.50");
        assert_eq!(by.to_string(), "paid:50.00,200.50");
        assert_eq!(StrataBy::parse(&by.to_string()).unwrap(), by);
    }

    #[test]
    fn limits_ascend_and_names_are_plain() {
        for wrong in ["paid:", "paid:200,50", "paid:50,50", "paid:0", "paid:x", "individual", "Program"] {
            assert!(StrataBy::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(plain("Health Plan, Inc=1"), "Health_Plan__Inc_1");
    }
}
