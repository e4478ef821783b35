//! Peer contact with clinical activity.
//!
//! ## What it finds
//! A MHOTRS peer contact on which any recorded activity is clinical: therapy, diagnosis or clinical assessment, medication management,
//! prescribing or medical advice, whatever else was done.
//!
//! ## Why it matters
//! Peer support is defined by being something else than clinical work. Clinical work by a peer is neither peer support nor a clinical
//! service that can be billed.
//!
//! ## Authority
//! [G] Peer Support Services: the role of the peer. The guidance says "should not"; we hold it to be part of what the service is.
//!
//! ## Evidence
//! The activity codes of the contact and the list of clinical ones. A finer code belongs to its head: X1.01 is X1.
//!
//! ## What it does not find
//! Activities outside the scope that are not clinical (MHOTRS-ORG-18, MHOTRS-SCOPE-04). Anything in the text of a note.
//!
//! ## How to cure
//! Correct the activity if it was coded wrongly. Otherwise the contact cannot be billed as peer support: void or repay the claim.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use crate::activity;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SET-09",
    title: "peer contact with clinical activity",
    authority: &[Citation::mhotrs("Peer Support Services", "The peer's role should not reflect that of a clinician")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let clinical = activity::listed(case, p, "activities.clinical")?;
    if clinical.is_empty() {
        return Ok(Verdict::Met);
    }
    let message = || format!("contact on {} with clinical activity {}", case.day(), clinical.join(", "));
    case.breach(Class::Violation).say(case.view(), message).verdict()
}
