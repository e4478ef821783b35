//! CORE peer support that records a clinical activity.
//!
//! ## What it finds
//! A CORE peer-support contact with an activity of the deny-list: `X1` clinical assessment or diagnosis, `X2` clinical therapy, `X3`
//! clinical treatment planning, `X4` medication.
//!
//! ## Why it matters
//! The service is non-clinical and peer-delivered; a clinical activity billed as peer support is another service.
//!
//! ## Authority
//! [R] Service Definition: CORE Empowerment Services, Peer Support.
//!
//! ## Evidence
//! The activities recorded with the contact, and the table `activities`.
//!
//! ## What it does not find
//! What happened without being recorded. Activities that are out of scope and not clinical.
//!
//! ## How to cure
//! Correct the activity from the chart if it was recorded wrongly. Otherwise the contact cannot be billed as peer support.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use crate::activity;

/// The rule.
pub const RULE: Rule = Rule {
    id: "CORE-SVC-01",
    title: "CORE peer support with a clinical activity",
    authority: &[Citation::peer_role(
        "Service Definition: CORE Empowerment Services – Peer Support",
        "non-clinical, peer-delivered services with focus on rehabilitation, recovery, and resilience",
    )],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Core,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let clinical = activity::listed(case, p, "activities.clinical")?;
    if clinical.is_empty() {
        return Ok(Verdict::Met);
    }
    let message =
        || format!("CORE peer support on {} by {} with the clinical activity {}", case.day(), case.peer_name(), clinical.join(", "));
    case.breach(Class::Violation).say(case.view(), message).verdict()
}
