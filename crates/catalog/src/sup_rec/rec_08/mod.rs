//! Supervision sessions that were not documented.
//!
//! ## What it finds
//! A peer with supervision sessions recorded as not documented. With `SUP-REC-08.copies` set to true, also sessions of which the peer had
//! no copy. It is one finding for the peer and counts them.
//!
//! ## Why it matters
//! What was agreed in supervision is safe when both have it in writing.
//!
//! ## Authority
//! [R] Creating Safety During Supervision: document, and give copies when possible. Whether a missing copy is worth a word is agency
//! policy.
//!
//! ## Evidence
//! Supervision sessions of the peer since the deck, with what is said of documentation and copies, and peer contacts of the peer.
//!
//! ## What it does not find
//! Sessions that are not recorded at all, and what the documents say.
//!
//! ## How to cure
//! Document the session and correct the record of it.

use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "SUP-REC-08",
    title: "supervision sessions that were not documented",
    authority: &[
        Citation::peer_role("Creating Safety During Supervision", "Document and provide copies when possible"),
        Citation::agency("Supervision", "whether a copy is wanted as well"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Peer,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, peer: PersonKey, p: &Params<'_>) -> Checked {
    let history = view.history();
    let mut lacking = Vec::new();
    for row in view.rows(view.sessions_held(peer), |s| p.in_force(s.held_on) && !(s.documented && s.copy_given)) {
        if !row.value.documented || p.flag("copies", row.value.held_on)? {
            lacking.push(row);
        }
    }
    let Some(first) = lacking.iter().map(|row| row.value.held_on).min().filter(|_| super::gives_peer_support(view, peer)) else { return Ok(Verdict::Met) };
    let (name, count) = (history.person_name(peer), lacking.len());
    Breach::new(Class::Advisory, first)
        .because(lacking.iter().map(|row| row.seq()))
        .lacks(view, || format!("documentation of supervision sessions of {name}"))
        .say(view, || {
            format!(
                "supervision sessions of {name} without documentation or copy: {count}, the first on {first}; documenting them settles this"
            )
        })
        .verdict()
}
