//! On-site contact on a rate code nobody has named.
//!
//! ## What it finds
//! A claim for an on-site MHOTRS peer contact whose rate code is neither a Health Services code nor an off-site code on the service
//! date.
//!
//! ## Why it matters
//! On-site peer support stays outside Utilization Threshold counts only on a Health Services rate code.
//!
//! ## Authority
//! [G] Billing: the exemption of on-site services, with an example of a code.
//!
//! ## Evidence
//! The site of the contact, the rate code of the claim, the codes of the guidance and those the agency adopted for that day.
//!
//! ## What it does not find
//! An off-site code on an on-site contact (MHOTRS-BILL-11). A claim without a rate code: that is reported as not evaluated.
//!
//! ## Soft spots
//! The guidance gives health-services rate codes by example only. The examples hold by default, and the agency adopts its own with
//! their days.
//!
//! ## How to cure
//! Record the adoption of the code, if it is a Health Services code of the program, from the day it applies; otherwise replace the claim.

use domain::words::{RateCodeMeaning, Site};
use rules::{Billing, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-BILL-10",
    title: "on-site contact on a rate code that is not known",
    authority: &[Citation::mhotrs("Billing", "submitted with one of the Health Services rate codes (e.g., 1474)")],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::ClaimContact(check),
};

fn check(billing: &Billing<'_>, p: &Params<'_>) -> Checked {
    let is_onsite = billing.case.as_ref().is_some_and(|c| c.contact().site == Site::Onsite);
    if !is_onsite {
        return Ok(Verdict::NotApplicable);
    }
    let code = super::rate_code(billing)?;
    let has_a_meaning = super::code_means(billing, p, code, RateCodeMeaning::HealthServices)?.holds
        || super::code_means(billing, p, code, RateCodeMeaning::Offsite)?.holds;
    if has_a_meaning {
        return Ok(Verdict::Met);
    }
    let (view, day) = (&billing.view, billing.day());
    let name = view.history().text_name(code);
    billing
        .breach(Class::Documentation)
        .lacks(view, || format!("the adoption of rate code {name} on {day}"))
        .say(view, || format!("on-site contact of {day} on rate code {name}, which is not known as a Health Services code"))
        .verdict()
}
