//! More units billed than whole quarters of an hour given.
//!
//! ## What it finds
//! A contact long enough for a unit for which the live claim lines together bill more units than it has whole quarters of an hour
//! (violation), or fewer (advisory).
//!
//! ## Why it matters
//! Every unit needs its own fifteen minutes. A unit rounded up is an overpayment; one left out is money the program did not ask for.
//!
//! ## Authority
//! [G] Billing: the first unit, and each additional increment.
//!
//! ## Evidence
//! Start and end of the contact as instants, so that a night on which the clocks change neither adds nor loses an hour, and the units
//! of its lines on claims that were not voided, denied or replaced.
//!
//! ## What it does not find
//! Contacts too short for one unit (MHOTRS-BILL-14), more than a day may have (MHOTRS-BILL-05). Several short contacts are never
//! pooled into a unit. A contact without a live line.
//!
//! ## How to cure
//! Correct the times if they were typed wrongly; otherwise adjust the claim to the units given.

use domain::Units;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-BILL-04",
    title: "units billed are not the units given",
    authority: &[Citation::mhotrs("Billing", "each additional service increment of at least 15 minutes")],
    classes: &[Class::Violation, Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let view = case.view();
    let mut lines = view.live_lines(case.key()).peekable();
    if lines.peek().is_none() {
        return Ok(Verdict::NotApplicable);
    }
    let minutes = case.contact().minutes();
    let given = super::whole_units(minutes, p, case.day())?;
    if given == Units(0) {
        return Ok(Verdict::NotApplicable);
    }
    let mut claims = Vec::new();
    let mut billed = Units(0);
    for line in lines {
        claims.push(line.claim.seq());
        billed = billed + line.line.units;
    }
    let class = match billed.cmp(&given) {
        std::cmp::Ordering::Greater => Class::Violation,
        std::cmp::Ordering::Less => Class::Advisory,
        std::cmp::Ordering::Equal => return Ok(Verdict::Met),
    };
    let message = || format!("{billed} billed for a contact of {minutes} on {}, which has {given}", case.day());
    case.breach(class).because(claims).say(view, message).verdict()
}
