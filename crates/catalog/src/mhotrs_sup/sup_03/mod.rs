//! Peer contacts with no supervision session for long.
//!
//! ## What it finds
//! A peer with MHOTRS contacts longer after the last recorded supervision session than the agency takes for regular (by default 30 days). The
//! first interval begins with the peer's first contact.
//!
//! ## Why it matters
//! Employers should give regular, ongoing supervision. How often that is, the guidance does not say.
//!
//! ## Authority
//! [G] Integrating Peers. The number is agency policy.
//!
//! ## Evidence
//! The peer's contacts and supervision sessions, whoever held them, by day.
//!
//! ## What it does not find
//! Who is assigned (MHOTRS-SUP-01), how long a session was, and stretches in which the peer had no contacts.
//!
//! ## How to cure
//! Record the sessions that were held. Set `MHOTRS-SUP-03.days` to the interval of your adopted policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{PersonKey, View};

use crate::interval::lapse;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SUP-03",
    title: "peer contacts with no supervision session for long",
    authority: &[
        Citation::mhotrs("Integrating Peers", "regular, ongoing supervision of Peer Specialists/Advocates"),
        Citation::agency("Supervision", "what interval of sessions is regular"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, peer: PersonKey, p: &Params<'_>) -> Checked {
    let sessions = view.rows(view.sessions_held(peer), |_| true).map(|row| row.value.held_on).collect();
    let Some(lapse) = lapse(view, peer, |service| RULE.scope.takes(service), |_| false, sessions, p)? else { return Ok(Verdict::Met) };
    let message = || {
        let (name, day, count) = (view.history().person_name(peer), lapse.first.value.day, lapse.contacts.len());
        format!(
            "contacts of {name} without a supervision session for longer than the interval: {count}, the first on {day}, none since {}",
            lapse.since
        )
    };
    lapse
        .breach()
        .lacks(view, || format!("a supervision session after {} and by {}", lapse.since, lapse.first.value.day))
        .say(view, message)
        .verdict()
}
