//! Supervisor with nothing on record about peer values.
//!
//! ## What it finds
//! A supervisor of peers who is no credentialed peer, has not attested to know peer values and their scope, and has no training on it on
//! record. A supervisor is asked about when assigned as `primary` or `co` to a peer, with no end recorded, when the peer had peer contacts
//! in that program longer after the assignment than the agency allows (by default 90 days), and when the supervisor holds no active peer
//! credential (NYCPS, FPA, YPA or CRPA) on the day of the first such contact.
//!
//! ## Why it matters
//! Supervisors must understand peer values and the scope of peer work. A peer credential, a course or the supervisor's own attestation
//! shows that.
//!
//! ## Authority
//! [R] Supervision of PSS: it says must and gives no measure, so this is a sign for a person to look at. The number is agency policy.
//!
//! ## Evidence
//! As SUP-REC-02, and `supervisor_attested` on a topic `peer_values` or `peer_scope`.
//!
//! ## What it does not find
//! Whether the supervisor understands them.
//!
//! ## How to cure
//! Record the attestation or the course. Set `SUP-REC-03.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "SUP-REC-03",
    title: "supervisor with nothing on record about peer values",
    authority: &[
        Citation::peer_role("Supervision of PSS", "Supervisors must have an understanding of Peer values and their scope"),
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
    let history = view.history();
    for row in view.rows(&view.person_facts(supervisor).attestations, |_| true) {
        if p.lists("attested", history.text_name(row.value.topic), charge.day())? {
            return Ok(Verdict::Met);
        }
    }
    if super::is_trained(view, supervisor, p, charge.day())? {
        return Ok(Verdict::Met);
    }
    charge.verdict(view, "an attestation or training on peer values")
}
