//! Action plan without an element on person-first recovery language in policies.
//!
//! ## What it finds
//! A program with MHOTRS peer contacts whose last recorded action plan has no element on person-first recovery language in policies: none
//! of `person_first`, `person_first_language`, `recovery_language`.
//!
//! ## Why it matters
//! The words of policies and procedures tell everybody who reads them how people are seen here.
//!
//! ## Authority
//! [G] Organizational Readiness lists what an action plan has at minimum; the plan itself is recommended.
//!
//! ## Evidence
//! The elements of the last record of kind `action_plan` of the program. It looks at programs registered as MHOTRS or of no known kind,
//! from their first MHOTRS peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! A program without a plan on record, which is MHOTRS-ORG-01, and what the plan says about it.
//!
//! ## How to cure
//! Record the plan with its elements, or a later plan that has this one.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::element;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-04",
    title: "action plan without an element on person-first recovery language in policies",
    authority: &[Citation::mhotrs(
        "Organizational Readiness",
        "policies and procedures that use person-first recovery language throughout",
    )],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    element(view, program, p, "person-first recovery language in policies")
}
