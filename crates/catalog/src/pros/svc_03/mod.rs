//! PROS peer support that names none of the three PROS components.
//!
//! ## What it finds
//! A PROS peer-support contact whose component is missing or is not one of `P1` (self-advocacy, self-efficacy, self-direction), `P2`
//! (empowerment) and `P3` (bridging and transitional support).
//!
//! ## Why it matters
//! The components say what the service consists of in PROS; they differ from the lists of MHOTRS.
//!
//! ## Authority
//! [R] PSS Service Components in PROS (Redesign, 2025).
//!
//! ## Evidence
//! The component recorded with the contact, and the table `components`.
//!
//! ## What it does not find
//! Whether the activities fit the component.
//!
//! ## How to cure
//! Correct the contact's component from the chart.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-SVC-03",
    title: "PROS peer support without a PROS component",
    authority: &[Citation::peer_role(
        "PSS Service Components in PROS (Redesign, 2025)",
        "Supporting a participant with long or repeated hospitalizations",
    )],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let Some(start) = super::begun(case)? else { return Ok(Verdict::NotApplicable) };
    let day = case.day();
    if let Some(component) = case.component()
        && p.lists("components.pros", component, day)?
    {
        return Ok(Verdict::Met);
    }
    let message = || match case.component() {
        Some(other) => format!("PROS peer support on {day} with component {other}, which is not one of PROS"),
        None => format!("PROS peer support on {day} without a component"),
    };
    super::breach(case, Class::Documentation, start)
        .lacks(case.view(), || "a PROS component of the contact".to_owned())
        .say(case.view(), message)
        .verdict()
}
