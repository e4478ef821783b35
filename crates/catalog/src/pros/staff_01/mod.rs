//! PROS peer support by somebody without one of the two credentials that count.
//!
//! ## What it finds
//! A PROS peer-support contact on a day on which the peer has neither an active NYCPS nor an active YPA, provisional or full.
//!
//! ## Why it matters
//! The list of who may deliver the service is closed.
//!
//! ## Authority
//! [R] Staffing Qualifications for New Peer Support Service in PROS.
//!
//! ## Evidence
//! The person's credentials by the day their steps take effect, as in MHOTRS-CRED-01.
//!
//! ## What it does not find
//! Other services in PROS, which uncredentialed staff may give. There is no window for a CRPA here, and a family peer advocate does
//! not qualify. A YPA's limit of age is PROS-STAFF-02.
//!
//! ## How to cure
//! Record the grant or renewal that covers the day, if there was one. Otherwise the contact earns no units.

use domain::words::CredentialKind;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-STAFF-01",
    title: "PROS peer support without an active NYCPS or YPA",
    authority: &[Citation::peer_role(
        "Staffing Qualifications for New Peer Support Service in PROS",
        "Certified or Provisionally Certified Peer Specialists (NYCPS, NYCPS-P)",
    )],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    let Some(start) = super::begun(case)? else { return Ok(Verdict::NotApplicable) };
    let (view, day, peer) = (case.view(), case.day(), case.contact().peer);
    let own = [CredentialKind::Nycps, CredentialKind::Ypa].map(|kind| view.credential(peer, kind, day));

    if own.iter().any(|standing| standing.active()) {
        return Ok(Verdict::Met);
    }
    let message = || format!("PROS peer support on {day} by {}, who had neither NYCPS nor YPA active", case.peer_name());
    super::breach(case, Class::Violation, start)
        .because(own.iter().filter_map(|standing| standing.why.row()).map(|row| row.seq()))
        .lacks(view, || format!("an active NYCPS or YPA of {} on {day}", case.peer_name()))
        .say(view, message)
        .verdict()
}
