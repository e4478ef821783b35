//! CORE peer support with no record of what the person prefers.
//!
//! ## What it finds
//! An individual with CORE peer-support contacts in a program and no recorded preferences at all.
//!
//! ## Why it matters
//! Days, times, modalities and locations are to follow the person's preferences; without a record nobody can tell.
//!
//! ## Authority
//! [R] Service Delivery, Modality, and Location, Recommended Unit Ranges.
//!
//! ## Evidence
//! CORE contacts, and preferences recorded for the individual on whatever day.
//!
//! ## What it does not find
//! Whether a contact followed the preferences.
//!
//! ## How to cure
//! Ask, and record the preferences.

use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{IndividualKey, ProgramKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "CORE-MOD-02",
    title: "CORE peer support without recorded preferences",
    authority: &[Citation::peer_role(
        "Service Delivery, Modality, and Location, Recommended Unit Ranges",
        "the individual's preferences regarding days, times, modalities, and locations",
    )],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Core,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualProgram(check),
};

fn check(view: &View<'_>, individual: IndividualKey, program: ProgramKey, p: &Params<'_>) -> Checked {
    let in_scope = |c: &Contact| c.program == program && RULE.scope.takes(c.service) && p.in_force(c.day);
    let contacts: Vec<_> = view.contacts_of_individual_on(individual, p.days(), in_scope).collect();
    let Some(first) = contacts.first() else { return Ok(Verdict::NotApplicable) };
    if view.rows(&view.individual_facts(individual).preferences, |_| true).next().is_some() {
        return Ok(Verdict::Met);
    }
    let (name, day) = (view.history().individual_name(individual), first.value.day);
    Breach::new(Class::Advisory, day)
        .because([first.seq()])
        .contacts(contacts.iter().map(|row| row.value.contact))
        .lacks(view, || format!("preferences of {name}"))
        .say(view, || format!("CORE peer support for {name} from {day} on, without a record of preferences"))
        .verdict()
}
