//! Peer support without an assessment of readiness.
//!
//! ## What it finds
//! A program that has given peer support for longer than the agency allows for it (by default 90 days) with no assessment of readiness on
//! record.
//!
//! ## Why it matters
//! An honest look at whether the organization is ready is where peer support is meant to begin.
//!
//! ## Authority
//! [G] Organizational Readiness: a recommendation. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Records of the organization of kind `readiness_assessment`, whenever recorded, and the peer contacts of the program. It looks at
//! programs registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is never
//! asked.
//!
//! ## What it does not find
//! Whether the assessment was honest, or what followed from it.
//!
//! ## How to cure
//! Record the assessment that was made, with its date, or make one. Set `MHOTRS-ORG-06.days` to your own policy.

use domain::words::OrganizationRecord;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::{Often, record};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-06",
    title: "peer support without an assessment of readiness",
    authority: &[
        Citation::mhotrs("Organizational Readiness", "honest, transparent assessment of the organization's readiness"),
        Citation::agency("Organization", "how long the program has for it"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    record(view, program, p, (OrganizationRecord::ReadinessAssessment, Often::Once), |_| true, "assessment of readiness")
}
