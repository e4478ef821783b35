//! CRPA without an OMH credential after the twelve months.
//!
//! ## What it finds
//! A contact by a CRPA after the same calendar day twelve months from the first day of engagement, when no OMH credential became
//! effective by then (violation). Once that day has passed without one, the contacts of the window itself become documentation gaps:
//! the condition on which they were allowed was not met.
//!
//! ## Why it matters
//! The permission to work on a CRPA is given on condition that the OMH credential follows within twelve months.
//!
//! ## Authority
//! [G] the paragraph after the lists of qualified individuals.
//!
//! ## Evidence
//! The CRPA on the day, the first engagement, the day the window ended, and the absence of a grant effective by then.
//!
//! ## What it does not find
//! A CRPA who converted in time and whose OMH credential lapsed later (MHOTRS-CRED-01, -03, -05). With `crpa.strict` the contacts of
//! the window stay violations of MHOTRS-CRED-12. A rehire does not start a new window: the first engagement counts.
//!
//! ## Soft spots
//! The guidance lets a CRPA work provided that the OMH credential follows, and does not say what becomes of the contacts of the
//! window when it does not: they are documentation findings, those after it violations.
//!
//! ## How to cure
//! Record the OMH credential if it was effective in time. Otherwise do not bill contacts after the window, and void what was billed.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use super::Standing;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CRED-13",
    title: "CRPA without an OMH credential after twelve months",
    authority: &[Citation::mhotrs("Peer Support Services (paragraph after the qualified-individual lists)", "obtain provisional OMH Peer Certification or Credentialing within 12 months")],
    classes: &[Class::Violation, Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let day = case.day();
    let lacking = |crpa: &super::Crpa| format!("an OMH credential effective by {}", crpa.last_day);
    match super::standing(case, p)? {
        Standing::CrpaPast(crpa) => {
            let message = || format!("contact on {day} by {}, a CRPA whose twelve months ended {} without an OMH credential", case.peer_name(), crpa.last_day);
            let breach = case.breach(Class::Violation).because(crpa.evidence).lacks(case.view(), || lacking(&crpa));
            breach.say(case.view(), message).verdict()
        }
        Standing::CrpaInside(crpa) => {
            let strict = p.flag("crpa.strict", day)?;
            let window_failed = case.view().deadline_passed(crpa.last_day) && !super::omh_effective_by(case, crpa.last_day);
            if strict || !window_failed {
                return Ok(Verdict::Met);
            }
            let message = || format!("contact on {day} by {}, a CRPA whose twelve months then passed ({}) without an OMH credential", case.peer_name(), crpa.last_day);
            let breach = case.breach(Class::Documentation).because(crpa.evidence).lacks(case.view(), || lacking(&crpa));
            breach.say(case.view(), message).verdict()
        }
        Standing::Omh | Standing::None => Ok(Verdict::NotApplicable),
    }
}
