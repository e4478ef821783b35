//! Peer contact of nothing but work outside the scope of a peer.
//!
//! ## What it finds
//! A MHOTRS peer contact on which activities are recorded and all of them lie outside the scope: transport, errands, care coordination.
//! A documentation gap while no claim names the contact, a violation once one has.
//!
//! ## Why it matters
//! Using peers solely for such work is misuse of the service, and billing it as peer support asks for money for something else.
//!
//! ## Authority
//! [G] Sustainability: misuse of services.
//!
//! ## Evidence
//! The activity codes of the contact and the list of those outside the scope. A finer code belongs to its head: X7.02 is X7.
//!
//! ## What it does not find
//! A contact with one peer activity beside them, or with no activity recorded. A youth contact of nothing but transport
//! (MHOTRS-SCOPE-04). Clinical activity (MHOTRS-SET-09).
//!
//! ## How to cure
//! Correct the activities if peer support was given and left out. There is no late cure: what was done is done.

use domain::words::Service;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use crate::activity;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-18",
    title: "peer contact of nothing but work outside the scope",
    authority: &[Citation::mhotrs("Sustainability", "solely address activities and functions not defined in scope")],
    classes: &[Class::Violation, Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let all_out_of_scope = activity::only(case, p, "activities.out_of_scope")?;
    if !all_out_of_scope {
        return Ok(Verdict::Met);
    }
    let is_youth = case.contact().service == Service::MhotrsYouthPeer;
    if is_youth && activity::only(case, p, "activities.transport")? {
        // MHOTRS-SCOPE-04 speaks instead.
        return Ok(Verdict::NotApplicable);
    }
    let message = || format!("contact on {} with no peer activity, only {}", case.day(), case.activities().collect::<Vec<_>>().join(", "));
    case.breach(case.unless_billed()).say(case.view(), message).verdict()
}
