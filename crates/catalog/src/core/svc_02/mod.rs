//! CORE peer support that names no goal, or without a service plan in force.
//!
//! ## What it finds
//! A CORE peer-support contact with no individual service plan in force on its day, or without a goal.
//!
//! ## Why it matters
//! The activities of the service are intentional and directed at a goal; the record should show which.
//!
//! ## Authority
//! [R] Service Definition: CORE Empowerment Services, Peer Support.
//!
//! ## Evidence
//! Versions of the plan effective on or before the day, and the contact's goal.
//!
//! ## What it does not find
//! Whether the goal is one of the plan's: that it is named is enough.
//!
//! ## How to cure
//! Record the version that was in force, or correct the contact's goal from the chart.

use domain::words::PlanKind;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "CORE-SVC-02",
    title: "CORE peer support without a goal or a service plan in force",
    authority: &[Citation::peer_role(
        "Service Definition: CORE Empowerment Services – Peer Support",
        "intentional, goal-directed activities",
    )],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Core,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    let (view, day, c) = (case.view(), case.day(), case.contact());
    let individual = view.history().individual_name(c.individual);
    if c.goal.is_none() {
        let message = || format!("CORE peer support on {day} for {individual}: the contact names no goal");
        return case.breach(Class::Documentation).lacks(view, || "a goal of the contact".to_owned()).say(view, message).verdict();
    }
    if view.plan(c.individual, c.program, PlanKind::Isp, day).is_none() {
        let message = || format!("CORE peer support on {day} for {individual}: no service plan was in force");
        let breach = case.breach(Class::Documentation).lacks(view, || format!("a service plan of {individual} in force on {day}"));
        return breach.say(view, message).verdict();
    }
    Ok(Verdict::Met)
}
