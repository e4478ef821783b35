//! MHOTRS contacts of a peer without in-discipline support on record for long.
//!
//! ## What it finds
//! A peer with MHOTRS contacts longer after the last recorded in-discipline support than the agency looks back (by default 90 days), and no
//! arrangement on file on the day. The first interval begins with the peer's first contact.
//!
//! ## Why it matters
//! Peers should have access to supervision, mentoring and support from other peers. Access, not attendance, is what is asked.
//!
//! ## Authority
//! [G] Supervision. The number is agency policy: the source has none.
//!
//! ## Evidence
//! The peer's contacts, in-discipline support provided, from inside or outside the agency, and assignments. An assignment of kind
//! `in_discipline`, or one of any kind to somebody with an active OMH peer credential, is an arrangement.
//!
//! ## What it does not find
//! What the support consisted of. Contacts of other programs are SUP-REC-01.
//!
//! ## How to cure
//! Record the support or the arrangement. Set `MHOTRS-SUP-06.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SUP-06",
    title: "MHOTRS contacts without in-discipline support on record",
    authority: &[
        Citation::mhotrs("Supervision", "have access to in-discipline supervision, mentoring and support"),
        Citation::agency("Supervision", "how far back a record of in-discipline support is looked for"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, peer: PersonKey, p: &Params<'_>) -> Checked {
    crate::interval::in_discipline(view, peer, |service| RULE.scope.takes(service), p)
}
