//! Planned contact whose service the treatment plan does not list.
//!
//! ## What it finds
//! An enrolled, planned MHOTRS contact on a day on which the treatment plan in force does not list the service, or on which none was in
//! force although more than thirty days had passed since admission. A documentation gap while no claim names the contact, a violation
//! once one has.
//!
//! ## Why it matters
//! Planned peer support is a service under the plan, and is payable as such.
//!
//! ## Authority
//! [G] Treatment Planning Documentation. The thirty days of the initial plan are the regulation's.
//!
//! ## Evidence
//! The plan version in force: the latest effective on or before the day. When it was entered does not matter. Without one, the latest
//! admission that covers the contact.
//!
//! ## What it does not find
//! Targeted and ad hoc contacts (MHOTRS-PLAN-02, -04), pre-admission work. With no plan and no admission on record there is nothing from
//! which thirty days could count: MHOTRS-PRE-13 speaks of that.
//!
//! ## Soft spots
//! The guidance speaks of a thirty-day clock for initial assessment in a phrase that does not parse; the regulation counts thirty
//! days from admission to the initial plan. We count from admission, and a peer's pre-admission contact starts no clock.
//!
//! ## How to cure
//! Record the plan version that listed the service on the day. A version effective later does not reach back, and there is no late cure.

use domain::words::{Basis, PlanKind};
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PLAN-01",
    title: "planned contact that the treatment plan does not list",
    authority: &[Citation::mhotrs("Treatment Planning Documentation", "the service must be listed in the Treatment Plan")],
    classes: &[Class::Violation, Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let (view, contact, day) = (case.view(), case.contact(), case.day());
    if contact.basis != Basis::Planned || !case.is_enrolled() {
        return Ok(Verdict::NotApplicable);
    }
    let service = contact.service.as_str();
    if let Some(plan) = view.plan(contact.individual, contact.program, PlanKind::Treatment, day) {
        if super::lists_service(case, &plan.value) {
            return Ok(Verdict::Met);
        }
        let name = view.history().plan_name(plan.value.plan);
        return case
            .breach(case.unless_billed())
            .because([plan.seq()])
            .lacks(view, || format!("{service} in plan {name} version {}", plan.value.version.0))
            .say(view, || format!("planned contact on {day}; plan {name} version {} does not list {service}", plan.value.version.0))
            .verdict();
    }
    let Some(admission) = case.admission() else { return Ok(Verdict::NotApplicable) };
    let admitted_on = admission.value.at.day();
    let plan_was_due = day.days_since(admitted_on) > p.int("days_without_plan", day)?;
    if !plan_was_due {
        return Ok(Verdict::Met);
    }
    case.breach(case.unless_billed())
        .because([admission.seq()])
        .lacks(view, || format!("a treatment plan in force on {day}"))
        .say(view, || format!("planned contact on {day} with no treatment plan in force since the admission of {admitted_on}"))
        .verdict()
}
