//! Supervisor who is no peer, with no training on supervising peers.
//!
//! ## What it finds
//! A supervisor of peers who is no credentialed peer and has no training on supervising peers on record. A supervisor is asked about when
//! assigned as `primary` or `co` to a peer, with no end recorded, when the peer had peer contacts in that program longer after the
//! assignment than the agency allows (by default 90 days), and when the supervisor holds no active peer credential (NYCPS, FPA, YPA or
//! CRPA) on the day of the first such contact.
//!
//! ## Why it matters
//! A supervisor who is not a credentialed peer is strongly recommended to take extra training on supervising peers.
//!
//! ## Authority
//! [R] Supervision of PSS. The number is agency policy: the deck has none.
//!
//! ## Evidence
//! Assignments, the supervised peer's contacts, credentials, and courses the supervisor completed on any day: one of `APS-CRED-101`,
//! `APS-WHAT-IS-PEER-SUPPORT`, `APS-SUPERVISION-OF-PEER-STAFF`, `APS-INTRO-SUPERVISING-1`, `APS-INTRO-SUPERVISING-2`,
//! `CTAC-YPA-ORIENTATION`, `CTAC-SUPERVISION-SERIES`, `CTAC-TRAUMA-INFORMED`, or one with a topic of `peer_supervision` or
//! `supervision_of_peers`.
//!
//! ## What it does not find
//! Which courses are recommended for whom: SUP-TRN-CPS-01 to -04 and SUP-TRN-YPA-01 to -03. Supervisors of peers who had no contacts.
//!
//! ## How to cure
//! Record the course. Set `SUP-REC-02.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "SUP-REC-02",
    title: "supervisor who is no peer, with no training on supervising peers",
    authority: &[
        Citation::peer_role("Supervision of PSS", "not supervised by a credentialed peer staff"),
        Citation::agency("Training", "how long a new supervisor has for it"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Peer,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, supervisor: PersonKey, p: &Params<'_>) -> Checked {
    let Some(charge) = super::charge(view, supervisor, p, None)? else { return Ok(Verdict::NotApplicable) };
    if super::is_trained(view, supervisor, p, charge.day())? {
        return Ok(Verdict::Met);
    }
    charge.verdict(view, "training on supervising peers")
}
