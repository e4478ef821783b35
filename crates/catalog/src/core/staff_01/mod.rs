//! CORE peer support by somebody without one of the two credentials that count.
//!
//! ## What it finds
//! A CORE peer-support contact on a day on which the peer has neither an active NYCPS nor an active CRPA, provisional or full.
//!
//! ## Why it matters
//! The list of who may deliver the service is closed.
//!
//! ## Authority
//! [R] Staffing Qualifications (CORE).
//!
//! ## Evidence
//! The person's credentials by the day their steps take effect, as in MHOTRS-CRED-01.
//!
//! ## What it does not find
//! A CRPA who never converts: here the CRPA is enough for good, with no twelve months. A youth or family peer advocate does not qualify.
//!
//! ## How to cure
//! Record the grant or renewal that covers the day, if there was one. Otherwise the contact cannot be billed.

use domain::words::CredentialKind;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "CORE-STAFF-01",
    title: "CORE peer support without an active NYCPS or CRPA",
    authority: &[Citation::peer_role(
        "Staffing Qualifications (CORE)",
        "Certified Recovery Peer Advocate (OASAS) (includes provisionally certified)",
    )],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Core,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    let (view, day, peer) = (case.view(), case.day(), case.contact().peer);
    let own = [CredentialKind::Nycps, CredentialKind::Crpa].map(|kind| view.credential(peer, kind, day));

    if own.iter().any(|standing| standing.active()) {
        return Ok(Verdict::Met);
    }
    let message = || format!("CORE peer support on {day} by {}, who had neither NYCPS nor CRPA active", case.peer_name());
    case.breach(Class::Violation)
        .because(own.iter().filter_map(|standing| standing.why.row()).map(|row| row.seq()))
        .lacks(view, || format!("an active NYCPS or CRPA of {} on {day}", case.peer_name()))
        .say(view, message)
        .verdict()
}
