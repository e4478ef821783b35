//! Peer credential of another kind than the service.
//!
//! ## What it finds
//! A contact whose peer has an active OMH peer credential, but not the one of the service: NYCPS for adult, FPA for family, YPA
//! for youth peer support.
//!
//! ## Why it matters
//! Each peer service is defined by the lived experience and training of its own kind of peer.
//!
//! ## Authority
//! [G] Qualified Individuals, and the three headings for adult, family and youth programs. Implied by their structure; not stated
//! as a prohibition.
//!
//! ## Evidence
//! The person's credentials on the day of the contact.
//!
//! ## What it does not find
//! Somebody with no credential at all (MHOTRS-CRED-01, -03, -05). Somebody who holds both kinds may give both services.
//!
//! ## Soft spots
//! That each service needs its own kind of credential follows from how the guidance is built and is nowhere said as a prohibition.
//!
//! ## How to cure
//! Correct the service code if the contact was recorded under the wrong one, or record the credential that was missing.

use domain::words::CredentialKind;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict, staff};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CRED-10",
    title: "peer credential of another kind than the service",
    authority: &[Citation::mhotrs("Peer Support Services > Qualified Individuals who may provide Peer Support Services include", "Additional detail on the service components for each Peer Support Service type")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    let day = case.day();
    let peer = case.contact().peer;
    let Some(wanted) = super::kind_for(case.contact().service) else { return Ok(Verdict::NotApplicable) };
    let has = |kind: CredentialKind| case.view().credential(peer, kind, day).active();
    let Some(held) = staff::OMH_CREDENTIALS.into_iter().find(|kind| has(*kind)) else { return Ok(Verdict::NotApplicable) };

    if has(wanted) {
        return Ok(Verdict::Met);
    }
    let message = || {
        let service = case.contact().service;
        format!("{} contact on {day} by {}, who held {held} and not {wanted}", super::service_word(service), case.peer_name())
    };
    let shown_by = case.view().credential(peer, held, day).why.row().map(|r| r.seq());
    case.breach(Class::Violation).because(shown_by).lacks(case.view(), || format!("an active {wanted} on {day}")).say(case.view(), message).verdict()
}
