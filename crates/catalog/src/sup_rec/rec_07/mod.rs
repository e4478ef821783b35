//! Supervision that does not come to its five principles.
//!
//! ## What it finds
//! A peer whose supervision sessions go on for longer than the agency takes for often enough (by default 365 days) without one that names
//! one of the five principles: safety, choice, collaboration, trustworthiness, empowerment. The first interval begins with the first
//! session.
//!
//! ## Why it matters
//! Supervision that is aware of trauma uses five principles, with all staff.
//!
//! ## Authority
//! [R] Trauma Aware and Responsive Supervision. The number is agency policy: the deck has none.
//!
//! ## Evidence
//! Supervision sessions of the peer and their topics: `safety`, `choice`, `collaboration`, `trustworthiness`, `empowerment`.
//!
//! ## What it does not find
//! Peers without sessions, which is MHOTRS-SUP-03; what was said in a session; people who deliver no peer support.
//!
//! ## How to cure
//! Record the topics of the sessions that were held. Set `SUP-REC-07.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "SUP-REC-07",
    title: "supervision that does not come to its five principles",
    authority: &[
        Citation::peer_role("Trauma Aware and Responsive Supervision", "Utilize the 5 Principles"),
        Citation::agency("Supervision", "how often it should come up"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Peer,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, peer: PersonKey, p: &Params<'_>) -> Checked {
    super::themes(view, peer, p, "one of the five principles: safety, choice, collaboration, trustworthiness, empowerment")
}
