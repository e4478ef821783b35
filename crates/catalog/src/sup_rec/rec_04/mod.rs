//! Supervision that does not come to choice and coercion.
//!
//! ## What it finds
//! A peer whose supervision sessions go on for longer than the agency takes for often enough (by default 365 days) without one that names
//! choice, coercion or trauma-informed practice. The first interval begins with the first session.
//!
//! ## Why it matters
//! Supervisors are to encourage peers to promote choice and to know practice without force; that comes up in supervision or nowhere.
//!
//! ## Authority
//! [R] Example Peer Support Guideline: Support Choice. The number is agency policy: the deck has none.
//!
//! ## Evidence
//! Supervision sessions of the peer and their topics: `choice`, `coercion`, `trauma_informed`.
//!
//! ## What it does not find
//! Peers without sessions, which is MHOTRS-SUP-03; what was said in a session; people who deliver no peer support.
//!
//! ## How to cure
//! Record the topics of the sessions that were held. Set `SUP-REC-04.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "SUP-REC-04",
    title: "supervision that does not come to choice and coercion",
    authority: &[
        Citation::peer_role(
            "Example Peer Support Guideline: Support Choice",
            "trauma-informed approaches that reduce or eliminate force and coercion",
        ),
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
    super::themes(view, peer, p, "choice, coercion or trauma-informed practice")
}
