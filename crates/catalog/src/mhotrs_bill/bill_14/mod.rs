//! Units billed for a contact too short for one.
//!
//! ## What it finds
//! A contact of fewer than fifteen whole minutes with a unit on a live claim line.
//!
//! ## Why it matters
//! The first unit needs fifteen minutes; fourteen minutes and fifty-nine seconds are none.
//!
//! ## Authority
//! [G] Billing: the duration of a unit.
//!
//! ## Evidence
//! Start and end of the contact as instants, and the units of its lines on claims that were not voided, denied or replaced.
//!
//! ## What it does not find
//! A short contact that is not billed: that is good practice and nobody's business. A line of zero units. Longer contacts
//! (MHOTRS-BILL-04).
//!
//! ## How to cure
//! Correct the times if they were typed wrongly; otherwise void the claim.

use domain::Units;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-BILL-14",
    title: "units billed for a contact too short for one",
    authority: &[Citation::mhotrs("Billing", "duration of at least 15 minutes")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let minutes = case.contact().minutes();
    let long_enough = super::whole_units(minutes, p, case.day())? > Units(0);
    if long_enough {
        return Ok(Verdict::NotApplicable);
    }
    let view = case.view();
    let billed = case.live_units();
    if billed == Units(0) {
        return Ok(Verdict::Met);
    }
    let message = || format!("{billed} billed for a contact of {minutes} on {}", case.day());
    let claims = view.live_lines(case.key()).map(|l| l.claim.seq());
    case.breach(Class::Violation).because(claims).say(view, message).verdict()
}
