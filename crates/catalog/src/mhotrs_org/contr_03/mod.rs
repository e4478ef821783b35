//! Contracted peer without evidence of collaboration in the case record.
//!
//! ## What it finds
//! An individual and a contracted peer with a MHOTRS contact for which no collaboration was documented within ninety days before or
//! after it, once those ninety days have passed.
//!
//! ## Why it matters
//! A contract does not take the peer out of the team. The record of the individual has to show that they worked together.
//!
//! ## Authority
//! [G] Multidisciplinary Team Approach. It names no interval; ninety days are our reading of a plan period, and the agency may set
//! another.
//!
//! ## Evidence
//! The engagement that covers the day of the contact, the contact, and every collaboration documented for the two, by its own date.
//! One record serves every contact within its reach.
//!
//! ## What it does not find
//! Whether the collaboration was any good. Employed peers. A contact whose ninety days have not passed.
//!
//! ## How to cure
//! Document the collaboration that took place, with its own date. A record dated outside the interval does not help that contact.

use domain::ValidDay;
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{IndividualKey, PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CONTR-03",
    title: "contracted peer without evidence of collaboration",
    authority: &[Citation::mhotrs(
        "Multidisciplinary Team Approach",
        "Evidence of collaboration must be documented in the individual's case record",
    )],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualPeer(check),
};

fn check(view: &View<'_>, individual: IndividualKey, peer: PersonKey, p: &Params<'_>) -> Checked {
    let collaborations = &view.individual_facts(individual).collaborations;
    let near = |day: ValidDay, days: i64| {
        let (from, to) = (day.plus_days(-days), day.plus_days(days));
        view.rows(collaborations, |c| c.peer == peer && from <= c.on && c.on <= to).next().is_some()
    };
    let mut alone = Vec::new();
    for row in view.contacts_of_individual_on(individual, p.days(), |c| c.peer == peer && c.service.is_mhotrs() && p.in_force(c.day)) {
        let day = row.value.day;
        let Some(engaged) = super::contractor(view, &row.value) else { continue };
        let days = p.int("days", day)?;
        if view.deadline_passed(day.plus_days(days)) && !near(day, days) {
            alone.push((day, row, engaged));
            // One contact suffices; the others are only for the words and the first day.
            if !view.wants_words() {
                break;
            }
        }
    }
    let Some(first) = alone.iter().map(|(day, ..)| *day).min() else { return Ok(Verdict::Met) };
    Breach::new(Class::Documentation, first)
        .because(alone.iter().flat_map(|(_, row, engaged)| [row.seq(), engaged.seq()]))
        .contacts(alone.iter().map(|(_, row, _)| row.value.contact))
        .lacks(view, || format!("collaboration with {} documented near {first}", view.history().person_name(peer)))
        .say(view, || {
            format!(
                "contact on {first} by {}, a contracted peer, with no collaboration documented near it",
                view.history().person_name(peer)
            )
        })
        .verdict()
}
