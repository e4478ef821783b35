//! Certified peer in other services without a word about interest.
//!
//! ## What it finds
//! Somebody with an active peer credential (NYCPS, FPA, YPA or CRPA) who delivers services that are not peer support in a PROS or CORE
//! program, with no determination of interest and skill on record.
//!
//! ## Why it matters
//! Programs are to find out with each peer worker whether other services interest the worker, and whether the skill is there.
//!
//! ## Authority
//! [R] Peers in PROS & CORE.
//!
//! ## Evidence
//! Contacts with service `other` in programs registered as PROS or CORE since the deck, credentials on their day, and determinations of
//! interest on any day.
//!
//! ## What it does not find
//! People without a peer credential: whether to disclose and to give peer support is each worker's own choice. Which services were agreed.
//!
//! ## How to cure
//! Talk with the worker and record the determination.

use domain::words::{CredentialKind, ProgramKind, Service};
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "PC-ROLE-04",
    title: "certified peer in other services without a word about interest",
    authority: &[Citation::peer_role("Peers in PROS & CORE", "determine their interest and skill in providing non-peer support services")],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Any,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, peer: PersonKey, p: &Params<'_>) -> Checked {
    let facts = view.person_facts(peer);
    if facts.credentials.is_empty() || view.rows(&facts.interest, |_| true).next().is_some() {
        return Ok(Verdict::NotApplicable);
    }
    let counts = |c: &Contact| {
        let kind = view.program_kind(c.program);
        matches!(kind, Some(ProgramKind::Pros | ProgramKind::Core))
            && CredentialKind::ALL.iter().any(|kind| view.credential(peer, *kind, c.day).active())
    };
    let mut elsewhere = view.contacts_of_peer_serving(peer, p.days(), |_, service| service == Service::Other, |c| p.in_force(c.day));
    let Some(first) = elsewhere.find(|row| counts(&row.value)) else { return Ok(Verdict::Met) };
    let (name, day) = (view.history().person_name(peer), first.value.day);
    Breach::new(Class::Advisory, day)
        .because([first.seq()])
        .lacks(view, || format!("a determination of the interest of {name} in services that are not peer support"))
        .say(view, || format!("{name}, a certified peer, delivers other services since {day} with no determination of interest on record; recording it settles this"))
        .verdict()
}
