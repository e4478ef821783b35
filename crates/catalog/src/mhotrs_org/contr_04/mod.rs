//! Treatment plan that does not note the collaboration with a contracted peer.
//!
//! ## What it finds
//! A version of a treatment plan that lists a MHOTRS peer service without noting the collaboration, and was in force on the day a
//! contracted peer delivered that service as planned.
//!
//! ## Why it matters
//! The plan should show that the peer who carries out a part of it works for somebody else, and with the team.
//!
//! ## Authority
//! [G] Multidisciplinary Team Approach. "As appropriate" is read as: where the service is in the plan and a contracted peer gives it.
//!
//! ## Evidence
//! The plan version in force on the day of each planned contact, its services and its note of collaboration, and the engagement that
//! covers the day.
//!
//! ## What it does not find
//! A version that was not in force when a contracted peer worked, targeted and ad hoc contacts, services the plan does not list
//! (MHOTRS-PLAN-01).
//!
//! ## How to cure
//! Amend the plan; the finding of the earlier version stays, since it was in force as it was. Correct the version if the note was
//! left out when it was entered.

use domain::quantity::Version;
use domain::words::{Basis, PlanKind};
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{IndividualKey, PlanKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CONTR-04",
    title: "treatment plan silent about a contracted peer",
    authority: &[Citation::mhotrs("Multidisciplinary Team Approach", "denoted in the treatment plan, as appropriate")],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::PlanVersion(check),
};

fn check(view: &View<'_>, individual: IndividualKey, plan: PlanKey, version: Version, p: &Params<'_>) -> Checked {
    let history = view.history();
    let Some(row) = view.plan_version(individual, plan, version) else { return Ok(Verdict::NotApplicable) };
    let listed = &row.value;
    if listed.kind != PlanKind::Treatment {
        return Ok(Verdict::NotApplicable);
    }
    if listed.contracted_collaboration {
        return Ok(Verdict::Met);
    }
    let lists = |c: &Contact| history.find_text(c.service.as_str()).is_some_and(|service| listed.services.contains(&service));
    let planned_from_it = |c: &Contact| {
        let in_scope = c.program == listed.program && c.service.is_mhotrs() && c.day >= listed.effective_on && p.in_force(c.day);
        in_scope && c.basis == Basis::Planned && lists(c)
    };
    let mut delivered = Vec::new();
    for contact in view.contacts_of_individual_on(individual, p.days_from(listed.effective_on), planned_from_it) {
        let Some(engaged) = super::contractor(view, &contact.value) else { continue };
        let in_force = view.plan(individual, listed.program, PlanKind::Treatment, contact.value.day);
        if in_force.is_some_and(|f| f.seq() == row.seq()) {
            delivered.push((contact.value.day, contact, engaged));
            // One contact suffices; the others are only for the words and the first day.
            if !view.wants_words() {
                break;
            }
        }
    }
    let Some(first) = delivered.iter().map(|(day, ..)| *day).min() else { return Ok(Verdict::Met) };
    Breach::new(Class::Documentation, first)
        .because([row.seq()])
        .because(delivered.iter().flat_map(|(_, contact, engaged)| [contact.seq(), engaged.seq()]))
        .contacts(delivered.iter().map(|(_, contact, _)| contact.value.contact))
        .lacks(view, || format!("a note of contracted collaboration in plan {} version {}", history.plan_name(plan), version.0))
        .say(view, || {
            let name = history.plan_name(plan);
            format!("plan {name} version {} does not note the contracted peer who delivered its service on {first}", version.0)
        })
        .verdict()
}
