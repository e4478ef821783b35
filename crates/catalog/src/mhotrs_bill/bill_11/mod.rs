//! Rate code of the other place.
//!
//! ## What it finds
//! A claim for an off-site MHOTRS peer contact on a rate code that is not an off-site code on the service date, or for an on-site
//! contact on one that is.
//!
//! ## Why it matters
//! Off-site services are paid at another rate: the wrong code changes the payment.
//!
//! ## Authority
//! [G] Billing: the off-site rate code.
//!
//! ## Evidence
//! The site of the contact, the rate code of the claim, the codes of the guidance and those the agency adopted for that day. What is
//! adopted stands beside the guidance's own codes and does not replace them.
//!
//! ## What it does not find
//! An on-site contact on a code nobody named (MHOTRS-BILL-10). Where telehealth counts: the site recorded on the contact is believed.
//! A claim without a rate code is reported as not evaluated.
//!
//! ## Soft spots
//! The guidance gives off-site rate codes by example only, and does not say where telehealth belongs. The examples hold by default,
//! the agency adopts its own, and the site recorded on the contact decides.
//!
//! ## How to cure
//! Correct the site if it was recorded wrongly, record the adoption of the off-site code from the day it applies, or replace the claim.

use domain::words::{RateCodeMeaning, Site};
use rules::{Billing, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-BILL-11",
    title: "rate code of the other place",
    authority: &[Citation::mhotrs("Billing", "claimed using the appropriate off-site rate code (e.g., 1507)")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::ClaimContact(check),
};

fn check(billing: &Billing<'_>, p: &Params<'_>) -> Checked {
    let Some(case) = &billing.case else { return Ok(Verdict::NotApplicable) };
    let code = super::rate_code(billing)?;
    let offsite_code = super::code_means(billing, p, code, RateCodeMeaning::Offsite)?;
    let (view, day, site) = (&billing.view, billing.day(), case.contact().site);
    let place_and_code_agree = (site == Site::Offsite) == offsite_code.holds;
    if place_and_code_agree {
        return Ok(Verdict::Met);
    }
    let name = view.history().text_name(code);
    let message = || match site {
        Site::Offsite => format!("off-site contact of {day} on rate code {name}, which is not an off-site code"),
        Site::Onsite => format!("on-site contact of {day} on the off-site rate code {name}"),
    };
    billing.breach(Class::Violation).because(offsite_code.adopted).say(view, message).verdict()
}
