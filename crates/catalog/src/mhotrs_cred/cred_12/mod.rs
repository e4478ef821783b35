//! Contact by a CRPA in the twelve months before an OMH credential is due.
//!
//! ## What it finds
//! A contact by somebody with an active CRPA and no OMH peer credential, from the first day of engagement through the same day
//! twelve months later: an advisory to confirm the billing position with the payer. With the setting `crpa.strict` it is a violation.
//!
//! ## Why it matters
//! The guidance lets a CRPA work in MHOTRS and gives twelve months to convert. "Eligible to work" is not the same as "eligible to
//! bill", and the list of qualified individuals is closed: the two passages do not quite agree.
//!
//! ## Authority
//! [G] the paragraph after the lists of qualified individuals.
//!
//! ## Evidence
//! The CRPA on the day, the first engagement, and the absence of an OMH credential.
//!
//! ## What it does not find
//! Contacts after the twelve months, and the window itself once it has closed without an OMH credential (MHOTRS-CRED-13).
//!
//! ## Soft spots
//! A CRPA is eligible to work, while the list of qualified individuals is closed and has no CRPA. Whether contacts of the window
//! may be billed is not said: an advisory by default, a violation where the agency sets `crpa.strict`.
//!
//! ## How to cure
//! Obtain the provisional OMH credential, and keep the payer's answer on billing during the window.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use super::Standing;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CRED-12",
    title: "contact by a CRPA before the OMH credential is due",
    authority: &[Citation::mhotrs("Peer Support Services (paragraph after the qualified-individual lists)", "(Certified Recovery Peer Advocate) are eligible to work in MHOTRS")],
    classes: &[Class::Advisory, Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let day = case.day();
    let Standing::CrpaInside(crpa) = super::standing(case, p)? else { return Ok(Verdict::NotApplicable) };
    let strict = p.flag("crpa.strict", day)?;
    let window_failed = case.view().deadline_passed(crpa.last_day) && !super::omh_effective_by(case, crpa.last_day);

    if window_failed && !strict {
        // MHOTRS-CRED-13 speaks instead.
        return Ok(Verdict::NotApplicable);
    }
    let class = if strict { Class::Violation } else { Class::Advisory };
    let message = || format!("contact on {day} by {}, a CRPA without an OMH credential, due by {}", case.peer_name(), crpa.last_day);
    case.breach(class).because(crpa.evidence).say(case.view(), message).verdict()
}
