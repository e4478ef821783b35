//! Exposed claims that grow old: after two years a claim is no longer paid, after six it can no longer be adjusted or voided.
//! Names the claim and what can still be done; does nothing to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Cents, ValidDay};
use rules::Finding;
use rules::exposure::amount;
use timeline::View;

use super::Terms;
use crate::error::AuditError;

/// What age a claim is near, or past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Soon two years: what is voided after that cannot be billed again.
    NearTwoYears,
    /// Past two years: adjust, never void and bill again.
    PastTwoYears,
    /// Soon six years: adjust or void while it can be done.
    NearSixYears,
    /// Past six years: can no longer be adjusted or voided.
    PastSixYears,
}

impl Reached {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Reached::NearTwoYears => "near_two_years",
            Reached::PastTwoYears => "past_two_years",
            Reached::NearSixYears => "near_six_years",
            Reached::PastSixYears => "past_six_years",
        }
    }

    /// What it means for the claim.
    pub fn says(self) -> &'static str {
        match self {
            Reached::NearTwoYears => "soon two years old: after that it can be adjusted, not voided and billed again",
            Reached::PastTwoYears => "over two years old: adjust it; voided, it could not be billed again",
            Reached::NearSixYears => "soon six years old: after that it can be neither adjusted nor voided",
            Reached::PastSixYears => "over six years old: it can be neither adjusted nor voided",
        }
    }
}

/// An exposed claim near or past an age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearLimit {
    /// The claim.
    pub claim: String,
    /// Its service date.
    pub service_date: ValidDay,
    /// The day the age is reached.
    pub on: ValidDay,
    /// Which.
    pub reached: Reached,
    /// Money at risk on it.
    pub exposure: Cents,
}

/// The exposed claims near or past an age, the oldest first.
pub(super) fn near(view: &View<'_>, findings: &[Arc<Finding>], terms: &Terms) -> Result<Vec<NearLimit>, AuditError> {
    let mut claims: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for place in findings.iter().flat_map(|f| f.exposed_lines()) {
        if let Some(line) = view.line_at(*place) {
            claims.entry((line.claim.value.service_date, view.history().claim_name(line.claim.value.claim))).or_default().push(*place);
        }
    }
    let mut found = Vec::new();
    for ((service_date, claim), mut places) in claims {
        places.sort_unstable();
        places.dedup();
        if let Some((reached, on)) = reached(service_date, view.today(), terms)? {
            found.push(NearLimit { claim: claim.to_owned(), service_date, on, reached, exposure: amount(view, &places) });
        }
    }
    Ok(found)
}

fn reached(service: ValidDay, today: ValidDay, terms: &Terms) -> Result<Option<(Reached, ValidDay)>, AuditError> {
    let warn = terms.on("warn_days", today)?;
    let two = service.plus_months(terms.on("payable_months", service)?);
    let six = service.plus_months(terms.on("adjustable_months", service)?);
    Ok(if today > six {
        Some((Reached::PastSixYears, six))
    } else if today >= six.plus_days(-warn) {
        Some((Reached::NearSixYears, six))
    } else if today > two {
        Some((Reached::PastTwoYears, two))
    } else if today >= two.plus_days(-warn) {
        Some((Reached::NearTwoYears, two))
    } else {
        None
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_age_is_named_from_ninety_days_before_it() {
        let day = |t: &str| ValidDay::parse(t).unwrap();
        let on = |today: &str| reached(day("2020-02-29"), day(today), &Terms::load().unwrap()).unwrap().map(|(r, _)| r);
        assert_eq!(on("2021-11-29"), None);
        assert_eq!(on("2021-11-30"), Some(Reached::NearTwoYears));
        assert_eq!(on("2022-02-28"), Some(Reached::NearTwoYears));
        assert_eq!(on("2022-03-01"), Some(Reached::PastTwoYears));
        assert_eq!(on("2025-11-30"), Some(Reached::NearSixYears));
        assert_eq!(on("2026-02-28"), Some(Reached::NearSixYears));
        assert_eq!(on("2026-03-01"), Some(Reached::PastSixYears));
    }
}
