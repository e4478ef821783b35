//! Complaint of coercion that names a peer.
//!
//! ## What it finds
//! Somebody who delivers peer support and whom a recorded complaint of the category `coercion` or `force` names. It is one finding for the
//! person and counts the complaints.
//!
//! ## Why it matters
//! Peer supporters do not force anybody to take part. A complaint is no proof of anything, and it is a reason for somebody to ask.
//!
//! ## Authority
//! [R] Example Peer Support Guideline: Support Choice: a national guideline, quoted as an example.
//!
//! ## Evidence
//! Complaints received since the deck that name the person, by category, and peer contacts of the person.
//!
//! ## What it does not find
//! Complaints of other categories, complaints that name nobody, and whether the complaint was right.
//!
//! ## How to cure
//! Review the complaint with everybody concerned, and record what you decided as the disposition of this finding. A complaint recorded in
//! error is corrected or retracted.

use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "SUP-REC-05",
    title: "complaint of coercion that names a peer",
    authority: &[Citation::peer_role("Example Peer Support Guideline: Support Choice", "do not force or coerce others to participate")],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Peer,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, person: PersonKey, p: &Params<'_>) -> Checked {
    let history = view.history();
    let mut complaints = Vec::new();
    for row in view.rows(&view.person_facts(person).complaints, |c| p.in_force(c.on)) {
        if p.lists("categories", history.text_name(row.value.topic), row.value.on)? {
            complaints.push(row);
        }
    }
    let Some(first) = complaints.iter().map(|row| row.value.on).min().filter(|_| super::gives_peer_support(view, person)) else { return Ok(Verdict::Met) };
    let (name, count) = (history.person_name(person), complaints.len());
    Breach::new(Class::Advisory, first)
        .because(complaints.iter().map(|row| row.seq()))
        .say(view, || {
            format!(
                "complaints of coercion that name {name}: {count}, the first received on {first}; a review settles this, whatever it finds"
            )
        })
        .verdict()
}
