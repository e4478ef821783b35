//! Ad hoc contacts that recur with nothing planned between them.
//!
//! ## What it finds
//! An individual in a program whose last MHOTRS contacts, at least so many (by default 5), were all ad hoc, however far apart, while the
//! latest treatment plan does not list the service.
//!
//! ## Why it matters
//! Peer support should be planned and intentional whatever its frequency. Ad hoc contacts that keep coming are either a need nobody planned
//! for or a plan nobody wrote.
//!
//! ## Authority
//! [G] Treatment Planning Documentation. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Contacts since the last planned or targeted one, in order, and treatment plans.
//!
//! ## What it does not find
//! A single or occasional ad hoc contact, which is allowed. Many in a short time, which is MHOTRS-PLAN-03; the rationale of each, which is
//! MHOTRS-PLAN-04.
//!
//! ## How to cure
//! Consider listing the service in the plan with the person. Set `MHOTRS-PLAN-05.contacts` to your own policy.

use domain::ValidDay;
use domain::words::{Basis, PlanKind};
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{IndividualKey, ProgramKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PLAN-05",
    title: "ad hoc contacts that recur with nothing planned between them",
    authority: &[
        Citation::mhotrs("Treatment Planning Documentation", "planned and intentional way regardless of service frequency"),
        Citation::agency("Treatment planning", "how many ad hoc contacts in a row call for a plan"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualProgram(check),
};

fn check(view: &View<'_>, individual: IndividualKey, program: ProgramKey, p: &Params<'_>) -> Checked {
    let history = view.history();
    let in_scope = |c: &Contact| c.program == program && RULE.scope.takes(c.service) && p.in_force(c.day);
    let planned = view.contacts_of_individual_on(individual, p.days(), |c| c.basis != Basis::AdHoc && in_scope(c)).map(|row| row.value.start).max();
    let since = |c: &Contact| c.basis == Basis::AdHoc && planned.is_none_or(|at| at < c.start) && in_scope(c);
    let mut run = Vec::new();
    for row in view.contacts_of_individual_on(individual, p.days(), since) {
        run.push(row);
        let (day, service) = (row.value.day, row.value.service);
        if run.len() < usize::try_from(p.int("contacts", day)?).unwrap_or(0) {
            continue;
        }
        // The plan as it stands at last: one that was made because of these contacts settles the matter.
        let plan = view.plan(individual, program, PlanKind::Treatment, ValidDay::MAX);
        let is_listed = plan.is_some_and(|plan| plan.value.services.iter().any(|s| history.text_name(*s) == service.as_str()));
        if is_listed {
            return Ok(Verdict::Met);
        }
        let who = history.individual_name(individual);
        return Breach::new(Class::Advisory, day)
            .because(run.iter().map(|row| row.seq()))
            .contacts(run.iter().map(|row| row.value.contact))
            .lacks(view, || format!("a planned contact of {who} after them, or a treatment plan that lists {service}"))
            .say(view, || {
                format!(
                    "{} ad hoc contacts of {who} by {day} with nothing planned between them; a plan that lists the service settles this",
                    run.len()
                )
            })
            .verdict();
    }
    Ok(Verdict::Met)
}
