//! Targeted contact whose event the plan does not name.
//!
//! ## What it finds
//! A targeted MHOTRS contact that names no significant event of the same individual and program, or whose event, fourteen days
//! after it, still stands in no plan version that was effective within those days and names both the event and the service.
//!
//! ## Why it matters
//! Short-term peer support answers something that happened. The plan should say what, and that peer support is part of the answer.
//!
//! ## Authority
//! [G] Treatment Planning Documentation. It names no interval; fourteen days are our reading, and the agency may set another.
//!
//! ## Evidence
//! The event the contact names, and the plan versions of the same individual and program effective from the day of the event through the
//! fourteenth after it. The days run to the evaluation day, whenever the contact took place.
//!
//! ## What it does not find
//! Planned and ad hoc contacts (MHOTRS-PLAN-01, -04). A plan while its fourteen days have not passed.
//!
//! ## How to cure
//! Record the event, or the plan version that named it in time. Amend the plan before the days have passed.

use domain::words::Basis;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PLAN-02",
    title: "targeted contact whose event the plan does not name",
    authority: &[Citation::mhotrs("Treatment Planning Documentation", "event and corresponding program response or plan should be noted")],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let (view, contact, day) = (case.view(), case.contact(), case.day());
    if contact.basis != Basis::Targeted {
        return Ok(Verdict::NotApplicable);
    }
    let facts = view.individual_facts(contact.individual);
    let named = |event| view.rows(&facts.events, move |e| e.event == event && e.program == contact.program).max_by_key(|row| row.seq());
    let Some(event) = contact.event.and_then(named) else {
        return case
            .breach(Class::Documentation)
            .lacks(view, || "a significant event of the individual in the program".to_owned())
            .say(view, || format!("targeted contact on {day} that names no significant event on record"))
            .verdict();
    };
    let (happened_on, key) = (event.value.on, event.value.event);
    let last_day = happened_on.plus_days(p.int("days", day)?);
    let in_time = |on| happened_on <= on && on <= last_day;
    let names_it = |plan: &timeline::individual::PlanVersion| {
        plan.program == contact.program && in_time(plan.effective_on) && plan.events.contains(&key) && super::lists_service(case, plan)
    };
    if view.rows(&facts.plans, names_it).next().is_some() || !view.deadline_passed(last_day) {
        return Ok(Verdict::Met);
    }
    let name = view.history().significant_event_name(key);
    case.breach(Class::Documentation)
        .because([event.seq()])
        .lacks(view, || format!("a plan version effective {happened_on} to {last_day} that names {name} and {}", contact.service))
        .say(view, || format!("targeted contact on {day}; no plan version by {last_day} names the event of {happened_on} and the service"))
        .verdict()
}
