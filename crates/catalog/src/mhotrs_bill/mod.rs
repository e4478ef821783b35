//! MHOTRS: what is billed against what was given.
//! How many units a stretch of time is worth and what a rate code means are answered here once; each rule compares.

pub mod bill_02;
pub mod bill_04;
pub mod bill_05;
pub mod bill_07;
pub mod bill_08;
pub mod bill_10;
pub mod bill_11;
pub mod bill_13;
pub mod bill_14;

use domain::words::RateCodeMeaning;
use domain::{Minutes, Seq, Units, ValidDay};
use rules::{Billing, Missing, Params};
use timeline::TextKey;

/// Whole units in some minutes: a part of a unit is none, whatever other payers round.
pub(crate) fn whole_units(minutes: Minutes, p: &Params<'_>, day: ValidDay) -> Result<Units, Missing> {
    let length = p.int("units.minutes", day)?;
    let units = i64::from(minutes.0).checked_div(length).and_then(|n| u32::try_from(n).ok());
    units.map(Units).ok_or_else(|| Missing(format!("a length of a unit on {day}")))
}

/// Whether a rate code has a meaning on the day of a claim's contact, and the adoption that gave it one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meant {
    /// It has the meaning.
    pub(crate) holds: bool,
    /// The agency's adoption; `None` for the guidance's own examples.
    pub(crate) adopted: Option<Seq>,
}

/// What a claim's rate code means: the examples of the guidance hold by themselves, adoptions add to them.
pub(crate) fn code_means(billing: &Billing<'_>, p: &Params<'_>, code: TextKey, meaning: RateCodeMeaning) -> Result<Meant, Missing> {
    let day = billing.day();
    let list = match meaning {
        RateCodeMeaning::HealthServices => "rate_codes.health_services",
        RateCodeMeaning::Offsite => "rate_codes.offsite",
    };
    if p.lists(list, billing.view.history().text_name(code), day)? {
        return Ok(Meant { holds: true, adopted: None });
    }
    let adopted = billing.view.adopted_rate_code(billing.claim.value.program, code, meaning, day).map(|row| row.seq());
    Ok(Meant { holds: adopted.is_some(), adopted })
}

/// The rate code of a claim, which may be missing.
pub(crate) fn rate_code(billing: &Billing<'_>) -> Result<TextKey, Missing> {
    billing.claim.value.rate_code.ok_or_else(|| Missing(format!("rate code of claim {}", billing.claim_name())))
}
