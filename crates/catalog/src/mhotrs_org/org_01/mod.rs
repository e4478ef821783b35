//! Peer support without an action plan for it.
//!
//! ## What it finds
//! A program that has given peer support for longer than the agency allows for it (by default 90 days) with no action plan for peer support
//! on record.
//!
//! ## Why it matters
//! Agencies are recommended to have an action plan for bringing peers into the team. Without one, nobody can say what was meant to happen.
//!
//! ## Authority
//! [G] Organizational Readiness: a recommendation. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Records of the organization of kind `action_plan`, whenever recorded, and the peer contacts of the program. It looks at programs
//! registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! What the plan says: its elements are MHOTRS-ORG-02 to -05.
//!
//! ## How to cure
//! Record the plan that there is, with its date and elements, or write one. Set `MHOTRS-ORG-01.days` to your own policy.

use domain::words::OrganizationRecord;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::{Often, record};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-01",
    title: "peer support without an action plan for it",
    authority: &[
        Citation::mhotrs("Organizational Readiness", "develop an action plan that includes, at minimum, the following"),
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
    record(view, program, p, (OrganizationRecord::ActionPlan, Often::Once), |_| true, "action plan for peer support")
}
